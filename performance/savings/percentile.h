// Percentiles by name: the definitions that contracts use give different dollars.
#pragma once

#include <span>

#include "core/money.h"
#include "core/status.h"
#include "performance/terms_savings.h"

namespace sluice::performance {

// The percentile `p` (0 < p < 1) of amounts, by the named definition. Nearest rank is the value at
// rank ceil(p x n) counted from 1; next above is the value after it (the last one has none, and
// stands for itself); R-7 is linear between the neighbors of 1 + p x (n - 1).
// InvalidArgument when there are no amounts or p is not within 0 and 1.
StatusOr<Exact> Percentile(std::span<const Exact> amounts, const Ratio& p, PercentileRule rule);

}  // namespace sluice::performance
