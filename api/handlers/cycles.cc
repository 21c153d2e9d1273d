// sluice.payments.v1.CycleService
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/cycle_list_store.h"
#include "api/handlers/handlers.h"
#include "api/handlers/money_names.h"
#include "api/handlers/run_messages.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/cycle_service.h"
#include "payments/due_dates.h"
#include "payments/payment_rules_store.h"
#include "payments/run_store.h"
#include "payments/work/cycle_comparison.h"
#include "performance/program_store.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::Cycle;
using payments::CycleId;
using payments::Run;

std::string CycleName(PayerId payer, const Cycle& cycle) {
  return fmt::format("payers/{}/programs/{}/cycles/{}", payer, cycle.program, cycle.id);
}

v1::Cycle CycleMessage(pg::Transaction& tx, PayerId payer, const Cycle& cycle) {
  v1::Cycle to;
  to.set_name(CycleName(payer, cycle));
  to.set_display_name(cycle.name);
  Set(*to.mutable_period()->mutable_from(), cycle.period.from);
  if (cycle.period.to) Set(*to.mutable_period()->mutable_to(), *cycle.period.to);
  std::vector<Run> runs = payments::LoadRuns(tx, cycle.book, cycle.id);
  std::ranges::sort(runs, {}, &Run::id);
  for (const Run& run : runs) to.add_runs(fmt::format("{}/runs/{}", to.name(), run.id));
  payments::ProgramPayments program;
  program.payer = payer;
  program.program = cycle.program;
  program.book = cycle.book;
  const Date last_day = *cycle.period.to - Days(1);
  const auto due =
      payments::DueDateOf(cycle.period, payments::ProgramOn(tx, program, last_day).schedule);
  if (due) Set(*to.mutable_due_date(), *due);
  return to;
}

StatusOr<Cycle> FindCycleAt(pg::Transaction& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ASSIGN_OR_RETURN(const ProgramId program_id, path.Get<ProgramTag>("programs"));
  ASSIGN_OR_RETURN(const CycleId cycle_id, path.Get<payments::CycleTag>("cycles"));
  const auto program = performance::FindProgram(tx, program_id);
  auto cycle = program ? payments::FindCycle(tx, program->book, cycle_id) : std::nullopt;
  if (!cycle) return NotFound("there is no cycle {} in program {}", cycle_id, program_id);
  return *std::move(cycle);
}

StatusOr<v1::Cycle> GetCycle(Call& call, const v1::GetCycleRequest& request) {
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::Cycle> {
    ASSIGN_OR_RETURN(const Cycle cycle, FindCycleAt(tx, request.name()));
    return CycleMessage(tx, call.Payer(), cycle);
  });
}

