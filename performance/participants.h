// Who is below a contract's party: the slice of the hierarchy that one split walks, with the facts
// about each participant.
//
// The slice is a tree. A party that is reached on two ways stands in it twice, once for each way,
// and is paid once for each. Children are in the order of their party ids, so the same hierarchy
// gives the same slice, text and hash, whatever else the hierarchy holds.
#pragma once

#include <compare>
#include <map>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/id.h"
#include "core/status.h"
#include "hierarchy/graph.h"
#include "performance/facts.h"
#include "performance/split.h"
#include "performance/terms.h"

namespace sluice::performance {

struct Participant {
  PartyId party;
  std::string name;
  // What the split asks about it: weights by name, standing_from, standing_to.
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

// The tree under `party`, `levels` generations deep. Facts under a parent override those that hold
// everywhere. NotFound when the party is not in the snapshot and levels > 0.
StatusOr<Participant> ParticipantsUnder(const hierarchy::HierarchySnapshot& snapshot, PartyId party,
                                        std::size_t levels, const ParticipantFacts& facts);

// The split tree of a contract: its participants under the rules of its terms, on the day standing
// is asked for. FailedPrecondition names the participant and the fact when a weight is missing;
// a missing weight is never read as zero.
StatusOr<SplitNode> BuildSplitTree(const Split& split, const Participant& root, Date standing_day);

}  // namespace sluice::performance
