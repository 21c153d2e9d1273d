// sluice.payments.v1.RunService: what moves a run. Each command is one guarded transition with its
// effects, answered with the run as it stands afterward.
#include <functional>
#include <string>

#include "api/handlers/handlers.h"
#include "api/handlers/run_messages.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "core/check.h"
#include "payments/cycle_service.h"
#include "payments/run_store.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::CycleService;
using payments::RunId;

// One call of the use case.
using RunWork = std::function<Status(CycleService&, RunId)>;
// What stands afterward, where it is not simply the run.
using RunAfter = std::function<StatusOr<v1::Run>(pg::Transaction&, const v1::Run&)>;

struct RunCommandCall {
  std::string name;
  std::string etag;
  std::string reason;  // for the audit log; may be empty
};

StatusOr<v1::Run> Command(Call& call, const RunCommandCall& command, const RunWork& work,
                          const RunAfter& after = nullptr) {
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(command.name));
  ASSIGN_OR_RETURN(const payments::ProgramPayments program,
                   call.Read([&](pg::Transaction& tx) { return PaymentsAt(tx, place); }));
  const auto load = [&](pg::Transaction& tx) {
    return LoadRunMessage(tx, call.Payer(), place, Locked::kYes);
  };
  return call.Change<v1::Run>({.before = load,
                               .work =
                                   [&](const pg::Database& database) {
                                     CycleService cycles(database, program, call.Clock(),
                                                         call.Ids());
                                     return work(cycles, place.run);
                                   },
                               .after = [&](pg::Transaction& tx) -> StatusOr<v1::Run> {
                                 ASSIGN_OR_RETURN(const v1::Run run, load(tx));
                                 if (after) return after(tx, run);
                                 return run;
                               },
                               .etag = command.etag,
                               .validate_only = false,
                               .reason = command.reason});
}

StatusOr<v1::Run> SubmitRun(Call& call, const v1::SubmitRunRequest& request) {
  return Command(call, {request.name(), request.etag(), ""}, [&](CycleService& cycles, RunId run) {
    return cycles.Submit(run, call.Actor()).status();
  });
}

StatusOr<v1::Run> ReturnRun(Call& call, const v1::ReturnRunRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  return Command(call, {request.name(), request.etag(), request.reason()},
                 [&](CycleService& cycles, RunId run) {
                   return cycles.Return(run, request.reason(), call.Actor());
                 });
}

StatusOr<v1::Run> WithdrawRun(Call& call, const v1::WithdrawRunRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  return Command(call, {request.name(), request.etag(), request.reason()},
                 [&](CycleService& cycles, RunId run) {
                   return cycles.Withdraw(run, request.reason(), call.Actor());
                 });
}

StatusOr<v1::Run> CancelRun(Call& call, const v1::CancelRunRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  return Command(call, {request.name(), request.etag(), request.reason()},
                 [&](CycleService& cycles, RunId run) {
                   return cycles.Cancel(run, request.reason(), call.Actor());
                 });
}

StatusOr<v1::Run> HoldRunPayee(Call& call, const v1::HoldRunPayeeRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.payee()));
  ASSIGN_OR_RETURN(const PayeeId payee, path.Get<PayeeTag>("payees"));
  return Command(call, {request.name(), request.etag(), request.reason()},
                 [&](CycleService& cycles, RunId run) {
                   return cycles.HoldPayee(run, payee, request.reason(), call.Actor());
                 });
}

StatusOr<v1::Run> ReleaseRunPayee(Call& call, const v1::ReleaseRunPayeeRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.payee()));
  ASSIGN_OR_RETURN(const PayeeId payee, path.Get<PayeeTag>("payees"));
  return Command(call, {request.name(), request.etag(), request.reason()},
                 [&](CycleService& cycles, RunId run) {
                   return cycles.ReleasePayee(run, payee, request.reason(), call.Actor());
                 });
}

StatusOr<v1::Run> HoldRunLine(Call& call, const v1::HoldRunLineRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.line()));
  ASSIGN_OR_RETURN(const payments::ObligationId line, path.Get<payments::ObligationTag>("lines"));
  return Command(call, {request.name(), request.etag(), request.reason()},
                 [&](CycleService& cycles, RunId run) {
                   return cycles.HoldLine(run, line, request.reason(), call.Actor());
                 });
}

StatusOr<v1::Run> ReleaseRunLine(Call& call, const v1::ReleaseRunLineRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.line()));
  ASSIGN_OR_RETURN(const payments::ObligationId line, path.Get<payments::ObligationTag>("lines"));
  return Command(call, {request.name(), request.etag(), request.reason()},
                 [&](CycleService& cycles, RunId run) {
                   return cycles.ReleaseLine(run, line, request.reason(), call.Actor());
                 });
}

// The run with the caller's vote in it. Where the pool is short the vote does not count, and that
// is what is kept of the attempt.
StatusOr<v1::Run> WithVote(pg::Transaction& tx, const Call& call, const v1::Run& run) {
  for (const v1::RunApproval& approval : run.approvals()) {
    if (approval.approver() == UserName(call.Payer(), call.User())) return run;
  }
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(run.name()));
  ASSIGN_OR_RETURN(const payments::ProgramPayments program, PaymentsAt(tx, place));
  ASSIGN_OR_RETURN(const RunRow row, FindRunAt(tx, place, Locked::kNo));
  const auto revision = payments::FindRevision(tx, row.run);
  CHECK(revision.has_value());
  RETURN_IF_ERROR(payments::CheckPoolCovers(tx, program, row.run, revision->hold));
  return Internal("the vote of {} over run {} is not there", call.User(), place.run);
}

StatusOr<v1::Run> ApproveRun(Call& call, const v1::ApproveRunRequest& request) {
  ASSIGN_OR_RETURN(const Digest seen, ReadDigest("seen_digest", request.seen_digest()));
  const Bytes assertion(request.assertion().begin(), request.assertion().end());
  return Command(
      call, {request.name(), request.etag(), ""},
      [&](CycleService& cycles, RunId run) {
        return cycles.Approve(run, seen, assertion, call.Actor()).status();
      },
      [&](pg::Transaction& tx, const v1::Run& run) { return WithVote(tx, call, run); });
}

}  // namespace

void ServeRunCommands(Methods& methods) {
  const std::string service = "sluice.payments.v1.RunService.";
  methods.Serve<v1::SubmitRunRequest, v1::Run>(service + "SubmitRun", SubmitRun);
  methods.Serve<v1::ReturnRunRequest, v1::Run>(service + "ReturnRun", ReturnRun);
  methods.Serve<v1::ApproveRunRequest, v1::Run>(service + "ApproveRun", ApproveRun);
  methods.Serve<v1::WithdrawRunRequest, v1::Run>(service + "WithdrawRun", WithdrawRun);
  methods.Serve<v1::CancelRunRequest, v1::Run>(service + "CancelRun", CancelRun);
  methods.Serve<v1::HoldRunPayeeRequest, v1::Run>(service + "HoldRunPayee", HoldRunPayee);
  methods.Serve<v1::ReleaseRunPayeeRequest, v1::Run>(service + "ReleaseRunPayee", ReleaseRunPayee);
  methods.Serve<v1::HoldRunLineRequest, v1::Run>(service + "HoldRunLine", HoldRunLine);
  methods.Serve<v1::ReleaseRunLineRequest, v1::Run>(service + "ReleaseRunLine", ReleaseRunLine);
}

}  // namespace sluice::api
