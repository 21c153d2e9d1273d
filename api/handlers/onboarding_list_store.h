// Onboarding cases as lists show them. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::api {

// The last one is the party.
std::span<const ListField> OnboardingCaseFields();

struct OnboardingCasePage {
  std::vector<PartyId> parties;  // whose cases they are
  std::string next_page_token;
};
// Of these parties; unset: of all.
OnboardingCasePage LoadOnboardingCasePage(pg::Transaction& tx, PayerId payer,
                                          const std::optional<std::vector<PartyId>>& among,
                                          const ListPage& page);

}  // namespace sluice::api
