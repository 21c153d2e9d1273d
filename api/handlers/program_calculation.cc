// sluice.performance.v1.ProgramService: CalculateProgram, as the call that begins it and as its
// job.
#include "api/handlers/program_calculation.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/operation_messages.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/withheld_balance_source.h"
#include "performance/program_run/program_run.h"
#include "performance/program_store.h"
#include "sluice/performance/v1/program.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;
namespace ops1 = ::sluice::ops::v1;

using google::protobuf::Any;

StatusOr<performance::ProgramRunRequest> ReadRun(const v1::CalculateProgramRequest& request,
                                                 Instant now) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  performance::ProgramRunRequest run{.program = {},
                                     .dates = {},
                                     .known_at = std::nullopt,
                                     .contracts = std::nullopt,
                                     .actor = {},
                                     .progress = nullptr};
  ASSIGN_OR_RETURN(run.program, path.Get<ProgramTag>("programs"));
  ASSIGN_OR_RETURN(run.dates.period.from, ReadDate("period.from", request.period().from()));
  ASSIGN_OR_RETURN(run.dates.period.to, ReadDate("period.to", request.period().to()));
  if (run.dates.period.from >= *run.dates.period.to) {
    return WrongFields({{"period", "ends after its first day"}});
  }
  ASSIGN_OR_RETURN(run.dates.pay_date, ReadDate("pay_date", request.pay_date()));
  if (request.has_known_at()) {
    run.known_at = Instant::FromMicros(request.known_at().seconds() * 1'000'000 +
                                       request.known_at().nanos() / 1'000);
    if (*run.known_at > now) return WrongFields({{"known_at", "is not in the future"}});
  }
  for (const std::string& name : request.contracts()) {
    ASSIGN_OR_RETURN(const ResourcePath contract, ResourcePath::Parse(name));
    if (!run.contracts) run.contracts.emplace();
    ASSIGN_OR_RETURN(const ContractId id, contract.Get<ContractTag>("contracts"));
    run.contracts->push_back(id);
  }
  return run;
}

v1::CalculateProgramResult ResultMessage(PayerId payer,
                                         const performance::CalculationSummary& awards) {
  v1::CalculateProgramResult to;
  to.set_contracts(awards.contracts);
  to.set_unchanged(awards.unchanged);
  to.set_new_versions(awards.new_versions);
  to.set_blocked(awards.blocked);
  Set(*to.mutable_earned(), awards.earned);
  Set(*to.mutable_losses(), awards.losses);
  Set(*to.mutable_recouped(), awards.recouped);
  Set(*to.mutable_withheld(), awards.withheld);
  Set(*to.mutable_forfeited(), awards.forfeited);
  Set(*to.mutable_payable(), awards.payable);
  Set(*to.mutable_delta(), awards.delta);
  for (const auto& [reason, count] : awards.zeros) {
    v1::ZeroCount& zero = *to.add_zeros();
    zero.set_reason(std::string(performance::ReasonName(reason)));
    zero.set_awards(count);
  }
  for (const auto& [contract, detail] : awards.missing) {
    v1::MissingInput& missing = *to.add_missing();
    missing.set_contract(fmt::format("payers/{}/contracts/{}", payer, contract));
    missing.set_detail(detail);
  }
  return to;
}

StatusOr<Any> RunProgram(JobContext& job) {
  ASSIGN_OR_RETURN(const auto request, job.ReadRequest<v1::CalculateProgramRequest>());
  ASSIGN_OR_RETURN(performance::ProgramRunRequest asked, ReadRun(request, job.Clock().Now()));
  ASSIGN_OR_RETURN(const auto program,
                   job.Database().Transact(
                       {.read_only = true},
                       [&](pg::Transaction& tx) -> StatusOr<std::optional<performance::Program>> {
                         return performance::FindProgram(tx, asked.program);
                       }));
  if (!program) return NotFound("there is no program {}", asked.program);
  RETURN_IF_ERROR(job.Report("calculating"));
  asked.actor = job.Actor().user.ToString();
  // A run has no place at which it is left; whoever took it over shuts its writes out.
  asked.progress = [&](std::string_view step, std::int64_t done, std::int64_t all) {
    job.Report(step, done, all).IgnoreError();
  };
  performance::ProgramRun run(job.Database(), job.Payer(), job.Clock(), job.Ids());
  run.AddSource(std::make_unique<payments::WithheldBalanceSource>(program->book));
  ASSIGN_OR_RETURN(const performance::ProgramRunSummary summary, run.Run(asked));
  Any result;
  result.PackFrom(ResultMessage(job.Payer(), summary.awards));
  return result;
}

StatusOr<ops1::Operation> CalculateProgram(Call& call, const v1::CalculateProgramRequest& request) {
  ASSIGN_OR_RETURN(const performance::ProgramRunRequest asked, ReadRun(request, call.Now()));
  return Begin(call, request,
               {.target = request.name(),
                .job = fmt::format("program/{}", asked.program),
                .validate_only = request.validate_only(),
                .check = [&](pg::Transaction& tx) -> Status {
                  if (performance::FindProgram(tx, asked.program)) return OkStatus();
                  return NotFound("there is no program {}", asked.program);
                }});
}

}  // namespace

Jobs ProgramJobs() {
  return {{"sluice.performance.v1.ProgramService/CalculateProgram", RunProgram}};
}

void ServeProgramCalculation(Methods& methods) {
  methods.Serve<v1::CalculateProgramRequest, ops1::Operation>(
      "sluice.performance.v1.ProgramService.CalculateProgram", CalculateProgram);
}

}  // namespace sluice::api
