#include "api/handlers/roster_list_store.h"

#include <array>

namespace sluice::api {
namespace {

const std::array kFields = {
    ListField{.name = "create_time",
              .type = FieldType::kInstant,
              .column = "r.recorded_at",
              .sortable = true},
    ListField{.name = "file_name", .type = FieldType::kText, .column = "r.file_name"},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.import_id",
              .prefix = hierarchy::RosterImportTag::kPrefix,
              .sortable = true},
};

constexpr char kImportsSql[] = R"sql(
  SELECT r.import_id
  FROM hierarchy.roster_import AS r
  WHERE r.payer_id = $1)sql";

}  // namespace

std::span<const ListField> RosterImportFields() { return kFields; }

RosterImportPage LoadRosterImportPage(pg::Transaction& tx, PayerId payer, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kImportsSql, {pg::Encode(payer)});
  RosterImportPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    const auto id = rows[i].Get<hierarchy::RosterImportId>(0);
    loaded.imports.push_back(hierarchy::FindRosterImport(tx, payer, id).value());
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const hierarchy::RosterImportRecord& last = loaded.imports.back();
    if (field == "create_time") return last.recorded_at;
    return last.id.Value();
  });
  return loaded;
}

}  // namespace sluice::api
