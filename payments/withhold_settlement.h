// What becomes of a program's withheld money, once its cycle or its day has come: the calls that
// people, schedules and the demo make. The rules of posting are withhold_forfeit.h.
//
//   1. After a settlement was calculated: what the newest awards of the period did not earn back
//      leaves the reserves, to where each contract says. Calling it again posts nothing; after a
//      new version it posts the difference, also back.
//   2. A blocked award decides nothing: what was forfeited for it before stays.
//   3. What was withheld in another system is in no reserve of this book. It is told, not posted.
//   4. On a day: reserves whose terms name a day of release or expiry. The terms are those of the
//      contract that the payee's party holds in the performance year; of other payees, those that
//      all contracts of that year have in common. Contracts that differ there are refused by name.
//   5. The flag of a release by date is a fact of the contract for the performance year, or of the
//      party within it.
#pragma once

#include <span>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/withhold_forfeit.h"

namespace sluice::payments {

struct UnearnedWithholds {
  std::vector<Forfeit> forfeits;  // what each award forfeits in all; posted in this book
  Money total;                    // their sum
  std::int64_t blocked = 0;       // awards without a result
  // Of awards whose withhold is in no reserve of this book.
  std::int64_t elsewhere = 0;
  Money elsewhere_total;
};

class WithholdSettlement {
 public:
  // Acts for the payer of the program. Clock and ids outlive it.
  WithholdSettlement(const pg::Database& database, ProgramPayments program, Clock& clock,
                     IdGenerator& ids)
      : database_(database.ForPayer(program.payer)),
        program_(std::move(program)),
        clock_(clock),
        ids_(ids) {}

  // What the newest awards of the period did not earn back; reads only. FailedPrecondition when
  // several payees of one party hold reserves of the year.
  StatusOr<UnearnedWithholds> Unearned(const DateRange& period);
  // Posts it in the caller's transaction. FailedPrecondition when the ledger refuses one.
  StatusOr<PostedForfeits> PostUnearnedIn(pg::Transaction& tx, const UnearnedWithholds& unearned,
                                          Date on, UserId actor);
  // Both, in a transaction of its own: nothing was posted when it is refused.
  StatusOr<UnearnedWithholds> ForfeitUnearned(const DateRange& period, Date on, UserId actor);

  // FailedPrecondition names the flag that a release reads and nobody recorded, or two contracts
  // that settle one reserve differently: nothing was posted then.
  StatusOr<ReservesOnDay> SettleByDate(Date on, UserId actor);
  // The same in the caller's transaction.
  StatusOr<ReservesOnDay> SettleByDateIn(pg::Transaction& tx, Date on, UserId actor);

 private:
  pg::Database database_;
  ProgramPayments program_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::payments
