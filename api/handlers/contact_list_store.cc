#include "api/handlers/contact_list_store.h"

#include <array>

namespace sluice::api {
namespace {

using hierarchy::Contact;
using hierarchy::ContactId;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> kKinds = {{
    {"CONTRACT", 1},
    {"FINANCE", 2},
    {"CLINICAL", 3},
    {"DATA", 4},
    {"LEGAL", 5},
    {"EXECUTIVE", 6},
}};

const std::array kFields = {
    ListField{.name = "kind", .type = FieldType::kEnum, .column = "r.kind", .names = kKinds},
    ListField{.name = "party",
              .type = FieldType::kId,
              .column = "r.party_id",
              .prefix = PartyTag::kPrefix},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.contact_id",
              .prefix = hierarchy::ContactTag::kPrefix,
              .sortable = true},
};

constexpr char kContactsSql[] = R"sql(
  SELECT r.contact_id, r.revision, r.party_id, r.kind, r.name, r.email, r.phone, r.valid_from,
    r.valid_to, r.withdrawn
  FROM (
    SELECT DISTINCT ON (contact_id) contact_id, revision, party_id, kind, name, email, phone,
      valid_from, valid_to, withdrawn
    FROM hierarchy.contact
    WHERE payer_id = $1 AND recorded_at <= $3
    ORDER BY contact_id, revision DESC
  ) AS r
  WHERE NOT r.withdrawn AND r.valid_from <= $2 AND (r.valid_to IS NULL OR r.valid_to > $2)
    AND ($4::bigint[] IS NULL OR r.party_id = ANY ($4)))sql";

constexpr pg::Query kLoadContact{"api_load_contact", R"sql(
  SELECT contact_id, revision, party_id, kind, name, email, phone, valid_from, valid_to, withdrawn
  FROM hierarchy.contact
  WHERE payer_id = $1 AND contact_id = $2
  ORDER BY revision DESC
  LIMIT 1
)sql"};

Contact ContactOf(const pg::Row& row) {
  return {.id = row.Get<ContactId>(0),
          .revision = row.Get<std::int32_t>(1),
          .party = row.Get<std::optional<PartyId>>(2).value_or(PartyId()),
          .kind = static_cast<hierarchy::ContactKind>(row.Get<std::int16_t>(3)),
          .name = row.Get<std::string>(4),
          .email = row.Get<std::string>(5),
          .phone = row.Get<std::string>(6),
          .valid = {row.Get<Date>(7), row.Get<std::optional<Date>>(8)},
          .withdrawn = row.Get<bool>(9)};
}

}  // namespace

std::span<const ListField> ContactFields() { return kFields; }

ContactPage LoadContactPage(pg::Transaction& tx, const ContactView& view, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kContactsSql,
                                   {pg::Encode(view.payer), pg::Encode(view.day),
                                    pg::Encode(view.known_at), pg::Encode(view.among)});
  ContactPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.contacts.push_back(ContactOf(rows[i]));
  loaded.next_page_token = page.NextToken(
      rows, [&](std::string_view) -> FilterValue { return loaded.contacts.back().id.Value(); });
  return loaded;
}

std::optional<Contact> LoadContact(pg::Transaction& tx, PayerId payer, ContactId contact) {
  const pg::Result rows = tx.Query(kLoadContact, payer, contact);
  return rows.Empty() ? std::nullopt : std::optional(ContactOf(rows[0]));
}

}  // namespace sluice::api
