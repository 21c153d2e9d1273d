// What servers do by themselves, every so often, one of them at a time.
//
//   1. A round is taken with a lease: of several servers one does it, and none does it again before
//      the time between two rounds is over. One that stopped in the middle is followed by another.
//   2. The work writes through the database that it is given, which is behind the lease.
//   3. A round that fails is in the log, and the next one comes at its time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "api/operations/lease.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::api {

class Schedule {
 public:
  struct Parts {
    pg::Database database;  // of the service's role
    PayerId payer;
    sluice::Clock& clock;
    std::string name;    // "cycles"
    std::string holder;  // for people who look: "server-1/4711"
    std::chrono::seconds every{60};
    std::function<Status(const pg::Database&)> work;
  };
  explicit Schedule(Parts parts) : parts_(std::move(parts)) {}

  // Does the round, when it is due and nobody else does it. False when there was nothing to do.
  StatusOr<bool> RunIfDue();
  const std::string& Name() const { return parts_.name; }

 private:
  Parts parts_;
};

// Threads that keep schedules while a server runs.
class Schedules {
 public:
  Schedules(std::vector<Schedule> schedules, std::chrono::milliseconds look_every);
  // Waits for a round that runs.
  ~Schedules();
  Schedules(const Schedules&) = delete;
  Schedules& operator=(const Schedules&) = delete;

 private:
  void Run(Schedule& schedule, const std::stop_token& stop);

  std::vector<Schedule> schedules_;
  std::chrono::milliseconds look_every_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::vector<std::jthread> threads_;  // last: they end before what they use
};

}  // namespace sluice::api
