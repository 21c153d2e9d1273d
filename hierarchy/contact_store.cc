#include "hierarchy/contact_store.h"

#include <optional>

namespace sluice::hierarchy {
namespace {

constexpr pg::Query kInsertContact{"contact_insert", R"sql(
  INSERT INTO hierarchy.contact (payer_id, contact_id, revision, party_id, kind, name, email,
    phone, valid_from, valid_to, withdrawn, actor_id, recorded_at)
  SELECT $1, $2, 1 + coalesce(max(c.revision), 0), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
  FROM hierarchy.contact AS c
  WHERE c.payer_id = $1 AND c.contact_id = $2
)sql"};

constexpr pg::Query kLoadContacts{"contact_load", R"sql(
  SELECT latest.contact_id, latest.revision, latest.party_id, latest.kind, latest.name,
    latest.email, latest.phone, latest.valid_from, latest.valid_to, latest.withdrawn
  FROM (
    SELECT DISTINCT ON (contact_id) contact_id, revision, party_id, kind, name, email, phone,
      valid_from, valid_to, withdrawn
    FROM hierarchy.contact
    WHERE payer_id = $1 AND recorded_at <= $3
    ORDER BY contact_id, revision DESC
  ) AS latest
  WHERE coalesce(latest.party_id, 0) = ANY ($2)
  ORDER BY latest.contact_id
)sql"};

constexpr pg::Query kInsertRule{"network_insert_rule", R"sql(
  INSERT INTO hierarchy.network_rule (payer_id, contract_id, rule_number, revision, kind,
    party_id, valid_from, valid_to, withdrawn, reason, actor_id, recorded_at)
  SELECT $1, $2, $3, 1 + coalesce(max(r.revision), 0), $4, $5, $6, $7, $8, $9, $10, $11
  FROM hierarchy.network_rule AS r
  WHERE r.payer_id = $1 AND r.contract_id = $2 AND r.rule_number = $3
)sql"};

constexpr pg::Query kLoadRules{"network_load_rules", R"sql(
  SELECT latest.rule_number, latest.kind, latest.party_id, latest.valid_from, latest.valid_to,
    latest.reason
  FROM (
    SELECT DISTINCT ON (rule_number) rule_number, kind, party_id, valid_from, valid_to, withdrawn,
      reason
    FROM hierarchy.network_rule
    WHERE payer_id = $1 AND contract_id = $2 AND recorded_at <= $3
    ORDER BY rule_number, revision DESC
  ) AS latest
  WHERE NOT latest.withdrawn
  ORDER BY latest.rule_number
)sql"};

}  // namespace

void InsertContact(pg::Transaction& tx, PayerId payer, const Contact& contact,
                   const RecordedBy& by) {
  const std::optional<PartyId> party =
      contact.party == PartyId() ? std::nullopt : std::optional<PartyId>(contact.party);
  tx.Execute(kInsertContact, payer, contact.id, party, static_cast<std::int16_t>(contact.kind),
             contact.name, contact.email, contact.phone, contact.valid.from, contact.valid.to,
             contact.withdrawn, by.actor, by.at);
}

std::vector<Contact> LoadContacts(pg::Transaction& tx, PayerId payer,
                                  std::span<const PartyId> parties, Instant known_at) {
  std::vector<Contact> contacts;
  const pg::Result result = tx.Query(kLoadContacts, payer, parties, known_at);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    contacts.push_back({.id = row.Get<ContactId>(0),
                        .revision = row.Get<std::int32_t>(1),
                        .party = row.Get<std::optional<PartyId>>(2).value_or(PartyId()),
                        .kind = static_cast<ContactKind>(row.Get<std::int16_t>(3)),
                        .name = row.Get<std::string>(4),
                        .email = row.Get<std::string>(5),
                        .phone = row.Get<std::string>(6),
                        .valid = {row.Get<Date>(7), row.Get<std::optional<Date>>(8)},
                        .withdrawn = row.Get<bool>(9)});
  }
  return contacts;
}

void InsertNetworkRule(pg::Transaction& tx, PayerId payer, ContractId contract,
                       const NetworkRule& rule, const RecordedBy& by) {
  tx.Execute(kInsertRule, payer, contract, rule.number, static_cast<std::int16_t>(rule.kind),
             rule.party, rule.valid.from, rule.valid.to, rule.withdrawn, rule.reason, by.actor,
             by.at);
}

NetworkDefinition LoadNetwork(pg::Transaction& tx, PayerId payer, ContractId contract,
                              Instant known_at) {
  NetworkDefinition network{.contract = contract};
  const pg::Result result = tx.Query(kLoadRules, payer, contract, known_at);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    network.rules.push_back({.number = row.Get<std::int32_t>(0),
                             .kind = static_cast<NetworkRuleKind>(row.Get<std::int16_t>(1)),
                             .party = row.Get<PartyId>(2),
                             .valid = {row.Get<Date>(3), row.Get<std::optional<Date>>(4)},
                             .reason = row.Get<std::string>(5)});
  }
  return network;
}

}  // namespace sluice::hierarchy
