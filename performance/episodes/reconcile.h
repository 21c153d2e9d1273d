// From the totals of an entity's episodes to what is paid or owed.
//
// The order is fixed and is that of PROGRAM_MATH section 8: sum of target minus actual, then
// quality, then the stop limit, then less the post-episode spending above its bound. Each acts on
// the aggregate. Nothing is rounded here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/money.h"
#include "core/status.h"
#include "performance/award.h"
#include "performance/terms_episodes.h"

namespace sluice::performance {

struct EpisodeTotals {
  std::int64_t opened = 0;   // lines, excluded episodes too
  std::int64_t counted = 0;  // not excluded
  std::int64_t baseline = 0;  // the entity's own episodes in the baseline years
  Exact target;
  Exact actual;          // winsorized
  Exact overlap_result;  // of counted episodes of members whom another program has too
  Exact post_spending;
  Exact post_bound;
  std::optional<Ratio> quality_score;

  friend bool operator==(const EpisodeTotals&, const EpisodeTotals&) = default;
};

struct EpisodeReconciliation {
  Exact sum;            // target - actual
  Exact after_quality;
  Exact after_limit;
  Exact post_repaid;    // positive
  Exact result;
  // The first rule that made it zero; set exactly when `result` is zero for another reason than
  // that target and actual are equal.
  std::optional<ReasonCode> zero_reason;
  std::string detail;
  std::vector<ReasonCode> notes;   // PAYMENT_LIMIT, LOSS_LIMIT_BENCHMARK
  std::vector<StepInput> inputs;   // each step with its numbers, for people

  friend bool operator==(const EpisodeReconciliation&, const EpisodeReconciliation&) = default;
};

// FailedPrecondition when a total that a rule reads is missing or out of range (a quality score
// above the maximum, a negative target); NotFound when no stop limit holds in the year.
// Requires: ValidateEpisodes(terms) is ok and terms.payment is not kProspective.
StatusOr<EpisodeReconciliation> ReconcileEpisodes(const EpisodeSum& terms,
                                                  const EpisodeTotals& totals, int year);

}  // namespace sluice::performance
