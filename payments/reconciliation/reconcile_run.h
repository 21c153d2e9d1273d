// The three-way match of a stored run.
#pragma once

#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/reconciliation/three_way.h"

namespace sluice::payments {

// What the bank, the remittances and the ledger show of a run whose money is at this account. Reads
// only; the caller holds the run's lock where it decides by it.
ThreeWayMatch ReconcileRun(pg::Transaction& tx, const Run& run, BankAccountId account);

}  // namespace sluice::payments
