// How an award goes down the hierarchy, as contract terms.
//
//   1. One level for each generation below the contract's party. At each node: the keep share,
//      then the fixed-first items, then the rest over the members (or over role pools, and each
//      pool over its members) by weight = basis x quality x part of the period.
//   2. Names are those of the members' facts (performance/facts.h). A weight that is missing blocks
//      the split; it is never read as zero.
//   3. What a level says beyond weights and bounds is in its refinement. A level without one is
//      written and hashed as it was before refinements existed.
//
// The tree that comes of it is built by performance/participants.h and split by
// performance/split.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/id.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::performance {

// The day on which a party must be in standing. A gate asks on the first two only.
enum class StandingDay : std::uint8_t {
  kPayDate = 0,
  kPeriodEnd = 1,       // the last day of the performance period
  kSettlementDate = 2,  // the contract's date fact "settlement_date"
  kServiceDate = 3,     // any day of the period: who served in it is paid for it
};

// Where an amount goes that its party does not receive.
enum class ForfeitTo : std::uint8_t { kPool = 0, kParent = 1, kPayer = 2 };

// What is the weight of a member. Each but the first and last reads a fact of the member; its
// usual name is in DefaultWeightName().
enum class SplitBasis : std::uint8_t {
  kEqual = 0,
  kWeights = 1,  // a fact that the level names
  kMemberMonths = 2,
  kRiskWeightedMemberMonths = 3,  // member months x risk score
  kPoints = 4,
  kAllowedDollars = 5,
  kRelativeValueUnits = 6,
  kFte = 7,
  kManual = 8,     // percentages, in the terms or as facts
  kRolePools = 9,  // by the pools of the level
};
enum class LossSplit : std::uint8_t { kKeptByParty = 0, kMirrored = 1 };

// How a member that joined or left inside the period weighs.
enum class Proration : std::uint8_t {
  kNone = 0,              // whole
  kDays = 1,              // days affiliated / days of the period
  kMonthsOnFirstDay = 2,  // months on whose first day it was affiliated / months of the period
  kMonthsAnyDay = 3,      // months on some day of which it was affiliated / months of the period
};
// Who takes part: whoever is in the hierarchy on its day, or on any day of the period.
enum class Membership : std::uint8_t { kOnDay = 0, kDuringPeriod = 1 };

// From a score of `at_least` on, the factor. Equality holds.
struct FactorStep {
  Ratio at_least;
  Ratio factor;
  friend bool operator==(const FactorStep&, const FactorStep&) = default;
};
// A factor from a ratio fact of the member: the highest step it reaches, zero below the first. With
// no steps, the score itself, cut to 0..1.
struct ScoreFactor {
  std::string fact;
  std::vector<FactorStep> steps;  // growing
  friend bool operator==(const ScoreFactor&, const ScoreFactor&) = default;
};
// A part of a member's share that it has to earn: 75 % by its score, 25 % by attendance.
struct EarnedPart {
  Rate share;
  ScoreFactor by;
  friend bool operator==(const EarnedPart&, const EarnedPart&) = default;
};
struct ScoreMinimum {
  std::string fact;
  Ratio at_least;
  friend bool operator==(const ScoreMinimum&, const ScoreMinimum&) = default;
};
// What goes to the members that meet every minimum, by the same weights. The rest of what was
// forfeited goes where the level says.
struct Redistribution {
  Rate share = Rate::FromPercent(100);
  std::vector<ScoreMinimum> when;
  friend bool operator==(const Redistribution&, const Redistribution&) = default;
};
// A percentage that the contract states by name. `under` is the party above; unset, the contract's
// party.
struct ManualShare {
  PartyId under;
  PartyId party;
  Rate share;
  friend bool operator==(const ManualShare&, const ManualShare&) = default;
};

struct SplitRefinement {
  std::string risk_name;               // of kRiskWeightedMemberMonths; empty: "risk_score"
  std::optional<ScoreFactor> quality;  // multiplies the weight
  std::vector<EarnedPart> earned;      // none: all of a share is earned
  std::optional<Redistribution> redistribution;
  std::vector<ManualShare> shares;  // of kManual; none: the members' facts
  Proration proration = Proration::kNone;
  friend bool operator==(const SplitRefinement&, const SplitRefinement&) = default;
};

// An amount before the weights: administration, reserve, deficit.
struct FixedItem {
  std::string label;
  PartyId party;  // who receives it; unset: the node itself
  // Dollars, a share of what the node receives, or an amount fact of the node.
  std::variant<Money, Rate, std::string> amount;
  friend bool operator==(const FixedItem&, const FixedItem&) = default;
};

// A share for everybody in some roles, divided by a rule of its own.
struct RolePool {
  std::string name;  // "physicians", "advanced practice", "staff"
  Rate share;        // of what the node receives
  // A child belongs when one of its affiliation roles, or its party kind, is listed.
  std::vector<std::string> roles;
  std::vector<std::string> kinds;  // "provider", "office_employee", "community_organization", ...
  SplitBasis basis = SplitBasis::kEqual;
  std::string weight_name;
  std::optional<Money> floor;
  std::optional<Money> cap;
  ForfeitTo forfeit_to = ForfeitTo::kPool;
  SplitRefinement refinement;
  friend bool operator==(const RolePool&, const RolePool&) = default;
};

struct SplitLevel {
  Rate keep;  // the share that stays with the node before its children are paid
  SplitBasis basis = SplitBasis::kEqual;
  std::string weight_name;  // empty: the usual name of the basis; of kWeights it is required
  std::optional<Money> floor;
  std::optional<Money> cap;
  ForfeitTo forfeit_to = ForfeitTo::kPool;  // the share of a node that lost its standing
  SplitRefinement refinement;
  std::vector<FixedItem> fixed_first;
  std::vector<RolePool> pools;  // of kRolePools: with the keep share they make 100 %
  friend bool operator==(const SplitLevel&, const SplitLevel&) = default;
};
struct Split {
  std::vector<SplitLevel> levels;
  LossSplit losses = LossSplit::kKeptByParty;
  StandingDay standing = StandingDay::kPayDate;
  Membership membership = Membership::kOnDay;
  friend bool operator==(const Split&, const Split&) = default;
};

// "member_months", "points", ...; empty for kEqual, kWeights and kRolePools.
std::string_view DefaultWeightName(SplitBasis basis);
// The name of the fact that a basis reads: the one that is given, or the usual one.
std::string WeightName(SplitBasis basis, const std::string& given);
// "equally", "by member months x risk score", ...
std::string DescribeBasis(SplitBasis basis, const std::string& weight_name);

// Whether percentages make a whole. Printed ones may miss it by a tenth of a percent.
enum class WholeShares : std::uint8_t { kExact, kRenormalize, kRefuse };
WholeShares JudgeShares(const Ratio& sum);

// Whether the split reads roles, party kinds or the days of affiliations.
bool ReadsAffiliations(const Split& split);

// InvalidArgument names the level and the rule that it breaks.
Status ValidateSplit(const Split& split);
// One clause for each level: "keep 33 %, rest by member_months; then ...".
std::string DescribeSplit(const Split& split);

}  // namespace sluice::performance
