#include "api/handlers/cycle_list_store.h"

#include <array>

#include "payments/run_store.h"

namespace sluice::api {
namespace {

using payments::Cycle;
using payments::CycleId;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 11> kStates = {{
    {"OPEN", 0},
    {"CALCULATING", 1},
    {"CALCULATED", 2},
    {"IN_REVIEW", 3},
    {"APPROVED", 4},
    {"RELEASING", 5},
    {"BLOCKED", 6},
    {"RELEASED", 7},
    {"SETTLING", 8},
    {"CLOSED", 9},
    {"VOID", 10},
}};

const std::array kFields = {
    ListField{
        .name = "run_state", .type = FieldType::kEnum, .column = "r.run_state", .names = kStates},
    ListField{.name = "period_from",
              .type = FieldType::kDate,
              .column = "r.period_from",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.cycle_id",
              .prefix = payments::CycleTag::kPrefix,
              .sortable = true},
};

// The state is that of the last run that was opened.
constexpr char kCyclesSql[] = R"sql(
  SELECT r.book_id, r.cycle_id
  FROM (
    SELECT c.book_id, c.cycle_id, c.program_id, c.period_from,
      (SELECT n.state
       FROM payments.run AS n
       WHERE n.book_id = c.book_id AND n.cycle_id = c.cycle_id
       ORDER BY n.run_id DESC
       LIMIT 1) AS run_state
    FROM payments.cycle AS c
    WHERE $1::bigint IS NULL OR c.program_id = $1
  ) AS r
  WHERE TRUE)sql";

constexpr pg::Query kLoadPoolIds{"api_load_pool_ids", R"sql(
  SELECT pool_id
  FROM payments.pool
  WHERE book_id = $1
  ORDER BY pool_id
)sql"};

}  // namespace

std::span<const ListField> CycleFields() { return kFields; }

CyclePage LoadCyclePage(pg::Transaction& tx, std::optional<ProgramId> program,
                        const ListPage& page) {
  const pg::Result rows = page.Run(tx, kCyclesSql, {pg::Encode(program)});
  CyclePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    loaded.cycles.push_back(
        payments::FindCycle(tx, rows[i].Get<BookId>(0), rows[i].Get<CycleId>(1)).value());
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const Cycle& last = loaded.cycles.back();
    if (field == "period_from") return last.period.from;
    return last.id.Value();
  });
  return loaded;
}

std::vector<payments::PoolId> LoadPoolIds(pg::Transaction& tx, BookId book) {
  return tx.Query(kLoadPoolIds, book).All<payments::PoolId>();
}

}  // namespace sluice::api
