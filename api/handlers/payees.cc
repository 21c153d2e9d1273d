// sluice.enrollment.v1.PayeeService
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/party_list_store.h"
#include "api/handlers/payee_list_store.h"
#include "api/handlers/payee_reach.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/payee_hold.h"
#include "payments/payee_service.h"
#include "payments/pluck.h"
#include "sluice/enrollment/v1/payee.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::enrollment::v1;

using payments::Payee;
using payments::PayeeHold;

constexpr std::size_t kZip = 5;

// "55401" and "554011234" as the contract writes them, and back.
std::string WrittenZip(const std::string& zip) {
  return zip.size() > kZip ? zip.substr(0, kZip) + "-" + zip.substr(kZip) : zip;
}
std::string StoredZip(std::string text) {
  if (text.size() > kZip && text[kZip] == '-') text.erase(kZip, 1);
  return text;
}

// Why somebody is held is for the payer's own people.
v1::Payee MessageOf(const Call& call, const Payee& payee, const PayeeHold* hold, bool shows_why) {
  v1::Payee to;
  to.set_name(PayeeName(call.Payer(), payee.id));
  to.set_party(PartyName(call.Payer(), payee.party));
  to.set_kind(static_cast<v1::PayeeKind>(static_cast<int>(payee.kind) + 1));
  to.set_display_name(payee.name);
  to.set_tin_masked("ending " + payee.tin.substr(payee.tin.size() - 4));
  to.set_npi(payee.npi);
  to.set_is_provider(payee.provider);
  if (!payee.address.street.empty()) {
    core::v1::Address& address = *to.mutable_address();
    address.set_line1(payee.address.street);
    address.set_city(payee.address.city);
    address.set_state(payee.address.state);
    address.set_postal_code(WrittenZip(payee.address.zip));
  }
  if (payee.under != PartyId()) to.set_under(PartyName(call.Payer(), payee.under));
  to.set_role(payee.role);
  to.set_on_hold(hold != nullptr);
  if (hold != nullptr && shows_why) to.set_hold_reason(hold->reason);
  return to;
}

std::vector<v1::Payee> MessagesOf(const Call& call, pg::Transaction& tx,
                                  std::span<const Payee> payees) {
  const std::map<PayeeId, PayeeHold> holds = payments::GravestHolds(
      payments::LoadOpenHolds(tx, call.Payer(), payments::Pluck(payees, &Payee::id)));
  const bool shows_why = !call.WhichParties();
  std::vector<v1::Payee> messages;
  for (const Payee& payee : payees) {
    const auto hold = holds.find(payee.id);
    messages.push_back(
        MessageOf(call, payee, hold == holds.end() ? nullptr : &hold->second, shows_why));
  }
  return messages;
}

StatusOr<v1::Payee> GetPayee(Call& call, const v1::GetPayeeRequest& request) {
  ASSIGN_OR_RETURN(const PayeeId id, PayeeIdOf(request.name()));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::Payee> {
    ASSIGN_OR_RETURN(const Payee payee, FindPayeeFor(call, tx, id));
    return MessagesOf(call, tx, std::span(&payee, 1)).front();
  });
}

StatusOr<v1::ListPayeesResponse> ListPayees(Call& call, const v1::ListPayeesRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     PayeeFields(), "display_name"));
  const PayeeReach reach = PayeeReachOf(call);
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListPayeesResponse> {
    const PayeePage loaded = LoadPayeePage(tx, call.Payer(), reach, page);
    v1::ListPayeesResponse response;
    for (v1::Payee& payee : MessagesOf(call, tx, loaded.payees)) {
      *response.add_payees() = std::move(payee);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<PartyId> PartyIdOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<PartyTag>("parties");
}

StatusOr<Payee> ReadPayee(const v1::CreatePayeeRequest& request) {
  const v1::Payee& from = request.payee();
  std::vector<std::pair<std::string, std::string>> faults;
  if (from.party().empty()) faults.emplace_back("payee.party", "is required");
  if (from.kind() != v1::PAYEE_KIND_ORGANIZATION && from.kind() != v1::PAYEE_KIND_PERSON) {
    faults.emplace_back("payee.kind", "is PAYEE_KIND_ORGANIZATION or PAYEE_KIND_PERSON");
  }
  if (from.display_name().empty()) faults.emplace_back("payee.display_name", "is required");
  if (request.tin().empty()) faults.emplace_back("tin", "is required: nine digits");
  if (!faults.empty()) return WrongFields(faults);
  const core::v1::Address& address = from.address();
  Payee payee{.id = {},
              .party = {},
              .kind = static_cast<payments::PayeeKind>(static_cast<int>(from.kind()) - 1),
              .name = from.display_name(),
              .tin = request.tin(),
              .npi = from.npi(),
              .provider = from.is_provider(),
              .address = {.street = address.line1(),
                          .city = address.city(),
                          .state = address.state(),
                          .zip = StoredZip(address.postal_code())},
              .under = {},
              .role = from.role()};
  if (!address.line2().empty()) payee.address.street += ", " + address.line2();
  ASSIGN_OR_RETURN(payee.party, PartyIdOf(from.party()));
  if (!from.under().empty()) {
    ASSIGN_OR_RETURN(payee.under, PartyIdOf(from.under()));
  }
  return payee;
}

// Both within the caller's right, and there.
Status CheckParties(const Call& call, const Payee& payee) {
  std::vector<PartyId> parties = {payee.party};
  if (payee.under != PartyId()) parties.push_back(payee.under);
  for (const PartyId party : parties) {
    RETURN_IF_ERROR(
        call.Require({.payer = call.Payer(), .owner = party, .path = {}, .funder = {}}));
  }
  return call.Read([&](pg::Transaction& tx) -> Status {
    const PartyView view{
        .payer = call.Payer(),
        .version = HierarchyVersion(tx, call.Payer(), {.day = call.Today(), .known_at = {}}),
        .day = call.Today(),
        .among = std::nullopt};
    for (const PartyId party : parties) {
      if (!LoadParty(tx, view, party)) return NotFound("there is no party {}", party);
    }
    return OkStatus();
  });
}

StatusOr<v1::Payee> CreatePayee(Call& call, const v1::CreatePayeeRequest& request) {
  ASSIGN_OR_RETURN(const Payee asked, ReadPayee(request));
  RETURN_IF_ERROR(CheckParties(call, asked));
  ASSIGN_OR_RETURN(const payments::KeyProvider* const keys, call.Sealing());
  return call.Change<v1::Payee>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return payments::PayeeService(database, call.Payer(), *keys, call.Clock(), call.Ids())
                 .AddPayees({asked}, call.Actor())
                 .status();
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::Payee> {
         const auto id =
             payments::FindPayeesOfParties(tx, std::span(&asked.party, 1)).At(asked.Owner());
         if (!id) return Internal("the payee is not there");
         return MessagesOf(call, tx, payments::LoadPayees(tx, std::span(&*id, 1))).front();
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = ""});
}

}  // namespace

void ServePayees(Methods& methods) {
  const std::string service = "sluice.enrollment.v1.PayeeService.";
  methods.Serve<v1::GetPayeeRequest, v1::Payee>(service + "GetPayee", GetPayee,
                                                Narrowing::kByHandler);
  methods.Serve<v1::ListPayeesRequest, v1::ListPayeesResponse>(service + "ListPayees", ListPayees,
                                                               Narrowing::kByHandler);
  methods.Serve<v1::CreatePayeeRequest, v1::Payee>(service + "CreatePayee", CreatePayee,
                                                   Narrowing::kByHandler);
}

}  // namespace sluice::api
