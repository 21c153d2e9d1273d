#include "api/handlers/run_messages.h"

#include <optional>
#include <vector>

#include "api/handlers/cycle_list_store.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "core/check.h"
#include "payments/checks/check_store.h"
#include "payments/run_store.h"
#include "performance/program_store.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::Run;
using payments::RunTotals;

void SetTotals(v1::RunTotals& to, const RunTotals& totals) {
  Set(*to.mutable_gross(), totals.gross);
  Set(*to.mutable_withheld(), totals.withhold);
  Set(*to.mutable_carried(), totals.carried);
  Set(*to.mutable_recouped(), totals.recoup);
  Set(*to.mutable_offset(), totals.offset);
  Set(*to.mutable_tax(), totals.tax);
  Set(*to.mutable_hold(), totals.hold);
  Set(*to.mutable_paid(), totals.paid);
  Set(*to.mutable_held(), totals.held);
  to.set_lines(totals.lines);
  to.set_payees_paid(totals.payees_paid);
  to.set_payees_held(totals.payees_held);
  to.set_payees_zero(totals.payees_zero);
}

// What was submitted, and the votes over it.
void SetReview(v1::Run& to, pg::Transaction& tx, PayerId payer, const Run& run) {
  const auto revision = payments::FindRevision(tx, run);
  if (!revision) return;
  to.set_digest(ToHex(revision->digest));
  to.set_submitted_by(UserName(payer, revision->submitted_by));
  to.set_required_approvals(revision->required_approvals);
  for (const payments::ApprovalVote& vote : payments::LoadApprovals(tx, run)) {
    v1::RunApproval& approval = *to.add_approvals();
    approval.set_approver(UserName(payer, vote.approver));
    approval.set_digest(ToHex(revision->digest));
    Set(*approval.mutable_approve_time(), vote.approved_at);
  }
}

}  // namespace

StatusOr<RunPlace> RunPlaceOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  RunPlace place;
  ASSIGN_OR_RETURN(place.program, path.Get<ProgramTag>("programs"));
  ASSIGN_OR_RETURN(place.cycle, path.Get<payments::CycleTag>("cycles"));
  ASSIGN_OR_RETURN(place.run, path.Get<payments::RunTag>("runs"));
  return place;
}

std::string JobOfRun(payments::RunId run) { return fmt::format("run/{}", run); }

StatusOr<RunRow> FindRunAt(pg::Transaction& tx, const RunPlace& place, Locked locked) {
  const Status unknown = NotFound("there is no run {} in program {}", place.run, place.program);
  const auto program = performance::FindProgram(tx, place.program);
  if (!program) return unknown;
  const auto run = locked == Locked::kYes ? payments::LockRun(tx, program->book, place.run)
                                          : payments::FindRun(tx, program->book, place.run);
  if (!run || run->cycle != place.cycle) return unknown;
  return RunRow{place.program, *run};
}

v1::Run RunMessage(pg::Transaction& tx, PayerId payer, const RunRow& row, const RunTotals& totals) {
  const Run& run = row.run;
  v1::Run to;
  to.set_name(fmt::format("payers/{}/programs/{}/cycles/{}/runs/{}", payer, row.program, run.cycle,
                          run.id));
  to.set_kind(RunKindMessage(run.kind));
  to.set_seq(run.seq);
  to.set_state(RunStateMessage(run.state));
  Set(*to.mutable_business_date(), run.business_date);
  Set(*to.mutable_effective_date(), run.effective_date);
  to.set_revision(run.revision);
  SetTotals(*to.mutable_totals(), totals);
  SetReview(to, tx, payer, run);
  if (run.hold_expires_at) Set(*to.mutable_hold_expire_time(), *run.hold_expires_at);
  to.set_etag(fmt::format("\"{}-{}\"", run.id, run.version));
  return to;
}

StatusOr<v1::Run> LoadRunMessage(pg::Transaction& tx, PayerId payer, const RunPlace& place,
                                 Locked locked) {
  ASSIGN_OR_RETURN(const RunRow row, FindRunAt(tx, place, locked));
  return RunMessage(tx, payer, row, LoadTotals(tx, std::vector{row.run.id})[row.run.id]);
}

StatusOr<payments::Pool> PoolOf(pg::Transaction& tx, const performance::Program& program) {
  const std::vector<payments::PoolId> pools = LoadPoolIds(tx, program.book);
  auto pool = pools.size() == 1
                  ? payments::FindPool(tx, program.book, pools.front())
                  : payments::FindPoolByName(tx, program.book, program.name + " pool");
  if (pool) return *std::move(pool);
  return FailedPrecondition("program {} has {} pools, and none is '{} pool': make or name one",
                            program.name, pools.size(), program.name);
}

payments::ProgramPayments PaymentsWith(pg::Transaction& tx, const performance::Program& program,
                                       const payments::Pool& pool) {
  payments::PlanSettings plan;
  for (const payments::CheckStock& stock : payments::LoadCheckStocks(tx, program.book)) {
    plan.pays_by_check = plan.pays_by_check || stock.account == pool.bank_account;
  }
  return {.payer = program.payer,
          .program = program.id,
          .book = program.book,
          .payer_code = "",
          .program_code = "",
          .program_name = program.name,
          .pool = pool,
          .plan = plan,
          .approval_tiers = {}};
}

StatusOr<payments::ProgramPayments> PaymentsAt(pg::Transaction& tx, const RunPlace& place) {
  ASSIGN_OR_RETURN(const RunRow row, FindRunAt(tx, place, Locked::kNo));
  const auto program = performance::FindProgram(tx, place.program);
  const auto pool = payments::FindPool(tx, row.run.book, row.run.pool);
  CHECK(program && pool);
  return PaymentsWith(tx, *program, *pool);
}

v1::HoldReason HoldReasonMessage(payments::HoldReason reason) {
  // Stored with a gap that the contract does not have.
  if (reason == payments::HoldReason::kRouteConflict) return v1::HOLD_REASON_ROUTE_CONFLICT;
  if (reason == payments::HoldReason::kMethodUnavailable) {
    return v1::HOLD_REASON_METHOD_UNAVAILABLE;
  }
  return static_cast<v1::HoldReason>(reason);
}

v1::RunState RunStateMessage(payments::RunState state) {
  return static_cast<v1::RunState>(static_cast<int>(state) + 1);
}

v1::RunKind RunKindMessage(payments::RunKind kind) {
  return static_cast<v1::RunKind>(static_cast<int>(kind) + 1);
}

}  // namespace sluice::api
