// Applies what came back of a book's payments: one transaction, all of it or nothing.
//
// For each payment that came back: RETURN_NOTICE (or BANK_REJECT) puts the money back to what is
// owed to the payee, the payment becomes RETURNED (REJECTED), its claims end, its obligations wait
// for a decision, the account is stopped and the payee held as the code says. Lock order: runs,
// obligations, payments, bank accounts, then the head of the book.
#pragma once

#include <set>
#include <span>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/inbound/inbound_store.h"
#include "payments/inbound/returned_payment.h"
#include "payments/ledger/ledger.h"

namespace sluice::payments {

// An item and the payment that it is about.
struct MatchedItem {
  InboundItemRow item;
  DisbursementId payment;
};

struct ReturnContext {
  PayerId payer;
  BookId home;  // of the items
  BookId book;  // of the payments
  Date today{};
  Recorded recorded;
};

// What becomes of each item. Repeating it with the same items changes nothing.
StatusOr<std::vector<ItemMove>> ApplyReturns(pg::Transaction& tx, const Ledger& ledger,
                                             const ReturnContext& context,
                                             std::span<const MatchedItem> items, IdGenerator& ids);

// A payment that we took back ourselves, once that is final (reversal_apply.h).
struct ReversedPayment {
  DisbursementId payment;
  ReturnActions actions;
};
// The same for those. Left out are payments that came back by themselves meanwhile.
StatusOr<std::set<DisbursementId>> ApplyReversed(pg::Transaction& tx, const Ledger& ledger,
                                                 const ReturnContext& context,
                                                 std::span<const ReversedPayment> reversed,
                                                 IdGenerator& ids);

}  // namespace sluice::payments
