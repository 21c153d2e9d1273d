#include "payments/work/cycle_collection.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "core/check.h"
#include "payments/run_store.h"
#include "payments/work/work_store.h"
#include "performance/program_store.h"

namespace sluice::payments {
namespace {

bool WasReleased(const Run& run) {
  return run.state == RunState::kReleased || run.state == RunState::kSettling ||
         run.state == RunState::kClosed;
}

struct Collecting {
  performance::Program program;
  std::vector<DateRange> periods;
};

// The run's own period comes last: what was paid before stands before it.
StatusOr<Collecting> WhatToCollect(pg::Transaction& tx, const ProgramPayments& program, RunId id) {
  const auto run = FindRun(tx, program.book, id);
  if (!run) return NotFound("there is no run {} in book {}", id, program.book);
  const auto own = FindCycle(tx, program.book, run->cycle);
  auto found = performance::FindProgram(tx, program.program);
  CHECK(own && found);
  Collecting collecting{.program = *std::move(found), .periods = {}};
  for (const Cycle& cycle : LoadCycles(tx, program.book)) {
    if (cycle.id == own->id) continue;
    if (std::ranges::any_of(LoadRuns(tx, program.book, cycle.id), WasReleased)) {
      collecting.periods.push_back(cycle.period);
    }
  }
  collecting.periods.push_back(own->period);
  return collecting;
}

}  // namespace

StatusOr<CollectedAwards> CollectForRun(const pg::Database& database,
                                        const ProgramPayments& program, RunId run, Clock& clock,
                                        IdGenerator& ids) {
  const pg::Database reading = database.ForPayer(program.payer);
  ASSIGN_OR_RETURN(
      const Collecting collecting,
      reading.Transact({.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<Collecting> {
        return WhatToCollect(tx, program, run);
      }));
  performance::ProgramService programs(reading, clock, ids);
  performance::RecalculationService changes(reading, program.payer, clock, ids);
  const AwardDetails details(reading, program.payer, clock, ids);
  CollectedAwards all;
  for (const DateRange& period : collecting.periods) {
    ASSIGN_OR_RETURN(CollectedAwards of_period,
                     CollectAwards(programs, collecting.program, period, &changes, &details));
    std::ranges::move(of_period.awards, std::back_inserter(all.awards));
    std::ranges::move(of_period.blocked, std::back_inserter(all.blocked));
  }
  return all;
}

}  // namespace sluice::payments
