#include "api/handlers/attribution_list_store.h"

#include <array>

namespace sluice::api {
namespace {

using performance::ListEntry;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kChanges = {{
    {"NEW", 1},
    {"CHANGED", 2},
    {"NO_CHANGE", 3},
    {"DROPPED", 4},
    {"CANCELED", 5},
}};

const std::array kEntryFields = {
    ListField{.name = "member", .type = FieldType::kText, .column = "r.number", .sortable = true},
    ListField{.name = "provider",
              .type = FieldType::kId,
              .column = "r.provider_id",
              .prefix = PartyTag::kPrefix},
    ListField{.name = "practice",
              .type = FieldType::kId,
              .column = "r.practice_id",
              .prefix = PartyTag::kPrefix},
    ListField{
        .name = "change", .type = FieldType::kEnum, .column = "r.change_type", .names = kChanges},
    ListField{.name = "inactive", .type = FieldType::kBoolean, .column = "r.inactive"},
    ListField{.name = "entry", .type = FieldType::kText, .column = "r.entry", .sortable = true},
};

const std::array kUnattributedFields = {
    ListField{.name = "member", .type = FieldType::kText, .column = "r.number", .sortable = true},
    ListField{
        .name = "month", .type = FieldType::kDate, .column = "r.month_from", .sortable = true},
};

constexpr pg::Query kLoadHead{"api_load_attribution_list", R"sql(
  SELECT l.period_to, l.version, l.status, l.known_at, l.batch_id,
    COALESCE(e.batch_id, l.batch_id, 0), e.members, u.members
  FROM (
    SELECT v.contract_id, v.period_from, v.period_to, v.version, v.known_at, v.batch_id, v.status
    FROM (
      SELECT a.contract_id, a.period_from, a.period_to, a.version, a.known_at, a.batch_id,
        (SELECT max(s.status)
         FROM performance.attribution_list_status AS s
         WHERE s.contract_id = a.contract_id AND s.period_from = a.period_from
           AND s.version = a.version) AS status
      FROM performance.attribution_list AS a
      WHERE a.contract_id = $1 AND a.period_from = $2 AND ($3::integer IS NULL OR a.version = $3)
    ) AS v
    WHERE $4::bigint[] IS NULL OR v.status > 1
    ORDER BY v.version DESC
    LIMIT 1
  ) AS l
  CROSS JOIN LATERAL (
    SELECT max(k.batch_id) AS batch_id,
      count(DISTINCT k.member_id) FILTER (
        WHERE NOT k.gone AND NOT k.inactive
          AND ($4::bigint[] IS NULL OR COALESCE(k.practice_id, k.provider_id, $6) = ANY ($4)
               OR k.provider_id = ANY ($5::bigint[]))) AS members
    FROM (
      SELECT DISTINCT ON (n.member_id, n.plan COLLATE "C", n.valid_from)
        n.member_id, n.provider_id, n.practice_id, n.inactive, n.gone, n.batch_id
      FROM performance.attribution_entry AS n
      WHERE n.contract_id = l.contract_id AND n.period_from = l.period_from
        AND n.version = l.version
      ORDER BY n.member_id, n.plan COLLATE "C", n.valid_from, n.recorded_at DESC, n.batch_id DESC
    ) AS k
  ) AS e
  CROSS JOIN LATERAL (
    SELECT count(DISTINCT m.member_id) AS members
    FROM performance.attribution_unattributed_member AS m
    WHERE $4::bigint[] IS NULL AND m.contract_id = l.contract_id
      AND m.period_from = l.period_from AND m.batch_id = l.batch_id
  ) AS u
)sql"};

// $7 is a member, or nobody in particular.
constexpr char kEntriesSql[] = R"sql(
  SELECT r.member_id, r.plan, r.valid_from, r.valid_to, r.provider_id, r.practice_id,
    r.location_id, r.change_type, r.inactive, r.basis, r.dispute_id, r.number, r.entry
  FROM (
    SELECT k.member_id, k.plan, k.valid_from, k.valid_to, k.provider_id, k.practice_id,
      k.location_id, k.change_type, k.inactive, k.basis, k.dispute_id,
      COALESCE(m.number, k.member_id::text) AS number,
      lpad(k.member_id::text, 20, '0') || ' ' || k.valid_from::text || ' ' || k.plan AS entry
    FROM (
      SELECT DISTINCT ON (n.member_id, n.plan COLLATE "C", n.valid_from)
        n.member_id, n.plan, n.valid_from, n.valid_to, n.provider_id, n.practice_id,
        n.location_id, n.change_type, n.inactive, n.gone, n.basis, n.dispute_id
      FROM performance.attribution_entry AS n
      WHERE n.contract_id = $1 AND n.period_from = $2 AND n.version = $3
        AND ($8::bigint IS NULL OR n.member_id = $8)
      ORDER BY n.member_id, n.plan COLLATE "C", n.valid_from, n.recorded_at DESC, n.batch_id DESC
    ) AS k
    LEFT JOIN performance.member AS m ON m.payer_id = $7 AND m.member_id = k.member_id
    WHERE NOT k.gone
      AND ($4::bigint[] IS NULL OR COALESCE(k.practice_id, k.provider_id, $6) = ANY ($4)
           OR k.provider_id = ANY ($5::bigint[]))
  ) AS r
  WHERE TRUE)sql";

constexpr char kUnattributedSql[] = R"sql(
  SELECT r.number, r.month_from, r.month_to, r.reason, r.detail
  FROM (
    SELECT COALESCE(m.number, u.member_id::text) AS number, u.month_from, u.month_to, u.reason,
      u.detail
    FROM performance.attribution_unattributed_member AS u
    LEFT JOIN performance.member AS m ON m.payer_id = $4 AND m.member_id = u.member_id
    WHERE u.contract_id = $1 AND u.period_from = $2 AND u.batch_id = $3
  ) AS r
  WHERE TRUE)sql";

