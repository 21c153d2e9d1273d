#include "api/handlers/episode_list_store.h"

#include <array>

#include "api/listing/filter_store.h"

namespace sluice::api {
namespace {

using performance::EpisodeId;
using performance::EpisodeRow;
using performance::EpisodeStatus;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kStates = {{
    {"ACCEPTED", 1},
    {"SERVICES_RENDERED", 2},
    {"DISPOSAL", 3},
    {"PAYMENT", 4},
    {"COMPLETED", 5},
}};

const std::array kFields = {
    ListField{.name = "contract",
              .type = FieldType::kId,
              .column = "r.contract_id",
              .prefix = ContractTag::kPrefix},
    ListField{.name = "state",
              .type = FieldType::kEnum,
              .column = "r.status",
              .names = kStates,
              .sortable = true},
    ListField{.name = "type", .type = FieldType::kText, .column = "r.episode_type"},
    ListField{
        .name = "opened_on", .type = FieldType::kDate, .column = "r.opened_on", .sortable = true},
    ListField{
        .name = "patient", .type = FieldType::kText, .column = "r.patient_name", .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.episode_id",
              .prefix = performance::EpisodeTag::kPrefix,
              .sortable = true},
};

const std::array kTypeFields = {
    ListField{.name = "code", .type = FieldType::kText, .column = "r.code", .sortable = true},
};

// What both statements are about.
constexpr char kEpisodes[] = R"sql(
    SELECT e.contract_id, e.episode_id, e.episode_type, e.opened_on, e.patient_name,
      e.patient_number, e.member_id, e.member_number, e.anchor_claim, p.name AS payer_name,
      (SELECT max(s.status)
       FROM performance.episode_status AS s
       WHERE s.contract_id = e.contract_id AND s.episode_id = e.episode_id) AS status
    FROM performance.episode AS e
    JOIN performance.contract AS c ON c.contract_id = e.contract_id
    JOIN core.payer AS p ON p.payer_id = c.payer_id
    WHERE $1::bigint[] IS NULL OR c.party_id = ANY ($1))sql";

constexpr char kTypesSql[] = R"sql(
  SELECT r.code, r.name, r.active
  FROM (
    SELECT DISTINCT ON (t.code) t.code, t.name, t.active
    FROM performance.episode_type AS t
    WHERE t.payer_id = $1
    ORDER BY t.code, t.recorded_at DESC
  ) AS r
  WHERE TRUE)sql";

}  // namespace

std::span<const ListField> EpisodeFields() { return kFields; }

EpisodePage LoadEpisodePage(pg::Transaction& tx, const EpisodeParties& parties,
                            const ListPage& page) {
  const pg::Result rows =
      page.Run(tx,
               fmt::format("SELECT r.contract_id, r.episode_id, r.episode_type, r.opened_on, "
                           "r.patient_name, r.patient_number, r.member_id, r.member_number, "
                           "r.anchor_claim, r.payer_name, r.status FROM ({}) AS r WHERE TRUE",
                           kEpisodes),
               {pg::Encode(parties)});
  EpisodePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    const pg::Row row = rows[i];
    loaded.episodes.push_back({.episode = {.contract = row.Get<ContractId>(0),
                                           .id = row.Get<EpisodeId>(1),
                                           .type = row.Get<std::string>(2),
                                           .opened_on = row.Get<Date>(3),
                                           .patient_name = row.Get<std::string>(4),
                                           .patient_number = row.Get<std::string>(5),
                                           .member_id = row.Get<std::int64_t>(6),
                                           .member_number = row.Get<std::string>(7),
                                           .anchor_claim = row.Get<std::string>(8)},
                               .payer = row.Get<std::string>(9),
                               .status = static_cast<EpisodeStatus>(row.Get<std::int16_t>(10))});
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const EpisodeRow& last = loaded.episodes.back();
    if (field == "opened_on") return last.episode.opened_on;
    if (field == "patient") return last.episode.patient_name;
    if (field == "state") return static_cast<std::int64_t>(last.status);
    return last.episode.id.Value();
  });
  return loaded;
}

std::vector<performance::EpisodeCount> CountEpisodesBy(pg::Transaction& tx,
                                                       const EpisodeParties& parties,
                                                       const Filter& filter) {
  const FilterSql condition = ConditionOf(filter, 2);
  std::vector<pg::EncodedValue> values = {pg::Encode(parties)};
  for (const FilterValue& value : condition.values) {
    values.push_back(std::visit([](const auto& held) { return pg::Encode(held); }, value));
  }
  const pg::Result rows = tx.QueryOnce(
      fmt::format("SELECT r.episode_type, r.status, count(*) FROM ({}) AS r WHERE {} "
                  "GROUP BY r.episode_type, r.status ORDER BY r.episode_type, r.status",
                  kEpisodes, condition.text),
      values);
  std::vector<performance::EpisodeCount> counts;
  for (int i = 0; i < rows.Size(); ++i) {
    counts.push_back({.type = rows[i].Get<std::string>(0),
                      .status = static_cast<EpisodeStatus>(rows[i].Get<std::int16_t>(1)),
                      .count = rows[i].Get<std::int64_t>(2)});
  }
  return counts;
}

std::span<const ListField> EpisodeTypeFields() { return kTypeFields; }

EpisodeTypePage LoadEpisodeTypePage(pg::Transaction& tx, PayerId payer, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kTypesSql, {pg::Encode(payer)});
  EpisodeTypePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    loaded.types.push_back({.code = rows[i].Get<std::string>(0),
                            .name = rows[i].Get<std::string>(1),
                            .active = rows[i].Get<bool>(2)});
  }
  loaded.next_page_token = page.NextToken(
      rows, [&](std::string_view) -> FilterValue { return loaded.types.back().code; });
  return loaded;
}

}  // namespace sluice::api
