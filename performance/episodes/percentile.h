// The percentile of a population, by the definition that a contract names.
#pragma once

#include <span>

#include "core/money.h"
#include "performance/terms_episodes.h"

namespace sluice::performance {

// The value of `sorted` at the percentile, exactly; R-7 lies between two values.
// Requires: `sorted` is ascending and not empty; 0 <= percentile <= 1.
Exact Percentile(std::span<const Money> sorted, const Ratio& percentile,
                 PercentileDefinition definition);

}  // namespace sluice::performance
