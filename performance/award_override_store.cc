#include "core/check.h"
#include "performance/award_override.h"

namespace sluice::performance {
namespace {

// Of an approved override the approver; the step after it, if there is one, withdraws it.
constexpr pg::Query kInEffect{"override_in_effect", R"sql(
  SELECT DISTINCT ON (o.contract_id, o.party_id, o.under_id)
    o.contract_id, o.override_id, o.party_id, o.under_id, o.amount_cents, o.reason, o.author_id,
    a.actor_id
  FROM performance.award_override AS o
  JOIN performance.award_override_step AS a
    ON a.contract_id = o.contract_id
    AND a.override_id = o.override_id
    AND a.step = 1
    AND a.at <= $4
  WHERE o.contract_id = ANY ($1)
    AND o.period_from = $2
    AND o.period_to = $3
    AND NOT EXISTS (
      SELECT 1
      FROM performance.award_override_step AS w
      WHERE w.contract_id = o.contract_id
        AND w.override_id = o.override_id
        AND w.step = 3
        AND w.at <= $4)
  ORDER BY o.contract_id, o.party_id, o.under_id, a.at DESC, o.override_id DESC
)sql"};

}  // namespace

std::map<ContractId, std::vector<OverrideInEffect>> OverridesInEffect(
    pg::Transaction& tx, std::span<const ContractId> contracts, const DateRange& period,
    Instant known_at) {
  CHECK(period.to.has_value());
  std::map<ContractId, std::vector<OverrideInEffect>> overrides;
  const pg::Result result = tx.Query(kInEffect, contracts, period.from, *period.to, known_at);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    overrides[row.Get<ContractId>(0)].push_back({.id = row.Get<OverrideId>(1),
                                                 .party = row.Get<PartyId>(2),
                                                 .under = row.Get<PartyId>(3),
                                                 .amount = row.Get<Money>(4),
                                                 .reason = row.Get<std::string>(5),
                                                 .author = row.Get<UserId>(6),
                                                 .approver = row.Get<UserId>(7)});
  }
  return overrides;
}

}  // namespace sluice::performance
