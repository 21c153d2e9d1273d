#include "payments/checks/check_store.h"

#include "core/check.h"
#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertStock{"checks_insert_stock", R"sql(
  INSERT INTO payments.check_stock (book_id, bank_account_id, first_number, last_number,
    next_number, recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql"};

constexpr pg::Query kLoadStocks{"checks_load_stocks", R"sql(
  SELECT bank_account_id, first_number, last_number, next_number
  FROM payments.check_stock
  WHERE book_id = $1
  ORDER BY bank_account_id, first_number
)sql"};

constexpr pg::Query kLockStocks{"checks_lock_stocks", R"sql(
  SELECT bank_account_id, first_number, last_number, next_number
  FROM payments.check_stock
  WHERE book_id = $1 AND bank_account_id = $2
  ORDER BY first_number
  FOR UPDATE
)sql"};

constexpr pg::Query kSetNext{"checks_set_next_number", R"sql(
  UPDATE payments.check_stock
  SET next_number = $4
  WHERE book_id = $1 AND bank_account_id = $2 AND first_number = $3
)sql"};

// In the order of their numbers: each names the one before it.
constexpr pg::Query kInsertChecks{"checks_insert", R"sql(
  INSERT INTO payments.check_issue (book_id, bank_account_id, check_number, stock_first,
    previous_number, disbursement_id, run_id, payee_id, payee_name, amount_cents, issued_on,
    file_id, state, recorded_at)
  SELECT $1, u.account, u.number, u.stock, NULLIF(u.number - 1, u.stock - 1), u.payment, u.run,
    u.payee, u.name, u.cents, u.day, u.file, 0, $12
  FROM unnest ($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
    $7::bigint[], $8::text[], $9::bigint[], $10::date[], $11::bigint[])
    AS u (account, number, stock, payment, run, payee, name, cents, day, file)
  ORDER BY u.account, u.number
)sql"};

constexpr pg::Query kInsertFirstEvents{"checks_insert_first_events", R"sql(
  INSERT INTO payments.check_event (book_id, bank_account_id, check_number, event_no, state,
    happened_on, actor_id, reason, recorded_at)
  SELECT $1, u.account, u.number, 1, 0, u.day, $5, 'issued', $6
  FROM unnest ($2::bigint[], $3::bigint[], $4::date[]) AS u (account, number, day)
)sql"};

constexpr pg::Query kLoadChecks{"checks_load", R"sql(
  SELECT bank_account_id, check_number, stock_first, disbursement_id, run_id, payee_id, payee_name,
    amount_cents, issued_on, file_id, state, void_file_id
  FROM payments.check_issue
  WHERE book_id = $1 AND ($2::smallint IS NULL OR state = $2)
  ORDER BY bank_account_id, check_number
)sql"};

constexpr pg::Query kChecksOfRun{"checks_load_of_run", R"sql(
  SELECT bank_account_id, check_number, stock_first, disbursement_id, run_id, payee_id, payee_name,
    amount_cents, issued_on, file_id, state, void_file_id
  FROM payments.check_issue
  WHERE book_id = $1 AND run_id = $2
  ORDER BY bank_account_id, check_number
)sql"};

constexpr pg::Query kChecksOfFile{"checks_load_of_file", R"sql(
  SELECT bank_account_id, check_number, stock_first, disbursement_id, run_id, payee_id, payee_name,
    amount_cents, issued_on, file_id, state, void_file_id
  FROM payments.check_issue
  WHERE book_id = $1 AND (file_id = $2 OR void_file_id = $2)
  ORDER BY bank_account_id, check_number
)sql"};

// Payment state 3 is SENT.
constexpr pg::Query kFindChecks{"checks_find", R"sql(
  SELECT k.bank_account_id, k.check_number, k.stock_first, k.disbursement_id, k.run_id, k.payee_id,
    k.payee_name, k.amount_cents, k.issued_on, k.file_id, k.state, k.void_file_id, d.state = 3
  FROM payments.check_issue AS k
  JOIN payments.disbursement AS d
    ON d.book_id = $1 AND d.disbursement_id = k.disbursement_id
  WHERE k.book_id = $1 AND k.bank_account_id = $2 AND k.check_number = ANY ($3::bigint[])
  ORDER BY k.check_number
)sql"};

constexpr pg::Query kLockChecks{"checks_lock_many", R"sql(
  SELECT k.bank_account_id, k.check_number, k.stock_first, k.disbursement_id, k.run_id, k.payee_id,
    k.payee_name, k.amount_cents, k.issued_on, k.file_id, k.state, k.void_file_id, d.state = 3
  FROM payments.check_issue AS k
  JOIN payments.disbursement AS d
    ON d.book_id = $1 AND d.disbursement_id = k.disbursement_id
  WHERE k.book_id = $1 AND k.bank_account_id = $2 AND k.check_number = ANY ($3::bigint[])
  ORDER BY k.check_number
  FOR UPDATE OF k
)sql"};

constexpr pg::Query kLockCheck{"checks_lock", R"sql(
  SELECT bank_account_id, check_number, stock_first, disbursement_id, run_id, payee_id, payee_name,
    amount_cents, issued_on, file_id, state, void_file_id
  FROM payments.check_issue
  WHERE book_id = $1 AND bank_account_id = $2 AND check_number = $3
  FOR UPDATE
)sql"};

constexpr pg::Query kMoveCheck{"checks_move", R"sql(
  UPDATE payments.check_issue
  SET state = $4
  WHERE book_id = $1 AND bank_account_id = $2 AND check_number = $3
)sql"};

constexpr pg::Query kInsertCheckEvent{"checks_insert_event", R"sql(
  INSERT INTO payments.check_event (book_id, bank_account_id, check_number, event_no, state,
    happened_on, actor_id, second_id, reason, journal_id, recorded_at)
  SELECT $1, $2, $3,
    (SELECT COALESCE(max(e.event_no), 0) + 1 FROM payments.check_event AS e
     WHERE e.book_id = $1 AND e.bank_account_id = $2 AND e.check_number = $3),
    $4, $5, $6, $7, $8, $9, $10
)sql"};

constexpr pg::Query kLoadCheckEvents{"checks_load_events", R"sql(
  SELECT event_no, state, happened_on, actor_id, second_id, reason, journal_id, recorded_at
  FROM payments.check_event
  WHERE book_id = $1 AND bank_account_id = $2 AND check_number = $3
  ORDER BY event_no
)sql"};

constexpr pg::Query kSetVoidFile{"checks_set_void_file", R"sql(
  UPDATE payments.check_issue
  SET void_file_id = $4
  WHERE book_id = $1 AND bank_account_id = $2 AND check_number = ANY ($3::bigint[])
)sql"};

constexpr pg::Query kSpoil{"checks_spoil", R"sql(
  UPDATE payments.check_issue
  SET state = 4
  WHERE book_id = $1 AND disbursement_id = ANY ($2::bigint[]) AND state = 0
)sql"};

constexpr pg::Query kSpoilEvents{"checks_spoil_events", R"sql(
  INSERT INTO payments.check_event (book_id, bank_account_id, check_number, event_no, state,
    happened_on, actor_id, reason, recorded_at)
  SELECT $1, k.bank_account_id, k.check_number, 2, 4, $3, $4,
    'the payee was stopped after the approval', $5
  FROM payments.check_issue AS k
  WHERE k.book_id = $1 AND k.disbursement_id = ANY ($2::bigint[]) AND k.state = 4
)sql"};

constexpr pg::Query kInsertReplacements{"checks_insert_replacements", R"sql(
  INSERT INTO payments.check_replacement (book_id, bank_account_id, check_number,
    replaced_account_id, replaced_number)
  SELECT DISTINCT $1::bigint, k.bank_account_id, k.check_number, old.bank_account_id,
    old.check_number
  FROM payments.obligation_claim AS c
  JOIN payments.check_issue AS k ON k.book_id = $1 AND k.disbursement_id = c.disbursement_id
  JOIN payments.obligation_claim AS o
    ON o.book_id = $1 AND o.obligation_id = c.obligation_id AND o.attempt_no = (
      SELECT max(x.attempt_no)
      FROM payments.obligation_claim AS x
      JOIN payments.check_issue AS y ON y.book_id = $1 AND y.disbursement_id = x.disbursement_id
      WHERE x.book_id = $1 AND x.obligation_id = c.obligation_id AND x.attempt_no < c.attempt_no)
  JOIN payments.check_issue AS old
    ON old.book_id = $1 AND old.disbursement_id = o.disbursement_id
  WHERE c.book_id = $1 AND c.disbursement_id = ANY ($2::bigint[]) AND c.live
  ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kLoadReplacements{"checks_load_replacements", R"sql(
  SELECT bank_account_id, check_number, replaced_account_id, replaced_number
  FROM payments.check_replacement
  WHERE book_id = $1
  ORDER BY bank_account_id, check_number, replaced_account_id, replaced_number
)sql"};

constexpr pg::Query kInsertChoice{"checks_insert_choice", R"sql(
  INSERT INTO payments.check_choice (book_id, run_id, payee_id, reason, chosen_by, chosen_at)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (book_id, run_id, payee_id) DO NOTHING
)sql"};

constexpr pg::Query kLoadChoices{"checks_load_choices", R"sql(
  SELECT payee_id
  FROM payments.check_choice
  WHERE book_id = $1 AND run_id = $2
)sql"};

std::vector<CheckStock> StocksOf(const pg::Result& result) {
  std::vector<CheckStock> stocks;
  for (int i = 0; i < result.Size(); ++i) {
    stocks.push_back({.account = result[i].Get<BankAccountId>(0),
                      .first_number = result[i].Get<std::int64_t>(1),
                      .last_number = result[i].Get<std::int64_t>(2),
                      .next_number = result[i].Get<std::int64_t>(3)});
  }
  return stocks;
}

std::vector<CheckRow> ChecksOf(const pg::Result& result) {
  std::vector<CheckRow> rows;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    rows.push_back({.account = row.Get<BankAccountId>(0),
                    .number = row.Get<std::int64_t>(1),
                    .stock_first = row.Get<std::int64_t>(2),
                    .disbursement = row.Get<DisbursementId>(3),
                    .run = row.Get<RunId>(4),
                    .payee = row.Get<PayeeId>(5),
                    .payee_name = row.Get<std::string>(6),
                    .amount = row.Get<Money>(7),
                    .issued_on = row.Get<Date>(8),
                    .file = row.Get<PaymentFileId>(9),
                    .state = static_cast<CheckState>(row.Get<std::int16_t>(10)),
                    .void_file = row.Get<std::optional<PaymentFileId>>(11)});
  }
  return rows;
}

std::vector<CheckAtBank> ChecksAtBankOf(const pg::Result& result) {
  std::vector<CheckAtBank> rows;
  for (CheckRow& check : ChecksOf(result)) rows.push_back({.check = std::move(check)});
  for (int i = 0; i < result.Size(); ++i) {
    rows[static_cast<std::size_t>(i)].sent = result[i].Get<bool>(12);
  }
  return rows;
}

}  // namespace

