// What the reports read from the ledger and the awards of a run. No rules.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/obligation_store.h"

namespace sluice::payments {

// What DISBURSE posted for a run's files, less what was voided, by payee.
std::map<PayeeId, Money> LoadDisbursedByLedger(pg::Transaction& tx, BookId book, RunId run);

}  // namespace sluice::payments
