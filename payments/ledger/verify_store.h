// SQL of the ledger's auditor: rows as they are stored, numbers as numbers. It knows nothing of the
// posting engine's types.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::payments::audit {

struct HeadRow {
  std::int64_t batch_seq = 0;
  Digest hash{};
  std::int64_t sealed_at_us = 0;
  std::optional<Date> closed_through;
  static HeadRow FromRow(const pg::Row& row);
};

struct BatchRow {
  std::int64_t batch_seq = 0;
  std::int64_t sealed_at_us = 0;
  std::int32_t journal_count = 0;
  std::int32_t transfer_count = 0;
  std::int16_t hash_version = 0;
  Digest prev_hash{};
  Digest body_hash{};
  Digest hash{};
  static BatchRow FromRow(const pg::Row& row);
};

// An account and its newest balance; no balance where the row is missing.
struct AccountRow {
  std::int64_t account_id = 0;
  std::int64_t opened_batch_seq = 0;
  std::int16_t account_class = 0;
  std::string owner_key;
  std::optional<std::int16_t> limit_kind;
  std::int64_t overdraft = 0;
  std::int64_t debits_pending = 0;
  std::int64_t debits_posted = 0;
  std::int64_t credits_pending = 0;
  std::int64_t credits_posted = 0;
  static AccountRow FromRow(const pg::Row& row);
};

struct JournalRow {
  Uuid journal_id{};
  std::int64_t batch_seq = 0;
  std::int64_t source_id = 0;
  std::int64_t actor_id = 0;
  std::int32_t ordinal = 0;
  std::int32_t first_position = 0;
  std::int32_t line_count = 0;
  Date effective_date{};
  std::int16_t event = 0;
  std::int16_t outcome = 0;
  std::optional<Uuid> corrects;
  Digest body_hash{};
  std::optional<Bytes> refused_body;
  static JournalRow FromRow(const pg::Row& row);
};

struct TransferRow {
  std::int64_t batch_seq = 0;
  std::int32_t position = 0;
  std::int32_t journal_ordinal = 0;
  std::int64_t debit = 0;
  std::int64_t credit = 0;
  std::int64_t amount = 0;
  Date effective_date{};
  std::int16_t kind = 0;
  std::int16_t event = 0;
  std::optional<std::int64_t> pending_batch_seq;
  std::optional<std::int32_t> pending_position;
  std::optional<std::int64_t> expires_at_us;
  // The resolution stored for the hold that this transfer names.
  std::optional<std::int64_t> resolution_batch_seq;
  std::optional<std::int32_t> resolution_position;
  std::optional<std::int16_t> resolution_outcome;
  std::optional<std::int64_t> resolution_posted;
  static TransferRow FromRow(const pg::Row& row);
};

struct LimitRow {
  std::int64_t batch_seq = 0;
  std::int32_t ordinal = 0;
  std::int64_t account_id = 0;
  std::int64_t overdraft = 0;
  static LimitRow FromRow(const pg::Row& row);
};

struct BalanceAfterRow {
  std::int64_t batch_seq = 0;
  std::int64_t account_id = 0;
  std::int64_t debits_pending = 0;
  std::int64_t debits_posted = 0;
  std::int64_t credits_pending = 0;
  std::int64_t credits_posted = 0;
};

// How many rows each table has for the book: rows that belong to no batch show here.
struct RowCounts {
  std::int64_t journals = 0;
  std::int64_t transfers = 0;
  std::int64_t resolutions = 0;
  std::int64_t limits = 0;
  static RowCounts FromRow(const pg::Row& row);
};

// The books that the payer sees, with or without a head.
std::vector<BookId> Books(pg::Transaction& tx);
std::optional<HeadRow> Head(pg::Transaction& tx, BookId book);
// At most `count` batches after `after`.
std::vector<BatchRow> Batches(pg::Transaction& tx, BookId book, std::int64_t after,
                              std::int64_t count);
// By opening batch and id.
std::vector<AccountRow> Accounts(pg::Transaction& tx, BookId book);
// Of the batches first..last, in order.
std::vector<JournalRow> Journals(pg::Transaction& tx, BookId book, std::int64_t first,
                                 std::int64_t last);
std::vector<TransferRow> Transfers(pg::Transaction& tx, BookId book, std::int64_t first,
                                   std::int64_t last);
std::vector<LimitRow> Limits(pg::Transaction& tx, BookId book, std::int64_t first,
                             std::int64_t last);
RowCounts Counts(pg::Transaction& tx, BookId book);

// balance_after in the order of batches, as a stream that is read while other queries run: it needs
// a transaction of its own.
class BalanceAfterStream {
 public:
  BalanceAfterStream(pg::Transaction& tx, BookId book);
  // The next row, or none at the end.
  const std::optional<BalanceAfterRow>& Peek() const { return next_; }
  void Advance();

 private:
  std::string sql_;
  pg::CopyReader reader_;
  std::optional<BalanceAfterRow> next_;
};

}  // namespace sluice::payments::audit
