#include "api/handlers/template_list_store.h"

#include <array>

namespace sluice::api {
namespace {

using performance::TemplateId;

const std::array kFields = {
    ListField{.name = "display_name", .column = "r.name", .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.template_id",
              .prefix = performance::TemplateTag::kPrefix,
              .sortable = true},
};

constexpr char kTemplatesSql[] = R"sql(
  SELECT r.template_id, r.name
  FROM performance.contract_template AS r
  WHERE r.payer_id = $1)sql";

}  // namespace

std::span<const ListField> TemplateFields() { return kFields; }

TemplatePage LoadTemplatePage(pg::Transaction& tx, PayerId payer, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kTemplatesSql, {pg::Encode(payer)});
  TemplatePage loaded;
  std::string last_name;
  for (int i = 0; i < page.Shown(rows); ++i) {
    loaded.templates.push_back(rows[i].Get<TemplateId>(0));
    last_name = rows[i].Get<std::string>(1);
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    if (field == "display_name") return last_name;
    return loaded.templates.back().Value();
  });
  return loaded;
}

}  // namespace sluice::api
