// What was withheld and not earned back: out of the payee's reserve, back to the pool it came from.
//
//   1. The amount is what the newest version of the award forfeits in all. What the book has
//      forfeited for the award before is taken off, so that posting a version twice changes nothing
//      and a later version posts the difference.
//   2. All or nothing: one that the ledger refuses posts none, and no id is used up by it. A
//      reserve smaller than what is forfeited means that the withhold was not posted in this book.
//
// Source: LEDGER_RELIABILITY_SECURITY 2.4, FORFEIT_WITHHOLD and FORFEIT_TO_POOL.
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
  Money amount;                       // >= 0, by this version in all
};

// Posts the forfeits of one program, one per award; `database` acts for its payer.
// FailedPrecondition names the first that the ledger refuses, or the award of which more was
// forfeited already: giving it back is a correction that people decide. InvalidArgument for a
// negative amount.
Status PostForfeits(const Ledger& ledger, const pg::Database& database,
                    const ProgramPayments& program, std::span<const Forfeit> forfeits,
                    Date effective_date, UserId actor);

}  // namespace sluice::payments
