// The one factor that makes a program pay out what it takes in: gains equal losses, or a pool is
// spent. Pure and exact; what the cents do afterwards is the rounding of each award.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/money.h"
#include "core/status.h"

namespace sluice::performance {

struct BudgetNeutralFactor {
  Ratio factor;          // what every positive rate is multiplied by
  bool limited = false;  // the pool would have allowed more than `most`
  Exact unspent;         // pool - factor x gains; zero unless limited
};

// factor = pool / sum of the unscaled gains, at most `most`. For payment adjustments the pool is
// what the losers pay; for value-based purchasing it is what was withheld from all.
//
// InvalidArgument when the pool or a gain is negative; FailedPrecondition when there is a pool and
// nobody gains (then it cannot be spent).
StatusOr<BudgetNeutralFactor> FindBudgetNeutralFactor(const Exact& pool,
                                                      std::span<const Exact> gains,
                                                      const std::optional<Ratio>& most);

}  // namespace sluice::performance
