#include "payments/reconciliation/three_way_store.h"

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

// LATERAL looks each row up by its key: without statistics a plain join walks whole tables for each
// payment. Check state 4 is spoiled; matches of kind 5 are lines that paid a check.
constexpr pg::Query kPayments{"reconcile_payments", R"sql(
  SELECT d.disbursement_id, d.payment_key, d.payee_id, d.rail, d.state, d.amount_cents, d.file_id,
    COALESCE(e.cents, k.cents), m.cents
  FROM payments.disbursement AS d
  LEFT JOIN LATERAL (
    SELECT f.amount_cents AS cents
    FROM payments.file_entry AS f
    WHERE f.book_id = $1 AND f.file_id = d.file_id AND f.disbursement_id = d.disbursement_id
    OFFSET 0
  ) AS e ON true
  LEFT JOIN LATERAL (
    SELECT c.amount_cents AS cents
    FROM payments.check_issue AS c
    WHERE c.book_id = $1 AND c.disbursement_id = d.disbursement_id AND c.state <> 4
    OFFSET 0
  ) AS k ON true
  LEFT JOIN LATERAL (
    SELECT l.amount_cents AS cents
    FROM payments.bank_line_match AS l
    WHERE l.book_id = $1 AND l.kind = 5 AND l.target_id = d.disbursement_id
    OFFSET 0
  ) AS m ON true
  WHERE d.book_id = $1 AND d.run_id = $2
  ORDER BY d.disbursement_id
)sql"};

// Kinds: 2 835, 3 and 4 statements.
constexpr pg::Query kCopies{"reconcile_remittance_copies", R"sql(
  SELECT x.disbursement_id, f.kind, f.state, x.bpr_cents
  FROM payments.payment_file AS f
  JOIN payments.remittance AS x ON x.book_id = $1 AND x.file_id = f.file_id
  WHERE f.book_id = $1 AND f.run_id = $2 AND f.kind IN (2, 3, 4)
  ORDER BY x.disbursement_id, f.kind, f.file_no
)sql"};

// Class 12 is IN_TRANSIT; file kinds 1 and 6 are ACH and checks. A line that settles a file (kind
// 1) may be smaller by returns that the bank kept (kind 2 of the same line).
constexpr pg::Query kFiles{"reconcile_bank_files", R"sql(
  SELECT f.file_id, f.name, f.kind,
    COALESCE((
      SELECT sum(m.amount_cents)::bigint
      FROM payments.bank_line_match AS m
      WHERE m.book_id = $1 AND m.kind = 1 AND m.target_id = f.file_id), 0),
    COALESCE((
      SELECT sum(n.amount_cents)::bigint
      FROM payments.bank_line_match AS m
      JOIN payments.bank_line_match AS n
        ON n.book_id = $1 AND n.line_id = m.line_id AND n.kind = 2 AND n.rule = 'netted'
      WHERE m.book_id = $1 AND m.kind = 1 AND m.target_id = f.file_id), 0),
    COALESCE((
      SELECT b.credits_posted - b.debits_posted
      FROM payments.account AS a
      JOIN payments.account_balance AS b ON b.book_id = $1 AND b.account_id = a.account_id
      WHERE a.book_id = $1 AND a.class = 12 AND a.owner_key = 'file:' || f.file_id), 0)
  FROM payments.payment_file AS f
  WHERE f.book_id = $1 AND f.run_id = $2 AND f.kind IN (1, 6)
  ORDER BY f.kind, f.file_no
)sql"};

constexpr pg::Query kPosted{"reconcile_posted", R"sql(
  SELECT u.subject, x.cents
  FROM unnest ($2::bigint[], $3::uuid[]) AS u (subject, journal)
  CROSS JOIN LATERAL (
    SELECT sum(t.amount_cents)::bigint AS cents
    FROM payments.journal AS j
    JOIN payments.transfer AS t
      ON t.book_id = $1 AND t.batch_seq = j.batch_seq AND t.position >= j.first_position
        AND t.position < j.first_position + j.line_count
    WHERE j.book_id = $1 AND j.journal_id = u.journal AND j.outcome = 0 AND t.event = $4
    OFFSET 0
  ) AS x
  WHERE x.cents IS NOT NULL
)sql"};

