// Works on operations, of which several servers on one database take theirs.
//
//   1. An operation is taken with a lease on its job. Everything that its work writes goes through
//      the lease, so that whoever was paused and comes back late changes nothing.
//   2. A server that stops loses nothing: its operations are taken by another one when the lease
//   has
//      ended, at once when it could give them back. Jobs are made to be begun again.
//   3. What the environment refused (Unavailable, Aborted) is tried again later, a few times.
//      Anything else is the end of the operation, and is kept as its error.
//   4. How it ended is written with its audit event, in one transaction.
#pragma once

#include <google/protobuf/any.pb.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "api/operations/lease.h"
#include "api/operations/operation.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::api {

struct WorkerParts {
  pg::Database database;  // of the service's role
  PayerId payer;
  sluice::Clock& clock;
  IdGenerator& ids;
  LeaseTerms lease = {};
};

// One operation at work, as its job sees it.
class JobContext {
 public:
  JobContext(const WorkerParts& parts, api::Operation& operation, Lease lease,
             std::stop_token stop);

  const api::Operation& Operation() const { return operation_; }
  PayerId Payer() const { return parts_.payer; }
  payments::Actor Actor() const { return operation_.actor; }
  // Acts for the payer as the person, behind the fence: the only database that the job may write
  // to.
  const pg::Database& Database() const { return database_; }
  sluice::Clock& Clock() const { return parts_.clock; }
  IdGenerator& Ids() const { return parts_.ids; }
  // The request of the operation. Internal when it is of another type.
  template <typename Request>
  StatusOr<Request> ReadRequest() const {
    Request request;
    if (!request.ParseFromString(operation_.request)) {
      return Internal("the request of operation {} cannot be read", operation_.id);
    }
    return request;
  }

  // Says how far the work is, and whether it goes on: Cancelled when somebody asked to stop it,
  // Unavailable when the server stops, Aborted when another one took the operation. Stored at most
  // once a second within a phase.
  Status Report(std::string_view phase, std::int64_t done = 0, std::int64_t total = 0);
  // Whether it goes on, without a word: for work that must not be canceled, only stopped.
  Status GoOn() const;

 private:
  friend class OperationWorker;

  const WorkerParts& parts_;
  api::Operation& operation_;
  Lease lease_;
  std::stop_token stop_;
  pg::Database database_;
  std::chrono::steady_clock::time_point reported_;
};

using Job = std::function<StatusOr<google::protobuf::Any>(JobContext&)>;
// By the method that began the operation: "sluice.payments.v1.RunService/CalculateRun".
using Jobs = std::map<std::string, Job>;

class OperationWorker {
 public:
  // What it refers to outlives it.
  OperationWorker(WorkerParts parts, Jobs jobs);

  // Takes the oldest operation that is due, and works on it until its end or until `stop`. False
  // when there was none.
  StatusOr<bool> RunOne(std::stop_token stop = {});
  // Keeps the lease of what is at work; called now and then by another thread.
  void RenewLease();

 private:
  struct Taken {
    Operation operation;
    Lease lease;
  };
  StatusOr<std::optional<Taken>> TakeOne();
  void Work(Taken taken, const std::stop_token& stop);
  Status PutBack(Operation operation, const Lease& lease, bool stopped);
  Status End(Operation operation, const Lease& lease,
             const StatusOr<google::protobuf::Any>& outcome);

  WorkerParts parts_;
  Jobs jobs_;
  std::vector<std::string> methods_;
  std::mutex mutex_;
  std::optional<Lease> at_work_;  // guarded by mutex_
};

// Threads that work on operations while a server runs.
class OperationWorkers {
 public:
  struct Options {
    int threads = 2;
    std::chrono::milliseconds look_every{500};
  };
  OperationWorkers(const WorkerParts& parts, const Jobs& jobs, Options options);
  // Ends what is at work at its next safe point; others go on with it.
  ~OperationWorkers();
  OperationWorkers(const OperationWorkers&) = delete;
  OperationWorkers& operator=(const OperationWorkers&) = delete;

 private:
  void Run(OperationWorker& worker, const std::stop_token& stop);
  void Renew(const std::stop_token& stop);
  void Pause(const std::stop_token& stop, std::chrono::milliseconds time);

  Options options_;
  std::chrono::milliseconds renew_every_;
  std::vector<std::unique_ptr<OperationWorker>> workers_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::vector<std::jthread> threads_;  // last: they end before what they use
};

}  // namespace sluice::api
