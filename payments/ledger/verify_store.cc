#include "payments/ledger/verify_store.h"

namespace sluice::payments::audit {
namespace {

constexpr pg::Query kBooks{"audit_books", R"sql(
  SELECT b.book_id
  FROM payments.book AS b
  ORDER BY b.book_id
)sql"};

constexpr pg::Query kHead{"audit_head", R"sql(
  SELECT batch_seq, hash, sealed_at_us, closed_through
  FROM payments.book_head
  WHERE book_id = $1
)sql"};

constexpr pg::Query kBatches{"audit_batches", R"sql(
  SELECT batch_seq, sealed_at_us, journal_count, transfer_count, hash_version, prev_hash,
    body_hash, hash
  FROM payments.batch
  WHERE book_id = $1
    AND batch_seq > $2
  ORDER BY batch_seq
  LIMIT $3
)sql"};

constexpr pg::Query kAccounts{"audit_accounts", R"sql(
  SELECT a.account_id, a.opened_batch_seq, a.class, a.owner_key, b.limit_kind,
    COALESCE(b.overdraft_cents, 0), COALESCE(b.debits_pending, 0), COALESCE(b.debits_posted, 0),
    COALESCE(b.credits_pending, 0), COALESCE(b.credits_posted, 0)
  FROM payments.account AS a
  LEFT JOIN payments.account_balance AS b
    ON b.book_id = $1 AND b.account_id = a.account_id
  WHERE a.book_id = $1
  ORDER BY a.opened_batch_seq, a.account_id
)sql"};

constexpr pg::Query kJournals{"audit_journals", R"sql(
  SELECT journal_id, batch_seq, source_id, actor_id, ordinal, first_position, line_count,
    effective_date, event, outcome, corrects_journal_id, body_hash, refused_body
  FROM payments.journal
  WHERE book_id = $1
    AND batch_seq BETWEEN $2 AND $3
  ORDER BY batch_seq, ordinal
)sql"};

constexpr pg::Query kTransfers{"audit_transfers", R"sql(
  SELECT t.batch_seq, t.position, t.journal_ordinal, t.debit_account_id, t.credit_account_id,
    t.amount_cents, t.effective_date, t.kind, t.event, t.pending_batch_seq, t.pending_position,
    t.expires_at_us, r.batch_seq, r.position, r.outcome, r.posted_cents
  FROM payments.transfer AS t
  LEFT JOIN payments.pending_resolution AS r
    ON r.book_id = $1 AND r.pending_batch_seq = t.pending_batch_seq
    AND r.pending_position = t.pending_position
  WHERE t.book_id = $1
    AND t.batch_seq BETWEEN $2 AND $3
  ORDER BY t.batch_seq, t.position
)sql"};

constexpr pg::Query kLimits{"audit_limits", R"sql(
  SELECT batch_seq, ordinal, account_id, overdraft_cents
  FROM payments.limit_change
  WHERE book_id = $1
    AND batch_seq BETWEEN $2 AND $3
  ORDER BY batch_seq, ordinal
)sql"};

constexpr pg::Query kCounts{"audit_counts", R"sql(
  SELECT
    (SELECT count(*) FROM payments.journal AS j WHERE j.book_id = $1),
    (SELECT count(*) FROM payments.transfer AS t WHERE t.book_id = $1),
    (SELECT count(*) FROM payments.pending_resolution AS r WHERE r.book_id = $1),
    (SELECT count(*) FROM payments.limit_change AS l WHERE l.book_id = $1)
)sql"};

// COPY takes no parameters; the book is a number, so nothing needs quoting.
std::string BalanceAfterSql(BookId book) {
  return fmt::format(R"sql(
    COPY (
      SELECT batch_seq, account_id, debits_pending, debits_posted, credits_pending, credits_posted
      FROM payments.balance_after
      WHERE book_id = {}
      ORDER BY batch_seq, account_id
    ) TO STDOUT (FORMAT binary)
  )sql",
                     book.Value());
}

using I64 = std::int64_t;

}  // namespace

HeadRow HeadRow::FromRow(const pg::Row& row) {
  return {row.Get<I64>(0), row.Get<Digest>(1), row.Get<I64>(2), row.Get<std::optional<Date>>(3)};
}

BatchRow BatchRow::FromRow(const pg::Row& row) {
  return {row.Get<I64>(0),          row.Get<I64>(1),          row.Get<std::int32_t>(2),
          row.Get<std::int32_t>(3), row.Get<std::int16_t>(4), row.Get<Digest>(5),
          row.Get<Digest>(6),       row.Get<Digest>(7)};
}

AccountRow AccountRow::FromRow(const pg::Row& row) {
  return {row.Get<I64>(0),
          row.Get<I64>(1),
          row.Get<std::int16_t>(2),
          row.Get<std::string>(3),
          row.Get<std::optional<std::int16_t>>(4),
          row.Get<I64>(5),
          row.Get<I64>(6),
          row.Get<I64>(7),
          row.Get<I64>(8),
          row.Get<I64>(9)};
}

