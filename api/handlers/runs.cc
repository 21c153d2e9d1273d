// sluice.payments.v1.RunService
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/run_list_store.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "payments/checks/check_store.h"
#include "payments/cycle_service.h"
#include "payments/run_store.h"
#include "performance/program_store.h"
#include "sluice/payments/v1/run.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::CycleId;
using payments::Run;
using payments::RunId;
using payments::RunTotals;

struct RunPlace {
  ProgramId program;
  CycleId cycle;
  RunId run;
};

StatusOr<RunPlace> PlaceOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  RunPlace place;
  ASSIGN_OR_RETURN(place.program, path.Get<ProgramTag>("programs"));
  ASSIGN_OR_RETURN(place.cycle, path.Get<payments::CycleTag>("cycles"));
  ASSIGN_OR_RETURN(place.run, path.Get<payments::RunTag>("runs"));
  return place;
}

enum class Locked { kNo, kYes };

// The run where the name says that it is.
StatusOr<RunRow> FindRunAt(pg::Transaction& tx, const RunPlace& place, Locked locked) {
  const Status unknown = NotFound("there is no run {} in program {}", place.run, place.program);
  const auto program = performance::FindProgram(tx, place.program);
  if (!program) return unknown;
  const auto run = locked == Locked::kYes ? payments::LockRun(tx, program->book, place.run)
                                          : payments::FindRun(tx, program->book, place.run);
  if (!run || run->cycle != place.cycle) return unknown;
  return RunRow{place.program, *run};
}

// The numbers of the contract are those that are stored, one further: 0 is not said.
template <typename Enum, typename Stored>
Enum OneFurther(Stored stored) {
  return static_cast<Enum>(static_cast<int>(stored) + 1);
}

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

v1::Run MessageOf(pg::Transaction& tx, PayerId payer, const RunRow& row, const RunTotals& totals) {
  const Run& run = row.run;
  v1::Run to;
  to.set_name(fmt::format("payers/{}/programs/{}/cycles/{}/runs/{}", payer, row.program, run.cycle,
                          run.id));
  to.set_kind(OneFurther<v1::RunKind>(run.kind));
  to.set_seq(run.seq);
  to.set_state(OneFurther<v1::RunState>(run.state));
  Set(*to.mutable_business_date(), run.business_date);
  Set(*to.mutable_effective_date(), run.effective_date);
  to.set_revision(run.revision);
  SetTotals(*to.mutable_totals(), totals);
  SetReview(to, tx, payer, run);
  if (run.hold_expires_at) Set(*to.mutable_hold_expire_time(), *run.hold_expires_at);
  to.set_etag(fmt::format("\"{}-{}\"", run.id, run.version));
  return to;
}

StatusOr<v1::Run> LoadMessage(pg::Transaction& tx, PayerId payer, const RunPlace& place,
                              Locked locked) {
  ASSIGN_OR_RETURN(const RunRow row, FindRunAt(tx, place, locked));
  return MessageOf(tx, payer, row, LoadTotals(tx, std::vector{row.run.id})[row.run.id]);
}

StatusOr<v1::Run> GetRun(Call& call, const v1::GetRunRequest& request) {
  ASSIGN_OR_RETURN(const RunPlace place, PlaceOf(request.name()));
  return call.Read(
      [&](pg::Transaction& tx) { return LoadMessage(tx, call.Payer(), place, Locked::kNo); });
}

StatusOr<v1::ListRunsResponse> ListRuns(Call& call, const v1::ListRunsRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.parent()));
  RunView view;
  ASSIGN_OR_RETURN(view.program, path.GetOrAll<ProgramTag>("programs"));
  ASSIGN_OR_RETURN(view.cycle, path.GetOrAll<payments::CycleTag>("cycles"));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     RunFields(), "business_date desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListRunsResponse> {
    const RunPage loaded = LoadRunPage(tx, view, page);
    std::vector<RunId> ids;
    for (const RunRow& row : loaded.runs) ids.push_back(row.run.id);
    std::map<RunId, RunTotals> totals = LoadTotals(tx, ids);
    v1::ListRunsResponse response;
    for (const RunRow& row : loaded.runs) {
      *response.add_runs() = MessageOf(tx, call.Payer(), row, totals[row.run.id]);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

// How the program of a run pays.
StatusOr<payments::ProgramPayments> PaymentsAt(pg::Transaction& tx, PayerId payer,
                                               const RunPlace& place) {
  ASSIGN_OR_RETURN(const RunRow row, FindRunAt(tx, place, Locked::kNo));
  const auto program = performance::FindProgram(tx, place.program);
  const auto pool = payments::FindPool(tx, row.run.book, row.run.pool);
  CHECK(program && pool);
  payments::PlanSettings plan;
  for (const payments::CheckStock& stock : payments::LoadCheckStocks(tx, row.run.book)) {
    plan.pays_by_check = plan.pays_by_check || stock.account == pool->bank_account;
  }
  return payments::ProgramPayments{.payer = payer,
                                   .program = program->id,
                                   .book = program->book,
                                   .payer_code = "",
                                   .program_code = "",
                                   .program_name = program->name,
                                   .pool = *pool,
                                   .plan = plan,
                                   .approval_tiers = {}};
}

StatusOr<v1::Run> ApproveRun(Call& call, const v1::ApproveRunRequest& request) {
  ASSIGN_OR_RETURN(const RunPlace place, PlaceOf(request.name()));
  ASSIGN_OR_RETURN(const Digest seen, ReadDigest("seen_digest", request.seen_digest()));
  const Bytes assertion(request.assertion().begin(), request.assertion().end());
  ASSIGN_OR_RETURN(const payments::ProgramPayments program, call.Read([&](pg::Transaction& tx) {
    return PaymentsAt(tx, call.Payer(), place);
  }));
  const auto load = [&](pg::Transaction& tx) {
    return LoadMessage(tx, call.Payer(), place, Locked::kYes);
  };
  return call.Change<v1::Run>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             payments::CycleService cycles(database, program, call.Clock(), call.Ids());
             return cycles.Approve(place.run, seen, assertion, call.Actor()).status();
           },
       // Where the pool is short, the vote does not count, and the attempt is kept.
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::Run> {
         ASSIGN_OR_RETURN(const v1::Run run, load(tx));
         for (const v1::RunApproval& approval : run.approvals()) {
           if (approval.approver() == UserName(call.Payer(), call.User())) return run;
         }
         ASSIGN_OR_RETURN(const RunRow row, FindRunAt(tx, place, Locked::kNo));
         const auto revision = payments::FindRevision(tx, row.run);
         CHECK(revision.has_value());
         RETURN_IF_ERROR(payments::CheckPoolCovers(tx, program, row.run, revision->hold));
         return Internal("the vote of {} over run {} is not there", call.User(), place.run);
       },
       .etag = request.etag(),
       .validate_only = false,
       .reason = ""});
}

}  // namespace

void ServeRuns(Methods& methods) {
  const std::string service = "sluice.payments.v1.RunService.";
  methods.Serve<v1::GetRunRequest, v1::Run>(service + "GetRun", GetRun);
  methods.Serve<v1::ListRunsRequest, v1::ListRunsResponse>(service + "ListRuns", ListRuns);
  methods.Serve<v1::ApproveRunRequest, v1::Run>(service + "ApproveRun", ApproveRun);
}

}  // namespace sluice::api
