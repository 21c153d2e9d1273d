#include "payments/ledger/verify_runs_store.h"

namespace sluice::payments::audit {
namespace {

using I64 = std::int64_t;

// States 4 to 9: APPROVED, RELEASING, BLOCKED, RELEASED, SETTLING, CLOSED.
constexpr pg::Query kRuns{"audit_runs", R"sql(
  SELECT r.run_id, r.state, r.revision, r.pool_id, r.business_date, r.effective_date,
    v.submitted_by, v.digest, COALESCE(v.required_approvals, 2::smallint),
    COALESCE(v.hold_cents, 0)
  FROM payments.run AS r
  LEFT JOIN payments.run_revision AS v
    ON v.book_id = $1 AND v.run_id = r.run_id AND v.revision = r.revision
  WHERE r.book_id = $1
    AND r.state BETWEEN 4 AND 9
  ORDER BY r.run_id
)sql"};

constexpr pg::Query kVotes{"audit_run_votes", R"sql(
  SELECT a.approver_id, a.submitted_by, a.digest,
    EXISTS (
      SELECT 1
      FROM payments.run_editor AS e
      WHERE e.book_id = $1 AND e.run_id = $2 AND e.editor_id = a.approver_id)
  FROM payments.run_approval AS a
  WHERE a.book_id = $1
    AND a.run_id = $2
    AND a.revision = $3
  ORDER BY a.approver_id
)sql"};

constexpr pg::Query kAwards{"audit_run_awards", R"sql(
  SELECT DISTINCT c.award_id, c.award_version, c.award_hash
  FROM payments.run_line AS l
  JOIN payments.obligation AS o
    ON o.book_id = $1 AND o.obligation_id = l.obligation_id
  JOIN payments.collected_award AS c
    ON c.book_id = $1 AND c.award_id = o.award_id AND c.award_version = o.award_version
  WHERE l.book_id = $1
    AND l.run_id = $2
    AND l.revision = $3
  ORDER BY c.award_id, c.award_version
)sql"};

constexpr pg::Query kLines{"audit_run_lines", R"sql(
  SELECT obligation_id, payee_id, posting, amount_cents, withhold_cents, hold_reason
  FROM payments.run_line
  WHERE book_id = $1
    AND run_id = $2
    AND revision = $3
  ORDER BY obligation_id
)sql"};

constexpr pg::Query kPayees{"audit_run_payees", R"sql(
  SELECT payee_id, gross_cents, withhold_cents, carried_cents, recoup_cents, offset_cents,
    net_cents, rail, account_id, account_version, hold_reason, hold_note, tax_cents,
    method, delivery, preference_id
  FROM payments.run_payee
  WHERE book_id = $1
    AND run_id = $2
    AND revision = $3
  ORDER BY payee_id
)sql"};

constexpr pg::Query kPayments{"audit_run_payments", R"sql(
  SELECT d.disbursement_id, d.payee_id, d.amount_cents, d.file_id, d.state,
    COALESCE(e.amount_cents, k.amount_cents), m.files, m.off
  FROM payments.disbursement AS d
  LEFT JOIN payments.file_entry AS e
    ON e.book_id = $1 AND e.file_id = d.file_id AND e.disbursement_id = d.disbursement_id
  LEFT JOIN payments.check_issue AS k
    ON k.book_id = $1 AND k.disbursement_id = d.disbursement_id AND k.state <> 4
  CROSS JOIN LATERAL (
    SELECT count(*) AS files, count(*) FILTER (WHERE x.bpr_cents <> d.amount_cents) AS off
    FROM payments.remittance AS x
    WHERE x.book_id = $1 AND x.disbursement_id = d.disbursement_id
  ) AS m
  WHERE d.book_id = $1
    AND d.run_id = $2
  ORDER BY d.disbursement_id
)sql"};

// Class 12 is IN_TRANSIT; kind 1 is an ACH file, 6 one of checks.
constexpr pg::Query kFiles{"audit_run_files", R"sql(
  SELECT f.file_id, f.name, c.total_cents, COALESCE(b.credits_posted, 0)
  FROM payments.payment_file AS f
  LEFT JOIN payments.payment_file_content AS c
    ON c.book_id = $1 AND c.file_id = f.file_id
  LEFT JOIN payments.account AS a
    ON a.book_id = $1 AND a.class = 12 AND a.owner_key = 'file:' || f.file_id
  LEFT JOIN payments.account_balance AS b
    ON b.book_id = $1 AND b.account_id = a.account_id
  WHERE f.book_id = $1
    AND f.run_id = $2
    AND f.kind IN (1, 6)
  ORDER BY f.file_id
)sql"};

// Every journal of a release names the run as its source. The events are those of a payee's
// journal: RECOGNIZE, WITHHOLD, OFFSET, TAX_WITHHOLD, DISBURSE, RELEASE_WITHHOLD, RECOUP,
// RESTATE_WITHHOLD. All runs at once: the journals of a book are read through.
constexpr pg::Query kEventSums{"audit_run_event_sums", R"sql(
  SELECT r.run_id, t.event, d.class, SUM(t.amount_cents)::bigint
  FROM payments.run AS r
  JOIN payments.journal AS j
    ON j.book_id = $1 AND j.source_id = r.run_id AND j.outcome = 0
  JOIN payments.transfer AS t
    ON t.book_id = $1 AND t.batch_seq = j.batch_seq AND t.journal_ordinal = j.ordinal
    AND t.position >= j.first_position AND t.position < j.first_position + j.line_count
  JOIN payments.account AS d
    ON d.book_id = $1 AND d.account_id = t.debit_account_id
  WHERE r.book_id = $1
    AND r.state BETWEEN 7 AND 9
    AND t.event IN (11, 13, 14, 15, 16, 24, 27, 33)
  GROUP BY r.run_id, t.event, d.class
)sql"};

// Class 4 is RUN_FUNDS.
constexpr pg::Query kFunds{"audit_run_funds", R"sql(
  SELECT b.debits_posted, b.credits_posted
  FROM payments.account AS a
  JOIN payments.account_balance AS b
    ON b.book_id = $1 AND b.account_id = a.account_id
  WHERE a.book_id = $1
    AND a.class = 4
    AND a.owner_key = $2
)sql"};

constexpr pg::Query kFirstBatch{"audit_run_first_batch", R"sql(
  SELECT COALESCE(MIN(j.batch_seq), 0)
  FROM payments.journal AS j
  WHERE j.book_id = $1
    AND j.source_id = $2
)sql"};

}  // namespace

RunRow RunRow::FromRow(const pg::Row& row) {
  RunRow run;
  run.run_id = row.Get<I64>(0);
  run.state = row.Get<std::int16_t>(1);
  run.revision = row.Get<std::int32_t>(2);
  run.pool_id = row.Get<I64>(3);
  run.business_date = row.Get<Date>(4);
  run.effective_date = row.Get<Date>(5);
  run.submitted_by = row.Get<std::optional<I64>>(6);
  run.digest = row.Get<std::optional<Digest>>(7);
  run.required_approvals = row.Get<std::int16_t>(8);
  run.hold_cents = row.Get<I64>(9);
  return run;
}

RunVoteRow RunVoteRow::FromRow(const pg::Row& row) {
  return {row.Get<I64>(0), row.Get<I64>(1), row.Get<Digest>(2), row.Get<bool>(3)};
}

RunAwardRow RunAwardRow::FromRow(const pg::Row& row) {
  return {row.Get<I64>(0), row.Get<std::int32_t>(1), row.Get<Digest>(2)};
}

RunLineRow RunLineRow::FromRow(const pg::Row& row) {
  return {row.Get<I64>(0),          row.Get<std::optional<I64>>(1),
          row.Get<std::int16_t>(2), row.Get<I64>(3),
          row.Get<I64>(4),          row.Get<std::int16_t>(5)};
}

RunPayeeRow RunPayeeRow::FromRow(const pg::Row& row) {
  RunPayeeRow payee;
  payee.payee_id = row.Get<I64>(0);
  payee.gross = row.Get<I64>(1);
  payee.withhold = row.Get<I64>(2);
  payee.carried = row.Get<I64>(3);
  payee.recoup = row.Get<I64>(4);
  payee.offset = row.Get<I64>(5);
  payee.net = row.Get<I64>(6);
  payee.rail = row.Get<std::int16_t>(7);
  payee.account_id = row.Get<I64>(8);
  payee.account_version = row.Get<std::int32_t>(9);
  payee.hold_reason = row.Get<std::int16_t>(10);
  payee.hold_note = row.Get<std::string>(11);
  payee.tax = row.Get<I64>(12);
  payee.method = row.Get<std::int16_t>(13);
  payee.delivery = row.Get<std::int16_t>(14);
  payee.preference_id = row.Get<I64>(15);
  return payee;
}

RunPaymentRow RunPaymentRow::FromRow(const pg::Row& row) {
  RunPaymentRow payment;
  payment.disbursement_id = row.Get<I64>(0);
  payment.payee_id = row.Get<I64>(1);
  payment.amount = row.Get<I64>(2);
  payment.file_id = row.Get<std::optional<I64>>(3);
  payment.state = row.Get<std::int16_t>(4);
  payment.entry_amount = row.Get<std::optional<I64>>(5);
  payment.remittances = row.Get<I64>(6);
  payment.remittances_off = row.Get<I64>(7);
  return payment;
}

RunFileRow RunFileRow::FromRow(const pg::Row& row) {
  return {row.Get<I64>(0), row.Get<std::string>(1), row.Get<std::optional<I64>>(2),
          row.Get<I64>(3)};
}

RunEventSum RunEventSum::FromRow(const pg::Row& row) {
  return {row.Get<I64>(0), row.Get<std::int16_t>(1), row.Get<std::int16_t>(2), row.Get<I64>(3)};
}

RunFundsRow RunFundsRow::FromRow(const pg::Row& row) { return {row.Get<I64>(0), row.Get<I64>(1)}; }

std::vector<RunRow> ApprovedRuns(pg::Transaction& tx, BookId book) {
  return tx.Query(kRuns, book).All<RunRow>();
}

std::vector<RunVoteRow> RunVotes(pg::Transaction& tx, BookId book, const RunRow& run) {
  return tx.Query(kVotes, book, run.run_id, run.revision).All<RunVoteRow>();
}

std::vector<RunAwardRow> RunAwards(pg::Transaction& tx, BookId book, const RunRow& run) {
  return tx.Query(kAwards, book, run.run_id, run.revision).All<RunAwardRow>();
}

std::vector<RunLineRow> RunLines(pg::Transaction& tx, BookId book, const RunRow& run) {
  return tx.Query(kLines, book, run.run_id, run.revision).All<RunLineRow>();
}

std::vector<RunPayeeRow> RunPayees(pg::Transaction& tx, BookId book, const RunRow& run) {
  return tx.Query(kPayees, book, run.run_id, run.revision).All<RunPayeeRow>();
}

std::vector<RunPaymentRow> RunPayments(pg::Transaction& tx, BookId book, const RunRow& run) {
  return tx.Query(kPayments, book, run.run_id).All<RunPaymentRow>();
}

std::vector<RunFileRow> RunFiles(pg::Transaction& tx, BookId book, const RunRow& run) {
  return tx.Query(kFiles, book, run.run_id).All<RunFileRow>();
}

std::vector<RunEventSum> RunEventSums(pg::Transaction& tx, BookId book) {
  return tx.Query(kEventSums, book).All<RunEventSum>();
}

RunFundsRow RunFunds(pg::Transaction& tx, BookId book, const RunRow& run) {
  const std::string owner = fmt::format("run:{}/pool:{}", run.run_id, run.pool_id);
  return tx.Query(kFunds, book, owner).OneOrNone<RunFundsRow>().value_or(RunFundsRow{});
}

std::int64_t FirstBatchOfRun(pg::Transaction& tx, BookId book, const RunRow& run) {
  return tx.Query(kFirstBatch, book, run.run_id).One<I64>();
}

}  // namespace sluice::payments::audit
