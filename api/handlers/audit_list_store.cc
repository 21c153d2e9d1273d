#include "api/handlers/audit_list_store.h"

#include <array>

#include "api/audit/audit_store.h"

namespace sluice::api {
namespace {

const std::array kEventFields = {
    ListField{.name = "actor",
              .type = FieldType::kId,
              .column = "r.actor_id",
              .prefix = UserTag::kPrefix},
    ListField{.name = "method", .column = "r.method"},
    ListField{.name = "resource", .column = "r.resource"},
    ListField{.name = "allowed", .type = FieldType::kBoolean, .column = "r.allowed"},
    ListField{.name = "record_time", .type = FieldType::kInstant, .column = "r.recorded_at"},
    ListField{.name = "request_id", .column = "r.request_id"},
    ListField{
        .name = "number", .type = FieldType::kInteger, .column = "r.number", .sortable = true},
};

constexpr char kEventsSql[] = R"sql(
  SELECT r.number
  FROM (
    SELECT s.number, e.actor_id, e.method, e.resource, e.decision = 1 AS allowed, e.recorded_at,
      e.request_id
    FROM core.audit_seal AS s
    JOIN core.audit_event AS e ON e.payer_id = s.payer_id AND e.event_id = s.event_id
    WHERE s.payer_id = $1
  ) AS r
  WHERE TRUE)sql";

}  // namespace

std::span<const ListField> AuditEventFields() { return kEventFields; }

AuditEventPage LoadAuditEventPage(pg::Transaction& tx, PayerId payer, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kEventsSql, {pg::Encode(payer)});
  AuditEventPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    auto sealed = LoadSealed(tx, payer, rows[i].Get<std::int64_t>(0) - 1, 1);
    loaded.events.push_back(std::move(sealed.front()));
  }
  loaded.next_page_token = page.NextToken(
      rows, [&](std::string_view) -> FilterValue { return loaded.events.back().first.number; });
  return loaded;
}

}  // namespace sluice::api
