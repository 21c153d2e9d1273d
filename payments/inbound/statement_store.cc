#include "payments/inbound/statement_store.h"

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertDeposit{"inbound_insert_deposit_account", R"sql(
  INSERT INTO payments.deposit_account (payer_id, bank_account_id, book_id, account_blind, last4,
    recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kLoadDeposits{"inbound_load_deposit_accounts", R"sql(
  SELECT bank_account_id, book_id, account_blind, last4
  FROM payments.deposit_account
  WHERE payer_id = $1
  ORDER BY bank_account_id
)sql"};

constexpr pg::Query kLoadPools{"inbound_load_pools", R"sql(
  SELECT pool_id, name, bank_account_id
  FROM payments.pool
  WHERE book_id = $1
  ORDER BY name
)sql"};

constexpr pg::Query kInsertStatement{"inbound_insert_statement", R"sql(
  INSERT INTO payments.bank_statement (book_id, bank_account_id, as_of, file_id, item_no,
    opening_cents, closing_cents, available_cents, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (book_id, bank_account_id, as_of, file_id, item_no) DO NOTHING
)sql"};

constexpr pg::Query kLatestStatements{"inbound_latest_statements", R"sql(
  SELECT DISTINCT ON (bank_account_id) bank_account_id, as_of, file_id, item_no, opening_cents,
    closing_cents, available_cents
  FROM payments.bank_statement
  WHERE book_id = $1
  ORDER BY bank_account_id, as_of DESC, recorded_at DESC
)sql"};

constexpr pg::Query kLinesOfDay{"inbound_lines_of_day", R"sql(
  SELECT line_id, bank_account_id, as_of, type_code, direction, amount_cents, bank_reference,
    customer_reference, information, occurrence, file_id, item_no, journal_id, state
  FROM payments.bank_line
  WHERE book_id = $1 AND bank_account_id = $2 AND as_of = $3
  ORDER BY line_id
)sql"};

constexpr pg::Query kLockOpenLines{"inbound_lock_open_lines", R"sql(
  SELECT line_id, bank_account_id, as_of, type_code, direction, amount_cents, bank_reference,
    customer_reference, information, occurrence, file_id, item_no, journal_id, state
  FROM payments.bank_line
  WHERE book_id = $1 AND bank_account_id = $2 AND state = 0
  ORDER BY line_id
  FOR UPDATE
)sql"};

constexpr pg::Query kLoadOpenLines{"inbound_load_open_lines", R"sql(
  SELECT line_id, bank_account_id, as_of, type_code, direction, amount_cents, bank_reference,
    customer_reference, information, occurrence, file_id, item_no, journal_id, state
  FROM payments.bank_line
  WHERE book_id = $1 AND state = 0
  ORDER BY as_of, line_id
)sql"};

constexpr pg::Query kInsertLines{"inbound_insert_bank_lines", R"sql(
  INSERT INTO payments.bank_line (book_id, line_id, bank_account_id, as_of, type_code, direction,
    amount_cents, bank_reference, customer_reference, information, occurrence, file_id, item_no,
    journal_id, state, recorded_at)
  SELECT $1, u.id, u.account, u.day, u.code, u.direction, u.cents, u.bank, u.customer, u.text,
    u.occurrence, u.file, u.item, u.journal, u.state, $16
  FROM unnest ($2::bigint[], $3::bigint[], $4::date[], $5::text[], $6::smallint[], $7::bigint[],
    $8::text[], $9::text[], $10::text[], $11::int[], $12::bigint[], $13::int[], $14::uuid[],
    $15::smallint[])
    AS u (id, account, day, code, direction, cents, bank, customer, text, occurrence, file, item,
      journal, state)
)sql"};

constexpr pg::Query kInsertMatches{"inbound_insert_line_matches", R"sql(
  INSERT INTO payments.bank_line_match (book_id, line_id, match_no, kind, target_id, journal_id,
    amount_cents, rule, matched_by, matched_at)
  SELECT $1, u.line, u.number, u.kind, u.target, u.journal, u.cents, u.rule, $9, $10
  FROM unnest ($2::bigint[], $3::int[], $4::smallint[], $5::bigint[], $6::uuid[], $7::bigint[],
    $8::text[]) AS u (line, number, kind, target, journal, cents, rule)
)sql"};

constexpr pg::Query kCloseLines{"inbound_close_bank_lines", R"sql(
  UPDATE payments.bank_line
  SET state = 1
  WHERE book_id = $1 AND line_id = ANY ($2::bigint[]) AND state = 0
)sql"};

// Class 1 is CASH; events 1 and 2 are BANK_CREDIT, which debits it, and BANK_DEBIT.
constexpr pg::Query kUnexplainedCash{"inbound_unexplained_cash", R"sql(
  SELECT j.journal_id, t.event, t.amount_cents, t.effective_date
  FROM payments.account AS a
  JOIN payments.transfer AS t
    ON t.book_id = $1 AND t.event IN (1, 2)
      AND (t.debit_account_id = a.account_id OR t.credit_account_id = a.account_id)
  JOIN payments.journal AS j
    ON j.book_id = $1 AND j.batch_seq = t.batch_seq AND j.ordinal = t.journal_ordinal
  WHERE a.book_id = $1 AND a.class = 1 AND a.owner_key = $2
    AND NOT EXISTS (
      SELECT 1 FROM payments.bank_line AS l
      WHERE l.book_id = $1 AND l.journal_id = j.journal_id)
    AND NOT EXISTS (
      SELECT 1 FROM payments.bank_line_match AS m
      WHERE m.book_id = $1 AND m.kind = 3 AND m.journal_id = j.journal_id)
  ORDER BY t.batch_seq, t.position
)sql"};

// Class 12 is IN_TRANSIT; file states 3 and 5 are DELIVERED and ACKED.
constexpr pg::Query kFilesInTransit{"inbound_files_in_transit", R"sql(
  SELECT f.file_id, f.run_id, f.name, b.credits_posted - b.debits_posted, r.effective_date
  FROM payments.payment_file AS f
  JOIN payments.run AS r ON r.book_id = $1 AND r.run_id = f.run_id
  JOIN payments.pool AS p ON p.book_id = $1 AND p.pool_id = r.pool_id
  JOIN payments.account AS a
    ON a.book_id = $1 AND a.class = 12 AND a.owner_key = 'file:' || f.file_id
  JOIN payments.account_balance AS b ON b.book_id = $1 AND b.account_id = a.account_id
  WHERE f.book_id = $1 AND f.kind = 1 AND f.state IN (3, 5) AND p.bank_account_id = $2
    AND b.credits_posted > b.debits_posted
  ORDER BY f.file_id
)sql"};

// LATERAL looks each entry up by its key: a plain join was seen to walk a whole file for each.
// State 3: un-applied. Kinds 2 and 12: a line that brought the money, one that took it back. It is
// there when more brought than took. The money of a reversal was there before its notice.
constexpr pg::Query kReturnsDue{"inbound_returns_due", R"sql(
  SELECT x.disbursement_id, d.payment_key, lpad(e.trace::text, 7, '0'), x.amount_cents,
    x.returned_on, x.state = 3
  FROM payments.returned_payment AS x
  JOIN payments.disbursement AS d
    ON d.book_id = $1 AND d.disbursement_id = x.disbursement_id
  CROSS JOIN LATERAL (
    SELECT f.trace
    FROM payments.file_entry AS f
    WHERE f.book_id = $1 AND f.file_id = d.file_id AND f.disbursement_id = d.disbursement_id
    OFFSET 0
  ) AS e
  JOIN payments.run AS r ON r.book_id = $1 AND r.run_id = d.run_id
  JOIN payments.pool AS p ON p.book_id = $1 AND p.pool_id = r.pool_id
  WHERE x.book_id = $1 AND NOT x.rejected AND x.code <> 'REVERSED' AND p.bank_account_id = $2
    AND (x.state = 3) = (
      SELECT count(*) FILTER (WHERE m.kind = 2) > count(*) FILTER (WHERE m.kind = 12)
      FROM payments.bank_line_match AS m
      WHERE m.book_id = $1 AND m.kind IN (2, 12) AND m.target_id = x.disbursement_id)
  ORDER BY x.returned_on, x.disbursement_id
)sql"};

std::vector<BankLineRow> LinesOf(const pg::Result& result) {
  std::vector<BankLineRow> lines;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    lines.push_back({.id = row.Get<std::int64_t>(0),
                     .account = row.Get<BankAccountId>(1),
                     .as_of = row.Get<Date>(2),
                     .type_code = row.Get<std::string>(3),
                     .direction = static_cast<BankDirection>(row.Get<std::int16_t>(4)),
                     .amount = row.Get<Money>(5),
                     .bank_reference = row.Get<std::string>(6),
                     .customer_reference = row.Get<std::string>(7),
                     .information = row.Get<std::string>(8),
                     .occurrence = row.Get<std::int32_t>(9),
                     .file = row.Get<InboundFileId>(10),
                     .item_no = row.Get<std::int32_t>(11),
                     .journal_id = row.Get<std::optional<Uuid>>(12),
                     .matched = row.Get<std::int16_t>(13) == 1});
  }
  return lines;
}

}  // namespace

bool InsertDepositAccount(pg::Transaction& tx, PayerId payer, const DepositAccount& account,
                          const Recorded& recorded) {
  return tx.Execute(kInsertDeposit, payer, account.account, account.book, account.blind,
                    account.last4, recorded.by, recorded.at) == 1;
}

std::vector<DepositAccount> LoadDepositAccounts(pg::Transaction& tx, PayerId payer) {
  const pg::Result result = tx.Query(kLoadDeposits, payer);
  std::vector<DepositAccount> accounts;
  for (int i = 0; i < result.Size(); ++i) {
    accounts.push_back({result[i].Get<BankAccountId>(0), result[i].Get<BookId>(1),
                        result[i].Get<Digest>(2), result[i].Get<std::string>(3)});
  }
  return accounts;
}

std::vector<Pool> LoadPoolsOf(pg::Transaction& tx, BookId book) {
  const pg::Result result = tx.Query(kLoadPools, book);
  std::vector<Pool> pools;
  for (int i = 0; i < result.Size(); ++i) {
    pools.push_back({.id = result[i].Get<PoolId>(0),
                     .book = book,
                     .name = result[i].Get<std::string>(1),
                     .bank_account = result[i].Get<BankAccountId>(2)});
  }
  return pools;
}

void InsertStatement(pg::Transaction& tx, BookId book, const StatementRow& row, Instant at) {
  tx.Execute(kInsertStatement, book, row.account, row.as_of, row.file, row.item_no, row.opening,
             row.closing, row.available, at);
}

std::vector<StatementRow> LoadLatestStatements(pg::Transaction& tx, BookId book) {
  const pg::Result result = tx.Query(kLatestStatements, book);
  std::vector<StatementRow> rows;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    rows.push_back({.account = row.Get<BankAccountId>(0),
                    .as_of = row.Get<Date>(1),
                    .file = row.Get<InboundFileId>(2),
                    .item_no = row.Get<std::int32_t>(3),
                    .opening = row.Get<std::optional<Money>>(4),
                    .closing = row.Get<std::optional<Money>>(5),
                    .available = row.Get<std::optional<Money>>(6)});
  }
  return rows;
}

