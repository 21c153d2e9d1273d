#include "tests/bench/cycle_store.h"

#include <string>
#include <string_view>

#include "core/check.h"
#include "core/pg/columns.h"

namespace sluice::bench {
namespace {

constexpr const char* kTables = R"sql(
  CREATE TABLE performance.bench_run (
    members bigint NOT NULL,
    contracts bigint NOT NULL,
    payer_id bigint NOT NULL,
    capitation_id bigint NOT NULL,
    quality_id bigint NOT NULL
  );
  CREATE TABLE performance.bench_cell (
    born_after date NOT NULL,
    born_until date NOT NULL,
    sex smallint NOT NULL,
    product text NOT NULL,
    price_millionths bigint NOT NULL
  );
  CREATE TABLE performance.bench_measure (
    measure_id text PRIMARY KEY,
    threshold numeric NOT NULL,
    target numeric NOT NULL,
    minimum_denominator bigint NOT NULL
  );
  CREATE TABLE performance.bench_line (
    contract_id bigint NOT NULL,
    payee_party_id bigint NOT NULL,
    member_id bigint NOT NULL,
    span_id bigint NOT NULL,
    price_millionths bigint NOT NULL,
    panel_mean_millionths bigint NOT NULL,
    plan_mean_millionths bigint NOT NULL,
    cents bigint NOT NULL
  );
  CREATE TABLE performance.bench_capitation (
    contract_id bigint NOT NULL,
    payee_party_id bigint NOT NULL,
    months bigint NOT NULL,
    gross_cents bigint NOT NULL,
    withheld_cents bigint NOT NULL,
    PRIMARY KEY (contract_id, payee_party_id)
  );
  CREATE TABLE performance.bench_quality (
    contract_id bigint PRIMARY KEY,
    amount_cents bigint NOT NULL
  );
  GRANT SELECT, INSERT, TRUNCATE ON performance.bench_cell, performance.bench_measure,
    performance.bench_line, performance.bench_capitation, performance.bench_quality TO sluice_app;
)sql";

constexpr pg::Query kInsertCells{"cycle_cells", R"sql(
  INSERT INTO performance.bench_cell (born_after, born_until, sex, product, price_millionths)
  SELECT born_after, born_until, sex, product, price
  FROM unnest($1::date[], $2::date[], $3::smallint[], $4::text[], $5::bigint[])
    AS t (born_after, born_until, sex, product, price)
)sql"};

constexpr pg::Query kInsertMeasures{"cycle_measures", R"sql(
  INSERT INTO performance.bench_measure (measure_id, threshold, target, minimum_denominator)
  SELECT id, threshold / 100.0, target / 100.0, minimum
  FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
    AS t (id, threshold, target, minimum)
)sql"};

constexpr pg::Query kNoTriggers{"cycle_no_triggers", R"sql(
  SELECT set_config('session_replication_role', 'replica', true)
)sql"};

// $1 and $2: members; $3: members of a contract; $4: payees of a contract; $5: recorded at. The
// numbers of contracts and parties are those of CyclePlan.
constexpr pg::Query kInventSpans{"cycle_invent_spans", R"sql(
  INSERT INTO performance.panel_span (
    contract_id, member_id, span_id, recorded_at, payee_party_id, valid_from, valid_to, birth_date,
    learned_on, risk_millionths, sex, reason, retracted, product, region, tier)
  SELECT
    100000 + r.contract, r.member, s.span, $5::timestamptz + s.version * interval '1 day',
    1000000 + r.contract * 100 + 1 + (r.member + s.span) % $4::bigint,
    CASE
      WHEN s.span = 2 THEN date '2026-07-01'
      WHEN r.member % 200 = 5 THEN date '2026-07-10'
      WHEN r.member % 200 = 6 THEN date '2026-07-20'
      ELSE greatest(r.born, date '2025-01-01' + (r.hash / 1024 % 300)::integer)
    END,
    CASE
      WHEN s.span = 1 AND r.member % 50 = 3 THEN date '2026-07-01'
      WHEN r.member % 100 = 9 THEN date '2026-06-16'
      WHEN r.member % 100 = 11 THEN date '2026-07-16'
      WHEN r.member % 100 = 12 THEN date '2026-07-08'
    END,
    r.born - (s.version - 1) * 400, date '2026-07-01', NULL,
    (1 + r.hash / 65536 % 2)::smallint, 0, false,
    CASE WHEN r.hash / 131072 % 4 = 0 THEN 'PPO' ELSE 'HMO' END, '06037', '1'
  FROM (
    SELECT m AS member, (m - 1) / $3::bigint AS contract, h.hash,
      date '2026-06-01' - (h.hash % 32000)::integer AS born
    FROM generate_series($1::bigint, $2::bigint) AS m
    CROSS JOIN LATERAL (SELECT m * 2654435761 % 4294967296) AS h (hash)
  ) AS r
  CROSS JOIN LATERAL (
    SELECT 1, 1
    UNION ALL SELECT 1, 2 WHERE r.member % 100 = 7
    UNION ALL SELECT 2, 1 WHERE r.member % 50 = 3
  ) AS s (span, version)
)sql"};

// Three measures of twelve for each member.
constexpr pg::Query kInventMeasures{"cycle_invent_measures", R"sql(
  INSERT INTO performance.member_measure (
    contract_id, period_from, member_id, measure_id, recorded_at, met)
  SELECT 200000 + r.contract, date '2025-01-01', r.member,
    ('{A1C,AWV,BCS,CBP,CCS,COL,DEP,EYE,FLU,IMA,KED,SPC}'::text[])[1 + r.member % 4 + 4 * s.place],
    $4::timestamptz + s.version * interval '1 day',
    ((r.hash / 4096 + s.place * 37) % 100 < 45 + r.contract % 40) = (s.version = 1)
  FROM (
    SELECT m AS member, (m - 1) / $3::bigint AS contract, m * 2654435761 % 4294967296 AS hash
    FROM generate_series($1::bigint, $2::bigint) AS m
  ) AS r
  CROSS JOIN LATERAL (
    SELECT 0, 1
    UNION ALL SELECT 0, 2 WHERE r.member % 100 = 13
    UNION ALL SELECT 1, 1
    UNION ALL SELECT 2, 1
  ) AS s (place, version)
)sql"};

constexpr const char* kSettle = R"sql(
  ALTER TABLE performance.panel_span SET (autovacuum_enabled = off);
  ALTER TABLE performance.member_measure SET (autovacuum_enabled = off);
  ANALYZE performance.panel_span, performance.member_measure, performance.panel_factor,
    performance.contract, performance.terms, performance.fact, performance.bench_cell,
    performance.bench_measure;
  CREATE TABLE performance.bench_fact AS SELECT * FROM performance.fact;
)sql";

