#include "performance/savings/true_up.h"

#include <algorithm>

#include "core/check.h"

namespace sluice::performance {

TrueUp PlanTrueUp(Money full, std::span<const Money> posted, Money unpaid) {
  CHECK(unpaid >= Money());
  TrueUp plan{.full = full, .posted = Sum(posted)};
  plan.delta = full - plan.posted;
  if (plan.delta.IsZero()) {
    plan.zero_reason = ReasonCode::kNoChange;
  } else if (plan.delta > Money()) {
    plan.pay = plan.delta;
  } else {
    plan.reduces_unpaid = std::min(unpaid, -plan.delta);
    plan.receivable = -plan.delta - plan.reduces_unpaid;
  }
  return plan;
}

std::string TrueUp::ToText() const {
  std::string text =
      fmt::format("full result {}, posted before {}, difference {}\n", full, posted, delta);
  if (!pay.IsZero()) text += fmt::format("  to pay {}\n", pay);
  if (!reduces_unpaid.IsZero()) text += fmt::format("  less to pay {}\n", reduces_unpaid);
  if (!receivable.IsZero()) text += fmt::format("  receivable {}\n", receivable);
  if (zero_reason) text += fmt::format("  {}\n", ReasonName(*zero_reason));
  return text;
}

}  // namespace sluice::performance
