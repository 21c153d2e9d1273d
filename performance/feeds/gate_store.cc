#include "performance/feeds/gate_store.h"

#include "core/check.h"
#include "core/pg/columns.h"
#include "performance/program_store.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kInsertGate{"gate_insert", R"sql(
  INSERT INTO performance.data_gate (payer_id, program_id, name, recorded_at, feed, kind,
    ratio_limit, count_limit, removed)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

constexpr pg::Query kGatesOf{"gate_list", R"sql(
  SELECT g.name, g.feed, g.kind, g.ratio_limit, g.count_limit
  FROM (
    SELECT DISTINCT ON (name) name, feed, kind, ratio_limit, count_limit, removed
    FROM performance.data_gate
    WHERE payer_id = $1
      AND program_id = $2
    ORDER BY name, recorded_at DESC) AS g
  WHERE NOT g.removed
  ORDER BY g.name
)sql"};

constexpr pg::Query kInsertChecks{"gate_insert_checks", R"sql(
  INSERT INTO performance.gate_check (payer_id, program_id, check_id, period_from, period_to, gate,
    feed, passed, detail, checked_at)
  SELECT r.payer_id, r.program_id, r.check_id, r.period_from, r.period_to, r.gate, r.feed,
    r.passed = 1, r.detail, r.checked_at
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::date[], $5::date[], $6::text[],
              $7::text[], $8::smallint[], $9::text[], $10::timestamptz[])
    AS r (payer_id, program_id, check_id, period_from, period_to, gate, feed, passed, detail,
          checked_at)
)sql"};

constexpr pg::Query kNewestChecks{"gate_newest_checks", R"sql(
  SELECT c.check_id, c.period_from, c.period_to, c.gate, c.feed, c.passed, c.detail, c.checked_at,
    o.user_id, o.reason, o.overridden_at
  FROM performance.gate_check AS c
  LEFT JOIN performance.gate_override AS o
    ON o.payer_id = c.payer_id
    AND o.program_id = c.program_id
    AND o.check_id = c.check_id
  WHERE c.payer_id = $1
    AND c.program_id = $2
    AND c.period_from = $3
    AND c.period_to = $4
    AND c.checked_at = (
      SELECT max(n.checked_at)
      FROM performance.gate_check AS n
      WHERE n.payer_id = $1
        AND n.program_id = $2
        AND n.period_from = $3
        AND n.period_to = $4)
  ORDER BY c.gate, c.check_id
)sql"};

constexpr pg::Query kFindCheck{"gate_find_check", R"sql(
  SELECT c.check_id, c.period_from, c.period_to, c.gate, c.feed, c.passed, c.detail, c.checked_at,
    o.user_id, o.reason, o.overridden_at
  FROM performance.gate_check AS c
  LEFT JOIN performance.gate_override AS o
    ON o.payer_id = c.payer_id
    AND o.program_id = c.program_id
    AND o.check_id = c.check_id
  WHERE c.payer_id = $1
    AND c.program_id = $2
    AND c.check_id = $3
)sql"};

constexpr pg::Query kInsertOverride{"gate_insert_override", R"sql(
  INSERT INTO performance.gate_override (payer_id, program_id, check_id, user_id, reason,
    overridden_at)
  VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

constexpr pg::Query kInsertInputs{"gate_insert_inputs", R"sql(
  INSERT INTO performance.calculation_input (contract_id, award_id, award_version, feed,
    delivery_id, delivery_version, sha256, recorded_at)
  SELECT r.contract_id, r.award_id, r.award_version, r.feed, r.delivery_id, r.delivery_version,
    r.sha256, r.recorded_at
  FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::text[], $5::bigint[], $6::integer[],
              $7::bytea[], $8::timestamptz[])
    AS r (contract_id, award_id, award_version, feed, delivery_id, delivery_version, sha256,
          recorded_at)
  ON CONFLICT (contract_id, award_id, award_version, feed, delivery_id) DO NOTHING
)sql"};

constexpr pg::Query kInputsOf{"gate_inputs_of", R"sql(
  SELECT feed, delivery_id, delivery_version, sha256
  FROM performance.calculation_input
  WHERE contract_id = $1
    AND award_id = $2
    AND award_version = $3
  ORDER BY feed, delivery_id
)sql"};

constexpr pg::Query kVersionsWithInputs{"gate_versions_with_inputs", R"sql(
  SELECT DISTINCT award_id, award_version
  FROM performance.calculation_input
  WHERE contract_id = ANY ($1::bigint[])
)sql"};

constexpr pg::Query kVersions{"gate_calculated_versions", R"sql(
  SELECT award_id, version, period_from, period_to, calculated_at
  FROM performance.award
  WHERE contract_id = ANY ($1::bigint[])
    AND award_id = ANY ($2::bigint[])
)sql"};

constexpr std::size_t kRowsPerStatement = 10'000;

GateCheck ReadCheck(const pg::Row& row, ProgramId program) {
  return {.program = program,
          .check_id = row.Get<std::int64_t>(0),
          .period = DateRange::Between(row.Get<Date>(1), row.Get<Date>(2)),
          .gate = row.Get<std::string>(3),
          .feed = row.Get<std::string>(4),
          .passed = row.Get<bool>(5),
          .detail = row.Get<std::string>(6),
          .checked_at = row.Get<Instant>(7),
          .overridden_by = row.Get<std::optional<UserId>>(8),
          .override_reason = row.Get<std::optional<std::string>>(9).value_or(""),
          .overridden_at = row.Get<std::optional<Instant>>(10)};
}

}  // namespace

