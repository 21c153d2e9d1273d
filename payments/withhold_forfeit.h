// What was withheld and not earned back: out of the payee's reserve, to where the contract says.
//
//   1. The amount is what the newest version of the award forfeits in all. What the book has
//      forfeited for the award before is taken off, so that posting a version twice changes
//      nothing, a later version posts the difference, and one that forfeits less gives back.
//   2. To the pool it came from (and to the parent, whose share of it is an award of its own): the
//      pool may pay others with it. To the payer: it stays in the book's forfeited withholds, where
//      nobody can spend it, until a payment file gives it back to the funder.
//   3. All or nothing: one that the ledger refuses posts none, and no id is used up by it. A
//      reserve smaller than what is forfeited means that the withhold was not posted in this book;
//      a pool smaller than what is given back must be funded first.
//   4. A reserve that the terms settle by date is settled by SettleReserves: what expires or is
//      forfeited on the day is posted, once; what is released is told, to be paid by a run.
//
// Source: LEDGER_RELIABILITY_SECURITY 2.4, FORFEIT_WITHHOLD and FORFEIT_TO_POOL.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/ledger/ledger.h"
#include "performance/withhold/account.h"

namespace sluice::payments {

struct Forfeit {
  AwardId award;
  std::int32_t version = 1;
  PayeeId payee;                      // whose reserve
  std::int32_t performance_year = 0;  // of the withhold
  Money amount;                       // >= 0, by this version in all
  performance::ForfeitTo to = performance::ForfeitTo::kPool;
};

// Posts the forfeits of one program, one per award; `database` acts for its payer.
// FailedPrecondition names the first that the ledger refuses. InvalidArgument for a negative
// amount.
Status PostForfeits(const Ledger& ledger, const pg::Database& database,
                    const ProgramPayments& program, std::span<const Forfeit> forfeits,
                    Date effective_date, UserId actor);

// What that posts now: the difference to what was posted before.
struct PostedForfeits {
  Money amount;               // forfeited, less what is given back
  std::int64_t reserves = 0;  // posted to, by award
};
// The same in the caller's transaction.
StatusOr<PostedForfeits> PostForfeitsIn(pg::Transaction& tx, const Ledger& ledger,
                                        const ProgramPayments& program,
                                        std::span<const Forfeit> forfeits, Date effective_date,
                                        UserId actor);

// What a day did to one reserve.
struct ReserveDecision {
  performance::WithholdAccountKey key;
  performance::WithholdPost post;
  performance::ForfeitTo to = performance::ForfeitTo::kPool;
};
struct ReservesOnDay {
  std::vector<ReserveDecision> posted;   // forfeited or expired, and posted now
  std::vector<ReserveDecision> release;  // due to be released: a payment run pays it
};
// The facts that a release by date reads, of a payee and year.
using ReserveFacts = std::function<performance::Facts(const performance::WithholdAccountKey&)>;
// What the reserve is settled by; nothing: it is left as it is.
using ReserveTerms =
    std::function<const performance::Withhold*(const performance::WithholdAccountKey&)>;
// Decides on every reserve of the program's book by the dates of its withhold (the release day and
// expiry). Asking twice posts nothing the second time. FailedPrecondition names a flag that a due
// release reads and nobody recorded; nothing was posted then.
StatusOr<ReservesOnDay> SettleReservesIn(pg::Transaction& tx, const Ledger& ledger,
                                         const ProgramPayments& program,
                                         const ReserveTerms& terms_of, const ReserveFacts& facts_of,
                                         Date on, UserId actor);
// The same for a book whose reserves have one and the same terms, in a transaction of its own.
StatusOr<ReservesOnDay> SettleReserves(const Ledger& ledger, const pg::Database& database,
                                       const ProgramPayments& program,
                                       const performance::Withhold& terms,
                                       const ReserveFacts& facts_of, Date on, UserId actor);

}  // namespace sluice::payments
