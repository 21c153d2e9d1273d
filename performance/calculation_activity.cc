// The basis of an activity-based incentive: the sum that the activity engine recorded.
#include "performance/calculation.h"

namespace sluice::performance {
namespace {

// A count or amount that says more about the sum, where it was recorded.
void Show(const Calculation& calculation, std::string_view fact, Step& step) {
  const auto found = calculation.facts.Values().find(fact);
  if (found == calculation.facts.Values().end()) return;
  if (const auto* amount = std::get_if<Exact>(&found->second)) {
    step.inputs.push_back({std::string(fact), amount->ToString()});
  } else {
    step.inputs.push_back({std::string(fact), FormatFactValue(found->second)});
  }
}

}  // namespace

StatusOr<Exact> ReadBasis(const ActivitySum& kind, const Calculation& calculation, Step& step) {
  ASSIGN_OR_RETURN(const Exact amount, NeedAmount(calculation, kActivityAmount));
  // Without the hash of the lines nobody could say which events the sum is of.
  const auto lines = calculation.facts.Text(kActivityLines);
  if (!lines.ok()) return FailedPrecondition("{}", StatusMessage(lines.status()));
  if (!*lines) return FailedPrecondition("{} (run the activities of the period)", kActivityLines);
  step.description = DescribeActivity(kind);
  step.inputs.push_back({std::string(kActivityAmount), amount.ToString()});
  for (const std::string_view fact :
       {kActivityPoints, kActivitySubmitted, kActivityCounted, kActivityOverLimit}) {
    Show(calculation, fact, step);
  }
  step.inputs.push_back({std::string(kActivityLines), **lines});
  const auto over = calculation.facts.Amount(kActivityOverLimit);
  if (over.ok() && *over && (*over)->Sign() > 0) {
    step.notes.push_back(ReasonCode::kCapApplied);
    step.detail =
        fmt::format("ANNUAL_LIMIT_USED on {}: it stays with the payer", (*over)->ToString());
  }
  return amount;
}

}  // namespace sluice::performance