StatusOr<v1::ListCyclesResponse> ListCycles(Call& call, const v1::ListCyclesRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.parent()));
  ASSIGN_OR_RETURN(const std::optional<ProgramId> program, path.GetOrAll<ProgramTag>("programs"));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     CycleFields(), "period_from desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListCyclesResponse> {
    const CyclePage loaded = LoadCyclePage(tx, program, page);
    v1::ListCyclesResponse response;
    for (const Cycle& cycle : loaded.cycles) {
      *response.add_cycles() = CycleMessage(tx, call.Payer(), cycle);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<payments::OpenRun> ReadOpenRun(const v1::OpenRunRequest& request) {
  constexpr std::int32_t kMostBankingDays = 10;
  std::vector<std::pair<std::string, std::string>> faults;
  if (!v1::RunKind_IsValid(request.kind())) faults.emplace_back("kind", "is none of the kinds");
  if (request.seq() < 0) faults.emplace_back("seq", "counts from 1");
  if (request.banking_days_to_settle() < 0 || request.banking_days_to_settle() > kMostBankingDays) {
    faults.emplace_back("banking_days_to_settle", "is 0 (for 1) to 10");
  }
  if (!faults.empty()) return WrongFields(faults);
  payments::OpenRun open{.name = request.display_name(),
                         .seq = std::max(request.seq(), 1),
                         .banking_days_to_settle = std::max(request.banking_days_to_settle(), 1)};
  open.kind = static_cast<payments::RunKind>(static_cast<int>(request.kind()) - 1);
  ASSIGN_OR_RETURN(open.period.from, ReadDate("period.from", request.period().from()));
  ASSIGN_OR_RETURN(open.period.to, ReadDate("period.to", request.period().to()));
  ASSIGN_OR_RETURN(open.business_date, ReadDate("business_date", request.business_date()));
  return open;
}

StatusOr<v1::Run> OpenRun(Call& call, const v1::OpenRunRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.parent()));
  ASSIGN_OR_RETURN(const ProgramId program_id, path.Get<ProgramTag>("programs"));
  ASSIGN_OR_RETURN(const payments::OpenRun open, ReadOpenRun(request));
  ASSIGN_OR_RETURN(const payments::ProgramPayments program,
                   call.Read([&](pg::Transaction& tx) -> StatusOr<payments::ProgramPayments> {
                     const auto found = performance::FindProgram(tx, program_id);
                     if (!found) return NotFound("there is no program {}", program_id);
                     return PaymentsOfProgram(tx, *found);
                   }));
  return call.Change<v1::Run>(
      {.before = nullptr,
       .work = [&](const pg::Database& database) -> Status {
         payments::CycleService cycles(database, program, call.Clock(), call.Ids());
         return cycles.Open(open, call.Actor()).status();
       },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::Run> {
         const auto cycle = payments::FindCycleOfPeriod(tx, program.book, open.period);
         if (!cycle) return Internal("the cycle of the run is not there");
         for (const Run& run : payments::LoadRuns(tx, program.book, cycle->id)) {
           if (run.kind != open.kind || run.seq != open.seq) continue;
           return LoadRunMessage(tx, call.Payer(), {program.program, cycle->id, run.id},
                                 Locked::kNo);
         }
         return Internal("the run is not there");
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

StatusOr<v1::CompareCycleResponse> CompareCycle(Call& call,
                                                const v1::CompareCycleRequest& request) {
  struct Compared {
    payments::ProgramPayments program;
    Run last;
  };
  ASSIGN_OR_RETURN(const Compared compared,
                   call.Read([&](pg::Transaction& tx) -> StatusOr<Compared> {
                     ASSIGN_OR_RETURN(const Cycle cycle, FindCycleAt(tx, request.name()));
                     const std::vector<Run> runs = payments::LoadRuns(tx, cycle.book, cycle.id);
                     const auto last = std::ranges::max_element(runs, {}, &Run::id);
                     if (last == runs.end()) return FailedPrecondition("the cycle has no run yet");
                     ASSIGN_OR_RETURN(payments::ProgramPayments program,
                                      PaymentsAt(tx, {cycle.program, cycle.id, last->id}));
                     return Compared{std::move(program), *last};
                   }));
  ASSIGN_OR_RETURN(const payments::CycleComparison comparison,
                   payments::CompareWithLast(call.Reading(), compared.program, compared.last.id));
  const auto run_name = [&](const Run& run) {
    return fmt::format("payers/{}/programs/{}/cycles/{}/runs/{}", call.Payer(),
                       compared.program.program, run.cycle, run.id);
  };
  v1::CompareCycleResponse response;
  response.set_run(run_name(comparison.run));
  if (comparison.previous) response.set_before(run_name(*comparison.previous));
  for (const payments::PayeeComparison& payee : comparison.payees) {
    v1::PayeeComparison& to = *response.add_payees();
    to.set_payee(PayeeName(call.Payer(), payee.payee));
    to.set_stream(payee.stream);
    Set(*to.mutable_before(), payee.before);
    Set(*to.mutable_now(), payee.now);
    for (const payments::ComparisonCause& cause : payee.causes) {
      v1::ComparisonCause& added = *to.add_causes();
      added.set_contract(fmt::format("payers/{}/contracts/{}", call.Payer(), cause.contract));
      Set(*added.mutable_amount(), cause.amount);
      added.set_detail(cause.text);
    }
  }
  return response;
}

}  // namespace

void ServeCycles(Methods& methods) {
  const std::string service = "sluice.payments.v1.CycleService.";
  methods.Serve<v1::GetCycleRequest, v1::Cycle>(service + "GetCycle", GetCycle);
  methods.Serve<v1::ListCyclesRequest, v1::ListCyclesResponse>(service + "ListCycles", ListCycles);
  methods.Serve<v1::OpenRunRequest, v1::Run>(service + "OpenRun", OpenRun);
  methods.Serve<v1::CompareCycleRequest, v1::CompareCycleResponse>(service + "CompareCycle",
                                                                   CompareCycle);
}

}  // namespace sluice::api