JournalRow JournalRow::FromRow(const pg::Row& row) {
  JournalRow journal;
  journal.journal_id = row.Get<Uuid>(0);
  journal.batch_seq = row.Get<I64>(1);
  journal.source_id = row.Get<I64>(2);
  journal.actor_id = row.Get<I64>(3);
  journal.ordinal = row.Get<std::int32_t>(4);
  journal.first_position = row.Get<std::int32_t>(5);
  journal.line_count = row.Get<std::int32_t>(6);
  journal.effective_date = row.Get<Date>(7);
  journal.event = row.Get<std::int16_t>(8);
  journal.outcome = row.Get<std::int16_t>(9);
  journal.corrects = row.Get<std::optional<Uuid>>(10);
  journal.body_hash = row.Get<Digest>(11);
  journal.refused_body = row.Get<std::optional<Bytes>>(12);
  return journal;
}

TransferRow TransferRow::FromRow(const pg::Row& row) {
  TransferRow transfer;
  transfer.batch_seq = row.Get<I64>(0);
  transfer.position = row.Get<std::int32_t>(1);
  transfer.journal_ordinal = row.Get<std::int32_t>(2);
  transfer.debit = row.Get<I64>(3);
  transfer.credit = row.Get<I64>(4);
  transfer.amount = row.Get<I64>(5);
  transfer.effective_date = row.Get<Date>(6);
  transfer.kind = row.Get<std::int16_t>(7);
  transfer.event = row.Get<std::int16_t>(8);
  transfer.pending_batch_seq = row.Get<std::optional<I64>>(9);
  transfer.pending_position = row.Get<std::optional<std::int32_t>>(10);
  transfer.expires_at_us = row.Get<std::optional<I64>>(11);
  transfer.resolution_batch_seq = row.Get<std::optional<I64>>(12);
  transfer.resolution_position = row.Get<std::optional<std::int32_t>>(13);
  transfer.resolution_outcome = row.Get<std::optional<std::int16_t>>(14);
  transfer.resolution_posted = row.Get<std::optional<I64>>(15);
  return transfer;
}

LimitRow LimitRow::FromRow(const pg::Row& row) {
  return {row.Get<I64>(0), row.Get<std::int32_t>(1), row.Get<I64>(2), row.Get<I64>(3)};
}

RowCounts RowCounts::FromRow(const pg::Row& row) {
  return {row.Get<I64>(0), row.Get<I64>(1), row.Get<I64>(2), row.Get<I64>(3)};
}

std::vector<BookId> Books(pg::Transaction& tx) { return tx.Query(kBooks).All<BookId>(); }

std::optional<HeadRow> Head(pg::Transaction& tx, BookId book) {
  return tx.Query(kHead, book).OneOrNone<HeadRow>();
}

std::vector<BatchRow> Batches(pg::Transaction& tx, BookId book, std::int64_t after,
                              std::int64_t count) {
  return tx.Query(kBatches, book, after, count).All<BatchRow>();
}

std::vector<AccountRow> Accounts(pg::Transaction& tx, BookId book) {
  return tx.Query(kAccounts, book).All<AccountRow>();
}

std::vector<JournalRow> Journals(pg::Transaction& tx, BookId book, std::int64_t first,
                                 std::int64_t last) {
  return tx.Query(kJournals, book, first, last).All<JournalRow>();
}

std::vector<TransferRow> Transfers(pg::Transaction& tx, BookId book, std::int64_t first,
                                   std::int64_t last) {
  return tx.Query(kTransfers, book, first, last).All<TransferRow>();
}

std::vector<LimitRow> Limits(pg::Transaction& tx, BookId book, std::int64_t first,
                             std::int64_t last) {
  return tx.Query(kLimits, book, first, last).All<LimitRow>();
}

RowCounts Counts(pg::Transaction& tx, BookId book) {
  return tx.Query(kCounts, book).One<RowCounts>();
}

BalanceAfterStream::BalanceAfterStream(pg::Transaction& tx, BookId book)
    : sql_(BalanceAfterSql(book)),
      reader_(tx.CopyOut<I64, I64, I64, I64, I64, I64>(
          pg::Query{"audit_balance_after", sql_.c_str()})) {
  Advance();
}

void BalanceAfterStream::Advance() {
  if (!reader_.Next()) {
    next_.reset();
    return;
  }
  next_ = BalanceAfterRow{reader_.Get<I64>(0), reader_.Get<I64>(1), reader_.Get<I64>(2),
                          reader_.Get<I64>(3), reader_.Get<I64>(4), reader_.Get<I64>(5)};
}

}  // namespace sluice::payments::audit
