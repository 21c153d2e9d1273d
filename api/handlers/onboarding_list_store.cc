#include "api/handlers/onboarding_list_store.h"

#include <array>

namespace sluice::api {
namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kCaseStates = {{
    {"DRAFT", 1},
    {"SUBMITTED", 2},
    {"VALIDATED", 3},
    {"APPROVED", 4},
    {"ACTIVE", 5},
}};

const std::array kCaseFields = {
    ListField{.name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kCaseStates},
    ListField{.name = "update_time",
              .type = FieldType::kInstant,
              .column = "r.recorded_at",
              .sortable = true},
    ListField{.name = "party",
              .type = FieldType::kId,
              .column = "r.party_id",
              .prefix = PartyTag::kPrefix,
              .sortable = true},
};

// The last move of each case.
constexpr char kCasesSql[] = R"sql(
  SELECT r.party_id, r.recorded_at
  FROM (
    SELECT DISTINCT ON (party_id) party_id, state, recorded_at
    FROM hierarchy.onboarding_event
    WHERE payer_id = $1 AND ($2::bigint[] IS NULL OR party_id = ANY ($2))
    ORDER BY party_id, sequence DESC
  ) AS r
  WHERE TRUE)sql";

}  // namespace

std::span<const ListField> OnboardingCaseFields() { return kCaseFields; }

OnboardingCasePage LoadOnboardingCasePage(pg::Transaction& tx, PayerId payer,
                                          const std::optional<std::vector<PartyId>>& among,
                                          const ListPage& page) {
  const pg::Result rows = page.Run(tx, kCasesSql, {pg::Encode(payer), pg::Encode(among)});
  OnboardingCasePage loaded;
  const int shown = page.Shown(rows);
  for (int i = 0; i < shown; ++i) loaded.parties.push_back(rows[i].Get<PartyId>(0));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    if (field == "update_time") return rows[shown - 1].Get<Instant>(1);
    return loaded.parties.back().Value();
  });
  return loaded;
}

}  // namespace sluice::api
