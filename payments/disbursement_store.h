// Rows of disbursements, claims, payment files and reserved numbers. No rules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/disbursement.h"
#include "payments/payee_store.h"
#include "payments/sealed_bytes.h"

namespace sluice::payments {

// When each payee was last paid by this book; absent when never.
std::map<PayeeId, Instant> LoadLastPaid(pg::Transaction& tx, BookId book,
                                        std::span<const PayeeId> payees);

void InsertDisbursements(pg::Transaction& tx, std::span<const Disbursement> rows, BookId book,
                         Instant at);
// The rows of a statement that lists disbursement_id, run_id, payee_id, rail, account_id,
// account_version, payment_key, amount_cents, effective_date, file_id and state.
std::vector<Disbursement> DisbursementsOf(const pg::Result& result);
// By payee.
std::vector<Disbursement> LoadDisbursements(pg::Transaction& tx, BookId book, RunId run);
// By id; those there are.
std::vector<Disbursement> LoadDisbursementsById(pg::Transaction& tx, BookId book,
                                                std::span<const DisbursementId> ids);
// Those explained or paid by a file, by payee.
std::vector<Disbursement> LoadDisbursementsOfFile(pg::Transaction& tx, BookId book,
                                                  PaymentFileId file);

struct DisbursementMove {
  DisbursementId id;
  DisbursementState from{};
  DisbursementState to{};
};
// FailedPrecondition when one of them is not in its `from` state any more.
Status MoveDisbursements(pg::Transaction& tx, BookId book, std::span<const DisbursementMove> moves);

struct Claim {
  ObligationId obligation;
  DisbursementId disbursement;
  std::int32_t attempt_no = 1;
};
// The attempt number is one more than the last. AlreadyExists when one is claimed already.
void InsertClaims(pg::Transaction& tx, BookId book, std::span<const Claim> claims);
// By obligation; live ones only.
std::vector<Claim> LoadLiveClaims(pg::Transaction& tx, BookId book,
                                  std::span<const DisbursementId> disbursements);
void EndClaims(pg::Transaction& tx, BookId book, std::span<const DisbursementId> disbursements);
// The reverse, for a payment that stands after all. Requires: no other payment has claimed since.
void ReviveClaims(pg::Transaction& tx, BookId book, DisbursementId disbursement);

void InsertFiles(pg::Transaction& tx, std::span<const PaymentFile> files, BookId book,
                 const Recorded& recorded);
// By kind and number.
std::vector<PaymentFile> LoadFiles(pg::Transaction& tx, BookId book, RunId run);
std::optional<PaymentFile> LockFile(pg::Transaction& tx, BookId book, PaymentFileId file);
// FailedPrecondition when the file is not in its state any more. Updates `file`.
Status MoveFile(pg::Transaction& tx, BookId book, PaymentFile& file, FileState to,
                const std::string& reason, const Recorded& recorded);

// Counts the rows of runs, so that the planner knows how many there are before autovacuum has come
// by. Takes about as long for a million payments as for ten thousand.
void CountRunRows(pg::Transaction& tx);

struct RemittanceRow {
  DisbursementId disbursement;
  PaymentFileId file;
  Money amount;
};
void InsertRemittances(pg::Transaction& tx, BookId book, std::span<const RemittanceRow> rows);

struct FileEntryRow {
  DisbursementId disbursement;
  std::int32_t batch_number = 0;
  std::int64_t trace = 0;
  Money amount;
};
// `odfi`: the first eight digits, with which every trace number of the file begins.
void InsertFileEntries(pg::Transaction& tx, BookId book, PaymentFileId file,
                       const std::string& odfi, std::span<const FileEntryRow> rows);
// The trace numbers (15 digits) of these payments; those in no finished ACH file are left out.
std::map<DisbursementId, std::string> LoadTraceNumbers(pg::Transaction& tx, BookId book,
                                                       std::span<const Disbursement> payments);

// The finished bytes of a file, sealed. Readable by the role sluice_files only.
struct FileContent {
  std::int64_t size = 0;
  Digest sha256{};
  std::int64_t entry_count = 0;
  Money total;
  SealedBytes sealed;
};
void InsertFileContent(pg::Transaction& tx, BookId book, PaymentFileId file,
                       const FileContent& content, Instant at);
std::optional<FileContent> FindFileContent(pg::Transaction& tx, BookId book, PaymentFileId file);

// A range of numbers that nobody else gets. The same file asks again and gets the same range.
struct NumberRange {
  std::string scope;
  std::int64_t first = 0;
  std::int64_t count = 1;
};
struct NumberRequest {
  std::string kind;
  std::string scope;
  std::int64_t count = 1;
  std::int64_t starts_at = 1;      // of a scope that was never used
  std::int64_t limit = INT64_MAX;  // every number of the range is below it
};
std::optional<NumberRange> FindNumberRange(pg::Transaction& tx, const std::string& kind,
                                           BookId book, PaymentFileId file);
// Takes the next numbers of the scope, under the lock of its counter; none when too few are left.
std::optional<NumberRange> TakeNumbers(pg::Transaction& tx, const NumberRequest& request,
                                       BookId book, PaymentFileId file);

void InsertRunBatch(pg::Transaction& tx, BookId book, RunId run, std::int32_t batch_no, Instant at);
std::vector<std::int32_t> LoadPostedBatches(pg::Transaction& tx, BookId book, RunId run);
// Takes the work of a run over from whoever had it. Updates `run`. Aborted when it moved.
Status TakeFence(pg::Transaction& tx, Run& run);

}  // namespace sluice::payments
