// sluice.hierarchy.v1.PartyService: contacts of parties. Parties themselves are in parties.cc.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/contact_list_store.h"
#include "api/handlers/handlers.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "hierarchy/network_service.h"
#include "sluice/hierarchy/v1/party.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::hierarchy::v1;

using hierarchy::Contact;
using hierarchy::ContactId;

// The numbers of the contract are those that are stored.
v1::Contact MessageOf(PayerId payer, const Contact& contact) {
  v1::Contact to;
  to.set_name(fmt::format("payers/{}/contacts/{}", payer, contact.id));
  to.set_revision(contact.revision);
  if (contact.party != PartyId()) to.set_party(PartyName(payer, contact.party));
  to.set_kind(static_cast<v1::ContactKind>(contact.kind));
  to.set_display_name(contact.name);
  to.set_email(contact.email);
  to.set_phone(contact.phone);
  Set(*to.mutable_valid()->mutable_from(), contact.valid.from);
  if (contact.valid.to) Set(*to.mutable_valid()->mutable_to(), *contact.valid.to);
  to.set_withdrawn(contact.withdrawn);
  return to;
}

StatusOr<v1::ListContactsResponse> ListContacts(Call& call,
                                                const v1::ListContactsRequest& request) {
  ASSIGN_OR_RETURN(const hierarchy::AsOf as_of, ReadAsOf(call, request.as_of()));
  ListQuery query = QueryOf(call, request);
  query.others = {request.as_of().SerializeAsString()};
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), std::move(query),
                                                     {request.page_size(), request.page_token()},
                                                     ContactFields(), "name"));
  const ContactView view{.payer = call.Payer(),
                         .day = as_of.day,
                         .known_at = as_of.known_at.value_or(call.Now()),
                         .among = call.WhichParties()};
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListContactsResponse> {
    const ContactPage loaded = LoadContactPage(tx, view, page);
    v1::ListContactsResponse response;
    for (const Contact& contact : loaded.contacts) {
      *response.add_contacts() = MessageOf(call.Payer(), contact);
    }
    response.set_next_page_token(loaded.next_page_token);
    Set(*response.mutable_as_of()->mutable_day(), view.day);
    Set(*response.mutable_as_of()->mutable_known_at(), view.known_at);
    return response;
  });
}

// The contact as it is asked for; without a name it gets an id of its own.
StatusOr<Contact> ReadContact(Call& call, const v1::Contact& from) {
  Contact contact{.id = call.Ids().Next<hierarchy::ContactTag>(),
                  .name = from.display_name(),
                  .email = from.email(),
                  .phone = from.phone(),
                  .withdrawn = from.withdrawn()};
  if (!from.name().empty()) {
    ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(from.name()));
    ASSIGN_OR_RETURN(contact.id, path.Get<hierarchy::ContactTag>("contacts"));
  }
  if (!from.party().empty()) {
    ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(from.party()));
    ASSIGN_OR_RETURN(contact.party, path.Get<PartyTag>("parties"));
  }
  if (!v1::ContactKind_IsValid(from.kind())) {
    return WrongFields({{"contact.kind", "is none of the kinds of contacts"}});
  }
  contact.kind = static_cast<hierarchy::ContactKind>(from.kind());
  ASSIGN_OR_RETURN(contact.valid.from, ReadDate("contact.valid.from", from.valid().from()));
  if (from.valid().has_to()) {
    ASSIGN_OR_RETURN(contact.valid.to, ReadDate("contact.valid.to", from.valid().to()));
  }
  return contact;
}

StatusOr<v1::Contact> RecordContact(Call& call, const v1::RecordContactRequest& request) {
  ASSIGN_OR_RETURN(const Contact contact, ReadContact(call, request.contact()));
  RETURN_IF_ERROR(
      call.Require({.payer = call.Payer(), .owner = contact.party, .path = {}, .funder = {}}));
  const bool is_new = request.contact().name().empty();
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::Contact> {
    const std::optional<Contact> found = LoadContact(tx, call.Payer(), contact.id);
    if (!found) return NotFound("there is no contact {}", contact.id);
    // A contact stays with the party that it is of.
    RETURN_IF_ERROR(
        call.Require({.payer = call.Payer(), .owner = found->party, .path = {}, .funder = {}}));
    return MessageOf(call.Payer(), *found);
  };
  ChangeOf<v1::Contact> change{.work =
                                   [&](const pg::Database& database) {
                                     return hierarchy::NetworkService(database, call.Payer(),
                                                                      call.Clock())
                                         .RecordContact(call.User(), contact);
                                   },
                               .after = load,
                               .etag = std::nullopt,
                               .validate_only = request.validate_only(),
                               .reason = ""};
  if (!is_new) change.before = load;
  return call.Change(change);
}

}  // namespace

void ServeContacts(Methods& methods) {
  const std::string service = "sluice.hierarchy.v1.PartyService.";
  methods.Serve<v1::ListContactsRequest, v1::ListContactsResponse>(
      service + "ListContacts", ListContacts, Narrowing::kByHandler);
  methods.Serve<v1::RecordContactRequest, v1::Contact>(service + "RecordContact", RecordContact,
                                                       Narrowing::kByHandler);
}

}  // namespace sluice::api
