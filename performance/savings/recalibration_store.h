// SQL and row mapping of risk recalibrations. No rules.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "performance/savings/recalibration.h"

namespace sluice::performance {

struct Acknowledgment {
  AcknowledgingSide side = AcknowledgingSide::kPayer;
  std::string actor;
  Digest statement_sha256{};
  Instant recorded_at;
};

void InsertRecalibration(pg::Transaction& tx, const Recalibration& row, Instant recorded_at);
StatusOr<std::optional<Recalibration>> FindRecalibration(pg::Transaction& tx, ContractId contract,
                                                         std::int64_t id);
void InsertAcknowledgment(pg::Transaction& tx, ContractId contract, std::int64_t id,
                          const Acknowledgment& row);
// The payer's first.
std::vector<Acknowledgment> AcknowledgmentsOf(pg::Transaction& tx, ContractId contract,
                                              std::int64_t id);
void InsertApplication(pg::Transaction& tx, ContractId contract, std::int64_t id,
                       std::int32_t facts, Instant recorded_at);
std::optional<Instant> FindApplication(pg::Transaction& tx, ContractId contract, std::int64_t id);

}  // namespace sluice::performance
