// What people change of a calculated run: payees and lines that are held, and let go.
#include <algorithm>
#include <utility>

#include "payments/checks/check_store.h"
#include "payments/cycle_service.h"
#include "payments/line_decision.h"
#include "payments/obligation_store.h"

namespace sluice::payments {
namespace {

Status CheckEdit(const std::string& reason, Actor actor) {
  if (reason.empty()) return InvalidArgument("say why");
  if (!actor.human) return PermissionDenied("{} is a service: a person decides this", actor.user);
  return OkStatus();
}

}  // namespace

Status CycleService::PlanAgain(RunId run, const std::string& reason, Actor actor,
                               const Decide& decide) {
  RETURN_IF_ERROR(CheckEdit(reason, actor));
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(LockedRun locked, LockRunFor(tx, program_.book, run, RunCommand::kEdit));
    RETURN_IF_ERROR(decide(tx, locked.run, recorded));
    RETURN_IF_ERROR(DropHoldOf(tx, locked.run, false, recorded));
    ++locked.run.revision;
    ASSIGN_OR_RETURN(const RunPlan plan, PlanOpen(tx, locked.run));
    InsertPlan(tx, locked.run, plan);
    InsertRunEditor(tx, locked.run, reason, recorded);
    return MoveRun(tx, locked.run, {RunCommand::kEdit, locked.next, reason}, recorded);
  });
}

Status CycleService::HoldPayee(RunId run, PayeeId payee, const std::string& reason, Actor actor) {
  return PlanAgain(run, reason, actor,
                   [&](pg::Transaction& tx, const Run& locked, const Recorded& recorded) -> Status {
                     // Says whether the payee is in the run.
                     RETURN_IF_ERROR(StopPayee(LoadPlan(tx, locked), payee, reason).status());
                     const auto stops = LoadRunStops(tx, locked);
                     const auto last = stops.find(payee);
                     if (last != stops.end() && last->second.stopped) {
                       return FailedPrecondition("payee {} is stopped in run {} already: {}", payee,
                                                 locked.id, last->second.reason);
                     }
                     InsertRunStop(tx, locked,
                                   {.payee = payee,
                                    .number = last == stops.end() ? 1 : last->second.number + 1,
                                    .reason = reason,
                                    .decided_by = recorded.by,
                                    .decided_at = recorded.at});
                     return OkStatus();
                   });
}

Status CycleService::PayByCheck(RunId run, PayeeId payee, const std::string& reason, Actor actor) {
  return PlanAgain(run, reason, actor,
                   [&](pg::Transaction& tx, const Run& locked, const Recorded& recorded) -> Status {
                     const RunPlan plan = LoadPlan(tx, locked);
                     if (std::ranges::find(plan.payees, payee, &RunPayee::payee) ==
                         plan.payees.end()) {
                       return NotFound("payee {} is not in run {}", payee, locked.id);
                     }
                     InsertCheckChoice(tx, locked, payee, reason, recorded);
                     return OkStatus();
                   });
}

Status CycleService::ReleasePayee(RunId run, PayeeId payee, const std::string& reason,
                                  Actor actor) {
  return PlanAgain(
      run, reason, actor,
      [&](pg::Transaction& tx, const Run& locked, const Recorded& recorded) -> Status {
        const auto stops = LoadRunStops(tx, locked);
        const auto last = stops.find(payee);
        if (last == stops.end() || !last->second.stopped) {
          return FailedPrecondition(
              "payee {} is not stopped in run {}: a hold of another kind ends where it "
              "was placed",
              payee, locked.id);
        }
        InsertRunStop(tx, locked,
                      {.payee = payee,
                       .number = last->second.number + 1,
                       .stopped = false,
                       .reason = reason,
                       .decided_by = recorded.by,
                       .decided_at = recorded.at});
        return OkStatus();
      });
}

namespace {

struct FoundLine {
  ObligationRow row;
  HoldReason hold = HoldReason::kNone;
  LineDecisions decisions;
};

StatusOr<FoundLine> FindLine(pg::Transaction& tx, const Run& run, ObligationId line) {
  const RunPlan plan = LoadPlan(tx, run);
  const auto in_run = std::ranges::find(plan.lines, line, &RunLine::obligation);
  if (in_run == plan.lines.end()) return NotFound("line {} is not in run {}", line, run.id);
  std::vector<ObligationRow> rows = LockObligations(tx, run.book, {&line, 1});
  if (rows.empty()) return NotFound("there is no line {}", line);
  const AwardId award = rows.front().award;
  return FoundLine{std::move(rows.front()), in_run->hold,
                   LoadLineDecisions(tx, run.book, {&award, 1})};
}

LineDecision DecisionOn(const FoundLine& found, const Run& run, const std::string& reason,
                        const Recorded& recorded) {
  const ShareKey share = ShareOf(found.row);
  return {.share = share,
          .number = found.decisions.NextNumber(share),
          .run = run.id,
          .obligation = found.row.id,
          .award_version = found.row.award_version,
          .amount = found.row.amount,
          .reason = reason,
          .decided_by = recorded.by,
          .decided_at = recorded.at};
}

}  // namespace

Status CycleService::HoldLine(RunId run, ObligationId line, const std::string& reason,
                              Actor actor) {
  return PlanAgain(run, reason, actor,
                   [&](pg::Transaction& tx, const Run& locked, const Recorded& recorded) -> Status {
                     ASSIGN_OR_RETURN(const FoundLine found, FindLine(tx, locked, line));
                     if (const LineDecision* hold = found.decisions.HoldOf(found.row)) {
                       return FailedPrecondition("line {} is held already: {}", line, hold->reason);
                     }
                     if (!LoadTakenBefore(tx, locked.book, {&line, 1}).empty()) {
                       return FailedPrecondition(
                           "line {} was part of a payment that came back, of which something had "
                           "been taken: hold the payee instead",
                           line);
                     }
                     LineDecision decision = DecisionOn(found, locked, reason, recorded);
                     decision.held = true;
                     InsertLineDecision(tx, locked.book, decision);
                     return OkStatus();
                   });
}

Status CycleService::ReleaseLine(RunId run, ObligationId line, const std::string& reason,
                                 Actor actor) {
  return PlanAgain(run, reason, actor,
                   [&](pg::Transaction& tx, const Run& locked, const Recorded& recorded) -> Status {
                     ASSIGN_OR_RETURN(const FoundLine found, FindLine(tx, locked, line));
                     auto cause = CauseOfHold(found.hold);
                     if (!cause.ok()) {
                       return FailedPrecondition("line {} cannot be let go: {}", line,
                                                 StatusMessage(cause.status()));
                     }
                     LineDecision decision = DecisionOn(found, locked, reason, recorded);
                     decision.cause = *cause;
                     InsertLineDecision(tx, locked.book, decision);
                     return OkStatus();
                   });
}

}  // namespace sluice::payments
