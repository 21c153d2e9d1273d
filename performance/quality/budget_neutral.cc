#include "performance/quality/budget_neutral.h"

namespace sluice::performance {

StatusOr<BudgetNeutralFactor> FindBudgetNeutralFactor(const Exact& pool,
                                                      std::span<const Exact> gains,
                                                      const std::optional<Ratio>& most) {
  if (pool.Sign() < 0) return InvalidArgument("a pool of {} is negative", pool.ToString());
  Exact total;
  for (const Exact& gain : gains) {
    if (gain.Sign() < 0) return InvalidArgument("a gain of {} is negative", gain.ToString());
    total = total + gain;
  }
  if (total.IsZero()) {
    if (pool.IsZero()) return BudgetNeutralFactor{};
    return FailedPrecondition("nobody gains, so the pool of {} cannot be spent", pool.ToString());
  }
  BudgetNeutralFactor result{.factor = pool / total};
  if (most && result.factor > *most) {
    result.factor = *most;
    result.limited = true;
    result.unspent = pool - total * *most;
  }
  return result;
}

}  // namespace sluice::performance
