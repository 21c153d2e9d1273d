#include <utility>

#include "payments/line_decision.h"
#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertLineDecision{"payments_insert_line_decision", R"sql(
  INSERT INTO payments.line_decision (book_id, award_id, party_id, under_party_id, role,
    decision_no, held, cause, run_id, obligation_id, award_version, amount_cents, reason,
    decided_by, decided_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
)sql"};

constexpr pg::Query kLoadLineDecisions{"payments_load_line_decisions", R"sql(
  SELECT award_id, party_id, under_party_id, role, decision_no, held, cause, run_id, obligation_id,
    award_version, amount_cents, reason, decided_by, decided_at
  FROM payments.line_decision
  WHERE book_id = $1 AND award_id = ANY ($2::bigint[])
  ORDER BY award_id, party_id, under_party_id, role, decision_no
)sql"};

constexpr pg::Query kInsertStop{"payments_insert_run_stop", R"sql(
  INSERT INTO payments.run_stop (book_id, run_id, payee_id, stop_no, stopped, reason, decided_by,
    decided_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

constexpr pg::Query kLoadStops{"payments_load_run_stops", R"sql(
  SELECT payee_id, stop_no, stopped, reason, decided_by, decided_at
  FROM payments.run_stop
  WHERE book_id = $1 AND run_id = $2
  ORDER BY payee_id, stop_no
)sql"};

}  // namespace

void InsertLineDecision(pg::Transaction& tx, BookId book, const LineDecision& decision) {
  const ShareKey& share = decision.share;
  tx.Execute(kInsertLineDecision, book, share.award, share.party, share.under, share.role,
             decision.number, decision.held, Stored(decision.cause), decision.run,
             decision.obligation, decision.award_version, decision.amount, decision.reason,
             decision.decided_by, decision.decided_at);
}

LineDecisions LoadLineDecisions(pg::Transaction& tx, BookId book, std::span<const AwardId> awards) {
  const pg::Result result = tx.Query(kLoadLineDecisions, book, awards);
  std::vector<LineDecision> decisions;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    decisions.push_back({.share = {row.Get<AwardId>(0), row.Get<PartyId>(1), row.Get<PartyId>(2),
                                   row.Get<std::string>(3)},
                         .number = row.Get<std::int32_t>(4),
                         .held = row.Get<bool>(5),
                         .cause = static_cast<LineHoldCause>(row.Get<std::int16_t>(6)),
                         .run = row.Get<RunId>(7),
                         .obligation = row.Get<ObligationId>(8),
                         .award_version = row.Get<std::int32_t>(9),
                         .amount = row.Get<Money>(10),
                         .reason = row.Get<std::string>(11),
                         .decided_by = row.Get<UserId>(12),
                         .decided_at = row.Get<Instant>(13)});
  }
  return LineDecisions(std::move(decisions));
}

void InsertRunStop(pg::Transaction& tx, const Run& run, const RunStop& stop) {
  tx.Execute(kInsertStop, run.book, run.id, stop.payee, stop.number, stop.stopped, stop.reason,
             stop.decided_by, stop.decided_at);
}

std::map<PayeeId, RunStop> LoadRunStops(pg::Transaction& tx, const Run& run) {
  const pg::Result result = tx.Query(kLoadStops, run.book, run.id);
  std::map<PayeeId, RunStop> stops;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    const auto payee = row.Get<PayeeId>(0);
    stops.insert_or_assign(payee, RunStop{.payee = payee,
                                          .number = row.Get<std::int32_t>(1),
                                          .stopped = row.Get<bool>(2),
                                          .reason = row.Get<std::string>(3),
                                          .decided_by = row.Get<UserId>(4),
                                          .decided_at = row.Get<Instant>(5)});
  }
  return stops;
}

}  // namespace sluice::payments
