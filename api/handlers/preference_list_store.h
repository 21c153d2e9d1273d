// Payment preferences as lists show them. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/routing/preference.h"

namespace sluice::api {

// Which preferences: of one taxpayer.
struct PreferenceView {
  PayerId payer;
  std::string tin;
  // Those for one of these locations, or for none; unset: all.
  std::optional<std::vector<PartyId>> locations;
};

// The fields of a list of preferences; the last one is the id.
std::span<const ListField> PreferenceFields();

struct PreferencePage {
  std::vector<payments::PaymentPreference> preferences;
  std::string next_page_token;
};
PreferencePage LoadPreferencePage(pg::Transaction& tx, const PreferenceView& view,
                                  const ListPage& page);

}  // namespace sluice::api