constexpr pg::Query kOpenPaidChecks{"reconcile_open_paid_checks", R"sql(
  SELECT as_of, amount_cents, customer_reference
  FROM payments.bank_line
  WHERE book_id = $1 AND bank_account_id = $2 AND state = 0 AND type_code = '475'
  ORDER BY as_of, line_id
)sql"};

}  // namespace

std::vector<PaymentEvidence> LoadPaymentEvidence(pg::Transaction& tx, BookId book, RunId run) {
  const pg::Result result = tx.Query(kPayments, book, run);
  std::vector<PaymentEvidence> rows;
  rows.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    rows.push_back({.id = row.Get<DisbursementId>(0),
                    .key = row.Get<std::string>(1),
                    .payee = row.Get<PayeeId>(2),
                    .rail = static_cast<Rail>(row.Get<std::int16_t>(3)),
                    .state = static_cast<DisbursementState>(row.Get<std::int16_t>(4)),
                    .amount = row.Get<Money>(5),
                    .file = row.Get<std::optional<PaymentFileId>>(6),
                    .entry = row.Get<std::optional<Money>>(7),
                    .paid_by_line = row.Get<std::optional<Money>>(8)});
  }
  return rows;
}

std::map<DisbursementId, std::vector<RemittanceCopy>> LoadRemittanceCopies(pg::Transaction& tx,
                                                                           BookId book, RunId run) {
  const pg::Result result = tx.Query(kCopies, book, run);
  std::map<DisbursementId, std::vector<RemittanceCopy>> copies;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    copies[row.Get<DisbursementId>(0)].push_back(
        {.kind = static_cast<FileKind>(row.Get<std::int16_t>(1)),
         .state = static_cast<FileState>(row.Get<std::int16_t>(2)),
         .amount = row.Get<Money>(3)});
  }
  return copies;
}

std::vector<BankFileEvidence> LoadBankFileEvidence(pg::Transaction& tx, BookId book, RunId run) {
  const pg::Result result = tx.Query(kFiles, book, run);
  std::vector<BankFileEvidence> files;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    files.push_back({.id = row.Get<PaymentFileId>(0),
                     .name = row.Get<std::string>(1),
                     .kind = static_cast<FileKind>(row.Get<std::int16_t>(2)),
                     .by_statement = row.Get<Money>(3) + row.Get<Money>(4),
                     .in_transit = row.Get<Money>(5)});
  }
  return files;
}

std::map<std::int64_t, Money> LoadPosted(pg::Transaction& tx, BookId book,
                                         std::span<const PostedBy> journals, Event event) {
  std::map<std::int64_t, Money> posted;
  if (journals.empty()) return posted;
  const pg::Result result = tx.Query(kPosted, book, Pluck(journals, &PostedBy::subject),
                                     Pluck(journals, &PostedBy::journal), Stored(event));
  for (int i = 0; i < result.Size(); ++i) {
    posted[result[i].Get<std::int64_t>(0)] += result[i].Get<Money>(1);
  }
  return posted;
}

std::vector<PaidCheckRow> LoadOpenPaidChecks(pg::Transaction& tx, BookId book,
                                             BankAccountId account) {
  const pg::Result result = tx.Query(kOpenPaidChecks, book, account);
  std::vector<PaidCheckRow> rows;
  for (int i = 0; i < result.Size(); ++i) {
    rows.push_back({.as_of = result[i].Get<Date>(0),
                    .amount = result[i].Get<Money>(1),
                    .customer_reference = result[i].Get<std::string>(2)});
  }
  return rows;
}

}  // namespace sluice::payments
