// Rows of payees' markers. No rules.
#pragma once

#include <vector>

#include "core/pg/database.h"
#include "payments/payee_store.h"
#include "payments/reconciliation/payment_mark.h"

namespace sluice::payments {

// Payments of the book that were sent, with the newest marker, by effective date and key.
std::vector<MarkedPayment> LoadMarkedPayments(pg::Transaction& tx, BookId book,
                                              const MarkFilter& filter);
// The payment with this key of a payee, when it was sent.
std::optional<DisbursementId> FindSentPayment(pg::Transaction& tx, BookId book, PayeeId payee,
                                              const std::string& key);
void InsertPaymentMark(pg::Transaction& tx, BookId book, DisbursementId payment, bool reconciled,
                       const std::string& note, const Recorded& recorded);

}  // namespace sluice::payments
