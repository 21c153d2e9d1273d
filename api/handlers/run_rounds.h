// What happens to the runs of all programs of a payer without a person: `sluice cycle tick`, by the
// servers themselves.
#pragma once

#include <vector>

#include "api/handlers/run_jobs.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/work/cycle_scheduler.h"

namespace sluice::api {

struct RunRoundParts {
  PayerId payer;
  UserId service;  // in whose name: no person
  sluice::Clock& clock;
  IdGenerator& ids;
  ReleaseDeskParts desk;
};

// Does what is due today (cycle_scheduler.h) in every program that has a pool to pay from. A run
// that an operation works on is left to it. What could not be done is among the lines, and in the
// log.
StatusOr<std::vector<payments::TickLine>> RunRound(const pg::Database& database,
                                                   const RunRoundParts& parts);

}  // namespace sluice::api