void InsertCheckStock(pg::Transaction& tx, BookId book, const CheckStock& stock,
                      const Recorded& recorded) {
  tx.Execute(kInsertStock, book, stock.account, stock.first_number, stock.last_number,
             stock.next_number, recorded.by, recorded.at);
}

std::vector<CheckStock> LoadCheckStocks(pg::Transaction& tx, BookId book) {
  return StocksOf(tx.Query(kLoadStocks, book));
}

std::vector<CheckStock> LockCheckStocks(pg::Transaction& tx, BookId book, BankAccountId account) {
  return StocksOf(tx.Query(kLockStocks, book, account));
}

void SetNextCheckNumber(pg::Transaction& tx, BookId book, const CheckStock& stock) {
  tx.Execute(kSetNext, book, stock.account, stock.first_number, stock.next_number);
}

void InsertChecks(pg::Transaction& tx, BookId book, std::span<const CheckRow> rows,
                  const Recorded& recorded) {
  if (rows.empty()) return;
  tx.Execute(kInsertChecks, book, Pluck(rows, &CheckRow::account), Pluck(rows, &CheckRow::number),
             Pluck(rows, &CheckRow::stock_first), Pluck(rows, &CheckRow::disbursement),
             Pluck(rows, &CheckRow::run), Pluck(rows, &CheckRow::payee),
             Pluck(rows, &CheckRow::payee_name), Pluck(rows, &CheckRow::amount),
             Pluck(rows, &CheckRow::issued_on), Pluck(rows, &CheckRow::file), recorded.at);
  tx.Execute(kInsertFirstEvents, book, Pluck(rows, &CheckRow::account),
             Pluck(rows, &CheckRow::number), Pluck(rows, &CheckRow::issued_on), recorded.by,
             recorded.at);
}

