#include "api/handlers/run_list_store.h"

#include <array>

#include "payments/run_store.h"

namespace sluice::api {
namespace {

using payments::Run;
using payments::RunId;
using payments::RunTotals;

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

constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kKinds = {{
    {"REGULAR", 0},
    {"OFF_CYCLE", 1},
    {"CORRECTION", 2},
    {"REISSUE", 3},
}};

const std::array kFields = {
    ListField{.name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kStates},
    ListField{.name = "kind", .type = FieldType::kEnum, .column = "r.kind", .names = kKinds},
    ListField{.name = "business_date",
              .type = FieldType::kDate,
              .column = "r.business_date",
              .sortable = true},
    ListField{.name = "paid", .type = FieldType::kInteger, .column = "r.paid"},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.run_id",
              .prefix = payments::RunTag::kPrefix,
              .sortable = true},
};

constexpr char kRunsSql[] = R"sql(
  SELECT r.book_id, r.run_id, r.program_id, r.business_date
  FROM (
    SELECT n.book_id, n.run_id, n.cycle_id, c.program_id, n.kind, n.state, n.business_date,
      (SELECT COALESCE(sum(p.net_cents), 0)::bigint
       FROM payments.run_payee AS p
       WHERE p.book_id = n.book_id AND p.run_id = n.run_id AND p.revision = n.revision
         AND p.hold_reason = 0) AS paid
    FROM payments.run AS n
    JOIN payments.cycle AS c ON c.book_id = n.book_id AND c.cycle_id = n.cycle_id
    WHERE ($1::bigint IS NULL OR c.program_id = $1) AND ($2::bigint IS NULL OR n.cycle_id = $2)
  ) AS r
  WHERE TRUE)sql";

constexpr pg::Query kLoadTotals{"api_load_run_totals", R"sql(
  SELECT r.run_id, p.gross, p.withheld, p.carried, p.recouped, p.taken, p.tax, l.hold, p.paid,
    (p.held + l.held)::bigint, l.lines, p.payees_paid, p.payees_held, p.payees_zero
  FROM payments.run AS r
  CROSS JOIN LATERAL (
    SELECT COALESCE(sum(gross_cents), 0)::bigint AS gross,
      COALESCE(sum(withhold_cents), 0)::bigint AS withheld,
      COALESCE(sum(carried_cents), 0)::bigint AS carried,
      COALESCE(sum(recoup_cents), 0)::bigint AS recouped,
      COALESCE(sum(offset_cents), 0)::bigint AS taken,
      COALESCE(sum(tax_cents), 0)::bigint AS tax,
      COALESCE(sum(net_cents) FILTER (WHERE hold_reason = 0), 0)::bigint AS paid,
      COALESCE(sum(net_cents) FILTER (WHERE hold_reason <> 0), 0) AS held,
      count(*) FILTER (WHERE hold_reason = 0 AND net_cents <> 0) AS payees_paid,
      count(*) FILTER (WHERE hold_reason <> 0) AS payees_held,
      count(*) FILTER (WHERE hold_reason = 0 AND net_cents = 0) AS payees_zero
    FROM payments.run_payee AS y
    WHERE y.book_id = r.book_id AND y.run_id = r.run_id AND y.revision = r.revision) AS p
  CROSS JOIN LATERAL (
    SELECT count(*) AS lines,
      COALESCE(sum(amount_cents) FILTER (WHERE posting = 1), 0)::bigint AS hold,
      COALESCE(sum(amount_cents) FILTER (WHERE hold_reason <> 0 AND amount_cents > 0), 0) AS held
    FROM payments.run_line AS n
    WHERE n.book_id = r.book_id AND n.run_id = r.run_id AND n.revision = r.revision) AS l
  WHERE r.run_id = ANY ($1::bigint[])
)sql"};

}  // namespace

std::span<const ListField> RunFields() { return kFields; }

RunPage LoadRunPage(pg::Transaction& tx, const RunView& view, const ListPage& page) {
  const pg::Result rows =
      page.Run(tx, kRunsSql, {pg::Encode(view.program), pg::Encode(view.cycle)});
  RunPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    const auto run = payments::FindRun(tx, rows[i].Get<BookId>(0), rows[i].Get<RunId>(1));
    loaded.runs.push_back({rows[i].Get<ProgramId>(2), run.value()});
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const Run& last = loaded.runs.back().run;
    if (field == "business_date") return last.business_date;
    return last.id.Value();
  });
  return loaded;
}

std::map<RunId, RunTotals> LoadTotals(pg::Transaction& tx, std::span<const RunId> runs) {
  const pg::Result rows = tx.Query(kLoadTotals, runs);
  std::map<RunId, RunTotals> totals;
  for (int i = 0; i < rows.Size(); ++i) {
    const pg::Row row = rows[i];
    totals[row.Get<RunId>(0)] = {.gross = row.Get<Money>(1),
                                 .withhold = row.Get<Money>(2),
                                 .carried = row.Get<Money>(3),
                                 .recoup = row.Get<Money>(4),
                                 .offset = row.Get<Money>(5),
                                 .tax = row.Get<Money>(6),
                                 .hold = row.Get<Money>(7),
                                 .paid = row.Get<Money>(8),
                                 .held = row.Get<Money>(9),
                                 .lines = row.Get<std::int64_t>(10),
                                 .payees_paid = row.Get<std::int64_t>(11),
                                 .payees_held = row.Get<std::int64_t>(12),
                                 .payees_zero = row.Get<std::int64_t>(13)};
  }
  return totals;
}

}  // namespace sluice::api
