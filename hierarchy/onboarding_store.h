// SQL of onboarding cases.
#pragma once

#include <set>
#include <span>
#include <vector>

#include "core/pg/database.h"
#include "hierarchy/onboarding.h"

namespace sluice::hierarchy {

// By sequence; empty when the party has no case.
std::vector<OnboardingEvent> LoadOnboarding(pg::Transaction& tx, PayerId payer, PartyId party);
// Two writers of one case meet at its key: the second fails as AlreadyExists and is told so.
void InsertOnboarding(pg::Transaction& tx, PayerId payer, const OnboardingEvent& event);
// Those of the parties that have a case whose last event is not active.
std::set<PartyId> PartiesNotActive(pg::Transaction& tx, PayerId payer,
                                   std::span<const PartyId> parties);
// Those that have a case, in whatever state.
std::set<PartyId> PartiesWithCase(pg::Transaction& tx, PayerId payer,
                                  std::span<const PartyId> parties);

}  // namespace sluice::hierarchy