constexpr pg::Query kInsertRun{"cycle_insert_run", R"sql(
  INSERT INTO performance.bench_run (members, contracts, payer_id, capitation_id, quality_id)
  VALUES ($1, $2, $3, $4, $5)
)sql"};

constexpr pg::Query kHasRuns{"cycle_has_runs", R"sql(
  SELECT to_regclass('performance.bench_run') IS NOT NULL
)sql"};

constexpr pg::Query kFindRun{"cycle_find_run", R"sql(
  SELECT members, contracts, payer_id, capitation_id, quality_id FROM performance.bench_run
)sql"};

constexpr const char* kForget = R"sql(
  TRUNCATE performance.award, performance.award_split, performance.calculation_package,
    performance.member_month_run, performance.member_month_line, performance.fact,
    performance.bench_line, performance.bench_capitation, performance.bench_quality CASCADE;
  INSERT INTO performance.fact SELECT * FROM performance.bench_fact;
)sql";

constexpr pg::Query kCopySpans{"cycle_copy_spans",
                               "COPY performance.panel_span TO STDOUT (FORMAT binary)"};
constexpr pg::Query kCopyMeasures{"cycle_copy_measures",
                                  "COPY performance.member_measure TO STDOUT (FORMAT binary)"};

// July 2026 by the 15/30 method, a change dated up to the 15th counts. The newest version of a row
// comes first when the primary key is walked backwards, so that nothing is sorted. Half a cent is
// rounded up, which for prices is away from zero.
constexpr std::string_view kLinesBySql = R"sql(
  SELECT n.contract_id, n.payee_party_id, n.member_id, n.span_id, c.price_millionths,
    f.panel_mean_millionths, f.plan_mean_millionths,
    (2 * c.price_millionths * f.panel_mean_millionths + 10000 * f.plan_mean_millionths)
      / (20000 * f.plan_mean_millionths) AS cents
  FROM (
    SELECT DISTINCT ON (contract_id, member_id, span_id)
      contract_id, payee_party_id, member_id, span_id, valid_from, valid_to, birth_date, sex,
      retracted, product
    FROM performance.panel_span
    WHERE recorded_at <= $1
    ORDER BY contract_id DESC, member_id DESC, span_id DESC, recorded_at DESC
  ) AS n
  JOIN performance.bench_cell AS c
    ON c.sex = n.sex AND c.product = n.product
    AND n.birth_date > c.born_after AND n.birth_date <= c.born_until
  JOIN (
    SELECT DISTINCT ON (contract_id, payee_party_id)
      contract_id, payee_party_id, panel_mean_millionths, plan_mean_millionths
    FROM performance.panel_factor
    WHERE from_month <= date '2026-07-01' AND recorded_at <= $1
    ORDER BY contract_id, payee_party_id, from_month DESC, recorded_at DESC
  ) AS f ON f.contract_id = n.contract_id AND f.payee_party_id = n.payee_party_id
  WHERE NOT n.retracted
    AND n.valid_from <= date '2026-07-15'
    AND (n.valid_to IS NULL OR n.valid_to > date '2026-07-15')
)sql";

