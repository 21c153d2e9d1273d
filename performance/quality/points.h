// How one rate becomes points, and which rate would earn more.
//
// Pure: the measure's rule, the rate and the facts that the rule names. What a rule read is given
// back as inputs for the step of the measure, so that a statement shows the percentile with its
// definition, the baseline with its period, the cut that was reached.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/award.h"
#include "performance/facts.h"
#include "performance/terms_quality.h"

namespace sluice::performance {

struct PointsEarned {
  Ratio points;                    // within 0 and PossiblePoints()
  bool attained = false;           // at threshold, at the first step, at the first cut or better
  std::vector<StepInput> inputs;   // what the rule read
  std::vector<ReasonCode> notes;   // CAP_APPLIED
  std::optional<ReasonCode> zero;  // why there are no points: BELOW_THRESHOLD
};
// The points of a rate in a period. A fact that the rule needs and that is missing blocks:
// FailedPrecondition names it (NotFound: a peer group without a row for the period).
StatusOr<PointsEarned> EarnPoints(const MeasureTerm& term, const Ratio& rate, const Facts& facts,
                                  const DateRange& period);

// The most that the measure can earn.
Ratio PossiblePoints(const PointsRule& rule);
// Whether a lower rate is better, whatever the rule.
bool LowerIsBetter(const MeasureTerm& term);
// The row of `topped_out` that holds in a performance year, or nullptr.
const ToppedOut* FindToppedOut(const MeasureTerm& term, int year);
// Rounded half up (toward the larger number) to a multiple of `unit`; as it is when unit is zero.
Ratio RoundHalfUp(const Ratio& value, const Ratio& unit);

// The rate at which a measure begins to earn more than `rate` does.
struct Goal {
  Ratio rate;
  bool exceed = false;  // must be passed, not only reached
  std::string name;     // "threshold", "target", "4 stars", "75th percentile"
};
// The goals that lie ahead of a rate, from the nearest to the farthest; none at the top.
StatusOr<std::vector<Goal>> GoalsAhead(const MeasureTerm& term, const Ratio& rate,
                                       const Facts& facts, const DateRange& period);

// A percentile of peer rates by the stated method. `percentile` is within 0 and 1; `ordered` holds
// at least one rate, from worst to best.
Ratio PercentileOf(const std::vector<Ratio>& ordered, const Ratio& percentile,
                   PercentileMethod method);

}  // namespace sluice::performance