std::vector<CheckRow> LoadChecks(pg::Transaction& tx, BookId book,
                                 std::optional<CheckState> state) {
  std::optional<std::int16_t> stored;
  if (state) stored = Stored(*state);
  return ChecksOf(tx.Query(kLoadChecks, book, stored));
}

std::vector<CheckRow> LoadChecksOfRun(pg::Transaction& tx, BookId book, RunId run) {
  return ChecksOf(tx.Query(kChecksOfRun, book, run));
}

std::vector<CheckRow> LoadChecksOfFile(pg::Transaction& tx, BookId book, PaymentFileId file) {
  return ChecksOf(tx.Query(kChecksOfFile, book, file));
}

std::vector<CheckAtBank> FindChecks(pg::Transaction& tx, BookId book, BankAccountId account,
                                    std::span<const std::int64_t> numbers) {
  if (numbers.empty()) return {};
  return ChecksAtBankOf(tx.Query(kFindChecks, book, account, numbers));
}

std::vector<RegisteredCheck> RegisteredChecksOf(std::span<const CheckAtBank> checks) {
  std::vector<RegisteredCheck> registered;
  for (const auto& [check, sent] : checks) {
    registered.push_back({check.number, check.amount, check.state, sent});
  }
  return registered;
}

std::vector<CheckAtBank> LockChecks(pg::Transaction& tx, BookId book, BankAccountId account,
                                    std::span<const std::int64_t> numbers) {
  if (numbers.empty()) return {};
  return ChecksAtBankOf(tx.Query(kLockChecks, book, account, numbers));
}