std::vector<pg::EncodedValue> EntryArguments(const ListView& view,
                                             std::optional<std::int64_t> member) {
  return {pg::Encode(view.contract), pg::Encode(view.period_from),
          pg::Encode(view.version),  pg::Encode(view.among),
          pg::Encode(view.roots),    pg::Encode(view.party),
          pg::Encode(view.payer),    pg::Encode(member)};
}

AttributionEntryRow EntryRowOf(const pg::Row& row) {
  return {.entry = {.member_id = row.Get<std::int64_t>(0),
                    .plan = row.Get<std::string>(1),
                    .attributed = {row.Get<Date>(2), row.Get<Date>(3)},
                    .provider = row.Get<std::optional<PartyId>>(4),
                    .practice = row.Get<std::optional<PartyId>>(5),
                    .location = row.Get<std::optional<PartyId>>(6),
                    .change = static_cast<performance::ChangeType>(row.Get<std::int16_t>(7)),
                    .inactive = row.Get<bool>(8),
                    .basis = row.Get<std::string>(9),
                    .dispute = row.Get<std::optional<performance::DisputeId>>(10)},
          .member_number = row.Get<std::string>(11)};
}

}  // namespace

std::optional<ListHead> LoadListHead(pg::Transaction& tx, const ListView& view) {
  const pg::Result rows = tx.Query(kLoadHead, view.contract, view.period_from, view.version,
                                   view.among, view.roots, view.party);
  if (rows.Empty()) return std::nullopt;
  const pg::Row row = rows[0];
  return ListHead{.period = {view.period_from, row.Get<Date>(0)},
                  .version = row.Get<std::int32_t>(1),
                  .status = static_cast<performance::ListStatus>(row.Get<std::int16_t>(2)),
                  .known_at = row.Get<Instant>(3),
                  .run = row.Get<std::optional<std::int64_t>>(4),
                  .last_change = row.Get<std::int64_t>(5),
                  .active_members = row.Get<std::int64_t>(6),
                  .unattributed_members = row.Get<std::int64_t>(7)};
}

std::span<const ListField> AttributionEntryFields() { return kEntryFields; }

AttributionEntryPage LoadAttributionEntryPage(pg::Transaction& tx, const ListView& view,
                                              const ListPage& page) {
  const pg::Result rows = page.Run(tx, kEntriesSql, EntryArguments(view, std::nullopt));
  AttributionEntryPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.entries.push_back(EntryRowOf(rows[i]));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const pg::Row last = rows[page.Shown(rows) - 1];
    return last.Get<std::string>(field == "member" ? 11 : 12);
  });
  return loaded;
}

std::vector<ListEntry> LoadEntriesOfMember(pg::Transaction& tx, const ListView& view,
                                           std::int64_t member) {
  const pg::Result rows = tx.QueryOnce(kEntriesSql, EntryArguments(view, member));
  std::vector<ListEntry> entries;
  for (int i = 0; i < rows.Size(); ++i) entries.push_back(EntryRowOf(rows[i]).entry);
  return entries;
}

std::span<const ListField> UnattributedMemberFields() { return kUnattributedFields; }

UnattributedPage LoadUnattributedPage(pg::Transaction& tx, const ListView& view, std::int64_t run,
                                      const ListPage& page) {
  const pg::Result rows = page.Run(tx, kUnattributedSql,
                                   {pg::Encode(view.contract), pg::Encode(view.period_from),
                                    pg::Encode(run), pg::Encode(view.payer)});
  UnattributedPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    const pg::Row row = rows[i];
    loaded.rows.push_back({.member_number = row.Get<std::string>(0),
                           .months = {row.Get<Date>(1), row.Get<Date>(2)},
                           .reason = row.Get<std::string>(3),
                           .detail = row.Get<std::string>(4)});
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const UnattributedRow& last = loaded.rows.back();
    if (field == "member") return last.member_number;
    return last.months.from;
  });
  return loaded;
}

}  // namespace sluice::api
