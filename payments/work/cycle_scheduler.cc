#include "payments/work/cycle_scheduler.h"

#include <array>
#include <utility>

#include "core/check.h"
#include "payments/payment_rules_store.h"
#include "payments/run_store.h"
#include "payments/work/work_store.h"

namespace sluice::payments {
namespace {

// What became of a step that was due.
TickLine Done(TickLine line, const Status& status, std::string what) {
  line.outcome = status.ok() ? TickOutcome::kDone : TickOutcome::kFailed;
  line.what = status.ok() ? std::move(what) : StatusMessage(status);
  return line;
}

TickLine Waiting(TickLine line, std::string what) {
  line.outcome = TickOutcome::kWaiting;
  line.what = std::move(what);
  return line;
}

std::string_view WaitsFor(RunState state) {
  switch (state) {
    case RunState::kOpen:
    case RunState::kCalculating:
      return "waits to be calculated";
    case RunState::kCalculated:
      return "waits to be submitted";
    case RunState::kInReview:
      return "waits for approvals";
    case RunState::kBlocked:
      return "is blocked: remove the cause and unblock it";
    default:
      return "";
  }
}

}  // namespace

std::string_view TickOutcomeName(TickOutcome outcome) {
  constexpr std::array<std::string_view, 4> kNames = {"done", "waiting", "ALERT", "FAILED"};
  const auto index = static_cast<std::size_t>(outcome);
  CHECK(index < kNames.size());
  return kNames[index];
}

StatusOr<std::vector<RunStanding>> Standings(const pg::Database& database,
                                             const ProgramPayments& program, Date today) {
  return database.ForPayer(program.payer)
      .Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<RunStanding>> {
        std::vector<RunStanding> standings;
        for (const Cycle& cycle : LoadCycles(tx, program.book)) {
          const Date last = *cycle.period.to - Days(1);
          const CycleSchedule schedule = ProgramOn(tx, program, last).schedule;
          for (Run& run : LoadRuns(tx, program.book, cycle.id)) {
            RunStanding standing{.cycle = cycle,
                                 .due = StatusOn(today, run, cycle.period, schedule),
                                 .close_from = CloseFrom(run, schedule)};
            standing.run = std::move(run);
            standings.push_back(std::move(standing));
          }
        }
        return standings;
      });
}

TickLine CycleScheduler::Advance(const RunStanding& standing, Date today, Actor service) {
  const Run& run = standing.run;
  TickLine line{.run = run.id, .name = standing.cycle.name + ", " + RunName(run.kind, run.seq)};
  switch (run.state) {
    case RunState::kApproved: {
      if (run.hold_expires_at && Instant::AtMidnight(today) >= *run.hold_expires_at) {
        return Done(std::move(line), cycles_.Expire(run.id, service),
                    "its approval was not used in time: the pool has its money back");
      }
      if (run.business_date > today) {
        return Waiting(std::move(line), "is released on " + FormatDate(run.business_date));
      }
      return Done(std::move(line), releases_.Release(run.id, service),
                  "released, settles " + FormatDate(run.effective_date));
    }
    case RunState::kReleasing:
    case RunState::kReleased:
      return Done(std::move(line), releases_.Resume(run.id, service), "its release went on");
    case RunState::kSettling: {
      // Remittances whose receiver did not answer, and files that nobody could tell of.
      if (const Status sent = releases_.Resume(run.id, service); !sent.ok()) {
        return Done(std::move(line), sent, "");
      }
      if (today < standing.close_from) {
        return Waiting(std::move(line), "may close from " + FormatDate(standing.close_from));
      }
      const Status closed = releases_.Close(run.id, service);
      if (closed.code() == absl::StatusCode::kFailedPrecondition) {
        return Waiting(std::move(line), StatusMessage(closed));
      }
      return Done(std::move(line), closed, "closed");
    }
    default:
      return Waiting(std::move(line), std::string(WaitsFor(run.state)));
  }
}

StatusOr<std::vector<TickLine>> CycleScheduler::Tick(Date today, Actor service) {
  if (service.human) {
    return InvalidArgument("{} is a person: a tick runs under the name of a service", service.user);
  }
  const ProgramPayments& program = cycles_.Program();
  ASSIGN_OR_RETURN(const auto standings, Standings(database_, program, today));
  std::vector<TickLine> lines;
  for (const RunStanding& standing : standings) {
    if (!IsLive(standing.run.state)) continue;
    if (at_work_) {
      ASSIGN_OR_RETURN(const bool left_alone, at_work_(standing.run.id));
      if (left_alone) continue;
    }
    TickLine line = Advance(standing, today, service);
    const bool sent = line.outcome == TickOutcome::kDone;
    const TickLine alert{line.run, line.name, TickOutcome::kAlert, standing.due.ToString()};
    lines.push_back(std::move(line));
    const DueStanding due = standing.due.standing;
    if (!sent && (due == DueStanding::kAlert || due == DueStanding::kLate)) {
      lines.push_back(alert);
    }
  }
  return lines;
}

}  // namespace sluice::payments
