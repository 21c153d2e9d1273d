// SQL of the auditor of payment runs: rows as they are stored, numbers as numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::payments::audit {

// A run, and its revision as it was submitted. No revision where the row is missing.
struct RunRow {
  std::int64_t run_id = 0;
  std::int16_t state = 0;
  std::int32_t revision = 0;
  std::int64_t pool_id = 0;
  Date business_date{};
  Date effective_date{};
  std::optional<std::int64_t> submitted_by;
  std::optional<Digest> digest;
  std::int16_t required_approvals = 0;
  std::int64_t hold_cents = 0;
  static RunRow FromRow(const pg::Row& row);
};

struct RunVoteRow {
  std::int64_t approver_id = 0;
  std::int64_t submitted_by = 0;
  Digest digest{};
  bool edited = false;  // the approver made or changed lines of the run
  static RunVoteRow FromRow(const pg::Row& row);
};

struct RunAwardRow {
  std::int64_t award_id = 0;
  std::int32_t award_version = 0;
  Digest award_hash{};
  static RunAwardRow FromRow(const pg::Row& row);
};

struct RunLineRow {
  std::int64_t obligation_id = 0;
  std::optional<std::int64_t> payee_id;
  std::int16_t posting = 0;
  std::int64_t amount = 0;
  std::int64_t withhold = 0;
  std::int16_t hold_reason = 0;
  static RunLineRow FromRow(const pg::Row& row);
};

struct RunPayeeRow {
  std::int64_t payee_id = 0;
  std::int64_t gross = 0;
  std::int64_t withhold = 0;
  std::int64_t carried = 0;
  std::int64_t recoup = 0;
  std::int64_t offset = 0;
  std::int64_t tax = 0;
  std::int64_t net = 0;
  std::int16_t rail = 0;
  std::int64_t account_id = 0;
  std::int32_t account_version = 0;
  std::int16_t hold_reason = 0;
  std::string hold_note;
  std::int16_t method = 0;
  std::int16_t delivery = 0;
  std::int64_t preference_id = 0;
  static RunPayeeRow FromRow(const pg::Row& row);
};

struct RunPaymentRow {
  std::int64_t disbursement_id = 0;
  std::int64_t payee_id = 0;
  std::int64_t amount = 0;
  std::optional<std::int64_t> file_id;
  std::int16_t state = 0;
  std::optional<std::int64_t> entry_amount;  // in its bank file
  std::int64_t remittances = 0;              // files that explain it
  std::int64_t remittances_off = 0;          // those that state another amount
  static RunPaymentRow FromRow(const pg::Row& row);
};

// A bank file of the run, and what the ledger and the stored content say of it.
struct RunFileRow {
  std::int64_t file_id = 0;
  std::string name;
  std::optional<std::int64_t> content_total;
  std::int64_t in_transit_credits = 0;
  static RunFileRow FromRow(const pg::Row& row);
};

// What the journals of a run posted of one event from one class of accounts.
struct RunEventSum {
  std::int64_t run_id = 0;
  std::int16_t event = 0;
  std::int16_t debit_class = 0;
  std::int64_t amount = 0;
  static RunEventSum FromRow(const pg::Row& row);
};

// A ledger account's posted counters.
struct RunFundsRow {
  std::int64_t debits_posted = 0;
  std::int64_t credits_posted = 0;
  static RunFundsRow FromRow(const pg::Row& row);
};

// The runs of a book that were approved and not taken back, by id.
std::vector<RunRow> ApprovedRuns(pg::Transaction& tx, BookId book);
std::vector<RunVoteRow> RunVotes(pg::Transaction& tx, BookId book, const RunRow& run);
// By award and version; lines by obligation; payees by payee; payments by id.
std::vector<RunAwardRow> RunAwards(pg::Transaction& tx, BookId book, const RunRow& run);
std::vector<RunLineRow> RunLines(pg::Transaction& tx, BookId book, const RunRow& run);
std::vector<RunPayeeRow> RunPayees(pg::Transaction& tx, BookId book, const RunRow& run);
std::vector<RunPaymentRow> RunPayments(pg::Transaction& tx, BookId book, const RunRow& run);
std::vector<RunFileRow> RunFiles(pg::Transaction& tx, BookId book, const RunRow& run);
// Of all released runs of the book.
std::vector<RunEventSum> RunEventSums(pg::Transaction& tx, BookId book);
// The account that holds the run's money between pool and payees; zero when it was never opened.
RunFundsRow RunFunds(pg::Transaction& tx, BookId book, const RunRow& run);
// The first batch with a journal of the run; 0 when there is none.
std::int64_t FirstBatchOfRun(pg::Transaction& tx, BookId book, const RunRow& run);

}  // namespace sluice::payments::audit
