#include "payments/recoup/recoup_store.h"

#include <utility>

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertRecoups{"payments_insert_recoup_notices", R"sql(
  INSERT INTO payments.recoup_notice (book_id, run_id, payee_id, amount_cents, noticed_on,
    offset_from, how, noticed_by, recorded_at)
  SELECT $1, u.run, u.payee, u.cents, u.noticed, u.offset_from, u.how,
    CASE WHEN u.noticed IS NULL THEN NULL ELSE $2::bigint END, $3
  FROM unnest ($4::bigint[], $5::bigint[], $6::bigint[], $7::date[], $8::date[], $9::text[])
    AS u (run, payee, cents, noticed, offset_from, how)
)sql"};

constexpr pg::Query kLoadRecoups{"payments_load_recoup_notices", R"sql(
  SELECT run_id, payee_id, amount_cents, noticed_on, offset_from, how
  FROM payments.recoup_notice
  WHERE book_id = $1 AND payee_id = ANY ($2::bigint[])
  ORDER BY payee_id, run_id
)sql"};

constexpr pg::Query kLoadRecoupsNotDue{"payments_load_recoup_notices_not_due", R"sql(
  SELECT run_id, payee_id, amount_cents, noticed_on, offset_from, how
  FROM payments.recoup_notice
  WHERE book_id = $1 AND (offset_from IS NULL OR offset_from > $2)
  ORDER BY payee_id, run_id
)sql"};

constexpr pg::Query kSetNoticed{"payments_set_recoup_noticed", R"sql(
  UPDATE payments.recoup_notice
  SET noticed_on = $4, offset_from = $5, how = $6, noticed_by = $7
  WHERE book_id = $1 AND run_id = $2 AND payee_id = $3 AND noticed_on IS NULL
)sql"};

constexpr pg::Query kUnsetNoticed{"payments_unset_recoup_noticed", R"sql(
  UPDATE payments.recoup_notice
  SET noticed_on = NULL, offset_from = NULL, how = '', noticed_by = NULL
  WHERE book_id = $1 AND run_id = $2 AND payee_id = ANY ($3::bigint[])
)sql"};

constexpr pg::Query kLoadNotDue{"payments_load_not_due_of_payees", R"sql(
  SELECT payee_id, sum(amount_cents)::bigint
  FROM payments.recoup_notice
  WHERE book_id = $1 AND payee_id = ANY ($2::bigint[])
    AND (offset_from IS NULL OR offset_from > $3)
  GROUP BY payee_id
)sql"};

