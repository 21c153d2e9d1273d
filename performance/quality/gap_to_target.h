// How far each measure is from its next goals: in members that must still be closed, and in
// dollars.
//
//   1. Members are whole people. The number is the smallest that truly reaches the goal: with one
//      fewer the measure still falls short.
//   2. Dollars are the difference of two awards: calculated as it is, and with those members
//      closed. So gates, caps and the other measures count as they would.
//   3. Nothing is guessed: a measure without a rate says why, and a goal that cannot be reached
//      with the people there are says so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/money.h"
#include "core/status.h"
#include "performance/calculate.h"
#include "performance/facts.h"
#include "performance/terms.h"

namespace sluice::performance {

// One goal of one measure.
struct GoalGap {
  std::string goal;          // "threshold", "target", "4 stars", "percentile 75"
  Ratio goal_rate;           // the rate to reach
  bool exceed = false;       // or to pass
  std::int64_t members = 0;  // to close: more in the numerator, or fewer where lower is better
  // False: there are not that many people left to close; `members` is what it would take.
  bool reachable = true;
  // What the award gains when these members are closed. Not set when the goal is out of reach, or
  // when the award is blocked.
  std::optional<Money> dollars;
};

struct MeasureGap {
  std::string measure;
  bool lower_is_better = false;
  Ratio numerator;
  Ratio denominator;
  std::optional<Ratio> rate;  // none: see `reason`
  // Why there is no gap: NOT_REPORTED, EVIDENCE_LATE, BELOW_MINIMUM_DENOMINATOR, TOPPED_OUT.
  std::optional<ReasonCode> reason;
  std::vector<GoalGap> goals;  // from the nearest to the farthest; none: at the top
};

// The gaps of every measure of the terms' score, in the order of the terms.
// FailedPrecondition names a fact that is missing. Requires: ValidateTerms(terms) is ok.
StatusOr<std::vector<MeasureGap>> GapsToTarget(const Terms& terms, const Facts& facts,
                                               const CalculationDates& dates);

}  // namespace sluice::performance
