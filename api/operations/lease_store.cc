#include "api/operations/lease_store.h"

namespace sluice::api {
namespace {

constexpr pg::Query kFindFence{"core_find_fence", R"sql(
  SELECT fence
  FROM core.lease
  WHERE payer_id = $1 AND name = $2
)sql"};

constexpr pg::Query kTakeLease{"core_take_lease", R"sql(
  INSERT INTO core.lease (payer_id, name, holder, fence, expires_at)
  VALUES ($1, $2, $3, 1, $5)
  ON CONFLICT (payer_id, name) DO UPDATE
  SET holder = EXCLUDED.holder, fence = core.lease.fence + 1, expires_at = EXCLUDED.expires_at
  WHERE core.lease.expires_at <= $4
  RETURNING fence
)sql"};

constexpr pg::Query kSetLeaseEnd{"core_set_lease_end", R"sql(
  UPDATE core.lease
  SET expires_at = $4
  WHERE payer_id = $1 AND name = $2 AND fence = $3
)sql"};

}  // namespace

std::optional<std::int64_t> FindFence(pg::Transaction& tx, PayerId payer, const std::string& name) {
  return tx.Query(kFindFence, payer, name).OneOrNone<std::int64_t>();
}

std::optional<std::int64_t> TakeLease(pg::Transaction& tx, const LeaseClaim& claim) {
  return tx.Query(kTakeLease, claim.payer, claim.name, claim.holder, claim.now, claim.until)
      .OneOrNone<std::int64_t>();
}

bool SetLeaseEnd(pg::Transaction& tx, PayerId payer, const std::string& name, std::int64_t fence,
                 Instant end) {
  return tx.Execute(kSetLeaseEnd, payer, name, fence, end) == 1;
}

}  // namespace sluice::api
