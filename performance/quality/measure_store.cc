#include "performance/quality/measure_store.h"

#include <fmt/format.h>

#include <string>

#include "core/check.h"
#include "performance/key_walk_store.h"

namespace sluice::performance {
namespace {

// COPY takes no parameters: what was asked for is written into the text. The order is that of the
// primary key: the server walks it and sorts nothing.
constexpr std::string_view kResults = R"sql(
  COPY (
    SELECT contract_id, member_id, measure_id, met
    FROM performance.member_measure
    WHERE contract_id = ANY ('{{{0}}}'::bigint[])
      AND period_from = '{1}'::date
      AND recorded_at <= '{2}'::timestamptz
    ORDER BY contract_id, period_from, member_id, measure_id, recorded_at
  ) TO STDOUT (FORMAT binary)
)sql";

pg::CopyReader OpenCopy(pg::Transaction& tx, std::span<const ContractId> contracts,
                        Date period_from, Instant known_at) {
  CHECK(!contracts.empty());
  WalkKeys(tx);
  std::string ids;
  for (const ContractId contract : contracts) {
    ids += fmt::format("{}{}", ids.empty() ? "" : ",", contract.Value());
  }
  const std::string text = fmt::format(kResults, ids, FormatDate(period_from), known_at.ToString());
  return tx.CopyOut<ContractId, std::int64_t, std::string_view, std::optional<bool>>(
      pg::Query{"measure_results", text.c_str()});
}

}  // namespace

MeasureStream::MeasureStream(pg::Transaction& tx, std::span<const ContractId> contracts,
                             Date period_from, Instant known_at)
    : reader_(OpenCopy(tx, contracts, period_from, known_at)) {}

}  // namespace sluice::performance