std::vector<BankLineRow> LoadLinesOfDay(pg::Transaction& tx, BookId book, BankAccountId account,
                                        Date as_of) {
  return LinesOf(tx.Query(kLinesOfDay, book, account, as_of));
}

std::vector<BankLineRow> LockOpenLines(pg::Transaction& tx, BookId book, BankAccountId account) {
  return LinesOf(tx.Query(kLockOpenLines, book, account));
}

std::vector<BankLineRow> LoadOpenLines(pg::Transaction& tx, BookId book) {
  return LinesOf(tx.Query(kLoadOpenLines, book));
}

void InsertBankLines(pg::Transaction& tx, BookId book, std::span<const BankLineRow> rows,
                     Instant at) {
  if (rows.empty()) return;
  using Row = BankLineRow;
  tx.Execute(
      kInsertLines, book, Pluck(rows, &Row::id), Pluck(rows, &Row::account),
      Pluck(rows, &Row::as_of), Pluck(rows, &Row::type_code),
      Pluck(rows, [](const Row& row) { return Stored(row.direction); }), Pluck(rows, &Row::amount),
      Pluck(rows, &Row::bank_reference), Pluck(rows, &Row::customer_reference),
      Pluck(rows, &Row::information), Pluck(rows, &Row::occurrence), Pluck(rows, &Row::file),
      Pluck(rows, &Row::item_no), Pluck(rows, &Row::journal_id),
      Pluck(rows, [](const Row& row) { return static_cast<std::int16_t>(row.matched); }), at);
}

