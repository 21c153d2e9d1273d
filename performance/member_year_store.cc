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
                                          recorded_at, met)
  SELECT u.contract_id, u.period_from, u.member_id, u.measure_id, u.recorded_at, u.met = 1
  FROM unnest($1::bigint[], $2::date[], $3::bigint[], $4::text[], $5::smallint[],
              $6::timestamptz[])
    AS u (contract_id, period_from, member_id, measure_id, met, recorded_at)
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
         sum(m.met::int)::bigint,
         count(*)::bigint
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
                          Instant recorded_at) {
  InsertInParts(rows, [&](std::span<const MemberMeasure> part) {
    pg::Columns<ContractId, Date, std::int64_t, std::string_view, std::int16_t, Instant> columns;
    columns.Reserve(part.size());
    for (const MemberMeasure& row : part) {
      columns.Add(row.contract, row.period_from, row.member_id, row.measure_id,
                  row.met ? std::int16_t{1} : std::int16_t{0}, recorded_at);
    }
    columns.Execute(tx, kInsertMemberMeasures);
  });
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
