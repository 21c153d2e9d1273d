// How much may be taken from a payment for what its payee owes.
//
//   1. Nothing before its notice is old enough; a receivable that the payee was not told of is not
//      touched.
//   2. At most the share of the payment that the program allows, and that the payee's plan does.
//   3. At most the plan's installment in a cycle, over all of its runs.
//   4. Never more than is owed or paid.
// Source: LEDGER_RELIABILITY_SECURITY 2.4 (OFFSET), PROGRAM_MATH 3.4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::payments {

struct OffsetPlan {
  PayeeId payee;
  std::int32_t number = 1;
  Date effective_from{};
  std::optional<Money> installment;  // at most this in a cycle
  std::optional<Rate> of_payment;    // at most this share of a payment
  std::string agreed_with;           // who agreed to it for the payee
  std::string reason;
  UserId recorded_by;
};
// InvalidArgument names the rule: amounts above zero, a share from 0 % to 100 %, names and reason.
Status CheckOffsetPlan(const OffsetPlan& plan);
// What is taken in each of `cycles` cycles so that nothing is left after the last: rounded up to
// the cent. Requires: owed > 0, cycles > 0.
Money InstallmentOf(Money owed, std::int32_t cycles);

// What limits an offset, beside the program's share of a payment.
struct OffsetLimits {
  std::optional<Money> most;  // of the installment, what the cycle's other runs left
  std::optional<Rate> of_payment;
};
// Under the plan, or none: nothing but the program's rules limits.
OffsetLimits LimitsOf(const std::optional<OffsetPlan>& plan, Money taken_in_cycle);

// `receivable` is what may be taken at all: owed, noticed and not promised to another run.
Money MostOffset(Money payable, Money receivable, Rate program_share, const OffsetLimits& limits);

}  // namespace sluice::payments