void InsertGate(pg::Transaction& tx, PayerId payer, const DataGate& gate, bool removed,
                Instant recorded_at) {
  tx.Execute(kInsertGate, payer, gate.program, gate.name, recorded_at, gate.feed,
             static_cast<std::int16_t>(gate.kind), gate.ratio_limit.ToFractionString(),
             gate.count_limit, removed);
}

std::vector<DataGate> GatesOf(pg::Transaction& tx, PayerId payer, ProgramId program) {
  const pg::Result rows = tx.Query(kGatesOf, payer, program);
  std::vector<DataGate> gates;
  for (int i = 0; i < rows.Size(); ++i) {
    const pg::Row row = rows[i];
    const StatusOr<Ratio> limit = Ratio::Parse(row.Get<std::string>(3));
    CHECK(limit.ok());
    gates.push_back({.program = program,
                     .name = row.Get<std::string>(0),
                     .feed = row.Get<std::string>(1),
                     .kind = static_cast<GateKind>(row.Get<std::int16_t>(2)),
                     .ratio_limit = *limit,
                     .count_limit = row.Get<std::int64_t>(4)});
  }
  return gates;
}

void InsertChecks(pg::Transaction& tx, PayerId payer, std::span<const GateCheck> checks) {
  pg::Columns<PayerId, ProgramId, std::int64_t, Date, Date, std::string, std::string, std::int16_t,
              std::string, Instant>
      rows;
  for (const GateCheck& check : checks) {
    CHECK(check.period.to.has_value());
    rows.Add(payer, check.program, check.check_id, check.period.from, *check.period.to, check.gate,
             check.feed, static_cast<std::int16_t>(check.passed ? 1 : 0), check.detail,
             check.checked_at);
  }
  if (rows.Rows() > 0) rows.Execute(tx, kInsertChecks);
}

std::vector<GateCheck> NewestChecks(pg::Transaction& tx, PayerId payer, ProgramId program,
                                    const DateRange& period) {
  CHECK(period.to.has_value());
  const pg::Result rows = tx.Query(kNewestChecks, payer, program, period.from, *period.to);
  std::vector<GateCheck> checks;
  for (int i = 0; i < rows.Size(); ++i) checks.push_back(ReadCheck(rows[i], program));
  return checks;
}

std::optional<GateCheck> FindCheck(pg::Transaction& tx, PayerId payer, ProgramId program,
                                   std::int64_t check_id) {
  const pg::Result rows = tx.Query(kFindCheck, payer, program, check_id);
  if (rows.Empty()) return std::nullopt;
  return ReadCheck(rows[0], program);
}

void InsertOverride(pg::Transaction& tx, PayerId payer, const GateCheck& check, UserId user,
                    const std::string& reason, Instant at) {
  tx.Execute(kInsertOverride, payer, check.program, check.check_id, user, reason, at);
}

void InsertInputs(pg::Transaction& tx, std::span<const CalculationInput> inputs,
                  Instant recorded_at) {
  pg::Columns<ContractId, AwardId, std::int32_t, std::string, DeliveryId, std::int32_t, Digest,
              Instant>
      rows;
  for (const CalculationInput& input : inputs) {
    rows.Add(input.award.contract, input.award.award, input.award.version, input.feed,
             input.delivery, input.delivery_version, input.sha256, recorded_at);
    if (rows.Rows() < kRowsPerStatement) continue;
    rows.Execute(tx, kInsertInputs);
    rows.Clear();
  }
  if (rows.Rows() > 0) rows.Execute(tx, kInsertInputs);
}

std::set<std::pair<AwardId, std::int32_t>> VersionsWithInputs(
    pg::Transaction& tx, std::span<const ContractId> contracts) {
  std::set<std::pair<AwardId, std::int32_t>> versions;
  const pg::Result rows = tx.Query(kVersionsWithInputs, contracts);
  for (int i = 0; i < rows.Size(); ++i) {
    versions.emplace(rows[i].Get<AwardId>(0), rows[i].Get<std::int32_t>(1));
  }
  return versions;
}

std::vector<CalculationInput> InputsOf(pg::Transaction& tx, const AwardKey& award) {
  const pg::Result rows = tx.Query(kInputsOf, award.contract, award.award, award.version);
  std::vector<CalculationInput> inputs;
  for (int i = 0; i < rows.Size(); ++i) {
    inputs.push_back({.award = award,
                      .feed = rows[i].Get<std::string>(0),
                      .delivery = rows[i].Get<DeliveryId>(1),
                      .delivery_version = rows[i].Get<std::int32_t>(2),
                      .sha256 = rows[i].Get<Digest>(3)});
  }
  return inputs;
}

std::vector<CalculatedVersion> CalculatedVersions(pg::Transaction& tx, ProgramId program,
                                                  std::span<const AwardId> awards) {
  std::vector<ContractId> contracts;
  for (const Contract& contract : ContractsOfProgram(tx, program)) {
    contracts.push_back(contract.id);
  }
  const pg::Result rows = tx.Query(kVersions, contracts, awards);
  std::vector<CalculatedVersion> versions;
  for (int i = 0; i < rows.Size(); ++i) {
    versions.push_back(
        {.award = rows[i].Get<AwardId>(0),
         .version = rows[i].Get<std::int32_t>(1),
         .period = DateRange::Between(rows[i].Get<Date>(2), rows[i].Get<Date>(3)),
         .calculated_at = rows[i].Get<Instant>(4)});
  }
  return versions;
}

}  // namespace sluice::performance