// A withhold of 2 % of each payee's total.
constexpr std::string_view kTotalsBySql = R"sql(
  INSERT INTO performance.bench_capitation (
    contract_id, payee_party_id, months, gross_cents, withheld_cents)
  SELECT l.contract_id, l.payee_party_id, count(*), sum(l.cents)::bigint,
    round(sum(l.cents) * 0.02)::bigint
)sql";

// Quotients of numeric are cut somewhere behind the decimal point, so that half a cent may fall
// just short of it: eight decimals first.
constexpr pg::Query kQualityBySql{"cycle_quality", R"sql(
  INSERT INTO performance.bench_quality (contract_id, amount_cents)
  SELECT s.contract_id, round(round(150 * m.value::numeric * s.score, 8))::bigint
  FROM (
    SELECT r.contract_id,
      sum(least(greatest((r.met::numeric / r.members - t.threshold) / (t.target - t.threshold), 0),
                1)) / count(*) AS score
    FROM (
      SELECT n.contract_id, n.measure_id, count(*) AS members,
        count(*) FILTER (WHERE n.met) AS met
      FROM (
        SELECT DISTINCT ON (contract_id, period_from, member_id, measure_id)
          contract_id, measure_id, met
        FROM performance.member_measure
        WHERE period_from = date '2025-01-01' AND recorded_at <= $2
        ORDER BY contract_id DESC, period_from DESC, member_id DESC, measure_id DESC,
          recorded_at DESC
      ) AS n
      GROUP BY n.contract_id, n.measure_id
    ) AS r
    JOIN performance.bench_measure AS t ON t.measure_id = r.measure_id
    WHERE r.members >= t.minimum_denominator
    GROUP BY r.contract_id
  ) AS s
  JOIN performance.contract AS c ON c.contract_id = s.contract_id AND c.program_id = $1
  JOIN performance.fact AS m
    ON m.contract_id = s.contract_id AND m.period_from = date '2025-01-01'
    AND m.name = 'member_months'
)sql"};

// What a person who tunes the statements would do: left alone, the planner joins row by row with
// the factors of a payee, and is ten times slower.
constexpr pg::Query kTune{"cycle_tune", R"sql(
  SELECT set_config('enable_nestloop', 'off', true), set_config('work_mem', '256MB', true)
)sql"};
constexpr const char* kForgetSqlCapitation = R"sql(
  TRUNCATE performance.bench_line, performance.bench_capitation
)sql";
constexpr const char* kForgetSqlQuality = "TRUNCATE performance.bench_quality";

constexpr pg::Query kComparePayees{"cycle_compare_payees", R"sql(
  SELECT count(*), count(*) FILTER (
    WHERE coalesce(b.gross_cents - b.withheld_cents, 0) <> coalesce(s.amount_cents, 0))
  FROM performance.bench_capitation AS b
  FULL JOIN (
    SELECT s.contract_id, s.party_id, s.amount_cents
    FROM performance.award_split AS s
    JOIN performance.award AS a
      ON a.contract_id = s.contract_id AND a.award_id = s.award_id AND a.version = s.version
    WHERE a.program_id = $1 AND s.position > 0
  ) AS s ON s.contract_id = b.contract_id AND s.party_id = b.payee_party_id
)sql"};

constexpr pg::Query kCompareContracts{"cycle_compare_contracts", R"sql(
  SELECT count(*), count(*) FILTER (
    WHERE a.status IS DISTINCT FROM 0 OR b.amount_cents IS DISTINCT FROM a.amount_cents
       OR b.withheld_cents IS DISTINCT FROM a.withheld_cents),
    coalesce(sum(a.amount_cents) FILTER (WHERE a.program_id = $1), 0)::bigint,
    coalesce(sum(a.amount_cents) FILTER (WHERE a.program_id = $2), 0)::bigint
  FROM (
    SELECT contract_id, sum(gross_cents)::bigint AS amount_cents,
      sum(withheld_cents)::bigint AS withheld_cents
    FROM performance.bench_capitation
    GROUP BY contract_id
    UNION ALL
    SELECT contract_id, amount_cents, 0
    FROM performance.bench_quality
  ) AS b
  FULL JOIN performance.award AS a ON a.contract_id = b.contract_id
)sql"};

constexpr pg::Query kLineBytes{"cycle_line_bytes", R"sql(
  SELECT coalesce(sum(octet_length(content)), 0)::bigint FROM performance.member_month_line
)sql"};

}  // namespace

