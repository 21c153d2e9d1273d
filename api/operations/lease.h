// A lease: somebody works on something, until they give it back or it ends.
//
//   1. Each taking raises the fence. What the holder writes goes through Fenced(), which asks for
//      the fence inside every writing transaction, at its beginning and again, locked, at its end:
//      whoever was paused and comes back after another took the lease changes nothing (Aborted).
//   2. Every write prolongs the lease. Renew() does it while nothing is written.
//   3. A lease that ended and that nobody took is still its holder's.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::api {

// How leases are taken: by whom, and for how long at a time.
struct LeaseTerms {
  std::string holder;  // for people who look: "server-1/4711"
  std::chrono::seconds length{60};
};

class Lease {
 public:
  // Takes it inside a transaction; none while somebody has it. The clock outlives the lease.
  static std::optional<Lease> Take(pg::Transaction& tx, PayerId payer, const std::string& name,
                                   const LeaseTerms& terms, Clock& clock);

  // The database for everything that the holder writes.
  pg::Database Fenced(const pg::Database& database) const;
  // Aborted when somebody else took it.
  Status Renew(const pg::Database& database) const;
  // The same as Fenced() for the last write: its transaction gives the lease back.
  pg::Database Ending(const pg::Database& database) const;

 private:
  Lease(PayerId payer, std::string name, std::int64_t fence, std::chrono::seconds length,
        Clock& clock)
      : payer_(payer), name_(std::move(name)), fence_(fence), length_(length), clock_(&clock) {}
  pg::Database Around(const pg::Database& database, std::chrono::seconds prolong) const;

  PayerId payer_;
  std::string name_;
  std::int64_t fence_;
  std::chrono::seconds length_;
  Clock* clock_;
};

}  // namespace sluice::api
