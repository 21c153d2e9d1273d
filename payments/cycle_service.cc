#include "payments/cycle_service.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/calendar.h"
#include "core/check.h"
#include "payments/disbursement_store.h"
#include "payments/ledger/events.h"
#include "payments/obligation_store.h"
#include "payments/payment_rules_store.h"
#include "payments/routing/preference_store.h"
#include "payments/run_digest.h"

namespace sluice::payments {
namespace {

std::vector<std::string> RunParts(const Run& run) {
  return {std::to_string(run.book.Value()), std::to_string(run.id.Value()),
          std::to_string(run.revision), std::to_string(run.hold_attempt)};
}

// Who moved money to another payee by a preference since that payee was last paid.
void AddRouteChangers(pg::Transaction& tx, PayerId payer, const RunPlan& plan,
                      const std::map<PayeeId, Instant>& last_paid, std::vector<UserId>& changers) {
  std::map<PreferenceId, PayeeId> used;
  for (const RunPayee& payee : plan.payees) {
    if (payee.IsPaid() && payee.preference != PreferenceId()) {
      used.emplace(payee.preference, payee.payee);
    }
  }
  if (used.empty()) return;
  std::vector<PreferenceId> ids;
  for (const auto& [id, payee] : used) ids.push_back(id);
  for (const PaymentPreference& preference : LoadPreferencesById(tx, payer, ids)) {
    if (!preference.payee) continue;
    const auto last = last_paid.find(used.at(preference.id));
    if (last != last_paid.end() && preference.recorded_at <= last->second) continue;
    changers.push_back(preference.recorded_by);
    if (preference.confirmed_by) changers.push_back(*preference.confirmed_by);
  }
}

}  // namespace

Uuid HoldJournalId(const Run& run) { return DerivedUuid("approve_hold", RunParts(run)); }

Digest StoredDigest(pg::Transaction& tx, const Run& run, const RunPlan& plan) {
  return RunDigest({.book = run.book,
                    .run = run.id,
                    .revision = run.revision,
                    .pool = run.pool,
                    .business_date = run.business_date,
                    .effective_date = run.effective_date,
                    .awards = LoadDigestAwards(tx, run)},
                   plan);
}

StatusOr<LockedRun> LockRunFor(pg::Transaction& tx, BookId book, RunId run, RunCommand command) {
  auto locked = LockRun(tx, book, run);
  if (!locked) return NotFound("there is no run {} in book {}", run, book);
  auto next = ApplyRunCommand(locked->state, command);
  if (!next.ok()) return Annotate(next.status(), fmt::format("run {}", run));
  return LockedRun{*std::move(locked), *next};
}

StatusOr<Run> CycleService::Open(const OpenRun& request, Actor actor) {
  if (!request.period.to || request.period.IsEmpty()) {
    return InvalidArgument("a cycle needs a period with an end after its beginning");
  }
  const Recorded recorded{actor.user, clock_.Now()};
  const Cycle fresh{.id = ids_.Next<CycleTag>(),
                    .book = program_.book,
                    .program = program_.program,
                    .name = request.name,
                    .period = request.period};
  Run run{.id = ids_.Next<RunTag>(),
          .book = program_.book,
          .kind = request.kind,
          .seq = request.seq,
          .pool = program_.pool.id,
          .business_date = request.business_date,
          .effective_date = AddBankingDays(BankingDayOnOrAfter(request.business_date),
                                           request.banking_days_to_settle)};
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<Run> {
    if (!FindPool(tx, program_.book, program_.pool.id)) {
      return FailedPrecondition("program {} has no pool {}: make it first", program_.program_name,
                                program_.pool.name);
    }
    auto cycle = FindCycleOfPeriod(tx, program_.book, request.period);
    if (!cycle) {
      InsertCycle(tx, fresh, recorded);
      cycle = fresh;
    }
    for (const Run& other : LoadRuns(tx, program_.book, cycle->id)) {
      if (other.kind != request.kind) continue;
      if (other.seq == request.seq) return other;
      if (IsLive(other.state)) {
        return FailedPrecondition("{} of cycle {} is still {}: close or cancel it first",
                                  RunName(other.kind, other.seq), cycle->name,
                                  RunStateName(other.state));
      }
    }
    run.cycle = cycle->id;
    InsertRun(tx, run, recorded.at);
    return run;
  });
}

