#include "performance/recalculation/change_source_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/check.h"
#include "performance/recalculation/change_queries.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kFirstCalculation{"change_first_calculation", R"sql(
  SELECT min(known_at)
  FROM performance.award
  WHERE contract_id = ANY ($1)
)sql"};

constexpr pg::Query kListedMembers{"change_listed_members", R"sql(
  SELECT DISTINCT member_id, contract_id, valid_from, valid_to
  FROM performance.attribution_entry
  WHERE contract_id = ANY ($1)
    AND member_id = ANY ($2)
)sql"};

constexpr pg::Query kPanelMembers{"change_panel_members", R"sql(
  SELECT DISTINCT member_id, contract_id, valid_from, valid_to
  FROM performance.panel_span
  WHERE contract_id = ANY ($1)
    AND member_id = ANY ($2)
    AND NOT retracted
)sql"};

constexpr pg::Query kEpisodeMembers{"change_episode_members", R"sql(
  SELECT DISTINCT member_id, contract_id, opened_on, NULL::date
  FROM performance.episode
  WHERE contract_id = ANY ($1)
    AND member_id = ANY ($2)
)sql"};

constexpr pg::Query kParents{"change_parents", R"sql(
  SELECT DISTINCT s.parent_id
  FROM (
    SELECT DISTINCT ON (parent_id, child_id, role, valid_from)
      parent_id, valid_from, valid_to, withdrawn
    FROM hierarchy.affiliation
    WHERE payer_id = $1
      AND child_id = ANY ($2)
    ORDER BY parent_id, child_id, role, valid_from, change_number DESC) AS s
  WHERE NOT s.withdrawn
    AND ($4::date IS NULL OR s.valid_from < $4)
    AND (s.valid_to IS NULL OR s.valid_to > $3)
)sql"};

std::vector<ChangeQuery> ContractQueries() {
  std::vector<ChangeQuery> queries;
  for (const std::span<const ChangeQuery> part : {AwardInputQueries(), ContractDetailQueries()}) {
    queries.insert(queries.end(), part.begin(), part.end());
  }
  return queries;
}

pg::Query QueryOf(std::span<const ChangeQuery> queries, std::string_view source) {
  const auto found = std::ranges::find(queries, source, &ChangeQuery::source);
  CHECK(found != queries.end());
  return found->query;
}

std::vector<std::string_view> SourcesOf(std::span<const ChangeQuery> queries) {
  std::vector<std::string_view> sources;
  for (const ChangeQuery& query : queries) sources.push_back(query.source);
  return sources;
}

template <typename T>
std::optional<T> SetUnlessZero(T value) {
  if (value == T{}) return std::nullopt;
  return value;
}

std::vector<ChangeEvent> ReadEdits(const pg::Result& result, std::string_view source) {
  std::vector<ChangeEvent> events;
  events.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    ChangeEvent event;
    event.source = source;
    event.source_key = row.Get<std::string>(0);
    event.kind = static_cast<EditKind>(row.Get<std::int16_t>(1));
    event.contract = SetUnlessZero(row.Get<ContractId>(2));
    event.member = SetUnlessZero(row.Get<std::int64_t>(3));
    event.party = SetUnlessZero(row.Get<PartyId>(4));
    event.affected = {row.Get<Date>(5), row.Get<std::optional<Date>>(6)};
    event.recorded_at = row.Get<Instant>(7);
    event.cause = row.Get<std::string>(8);
    // A span that was withdrawn and given again with the same days changes none.
    if (!event.affected.IsEmpty()) events.push_back(std::move(event));
  }
  std::ranges::sort(events, {}, [](const ChangeEvent& event) {
    return std::tie(event.recorded_at, event.source_key);
  });
  return events;
}

}  // namespace

std::optional<Instant> FirstCalculation(pg::Transaction& tx,
                                        std::span<const ContractId> contracts) {
  return tx.Query(kFirstCalculation, contracts)[0].Get<std::optional<Instant>>(0);
}

const std::vector<std::string_view>& ContractSources() {
  static const std::vector<std::string_view> names = SourcesOf(ContractQueries());
  return names;
}

const std::vector<std::string_view>& MemberSources() {
  static const std::vector<std::string_view> names = SourcesOf(MemberQueries());
  return names;
}

const std::vector<std::string>& EngineFactSources() {
  static const std::vector<std::string> names = {
      // What engines record of their lines, and a run of what they lack.
      "activity run", "capitation run", "episode run", "measure results", "member cost",
      "deficit account", "activity", "capitation", "episode", "measure", "member_cost", "deficit",
      // What follows from deliveries. What follows from another award is an edit of this one.
      "data delivery", "data gates"};
  return names;
}

std::vector<ChangeEvent> FindContractEdits(pg::Transaction& tx, std::string_view source,
                                           const ScanWindow& window) {
  const pg::Query query = QueryOf(ContractQueries(), source);
  if (source == "fact") {
    return ReadEdits(tx.Query(query, window.after, window.until, EngineFactSources()), source);
  }
  return ReadEdits(tx.Query(query, window.after, window.until), source);
}

std::vector<ChangeEvent> FindMemberEdits(pg::Transaction& tx, std::string_view source,
                                         const ScanWindow& window) {
  const Instant after = std::max(window.after, window.first_calculation);
  return ReadEdits(tx.Query(QueryOf(MemberQueries(), source), window.payer, after, window.until),
                   source);
}

std::vector<ChangeEvent> FindHierarchyEdits(pg::Transaction& tx, PayerId payer, std::int64_t after,
                                            std::int64_t until) {
  std::vector<ChangeEvent> events;
  for (const ChangeQuery& edits : HierarchyQueries()) {
    for (ChangeEvent& event :
         ReadEdits(tx.Query(edits.query, payer, after, until), edits.source)) {
      events.push_back(std::move(event));
    }
  }
  return events;
}

std::vector<MemberContract> ContractsOfMembers(pg::Transaction& tx,
                                               std::span<const ContractId> contracts,
                                               std::span<const std::int64_t> members) {
  std::vector<MemberContract> found;
  if (contracts.empty() || members.empty()) return found;
  for (const pg::Query* query : {&kListedMembers, &kPanelMembers, &kEpisodeMembers}) {
    const pg::Result result = tx.Query(*query, contracts, members);
    for (int i = 0; i < result.Size(); ++i) {
      const pg::Row row = result[i];
      found.push_back({.member = row.Get<std::int64_t>(0),
                       .contract = row.Get<ContractId>(1),
                       .days = {row.Get<Date>(2), row.Get<std::optional<Date>>(3)}});
    }
  }
  std::ranges::sort(found, {}, [](const MemberContract& row) {
    return std::tie(row.member, row.contract, row.days.from);
  });
  return found;
}

std::set<PartyId> PartiesAbove(pg::Transaction& tx, PayerId payer, std::set<PartyId> parties,
                               const DateRange& days) {
  std::vector<PartyId> level(parties.begin(), parties.end());
  while (!level.empty()) {
    const pg::Result result = tx.Query(kParents, payer, level, days.from, days.to);
    level.clear();
    for (int i = 0; i < result.Size(); ++i) {
      const auto parent = result[i].Get<PartyId>(0);
      if (parties.insert(parent).second) level.push_back(parent);
    }
  }
  return parties;
}

}  // namespace sluice::performance
