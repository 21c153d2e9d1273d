#include "api/handlers/run_jobs.h"

#include <string>
#include <string_view>
#include <utility>

#include "api/handlers/run_messages.h"
#include "payments/cycle_service.h"
#include "payments/disbursement.h"
#include "payments/release_service.h"
#include "payments/run_store.h"
#include "payments/work/cycle_collection.h"
#include "sluice/payments/v1/run.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using google::protobuf::Any;

StatusOr<payments::ProgramPayments> LoadProgram(JobContext& job, const RunPlace& place) {
  return job.Database().Transact({.read_only = true},
                                 [&](pg::Transaction& tx) { return PaymentsAt(tx, place); });
}

StatusOr<v1::Run> LoadRun(JobContext& job, const RunPlace& place) {
  return job.Database().Transact({.read_only = true}, [&](pg::Transaction& tx) {
    return LoadRunMessage(tx, job.Payer(), place, Locked::kNo);
  });
}

StatusOr<Any> RunAsResult(JobContext& job, const RunPlace& place) {
  ASSIGN_OR_RETURN(const v1::Run run, LoadRun(job, place));
  Any result;
  result.PackFrom(run);
  return result;
}

StatusOr<Any> CalculateRun(JobContext& job) {
  ASSIGN_OR_RETURN(const auto request, job.ReadRequest<v1::CalculateRunRequest>());
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(request.name()));
  ASSIGN_OR_RETURN(const payments::ProgramPayments program, LoadProgram(job, place));
  RETURN_IF_ERROR(job.Report("collecting awards"));
  ASSIGN_OR_RETURN(
      const payments::CollectedAwards collected,
      payments::CollectForRun(job.Database(), program, place.run, job.Clock(), job.Ids()));
  RETURN_IF_ERROR(job.Report("planning payments"));
  payments::CycleService cycles(job.Database(), program, job.Clock(), job.Ids());
  RETURN_IF_ERROR(cycles.Calculate(place.run, collected.awards, job.Actor()).status());
  return RunAsResult(job, place);
}

// An approved run is released as the caller saw it; one whose release began goes on.
Status ReleaseOrResume(JobContext& job, payments::ReleaseService& releases, const RunPlace& place,
                       const std::string& seen_etag) {
  const payments::ReleaseProgress progress = [&](std::string_view step, std::int64_t done,
                                                 std::int64_t all) {
    // Whether to go on is asked at the places where a release may be left.
    job.Report(step, done, all).IgnoreError();
  };
  ASSIGN_OR_RETURN(const v1::Run run, LoadRun(job, place));
  if (run.state() == v1::RUN_STATE_RELEASING || run.state() == v1::RUN_STATE_RELEASED ||
      run.state() == v1::RUN_STATE_SETTLING) {
    return releases.Resume(place.run, job.Actor(), progress);
  }
  if (run.etag() != seen_etag) {
    return FailedPrecondition("run {} was changed before its release began; read it again",
                              place.run);
  }
  return releases.Release(place.run, job.Actor(), progress);
}

StatusOr<Any> ReleaseRun(JobContext& job, const ReleaseDeskParts& desk) {
  ASSIGN_OR_RETURN(const auto request, job.ReadRequest<v1::ReleaseRunRequest>());
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(request.name()));
  ASSIGN_OR_RETURN(payments::ProgramPayments program, LoadProgram(job, place));
  program.payer_code = payments::FileCode(desk.settings.payer.name);
  program.program_code = payments::FileCode(program.program_name);
  RETURN_IF_ERROR(job.Report("checking"));
  payments::ReleaseService releases(job.Database(), desk.files, std::move(program), desk.settings,
                                    desk.keys, job.Clock(), job.Ids(),
                                    {.reached = [&](std::string_view) { return job.GoOn(); }});
  RETURN_IF_ERROR(ReleaseOrResume(job, releases, place, request.etag()));
  return RunAsResult(job, place);
}

}  // namespace

Jobs RunJobs(const std::optional<ReleaseDeskParts>& desk) {
  const std::string service = "sluice.payments.v1.RunService/";
  Jobs jobs = {{service + "CalculateRun", CalculateRun}};
  if (desk) {
    jobs.emplace(service + "ReleaseRun",
                 [desk = *desk](JobContext& job) { return ReleaseRun(job, desk); });
  }
  return jobs;
}

}  // namespace sluice::api
