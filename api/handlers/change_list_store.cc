#include "api/handlers/change_list_store.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

namespace sluice::api {
namespace {

using performance::ChangeEvent;
using performance::ChangeEventId;
using performance::RecalculationId;

// "COVERAGE": the names of kinds in capitals.
const std::vector<std::string>& KindNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (const performance::EditKind kind : performance::AllEditKinds()) {
      made.emplace_back(performance::EditKindName(kind));
      std::ranges::transform(made.back(), made.back().begin(),
                             [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    }
    return made;
  }();
  return names;
}

const std::vector<std::pair<std::string_view, std::int64_t>>& Kinds() {
  static const std::vector<std::pair<std::string_view, std::int64_t>> kinds = [] {
    std::vector<std::pair<std::string_view, std::int64_t>> made;
    for (std::size_t i = 0; i < KindNames().size(); ++i) {
      made.emplace_back(KindNames()[i], static_cast<std::int64_t>(performance::AllEditKinds()[i]));
    }
    return made;
  }();
  return kinds;
}

constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kStates = {{
    {"WAITING", 0},
    {"RUNNING", 1},
    {"DONE", 2},
    {"FAILED", 3},
}};

const std::array kRecalculationFields = {
    ListField{.name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kStates},
    ListField{.name = "contract",
              .type = FieldType::kId,
              .column = "r.contract_id",
              .prefix = ContractTag::kPrefix},
    ListField{.name = "create_time",
              .type = FieldType::kInstant,
              .column = "r.queued_at",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.recalculation_id",
              .prefix = performance::RecalculationTag::kPrefix,
              .sortable = true},
};

constexpr char kChangesSql[] = R"sql(
  SELECT r.event_id
  FROM performance.change_event AS r
  WHERE r.payer_id = $1)sql";

constexpr char kRecalculationsSql[] = R"sql(
  SELECT r.recalculation_id, r.contract_id, r.period_from, r.period_to, r.state, r.attempts,
    r.detail, r.queued_at
  FROM (
    SELECT q.recalculation_id, q.contract_id, q.period_from, q.period_to, q.attempts, q.detail,
      q.queued_at,
      CASE WHEN q.state = 1 AND q.lease_until <= $2 THEN 0::smallint ELSE q.state END AS state
    FROM performance.recalculation AS q
    WHERE q.contract_id IN (
      SELECT c.contract_id
      FROM performance.contract AS c
      WHERE c.payer_id = $1)
  ) AS r
  WHERE TRUE)sql";

}  // namespace

std::span<const ListField> ChangeFields() {
  static const std::array fields = {
      ListField{.name = "kind", .type = FieldType::kEnum, .column = "r.kind", .names = Kinds()},
      ListField{.name = "contract",
                .type = FieldType::kId,
                .column = "r.contract_id",
                .prefix = ContractTag::kPrefix},
      ListField{.name = "notice_time",
                .type = FieldType::kInstant,
                .column = "r.noticed_at",
                .sortable = true},
      ListField{.name = "name",
                .type = FieldType::kId,
                .column = "r.event_id",
                .prefix = performance::ChangeEventTag::kPrefix,
                .sortable = true},
  };
  return fields;
}

ChangePage LoadChangePage(pg::Transaction& tx, PayerId payer, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kChangesSql, {pg::Encode(payer)});
  std::vector<ChangeEventId> ids;
  for (int i = 0; i < page.Shown(rows); ++i) ids.push_back(rows[i].Get<ChangeEventId>(0));
  std::map<ChangeEventId, ChangeEvent> found;
  for (ChangeEvent& event : performance::EventsById(tx, payer, ids)) {
    found.emplace(event.id, std::move(event));
  }
  ChangePage loaded;
  for (const ChangeEventId id : ids) loaded.changes.push_back(std::move(found.at(id)));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const ChangeEvent& last = loaded.changes.back();
    if (field == "notice_time") return last.noticed_at;
    return last.id.Value();
  });
  return loaded;
}

std::span<const ListField> RecalculationFields() { return kRecalculationFields; }

RecalculationPage LoadRecalculationPage(pg::Transaction& tx, PayerId payer, Instant now,
                                        const ListPage& page) {
  const pg::Result rows = page.Run(tx, kRecalculationsSql, {pg::Encode(payer), pg::Encode(now)});
  RecalculationPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    const pg::Row row = rows[i];
    loaded.recalculations.push_back(
        {.id = row.Get<RecalculationId>(0),
         .contract = row.Get<ContractId>(1),
         .period = {row.Get<Date>(2), row.Get<Date>(3)},
         .state = static_cast<performance::RecalculationState>(row.Get<std::int16_t>(4)),
         .attempts = row.Get<std::int32_t>(5),
         .detail = row.Get<std::string>(6),
         .queued_at = row.Get<Instant>(7)});
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const RecalculationRow& last = loaded.recalculations.back();
    if (field == "create_time") return last.queued_at;
    return last.id.Value();
  });
  return loaded;
}

}  // namespace sluice::api
