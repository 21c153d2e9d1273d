// Terms and facts that several tests use: the examples of the program mathematics, as contracts.
#pragma once

#include "performance/facts.h"
#include "performance/terms.h"

namespace sluice::performance {

// Example 13.5: a commercial quality incentive that gives back a 5 % withhold by a score.
Terms QualityIncentiveTerms();
// Its facts, with the withhold account at 62,441.79.
Facts QualityIncentiveFacts();
// One of every component, condition, test and kind that the schema has, in a valid order.
Terms KitchenSinkTerms();

}  // namespace sluice::performance