constexpr pg::Query kInsertPlan{"payments_insert_offset_plan", R"sql(
  INSERT INTO payments.offset_plan (book_id, payee_id, plan_no, effective_from, installment_cents,
    payment_millionths, agreed_with, reason, recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

constexpr pg::Query kLoadPlans{"payments_load_offset_plans", R"sql(
  SELECT DISTINCT ON (payee_id) payee_id, plan_no, effective_from, installment_cents,
    payment_millionths, agreed_with, reason, recorded_by
  FROM payments.offset_plan
  WHERE book_id = $1 AND payee_id = ANY ($2::bigint[]) AND effective_from <= $3
  ORDER BY payee_id, plan_no DESC
)sql"};

constexpr pg::Query kLoadPlanHistory{"payments_load_offset_plan_history", R"sql(
  SELECT payee_id, plan_no, effective_from, installment_cents, payment_millionths, agreed_with,
    reason, recorded_by
  FROM payments.offset_plan
  WHERE book_id = $1 AND payee_id = $2
  ORDER BY plan_no
)sql"};

// Calculated (2) to closed (9).
constexpr pg::Query kLoadTakenInCycle{"payments_load_taken_in_cycle", R"sql(
  SELECT p.payee_id, sum(p.offset_cents)::bigint
  FROM payments.run AS r
  JOIN payments.run_payee AS p
    ON p.book_id = r.book_id AND p.run_id = r.run_id AND p.revision = r.revision
  WHERE r.book_id = $1 AND r.cycle_id = $2 AND r.run_id <> $3 AND r.state BETWEEN 2 AND 9
    AND p.payee_id = ANY ($4::bigint[]) AND p.offset_cents > 0
  GROUP BY p.payee_id
)sql"};

constexpr pg::Query kInsertTerms{"payments_insert_late_interest_terms", R"sql(
  INSERT INTO payments.late_interest_terms (book_id, contract_id, version, effective_from,
    annual_millionths, days_in_year, grace_days, reason, recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

constexpr pg::Query kLoadTerms{"payments_load_late_interest_terms", R"sql(
  SELECT contract_id, version, effective_from, annual_millionths, days_in_year, grace_days, reason,
    recorded_by
  FROM payments.late_interest_terms
  WHERE book_id = $1 AND contract_id = ANY ($2::bigint[])
  ORDER BY contract_id, version
)sql"};

constexpr pg::Query kInsertInterest{"payments_insert_late_interest", R"sql(
  INSERT INTO payments.late_interest (book_id, obligation_id, of_obligation_id, due_on, paid_on,
    days_late, base_cents, owed_cents, terms_version, recorded_at)
  SELECT $1, u.line, u.late, u.due, u.paid, u.days, u.base, u.owed, u.version, $2
  FROM unnest ($3::bigint[], $4::bigint[], $5::date[], $6::date[], $7::int[], $8::bigint[],
    $9::bigint[], $10::int[]) AS u (line, late, due, paid, days, base, owed, version)
)sql"};

// State 7 is voided.
constexpr pg::Query kLoadInterestMade{"payments_load_late_interest_made", R"sql(
  SELECT i.of_obligation_id, sum(o.amount_cents)::bigint
  FROM payments.late_interest AS i
  JOIN payments.obligation AS o
    ON o.book_id = i.book_id AND o.obligation_id = i.obligation_id
  WHERE i.book_id = $1 AND i.of_obligation_id = ANY ($2::bigint[]) AND o.state <> 7
  GROUP BY i.of_obligation_id
)sql"};

// Released (7) to closed (9); hold reason 1 is no payee.
constexpr pg::Query kLoadOnceWithoutPayee{"payments_load_once_without_payee", R"sql(
  SELECT DISTINCT l.obligation_id
  FROM payments.run_line AS l
  JOIN payments.run AS r
    ON r.book_id = l.book_id AND r.run_id = l.run_id AND r.revision = l.revision
  WHERE l.book_id = $1 AND l.obligation_id = ANY ($2::bigint[]) AND l.hold_reason = 1
    AND r.state BETWEEN 7 AND 9
  ORDER BY l.obligation_id
)sql"};

std::vector<RecoupNotice> NoticesOf(const pg::Result& result) {
  std::vector<RecoupNotice> notices;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    notices.push_back({.run = row.Get<RunId>(0),
                       .payee = row.Get<PayeeId>(1),
                       .amount = row.Get<Money>(2),
                       .noticed_on = row.Get<std::optional<Date>>(3),
                       .offset_from = row.Get<std::optional<Date>>(4),
                       .how = row.Get<std::string>(5)});
  }
  return notices;
}

OffsetPlan PlanOf(const pg::Row& row) {
  OffsetPlan plan{.payee = row.Get<PayeeId>(0),
                  .number = row.Get<std::int32_t>(1),
                  .effective_from = row.Get<Date>(2),
                  .installment = row.Get<std::optional<Money>>(3),
                  .agreed_with = row.Get<std::string>(5),
                  .reason = row.Get<std::string>(6),
                  .recorded_by = row.Get<UserId>(7)};
  if (const auto share = row.Get<std::optional<std::int64_t>>(4)) {
    plan.of_payment = Rate::FromMillionths(*share);
  }
  return plan;
}

template <typename Key>
std::map<Key, Money> SumsOf(const pg::Result& result) {
  std::map<Key, Money> sums;
  for (int i = 0; i < result.Size(); ++i) {
    sums.emplace(result[i].Get<Key>(0), result[i].Get<Money>(1));
  }
  return sums;
}

}  // namespace

void InsertRecoupNotices(pg::Transaction& tx, BookId book, std::span<const RecoupNotice> notices,
                         const Recorded& recorded) {
  if (notices.empty()) return;
  tx.Execute(kInsertRecoups, book, recorded.by, recorded.at, Pluck(notices, &RecoupNotice::run),
             Pluck(notices, &RecoupNotice::payee), Pluck(notices, &RecoupNotice::amount),
             Pluck(notices, &RecoupNotice::noticed_on), Pluck(notices, &RecoupNotice::offset_from),
             Pluck(notices, &RecoupNotice::how));
}

std::vector<RecoupNotice> LoadRecoupNotices(pg::Transaction& tx, BookId book,
                                            std::span<const PayeeId> payees) {
  return NoticesOf(tx.Query(kLoadRecoups, book, payees));
}

std::vector<RecoupNotice> LoadNoticesNotDue(pg::Transaction& tx, BookId book, Date on) {
  return NoticesOf(tx.Query(kLoadRecoupsNotDue, book, on));
}

bool SetNoticed(pg::Transaction& tx, BookId book, const RecoupNotice& notice, UserId by) {
  return tx.Execute(kSetNoticed, book, notice.run, notice.payee, notice.noticed_on,
                    notice.offset_from, notice.how, by) == 1;
}

void UnsetNoticed(pg::Transaction& tx, BookId book, RunId run, std::span<const PayeeId> payees) {
  tx.Execute(kUnsetNoticed, book, run, payees);
}

std::map<PayeeId, Money> LoadNotDue(pg::Transaction& tx, BookId book,
                                    std::span<const PayeeId> payees, Date on) {
  return SumsOf<PayeeId>(tx.Query(kLoadNotDue, book, payees, on));
}

void InsertOffsetPlan(pg::Transaction& tx, BookId book, const OffsetPlan& plan, Instant at) {
  std::optional<std::int64_t> share;
  if (plan.of_payment) share = plan.of_payment->Millionths();
  tx.Execute(kInsertPlan, book, plan.payee, plan.number, plan.effective_from, plan.installment,
             share, plan.agreed_with, plan.reason, plan.recorded_by, at);
}

std::map<PayeeId, OffsetPlan> LoadOffsetPlans(pg::Transaction& tx, BookId book,
                                              std::span<const PayeeId> payees, Date on) {
  const pg::Result result = tx.Query(kLoadPlans, book, payees, on);
  std::map<PayeeId, OffsetPlan> plans;
  for (int i = 0; i < result.Size(); ++i) {
    OffsetPlan plan = PlanOf(result[i]);
    plans.emplace(plan.payee, std::move(plan));
  }
  return plans;
}

std::vector<OffsetPlan> LoadPlanHistory(pg::Transaction& tx, BookId book, PayeeId payee) {
  const pg::Result result = tx.Query(kLoadPlanHistory, book, payee);
  std::vector<OffsetPlan> plans;
  for (int i = 0; i < result.Size(); ++i) plans.push_back(PlanOf(result[i]));
  return plans;
}

std::map<PayeeId, Money> LoadTakenInCycle(pg::Transaction& tx, const Run& run,
                                          std::span<const PayeeId> payees) {
  return SumsOf<PayeeId>(tx.Query(kLoadTakenInCycle, run.book, run.cycle, run.id, payees));
}

void InsertLateInterestTerms(pg::Transaction& tx, BookId book, const LateInterestTerms& terms,
                             Instant at) {
  tx.Execute(kInsertTerms, book, terms.contract, terms.version, terms.effective_from,
             terms.annual.Millionths(), static_cast<std::int16_t>(terms.days_in_year),
             terms.grace_days, terms.reason, terms.recorded_by, at);
}

std::map<ContractId, std::vector<LateInterestTerms>> LoadLateInterestTerms(
    pg::Transaction& tx, BookId book, std::span<const ContractId> contracts) {
  const pg::Result result = tx.Query(kLoadTerms, book, contracts);
  std::map<ContractId, std::vector<LateInterestTerms>> terms;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    const auto contract = row.Get<ContractId>(0);
    terms[contract].push_back({.contract = contract,
                               .version = row.Get<std::int32_t>(1),
                               .effective_from = row.Get<Date>(2),
                               .annual = Rate::FromMillionths(row.Get<std::int64_t>(3)),
                               .days_in_year = row.Get<std::int16_t>(4),
                               .grace_days = row.Get<std::int32_t>(5),
                               .reason = row.Get<std::string>(6),
                               .recorded_by = row.Get<UserId>(7)});
  }
  return terms;
}

void InsertLateInterest(pg::Transaction& tx, BookId book, std::span<const LateInterestRow> rows,
                        Instant at) {
  if (rows.empty()) return;
  tx.Execute(kInsertInterest, book, at, Pluck(rows, &LateInterestRow::line),
             Pluck(rows, &LateInterestRow::of), Pluck(rows, &LateInterestRow::due_on),
             Pluck(rows, &LateInterestRow::paid_on), Pluck(rows, &LateInterestRow::days_late),
             Pluck(rows, &LateInterestRow::base), Pluck(rows, &LateInterestRow::owed),
             Pluck(rows, &LateInterestRow::terms_version));
}

std::map<ObligationId, Money> LoadInterestMade(pg::Transaction& tx, BookId book,
                                               std::span<const ObligationId> lines) {
  return SumsOf<ObligationId>(tx.Query(kLoadInterestMade, book, lines));
}

std::vector<ObligationId> LoadOnceWithoutPayee(pg::Transaction& tx, BookId book,
                                               std::span<const ObligationId> lines) {
  const pg::Result result = tx.Query(kLoadOnceWithoutPayee, book, lines);
  std::vector<ObligationId> ids;
  for (int i = 0; i < result.Size(); ++i) ids.push_back(result[i].Get<ObligationId>(0));
  return ids;
}

}  // namespace sluice::payments
