// Rows of payment preferences and their confirmations, and what a run needs of them. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/payee_store.h"
#include "payments/routing/preference.h"

namespace sluice::payments {

void InsertPreference(pg::Transaction& tx, PayerId payer, const PaymentPreference& preference);
void InsertPreferenceConfirmation(pg::Transaction& tx, PayerId payer,
                                  const PaymentPreference& preference, const Recorded& recorded);
// Of these TINs, by id.
std::vector<PaymentPreference> LoadPreferences(pg::Transaction& tx, PayerId payer,
                                               std::span<const std::string> tins);
std::vector<PaymentPreference> LoadPreferencesById(pg::Transaction& tx, PayerId payer,
                                                   std::span<const PreferenceId> ids);

// What the routes of some payees' shares go by.
struct RouteQuery {
  PayerId payer;
  ProgramId program;
  RouteDay day;
  std::span<const PayeeId> payees;  // without any preference
  std::span<const PartyId> parties;
};
RouteBook LoadRouteBook(pg::Transaction& tx, const RouteQuery& query);

}  // namespace sluice::payments
