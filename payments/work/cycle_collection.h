// Which awards a run collects when it is calculated: those of its cycle's period, and newer
// versions of what other cycles of the program released.
//
//   1. A period whose cycle was not released yet is that cycle's own: two runs under way do not
//   take
//      each other's awards.
//   2. What was collected in the same version before is collected by nobody again
//      (CycleService::Calculate).
#pragma once

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/award_collector.h"
#include "payments/cycle.h"

namespace sluice::payments {

// The newest versions, replayed and explained as award_collector.h says. NotFound when there is no
// such run.
StatusOr<CollectedAwards> CollectForRun(const pg::Database& database,
                                        const ProgramPayments& program, RunId run, Clock& clock,
                                        IdGenerator& ids);

}  // namespace sluice::payments
