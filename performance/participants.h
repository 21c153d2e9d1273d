// Who is below a contract's party: the slice of the hierarchy that one split walks, with the facts
// about each participant.
//
// The slice is a tree. A party that is reached on two ways stands in it twice, once for each way,
// and is paid once for each. Children are in the order of their party ids, so the same hierarchy
// gives the same slice, text and hash, whatever else the hierarchy holds.
#pragma once

#include <compare>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "hierarchy/graph.h"
#include "performance/facts.h"
#include "performance/split.h"
#include "performance/terms.h"

namespace sluice::performance {

// Facts that the slice itself adds when the split reads them (ReadsAffiliations): the roles and
// days of the affiliations with the party above, and the kind of the party. They are texts, so that
// they stand in the package of an award like any other fact.
inline constexpr std::string_view kAffiliationFact = "affiliation";
inline constexpr std::string_view kPartyKindFact = "party_kind";

struct Participant {
  PartyId party;
  std::string name;
  // What the split asks about it: weights and scores by name, standing_from, standing_to.
  Facts facts;
  std::vector<Participant> children;

  friend bool operator==(const Participant&, const Participant&) = default;
};

// Whom a participant's facts are about. A person who works in two practices has an allocation for
// each: `under` is the party above. Unset, the facts hold under every parent.
struct ParticipantKey {
  PartyId party;
  PartyId under;
  friend auto operator<=>(const ParticipantKey&, const ParticipantKey&) = default;
};
using ParticipantFacts = std::map<ParticipantKey, Facts>;

// An affiliation with the party above, in one role.
struct RoleSpan {
  std::string role;
  DateRange valid;
  friend bool operator==(const RoleSpan&, const RoleSpan&) = default;
};
// "physician:2025-01-01/2025-07-01,owner:2025-01-01/-".
std::string FormatAffiliation(std::span<const RoleSpan> spans);
StatusOr<std::vector<RoleSpan>> ParseAffiliation(std::string_view text);

// The tree under `party`, `levels` generations deep. Facts under a parent override those that hold
// everywhere. NotFound when the party is not in the snapshot and levels > 0.
StatusOr<Participant> ParticipantsUnder(const hierarchy::HierarchySnapshot& snapshot, PartyId party,
                                        std::size_t levels, const ParticipantFacts& facts);

// The hierarchy that a split walks: as of its day, and, where terms take whoever was a member on
// any day of the period, as of the other days on which an affiliation began or ended.
struct HierarchyView {
  const hierarchy::HierarchySnapshot& on_day;
  // In any order, of the same version as `on_day`.
  std::span<const hierarchy::HierarchySnapshot> other_days = {};
};
// The tree that a split walks. As above; InvalidArgument when a snapshot of another day is of
// another version.
StatusOr<Participant> ParticipantsOf(const Split& split, const HierarchyView& view, PartyId party,
                                     const ParticipantFacts& facts, const DateRange& period);

// What the split asks the calendar.
struct SplitDates {
  Date standing_day{};  // not read when the terms ask on the day of service
  DateRange period;     // closed; read for pro-rating and on the day of service
};

// The split tree of a contract: its participants under the rules of its terms.
//
// FailedPrecondition names the participant and the fact when a weight, score or amount is missing;
// a missing weight is never read as zero. InvalidArgument when stated percentages do not sum.
StatusOr<SplitNode> BuildSplitTree(const Split& split, const Participant& root,
                                   const SplitDates& dates);

}  // namespace sluice::performance
