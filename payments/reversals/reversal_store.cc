#include "payments/reversals/reversal_store.h"

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertReversal{"payments_insert_reversal", R"sql(
  INSERT INTO payments.reversal (book_id, reversal_id, disbursement_id, payee_id, amount_cents,
    reason, duplicate_of, detail, last_day, requested_by, requested_at, state, result)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, '')
  ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kFindReversal{"payments_find_reversal", R"sql(
  SELECT r.reversal_id, r.disbursement_id, r.payee_id, r.amount_cents, r.reason, r.duplicate_of,
    r.detail, r.last_day, r.requested_by, r.requested_at, r.state, r.decided_by, r.file_id,
    r.effective_date, r.credited_on, r.result
  FROM payments.reversal AS r
  WHERE r.book_id = $1 AND r.reversal_id = $2
)sql"};

constexpr pg::Query kLock{"payments_lock_reversal", R"sql(
  SELECT r.reversal_id, r.disbursement_id, r.payee_id, r.amount_cents, r.reason, r.duplicate_of,
    r.detail, r.last_day, r.requested_by, r.requested_at, r.state, r.decided_by, r.file_id,
    r.effective_date, r.credited_on, r.result
  FROM payments.reversal AS r
  WHERE r.book_id = $1 AND r.reversal_id = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kLockInState{"payments_lock_reversals", R"sql(
  SELECT r.reversal_id, r.disbursement_id, r.payee_id, r.amount_cents, r.reason, r.duplicate_of,
    r.detail, r.last_day, r.requested_by, r.requested_at, r.state, r.decided_by, r.file_id,
    r.effective_date, r.credited_on, r.result
  FROM payments.reversal AS r
  WHERE r.book_id = $1 AND r.state = $2
  ORDER BY r.reversal_id
  FOR UPDATE
)sql"};

constexpr pg::Query kLoad{"payments_load_reversals", R"sql(
  SELECT r.reversal_id, r.disbursement_id, r.payee_id, r.amount_cents, r.reason, r.duplicate_of,
    r.detail, r.last_day, r.requested_by, r.requested_at, r.state, r.decided_by, r.file_id,
    r.effective_date, r.credited_on, r.result
  FROM payments.reversal AS r
  WHERE r.book_id = $1 AND (r.state < 5 OR $2)
  ORDER BY r.reversal_id
)sql"};

constexpr pg::Query kLoadReversalsOfFile{"payments_load_reversals_of_file", R"sql(
  SELECT r.reversal_id, r.disbursement_id, r.payee_id, r.amount_cents, r.reason, r.duplicate_of,
    r.detail, r.last_day, r.requested_by, r.requested_at, r.state, r.decided_by, r.file_id,
    r.effective_date, r.credited_on, r.result
  FROM payments.reversal AS r
  WHERE r.book_id = $1 AND r.file_id = $2
  ORDER BY r.reversal_id
)sql"};

constexpr pg::Query kDecide{"payments_decide_reversal", R"sql(
  UPDATE payments.reversal
  SET state = $3, result = $4, decided_by = $5, decided_at = $6
  WHERE book_id = $1 AND reversal_id = $2 AND state = 0
)sql"};

constexpr pg::Query kPutInFile{"payments_put_reversals_in_file", R"sql(
  UPDATE payments.reversal
  SET state = 2, file_id = $3, effective_date = $4
  WHERE book_id = $1 AND reversal_id = ANY ($2::bigint[]) AND state = 1
)sql"};

constexpr pg::Query kMove{"payments_move_reversal", R"sql(
  UPDATE payments.reversal
  SET state = $4, result = $5
  WHERE book_id = $1 AND reversal_id = $2 AND state = $3
)sql"};

constexpr pg::Query kCredit{"payments_credit_reversal", R"sql(
  UPDATE payments.reversal
  SET state = 4, credited_on = $3, line_id = $4
  WHERE book_id = $1 AND reversal_id = $2 AND state = 3
)sql"};

constexpr pg::Query kInsertReversalEntries{"payments_insert_reversal_entries", R"sql(
  INSERT INTO payments.reversal_entry (book_id, reversal_id, file_id, trace, rdfi, company_id)
  SELECT $1, u.reversal, $2, u.trace, u.rdfi, u.company
  FROM unnest ($3::bigint[], $4::text[], $5::text[], $6::text[])
    AS u (reversal, trace, rdfi, company)
)sql"};

constexpr pg::Query kFindEntries{"payments_find_reversal_entries", R"sql(
  SELECT e.book_id, e.reversal_id, e.trace, e.rdfi, e.company_id, r.amount_cents
  FROM payments.reversal_entry AS e
    JOIN payments.reversal AS r ON r.book_id = e.book_id AND r.reversal_id = e.reversal_id
  WHERE e.book_id = ANY ($1::bigint[]) AND e.trace = ANY ($2::text[])
  ORDER BY e.reversal_id DESC
)sql"};

constexpr pg::Query kLoadDue{"payments_load_reversals_due", R"sql(
  SELECT r.reversal_id, d.payment_key, r.amount_cents, r.effective_date, r.state = 7
  FROM payments.reversal AS r
    JOIN payments.disbursement AS d
      ON d.book_id = r.book_id AND d.disbursement_id = r.disbursement_id
    JOIN payments.run AS n ON n.book_id = d.book_id AND n.run_id = d.run_id
    JOIN payments.pool AS p ON p.book_id = n.book_id AND p.pool_id = n.pool_id
  WHERE r.book_id = $1 AND p.bank_account_id = $2
    AND (r.state = 3
      OR (r.state = 7 AND r.line_id IS NOT NULL
        AND NOT EXISTS (
          SELECT 1
          FROM payments.bank_line_match AS m
          WHERE m.book_id = r.book_id AND m.kind = 13 AND m.target_id = r.reversal_id
            AND m.line_id <> r.line_id)))
  ORDER BY r.reversal_id
)sql"};

Reversal ReversalOf(const pg::Row& row) {
  return {.id = row.Get<ReversalId>(0),
          .payment = row.Get<DisbursementId>(1),
          .payee = row.Get<PayeeId>(2),
          .amount = row.Get<Money>(3),
          .reason = static_cast<ReversalReason>(row.Get<std::int16_t>(4)),
          .duplicate_of = row.Get<std::optional<DisbursementId>>(5),
          .detail = row.Get<std::string>(6),
          .last_day = row.Get<Date>(7),
          .requested_by = row.Get<UserId>(8),
          .requested_at = row.Get<Instant>(9),
          .state = static_cast<ReversalState>(row.Get<std::int16_t>(10)),
          .decided_by = row.Get<std::optional<UserId>>(11),
          .file = row.Get<std::optional<PaymentFileId>>(12),
          .effective_date = row.Get<std::optional<Date>>(13),
          .credited_on = row.Get<std::optional<Date>>(14),
          .result = row.Get<std::string>(15)};
}

std::vector<Reversal> ReversalsOf(const pg::Result& result) {
  std::vector<Reversal> reversals;
  for (int i = 0; i < result.Size(); ++i) reversals.push_back(ReversalOf(result[i]));
  return reversals;
}

}  // namespace

