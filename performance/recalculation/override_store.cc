#include "performance/recalculation/override_store.h"

#include <map>

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kInsert{"override_insert", R"sql(
  INSERT INTO performance.award_override (contract_id, override_id, period_from, period_to,
    party_id, under_id, calculated_cents, amount_cents, reason, author_id, proposed_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql"};

constexpr pg::Query kInsertStep{"override_insert_step", R"sql(
  INSERT INTO performance.award_override_step (contract_id, override_id, sequence, step, actor_id,
    reason, at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql"};

constexpr pg::Query kFind{"override_find", R"sql(
  SELECT override_id, period_from, period_to, party_id, under_id, calculated_cents, amount_cents,
    reason, author_id, proposed_at
  FROM performance.award_override
  WHERE contract_id = $1
    AND override_id = $2
)sql"};

constexpr pg::Query kList{"override_list", R"sql(
  SELECT override_id, period_from, period_to, party_id, under_id, calculated_cents, amount_cents,
    reason, author_id, proposed_at
  FROM performance.award_override
  WHERE contract_id = $1
    AND period_from = $2
    AND period_to = $3
  ORDER BY override_id
)sql"};

constexpr pg::Query kSteps{"override_steps", R"sql(
  SELECT override_id, step, actor_id, reason, at
  FROM performance.award_override_step
  WHERE contract_id = $1
    AND override_id = ANY ($2)
  ORDER BY override_id, sequence
)sql"};

std::vector<AwardOverride> ReadOverrides(pg::Transaction& tx, ContractId contract,
                                         const pg::Result& result) {
  std::vector<AwardOverride> entries;
  std::map<OverrideId, std::size_t> place;
  std::vector<OverrideId> ids;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    entries.push_back({.id = row.Get<OverrideId>(0),
                       .contract = contract,
                       .period = {row.Get<Date>(1), row.Get<Date>(2)},
                       .party = row.Get<PartyId>(3),
                       .under = row.Get<PartyId>(4),
                       .calculated = row.Get<Money>(5),
                       .amount = row.Get<Money>(6),
                       .reason = row.Get<std::string>(7),
                       .author = row.Get<UserId>(8),
                       .proposed_at = row.Get<Instant>(9)});
    place[entries.back().id] = entries.size() - 1;
    ids.push_back(entries.back().id);
  }
  const pg::Result steps = tx.Query(kSteps, contract, ids);
  for (int i = 0; i < steps.Size(); ++i) {
    const pg::Row row = steps[i];
    entries[place.at(row.Get<OverrideId>(0))].steps.push_back(
        {.move = static_cast<OverrideMove>(row.Get<std::int16_t>(1)),
         .actor = row.Get<UserId>(2),
         .reason = row.Get<std::string>(3),
         .at = row.Get<Instant>(4)});
  }
  return entries;
}

}  // namespace

void InsertAwardOverride(pg::Transaction& tx, const AwardOverride& entry) {
  CHECK(entry.period.to.has_value());
  tx.Execute(kInsert, entry.contract, entry.id, entry.period.from, *entry.period.to, entry.party,
             entry.under, entry.calculated, entry.amount, entry.reason, entry.author,
             entry.proposed_at);
}

void InsertOverrideStep(pg::Transaction& tx, const AwardOverride& entry) {
  CHECK(!entry.steps.empty());
  const OverrideStep& step = entry.steps.back();
  tx.Execute(kInsertStep, entry.contract, entry.id, static_cast<std::int16_t>(entry.steps.size()),
             static_cast<std::int16_t>(step.move), step.actor, step.reason, step.at);
}

std::optional<AwardOverride> FindAwardOverride(pg::Transaction& tx, ContractId contract,
                                               OverrideId id) {
  std::vector<AwardOverride> found = ReadOverrides(tx, contract, tx.Query(kFind, contract, id));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<AwardOverride> OverridesOf(pg::Transaction& tx, ContractId contract,
                                       const DateRange& period) {
  CHECK(period.to.has_value());
  return ReadOverrides(tx, contract, tx.Query(kList, contract, period.from, *period.to));
}

}  // namespace sluice::performance
