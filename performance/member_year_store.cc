#include "performance/member_year_store.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "core/pg/columns.h"

namespace sluice::performance {
namespace {

// COPY does not go through row-level security, so rows travel as arrays.
constexpr std::size_t kRowsPerStatement = 20'000;

constexpr pg::Query kInsertMemberYears{"insert_member_years", R"sql(
  INSERT INTO performance.member_year (contract_id, period_from, member_id, recorded_at,
                                       attributed_party_id, member_months, benchmark_cents,
                                       expenditure_cents)
  SELECT u.contract_id, u.period_from, u.member_id, u.recorded_at, u.party_id, u.months,
         u.benchmark, u.spent
  FROM unnest($1::bigint[], $2::date[], $3::bigint[], $4::bigint[], $5::smallint[], $6::bigint[],
              $7::bigint[], $8::timestamptz[])
    AS u (contract_id, period_from, member_id, party_id, months, benchmark, spent, recorded_at)
)sql"};

constexpr pg::Query kInsertMemberMeasures{"insert_member_measures", R"sql(
  INSERT INTO performance.member_measure (contract_id, period_from, member_id, measure_id,
                                          recorded_at, met, batch_id)
  SELECT u.contract_id, u.period_from, u.member_id, u.measure_id, u.recorded_at, u.met = 1,
         u.batch_id
  FROM unnest($1::bigint[], $2::date[], $3::bigint[], $4::text[], $5::smallint[],
              $6::timestamptz[], $7::bigint[])
    AS u (contract_id, period_from, member_id, measure_id, met, recorded_at, batch_id)
)sql"};

constexpr pg::Query kKnownMemberMeasures{"known_member_measures", R"sql(
  SELECT u.place, n.met
  FROM unnest($1::bigint[], $2::date[], $3::bigint[], $4::text[], $5::bigint[])
    AS u (contract_id, period_from, member_id, measure_id, place)
  CROSS JOIN LATERAL (
    SELECT m.met
    FROM performance.member_measure AS m
    WHERE m.contract_id = u.contract_id
      AND m.period_from = u.period_from
      AND m.member_id = u.member_id
      AND m.measure_id = u.measure_id
    ORDER BY m.recorded_at DESC
    LIMIT 1) AS n
)sql"};

constexpr pg::Query kMemberMeasuresOf{"member_measures_of_batches", R"sql(
  SELECT m.contract_id, m.period_from, m.member_id, m.measure_id, m.met, e.number
  FROM performance.member_measure AS m
  JOIN performance.contract AS c ON c.contract_id = m.contract_id
  JOIN performance.member AS e ON e.payer_id = c.payer_id AND e.member_id = m.member_id
  WHERE m.batch_id = ANY ($1::bigint[])
    AND m.met IS NOT NULL
    AND NOT EXISTS (
      SELECT 1
      FROM performance.member_measure AS later
      WHERE later.contract_id = m.contract_id
        AND later.period_from = m.period_from
        AND later.member_id = m.member_id
        AND later.measure_id = m.measure_id
        AND later.recorded_at > m.recorded_at)
  ORDER BY m.contract_id, m.period_from, m.member_id, m.measure_id
)sql"};

// The latest row of each member known at $3, summed.
constexpr pg::Query kSumMemberYears{"sum_member_years", R"sql(
  SELECT m.contract_id,
         count(*)::bigint,
         sum(m.member_months)::bigint,
         sum(m.benchmark_cents)::bigint,
         sum(m.expenditure_cents)::bigint
  FROM performance.member_year AS m
  JOIN performance.contract AS c ON c.contract_id = m.contract_id
  WHERE c.program_id = $1
    AND m.period_from = $2
    AND m.recorded_at <= $3
    AND NOT EXISTS (
      SELECT 1
      FROM performance.member_year AS later
      WHERE later.contract_id = m.contract_id
        AND later.period_from = m.period_from
        AND later.member_id = m.member_id
        AND later.recorded_at > m.recorded_at
        AND later.recorded_at <= $3)
  GROUP BY m.contract_id
  ORDER BY m.contract_id
)sql"};

constexpr pg::Query kSumMemberMeasures{"sum_member_measures", R"sql(
  SELECT m.contract_id,
         m.measure_id,
         count(*) FILTER (WHERE m.met),
         count(m.met)
  FROM performance.member_measure AS m
  JOIN performance.contract AS c ON c.contract_id = m.contract_id
  WHERE c.program_id = $1
    AND m.period_from = $2
    AND m.recorded_at <= $3
    AND NOT EXISTS (
      SELECT 1
      FROM performance.member_measure AS later
      WHERE later.contract_id = m.contract_id
        AND later.period_from = m.period_from
        AND later.member_id = m.member_id
        AND later.measure_id = m.measure_id
        AND later.recorded_at > m.recorded_at
        AND later.recorded_at <= $3)
  GROUP BY m.contract_id, m.measure_id
  ORDER BY m.contract_id, m.measure_id
)sql"};

constexpr pg::Query kSumPracticeMonths{"sum_practice_months", R"sql(
  SELECT m.contract_id,
         m.attributed_party_id,
         sum(m.member_months)::bigint
  FROM performance.member_year AS m
  JOIN performance.contract AS c ON c.contract_id = m.contract_id
  WHERE c.program_id = $1
    AND m.period_from = $2
    AND m.recorded_at <= $3
    AND NOT EXISTS (
      SELECT 1
      FROM performance.member_year AS later
      WHERE later.contract_id = m.contract_id
        AND later.period_from = m.period_from
        AND later.member_id = m.member_id
        AND later.recorded_at > m.recorded_at
        AND later.recorded_at <= $3)
  GROUP BY m.contract_id, m.attributed_party_id
  ORDER BY m.contract_id, m.attributed_party_id
)sql"};

template <typename Row, typename Insert>
void InsertInParts(std::span<const Row> rows, Insert insert) {
  for (; !rows.empty(); rows = rows.subspan(std::min(rows.size(), kRowsPerStatement))) {
    insert(rows.first(std::min(rows.size(), kRowsPerStatement)));
  }
}

}  // namespace

void InsertMemberYears(pg::Transaction& tx, std::span<const MemberYear> rows, Instant recorded_at) {
  InsertInParts(rows, [&](std::span<const MemberYear> part) {
    pg::Columns<ContractId, Date, std::int64_t, PartyId, std::int16_t, Money, Money, Instant>
        columns;
    columns.Reserve(part.size());
    for (const MemberYear& row : part) {
      columns.Add(row.contract, row.period_from, row.member_id, row.attributed_to,
                  row.member_months, row.benchmark, row.expenditure, recorded_at);
    }
    columns.Execute(tx, kInsertMemberYears);
  });
}

void InsertMemberMeasures(pg::Transaction& tx, std::span<const MemberMeasure> rows,
                          Instant recorded_at, std::optional<std::int64_t> batch) {
  InsertInParts(rows, [&](std::span<const MemberMeasure> part) {
    pg::Columns<ContractId, Date, std::int64_t, std::string_view, std::optional<std::int16_t>,
                Instant, std::optional<std::int64_t>>
        columns;
    columns.Reserve(part.size());
    for (const MemberMeasure& row : part) {
      std::optional<std::int16_t> met;
      if (row.met) met = *row.met ? std::int16_t{1} : std::int16_t{0};
      columns.Add(row.contract, row.period_from, row.member_id, row.measure_id, met, recorded_at,
                  batch);
    }
    columns.Execute(tx, kInsertMemberMeasures);
  });
}

std::vector<std::optional<MemberMeasure>> KnownMemberMeasures(
    pg::Transaction& tx, std::span<const MemberMeasure> rows) {
  std::vector<std::optional<MemberMeasure>> known(rows.size());
  std::vector<ContractId> contracts;
  std::vector<Date> periods;
  std::vector<std::int64_t> members, places;
  std::vector<std::string> measures;
  for (const MemberMeasure& row : rows) {
    contracts.push_back(row.contract);
    periods.push_back(row.period_from);
    members.push_back(row.member_id);
    measures.push_back(row.measure_id);
    places.push_back(static_cast<std::int64_t>(places.size()));
  }
  const pg::Result found =
      tx.Query(kKnownMemberMeasures, contracts, periods, members, measures, places);
  for (int i = 0; i < found.Size(); ++i) {
    const auto place = static_cast<std::size_t>(found[i].Get<std::int64_t>(0));
    known[place] = rows[place];
    known[place]->met = found[i].Get<std::optional<bool>>(1);
  }
  return known;
}

std::vector<NumberedMeasure> MemberMeasuresOf(pg::Transaction& tx,
                                              std::span<const std::int64_t> batches) {
  const pg::Result rows = tx.Query(kMemberMeasuresOf, batches);
  std::vector<NumberedMeasure> results;
  for (int i = 0; i < rows.Size(); ++i) {
    results.push_back({.result = {.contract = rows[i].Get<ContractId>(0),
                                  .period_from = rows[i].Get<Date>(1),
                                  .member_id = rows[i].Get<std::int64_t>(2),
                                  .measure_id = rows[i].Get<std::string>(3),
                                  .met = rows[i].Get<std::optional<bool>>(4)},
                       .member_number = rows[i].Get<std::string>(5)});
  }
  return results;
}

std::vector<ContractTotals> SumMemberYears(pg::Transaction& tx, ProgramId program, Date period_from,
                                           Instant known_at) {
  std::map<ContractId, ContractTotals> totals;
  const pg::Result sums = tx.Query(kSumMemberYears, program, period_from, known_at);
  for (int i = 0; i < sums.Size(); ++i) {
    const pg::Row row = sums[i];
    const auto contract = row.Get<ContractId>(0);
    totals[contract] = ContractTotals{.contract = contract,
                                      .members = row.Get<std::int64_t>(1),
                                      .member_months = row.Get<std::int64_t>(2),
                                      .benchmark = row.Get<Money>(3),
                                      .expenditure = row.Get<Money>(4),
                                      .measures = {}};
  }
  const pg::Result measures = tx.Query(kSumMemberMeasures, program, period_from, known_at);
  for (int i = 0; i < measures.Size(); ++i) {
    const pg::Row row = measures[i];
    const auto contract = row.Get<ContractId>(0);
    totals[contract].contract = contract;
    totals[contract].measures.push_back(MeasureTotal{.measure_id = row.Get<std::string>(1),
                                                     .numerator = row.Get<std::int64_t>(2),
                                                     .denominator = row.Get<std::int64_t>(3)});
  }
  std::vector<ContractTotals> result;
  result.reserve(totals.size());
  for (auto& [contract, total] : totals) result.push_back(std::move(total));
  return result;
}

std::vector<PracticeMonths> SumPracticeMonths(pg::Transaction& tx, ProgramId program,
                                              Date period_from, Instant known_at) {
  const pg::Result rows = tx.Query(kSumPracticeMonths, program, period_from, known_at);
  std::vector<PracticeMonths> result;
  result.reserve(static_cast<std::size_t>(rows.Size()));
  for (int i = 0; i < rows.Size(); ++i) {
    result.push_back(PracticeMonths{.contract = rows[i].Get<ContractId>(0),
                                    .practice = rows[i].Get<PartyId>(1),
                                    .member_months = rows[i].Get<std::int64_t>(2)});
  }
  return result;
}

}  // namespace sluice::performance
