// sluice.payments.v1.RunService: what takes long, what people look at before a run is submitted,
// and what follows a release.
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/operation_messages.h"
#include "api/handlers/run_exception_store.h"
#include "api/handlers/run_messages.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/release_service.h"
#include "payments/run_settlement.h"
#include "payments/work/cycle_exceptions.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;
namespace ops1 = ::sluice::ops::v1;

using payments::Run;
using payments::RunCommand;
using payments::RunState;

// What a run's operations need alike: the run as the caller saw it, and nobody else at work on it.
template <typename Request>
StatusOr<ops1::Operation> BeginOnRun(
    Call& call, const Request& request,
    const std::function<Status(pg::Transaction&, const RunPlace&, const Run&)>& check) {
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(request.name()));
  return Begin(call, request,
               {.target = request.name(),
                .job = JobOfRun(place.run),
                .validate_only = request.validate_only(),
                .check = [&](pg::Transaction& tx) -> Status {
                  ASSIGN_OR_RETURN(const v1::Run seen,
                                   LoadRunMessage(tx, call.Payer(), place, Locked::kYes));
                  if (seen.etag() != request.etag()) {
                    return WithReason(
                        Aborted("it was changed since it was read; read it again and decide again"),
                        kEtagMismatch);
                  }
                  ASSIGN_OR_RETURN(const RunRow row, FindRunAt(tx, place, Locked::kNo));
                  return check(tx, place, row.run);
                }});
}

StatusOr<ops1::Operation> CalculateRun(Call& call, const v1::CalculateRunRequest& request) {
  return BeginOnRun(call, request, [](pg::Transaction&, const RunPlace&, const Run& run) -> Status {
    return payments::ApplyRunCommand(run.state, RunCommand::kCalculate).status();
  });
}

StatusOr<ops1::Operation> ReleaseRun(Call& call, const v1::ReleaseRunRequest& request) {
  return BeginOnRun(
      call, request, [&](pg::Transaction& tx, const RunPlace& place, const Run& run) -> Status {
        // What was interrupted goes on; only deliveries can be missing of one that is released.
        if (run.state == RunState::kReleasing || run.state == RunState::kReleased ||
            run.state == RunState::kSettling) {
          return OkStatus();
        }
        RETURN_IF_ERROR(payments::ApplyRunCommand(run.state, RunCommand::kRelease).status());
        ASSIGN_OR_RETURN(const payments::ProgramPayments program, PaymentsAt(tx, place));
        return payments::CheckMayRelease(tx, program, run, call.Actor(), call.Now());
      });
}

// One call of the use case, answered with the run as it stands afterward.
struct SettlementCall {
  std::string name;
  std::string etag;
  std::string reason = {};  // for the audit log
};
StatusOr<v1::Run> Settlement(
    Call& call, const SettlementCall& command,
    const std::function<Status(payments::RunSettlement&, payments::RunId)>& work) {
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(command.name));
  ASSIGN_OR_RETURN(const payments::ProgramPayments program,
                   call.Read([&](pg::Transaction& tx) { return PaymentsAt(tx, place); }));
  const auto load = [&](pg::Transaction& tx) {
    return LoadRunMessage(tx, call.Payer(), place, Locked::kYes);
  };
  return call.Change<v1::Run>({.before = load,
                               .work =
                                   [&](const pg::Database& database) {
                                     payments::RunSettlement settlement(database, program,
                                                                        call.Clock());
                                     return work(settlement, place.run);
                                   },
                               .after = load,
                               .etag = command.etag,
                               .validate_only = false,
                               .reason = command.reason});
}

StatusOr<v1::Run> UnblockRun(Call& call, const v1::UnblockRunRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  return Settlement(call, {request.name(), request.etag(), request.reason()},
                    [&](payments::RunSettlement& settlement, payments::RunId run) {
                      return settlement.Unblock(run, request.reason(), call.Actor());
                    });
}

StatusOr<v1::Run> SettleRun(Call& call, const v1::SettleRunRequest& request) {
  ASSIGN_OR_RETURN(const Date date, ReadDate("statement_date", request.statement_date()));
  if (date > call.Today()) {
    return WrongFields(
        {{"statement_date", "is a day that has come: a statement tells of the past"}});
  }
  return Settlement(call, {request.name(), request.etag()},
                    [&](payments::RunSettlement& settlement, payments::RunId run) {
                      return settlement.PostSettlement(run, date, call.Actor());
                    });
}

StatusOr<v1::Run> CloseRun(Call& call, const v1::CloseRunRequest& request) {
  return Settlement(call, {request.name(), request.etag()},
                    [&](payments::RunSettlement& settlement, payments::RunId run) {
                      return settlement.Close(run, call.Actor());
                    });
}

StatusOr<v1::ListRunExceptionsResponse> ListRunExceptions(
    Call& call, const v1::ListRunExceptionsRequest& request) {
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(request.parent()));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     RunExceptionFields(), "number"));
  ASSIGN_OR_RETURN(const payments::ProgramPayments program,
                   call.Read([&](pg::Transaction& tx) { return PaymentsAt(tx, place); }));
  ASSIGN_OR_RETURN(const std::vector<payments::CycleException> all,
                   payments::ListExceptions(call.Reading(), program, place.run, call.Now()));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListRunExceptionsResponse> {
    const RunExceptionPage loaded = LoadRunExceptionPage(tx, all, page);
    v1::ListRunExceptionsResponse response;
    for (const payments::CycleException& exception : loaded.exceptions) {
      v1::RunException& to = *response.add_run_exceptions();
      to.set_kind(static_cast<v1::RunExceptionKind>(static_cast<int>(exception.kind) + 1));
      if (exception.line) {
        to.set_line(fmt::format("payers/{}/programs/{}/lines/{}", call.Payer(), place.program,
                                *exception.line));
      }
      if (exception.payee) to.set_payee(PayeeName(call.Payer(), *exception.payee));
      to.set_display_name(exception.name);
      Set(*to.mutable_amount(), exception.amount);
      to.set_what(exception.what);
      to.set_to_do(exception.to_do);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

}  // namespace

void ServeRunWork(Methods& methods) {
  const std::string service = "sluice.payments.v1.RunService.";
  methods.Serve<v1::CalculateRunRequest, ops1::Operation>(service + "CalculateRun", CalculateRun);
  methods.Serve<v1::ReleaseRunRequest, ops1::Operation>(service + "ReleaseRun", ReleaseRun);
  methods.Serve<v1::UnblockRunRequest, v1::Run>(service + "UnblockRun", UnblockRun);
  methods.Serve<v1::SettleRunRequest, v1::Run>(service + "SettleRun", SettleRun);
  methods.Serve<v1::CloseRunRequest, v1::Run>(service + "CloseRun", CloseRun);
  methods.Serve<v1::ListRunExceptionsRequest, v1::ListRunExceptionsResponse>(
      service + "ListRunExceptions", ListRunExceptions);
}

}  // namespace sluice::api
