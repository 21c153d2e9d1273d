// Rows of second factors. No rules.
#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::api {

struct FactorRow {
  std::optional<Bytes> sealed;  // unset: no code is asked for
  std::int64_t last_step = 0;
  std::optional<Bytes> pending_sealed;
  std::optional<Instant> pending_at;
};

// Locks the row: a code is taken once.
std::optional<FactorRow> LockFactor(pg::Transaction& tx, PayerId payer, UserId user);
void StoreLastStep(pg::Transaction& tx, PayerId payer, UserId user, std::int64_t step);
// Beside the factor there is; takes the place of a pending one.
void StorePendingFactor(pg::Transaction& tx, PayerId payer, UserId user, const Bytes& sealed,
                        Instant at);
// The pending one becomes the factor, whose first code was of `step`.
void ConfirmFactor(pg::Transaction& tx, PayerId payer, UserId user, std::int64_t step, Instant at);
// Leaves the account without a factor. False when it had none.
bool RemoveFactor(pg::Transaction& tx, PayerId payer, UserId user);

}  // namespace sluice::api
