#include "payments/unclaimed/unclaimed_store.h"

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertRules{"unclaimed_insert_rules", R"sql(
  INSERT INTO payments.dormancy_rule (payer_id, state, valid_from, months, letter_days,
    report_month, report_day, source, recorded_by, recorded_at)
  SELECT $1, u.state, u.valid_from, u.months, u.letter_days, u.report_month, u.report_day, u.source,
    $2, $3
  FROM unnest ($4::text[], $5::date[], $6::int[], $7::int[], $8::int[], $9::int[], $10::text[])
    AS u (state, valid_from, months, letter_days, report_month, report_day, source)
  ON CONFLICT (payer_id, state, valid_from) DO NOTHING
)sql"};

constexpr pg::Query kLoadRules{"unclaimed_load_rules", R"sql(
  SELECT state, valid_from, months, letter_days, report_month, report_day, source
  FROM payments.dormancy_rule
  WHERE payer_id = $1
  ORDER BY state, valid_from
)sql"};

// Payment states 7, 8, 9: voided, returned, stale; rail 1 is a check. Obligation states 1, 2, 5:
// payable, held, returned. Of several attempts the last is shown, with the date of the first.
constexpr pg::Query kUntaken{"unclaimed_untaken_payments", R"sql(
  SELECT d.disbursement_id, d.payment_key, d.payee_id, d.rail, d.amount_cents, d.effective_date,
    min(f.effective_date)
  FROM payments.disbursement AS d
  JOIN payments.obligation_claim AS c
    ON c.book_id = $1 AND c.disbursement_id = d.disbursement_id AND NOT c.live
  JOIN payments.obligation AS o
    ON o.book_id = $1 AND o.obligation_id = c.obligation_id AND o.state IN (1, 2, 5)
  JOIN payments.obligation_claim AS a ON a.book_id = $1 AND a.obligation_id = o.obligation_id
  JOIN payments.disbursement AS f ON f.book_id = $1 AND f.disbursement_id = a.disbursement_id
  WHERE d.book_id = $1 AND d.state IN (7, 8, 9) AND d.amount_cents > 0
    AND NOT EXISTS (
      SELECT 1 FROM payments.obligation_claim AS n
      WHERE n.book_id = $1 AND n.obligation_id = o.obligation_id AND n.attempt_no > c.attempt_no)
  GROUP BY d.disbursement_id, d.payment_key, d.payee_id, d.rail, d.amount_cents, d.effective_date
  ORDER BY d.payee_id, d.disbursement_id
)sql"};

constexpr pg::Query kUntakenObligations{"unclaimed_untaken_obligations", R"sql(
  SELECT DISTINCT c.obligation_id
  FROM payments.obligation_claim AS c
  JOIN payments.obligation AS o
    ON o.book_id = $1 AND o.obligation_id = c.obligation_id AND o.state IN (1, 2, 5)
  WHERE c.book_id = $1 AND c.disbursement_id = ANY ($2::bigint[])
  ORDER BY c.obligation_id
)sql"};

// Obligation state 8: unclaimed.
constexpr pg::Query kUnclaimedObligations{"unclaimed_obligations", R"sql(
  SELECT obligation_id
  FROM payments.obligation
  WHERE book_id = $1 AND payee_id = $2 AND state = 8
  ORDER BY obligation_id
)sql"};

// Run states 2 to 6: calculated to releasing and blocked.
constexpr pg::Query kInRun{"unclaimed_in_open_run", R"sql(
  SELECT r.run_id
  FROM payments.run AS r
  JOIN payments.run_line AS l
    ON l.book_id = $1 AND l.run_id = r.run_id AND l.revision = r.revision
      AND l.obligation_id = ANY ($2::bigint[])
  WHERE r.book_id = $1 AND r.state BETWEEN 2 AND 6
  ORDER BY r.run_id
  LIMIT 1
)sql"};