void MakeCycleTables(pg::Transaction& tx, const std::vector<CycleCell>& cells,
                     const std::vector<CycleMeasure>& measures) {
  tx.RunScript(kTables);
  pg::Columns<Date, Date, std::int16_t, std::string, std::int64_t> cell_rows;
  for (const CycleCell& cell : cells) {
    cell_rows.Add(cell.born_after, cell.born_until, cell.sex, cell.product, cell.price_millionths);
  }
  cell_rows.Execute(tx, kInsertCells);
  pg::Columns<std::string, std::int64_t, std::int64_t, std::int64_t> measure_rows;
  for (const CycleMeasure& measure : measures) {
    measure_rows.Add(measure.id, measure.threshold_percent, measure.target_percent,
                     measure.minimum_denominator);
  }
  measure_rows.Execute(tx, kInsertMeasures);
}

void InventFacts(pg::Transaction& tx, const CyclePlan& plan, std::int64_t first, std::int64_t last,
                 Instant recorded_at) {
  tx.Query(kNoTriggers);
  tx.Execute(kInventSpans, first, last, plan.MembersOfContract(), plan.payees_of_contract,
             recorded_at);
  tx.Execute(kInventMeasures, first, last, plan.MembersOfContract(), recorded_at);
}

void SettleFacts(pg::Transaction& tx, const CycleFacts& facts) {
  tx.RunScript(kSettle);
  tx.Execute(kInsertRun, facts.plan.members, facts.plan.contracts, facts.payer, facts.capitation,
             facts.quality);
}

std::optional<CycleFacts> FindFacts(pg::Transaction& tx) {
  if (!tx.Query(kHasRuns).One<bool>()) return std::nullopt;
  const pg::Result found = tx.Query(kFindRun);
  if (found.Empty()) return std::nullopt;
  return CycleFacts{.plan = {.members = found[0].Get<std::int64_t>(0),
                             .contracts = found[0].Get<std::int64_t>(1)},
                    .payer = found[0].Get<PayerId>(2),
                    .capitation = found[0].Get<ProgramId>(3),
                    .quality = found[0].Get<ProgramId>(4)};
}

void ForgetResults(pg::Transaction& tx) { tx.RunScript(kForget); }

CycleRows CopyFacts(pg::Transaction& tx) {
  CycleRows rows;
  {
    using Number = std::int64_t;
    pg::CopyReader copy =
        tx.CopyOut<Number, Number, Number, Instant, Number, Date, Date, Date, Date, Number,
                   std::int16_t, std::int16_t, bool, std::string_view, std::string_view,
                   std::string_view>(kCopySpans);
    while (copy.Next()) ++rows.spans;
  }
  pg::CopyReader copy =
      tx.CopyOut<std::int64_t, Date, std::int64_t, std::string_view, Instant, bool>(kCopyMeasures);
  while (copy.Next()) ++rows.measures;
  return rows;
}

void CapitationBySql(pg::Transaction& tx, Instant known_at, bool with_lines) {
  tx.RunScript(kForgetSqlCapitation);
  tx.Query(kTune);
  const std::string lines(kLinesBySql);
  const std::string totals(kTotalsBySql);
  if (!with_lines) {
    const std::string sql =
        totals + " FROM (" + lines + ") AS l GROUP BY l.contract_id, l.payee_party_id";
    tx.Execute(pg::Query{"cycle_totals_by_sql", sql.c_str()}, known_at);
    return;
  }
  const std::string store = "INSERT INTO performance.bench_line " + lines;
  tx.Execute(pg::Query{"cycle_lines_by_sql", store.c_str()}, known_at);
  const std::string sum =
      totals + " FROM performance.bench_line AS l GROUP BY l.contract_id, l.payee_party_id";
  tx.Execute(pg::Query{"cycle_totals_of_lines", sum.c_str()});
}

void QualityBySql(pg::Transaction& tx, ProgramId program, Instant known_at) {
  tx.RunScript(kForgetSqlQuality);
  tx.Query(kTune);
  tx.Execute(kQualityBySql, program, known_at);
}

CycleDifferences CompareResults(pg::Transaction& tx, ProgramId capitation, ProgramId quality) {
  CycleDifferences differences;
  const pg::Result payees = tx.Query(kComparePayees, capitation);
  differences.payees = payees[0].Get<std::int64_t>(0);
  differences.payees_differ = payees[0].Get<std::int64_t>(1);
  const pg::Result contracts = tx.Query(kCompareContracts, capitation, quality);
  differences.contracts = contracts[0].Get<std::int64_t>(0);
  differences.contracts_differ = contracts[0].Get<std::int64_t>(1);
  differences.capitation = contracts[0].Get<Money>(2);
  differences.quality = contracts[0].Get<Money>(3);
  return differences;
}

std::int64_t StoredLineBytes(pg::Transaction& tx) {
  return tx.Query(kLineBytes).One<std::int64_t>();
}

}  // namespace sluice::bench
