// Rows that returns touch: the entries of our files, the payments, what came back. No rules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/disbursement_store.h"
#include "payments/inbound/returned_payment.h"

namespace sluice::payments {

// Where a trace was sent.
struct SentTrace {
  BookId book;
  PaymentFileId file;
  DisbursementId disbursement;
  std::int64_t sequence = 0;
};
// The entries of these books with one of the sequence numbers, by book, file and sequence.
std::vector<SentTrace> FindSentTraces(pg::Transaction& tx, std::span<const BookId> books,
                                      std::span<const std::int64_t> sequences);

// The runs that these payments belong to, by id: they are locked first.
std::vector<RunId> LoadRunsOfPayments(pg::Transaction& tx, BookId book,
                                      std::span<const DisbursementId> ids);
// Locks them, by id.
std::vector<Disbursement> LockDisbursements(pg::Transaction& tx, BookId book,
                                            std::span<const DisbursementId> ids);

void InsertReturnedPayments(pg::Transaction& tx, BookId book,
                            std::span<const ReturnedPayment> rows);
std::map<DisbursementId, ReturnedPayment> LoadReturnedPayments(pg::Transaction& tx, BookId book,
                                                               std::span<const DisbursementId> ids);
// Those that wait for a decision, by date and payment.
std::vector<ReturnedPayment> LoadOpenReturnedPayments(pg::Transaction& tx, BookId book);
std::optional<ReturnedPayment> LockReturnedPayment(pg::Transaction& tx, BookId book,
                                                   DisbursementId disbursement);
struct ReturnedDecision {
  DisbursementId disbursement;
  ReturnedState to{};
  std::string note;
  std::optional<UserId> second;
};
void DecideReturnedPayment(pg::Transaction& tx, BookId book, const ReturnedDecision& decision,
                           const Recorded& recorded);

// Open again, as it was before it was decided.
void ReopenReturnedPayment(pg::Transaction& tx, BookId book, DisbursementId disbursement);

// A return that was un-applied, or applied again. Append-only.
struct ReturnDisputeRow {
  DisbursementId payment;
  std::int32_t seq_no = 1;
  bool applied = false;  // again; else un-applied
  Uuid journal_id{};
  UserId second;
  std::string note;
};
void InsertReturnDispute(pg::Transaction& tx, BookId book, const ReturnDisputeRow& row,
                         const Recorded& recorded);
// In their order.
std::vector<ReturnDisputeRow> LoadReturnDisputes(pg::Transaction& tx, BookId book,
                                                 DisbursementId payment);

// The obligations that a payment paid, whether or not it still does, by id.
std::vector<ObligationId> LoadObligationsOfPayment(pg::Transaction& tx, BookId book,
                                                   DisbursementId disbursement);
// The payments that paid the same obligations, in the order of their attempts: a payment that came
// back, and those that replaced it.
std::vector<DisbursementId> LoadPaymentChain(pg::Transaction& tx, BookId book,
                                             DisbursementId disbursement);

// One of our 835 files, by the control number of its interchange and group.
struct RemittanceFile {
  BookId book;
  PaymentFileId file;
  RunId run;
};
std::optional<RemittanceFile> FindRemittanceFile(pg::Transaction& tx, std::span<const BookId> books,
                                                 const std::string& control_number);

// A notice of change and what it proposes.
struct AccountChangeNotice {
  BookId home;
  InboundFileId file;
  std::int32_t item_no = 0;
  PayeeId payee;
  BankAccountId account;
  std::int32_t account_version = 0;
  std::string code;
  std::optional<std::int32_t> proposed_version;
  std::string note;
  Date due_on{};
};
// False when the notice is there already.
bool InsertAccountChangeNotice(pg::Transaction& tx, PayerId payer,
                               const AccountChangeNotice& notice, const Recorded& recorded);
std::vector<AccountChangeNotice> LoadAccountChangeNotices(pg::Transaction& tx, PayerId payer);
// The versions of a payee's accounts with this blind index, the newest first.
std::vector<AccountVersion> FindAccountsByBlindIndex(pg::Transaction& tx, PayerId payer,
                                                     PayeeId payee, const Digest& blind_index);

}  // namespace sluice::payments
