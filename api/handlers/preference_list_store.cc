#include "api/handlers/preference_list_store.h"

#include <array>
#include <map>
#include <utility>

#include "payments/routing/preference_store.h"

namespace sluice::api {
namespace {

using payments::PaymentPreference;
using payments::PreferenceId;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> kMethods = {{
    {"ACH", 0},
    {"CHECK", 1},
    {"CARD", 2},
}};

const std::array kFields = {
    ListField{.name = "program",
              .type = FieldType::kId,
              .column = "NULLIF(r.program_id, 0)",
              .prefix = ProgramTag::kPrefix},
    ListField{.name = "method", .type = FieldType::kEnum, .column = "r.method", .names = kMethods},
    ListField{.name = "withdrawn", .type = FieldType::kBoolean, .column = "r.withdrawn"},
    ListField{.name = "record_time",
              .type = FieldType::kInstant,
              .column = "r.recorded_at",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.preference_id",
              .prefix = payments::PreferenceTag::kPrefix,
              .sortable = true},
};

constexpr char kPreferencesSql[] = R"sql(
  SELECT r.preference_id
  FROM payments.payment_preference AS r
  WHERE r.payer_id = $1 AND r.tin = $2
    AND ($3::bigint[] IS NULL OR r.location_id = 0 OR r.location_id = ANY ($3)))sql";

}  // namespace

std::span<const ListField> PreferenceFields() { return kFields; }

PreferencePage LoadPreferencePage(pg::Transaction& tx, const PreferenceView& view,
                                  const ListPage& page) {
  const pg::Result rows =
      page.Run(tx, kPreferencesSql,
               {pg::Encode(view.payer), pg::Encode(view.tin), pg::Encode(view.locations)});
  std::vector<PreferenceId> ids;
  for (int i = 0; i < page.Shown(rows); ++i) ids.push_back(rows[i].Get<PreferenceId>(0));
  std::map<PreferenceId, PaymentPreference> found;
  for (PaymentPreference& preference : payments::LoadPreferencesById(tx, view.payer, ids)) {
    found.emplace(preference.id, std::move(preference));
  }
  PreferencePage loaded;
  for (const PreferenceId id : ids) loaded.preferences.push_back(std::move(found.at(id)));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const PaymentPreference& last = loaded.preferences.back();
    if (field == "record_time") return last.recorded_at;
    return last.id.Value();
  });
  return loaded;
}

}  // namespace sluice::api
