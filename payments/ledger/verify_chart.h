// The chart of accounts, written down a second time on purpose: the auditor shares no code with the
// posting engine (verify.h). Also how the auditor's transactions run.
#pragma once

#include <cstdint>

#include "core/pg/database.h"

namespace sluice::payments::audit {

struct ClassFacts {
  const char* name;
  int limit;  // 0 none, 1 credit-normal, 2 debit-normal
  bool clears;
  bool funding;  // belongs to identity F; the others to C
};
inline constexpr ClassFacts kClasses[] = {
    {"?", 0, false, false},
    {"CASH", 0, false, false},
    {"BANK_SUSPENSE", 0, true, false},
    {"POOL", 1, false, false},
    {"RUN_FUNDS", 1, true, false},
    {"PROGRAM_EXPENSE", 0, false, true},
    {"FUNDING_APPLIED", 0, false, true},
    {"PROGRAM_OBLIGATION", 1, false, true},
    {"PAYEE_PAYABLE", 1, false, false},
    {"WITHHOLD_RESERVE", 1, false, false},
    {"FORFEITED_WITHHOLD", 1, true, false},
    {"PAYEE_RECEIVABLE", 2, false, true},
    {"IN_TRANSIT", 1, true, false},
    {"RETURNED_ITEMS", 0, true, false},
    {"TAX_WITHHELD", 1, false, false},
    {"LEVY_WITHHELD", 1, false, false},
    {"UNCLAIMED", 1, false, false},
    {"INTERBOOK", 0, false, false},
};

// What the class of a stored account means; an unknown number means the first row.
inline const ClassFacts& FactsOf(std::int16_t account_class) {
  const bool known = account_class >= 1 && account_class <= 17;
  return kClasses[known ? account_class : 0];
}

// One snapshot for all that is compared.
inline constexpr pg::TransactOptions kAuditOptions{pg::Isolation::kRepeatableRead, true,
                                                   std::chrono::hours(6), std::chrono::seconds(30)};

}  // namespace sluice::payments::audit
