// sluice.hierarchy.v1.PartyService
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/party_list_store.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "hierarchy/hierarchy_service.h"
#include "hierarchy/hierarchy_store.h"
#include "hierarchy/identifier.h"
#include "sluice/hierarchy/v1/party.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::hierarchy::v1;

using hierarchy::IdentifierType;
using IdentifiersOf = std::map<PartyId, std::vector<hierarchy::Identifier>>;

// Those that hold on the day of the view, by type; what only files know a party by is left out.
IdentifiersOf LoadIdentifiers(pg::Transaction& tx, const PartyView& view,
                              const std::vector<PartyId>& parties) {
  IdentifiersOf found;
  const hierarchy::Knowledge known = hierarchy::LoadParties(tx, view.payer, view.version, parties);
  for (const hierarchy::PartyIdentifier& identifier : known.identifiers) {
    if (identifier.identifier.type == IdentifierType::kNameKey) continue;
    if (identifier.valid.Contains(view.day)) {
      found[identifier.party].push_back(identifier.identifier);
    }
  }
  for (auto& [party, identifiers] : found) std::ranges::sort(identifiers);
  return found;
}

// The numbers of the contract are those that are stored.
v1::Party MessageOf(const PartyView& view, const PartyRow& row, const IdentifiersOf& identifiers) {
  v1::Party party;
  party.set_name(PartyName(view.payer, row.id));
  party.set_kind(static_cast<v1::PartyKind>(row.kind));
  party.set_display_name(row.name);
  core::v1::Address& address = *party.mutable_address();
  address.set_line1(row.address.line1);
  address.set_line2(row.address.line2);
  address.set_city(row.address.city);
  address.set_state(row.address.state);
  address.set_postal_code(row.address.postal_code);
  if (const auto found = identifiers.find(row.id); found != identifiers.end()) {
    for (const hierarchy::Identifier& identifier : found->second) {
      v1::Identifier& added = *party.add_identifiers();
      added.set_type(static_cast<v1::IdentifierType>(identifier.type));
      added.set_value(identifier.value);
      added.set_scope(identifier.scope);
    }
  }
  if (row.onboarding_state) {
    party.set_onboarding_state(static_cast<v1::OnboardingState>(*row.onboarding_state));
  }
  return party;
}

PartyView ViewOf(pg::Transaction& tx, const Call& call, const hierarchy::AsOf& as_of) {
  return {.payer = call.Payer(),
          .version = HierarchyVersion(tx, call.Payer(), as_of),
          .day = as_of.day,
          .among = std::nullopt};
}

StatusOr<v1::Party> GetOne(const Call& call, PartyId id, const hierarchy::AsOf& as_of) {
  RETURN_IF_ERROR(call.Require({.payer = call.Payer(), .owner = id, .path = {}, .funder = {}}));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::Party> {
    const PartyView view = ViewOf(tx, call, as_of);
    const std::optional<PartyRow> row = LoadParty(tx, view, id);
    if (!row) return NotFound("party {} is not known on {}", id, FormatDate(as_of.day));
    return MessageOf(view, *row, LoadIdentifiers(tx, view, {id}));
  });
}

StatusOr<v1::Party> GetParty(Call& call, const v1::GetPartyRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const PartyId id, path.Get<PartyTag>("parties"));
  ASSIGN_OR_RETURN(const hierarchy::AsOf as_of, ReadAsOf(call, request.as_of()));
  return GetOne(call, id, as_of);
}

StatusOr<v1::Party> ResolveParty(Call& call, const v1::ResolvePartyRequest& request) {
  ASSIGN_OR_RETURN(const hierarchy::AsOf as_of, ReadAsOf(call, request.as_of()));
  if (!v1::IdentifierType_IsValid(request.type())) {
    return InvalidArgument("type is none of the kinds of identifiers");
  }
  ASSIGN_OR_RETURN(const hierarchy::Identifier identifier,
                   hierarchy::MakeIdentifier(static_cast<IdentifierType>(request.type()),
                                             request.scope(), request.value()));
  const hierarchy::HierarchyService service(call.Reading(), call.Clock());
  const StatusOr<PartyId> id = service.FindByIdentifier(call.Payer(), identifier, as_of);
  if (id.ok()) return GetOne(call, *id, as_of);
  // Who sees a part of the parties learns of no other whether it is there.
  RETURN_IF_ERROR(call.Require({.payer = call.Payer(), .owner = {}, .path = {}, .funder = {}}));
  return id.status();
}

ListQuery QueryOf(const Call& call, const v1::ListPartiesRequest& request) {
  ListQuery query = QueryOf<v1::ListPartiesRequest>(call, request);
  query.others = {request.as_of().SerializeAsString()};
  return query;
}

StatusOr<v1::ListPartiesResponse> ListParties(Call& call, const v1::ListPartiesRequest& request) {
  ASSIGN_OR_RETURN(const hierarchy::AsOf as_of, ReadAsOf(call, request.as_of()));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     PartyFields(), "display_name"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListPartiesResponse> {
    PartyView view = ViewOf(tx, call, as_of);
    view.among = call.WhichParties();
    const PartyPage loaded = LoadPartyPage(tx, view, page);
    std::vector<PartyId> ids;
    for (const PartyRow& row : loaded.parties) ids.push_back(row.id);
    const IdentifiersOf identifiers = LoadIdentifiers(tx, view, ids);
    v1::ListPartiesResponse response;
    for (const PartyRow& row : loaded.parties) {
      *response.add_parties() = MessageOf(view, row, identifiers);
    }
    response.set_next_page_token(loaded.next_page_token);
    Set(*response.mutable_as_of()->mutable_day(), as_of.day);
    Set(*response.mutable_as_of()->mutable_known_at(), as_of.known_at.value_or(call.Now()));
    return response;
  });
}

}  // namespace

void ServeParties(Methods& methods) {
  const std::string service = "sluice.hierarchy.v1.PartyService.";
  methods.Serve<v1::GetPartyRequest, v1::Party>(service + "GetParty", GetParty,
                                                Narrowing::kByHandler);
  methods.Serve<v1::ListPartiesRequest, v1::ListPartiesResponse>(
      service + "ListParties", ListParties, Narrowing::kByHandler);
  methods.Serve<v1::ResolvePartyRequest, v1::Party>(service + "ResolveParty", ResolveParty,
                                                    Narrowing::kByHandler);
}

}  // namespace sluice::api
