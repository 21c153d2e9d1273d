#include "api/handlers/override_list_store.h"

#include <array>

namespace sluice::api {
namespace {

using performance::OverrideId;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kStates = {{
    {"PROPOSED", 0},
    {"IN_EFFECT", 1},
    {"REJECTED", 2},
    {"WITHDRAWN", 3},
}};

const std::array kFields = {
    ListField{.name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kStates},
    ListField{.name = "party",
              .type = FieldType::kId,
              .column = "r.party_id",
              .prefix = PartyTag::kPrefix},
    ListField{.name = "period_from", .type = FieldType::kDate, .column = "r.period_from"},
    ListField{.name = "create_time",
              .type = FieldType::kInstant,
              .column = "r.proposed_at",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.override_id",
              .prefix = performance::OverrideTag::kPrefix,
              .sortable = true},
};

// Its last step is where it stands.
constexpr char kOverridesSql[] = R"sql(
  SELECT r.override_id, r.proposed_at
  FROM (
    SELECT o.override_id, o.party_id, o.period_from, o.proposed_at,
      COALESCE((
        SELECT s.step
        FROM performance.award_override_step AS s
        WHERE s.contract_id = o.contract_id AND s.override_id = o.override_id
        ORDER BY s.sequence DESC
        LIMIT 1), 0) AS state
    FROM performance.award_override AS o
    WHERE o.contract_id = $1
  ) AS r
  WHERE TRUE)sql";

}  // namespace

std::span<const ListField> OverrideFields() { return kFields; }

OverridePage LoadOverridePage(pg::Transaction& tx, ContractId contract, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kOverridesSql, {pg::Encode(contract)});
  OverridePage loaded;
  Instant last_time;
  for (int i = 0; i < page.Shown(rows); ++i) {
    loaded.overrides.push_back(rows[i].Get<OverrideId>(0));
    last_time = rows[i].Get<Instant>(1);
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    if (field == "create_time") return last_time;
    return loaded.overrides.back().Value();
  });
  return loaded;
}

}  // namespace sluice::api