Status InsertReversal(pg::Transaction& tx, BookId book, const Reversal& reversal) {
  if (tx.Execute(kInsertReversal, book, reversal.id, reversal.payment, reversal.payee,
                 reversal.amount, Stored(reversal.reason), reversal.duplicate_of, reversal.detail,
                 reversal.last_day, reversal.requested_by, reversal.requested_at) != 1) {
    return AlreadyExists("payment {} has a reversal already", PaymentKeyOf(reversal.payment));
  }
  return OkStatus();
}

std::optional<Reversal> FindReversal(pg::Transaction& tx, BookId book, ReversalId id) {
  const pg::Result result = tx.Query(kFindReversal, book, id);
  if (result.Empty()) return std::nullopt;
  return ReversalOf(result[0]);
}

std::optional<Reversal> LockReversal(pg::Transaction& tx, BookId book, ReversalId id) {
  const pg::Result result = tx.Query(kLock, book, id);
  if (result.Empty()) return std::nullopt;
  return ReversalOf(result[0]);
}

std::vector<Reversal> LockReversals(pg::Transaction& tx, BookId book, ReversalState state) {
  return ReversalsOf(tx.Query(kLockInState, book, Stored(state)));
}

std::vector<Reversal> LoadReversals(pg::Transaction& tx, BookId book, bool all) {
  return ReversalsOf(tx.Query(kLoad, book, all));
}

std::vector<Reversal> LoadReversalsOfFile(pg::Transaction& tx, BookId book, PaymentFileId file) {
  return ReversalsOf(tx.Query(kLoadReversalsOfFile, book, file));
}

void DecideReversal(pg::Transaction& tx, BookId book, ReversalId id, ReversalState to,
                    const std::string& result, const Recorded& recorded) {
  tx.Execute(kDecide, book, id, Stored(to), result, recorded.by, recorded.at);
}

void PutReversalsInFile(pg::Transaction& tx, BookId book, std::span<const ReversalId> ids,
                        PaymentFileId file, Date effective_date) {
  tx.Execute(kPutInFile, book, ids, file, effective_date);
}

bool MoveReversal(pg::Transaction& tx, BookId book, ReversalId id, ReversalState from,
                  ReversalState to, const std::string& result) {
  return tx.Execute(kMove, book, id, Stored(from), Stored(to), result) == 1;
}

bool CreditReversal(pg::Transaction& tx, BookId book, ReversalId id, Date on, std::int64_t line) {
  return tx.Execute(kCredit, book, id, on, line) == 1;
}

void InsertReversalEntries(pg::Transaction& tx, BookId book, PaymentFileId file,
                           std::span<const ReversalEntry> entries) {
  tx.Execute(kInsertReversalEntries, book, file, Pluck(entries, &ReversalEntry::reversal),
             Pluck(entries, &ReversalEntry::trace), Pluck(entries, &ReversalEntry::rdfi),
             Pluck(entries, &ReversalEntry::company_id));
}

std::vector<SentReversal> FindReversalEntries(pg::Transaction& tx, std::span<const BookId> books,
                                              std::span<const std::string> traces) {
  const pg::Result result = tx.Query(kFindEntries, books, traces);
  std::vector<SentReversal> found;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    found.push_back({.book = row.Get<BookId>(0),
                     .entry = {.reversal = row.Get<ReversalId>(1),
                               .trace = row.Get<std::string>(2),
                               .rdfi = row.Get<std::string>(3),
                               .company_id = row.Get<std::string>(4)},
                     .amount = row.Get<Money>(5)});
  }
  return found;
}

std::vector<ReversalDue> LoadReversalsDue(pg::Transaction& tx, BookId book, BankAccountId account) {
  const pg::Result result = tx.Query(kLoadDue, book, account);
  std::vector<ReversalDue> due;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    due.push_back({.reversal = row.Get<ReversalId>(0),
                   .payment_key = row.Get<std::string>(1),
                   .amount = row.Get<Money>(2),
                   .effective_date = row.Get<Date>(3),
                   .taken_back = row.Get<bool>(4)});
  }
  return due;
}

}  // namespace sluice::payments
