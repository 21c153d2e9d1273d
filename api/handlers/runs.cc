// sluice.payments.v1.RunService: what is read of runs. What moves them is in run_commands.cc.
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/run_content_store.h"
#include "api/handlers/run_list_store.h"
#include "api/handlers/run_messages.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::RunId;
using payments::RunTotals;

StatusOr<v1::Run> GetRun(Call& call, const v1::GetRunRequest& request) {
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(request.name()));
  return call.Read(
      [&](pg::Transaction& tx) { return LoadRunMessage(tx, call.Payer(), place, Locked::kNo); });
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
      *response.add_runs() = RunMessage(tx, call.Payer(), row, totals[row.run.id]);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

void SetPayee(v1::RunPayee& to, PayerId payer, const RunPayeeRow& row) {
  const payments::RunPayee& payee = row.payee;
  to.set_payee(PayeeName(payer, payee.payee));
  to.set_display_name(row.name);
  Set(*to.mutable_gross(), payee.gross);
  Set(*to.mutable_withheld(), payee.withhold);
  Set(*to.mutable_carried(), payee.carried);
  Set(*to.mutable_recouped(), payee.recoup);
  Set(*to.mutable_offset(), payee.offset);
  Set(*to.mutable_tax(), payee.tax);
  Set(*to.mutable_net(), payee.net);
  if (!row.last4.empty()) to.set_account_masked("ending " + row.last4);
  to.set_method(static_cast<v1::PayoutMethod>(static_cast<int>(payee.method) + 1));
  to.set_hold_reason(HoldReasonMessage(payee.hold));
  to.set_hold_note(payee.hold_note);
}

StatusOr<v1::ListRunPayeesResponse> ListRunPayees(Call& call,
                                                  const v1::ListRunPayeesRequest& request) {
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(request.parent()));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     RunPayeeFields(), "payee"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListRunPayeesResponse> {
    ASSIGN_OR_RETURN(const RunRow row, FindRunAt(tx, place, Locked::kNo));
    const RunPayeePage loaded = LoadRunPayeePage(tx, row.run, page);
    v1::ListRunPayeesResponse response;
    for (const RunPayeeRow& payee : loaded.payees) {
      SetPayee(*response.add_run_payees(), call.Payer(), payee);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

void SetLine(v1::RunLine& to, PayerId payer, ProgramId program, const RunLineRow& line) {
  to.set_line(fmt::format("payers/{}/programs/{}/lines/{}", payer, program, line.line));
  to.set_contract(fmt::format("payers/{}/contracts/{}", payer, line.contract));
  to.set_award(fmt::format("payers/{}/contracts/{}/awards/{}", payer, line.contract, line.award));
  to.set_award_version(line.award_version);
  to.set_party(PartyName(payer, line.party));
  if (line.payee) to.set_payee(PayeeName(payer, *line.payee));
  Set(*to.mutable_amount(), line.amount);
  Set(*to.mutable_withheld(), line.withheld);
  to.set_hold_reason(HoldReasonMessage(line.hold));
}

StatusOr<v1::ListRunLinesResponse> ListRunLines(Call& call,
                                                const v1::ListRunLinesRequest& request) {
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(request.parent()));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     RunLineFields(), "line"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListRunLinesResponse> {
    ASSIGN_OR_RETURN(const RunRow row, FindRunAt(tx, place, Locked::kNo));
    const RunLinePage loaded = LoadRunLinePage(tx, row.run, page);
    v1::ListRunLinesResponse response;
    for (const RunLineRow& line : loaded.lines) {
      SetLine(*response.add_run_lines(), call.Payer(), place.program, line);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

v1::RunEvent EventMessage(PayerId payer, const RunMoveRow& move) {
  v1::RunEvent event;
  event.set_number(move.number);
  event.set_command(std::string(payments::RunCommandName(move.command)));
  event.set_state(RunStateMessage(move.state));
  event.set_revision(move.revision);
  event.set_actor(UserName(payer, move.actor));
  event.set_reason(move.reason);
  Set(*event.mutable_record_time(), move.at);
  return event;
}

StatusOr<v1::ListRunEventsResponse> ListRunEvents(Call& call,
                                                  const v1::ListRunEventsRequest& request) {
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(request.parent()));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), PlainQueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     RunMoveFields(), "number"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListRunEventsResponse> {
    ASSIGN_OR_RETURN(const RunRow row, FindRunAt(tx, place, Locked::kNo));
    const RunMovePage loaded = LoadRunMovePage(tx, row.run, page);
    v1::ListRunEventsResponse response;
    for (const RunMoveRow& move : loaded.moves) {
      *response.add_run_events() = EventMessage(call.Payer(), move);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

// Ends with the run: a run that is closed or void moves no more.
StatusOr<PartOf<v1::RunEvent>> WatchRun(Call& call, v1::WatchRunRequest& request) {
  constexpr std::int64_t kMostInAPart = 1'000;
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(request.name()));
  if (request.after() < 0) return WrongFields({{"after", "is not negative"}});
  return call.Read([&](pg::Transaction& tx) -> StatusOr<PartOf<v1::RunEvent>> {
    ASSIGN_OR_RETURN(const RunRow row, FindRunAt(tx, place, Locked::kNo));
    PartOf<v1::RunEvent> part;
    for (const RunMoveRow& move : LoadRunMovesBehind(tx, row.run, request.after(), kMostInAPart)) {
      part.items.emplace_back(std::to_string(move.number), EventMessage(call.Payer(), move));
    }
    part.ended = !payments::IsLive(row.run.state) && std::ssize(part.items) < kMostInAPart;
    if (!part.items.empty()) request.set_after(part.items.back().second.number());
    return part;
  });
}

}  // namespace

void ServeRuns(Methods& methods) {
  const std::string service = "sluice.payments.v1.RunService.";
  methods.Serve<v1::GetRunRequest, v1::Run>(service + "GetRun", GetRun);
  methods.Serve<v1::ListRunsRequest, v1::ListRunsResponse>(service + "ListRuns", ListRuns);
  methods.Serve<v1::ListRunPayeesRequest, v1::ListRunPayeesResponse>(service + "ListRunPayees",
                                                                     ListRunPayees);
  methods.Serve<v1::ListRunLinesRequest, v1::ListRunLinesResponse>(service + "ListRunLines",
                                                                   ListRunLines);
  methods.Serve<v1::ListRunEventsRequest, v1::ListRunEventsResponse>(service + "ListRunEvents",
                                                                     ListRunEvents);
  methods.ServeStream<v1::WatchRunRequest, v1::RunEvent>(service + "WatchRun", WatchRun);
}

}  // namespace sluice::api
