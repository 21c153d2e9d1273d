// The auditor of payment runs: what was approved, what was posted and what is in the files.
//
//   RUN_TIE_OUT       a released run's lines, journals, payments, file entries and remittances do
//                     not add up to the same money
//   APPROVAL_INVALID  an approved run lacks its approvals: fewer people than needed, a person who
//                     submitted or edited it, or another digest than that of its stored content
//
// Source: LEDGER_RELIABILITY_SECURITY 1 (P3, P4) and 2.6. Like the rest of the auditor it reads
// rows and shares no code with what made them.
#pragma once

#include "core/id.h"
#include "core/pg/database.h"
#include "payments/ledger/verify.h"

namespace sluice::payments {

// Adds the first finding of each kind in the book, runs in the order of their ids. The batch of a
// finding is the first one that holds a journal of the run; 0 when none does.
void AuditRuns(pg::Transaction& tx, BookId book, LedgerVerifyReport& report);

}  // namespace sluice::payments
