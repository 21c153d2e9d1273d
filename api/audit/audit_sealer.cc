#include "api/audit/audit_sealer.h"

#include "api/audit/audit_log.h"
#include "core/log.h"

namespace sluice::api {

AuditSealer::AuditSealer(pg::Database database, PayerId payer, Clock& clock,
                         std::chrono::milliseconds every)
    : database_(std::move(database)),
      payer_(payer),
      clock_(clock),
      every_(every),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

AuditSealer::~AuditSealer() {
  thread_.request_stop();
  thread_.join();
  SealAll();
}

void AuditSealer::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    SealAll();
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, every_, [] { return false; });
  }
}

// What cannot be sealed now is sealed the next time; the log tells of it.
void AuditSealer::SealAll() {
  for (;;) {
    const StatusOr<std::int64_t> sealed = SealAuditLog(database_, payer_, clock_.Now());
    if (!sealed.ok()) {
      LogError("audit log not sealed", {{"status", StatusMessage(sealed.status())}});
      return;
    }
    if (*sealed == 0) return;
  }
}

}  // namespace sluice::api