StatusOr<Digest> CycleService::Submit(RunId run, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<Digest> {
    ASSIGN_OR_RETURN(LockedRun locked, LockRunFor(tx, program_.book, run, RunCommand::kSubmit));
    const RunPlan plan = LoadPlan(tx, locked.run);
    const RunTotals totals = TotalsOf(plan);
    const SubmittedRevision revision{
        .revision = locked.run.revision,
        .submitted_by = actor.user,
        .digest = StoredDigest(tx, locked.run, plan),
        .required_approvals = RequiredApprovals(
            totals.paid, ProgramOn(tx, program_, locked.run.business_date).approval_tiers),
        .hold = totals.hold,
        .net = totals.paid};
    InsertRevision(tx, locked.run, revision, recorded.at);
    RETURN_IF_ERROR(MoveRun(tx, locked.run, {RunCommand::kSubmit, locked.next, ""}, recorded));
    return revision.digest;
  });
}

Status CycleService::Return(RunId run, const std::string& reason, Actor actor) {
  if (reason.empty()) return InvalidArgument("say why run {} goes back to its maker", run);
  return BackToCalculated(run, RunCommand::kReturn, reason, actor);
}

Status CycleService::Withdraw(RunId run, const std::string& reason, Actor actor) {
  if (reason.empty()) return InvalidArgument("say why run {} is withdrawn", run);
  return BackToCalculated(run, RunCommand::kWithdraw, reason, actor);
}

Status CycleService::Expire(RunId run, Actor actor) {
  return BackToCalculated(run, RunCommand::kExpire, "the approval was not used in time", actor);
}

Status CycleService::BackToCalculated(RunId run, RunCommand command, const std::string& reason,
                                      Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(LockedRun locked, LockRunFor(tx, program_.book, run, command));
    const auto expires = locked.run.hold_expires_at;
    const bool expired = expires && recorded.at >= *expires;
    if (command == RunCommand::kExpire && !expired) {
      return FailedPrecondition("the approval of run {} stands until {}", run,
                                expires ? expires->ToString() : "it is withdrawn");
    }
    const RunPlan plan = LoadPlan(tx, locked.run);
    RETURN_IF_ERROR(DropHoldOf(tx, locked.run, expired, recorded));
    ++locked.run.revision;
    InsertPlan(tx, locked.run, plan);
    return MoveRun(tx, locked.run, {command, locked.next, reason}, recorded);
  });
}

Status CycleService::Cancel(RunId run, const std::string& reason, Actor actor) {
  if (reason.empty()) return InvalidArgument("say why run {} is canceled", run);
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(LockedRun locked, LockRunFor(tx, program_.book, run, RunCommand::kCancel));
    const auto expires = locked.run.hold_expires_at;
    RETURN_IF_ERROR(DropHoldOf(tx, locked.run, expires && recorded.at >= *expires, recorded));
    return MoveRun(tx, locked.run, {RunCommand::kCancel, locked.next, reason}, recorded);
  });
}

Status CycleService::DropHoldOf(pg::Transaction& tx, Run& run, bool expired,
                                const Recorded& recorded) {
  if (run.state != RunState::kApproved) return OkStatus();
  const auto revision = FindRevision(tx, run);
  CHECK(revision.has_value());
  if (!revision->hold.IsZero()) {
    const Journal drop =
        MakeJournal({.id = DerivedUuid("drop_hold", RunParts(run)),
                     .source_id = run.id.Value(),
                     .actor = recorded.by,
                     .effective_date = run.business_date},
                    DropHold(run.pool, run.id, revision->hold, {HoldJournalId(run), 1},
                             expired ? DropReason::kExpire : DropReason::kVoid));
    ASSIGN_OR_RETURN(const auto results, ledger_.PostIn(tx, run.book, std::span(&drop, 1)));
    RETURN_IF_ERROR(RequireAccepted(results));
  }
  run.hold_attempt = 1;
  run.hold_expires_at.reset();
  return OkStatus();
}

