#include "payments/recoup/offset_plan.h"

#include <algorithm>

#include "core/check.h"

namespace sluice::payments {

Status CheckOffsetPlan(const OffsetPlan& plan) {
  if (plan.installment && *plan.installment <= Money{}) {
    return InvalidArgument("an installment is above zero, not {}", *plan.installment);
  }
  if (plan.of_payment && (*plan.of_payment < Rate() || *plan.of_payment > Rate::FromPercent(100))) {
    return InvalidArgument("from 0 % to 100 % of a payment may be taken, not {}",
                           plan.of_payment->ToString());
  }
  if (plan.agreed_with.empty()) return InvalidArgument("say who agreed to it for the payee");
  if (plan.reason.empty()) return InvalidArgument("say why this plan is made");
  return OkStatus();
}

Money InstallmentOf(Money owed, std::int32_t cycles) {
  CHECK(owed > Money{} && cycles > 0);
  const std::int64_t cents = owed.Cents() / cycles + (owed.Cents() % cycles == 0 ? 0 : 1);
  return Money::FromCents(cents);
}

OffsetLimits LimitsOf(const std::optional<OffsetPlan>& plan, Money taken_in_cycle) {
  if (!plan) return {};
  OffsetLimits limits{.most = std::nullopt, .of_payment = plan->of_payment};
  if (plan->installment) limits.most = std::max(*plan->installment - taken_in_cycle, Money{});
  return limits;
}

Money MostOffset(Money payable, Money receivable, Rate program_share, const OffsetLimits& limits) {
  const Rate share =
      limits.of_payment ? std::min(program_share, *limits.of_payment) : program_share;
  Money most =
      std::min({Round(Exact(payable) * share, Rounding::kTowardZero), receivable, payable});
  if (limits.most) most = std::min(most, *limits.most);
  return std::max(most, Money{});
}

}  // namespace sluice::payments
