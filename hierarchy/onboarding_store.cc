#include "hierarchy/onboarding_store.h"

namespace sluice::hierarchy {
namespace {

constexpr pg::Query kLoad{"hierarchy_load_onboarding", R"sql(
  SELECT party_id, sequence, command, state, actor_id, reason, recorded_at
  FROM hierarchy.onboarding_event
  WHERE payer_id = $1 AND party_id = $2
  ORDER BY sequence
)sql"};

constexpr pg::Query kInsert{"hierarchy_insert_onboarding", R"sql(
  INSERT INTO hierarchy.onboarding_event
    (payer_id, party_id, sequence, command, state, actor_id, reason, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

constexpr pg::Query kNotActive{"hierarchy_parties_not_active", R"sql(
  SELECT e.party_id
  FROM (SELECT DISTINCT ON (party_id) party_id, state
        FROM hierarchy.onboarding_event
        WHERE payer_id = $1 AND party_id = ANY ($2::bigint[])
        ORDER BY party_id, sequence DESC) AS e
  WHERE e.state <> 5
)sql"};

constexpr pg::Query kWithCase{"hierarchy_parties_with_case", R"sql(
  SELECT DISTINCT party_id
  FROM hierarchy.onboarding_event
  WHERE payer_id = $1 AND party_id = ANY ($2::bigint[])
)sql"};

struct EventRow : OnboardingEvent {
  static EventRow FromRow(const pg::Row& row) {
    return {{.party = row.Get<PartyId>(0),
             .sequence = row.Get<std::int32_t>(1),
             .command = static_cast<OnboardingCommand>(row.Get<std::int16_t>(2)),
             .state = static_cast<OnboardingState>(row.Get<std::int16_t>(3)),
             .actor = row.Get<UserId>(4),
             .reason = row.Get<std::string>(5),
             .recorded_at = row.Get<Instant>(6)}};
  }
};

}  // namespace

std::vector<OnboardingEvent> LoadOnboarding(pg::Transaction& tx, PayerId payer, PartyId party) {
  const auto rows = tx.Query(kLoad, payer, party).All<EventRow>();
  return {rows.begin(), rows.end()};
}

void InsertOnboarding(pg::Transaction& tx, PayerId payer, const OnboardingEvent& event) {
  tx.Execute(kInsert, payer, event.party, event.sequence, static_cast<std::int16_t>(event.command),
             static_cast<std::int16_t>(event.state), event.actor, event.reason, event.recorded_at);
}

std::set<PartyId> PartiesNotActive(pg::Transaction& tx, PayerId payer,
                                   std::span<const PartyId> parties) {
  if (parties.empty()) return {};
  const std::vector<PartyId> ids(parties.begin(), parties.end());
  const auto found = tx.Query(kNotActive, payer, ids).All<PartyId>();
  return {found.begin(), found.end()};
}

std::set<PartyId> PartiesWithCase(pg::Transaction& tx, PayerId payer,
                                  std::span<const PartyId> parties) {
  if (parties.empty()) return {};
  const std::vector<PartyId> ids(parties.begin(), parties.end());
  const auto found = tx.Query(kWithCase, payer, ids).All<PartyId>();
  return {found.begin(), found.end()};
}

}  // namespace sluice::hierarchy
