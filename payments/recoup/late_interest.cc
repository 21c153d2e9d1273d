#include "payments/recoup/late_interest.h"

#include <algorithm>

namespace sluice::payments {

Status CheckLateInterestTerms(const LateInterestTerms& terms) {
  if (terms.annual < Rate() || terms.annual > Rate::FromPercent(100)) {
    return InvalidArgument("interest is from 0 % to 100 % a year, not {}", terms.annual.ToString());
  }
  if (terms.days_in_year != 365 && terms.days_in_year != 360) {
    return InvalidArgument("a year of interest has 365 or 360 days, not {}", terms.days_in_year);
  }
  if (terms.grace_days < 0 || terms.grace_days > 365) {
    return InvalidArgument("a grace is 0 to 365 days, not {}", terms.grace_days);
  }
  if (terms.reason.empty()) return InvalidArgument("name the clause that says the interest");
  return OkStatus();
}

const LateInterestTerms* TermsFor(std::span<const LateInterestTerms> versions, Date due_on) {
  const LateInterestTerms* found = nullptr;
  for (const LateInterestTerms& version : versions) {
    if (version.effective_from <= due_on) found = &version;
  }
  return found;
}

std::int32_t DaysLate(Date due_on, Date paid_on) {
  return std::max(static_cast<std::int32_t>((paid_on - due_on).count()), 0);
}

Money LateInterestOn(Money base, const LateInterestTerms& terms, std::int32_t days_late) {
  if (days_late <= terms.grace_days) return Money{};
  const Exact owed = Exact(base) * Ratio(terms.annual) * Ratio(days_late, terms.days_in_year);
  return Round(owed, Rounding::kHalfAwayFromZero);
}

}  // namespace sluice::payments
