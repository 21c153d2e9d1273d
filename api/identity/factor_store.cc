#include "api/identity/factor_store.h"

namespace sluice::api {
namespace {

constexpr pg::Query kLockFactor{"core_lock_user_factor", R"sql(
  SELECT sealed, last_step, pending_sealed, pending_at
  FROM core.user_factor
  WHERE payer_id = $1 AND user_id = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kStoreLastStep{"core_store_factor_step", R"sql(
  UPDATE core.user_factor
  SET last_step = $3
  WHERE payer_id = $1 AND user_id = $2
)sql"};

constexpr pg::Query kStorePendingFactor{"core_store_pending_factor", R"sql(
  INSERT INTO core.user_factor (payer_id, user_id, sealed, confirmed_at, last_step, pending_sealed,
    pending_at)
  VALUES ($1, $2, NULL, NULL, 0, $3, $4)
  ON CONFLICT (payer_id, user_id) DO UPDATE
  SET pending_sealed = EXCLUDED.pending_sealed, pending_at = EXCLUDED.pending_at
)sql"};

constexpr pg::Query kConfirmFactor{"core_confirm_factor", R"sql(
  UPDATE core.user_factor
  SET sealed = pending_sealed, confirmed_at = $4, last_step = $3, pending_sealed = NULL,
    pending_at = NULL
  WHERE payer_id = $1 AND user_id = $2 AND pending_sealed IS NOT NULL
)sql"};

constexpr pg::Query kRemoveFactor{"core_remove_factor", R"sql(
  UPDATE core.user_factor
  SET sealed = NULL, confirmed_at = NULL, last_step = 0, pending_sealed = NULL, pending_at = NULL
  WHERE payer_id = $1 AND user_id = $2 AND (sealed IS NOT NULL OR pending_sealed IS NOT NULL)
)sql"};

}  // namespace

std::optional<FactorRow> LockFactor(pg::Transaction& tx, PayerId payer, UserId user) {
  const pg::Result result = tx.Query(kLockFactor, payer, user);
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return FactorRow{.sealed = row.Get<std::optional<Bytes>>(0),
                   .last_step = row.Get<std::int64_t>(1),
                   .pending_sealed = row.Get<std::optional<Bytes>>(2),
                   .pending_at = row.Get<std::optional<Instant>>(3)};
}

void StoreLastStep(pg::Transaction& tx, PayerId payer, UserId user, std::int64_t step) {
  tx.Execute(kStoreLastStep, payer, user, step);
}

void StorePendingFactor(pg::Transaction& tx, PayerId payer, UserId user, const Bytes& sealed,
                        Instant at) {
  tx.Execute(kStorePendingFactor, payer, user, sealed, at);
}

void ConfirmFactor(pg::Transaction& tx, PayerId payer, UserId user, std::int64_t step, Instant at) {
  tx.Execute(kConfirmFactor, payer, user, step, at);
}

bool RemoveFactor(pg::Transaction& tx, PayerId payer, UserId user) {
  return tx.Execute(kRemoveFactor, payer, user) == 1;
}

}  // namespace sluice::api
