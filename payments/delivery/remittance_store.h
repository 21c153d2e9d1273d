// Rows of drops, of receivers of files, of the queue, and what the clock reads. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/delivery/remittance_address.h"
#include "payments/delivery/remittance_clock.h"
#include "payments/disbursement.h"
#include "payments/payee_store.h"

namespace sluice::payments {

// AlreadyExists when somebody else recorded a row of this number meanwhile.
Status InsertDrop(pg::Transaction& tx, PayerId payer, const RemittanceDrop& drop);
// By number.
std::vector<RemittanceDrop> LoadDrops(pg::Transaction& tx, PayerId payer, PayeeId payee);
// Of these payees, the ones that count.
RemittanceDrops LoadCurrentDrops(pg::Transaction& tx, PayerId payer,
                                 std::span<const PayeeId> payees);

// The receivers of those of the files that have one.
void InsertFileAddresses(pg::Transaction& tx, BookId book, std::span<const PaymentFile> files);

// A payment whose remittance somebody brings to the payee.
struct QueuedRemittance {
  DisbursementId disbursement;
  RunId run;
  PayeeId payee;
  RemittanceErrand errand;
  // As loaded:
  std::string payee_name = {};
  std::string payment_key = {};
  Money amount = {};
  Date effective_date = {};
  bool delivered = false;
  std::optional<Date> delivered_on = std::nullopt;
  std::string how = {};
};
void InsertQueue(pg::Transaction& tx, BookId book, std::span<const QueuedRemittance> rows,
                 Instant at);
// Of payments that stand, by effective date and payment key: those that wait, or all.
std::vector<QueuedRemittance> LoadQueue(pg::Transaction& tx, BookId book, bool all);
// By the number of the payment.
std::optional<QueuedRemittance> LockQueued(pg::Transaction& tx, BookId book,
                                           const std::string& payment_key);
struct BroughtRemittance {
  DisbursementId disbursement;
  Date on{};
  std::string how;
};
// False when it does not wait any more.
bool SetDelivered(pg::Transaction& tx, BookId book, const BroughtRemittance& brought,
                  const Recorded& recorded);

// The ACH payments of a run that stand, by payment key, with when their payee was told: by the
// delivery of the 835, or of what the queue brings. A payee without either is not among them.
std::vector<RemittanceTime> LoadRemittanceTimes(pg::Transaction& tx, BookId book, RunId run);

}  // namespace sluice::payments
