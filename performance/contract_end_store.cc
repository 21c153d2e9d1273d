#include "performance/contract_end_store.h"

namespace sluice::performance {
namespace {

// States of performance.contract_move: 6 active, 7 settled, 8 renewed, 9 ended. A version that is
// given up before it was active ends nothing.
constexpr pg::Query kEnds{"contract_ends", R"sql(
  SELECT latest.contract_id, latest.to_state, latest.effective_on
  FROM (
    SELECT DISTINCT ON (contract_id) contract_id, to_state, effective_on
    FROM performance.contract_move
    WHERE contract_id = ANY ($1)
      AND moved_at <= $2
      AND (to_state = 6 OR (to_state IN (7, 8, 9) AND from_state IN (6, 7)))
    ORDER BY contract_id, move_number DESC
  ) AS latest
  WHERE latest.to_state <> 6
)sql"};

std::string StateName(std::int16_t state) {
  if (state == 7) return "settled";
  return state == 8 ? "renewed" : "ended";
}

}  // namespace

std::map<ContractId, ContractEnd> ContractEnds(pg::Transaction& tx,
                                               std::span<const ContractId> contracts,
                                               Instant known_at) {
  std::map<ContractId, ContractEnd> ends;
  const pg::Result result = tx.Query(kEnds, contracts, known_at);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    ends.emplace(row.Get<ContractId>(0), ContractEnd{.until = row.Get<Date>(2),
                                                     .state = StateName(row.Get<std::int16_t>(1))});
  }
  return ends;
}

}  // namespace sluice::performance
