#include "api/operations/lease.h"

#include <utility>

#include "api/operations/lease_store.h"

namespace sluice::api {
namespace {

Instant After(Instant now, std::chrono::seconds wait) {
  return Instant::FromMicros(now.Micros() + std::chrono::microseconds(wait).count());
}

Status TakenOver(const std::string& name) {
  return Aborted("the lease {} was taken over by somebody else", name);
}

}  // namespace

std::optional<Lease> Lease::Take(pg::Transaction& tx, PayerId payer, const std::string& name,
                                 const LeaseTerms& terms, Clock& clock) {
  const Instant now = clock.Now();
  const auto fence = TakeLease(tx, {.payer = payer,
                                    .name = name,
                                    .holder = terms.holder,
                                    .now = now,
                                    .until = After(now, terms.length)});
  if (!fence) return std::nullopt;
  return Lease(payer, name, *fence, terms.length, clock);
}

pg::Database Lease::Fenced(const pg::Database& database) const { return Around(database, length_); }

pg::Database Lease::Ending(const pg::Database& database) const {
  return Around(database, std::chrono::seconds(0));
}

Status Lease::Renew(const pg::Database& database) const {
  return Fenced(database).Transact([](pg::Transaction&) -> Status { return OkStatus(); });
}

pg::Database Lease::Around(const pg::Database& database, std::chrono::seconds prolong) const {
  return database.ForPayer(payer_).Within(
      {.before = [lease = *this](pg::Transaction& tx) -> Status {
         const auto fence = FindFence(tx, lease.payer_, lease.name_);
         return fence == lease.fence_ ? OkStatus() : TakenOver(lease.name_);
       },
       .after = [lease = *this, prolong](pg::Transaction& tx) -> Status {
         const Instant end = After(lease.clock_->Now(), prolong);
         return SetLeaseEnd(tx, lease.payer_, lease.name_, lease.fence_, end)
                    ? OkStatus()
                    : TakenOver(lease.name_);
       }});
}

}  // namespace sluice::api
