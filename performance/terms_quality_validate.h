// The rules of the quality and withhold parts of terms. Internal to performance/terms_validate.h;
// each returns OK or InvalidArgument with the first broken rule.
#pragma once

#include <cstddef>

#include "core/status.h"
#include "performance/terms.h"

namespace sluice::performance {

// Measures have what their rule needs; tables grow; domains have measures and their weights add up
// to 1.
Status CheckScore(const Score& score);
// What a rate is multiplied by, when it names no fact: a score within 0 and 1. `index` is the place
// of the component that uses it; OK when there is no score before it.
Status CheckScoreIsShare(const Terms& terms, std::size_t index);
Status CheckScoreAtLeast(const ScoreAtLeast& test, const Terms& terms, std::size_t index);
Status CheckAttainedInEachDomain(const AttainedInEachDomain& test, const Terms& terms);
// Pieces grow; on a withheld balance the rate stays within 0 and 100 %.
Status CheckRateByScore(const RateByScore& rate, const Terms& terms, std::size_t index);
Status CheckRedistribute(const Redistribute& rule);
Status CheckWithhold(const Withhold& withhold);
// An award is of one stream: its withhold names none.
Status CheckWithholdOfAward(const Withhold& withhold);

}  // namespace sluice::performance
