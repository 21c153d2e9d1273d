#include "api/handlers/party_list_store.h"

#include <array>

#include "hierarchy/hierarchy_store.h"

namespace sluice::api {
namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 9> kKinds = {{
    {"PAYER", 1},
    {"ACO", 2},
    {"IPA", 3},
    {"PRACTICE", 4},
    {"PROVIDER", 5},
    {"LOCATION", 6},
    {"OFFICE_EMPLOYEE", 7},
    {"COMMUNITY_ORGANIZATION", 8},
    {"EMPLOYER", 9},
}};

const std::array kFields = {
    ListField{.name = "kind", .type = FieldType::kEnum, .column = "r.kind", .names = kKinds},
    ListField{.name = "display_name", .column = "r.display_name", .sortable = true},
    ListField{.name = "npi", .column = "r.npi"},
    ListField{.name = "tin", .column = "r.tin"},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.party_id",
              .prefix = PartyTag::kPrefix,
              .sortable = true},
};

// The identifier of one type that a party has on the day: the last word on each span of a value.
std::string IdentifierSql(hierarchy::IdentifierType type) {
  return fmt::format(R"sql((
    SELECT i.value
    FROM hierarchy.party_identifier AS i
    WHERE i.payer_id = p.payer_id AND i.party_id = p.party_id AND i.type = {}
      AND i.change_number <= $2 AND NOT i.withdrawn
      AND i.valid_from <= $3 AND (i.valid_to IS NULL OR i.valid_to > $3)
      AND NOT EXISTS (
        SELECT 1
        FROM hierarchy.party_identifier AS later
        WHERE later.payer_id = i.payer_id AND later.type = i.type AND later.scope = i.scope
          AND later.value = i.value AND later.valid_from = i.valid_from
          AND later.change_number > i.change_number AND later.change_number <= $2)
    LIMIT 1))sql",
                     static_cast<int>(type));
}

// A party without a name on the day, because its first detail starts later, shows its earliest.
const std::string& PartiesSql() {
  static const std::string sql = fmt::format(R"sql(
  SELECT r.party_id, r.kind, r.display_name, r.line1, r.line2, r.city, r.state, r.postal_code,
    r.onboarding_state
  FROM (
    SELECT p.party_id, p.kind, d.name AS display_name, d.line1, d.line2, d.city, d.state,
      d.postal_code, {} AS npi, {} AS tin,
      (SELECT o.state
       FROM hierarchy.onboarding_event AS o
       WHERE o.payer_id = p.payer_id AND o.party_id = p.party_id
       ORDER BY o.sequence DESC
       LIMIT 1) AS onboarding_state
    FROM hierarchy.party AS p
    JOIN LATERAL (
      SELECT e.name, e.line1, e.line2, e.city, e.state, e.postal_code
      FROM hierarchy.party_detail AS e
      WHERE e.payer_id = p.payer_id AND e.party_id = p.party_id AND e.change_number <= $2
      ORDER BY e.valid_from > $3, CASE WHEN e.valid_from <= $3 THEN e.valid_from END DESC,
        e.valid_from, e.change_number DESC
      LIMIT 1) AS d ON true
    WHERE p.payer_id = $1 AND p.change_number <= $2
      AND ($4::bigint[] IS NULL OR p.party_id = ANY ($4))
  ) AS r
  WHERE TRUE)sql",
                                             IdentifierSql(hierarchy::IdentifierType::kNpi),
                                             IdentifierSql(hierarchy::IdentifierType::kTin));
  return sql;
}

std::vector<pg::EncodedValue> ValuesOf(const PartyView& view) {
  return {pg::Encode(view.payer), pg::Encode(view.version), pg::Encode(view.day),
          pg::Encode(view.among)};
}

PartyRow RowOf(const pg::Row& row) {
  return {.id = row.Get<PartyId>(0),
          .kind = hierarchy::PartyKindFromNumber(row.Get<std::int16_t>(1)),
          .name = row.Get<std::string>(2),
          .address = {.line1 = row.Get<std::string>(3),
                      .line2 = row.Get<std::string>(4),
                      .city = row.Get<std::string>(5),
                      .state = row.Get<std::string>(6),
                      .postal_code = row.Get<std::string>(7)},
          .onboarding_state = row.Get<std::optional<std::int16_t>>(8)};
}

}  // namespace

std::int64_t HierarchyVersion(pg::Transaction& tx, PayerId payer, const hierarchy::AsOf& as_of) {
  return as_of.known_at ? hierarchy::VersionAt(tx, payer, *as_of.known_at)
                        : hierarchy::ReadHead(tx, payer).version;
}

std::span<const ListField> PartyFields() { return kFields; }

PartyPage LoadPartyPage(pg::Transaction& tx, const PartyView& view, const ListPage& page) {
  const pg::Result rows = page.Run(tx, PartiesSql(), ValuesOf(view));
  PartyPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.parties.push_back(RowOf(rows[i]));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const PartyRow& last = loaded.parties.back();
    if (field == "display_name") return last.name;
    return last.id.Value();
  });
  return loaded;
}

std::optional<PartyRow> LoadParty(pg::Transaction& tx, const PartyView& view, PartyId party) {
  PartyView one = view;
  one.among = std::vector{party};
  const pg::Result rows = tx.QueryOnce(PartiesSql(), ValuesOf(one));
  return rows.Empty() ? std::nullopt : std::optional(RowOf(rows[0]));
}

}  // namespace sluice::api
