#include "performance/participants.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sluice::performance {
namespace {

Facts FactsOf(const ParticipantFacts& facts, PartyId party, PartyId under) {
  Facts found;
  if (const auto all = facts.find({party, PartyId()}); all != facts.end()) found = all->second;
  const auto one = facts.find({party, under});
  if (under == PartyId() || one == facts.end()) return found;
  for (const auto& [name, value] : one->second.Values()) found.Set(name, value);
  for (const auto& [id, result] : one->second.Measures()) found.SetMeasure(id, result);
  return found;
}

Participant Walk(const hierarchy::HierarchySnapshot& snapshot, PartyId party, PartyId under,
                 std::size_t levels, const ParticipantFacts& facts) {
  Participant node{.party = party, .facts = FactsOf(facts, party, under)};
  if (const hierarchy::SnapshotParty* found = snapshot.Find(party)) node.name = found->name;
  if (levels == 0) return node;
  // One child may have several roles under one parent; it takes part once.
  std::optional<PartyId> last;
  for (const hierarchy::SnapshotEdge& edge : snapshot.Children(party)) {
    if (last == edge.child) continue;
    last = edge.child;
    node.children.push_back(Walk(snapshot, edge.child, party, levels - 1, facts));
  }
  return node;
}

// Standing by the dated facts of a participant; without them its affiliation is its standing.
StatusOr<bool> InStandingOn(const Participant& participant, Date day) {
  ASSIGN_OR_RETURN(const auto from, participant.facts.DateOf("standing_from"));
  ASSIGN_OR_RETURN(const auto to, participant.facts.DateOf("standing_to"));
  return (!from || *from <= day) && (!to || *to > day);
}

// A weight may be recorded as a count, a ratio or an amount (points are often dollars earned).
StatusOr<Ratio> WeightOf(const Participant& participant, const std::string& name) {
  const auto found = participant.facts.Values().find(name);
  if (found == participant.facts.Values().end()) {
    return FailedPrecondition("{} of participant {} ({})", name, participant.party,
                              participant.name);
  }
  if (const auto* amount = std::get_if<Exact>(&found->second)) {
    return *amount / Exact(Money::FromCents(100));
  }
  ASSIGN_OR_RETURN(const std::optional<Ratio> weight, participant.facts.RatioOf(name));
  return *weight;
}

StatusOr<SplitNode> Build(const Split& split, const Participant& participant, std::size_t depth,
                          Date day) {
  SplitNode node{
      .node_id = participant.party.Value(), .party = participant.party, .label = participant.name};
  if (depth >= split.levels.size()) return node;
  const SplitLevel& level = split.levels[depth];
  if (level.basis > SplitBasis::kWeights || !level.fixed_first.empty() ||
      level.refinement != SplitRefinement()) {
    return InvalidArgument("split: level {} cannot be built yet", depth + 1);
  }
  node.keep = level.keep;
  node.forfeit_to = level.forfeit_to;
  node.children.reserve(participant.children.size());
  for (const Participant& below : participant.children) {
    ASSIGN_OR_RETURN(SplitNode child, Build(split, below, depth + 1, day));
    if (level.basis == SplitBasis::kWeights) {
      ASSIGN_OR_RETURN(child.basis, WeightOf(below, level.weight_name));
    }
    ASSIGN_OR_RETURN(const bool stands, InStandingOn(below, day));
    if (!stands) child.ineligible = ReasonCode::kStandingLost;
    child.floor = level.floor;
    child.cap = level.cap;
    node.children.push_back(std::move(child));
  }
  return node;
}

}  // namespace

StatusOr<Participant> ParticipantsUnder(const hierarchy::HierarchySnapshot& snapshot, PartyId party,
                                        std::size_t levels, const ParticipantFacts& facts) {
  if (levels > 0 && snapshot.Find(party) == nullptr) {
    return NotFound("party {} is not in the hierarchy as of {}", party,
                    FormatDate(snapshot.Header().as_of));
  }
  return Walk(snapshot, party, PartyId(), levels, facts);
}

StatusOr<SplitNode> BuildSplitTree(const Split& split, const Participant& root, Date standing_day) {
  return Build(split, root, 0, standing_day);
}

}  // namespace sluice::performance
