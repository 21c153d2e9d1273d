#include "performance/savings/recalibration_store.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kInsertRecalibration{"risk_insert_recalibration", R"sql(
  INSERT INTO performance.risk_recalibration
    (contract_id, recalibration_id, period_from, period_to, model_before, model_after,
     model_before_sha256, model_after_sha256, restated_facts, statement, statement_sha256, known_at,
     recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
)sql"};

constexpr pg::Query kFindRecalibration{"risk_find_recalibration", R"sql(
  SELECT period_from, period_to, model_before, model_after, model_before_sha256,
    model_after_sha256, restated_facts, statement, statement_sha256, known_at
  FROM performance.risk_recalibration
  WHERE contract_id = $1
    AND recalibration_id = $2
)sql"};

constexpr pg::Query kInsertAcknowledgment{"risk_insert_acknowledgment", R"sql(
  INSERT INTO performance.risk_acknowledgment
    (contract_id, recalibration_id, side, actor, statement_sha256, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

constexpr pg::Query kAcknowledgmentsOf{"risk_acknowledgments_of", R"sql(
  SELECT side, actor, statement_sha256, recorded_at
  FROM performance.risk_acknowledgment
  WHERE contract_id = $1
    AND recalibration_id = $2
  ORDER BY side
)sql"};

constexpr pg::Query kInsertApplication{"risk_insert_application", R"sql(
  INSERT INTO performance.risk_application (contract_id, recalibration_id, facts, recorded_at)
  VALUES ($1, $2, $3, $4)
)sql"};

constexpr pg::Query kFindApplication{"risk_find_application", R"sql(
  SELECT recorded_at
  FROM performance.risk_application
  WHERE contract_id = $1
    AND recalibration_id = $2
)sql"};

}  // namespace

void InsertRecalibration(pg::Transaction& tx, const Recalibration& row, Instant recorded_at) {
  tx.Execute(kInsertRecalibration, row.contract, row.id, row.period.from, *row.period.to,
             row.before.name, row.after.name, row.before.sha256, row.after.sha256,
             row.restated.ToText(), row.statement, row.statement_sha256, row.known_at, recorded_at);
}

StatusOr<std::optional<Recalibration>> FindRecalibration(pg::Transaction& tx, ContractId contract,
                                                         std::int64_t id) {
  const pg::Result rows = tx.Query(kFindRecalibration, contract, id);
  if (rows.Empty()) return std::optional<Recalibration>();
  const pg::Row row = rows[0];
  StatusOr<Facts> restated = Facts::Parse(row.Get<std::string>(6));
  if (!restated.ok()) {
    return DataLoss("recalibration {}: its facts do not read: {}", id,
                    StatusMessage(restated.status()));
  }
  return std::optional<Recalibration>(
      Recalibration{.id = id,
                    .contract = contract,
                    .period = DateRange{row.Get<Date>(0), row.Get<Date>(1)},
                    .before = {.name = row.Get<std::string>(2), .sha256 = row.Get<Digest>(4)},
                    .after = {.name = row.Get<std::string>(3), .sha256 = row.Get<Digest>(5)},
                    .restated = *std::move(restated),
                    .statement = row.Get<std::string>(7),
                    .statement_sha256 = row.Get<Digest>(8),
                    .known_at = row.Get<Instant>(9)});
}

void InsertAcknowledgment(pg::Transaction& tx, ContractId contract, std::int64_t id,
                          const Acknowledgment& row) {
  tx.Execute(kInsertAcknowledgment, contract, id, static_cast<std::int16_t>(row.side), row.actor,
             row.statement_sha256, row.recorded_at);
}

std::vector<Acknowledgment> AcknowledgmentsOf(pg::Transaction& tx, ContractId contract,
                                              std::int64_t id) {
  const pg::Result rows = tx.Query(kAcknowledgmentsOf, contract, id);
  std::vector<Acknowledgment> found;
  for (int i = 0; i < rows.Size(); ++i) {
    found.push_back({.side = static_cast<AcknowledgingSide>(rows[i].Get<std::int16_t>(0)),
                     .actor = rows[i].Get<std::string>(1),
                     .statement_sha256 = rows[i].Get<Digest>(2),
                     .recorded_at = rows[i].Get<Instant>(3)});
  }
  return found;
}

void InsertApplication(pg::Transaction& tx, ContractId contract, std::int64_t id,
                       std::int32_t facts, Instant recorded_at) {
  tx.Execute(kInsertApplication, contract, id, facts, recorded_at);
}

std::optional<Instant> FindApplication(pg::Transaction& tx, ContractId contract, std::int64_t id) {
  return tx.Query(kFindApplication, contract, id).OneOrNone<Instant>();
}

}  // namespace sluice::performance