std::optional<CheckRow> LockCheck(pg::Transaction& tx, BookId book, BankAccountId account,
                                  std::int64_t number) {
  auto rows = ChecksOf(tx.Query(kLockCheck, book, account, number));
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

void MoveCheck(pg::Transaction& tx, BookId book, CheckRow& row, const CheckEvent& event) {
  CHECK(tx.Execute(kMoveCheck, book, row.account, row.number, Stored(event.state)) == 1);
  tx.Execute(kInsertCheckEvent, book, row.account, row.number, Stored(event.state),
             event.happened_on, event.recorded.by, event.second, event.reason, event.journal_id,
             event.recorded.at);
  row.state = event.state;
}

std::vector<CheckEvent> LoadCheckEvents(pg::Transaction& tx, BookId book, BankAccountId account,
                                        std::int64_t number) {
  const pg::Result result = tx.Query(kLoadCheckEvents, book, account, number);
  std::vector<CheckEvent> events;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    events.push_back({.event_no = row.Get<std::int32_t>(0),
                      .state = static_cast<CheckState>(row.Get<std::int16_t>(1)),
                      .happened_on = row.Get<Date>(2),
                      .second = row.Get<std::optional<UserId>>(4),
                      .reason = row.Get<std::string>(5),
                      .journal_id = row.Get<std::optional<Uuid>>(6),
                      .recorded = {row.Get<UserId>(3), row.Get<Instant>(7)}});
  }
  return events;
}

void SetVoidFile(pg::Transaction& tx, BookId book, std::span<const CheckRow> rows,
                 PaymentFileId file) {
  if (rows.empty()) return;
  tx.Execute(kSetVoidFile, book, rows.front().account, Pluck(rows, &CheckRow::number), file);
}

void SpoilChecks(pg::Transaction& tx, BookId book, std::span<const DisbursementId> payments,
                 Date on, const Recorded& recorded) {
  if (payments.empty()) return;
  tx.Execute(kSpoil, book, payments);
  tx.Execute(kSpoilEvents, book, payments, on, recorded.by, recorded.at);
}

void InsertCheckReplacements(pg::Transaction& tx, BookId book,
                             std::span<const DisbursementId> payments) {
  if (!payments.empty()) tx.Execute(kInsertReplacements, book, payments);
}

std::vector<CheckReplacement> LoadCheckReplacements(pg::Transaction& tx, BookId book) {
  const pg::Result result = tx.Query(kLoadReplacements, book);
  std::vector<CheckReplacement> rows;
  for (int i = 0; i < result.Size(); ++i) {
    rows.push_back({.account = result[i].Get<BankAccountId>(0),
                    .replaced_account = result[i].Get<BankAccountId>(2),
                    .number = result[i].Get<std::int64_t>(1),
                    .replaced_number = result[i].Get<std::int64_t>(3)});
  }
  return rows;
}

void InsertCheckChoice(pg::Transaction& tx, const Run& run, PayeeId payee,
                       const std::string& reason, const Recorded& recorded) {
  tx.Execute(kInsertChoice, run.book, run.id, payee, reason, recorded.by, recorded.at);
}

std::set<PayeeId> LoadCheckChoices(pg::Transaction& tx, BookId book, RunId run) {
  const auto payees = tx.Query(kLoadChoices, book, run).All<PayeeId>();
  return {payees.begin(), payees.end()};
}

}  // namespace sluice::payments
