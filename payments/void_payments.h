// Payments that are taken back before they left.
#pragma once

#include <span>

#include "core/date.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "payments/disbursement.h"
#include "payments/ledger/ledger.h"
#include "payments/payee_store.h"

namespace sluice::payments {

// Each payment becomes VOIDED and VOID_DISBURSEMENT puts its money back to what is owed to its
// payee; what it would have paid waits, HELD, for a later run. A check among them is spoiled, and a
// payee that its advice would have told of a debt was not told. The journal's id derives from the
// payment: it is taken back once.
//
// Requires: the caller holds the run's lock; the payments are of the run, POSTED or IN_FILE, and
// not of zero. FailedPrecondition when one moved meanwhile.
Status VoidPayments(pg::Transaction& tx, const Ledger& ledger, const Run& run,
                    std::span<const Disbursement> payments, Date effective_date,
                    const Recorded& recorded);

}  // namespace sluice::payments
