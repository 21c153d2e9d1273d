#include "payments/inbound/return_store.h"

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kFindTraces{"inbound_find_sent_traces", R"sql(
  SELECT book_id, file_id, disbursement_id, trace
  FROM payments.file_entry
  WHERE book_id = ANY ($1::bigint[]) AND trace = ANY ($2::bigint[])
  ORDER BY book_id, file_id, trace
)sql"};

constexpr pg::Query kLockDisbursements{"inbound_lock_disbursements", R"sql(
  SELECT disbursement_id, run_id, payee_id, rail, account_id, account_version, payment_key,
    amount_cents, effective_date, file_id, state
  FROM payments.disbursement
  WHERE book_id = $1 AND disbursement_id = ANY ($2::bigint[])
  ORDER BY disbursement_id
  FOR UPDATE
)sql"};

constexpr pg::Query kRunsOfPayments{"inbound_runs_of_payments", R"sql(
  SELECT DISTINCT run_id
  FROM payments.disbursement
  WHERE book_id = $1 AND disbursement_id = ANY ($2::bigint[])
  ORDER BY run_id
)sql"};

constexpr pg::Query kInsertReturned{"inbound_insert_returned_payments", R"sql(
  INSERT INTO payments.returned_payment (book_id, disbursement_id, home_book_id, file_id, item_no,
    payee_id, code, actions, rejected, amount_cents, journal_id, returned_on, state, decision,
    recorded_by, recorded_at)
  SELECT $1, u.disbursement, u.home, u.file, u.item, u.payee, u.code, u.actions, u.rejected <> 0,
    u.cents, u.journal, u.day, 0, '', u.by, u.at
  FROM unnest ($2::bigint[], $3::bigint[], $4::bigint[], $5::int[], $6::bigint[], $7::text[],
    $8::smallint[], $9::smallint[], $10::bigint[], $11::uuid[], $12::date[], $13::bigint[],
    $14::timestamptz[])
    AS u (disbursement, home, file, item, payee, code, actions, rejected, cents, journal, day, by,
      at)
)sql"};

constexpr pg::Query kLoadReturned{"inbound_load_returned_payments", R"sql(
  SELECT disbursement_id, home_book_id, file_id, item_no, payee_id, code, actions, rejected,
    amount_cents, journal_id, returned_on, state, decision, recorded_by, recorded_at
  FROM payments.returned_payment
  WHERE book_id = $1 AND disbursement_id = ANY ($2::bigint[])
  ORDER BY disbursement_id
)sql"};

constexpr pg::Query kLoadOpenReturned{"inbound_load_open_returned_payments", R"sql(
  SELECT disbursement_id, home_book_id, file_id, item_no, payee_id, code, actions, rejected,
    amount_cents, journal_id, returned_on, state, decision, recorded_by, recorded_at
  FROM payments.returned_payment
  WHERE book_id = $1 AND state = 0
  ORDER BY returned_on, disbursement_id
)sql"};

