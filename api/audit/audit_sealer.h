// A thread that seals a payer's audit log while a server runs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::api {

class AuditSealer {
 public:
  // Seals every so often, and once more when it ends. The clock outlives it.
  AuditSealer(pg::Database database, PayerId payer, Clock& clock, std::chrono::milliseconds every);
  ~AuditSealer();
  AuditSealer(const AuditSealer&) = delete;
  AuditSealer& operator=(const AuditSealer&) = delete;

 private:
  void Run(const std::stop_token& stop);
  void SealAll();

  pg::Database database_;
  PayerId payer_;
  Clock& clock_;
  std::chrono::milliseconds every_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace sluice::api
