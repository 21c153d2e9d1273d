// Interest that the open lines of a run have earned by being late, as lines of their own.
//
//   1. Of each share that was never recognized, under terms that hold for its due date: what it has
//      earned by the day on which the run's payees have their money, less what was made before.
//   2. Not for a line that waited for a payee to be enrolled, nor for restatements.
//   3. It is accrued as the award is, and paid out of the pool.
#pragma once

#include <vector>

#include "core/id.h"
#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/ledger/journal.h"
#include "payments/payee_store.h"

namespace sluice::payments {

Status AddLateInterest(pg::Transaction& tx, const ProgramPayments& program, const Run& run,
                       const Recorded& recorded, IdGenerator& ids, std::vector<Journal>& journals);

}  // namespace sluice::payments
