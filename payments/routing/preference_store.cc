#include "payments/routing/preference_store.h"

#include <set>
#include <utility>

#include "hierarchy/hierarchy_store.h"
#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertPreference{"payments_insert_preference", R"sql(
  INSERT INTO payments.payment_preference (payer_id, preference_id, tin, program_id, location_id,
    npi, payee_id, method, delivery, card_opt_in, effective_from, withdrawn, reason, recorded_by,
    recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
)sql"};

constexpr pg::Query kInsertConfirmation{"payments_insert_preference_confirmation", R"sql(
  INSERT INTO payments.payment_preference_confirmation (payer_id, preference_id, recorded_by,
    confirmed_by, confirmed_at)
  VALUES ($1, $2, $3, $4, $5)
)sql"};

constexpr pg::Query kLoadOfTins{"payments_load_preferences", R"sql(
  SELECT p.preference_id, p.tin, p.program_id, p.location_id, p.npi, p.payee_id, p.method,
    p.delivery, p.card_opt_in, p.effective_from, p.withdrawn, p.reason, p.recorded_by,
    p.recorded_at, c.confirmed_by, c.confirmed_at
  FROM payments.payment_preference AS p
  LEFT JOIN payments.payment_preference_confirmation AS c
    ON c.payer_id = p.payer_id AND c.preference_id = p.preference_id
  WHERE p.payer_id = $1 AND p.tin = ANY ($2::text[])
  ORDER BY p.preference_id
)sql"};

constexpr pg::Query kLoadByIds{"payments_load_preferences_by_id", R"sql(
  SELECT p.preference_id, p.tin, p.program_id, p.location_id, p.npi, p.payee_id, p.method,
    p.delivery, p.card_opt_in, p.effective_from, p.withdrawn, p.reason, p.recorded_by,
    p.recorded_at, c.confirmed_by, c.confirmed_at
  FROM payments.payment_preference AS p
  LEFT JOIN payments.payment_preference_confirmation AS c
    ON c.payer_id = p.payer_id AND c.preference_id = p.preference_id
  WHERE p.payer_id = $1 AND p.preference_id = ANY ($2::bigint[])
  ORDER BY p.preference_id
)sql"};

std::vector<PaymentPreference> PreferencesOf(const pg::Result& result) {
  std::vector<PaymentPreference> preferences;
  preferences.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    preferences.push_back({.id = row.Get<PreferenceId>(0),
                           .key = {.tin = row.Get<std::string>(1),
                                   .program = row.Get<ProgramId>(2),
                                   .location = row.Get<PartyId>(3),
                                   .npi = row.Get<std::string>(4)},
                           .payee = row.Get<std::optional<PayeeId>>(5),
                           .method = static_cast<PayoutMethod>(row.Get<std::int16_t>(6)),
                           .delivery = static_cast<RemittanceDelivery>(row.Get<std::int16_t>(7)),
                           .card_opt_in = row.Get<std::string>(8),
                           .effective_from = row.Get<Date>(9),
                           .withdrawn = row.Get<bool>(10),
                           .reason = row.Get<std::string>(11),
                           .recorded_by = row.Get<UserId>(12),
                           .recorded_at = row.Get<Instant>(13),
                           .confirmed_by = row.Get<std::optional<UserId>>(14),
                           .confirmed_at = row.Get<std::optional<Instant>>(15)});
  }
  return preferences;
}

// The NPIs that the hierarchy knows of the parties, as it was known at the end of the cut-off day.
void AddNpis(pg::Transaction& tx, const RouteQuery& query, RouteBook& book) {
  const Instant known_at = Instant::AtMidnight(query.day.cut_off + Days(1));
  const std::int64_t version = hierarchy::VersionAt(tx, query.payer, known_at);
  const std::vector<PartyId> parties(query.parties.begin(), query.parties.end());
  for (const hierarchy::PartyIdentifier& known :
       hierarchy::LoadParties(tx, query.payer, version, parties).identifiers) {
    if (known.identifier.type != hierarchy::IdentifierType::kNpi) continue;
    if (known.withdrawn || !known.valid.Contains(query.day.on)) continue;
    book.AddNpi(known.party, known.identifier.value);
  }
}

}  // namespace

void InsertPreference(pg::Transaction& tx, PayerId payer, const PaymentPreference& preference) {
  tx.Execute(kInsertPreference, payer, preference.id, preference.key.tin, preference.key.program,
             preference.key.location, preference.key.npi, preference.payee,
             static_cast<std::int16_t>(preference.method),
             static_cast<std::int16_t>(preference.delivery), preference.card_opt_in,
             preference.effective_from, preference.withdrawn, preference.reason,
             preference.recorded_by, preference.recorded_at);
}

void InsertPreferenceConfirmation(pg::Transaction& tx, PayerId payer,
                                  const PaymentPreference& preference, const Recorded& recorded) {
  tx.Execute(kInsertConfirmation, payer, preference.id, preference.recorded_by, recorded.by,
             recorded.at);
}

std::vector<PaymentPreference> LoadPreferences(pg::Transaction& tx, PayerId payer,
                                               std::span<const std::string> tins) {
  return PreferencesOf(tx.Query(kLoadOfTins, payer, tins));
}

std::vector<PaymentPreference> LoadPreferencesById(pg::Transaction& tx, PayerId payer,
                                                   std::span<const PreferenceId> ids) {
  return PreferencesOf(tx.Query(kLoadByIds, payer, ids));
}

RouteBook LoadRouteBook(pg::Transaction& tx, const RouteQuery& query) {
  const std::vector<Payee> payees = LoadPayees(tx, query.payees);
  std::set<std::string> distinct;
  for (const Payee& payee : payees) distinct.insert(payee.tin);
  const std::vector<std::string> tins(distinct.begin(), distinct.end());
  RouteBook book(query.program, query.day);
  for (PaymentPreference& preference : LoadPreferences(tx, query.payer, tins)) {
    book.Add(std::move(preference));
  }
  if (book.IsEmpty()) return book;
  for (const Payee& payee : payees) book.AddPayee(payee);
  if (book.AsksForNpi()) AddNpis(tx, query, book);
  return book;
}

}  // namespace sluice::payments
