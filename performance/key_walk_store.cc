#include "performance/key_walk_store.h"

namespace sluice::performance {
namespace {

// The third argument makes each setting end with the transaction.
constexpr pg::Query kWalkKeys{"walk_keys", R"sql(
  SELECT set_config('enable_seqscan', 'off', true),
         set_config('enable_bitmapscan', 'off', true),
         set_config('max_parallel_workers_per_gather', '0', true)
)sql"};

}  // namespace

void WalkKeys(pg::Transaction& tx) { tx.Query(kWalkKeys); }

}  // namespace sluice::performance
