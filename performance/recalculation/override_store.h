// SQL of overrides and their steps. No rules.
#pragma once

#include <optional>
#include <vector>

#include "core/pg/database.h"
#include "performance/recalculation/override.h"

namespace sluice::performance {

void InsertAwardOverride(pg::Transaction& tx, const AwardOverride& entry);
// The last step of the override. A unique violation when another step came first.
void InsertOverrideStep(pg::Transaction& tx, const AwardOverride& entry);
std::optional<AwardOverride> FindAwardOverride(pg::Transaction& tx, ContractId contract,
                                               OverrideId id);
// By id.
std::vector<AwardOverride> OverridesOf(pg::Transaction& tx, ContractId contract,
                                       const DateRange& period);

}  // namespace sluice::performance
