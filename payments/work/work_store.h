// What the lists of a cycle's work read. No rules.
#pragma once

#include <optional>
#include <vector>

#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/work/cycle_comparison.h"

namespace sluice::payments {

// By period.
std::vector<Cycle> LoadCycles(pg::Transaction& tx, BookId book);
// The regular run of the last cycle before the run's that was released, or none.
std::optional<RunId> FindRunBefore(pg::Transaction& tx, const Run& run);
// What the newest revision calculated, by payee, stream, contract and component: lines that it
// posts, and those that are held by themselves.
std::vector<ComparedLine> LoadComparedLines(pg::Transaction& tx, const Run& run);

}  // namespace sluice::payments