constexpr pg::Query kInsertEvent{"unclaimed_insert_event", R"sql(
  INSERT INTO payments.unclaimed_event (book_id, payee_id, seq_no, kind, happened_on, state,
    amount_cents, note, second_by, journal_id, recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql"};

constexpr pg::Query kLoadEvents{"unclaimed_load_events", R"sql(
  SELECT payee_id, seq_no, kind, happened_on, state, amount_cents, note, second_by, journal_id
  FROM payments.unclaimed_event
  WHERE book_id = $1
  ORDER BY payee_id, seq_no
)sql"};

}  // namespace

std::int64_t InsertDormancyRules(pg::Transaction& tx, PayerId payer,
                                 std::span<const DormancyRule> rules, const Recorded& recorded) {
  const auto month = [](const DormancyRule& rule) {
    return static_cast<std::int32_t>(rule.report_month);
  };
  const auto day = [](const DormancyRule& rule) {
    return static_cast<std::int32_t>(rule.report_day);
  };
  return tx.Execute(kInsertRules, payer, recorded.by, recorded.at,
                    Pluck(rules, &DormancyRule::state), Pluck(rules, &DormancyRule::from),
                    Pluck(rules, &DormancyRule::months), Pluck(rules, &DormancyRule::letter_days),
                    Pluck(rules, month), Pluck(rules, day), Pluck(rules, &DormancyRule::source));
}

std::vector<DormancyRule> LoadDormancyRules(pg::Transaction& tx, PayerId payer) {
  const pg::Result result = tx.Query(kLoadRules, payer);
  std::vector<DormancyRule> rules;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    rules.push_back({.state = row.Get<std::string>(0),
                     .from = row.Get<Date>(1),
                     .months = row.Get<std::int32_t>(2),
                     .letter_days = row.Get<std::int32_t>(3),
                     .report_month = static_cast<unsigned>(row.Get<std::int32_t>(4)),
                     .report_day = static_cast<unsigned>(row.Get<std::int32_t>(5)),
                     .source = row.Get<std::string>(6)});
  }
  return rules;
}

std::vector<UntakenPayment> LoadUntakenPayments(pg::Transaction& tx, BookId book) {
  const pg::Result result = tx.Query(kUntaken, book);
  std::vector<UntakenPayment> payments;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    payments.push_back({.payment = row.Get<DisbursementId>(0),
                        .key = row.Get<std::string>(1),
                        .payee = row.Get<PayeeId>(2),
                        .check = static_cast<Rail>(row.Get<std::int16_t>(3)) == Rail::kCheck,
                        .amount = row.Get<Money>(4),
                        .paid_on = row.Get<Date>(5),
                        .since = row.Get<Date>(6)});
  }
  return payments;
}

std::vector<ObligationId> LoadUntakenObligations(pg::Transaction& tx, BookId book,
                                                 std::span<const DisbursementId> payments) {
  return tx.Query(kUntakenObligations, book, payments).All<ObligationId>();
}

std::vector<ObligationId> LoadUnclaimedObligations(pg::Transaction& tx, BookId book,
                                                   PayeeId payee) {
  return tx.Query(kUnclaimedObligations, book, payee).All<ObligationId>();
}

std::optional<RunId> FindRunOf(pg::Transaction& tx, BookId book,
                               std::span<const ObligationId> obligations) {
  const pg::Result result = tx.Query(kInRun, book, obligations);
  if (result.Empty()) return std::nullopt;
  return result[0].Get<RunId>(0);
}

void InsertUnclaimedEvent(pg::Transaction& tx, BookId book, const UnclaimedEvent& event,
                          const Recorded& recorded) {
  tx.Execute(kInsertEvent, book, event.payee, event.seq_no, Stored(event.kind), event.on,
             event.state, event.amount, event.note, event.second, event.journal_id, recorded.by,
             recorded.at);
}

std::map<PayeeId, std::vector<UnclaimedEvent>> LoadUnclaimedEvents(pg::Transaction& tx,
                                                                   BookId book) {
  const pg::Result result = tx.Query(kLoadEvents, book);
  std::map<PayeeId, std::vector<UnclaimedEvent>> events;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    events[row.Get<PayeeId>(0)].push_back(
        {.payee = row.Get<PayeeId>(0),
         .seq_no = row.Get<std::int32_t>(1),
         .kind = static_cast<UnclaimedEventKind>(row.Get<std::int16_t>(2)),
         .on = row.Get<Date>(3),
         .state = row.Get<std::string>(4),
         .amount = row.Get<Money>(5),
         .note = row.Get<std::string>(6),
         .second = row.Get<std::optional<UserId>>(7),
         .journal_id = row.Get<std::optional<Uuid>>(8)});
  }
  return events;
}

}  // namespace sluice::payments
