// What was withheld and not earned back: out of the payee's reserve, back to the pool it came from.
//
// The amounts are those of settled awards; posting them twice changes nothing. A reserve that is
// smaller than what is forfeited refuses all of them: then the withhold was not posted in this
// book. Source: LEDGER_RELIABILITY_SECURITY 2.4, FORFEIT_WITHHOLD and FORFEIT_TO_POOL.
#pragma once

#include <cstdint>
#include <span>

#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/ledger/ledger.h"

namespace sluice::payments {

struct Forfeit {
  AwardId award;
  std::int32_t version = 1;
  PayeeId payee;                      // whose reserve
  std::int32_t performance_year = 0;  // of the withhold
  Money amount;                       // > 0
};

// Posts the forfeits of one program. FailedPrecondition names the first that the ledger refuses.
Status PostForfeits(const Ledger& ledger, const pg::Database& database,
                    const ProgramPayments& program, std::span<const Forfeit> forfeits,
                    Date effective_date, UserId actor);

}  // namespace sluice::payments
