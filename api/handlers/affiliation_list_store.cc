#include "api/handlers/affiliation_list_store.h"

#include <array>

namespace sluice::api {
namespace {

using hierarchy::Affiliation;
using hierarchy::NetworkRule;

const std::array kAffiliationFields = {
    ListField{.name = "parent",
              .type = FieldType::kId,
              .column = "r.parent_id",
              .prefix = PartyTag::kPrefix,
              .sortable = true},
    ListField{.name = "child",
              .type = FieldType::kId,
              .column = "r.child_id",
              .prefix = PartyTag::kPrefix,
              .sortable = true},
    ListField{.name = "role", .column = "r.role", .sortable = true},
    ListField{.name = "name", .column = "r.span", .sortable = true},
};

const std::array kNetworkRuleFields = {
    ListField{
        .name = "number", .type = FieldType::kInteger, .column = "r.rule_number", .sortable = true},
};

// The last word on each span; its key as one text, so that a page can begin behind any of them.
constexpr char kAffiliationsSql[] = R"sql(
  SELECT r.parent_id, r.child_id, r.role, r.valid_from, r.valid_to, r.span
  FROM (
    SELECT s.parent_id, s.child_id, s.role, s.valid_from, s.valid_to,
      concat_ws('/', lpad(s.parent_id::text, 19, '0'), lpad(s.child_id::text, 19, '0'), s.role,
        to_char(s.valid_from, 'YYYYMMDD')) AS span
    FROM (
      SELECT DISTINCT ON (parent_id, child_id, role, valid_from)
        parent_id, child_id, role, valid_from, valid_to, withdrawn
      FROM hierarchy.affiliation
      WHERE payer_id = $1 AND change_number <= $2 AND valid_from <= $3
        AND ($4::bigint IS NULL OR parent_id = $4) AND ($5::bigint IS NULL OR child_id = $5)
      ORDER BY parent_id, child_id, role, valid_from, change_number DESC
    ) AS s
    WHERE NOT s.withdrawn AND (s.valid_to IS NULL OR s.valid_to > $3)
      AND ($6::bigint[] IS NULL OR (s.child_id = ANY ($6)
        AND (s.parent_id = ANY ($6) OR s.child_id = ANY ($7::bigint[]))))
  ) AS r
  WHERE TRUE)sql";

constexpr char kNetworkRulesSql[] = R"sql(
  SELECT r.rule_number, r.kind, r.party_id, r.valid_from, r.valid_to, r.reason
  FROM (
    SELECT DISTINCT ON (rule_number) rule_number, kind, party_id, valid_from, valid_to, withdrawn,
      reason
    FROM hierarchy.network_rule
    WHERE payer_id = $1 AND contract_id = $2 AND recorded_at <= $3
    ORDER BY rule_number, revision DESC
  ) AS r
  WHERE NOT r.withdrawn)sql";

Affiliation AffiliationOf(const pg::Row& row) {
  return {.parent = row.Get<PartyId>(0),
          .child = row.Get<PartyId>(1),
          .role = row.Get<std::string>(2),
          .valid = {row.Get<Date>(3), row.Get<std::optional<Date>>(4)}};
}

NetworkRule NetworkRuleOf(const pg::Row& row) {
  return {.number = row.Get<std::int32_t>(0),
          .kind = static_cast<hierarchy::NetworkRuleKind>(row.Get<std::int16_t>(1)),
          .party = row.Get<PartyId>(2),
          .valid = {row.Get<Date>(3), row.Get<std::optional<Date>>(4)},
          .reason = row.Get<std::string>(5)};
}

}  // namespace

std::span<const ListField> AffiliationFields() { return kAffiliationFields; }

AffiliationPage LoadAffiliationPage(pg::Transaction& tx, const AffiliationView& view,
                                    const ListPage& page) {
  const pg::Result rows =
      page.Run(tx, kAffiliationsSql,
               {pg::Encode(view.payer), pg::Encode(view.version), pg::Encode(view.day),
                pg::Encode(view.parent), pg::Encode(view.child), pg::Encode(view.among),
                pg::Encode(view.own)});
  AffiliationPage loaded;
  const int shown = page.Shown(rows);
  for (int i = 0; i < shown; ++i) loaded.affiliations.push_back(AffiliationOf(rows[i]));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const Affiliation& last = loaded.affiliations.back();
    if (field == "parent") return last.parent.Value();
    if (field == "child") return last.child.Value();
    if (field == "role") return last.role;
    return rows[shown - 1].Get<std::string>(5);
  });
  return loaded;
}

std::span<const ListField> NetworkRuleFields() { return kNetworkRuleFields; }

NetworkRulePage LoadNetworkRulePage(pg::Transaction& tx, const NetworkRuleView& view,
                                    const ListPage& page) {
  const pg::Result rows =
      page.Run(tx, kNetworkRulesSql,
               {pg::Encode(view.payer), pg::Encode(view.contract), pg::Encode(view.known_at)});
  NetworkRulePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.rules.push_back(NetworkRuleOf(rows[i]));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view) -> FilterValue {
    return std::int64_t{loaded.rules.back().number};
  });
  return loaded;
}

}  // namespace sluice::api