void InsertLineMatches(pg::Transaction& tx, BookId book, std::span<const LineMatchRow> rows,
                       const Recorded& recorded) {
  if (rows.empty()) return;
  using Row = LineMatchRow;
  tx.Execute(kInsertMatches, book, Pluck(rows, &Row::line), Pluck(rows, &Row::match_no),
             Pluck(rows, [](const Row& row) { return Stored(row.kind); }),
             Pluck(rows, &Row::target), Pluck(rows, &Row::journal_id), Pluck(rows, &Row::amount),
             Pluck(rows, &Row::rule), recorded.by, recorded.at);
  tx.Execute(kCloseLines, book, Pluck(rows, &Row::line));
}

std::vector<CashJournal> LoadUnexplainedCash(pg::Transaction& tx, BookId book,
                                             BankAccountId account) {
  const pg::Result result = tx.Query(kUnexplainedCash, book, CashAccount(account).owner_key);
  std::vector<CashJournal> journals;
  for (int i = 0; i < result.Size(); ++i) {
    journals.push_back({.journal_id = result[i].Get<Uuid>(0),
                        .direction = result[i].Get<std::int16_t>(1) == 1 ? BankDirection::kCredit
                                                                         : BankDirection::kDebit,
                        .amount = result[i].Get<Money>(2),
                        .date = result[i].Get<Date>(3)});
  }
  return journals;
}

