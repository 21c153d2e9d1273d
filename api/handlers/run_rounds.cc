#include "api/handlers/run_rounds.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "api/handlers/run_messages.h"
#include "api/operations/operation_store.h"
#include "core/log.h"
#include "payments/cycle_service.h"
#include "payments/disbursement.h"
#include "payments/release_service.h"
#include "performance/program_store.h"

namespace sluice::api {
namespace {

using payments::TickLine;
using payments::TickOutcome;

StatusOr<std::vector<payments::ProgramPayments>> ProgramsThatPay(const pg::Database& database) {
  return database.Transact(
      {.read_only = true},
      [&](pg::Transaction& tx) -> StatusOr<std::vector<payments::ProgramPayments>> {
        std::vector<payments::ProgramPayments> programs;
        for (const performance::Program& program : performance::ListPrograms(tx)) {
          const StatusOr<payments::Pool> pool = PoolOf(tx, program);
          if (pool.ok()) programs.push_back(PaymentsWith(tx, program, *pool));
        }
        return programs;
      });
}

void LogLine(const TickLine& line) {
  if (line.outcome == TickOutcome::kDone) {
    LogInfo("run went on by itself", {{"run", line.run}, {"what", line.what}});
  } else if (line.outcome != TickOutcome::kWaiting) {
    LogWarning("run needs somebody",
               {{"run", line.run},
                {"outcome", std::string(payments::TickOutcomeName(line.outcome))},
                {"what", line.what}});
  }
}

}  // namespace

StatusOr<std::vector<TickLine>> RunRound(const pg::Database& database, const RunRoundParts& parts) {
  const pg::Database acting = database.ForPayer(parts.payer).AsUser(parts.service);
  ASSIGN_OR_RETURN(const auto programs, ProgramsThatPay(acting));
  const auto at_work = [&](payments::RunId run) -> StatusOr<bool> {
    return acting.Transact({.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<bool> {
      const auto job = FindOperationOfJob(tx, parts.payer, JobOfRun(run));
      return job.has_value();
    });
  };
  std::vector<TickLine> lines;
  for (payments::ProgramPayments program : programs) {
    program.payer_code = payments::FileCode(parts.desk.settings.payer.name);
    program.program_code = payments::FileCode(program.program_name);
    payments::CycleService cycles(acting, program, parts.clock, parts.ids);
    payments::ReleaseService releases(acting, parts.desk.files, program, parts.desk.settings,
                                      parts.desk.keys, parts.clock, parts.ids);
    payments::CycleScheduler scheduler(acting, cycles, releases, at_work);
    ASSIGN_OR_RETURN(
        std::vector<TickLine> of_program,
        scheduler.Tick(parts.clock.Now().UtcDate(), {.user = parts.service, .human = false}));
    std::ranges::for_each(of_program, LogLine);
    std::ranges::move(of_program, std::back_inserter(lines));
  }
  return lines;
}

}  // namespace sluice::api
