#include "api/handlers/award_messages.h"

#include <optional>
#include <vector>

#include "api/handlers/performance_values.h"
#include "api/handlers/values.h"
#include "core/bytes.h"
#include "performance/package.h"
#include "performance/recalculation/recalculation_store.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::AwardKey;
using performance::AwardStatus;
using performance::ReasonCode;
using performance::StoredAward;

std::string NameOf(const std::optional<ReasonCode>& reason) {
  return reason ? std::string(performance::ReasonName(*reason)) : std::string();
}

// Dollars: a decimal where it ends, a fraction where it does not.
std::string ExactText(const Exact& value) {
  constexpr int kDecimals = 12;
  const std::string decimal = (value / Exact(Money::FromCents(100))).ToString(kDecimals);
  const StatusOr<Exact> read = Exact::Parse(decimal);
  return read.ok() && *read == value ? decimal : value.ToFractionString();
}

// What a stored award and a calculated one have in common.
template <typename Result>
void SetAmounts(v1::Award& to, const Result& award) {
  const bool blocked = award.status == AwardStatus::kBlocked;
  to.set_status(blocked ? v1::AWARD_STATUS_BLOCKED : v1::AWARD_STATUS_COMPUTED);
  to.set_zero_reason(NameOf(award.zero_reason));
  to.set_payable_zero_reason(NameOf(award.payable_zero_reason));
  to.set_blocked_reason(NameOf(award.blocked_reason));
  to.set_missing(award.missing);
  if (blocked) return;
  Set(*to.mutable_amount(), award.amount);
  Set(*to.mutable_recouped(), award.recouped);
  Set(*to.mutable_withheld(), award.withheld);
  Set(*to.mutable_released(), award.released);
  Set(*to.mutable_forfeited(), award.forfeited);
  Set(*to.mutable_payable(), award.payable);
}

void SetSteps(v1::Award& to, const std::vector<performance::Step>& steps) {
  for (const performance::Step& step : steps) {
    v1::AwardStep& added = *to.add_steps();
    added.set_component(step.component);
    added.set_position(step.position);
    added.set_clause(step.clause);
    added.set_description(step.description);
    for (const performance::StepInput& input : step.inputs) {
      v1::StepInput& read = *added.add_inputs();
      read.set_input_name(input.name);
      read.set_value(input.value);
    }
    added.set_before(ExactText(step.before));
    added.set_after(ExactText(step.after));
    added.set_reason(NameOf(step.reason));
    added.set_detail(step.detail);
  }
}

}  // namespace

std::string AwardNameOf(PayerId payer, ContractId contract, AwardId award) {
  return fmt::format("{}/awards/{}", ContractNameOf(payer, contract), award);
}

std::string AwardVersionNameOf(PayerId payer, const AwardKey& key) {
  return fmt::format("{}/versions/{}", AwardNameOf(payer, key.contract, key.award), key.version);
}

v1::Award AwardMessage(PayerId payer, const StoredAward& award) {
  v1::Award to;
  to.set_name(AwardNameOf(payer, award.contract, award.award));
  to.set_version(award.version);
  to.set_program(ProgramNameOf(payer, award.program));
  to.set_party(PartyName(payer, award.party));
  SetDays(*to.mutable_period(), award.period);
  Set(*to.mutable_pay_date(), award.pay_date);
  to.set_stream(award.stream);
  SetAmounts(to, award);
  if (award.status == AwardStatus::kComputed) Set(*to.mutable_delta(), award.delta);
  to.set_terms_version(award.terms_version.value_or(0));
  to.set_input_sha256(ToHex(award.input_sha256));
  Set(*to.mutable_known_at(), award.known_at);
  Set(*to.mutable_calculate_time(), award.calculated_at);
  to.set_trace(AwardVersionNameOf(payer, {award.contract, award.award, award.version}));
  return to;
}

Status AddExplanation(pg::Transaction& tx, PayerId payer, const StoredAward& award, v1::Award& to) {
  const AwardKey key{award.contract, award.award, award.version};
  const std::optional<std::string> package = performance::FindPackage(tx, key);
  if (!package) return DataLoss("award {} version {} has no package", key.award, key.version);
  ASSIGN_OR_RETURN(const performance::ReplayReport report, performance::ReplayPackage(*package));
  if (!report.Matches()) {
    return DataLoss("award {} version {} does not replay: {}", key.award, key.version,
                    report.differences.front());
  }
  SetSteps(to, report.settlement.award.steps);
  for (const performance::DeltaCause& cause : performance::CausesOf(tx, key)) {
    v1::DeltaCause& added = *to.add_delta_causes();
    Set(*added.mutable_amount(), cause.amount);
    added.set_cause(cause.cause);
    for (const performance::ChangeEventId event : cause.events) {
      added.add_changes(fmt::format("payers/{}/changes/{}", payer, event));
    }
  }
  return OkStatus();
}

void SetResult(v1::Award& to, const performance::Award& award) {
  SetAmounts(to, award);
  SetSteps(to, award.steps);
}

}  // namespace sluice::api
