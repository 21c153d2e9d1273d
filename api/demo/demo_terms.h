// The contract terms of the demo's programs: what a health plan's contract manager would enter.
#pragma once

#include <cstdint>
#include <string_view>

#include "performance/terms.h"

namespace sluice::demo {

// The measures of the quality incentive, in the order of SyntheticResults.
std::string_view MeasureId(std::size_t measure);

// One-sided commercial shared savings: at least 2 % saved, half of it times the quality score,
// at most 10 % of the benchmark; 20 % stays with the ACO, the rest goes to practices by member
// months, and 40 % of a practice's share to its people by role points.
performance::Terms CommercialSavingsTerms();

// Quality incentive: 5 % of each payment is withheld; the account is earned back by the score of
// five measures, behind two gates. The practice keeps what it earns.
performance::Terms QualityIncentiveTerms();

// How a Medicare ACO's award goes down: 33 % stays, practices and the community organization share
// the rest by member months, half of a practice's share goes to its people by role points.
performance::Split MedicareAcoSplit();

}  // namespace sluice::demo
