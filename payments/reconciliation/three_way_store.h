// The rows that a run's three-way match is made of. No rules.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/ledger/journal.h"
#include "payments/reconciliation/three_way.h"

namespace sluice::payments {

// By id; without copies and what was disbursed.
std::vector<PaymentEvidence> LoadPaymentEvidence(pg::Transaction& tx, BookId book, RunId run);
// The 835s and statements of each payment of the run.
std::map<DisbursementId, std::vector<RemittanceCopy>> LoadRemittanceCopies(pg::Transaction& tx,
                                                                           BookId book, RunId run);
// The files by which payments leave, by kind and number; without what was settled by hand.
std::vector<BankFileEvidence> LoadBankFileEvidence(pg::Transaction& tx, BookId book, RunId run);

// What these journals posted under an event, by subject; those that are not there are left out.
struct PostedBy {
  std::int64_t subject = 0;
  Uuid journal{};
};
std::map<std::int64_t, Money> LoadPosted(pg::Transaction& tx, BookId book,
                                         std::span<const PostedBy> journals, Event event);

// Open lines of an account that say a check was paid, by day.
struct PaidCheckRow {
  Date as_of{};
  Money amount;
  std::string customer_reference;
};
std::vector<PaidCheckRow> LoadOpenPaidChecks(pg::Transaction& tx, BookId book,
                                             BankAccountId account);

}  // namespace sluice::payments
