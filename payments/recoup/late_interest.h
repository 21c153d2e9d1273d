// Interest that the payer owes for paying late, as a contract says: dated, simple, by days.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::payments {

struct LateInterestTerms {
  ContractId contract;
  std::int32_t version = 1;
  Date effective_from{};            // for what is due from this day on
  Rate annual;                      // zero: no interest
  std::int32_t days_in_year = 365;  // or 360
  std::int32_t grace_days = 0;      // up to these no interest; beyond, from the due date
  std::string reason;               // the clause
  UserId recorded_by;
};
Status CheckLateInterestTerms(const LateInterestTerms& terms);

// The newest version that holds for what is due on the day, or null. `versions` by number.
const LateInterestTerms* TermsFor(std::span<const LateInterestTerms> versions, Date due_on);

// Calendar days after the due date; zero when it is not late.
std::int32_t DaysLate(Date due_on, Date paid_on);

// base x annual rate x days / days in the year, rounded half away from zero once; zero within the
// grace.
Money LateInterestOn(Money base, const LateInterestTerms& terms, std::int32_t days_late);

}  // namespace sluice::payments
