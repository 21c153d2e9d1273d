#include "api/operations/operation_worker.h"

#include <google/rpc/status.pb.h>

#include <utility>

#include "api/audit/audit_store.h"
#include "api/operations/operation_store.h"
#include "api/service/call_record.h"
#include "api/service/reason.h"
#include "core/log.h"

namespace sluice::api {
namespace {

// How often an operation is begun before it fails; also the end of one that kills whoever begins
// it.
constexpr std::int32_t kMostAttempts = 5;
constexpr std::int64_t kPauseMicros = 5'000'000;  // after the first attempt; then twice, ...
constexpr std::int32_t kLookAt = 20;
constexpr std::chrono::seconds kReportEvery{1};

bool IsOfEnvironment(const Status& status) {
  return status.code() == absl::StatusCode::kUnavailable ||
         status.code() == absl::StatusCode::kAborted ||
         status.code() == absl::StatusCode::kDeadlineExceeded;
}

}  // namespace

JobContext::JobContext(const WorkerParts& parts, api::Operation& operation, Lease lease,
                       std::stop_token stop)
    : parts_(parts),
      operation_(operation),
      lease_(std::move(lease)),
      stop_(std::move(stop)),
      database_(lease_.Fenced(parts.database).AsUser(operation.actor.user)) {}

Status JobContext::GoOn() const {
  return stop_.stop_requested() ? Unavailable("the server stops; another one goes on") : OkStatus();
}

Status JobContext::Report(std::string_view phase, std::int64_t done, std::int64_t total) {
  RETURN_IF_ERROR(GoOn());
  const auto now = std::chrono::steady_clock::now();
  if (operation_.phase == phase && done != total && now - reported_ < kReportEvery) {
    return OkStatus();
  }
  reported_ = now;
  operation_.phase = std::string(phase);
  operation_.items_done = done;
  operation_.items_total = total;
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto stored = LockOperation(tx, parts_.payer, operation_.id);
    if (!stored || stored->HasEnded()) return Aborted("operation {} has ended", operation_.id);
    if (stored->cancel_requested) return absl::CancelledError("canceled by a person");
    SetProgress(tx, parts_.payer, operation_);
    return OkStatus();
  });
}

OperationWorker::OperationWorker(WorkerParts parts, Jobs jobs)
    : parts_(std::move(parts)), jobs_(std::move(jobs)) {
  parts_.database = parts_.database.ForPayer(parts_.payer);
  for (const auto& [method, job] : jobs_) methods_.push_back(method);
}

StatusOr<bool> OperationWorker::RunOne(std::stop_token stop) {
  ASSIGN_OR_RETURN(std::optional<Taken> taken, TakeOne());
  if (!taken) return false;
  Work(*std::move(taken), stop);
  return true;
}

void OperationWorker::RenewLease() {
  std::optional<Lease> lease;
  {
    const std::lock_guard lock(mutex_);
    lease = at_work_;
  }
  if (!lease) return;
  const Status renewed = lease->Renew(parts_.database);
  if (!renewed.ok()) LogWarning("lease not renewed", {{"status", renewed}});
}

StatusOr<std::optional<OperationWorker::Taken>> OperationWorker::TakeOne() {
  return parts_.database.Transact([&](pg::Transaction& tx) -> StatusOr<std::optional<Taken>> {
    const Instant now = parts_.clock.Now();
    for (const OperationId id : LoadDueOperations(tx, parts_.payer, methods_, now, kLookAt)) {
      auto operation = LockFreeOperation(tx, parts_.payer, id);
      if (!operation || operation->HasEnded()) continue;
      auto lease = Lease::Take(tx, parts_.payer, operation->job, parts_.lease, parts_.clock);
      if (!lease) continue;
      operation->state = OperationState::kRunning;
      ++operation->attempts;
      SetWaitingOrRunning(tx, parts_.payer, *operation, now);
      return std::optional(Taken{*std::move(operation), *std::move(lease)});
    }
    return std::optional<Taken>();
  });
}

