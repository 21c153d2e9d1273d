#include "api/handlers/feed_list_store.h"

#include <array>

#include "performance/feeds/feed_store.h"

namespace sluice::api {
namespace {

using performance::Delivery;
using performance::DeliveryId;
using performance::QuarantinedRow;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 9> kKinds = {{
    {"ELIGIBILITY", 1},
    {"MEDICAL_CLAIM", 2},
    {"PHARMACY_CLAIM", 3},
    {"PROVIDER_CHOICE", 4},
    {"ROSTER", 5},
    {"ACTIVITY", 6},
    {"MEASURE", 7},
    {"FACT", 8},
    {"MEMBER_MEASURE", 9},
}};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> kColors = {{
    {"GREEN", 0},
    {"AMBER", 1},
    {"RED", 2},
}};

const std::array kFeedFields = {
    ListField{.name = "kind", .type = FieldType::kEnum, .column = "r.kind", .names = kKinds},
    ListField{.name = "color", .type = FieldType::kEnum, .column = "r.color", .names = kColors},
    ListField{
        .name = "display_name", .type = FieldType::kText, .column = "r.name", .sortable = true},
};

const std::array kDeliveryFields = {
    ListField{.name = "refused_code", .type = FieldType::kText, .column = "r.refused_code"},
    ListField{.name = "receive_time",
              .type = FieldType::kInstant,
              .column = "r.received_at",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.delivery_id",
              .prefix = performance::DeliveryTag::kPrefix,
              .sortable = true},
};

const std::array kQuarantineFields = {
    ListField{.name = "code", .type = FieldType::kText, .column = "r.code"},
    ListField{.name = "column", .type = FieldType::kText, .column = "r.column_name"},
    ListField{
        .name = "row", .type = FieldType::kInteger, .column = "r.row_number", .sortable = true},
    ListField{
        .name = "position", .type = FieldType::kInteger, .column = "r.position", .sortable = true},
};

constexpr char kFeedsSql[] = R"sql(
  SELECT r.place, r.name
  FROM unnest($1::bigint[], $2::text[], $3::smallint[], $4::smallint[])
    AS r (place, name, kind, color)
  WHERE TRUE)sql";

constexpr char kDeliveriesSql[] = R"sql(
  SELECT r.delivery_id
  FROM (
    SELECT d.delivery_id, d.received_at, COALESCE(d.refused_code, '') AS refused_code
    FROM performance.feed_delivery AS d
    WHERE d.payer_id = $1 AND d.feed = $2
  ) AS r
  WHERE TRUE)sql";

constexpr char kRowsSql[] = R"sql(
  SELECT r.row_number, r.line_number, r.column_name, r.code, r.reason, r.position
  FROM (
    SELECT q.row_number, q.line_number, q.column_name, q.code, q.reason, q.position
    FROM performance.feed_quarantine AS q
    WHERE q.payer_id = $1 AND q.delivery_id = $2
  ) AS r
  WHERE TRUE)sql";

}  // namespace

std::span<const ListField> FeedFields() { return kFeedFields; }

FeedPage ChooseFeeds(pg::Transaction& tx, std::span<const FeedRow> feeds, const ListPage& page) {
  std::vector<std::int64_t> places;
  std::vector<std::string> names;
  std::vector<std::int16_t> kinds, colors;
  for (const FeedRow& feed : feeds) {
    places.push_back(static_cast<std::int64_t>(places.size()));
    names.push_back(feed.spec.name);
    kinds.push_back(static_cast<std::int16_t>(feed.spec.kind));
    colors.push_back(static_cast<std::int16_t>(feed.health.color));
  }
  const pg::Result rows =
      page.Run(tx, kFeedsSql,
               {pg::Encode(places), pg::Encode(names), pg::Encode(kinds), pg::Encode(colors)});
  FeedPage chosen;
  for (int i = 0; i < page.Shown(rows); ++i) {
    chosen.places.push_back(static_cast<std::size_t>(rows[i].Get<std::int64_t>(0)));
  }
  chosen.next_page_token = page.NextToken(
      rows, [&](std::string_view) -> FilterValue { return names[chosen.places.back()]; });
  return chosen;
}

std::span<const ListField> DeliveryFields() { return kDeliveryFields; }

DeliveryPage LoadDeliveryPage(pg::Transaction& tx, PayerId payer, const std::string& feed,
                              const ListPage& page) {
  const pg::Result rows = page.Run(tx, kDeliveriesSql, {pg::Encode(payer), pg::Encode(feed)});
  DeliveryPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    loaded.deliveries.push_back(
        performance::FindDelivery(tx, payer, rows[i].Get<DeliveryId>(0)).value());
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const Delivery& last = loaded.deliveries.back();
    if (field == "receive_time") return last.received_at;
    return last.id.Value();
  });
  return loaded;
}

std::span<const ListField> QuarantineFields() { return kQuarantineFields; }

QuarantinePage LoadQuarantinePage(pg::Transaction& tx, PayerId payer, DeliveryId delivery,
                                  const ListPage& page) {
  const pg::Result rows = page.Run(tx, kRowsSql, {pg::Encode(payer), pg::Encode(delivery)});
  QuarantinePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    const pg::Row row = rows[i];
    loaded.rows.push_back({.row = row.Get<std::int64_t>(0),
                           .line = row.Get<std::int64_t>(1),
                           .column = row.Get<std::string>(2),
                           .code = row.Get<std::string>(3),
                           .reason = row.Get<std::string>(4)});
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const pg::Row last = rows[page.Shown(rows) - 1];
    return last.Get<std::int64_t>(field == "row" ? 0 : 5);
  });
  return loaded;
}

}  // namespace sluice::api