StatusOr<ApprovalContext> CycleService::LoadApprovalContext(pg::Transaction& tx, const Run& run,
                                                            const SubmittedRevision& revision) {
  ApprovalContext context{.submitted_by = revision.submitted_by,
                          .digest = revision.digest,
                          .editors = LoadRunEditors(tx, run.book, run.id),
                          .votes = LoadApprovals(tx, run)};
  std::vector<PayeeId> paid;
  const RunPlan plan = LoadPlan(tx, run);
  for (const RunPayee& payee : plan.payees) {
    if (payee.IsPaid()) paid.push_back(payee.payee);
  }
  const auto last_paid = LoadLastPaid(tx, run.book, paid);
  std::vector<ChangedSince> since;
  for (const PayeeId payee : paid) {
    const auto found = last_paid.find(payee);
    since.push_back({payee, found == last_paid.end() ? Instant{} : found->second});
  }
  context.bank_data_changers = FindBankDataChangers(tx, program_.payer, since);
  AddRouteChangers(tx, program_.payer, plan, last_paid, context.bank_data_changers);
  return context;
}

StatusOr<RunState> CycleService::Approve(RunId run, const Digest& seen, const Bytes& assertion,
                                         Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  // A refusal by the ledger is stored under its id, so the transaction commits and tells.
  struct Outcome {
    RunState state{};
    Status shortage;
  };
  ASSIGN_OR_RETURN(const Outcome outcome, database_.Transact([&](pg::Transaction& tx)
                                                                 -> StatusOr<Outcome> {
    ASSIGN_OR_RETURN(LockedRun locked, LockRunFor(tx, program_.book, run, RunCommand::kApprove));
    Run& current = locked.run;
    const auto revision = FindRevision(tx, current);
    CHECK(revision.has_value());
    ASSIGN_OR_RETURN(const ApprovalContext context, LoadApprovalContext(tx, current, *revision));
    RETURN_IF_ERROR(CheckApprover(context, actor, seen));
    const bool last = static_cast<int>(context.votes.size()) + 1 >= revision->required_approvals;
    if (last && !revision->hold.IsZero()) {
      const Date today = std::max(current.business_date, recorded.at.UtcDate());
      const Instant expires = Instant::AtMidnight(
          AddBankingDays(BankingDayOnOrAfter(today),
                         ProgramOn(tx, program_, current.business_date).approval_banking_days) +
          Days(1));
      const Journal hold =
          MakeJournal({.id = HoldJournalId(current),
                       .source_id = current.id.Value(),
                       .actor = actor.user,
                       .effective_date = current.business_date},
                      ApproveHold(current.pool, current.id, revision->hold, expires));
      ASSIGN_OR_RETURN(const auto results, ledger_.PostIn(tx, current.book, std::span(&hold, 1)));
      if (results.front().status == PostStatus::kExceedsCredits) {
        RETURN_IF_ERROR(SetHoldAttempt(tx, current, current.hold_attempt + 1));
        return Outcome{current.state, CheckPoolCovers(tx, program_, current, revision->hold)};
      }
      RETURN_IF_ERROR(RequireAccepted(results));
      current.hold_expires_at = expires;
    }
    InsertApproval(tx, current, *revision, assertion, recorded);
    const RunCommand command = last ? RunCommand::kApproveLast : RunCommand::kApprove;
    const RunState next = last ? RunState::kApproved : RunState::kInReview;
    RETURN_IF_ERROR(MoveRun(tx, current, {command, next, ""}, recorded));
    return Outcome{.state = next};
  }));
  RETURN_IF_ERROR(outcome.shortage);
  return outcome.state;
}

Status CheckPoolCovers(pg::Transaction& tx, const ProgramPayments& program, const Run& run,
                       Money needed) {
  const auto pool = FindBalance(tx, run.book, PoolAccount(run.pool));
  Money available;
  if (pool.ok()) available = pool->counters.CreditBalance() - pool->counters.debits_pending;
  if (available >= needed) return OkStatus();
  return FailedPrecondition(
      "pool {} of {} has ${} available and run {} needs ${}: it is short by ${}. Fund the pool "
      "and approve again",
      program.pool.name, program.program_name, available, run.id, needed, needed - available);
}

StatusOr<Run> CycleService::Find(RunId run) const {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<Run> {
    auto found = FindRun(tx, program_.book, run);
    if (!found) return NotFound("there is no run {} in book {}", run, program_.book);
    return *std::move(found);
  });
}

StatusOr<RunPlan> CycleService::Plan(RunId run) const {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<RunPlan> {
    const auto found = FindRun(tx, program_.book, run);
    if (!found) return NotFound("there is no run {} in book {}", run, program_.book);
    return LoadPlan(tx, *found);
  });
}

StatusOr<std::vector<RunEventRow>> CycleService::History(RunId run) const {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<RunEventRow>> {
    return LoadRunEvents(tx, program_.book, run);
  });
}

}  // namespace sluice::payments
