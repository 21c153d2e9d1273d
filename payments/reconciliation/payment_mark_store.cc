#include "payments/reconciliation/payment_mark_store.h"

namespace sluice::payments {
namespace {

// Payment states from 3 are SENT and what follows; 7 is VOIDED, which a check may be after it was
// sent: it is no payment to look for any more. File kinds: 2 is an 835, 3 a statement as PDF, 4 as
// CSV.
constexpr pg::Query kMarked{"reconcile_marked_payments", R"sql(
  SELECT d.disbursement_id, d.payment_key, d.payee_id, p.name, d.rail, d.amount_cents,
    d.effective_date, COALESCE(e.trace_number, ''), COALESCE(r.remittance_835, ''),
    COALESCE(r.statement_pdf, r.statement_csv, ''), d.state, COALESCE(m.reconciled, false),
    COALESCE(m.note, ''), m.marked_by, m.marked_at
  FROM payments.disbursement AS d
  JOIN payments.payee AS p ON p.payee_id = d.payee_id
  LEFT JOIN LATERAL (
    SELECT f.odfi || lpad(f.trace::text, 7, '0') AS trace_number
    FROM payments.file_entry AS f
    WHERE f.book_id = $1 AND f.file_id = d.file_id AND f.disbursement_id = d.disbursement_id
  ) AS e ON true
  LEFT JOIN LATERAL (
    SELECT min(f.name) FILTER (WHERE f.kind = 2) AS remittance_835,
      min(f.name) FILTER (WHERE f.kind = 3) AS statement_pdf,
      min(f.name) FILTER (WHERE f.kind = 4) AS statement_csv
    FROM payments.remittance AS x
    JOIN payments.payment_file AS f ON f.book_id = $1 AND f.file_id = x.file_id
    WHERE x.book_id = $1 AND x.disbursement_id = d.disbursement_id
  ) AS r ON true
  LEFT JOIN LATERAL (
    SELECT x.reconciled, x.note, x.marked_by, x.marked_at
    FROM payments.payment_mark AS x
    WHERE x.book_id = $1 AND x.disbursement_id = d.disbursement_id
    ORDER BY x.seq_no DESC
    LIMIT 1
  ) AS m ON true
  WHERE d.book_id = $1 AND d.state >= 3 AND d.state <> 7 AND d.amount_cents > 0
    AND ($2::bigint IS NULL OR d.payee_id = $2)
    AND ($3::boolean IS NULL OR COALESCE(m.reconciled, false) = $3)
    AND ($4::text IS NULL OR d.payment_key = $4)
    AND ($5::text IS NULL OR e.trace_number = $5)
    AND ($6::bigint IS NULL OR d.amount_cents = $6)
  ORDER BY d.effective_date, d.payment_key
)sql"};

constexpr pg::Query kFindSent{"reconcile_find_sent_payment", R"sql(
  SELECT disbursement_id
  FROM payments.disbursement
  WHERE book_id = $1 AND payee_id = $2 AND payment_key = $3 AND state >= 3 AND state <> 7
    AND amount_cents > 0
)sql"};

constexpr pg::Query kInsertMark{"reconcile_insert_payment_mark", R"sql(
  INSERT INTO payments.payment_mark (book_id, disbursement_id, seq_no, reconciled, note, marked_by,
    marked_at)
  SELECT $1, $2,
    (SELECT COALESCE(max(m.seq_no), 0) + 1 FROM payments.payment_mark AS m
     WHERE m.book_id = $1 AND m.disbursement_id = $2),
    $3, $4, $5, $6
)sql"};

}  // namespace

std::vector<MarkedPayment> LoadMarkedPayments(pg::Transaction& tx, BookId book,
                                              const MarkFilter& filter) {
  const pg::Result result = tx.Query(kMarked, book, filter.payee, filter.reconciled, filter.payment,
                                     filter.trace_number, filter.amount);
  std::vector<MarkedPayment> payments;
  payments.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    payments.push_back({.id = row.Get<DisbursementId>(0),
                        .key = row.Get<std::string>(1),
                        .payee = row.Get<PayeeId>(2),
                        .payee_name = row.Get<std::string>(3),
                        .rail = static_cast<Rail>(row.Get<std::int16_t>(4)),
                        .amount = row.Get<Money>(5),
                        .effective_date = row.Get<Date>(6),
                        .trace_number = row.Get<std::string>(7),
                        .remittance_835 = row.Get<std::string>(8),
                        .statement = row.Get<std::string>(9),
                        .state = static_cast<DisbursementState>(row.Get<std::int16_t>(10)),
                        .reconciled = row.Get<bool>(11),
                        .note = row.Get<std::string>(12),
                        .marked_by = row.Get<std::optional<UserId>>(13),
                        .marked_at = row.Get<std::optional<Instant>>(14)});
  }
  return payments;
}

std::optional<DisbursementId> FindSentPayment(pg::Transaction& tx, BookId book, PayeeId payee,
                                              const std::string& key) {
  const pg::Result result = tx.Query(kFindSent, book, payee, key);
  if (result.Empty()) return std::nullopt;
  return result[0].Get<DisbursementId>(0);
}

void InsertPaymentMark(pg::Transaction& tx, BookId book, DisbursementId payment, bool reconciled,
                       const std::string& note, const Recorded& recorded) {
  tx.Execute(kInsertMark, book, payment, reconciled, note, recorded.by, recorded.at);
}

}  // namespace sluice::payments
