// sluice.enrollment.v1.PreferenceService
//
// A preference is kept for a taxpayer, whose payees may be in several parts of the hierarchy. From
// within a part, preferences for other locations are not seen, and what holds for every location is
// recorded only where all of the taxpayer's payees are in that part.
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/payee_list_store.h"
#include "api/handlers/payee_reach.h"
#include "api/handlers/preference_list_store.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/payee_store.h"
#include "payments/routing/preference_service.h"
#include "performance/program_store.h"
#include "sluice/enrollment/v1/payee.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::enrollment::v1;

using payments::Payee;
using payments::PaymentPreference;
using payments::PreferenceId;

std::string PreferenceName(PayerId payer, PayeeId payee, PreferenceId preference) {
  return fmt::format("{}/preferences/{}", PayeeName(payer, payee), preference);
}

std::string ProgramName(PayerId payer, ProgramId program) {
  return fmt::format("payers/{}/programs/{}", payer, program);
}

v1::PreferenceMethod MethodMessage(payments::PayoutMethod method) {
  return static_cast<v1::PreferenceMethod>(static_cast<int>(method) + 1);
}

v1::RemittanceDelivery DeliveryMessage(payments::RemittanceDelivery delivery) {
  return static_cast<v1::RemittanceDelivery>(static_cast<int>(delivery) + 1);
}

v1::Preference MessageOf(PayerId payer, PayeeId payee, const PaymentPreference& preference) {
  v1::Preference to;
  to.set_name(PreferenceName(payer, payee, preference.id));
  const payments::PreferenceKey& key = preference.key;
  if (key.program != ProgramId()) to.set_program(ProgramName(payer, key.program));
  if (key.location != PartyId()) to.set_location(PartyName(payer, key.location));
  to.set_npi(key.npi);
  if (preference.payee) to.set_pay_to(PayeeName(payer, *preference.payee));
  to.set_method(MethodMessage(preference.method));
  to.set_delivery(DeliveryMessage(preference.delivery));
  to.set_card_opt_in(preference.card_opt_in);
  Set(*to.mutable_effective_from(), preference.effective_from);
  to.set_withdrawn(preference.withdrawn);
  to.set_reason(preference.reason);
  to.set_recorded_by(UserName(payer, preference.recorded_by));
  if (preference.confirmed_by) to.set_confirmed_by(UserName(payer, *preference.confirmed_by));
  to.set_etag(fmt::format("\"{}-{}\"", preference.id, preference.confirmed_by ? 1 : 0));
  return to;
}

StatusOr<v1::ListPreferencesResponse> ListPreferences(Call& call,
                                                      const v1::ListPreferencesRequest& request) {
  ASSIGN_OR_RETURN(const PayeeId id, PayeeIdOf(request.parent()));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     PreferenceFields(), "record_time"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListPreferencesResponse> {
    ASSIGN_OR_RETURN(const Payee payee, FindPayeeFor(call, tx, id));
    const PreferencePage loaded = LoadPreferencePage(
        tx, {.payer = call.Payer(), .tin = payee.tin, .locations = call.WhichParties()}, page);
    v1::ListPreferencesResponse response;
    for (const PaymentPreference& preference : loaded.preferences) {
      *response.add_preferences() = MessageOf(call.Payer(), id, preference);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

// What is asked for, but for the taxpayer.
StatusOr<PaymentPreference> ReadPreference(const v1::Preference& from) {
  std::vector<std::pair<std::string, std::string>> faults;
  if (!v1::PreferenceMethod_IsValid(from.method())) {
    faults.emplace_back("preference.method", "is none of the methods");
  }
  if (!v1::RemittanceDelivery_IsValid(from.delivery())) {
    faults.emplace_back("preference.delivery", "is none of the ways of delivery");
  }
  if (from.reason().empty()) faults.emplace_back("preference.reason", "says why");
  if (!faults.empty()) return WrongFields(faults);
  PaymentPreference read{
      .method = static_cast<payments::PayoutMethod>(static_cast<int>(from.method()) - 1),
      .delivery = static_cast<payments::RemittanceDelivery>(static_cast<int>(from.delivery()) - 1),
      .card_opt_in = from.card_opt_in(),
      .withdrawn = from.withdrawn(),
      .reason = from.reason()};
  read.key.npi = from.npi();
  ASSIGN_OR_RETURN(read.effective_from,
                   ReadDate("preference.effective_from", from.effective_from()));
  if (!from.program().empty()) {
    ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(from.program()));
    ASSIGN_OR_RETURN(read.key.program, path.Get<ProgramTag>("programs"));
  }
  if (!from.location().empty()) {
    ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(from.location()));
    ASSIGN_OR_RETURN(read.key.location, path.Get<PartyTag>("parties"));
  }
  if (!from.pay_to().empty()) {
    ASSIGN_OR_RETURN(read.payee, PayeeIdOf(from.pay_to()));
  }
  return read;
}

// Whether the caller's right covers all that the preference moves: its location or, without one,
// every payee of the taxpayer; and the payee that it names.
Status RequireEffect(const Call& call, pg::Transaction& tx, const Payee& payee,
                     const PaymentPreference& preference) {
  if (preference.key.location != PartyId()) {
    RETURN_IF_ERROR(call.Require(
        {.payer = call.Payer(), .owner = preference.key.location, .path = {}, .funder = {}}));
  } else {
    for (const Payee& other : LoadPayeesOfTaxpayer(tx, call.Payer(), payee)) {
      RETURN_IF_ERROR(RequirePayee(call, other));
    }
  }
  if (!preference.payee) return OkStatus();
  return FindPayeeFor(call, tx, *preference.payee).status();
}

StatusOr<v1::Preference> RecordPreference(Call& call, const v1::RecordPreferenceRequest& request) {
  ASSIGN_OR_RETURN(const PayeeId id, PayeeIdOf(request.parent()));
  ASSIGN_OR_RETURN(const PaymentPreference asked, ReadPreference(request.preference()));
  PreferenceId recorded;
  return call.Change<v1::Preference>(
      {.before = nullptr,
       .work = [&](const pg::Database& database) -> Status {
         return database.Transact([&](pg::Transaction& tx) -> Status {
           ASSIGN_OR_RETURN(const Payee payee, FindPayeeFor(call, tx, id));
           RETURN_IF_ERROR(RequireEffect(call, tx, payee, asked));
           PaymentPreference preference = asked;
           preference.key.tin = payee.tin;
           ASSIGN_OR_RETURN(const PaymentPreference stored,
                            payments::RecordPreference(tx, call.Payer(), std::move(preference),
                                                       {call.User(), call.Now()}, call.Ids()));
           recorded = stored.id;
           return OkStatus();
         });
       },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::Preference> {
         return MessageOf(
             call.Payer(), id,
             payments::LoadPreferencesById(tx, call.Payer(), std::span(&recorded, 1)).front());
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = request.preference().reason()});
}

StatusOr<v1::Preference> ConfirmPreference(Call& call,
                                           const v1::ConfirmPreferenceRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const PayeeId payee_id, path.Get<PayeeTag>("payees"));
  ASSIGN_OR_RETURN(const PreferenceId id, path.Get<payments::PreferenceTag>("preferences"));
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::Preference> {
    ASSIGN_OR_RETURN(const Payee payee, FindPayeeFor(call, tx, payee_id));
    const auto found = payments::LoadPreferencesById(tx, call.Payer(), std::span(&id, 1));
    if (found.empty() || found.front().key.tin != payee.tin) {
      return NotFound("the taxpayer of payee {} has no preference {}", payee_id, id);
    }
    return MessageOf(call.Payer(), payee_id, found.front());
  };
  return call.Change<v1::Preference>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             return payments::PreferenceService(database, call.Payer(), call.Clock(), call.Ids())
                 .Confirm(id, call.Actor());
           },
       .after = load,
       .etag = request.etag(),
       .validate_only = false,
       .reason = ""});
}