void OperationWorker::Work(Taken taken, const std::stop_token& stop) {
  Operation& operation = taken.operation;
  {
    const std::lock_guard lock(mutex_);
    at_work_ = taken.lease;
  }
  StatusOr<google::protobuf::Any> outcome = [&]() -> StatusOr<google::protobuf::Any> {
    if (operation.attempts > kMostAttempts) {
      return Internal("operation {} was begun {} times and never came to its end", operation.id,
                      kMostAttempts);
    }
    if (operation.cancel_requested) return absl::CancelledError("canceled by a person");
    JobContext context(parts_, operation, taken.lease, stop);
    return jobs_.at(operation.method)(context);
  }();
  {
    const std::lock_guard lock(mutex_);
    at_work_.reset();
  }
  const bool again = !outcome.ok() && IsOfEnvironment(outcome.status()) &&
                     (stop.stop_requested() || operation.attempts < kMostAttempts);
  const Status written = again ? PutBack(operation, taken.lease, stop.stop_requested())
                               : End(operation, taken.lease, outcome);
  if (!outcome.ok()) {
    LogWarning("operation did not succeed",
               {{"operation", operation.id}, {"again", again}, {"status", outcome.status()}});
  }
  // Another one has it, or will have it when the lease ends.
  if (!written.ok()) {
    LogWarning("end of operation not written", {{"operation", operation.id}, {"status", written}});
  }
}

Status OperationWorker::PutBack(Operation operation, const Lease& lease, bool stopped) {
  const std::int64_t pause = stopped ? 0 : kPauseMicros * operation.attempts;
  operation.state = OperationState::kWaiting;
  if (stopped) --operation.attempts;
  return lease.Ending(parts_.database).Transact([&](pg::Transaction& tx) -> Status {
    SetWaitingOrRunning(tx, parts_.payer, operation,
                        Instant::FromMicros(parts_.clock.Now().Micros() + pause));
    return OkStatus();
  });
}

Status OperationWorker::End(Operation operation, const Lease& lease,
                            const StatusOr<google::protobuf::Any>& outcome) {
  const Status& status = outcome.status();
  AuditEvent event{.payer = parts_.payer,
                   .event_id = parts_.ids.NextValue(),
                   .recorded_at = parts_.clock.Now(),
                   .actor = operation.actor.user,
                   .method = operation.method,
                   .resource = operation.target,
                   .reason = fmt::format("operation {} ended: {}", operation.id,
                                         status.ok() ? "done" : StatusMessage(status))};
  if (status.ok()) {
    operation.state = OperationState::kSucceeded;
    operation.result = outcome->SerializeAsString();
    event.after = ResourceHash(*outcome);
  } else {
    operation.state = status.code() == absl::StatusCode::kCancelled ? OperationState::kCanceled
                                                                    : OperationState::kFailed;
    operation.result = ShownStatus(status, operation.id.ToString()).SerializeAsString();
  }
  operation.ended_at = parts_.clock.Now();
  return lease.Ending(parts_.database).Transact([&](pg::Transaction& tx) -> Status {
    if (!LockOperation(tx, parts_.payer, operation.id)) return Aborted("it is not there");
    SetEnded(tx, parts_.payer, operation);
    InsertAuditEvent(tx, event);
    return OkStatus();
  });
}

OperationWorkers::OperationWorkers(const WorkerParts& parts, const Jobs& jobs, Options options)
    : options_(options), renew_every_(std::chrono::milliseconds(parts.lease.length) / 4) {
  for (int i = 0; i < options_.threads; ++i) {
    WorkerParts own = parts;
    own.lease.holder += fmt::format("/{}", i + 1);
    workers_.push_back(std::make_unique<OperationWorker>(std::move(own), jobs));
  }
  for (const auto& worker : workers_) {
    threads_.emplace_back(
        [this, &worker = *worker](const std::stop_token& stop) { Run(worker, stop); });
  }
  threads_.emplace_back([this](const std::stop_token& stop) { Renew(stop); });
}

OperationWorkers::~OperationWorkers() {
  for (std::jthread& thread : threads_) {
    if (&thread != &threads_.back()) thread.request_stop();
  }
  for (std::jthread& thread : threads_) {
    // Leases are renewed until nobody works any more.
    if (&thread == &threads_.back()) thread.request_stop();
    thread.join();
  }
}

void OperationWorkers::Run(OperationWorker& worker, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const StatusOr<bool> worked = worker.RunOne(stop);
    if (!worked.ok()) LogError("operations not looked for", {{"status", worked.status()}});
    if (!worked.ok() || !*worked) Pause(stop, options_.look_every);
  }
}

void OperationWorkers::Renew(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    for (const auto& worker : workers_) worker->RenewLease();
    Pause(stop, renew_every_);
  }
}

void OperationWorkers::Pause(const std::stop_token& stop, std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace sluice::api
