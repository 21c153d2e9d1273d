// The replay of one book: every batch from the first, compared with all that was derived from it.
#pragma once

#include "core/id.h"
#include "core/pg/database.h"
#include "payments/ledger/verify.h"
#include "payments/ledger/verify_store.h"

namespace sluice::payments {

// Adds what it counts and finds to the report. `after` streams the book's balance_after in a
// transaction of its own, whose snapshot is not older than that of `tx`.
void AuditBook(pg::Transaction& tx, audit::BalanceAfterStream& after, BookId book,
               const LedgerVerifyOptions& options, LedgerVerifyReport& report);

}  // namespace sluice::payments
