#include "payments/work/work_store.h"

#include <cstdint>
#include <string>

namespace sluice::payments {
namespace {

// Kind 0 is regular; states 7 to 9 are released, settling, closed.
constexpr pg::Query kFindBefore{"payments_find_run_before", R"sql(
  SELECT r.run_id
  FROM payments.run AS r
  JOIN payments.cycle AS c ON c.book_id = r.book_id AND c.cycle_id = r.cycle_id
  WHERE r.book_id = $1 AND r.kind = 0 AND r.state BETWEEN 7 AND 9
    AND c.period_from < (
      SELECT own.period_from
      FROM payments.cycle AS own
      WHERE own.book_id = $1 AND own.cycle_id = $2)
  ORDER BY c.period_from DESC, r.seq DESC
  LIMIT 1
)sql"};

constexpr pg::Query kLoadCycles{"payments_load_cycles", R"sql(
  SELECT cycle_id, program_id, name, period_from, period_to
  FROM payments.cycle
  WHERE book_id = $1
  ORDER BY period_from, period_to
)sql"};

// Posting 0 without a hold was recognized by an earlier run.
constexpr pg::Query kLoadCompared{"payments_load_compared_lines", R"sql(
  SELECT l.payee_id, a.stream, o.contract_id, max(a.contract_name), o.component,
    sum(l.amount_cents - l.withhold_cents)::bigint,
    (array_agg(a.award_cents ORDER BY a.award_version DESC))[1]
  FROM payments.run_line AS l
  JOIN payments.obligation AS o
    ON o.book_id = l.book_id AND o.obligation_id = l.obligation_id
  JOIN payments.collected_award AS a
    ON a.book_id = o.book_id AND a.award_id = o.award_id AND a.award_version = o.award_version
  WHERE l.book_id = $1 AND l.run_id = $2 AND l.revision = $3 AND l.payee_id IS NOT NULL
    AND (l.posting <> 0 OR (l.hold_reason <> 0 AND NOT o.recognized))
  GROUP BY l.payee_id, a.stream, o.contract_id, o.component
  ORDER BY l.payee_id, a.stream, o.contract_id, o.component
)sql"};

}  // namespace

std::vector<Cycle> LoadCycles(pg::Transaction& tx, BookId book) {
  const pg::Result result = tx.Query(kLoadCycles, book);
  std::vector<Cycle> cycles;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    cycles.push_back({.id = row.Get<CycleId>(0),
                      .book = book,
                      .program = row.Get<ProgramId>(1),
                      .name = row.Get<std::string>(2),
                      .period = {row.Get<Date>(3), row.Get<Date>(4)}});
  }
  return cycles;
}

std::optional<RunId> FindRunBefore(pg::Transaction& tx, const Run& run) {
  const pg::Result result = tx.Query(kFindBefore, run.book, run.cycle);
  if (result.Size() == 0) return std::nullopt;
  return result[0].Get<RunId>(0);
}

std::vector<ComparedLine> LoadComparedLines(pg::Transaction& tx, const Run& run) {
  const pg::Result result = tx.Query(kLoadCompared, run.book, run.id, run.revision);
  std::vector<ComparedLine> lines;
  lines.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    lines.push_back({.payee = row.Get<PayeeId>(0),
                     .stream = row.Get<std::string>(1),
                     .contract = row.Get<ContractId>(2),
                     .contract_name = row.Get<std::string>(3),
                     .component = static_cast<ObligationComponent>(row.Get<std::int16_t>(4)),
                     .amount = row.Get<Money>(5),
                     .award = row.Get<Money>(6)});
  }
  return lines;
}

}  // namespace sluice::payments
