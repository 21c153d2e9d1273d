// Recording what a run derived: only facts that say something new.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/program.h"
#include "performance/program_store.h"

namespace sluice::performance {

// What is to be known of a contract or participant for the period of the set: its facts, and that
// the facts named in `gone` hold no longer.
struct FactChange {
  FactSet set;
  std::vector<std::string> gone;
};

// Facts that are known already are not recorded again, and what nobody recorded is not retracted.
// Returns how many rows were added. Requires: all sets are of one closed period.
StatusOr<std::int64_t> RecordChanges(pg::Transaction& tx, std::span<const FactChange> changes,
                                     Instant now, IdGenerator& ids, const std::string& source);
// The same in a transaction of its own.
StatusOr<std::int64_t> RecordChanges(const pg::Database& database,
                                     std::span<const FactChange> changes, Clock& clock,
                                     IdGenerator& ids, const std::string& source);

// The facts of one contract for exactly this period, as known now.
StatusOr<ContractFacts> FactsOf(const pg::Database& database, ContractId contract,
                                const DateRange& period, Instant known_at);

}  // namespace sluice::performance