std::vector<FileInTransit> LoadFilesInTransit(pg::Transaction& tx, BookId book,
                                              BankAccountId account) {
  const pg::Result result = tx.Query(kFilesInTransit, book, account);
  std::vector<FileInTransit> files;
  for (int i = 0; i < result.Size(); ++i) {
    files.push_back({.file = result[i].Get<PaymentFileId>(0),
                     .run = result[i].Get<RunId>(1),
                     .name = result[i].Get<std::string>(2),
                     .amount = result[i].Get<Money>(3),
                     .effective_date = result[i].Get<Date>(4)});
  }
  return files;
}

std::vector<ReturnDue> LoadReturnsDue(pg::Transaction& tx, BookId book, BankAccountId account) {
  const pg::Result result = tx.Query(kReturnsDue, book, account);
  std::vector<ReturnDue> due;
  for (int i = 0; i < result.Size(); ++i) {
    due.push_back({.payment = result[i].Get<DisbursementId>(0),
                   .payment_key = result[i].Get<std::string>(1),
                   .trace = result[i].Get<std::string>(2),
                   .amount = result[i].Get<Money>(3),
                   .returned_on = result[i].Get<Date>(4),
                   .taken_back = result[i].Get<bool>(5)});
  }
  return due;
}

}  // namespace sluice::payments