// What a program pays by: its rules, which are its book's.
StatusOr<payments::ProgramPayments> ProgramAt(const Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ASSIGN_OR_RETURN(const ProgramId id, path.Get<ProgramTag>("programs"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<payments::ProgramPayments> {
    const auto program = performance::FindProgram(tx, id);
    if (!program) return NotFound("there is no program {}", id);
    payments::ProgramPayments settings;
    settings.payer = call.Payer();
    settings.program = program->id;
    settings.book = program->book;
    return settings;
  });
}

StatusOr<v1::RouteExplanation> ExplainRoute(Call& call, const v1::ExplainRouteRequest& request) {
  ASSIGN_OR_RETURN(const PayeeId id, PayeeIdOf(request.name()));
  ASSIGN_OR_RETURN(const Date business_date, ReadDate("business_date", request.business_date()));
  payments::ShareOwner owner;
  if (!request.party().empty()) {
    ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.party()));
    ASSIGN_OR_RETURN(owner.party, path.Get<PartyTag>("parties"));
    RETURN_IF_ERROR(
        call.Require({.payer = call.Payer(), .owner = owner.party, .path = {}, .funder = {}}));
  }
  RETURN_IF_ERROR(
      call.Read([&](pg::Transaction& tx) { return FindPayeeFor(call, tx, id).status(); }));
  ASSIGN_OR_RETURN(const payments::ProgramPayments program, ProgramAt(call, request.program()));
  payments::PreferenceService preferences(call.Reading(), call.Payer(), call.Clock(), call.Ids());
  ASSIGN_OR_RETURN(const payments::Resolution resolution,
                   preferences.Explain(program, id, owner, business_date));
  v1::RouteExplanation to;
  to.set_payee(PayeeName(call.Payer(), resolution.route.payee.value_or(id)));
  to.set_method(MethodMessage(resolution.route.method));
  to.set_delivery(DeliveryMessage(resolution.route.delivery));
  const auto among = call.WhichParties();
  for (const payments::RouteCandidate& candidate : resolution.candidates) {
    const PartyId location = candidate.preference.key.location;
    const bool elsewhere =
        among && location != PartyId() && !std::ranges::binary_search(*among, location);
    if (elsewhere) continue;
    v1::RouteCandidate& added = *to.add_candidates();
    added.set_preference(PreferenceName(call.Payer(), id, candidate.preference.id));
    added.set_wins(candidate.verdict == payments::RouteVerdict::kWins);
    added.set_detail(candidate.text);
  }
  return to;
}

}  // namespace

void ServePreferences(Methods& methods) {
  const std::string service = "sluice.enrollment.v1.PreferenceService.";
  methods.Serve<v1::ListPreferencesRequest, v1::ListPreferencesResponse>(
      service + "ListPreferences", ListPreferences, Narrowing::kByHandler);
  methods.Serve<v1::RecordPreferenceRequest, v1::Preference>(
      service + "RecordPreference", RecordPreference, Narrowing::kByHandler);
  methods.Serve<v1::ConfirmPreferenceRequest, v1::Preference>(service + "ConfirmPreference",
                                                              ConfirmPreference);
  methods.Serve<v1::ExplainRouteRequest, v1::RouteExplanation>(service + "ExplainRoute",
                                                               ExplainRoute, Narrowing::kByHandler);
}

}  // namespace sluice::api
