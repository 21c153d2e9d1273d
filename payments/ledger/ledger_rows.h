// How the ledger's stores read what several of their statements select. Internal to them.
#pragma once

#include <optional>
#include <string>

#include "core/date.h"
#include "core/pg/database.h"
#include "payments/ledger/account.h"

namespace sluice::payments {

// Reads (class, owner_key) at `column`.
inline AccountKey KeyAt(const pg::Row& row, int column) {
  return AccountKey{static_cast<AccountClass>(row.Get<std::int16_t>(column)),
                    row.Get<std::string>(column + 1)};
}

// Reads the four counters from `column` on.
inline Counters CountersAt(const pg::Row& row, int column) {
  return Counters{row.Get<Money>(column), row.Get<Money>(column + 1), row.Get<Money>(column + 2),
                  row.Get<Money>(column + 3)};
}

inline std::optional<Instant> ExpiryAt(const pg::Row& row, int column) {
  const auto micros = row.Get<std::optional<std::int64_t>>(column);
  if (!micros) return std::nullopt;
  return Instant::FromMicros(*micros);
}

}  // namespace sluice::payments
