#include "api/handlers/activity_list_store.h"

#include <algorithm>
#include <array>

#include "performance/activity/activity_store.h"

namespace sluice::api {
namespace {

using performance::ActivityLine;

const std::array kFields = {
    ListField{.name = "member", .type = FieldType::kText, .column = "r.number", .sortable = true},
    ListField{.name = "provider",
              .type = FieldType::kId,
              .column = "r.provider_id",
              .prefix = PartyTag::kPrefix},
    ListField{.name = "practice",
              .type = FieldType::kId,
              .column = "r.practice_id",
              .prefix = PartyTag::kPrefix},
    ListField{.name = "code", .type = FieldType::kText, .column = "r.code"},
    ListField{.name = "reason", .type = FieldType::kText, .column = "r.reason"},
    ListField{.name = "service_date",
              .type = FieldType::kDate,
              .column = "r.service_date",
              .sortable = true},
    ListField{
        .name = "line", .type = FieldType::kInteger, .column = "r.position", .sortable = true},
};

constexpr char kLinesSql[] = R"sql(
  SELECT r.position, r.number, r.service_date
  FROM (
    SELECT l.position, COALESCE(m.number, e.member_id::text) AS number, e.provider_id,
      e.practice_id, e.code, COALESCE(l.reason, '') AS reason, e.service_date
    FROM performance.activity_line AS l
    JOIN performance.activity_event AS e
      ON e.contract_id = l.contract_id AND e.event_id = l.event_id
      AND e.recorded_at = l.event_recorded_at
    LEFT JOIN performance.member AS m ON m.payer_id = $1 AND m.member_id = e.member_id
    WHERE l.contract_id = $2 AND l.run_id = $3
      AND ($4::bigint[] IS NULL OR e.practice_id = ANY ($4)
           OR e.provider_id = ANY ($5::bigint[]))
  ) AS r
  WHERE TRUE)sql";

}  // namespace

std::span<const ListField> ActivityLineFields() { return kFields; }

StatusOr<ActivityLinePage> LoadActivityLinePage(pg::Transaction& tx, const ActivityLineView& view,
                                                const ListPage& page) {
  const pg::Result rows =
      page.Run(tx, kLinesSql,
               {pg::Encode(view.payer), pg::Encode(view.contract), pg::Encode(view.run_id),
                pg::Encode(view.among), pg::Encode(view.roots)});
  std::vector<std::int32_t> places;
  for (int i = 0; i < page.Shown(rows); ++i) places.push_back(rows[i].Get<std::int32_t>(0));
  std::vector<std::int32_t> ascending = places;
  std::ranges::sort(ascending);
  ASSIGN_OR_RETURN(const std::vector<ActivityLine> found,
                   performance::LinesOfRun(tx, view.contract, view.run_id, ascending));
  ActivityLinePage loaded;
  for (const std::int32_t place : places) {
    const auto at = std::ranges::lower_bound(ascending, place) - ascending.begin();
    loaded.lines.push_back(found.at(static_cast<std::size_t>(at)));
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const pg::Row last = rows[page.Shown(rows) - 1];
    if (field == "member") return last.Get<std::string>(1);
    if (field == "service_date") return last.Get<Date>(2);
    return std::int64_t{last.Get<std::int32_t>(0)};
  });
  return loaded;
}

}  // namespace sluice::api