constexpr pg::Query kLockReturned{"inbound_lock_returned_payment", R"sql(
  SELECT disbursement_id, home_book_id, file_id, item_no, payee_id, code, actions, rejected,
    amount_cents, journal_id, returned_on, state, decision, recorded_by, recorded_at
  FROM payments.returned_payment
  WHERE book_id = $1 AND disbursement_id = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kDecideReturned{"inbound_decide_returned_payment", R"sql(
  UPDATE payments.returned_payment
  SET state = $3, decided_by = $4, second_by = $5, decided_at = $6, decision = $7
  WHERE book_id = $1 AND disbursement_id = $2
)sql"};

constexpr pg::Query kReopenReturned{"inbound_reopen_returned_payment", R"sql(
  UPDATE payments.returned_payment
  SET state = 0, decided_by = NULL, second_by = NULL, decided_at = NULL, decision = ''
  WHERE book_id = $1 AND disbursement_id = $2
)sql"};

constexpr pg::Query kInsertDispute{"inbound_insert_return_dispute", R"sql(
  INSERT INTO payments.return_dispute (book_id, disbursement_id, seq_no, applied, journal_id, note,
    decided_by, second_by, decided_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

constexpr pg::Query kLoadDisputes{"inbound_load_return_disputes", R"sql(
  SELECT disbursement_id, seq_no, applied, journal_id, second_by, note
  FROM payments.return_dispute
  WHERE book_id = $1 AND disbursement_id = $2
  ORDER BY seq_no
)sql"};

constexpr pg::Query kObligationsOf{"inbound_obligations_of_payment", R"sql(
  SELECT obligation_id
  FROM payments.obligation_claim
  WHERE book_id = $1 AND disbursement_id = $2
  ORDER BY obligation_id
)sql"};

constexpr pg::Query kPaymentChain{"inbound_payment_chain", R"sql(
  SELECT c.disbursement_id
  FROM payments.obligation_claim AS o
  JOIN payments.obligation_claim AS c ON c.book_id = $1 AND c.obligation_id = o.obligation_id
  WHERE o.book_id = $1 AND o.disbursement_id = $2
  GROUP BY c.disbursement_id
  ORDER BY min(c.attempt_no), c.disbursement_id
)sql"};

// Kind 2: an 835.
constexpr pg::Query kFindRemittanceFile{"inbound_find_remittance_file", R"sql(
  SELECT book_id, file_id, run_id
  FROM payments.payment_file
  WHERE book_id = ANY ($1::bigint[]) AND kind = 2 AND control_number = $2
  ORDER BY file_id DESC
  LIMIT 1
)sql"};

constexpr pg::Query kInsertNotice{"inbound_insert_account_change_notice", R"sql(
  INSERT INTO payments.account_change_notice (payer_id, home_book_id, file_id, item_no, payee_id,
    account_id, account_version, change_code, proposed_version, note, due_on, recorded_by,
    recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  ON CONFLICT (payer_id, home_book_id, file_id, item_no) DO NOTHING
)sql"};

constexpr pg::Query kLoadNotices{"inbound_load_account_change_notices", R"sql(
  SELECT home_book_id, file_id, item_no, payee_id, account_id, account_version, change_code,
    proposed_version, note, due_on
  FROM payments.account_change_notice
  WHERE payer_id = $1
  ORDER BY due_on, file_id, item_no
)sql"};

constexpr pg::Query kFindByBlindIndex{"inbound_find_accounts_by_blind_index", R"sql(
  SELECT account_id, version
  FROM payments.bank_account_secret
  WHERE payer_id = $1 AND blind_index = $2 AND payee_id = $3
  GROUP BY account_id, version
  ORDER BY account_id DESC, version DESC
)sql"};

ReturnedPayment ReturnedOf(const pg::Row& row) {
  return {.disbursement = row.Get<DisbursementId>(0),
          .home = row.Get<BookId>(1),
          .file = row.Get<InboundFileId>(2),
          .item_no = row.Get<std::int32_t>(3),
          .payee = row.Get<PayeeId>(4),
          .code = row.Get<std::string>(5),
          .actions = ReturnActions::FromStored(row.Get<std::int16_t>(6)),
          .rejected = row.Get<bool>(7),
          .amount = row.Get<Money>(8),
          .journal_id = row.Get<Uuid>(9),
          .returned_on = row.Get<Date>(10),
          .state = static_cast<ReturnedState>(row.Get<std::int16_t>(11)),
          .decision = row.Get<std::string>(12),
          .recorded_by = row.Get<UserId>(13),
          .recorded_at = row.Get<Instant>(14)};
}

}  // namespace

std::vector<SentTrace> FindSentTraces(pg::Transaction& tx, std::span<const BookId> books,
                                      std::span<const std::int64_t> sequences) {
  const pg::Result result = tx.Query(kFindTraces, books, sequences);
  std::vector<SentTrace> traces;
  traces.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    traces.push_back({result[i].Get<BookId>(0), result[i].Get<PaymentFileId>(1),
                      result[i].Get<DisbursementId>(2), result[i].Get<std::int64_t>(3)});
  }
  return traces;
}

std::vector<RunId> LoadRunsOfPayments(pg::Transaction& tx, BookId book,
                                      std::span<const DisbursementId> ids) {
  return tx.Query(kRunsOfPayments, book, ids).All<RunId>();
}

std::vector<Disbursement> LockDisbursements(pg::Transaction& tx, BookId book,
                                            std::span<const DisbursementId> ids) {
  return DisbursementsOf(tx.Query(kLockDisbursements, book, ids));
}

void InsertReturnedPayments(pg::Transaction& tx, BookId book,
                            std::span<const ReturnedPayment> rows) {
  using Row = ReturnedPayment;
  tx.Execute(
      kInsertReturned, book, Pluck(rows, &Row::disbursement), Pluck(rows, &Row::home),
      Pluck(rows, &Row::file), Pluck(rows, &Row::item_no), Pluck(rows, &Row::payee),
      Pluck(rows, &Row::code), Pluck(rows, [](const Row& row) { return row.actions.ToStored(); }),
      Pluck(rows, [](const Row& row) { return static_cast<std::int16_t>(row.rejected); }),
      Pluck(rows, &Row::amount), Pluck(rows, &Row::journal_id), Pluck(rows, &Row::returned_on),
      Pluck(rows, &Row::recorded_by), Pluck(rows, &Row::recorded_at));
}

std::map<DisbursementId, ReturnedPayment> LoadReturnedPayments(
    pg::Transaction& tx, BookId book, std::span<const DisbursementId> ids) {
  const pg::Result result = tx.Query(kLoadReturned, book, ids);
  std::map<DisbursementId, ReturnedPayment> returned;
  for (int i = 0; i < result.Size(); ++i) {
    ReturnedPayment row = ReturnedOf(result[i]);
    returned.emplace(row.disbursement, std::move(row));
  }
  return returned;
}

std::vector<ReturnedPayment> LoadOpenReturnedPayments(pg::Transaction& tx, BookId book) {
  const pg::Result result = tx.Query(kLoadOpenReturned, book);
  std::vector<ReturnedPayment> returned;
  for (int i = 0; i < result.Size(); ++i) returned.push_back(ReturnedOf(result[i]));
  return returned;
}

std::optional<ReturnedPayment> LockReturnedPayment(pg::Transaction& tx, BookId book,
                                                   DisbursementId disbursement) {
  const pg::Result result = tx.Query(kLockReturned, book, disbursement);
  if (result.Empty()) return std::nullopt;
  return ReturnedOf(result[0]);
}

void DecideReturnedPayment(pg::Transaction& tx, BookId book, const ReturnedDecision& decision,
                           const Recorded& recorded) {
  tx.Execute(kDecideReturned, book, decision.disbursement, Stored(decision.to), recorded.by,
             decision.second, recorded.at, decision.note);
}

void ReopenReturnedPayment(pg::Transaction& tx, BookId book, DisbursementId disbursement) {
  tx.Execute(kReopenReturned, book, disbursement);
}

void InsertReturnDispute(pg::Transaction& tx, BookId book, const ReturnDisputeRow& row,
                         const Recorded& recorded) {
  tx.Execute(kInsertDispute, book, row.payment, row.seq_no, row.applied, row.journal_id, row.note,
             recorded.by, row.second, recorded.at);
}

std::vector<ReturnDisputeRow> LoadReturnDisputes(pg::Transaction& tx, BookId book,
                                                 DisbursementId payment) {
  const pg::Result result = tx.Query(kLoadDisputes, book, payment);
  std::vector<ReturnDisputeRow> rows;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    rows.push_back({.payment = row.Get<DisbursementId>(0),
                    .seq_no = row.Get<std::int32_t>(1),
                    .applied = row.Get<bool>(2),
                    .journal_id = row.Get<Uuid>(3),
                    .second = row.Get<UserId>(4),
                    .note = row.Get<std::string>(5)});
  }
  return rows;
}

std::vector<ObligationId> LoadObligationsOfPayment(pg::Transaction& tx, BookId book,
                                                   DisbursementId disbursement) {
  return tx.Query(kObligationsOf, book, disbursement).All<ObligationId>();
}

std::vector<DisbursementId> LoadPaymentChain(pg::Transaction& tx, BookId book,
                                             DisbursementId disbursement) {
  return tx.Query(kPaymentChain, book, disbursement).All<DisbursementId>();
}

std::optional<RemittanceFile> FindRemittanceFile(pg::Transaction& tx, std::span<const BookId> books,
                                                 const std::string& control_number) {
  std::int64_t number = 0;
  for (const char c : control_number) {
    if (c < '0' || c > '9' || number > 999'999'999) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  if (number == 0) return std::nullopt;
  const pg::Result result = tx.Query(kFindRemittanceFile, books, number);
  if (result.Empty()) return std::nullopt;
  return RemittanceFile{result[0].Get<BookId>(0), result[0].Get<PaymentFileId>(1),
                        result[0].Get<RunId>(2)};
}

bool InsertAccountChangeNotice(pg::Transaction& tx, PayerId payer,
                               const AccountChangeNotice& notice, const Recorded& recorded) {
  return tx.Execute(kInsertNotice, payer, notice.home, notice.file, notice.item_no, notice.payee,
                    notice.account, notice.account_version, notice.code, notice.proposed_version,
                    notice.note, notice.due_on, recorded.by, recorded.at) == 1;
}

std::vector<AccountChangeNotice> LoadAccountChangeNotices(pg::Transaction& tx, PayerId payer) {
  const pg::Result result = tx.Query(kLoadNotices, payer);
  std::vector<AccountChangeNotice> notices;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    notices.push_back({.home = row.Get<BookId>(0),
                       .file = row.Get<InboundFileId>(1),
                       .item_no = row.Get<std::int32_t>(2),
                       .payee = row.Get<PayeeId>(3),
                       .account = row.Get<BankAccountId>(4),
                       .account_version = row.Get<std::int32_t>(5),
                       .code = row.Get<std::string>(6),
                       .proposed_version = row.Get<std::optional<std::int32_t>>(7),
                       .note = row.Get<std::string>(8),
                       .due_on = row.Get<Date>(9)});
  }
  return notices;
}

std::vector<AccountVersion> FindAccountsByBlindIndex(pg::Transaction& tx, PayerId payer,
                                                     PayeeId payee, const Digest& blind_index) {
  const pg::Result result = tx.Query(kFindByBlindIndex, payer, blind_index, payee);
  std::vector<AccountVersion> versions;
  for (int i = 0; i < result.Size(); ++i) {
    versions.push_back({result[i].Get<BankAccountId>(0), result[i].Get<std::int32_t>(1)});
  }
  return versions;
}

}  // namespace sluice::payments
