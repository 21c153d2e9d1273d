// SQL and row mapping of data gates, their checks and overrides, and of the deliveries behind a
// calculation. No rules.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/pg/database.h"
#include "performance/award_store.h"
#include "performance/feeds/gate.h"

namespace sluice::performance {

// What a gate said of a period at one calculation.
struct GateCheck {
  ProgramId program;
  std::int64_t check_id = 0;
  DateRange period;
  std::string gate;
  std::string feed;
  bool passed = false;
  std::string detail;
  Instant checked_at;
  // Set when a person let it pass.
  std::optional<UserId> overridden_by;
  std::string override_reason;
  std::optional<Instant> overridden_at;

  bool Blocks() const { return !passed && !overridden_by; }
  friend bool operator==(const GateCheck&, const GateCheck&) = default;
};

// A delivery that a version of an award was calculated with.
struct CalculationInput {
  AwardKey award;
  std::string feed;
  DeliveryId delivery;
  std::int32_t delivery_version = 0;
  Digest sha256{};

  friend bool operator==(const CalculationInput&, const CalculationInput&) = default;
};

void InsertGate(pg::Transaction& tx, PayerId payer, const DataGate& gate, bool removed,
                Instant recorded_at);
// Those that are not removed, by name.
std::vector<DataGate> GatesOf(pg::Transaction& tx, PayerId payer, ProgramId program);

void InsertChecks(pg::Transaction& tx, PayerId payer, std::span<const GateCheck> checks);
// The checks of a period's newest evaluation, by gate.
std::vector<GateCheck> NewestChecks(pg::Transaction& tx, PayerId payer, ProgramId program,
                                    const DateRange& period);
std::optional<GateCheck> FindCheck(pg::Transaction& tx, PayerId payer, ProgramId program,
                                   std::int64_t check_id);
void InsertOverride(pg::Transaction& tx, PayerId payer, const GateCheck& check, UserId user,
                    const std::string& reason, Instant at);

// Those that are stored already stay as they are.
void InsertInputs(pg::Transaction& tx, std::span<const CalculationInput> inputs,
                  Instant recorded_at);
// Of these contracts, the versions that have inputs.
std::set<std::pair<AwardId, std::int32_t>> VersionsWithInputs(
    pg::Transaction& tx, std::span<const ContractId> contracts);
// By feed and delivery.
std::vector<CalculationInput> InputsOf(pg::Transaction& tx, const AwardKey& award);

// The period of each version, and when it was calculated; versions that are not stored are left
// out. In no order.
struct CalculatedVersion {
  AwardId award;
  std::int32_t version = 0;
  DateRange period;
  Instant calculated_at;
};
std::vector<CalculatedVersion> CalculatedVersions(pg::Transaction& tx, ProgramId program,
                                                  std::span<const AwardId> awards);

}  // namespace sluice::performance
