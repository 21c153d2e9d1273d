// Rows of leases. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::api {

// The fence of whoever has the lease now; none when nobody ever had it.
std::optional<std::int64_t> FindFence(pg::Transaction& tx, PayerId payer, const std::string& name);

struct LeaseClaim {
  PayerId payer;
  std::string name;
  std::string holder;
  Instant now;
  Instant until;
};
// The new fence; none while somebody has it.
std::optional<std::int64_t> TakeLease(pg::Transaction& tx, const LeaseClaim& claim);

// Lets the lease with this fence end then, and locks it until the transaction ends. False when
// somebody else took it.
bool SetLeaseEnd(pg::Transaction& tx, PayerId payer, const std::string& name, std::int64_t fence,
                 Instant end);

}  // namespace sluice::api
