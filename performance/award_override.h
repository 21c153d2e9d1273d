// Overrides: an amount that people put in the place of a calculated one, with a reason, for the
// payable of an award or for one line of its split.
//
//   1. What was calculated stays in the steps, beside the override, who entered it, who approved
//      it and why. The award and its shares say that they are overridden.
//   2. The difference is paid by the payer: it enters the award's amount and payable, and on the
//      way down to an overridden line what every level above it receives. Nobody else's share
//      changes.
//   3. An override holds for a contract and period until it is withdrawn, whatever is calculated
//      again meanwhile: the amount stays, the difference follows.
//   4. Overrides in effect enter the settlement as facts that nobody can record otherwise. So they
//      stand in the package of the award, and a replay gives the same bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/id.h"
#include "core/money.h"
#include "core/pg/database.h"
#include "performance/participants.h"
#include "performance/settlement.h"

namespace sluice::performance {

struct OverrideTag { static constexpr std::string_view kPrefix = "ovr"; };
using OverrideId = Id<OverrideTag>;

// Facts with this prefix are overrides; what is recorded under such a name is not read.
inline constexpr std::string_view kOverridePrefix = "override.";

// An approved override.
struct OverrideInEffect {
  OverrideId id;
  PartyId party;  // unset: the award
  PartyId under;  // unset: wherever the party stands
  Money amount;
  std::string reason;
  UserId author;
  UserId approver;
};

// Of each contract those for exactly this period that were approved and not withdrawn by the
// instant, of one line the one approved last.
std::map<ContractId, std::vector<OverrideInEffect>> OverridesInEffect(
    pg::Transaction& tx, std::span<const ContractId> contracts, const DateRange& period,
    Instant known_at);

// Removes facts that were recorded under the names of overrides, and sets those in effect.
void SetOverrideFacts(std::span<const OverrideInEffect> overrides, Facts& own,
                      ParticipantFacts& participants);

// Puts the override of the award, if there is one, in the place of what was calculated.
void OverrideAward(const SettlementInput& input, Award& award);
// The same for lines of the split. A line is known by its party and the next party above it.
void OverrideShares(const SettlementInput& input, Settlement& settlement);

// The line that an override is about: the first of that party (and under that parent, when it is
// set). Null when there is none.
const SplitShare* FindOverridable(std::span<const SplitShare> shares, PartyId party,
                                  PartyId under);
// How many lines would fit.
std::int64_t CountOverridable(std::span<const SplitShare> shares, PartyId party, PartyId under);
// The step that an override left in an award, with what was calculated as `before`. Null when it
// is not in effect there.
const Step* FindOverrideStep(const Award& award, OverrideId id);

}  // namespace sluice::performance
