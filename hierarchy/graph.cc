#include "hierarchy/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/check.h"

namespace sluice::hierarchy {
namespace {

auto EdgeKey(const SnapshotEdge& edge) { return std::tie(edge.parent, edge.child, edge.role); }

// Walks down from a party toward a goal and collects every way there. The stack is our own, since
// a hierarchy may be deeper than the program's.
class PathFinder {
 public:
  // `worthwhile` holds the ancestors of the goal, by id: all other ways lead nowhere.
  PathFinder(const HierarchySnapshot& snapshot, const std::vector<PartyId>& worthwhile,
             PartyId goal, std::size_t limit)
      : snapshot_(snapshot), worthwhile_(worthwhile), goal_(goal), limit_(limit) {}

  // False when there are more paths than the limit.
  bool Walk(PartyId start) {
    if (start == goal_) return Collect();
    std::vector<std::span<const SnapshotEdge>> ahead = {snapshot_.Children(start)};
    while (!ahead.empty()) {
      if (ahead.back().empty()) {
        ahead.pop_back();
        if (!path_.empty()) path_.pop_back();
        continue;
      }
      const SnapshotEdge& edge = ahead.back().front();
      ahead.back() = ahead.back().subspan(1);
      if (edge.child == goal_) {
        path_.push_back(edge);
        if (!Collect()) return false;
        path_.pop_back();
      } else if (std::ranges::binary_search(worthwhile_, edge.child)) {
        path_.push_back(edge);
        ahead.push_back(snapshot_.Children(edge.child));
      }
    }
    return true;
  }

  std::vector<Path> Take() { return std::move(paths_); }

 private:
  bool Collect() {
    if (paths_.size() == limit_) return false;
    paths_.push_back(path_);
    return true;
  }

  const HierarchySnapshot& snapshot_;
  const std::vector<PartyId>& worthwhile_;
  PartyId goal_;
  std::size_t limit_;
  Path path_;
  std::vector<Path> paths_;
};

}  // namespace

StatusOr<HierarchySnapshot> HierarchySnapshot::Make(SnapshotHeader header,
                                                    std::vector<SnapshotParty> parties,
                                                    std::vector<SnapshotEdge> edges) {
  HierarchySnapshot snapshot;
  snapshot.header_ = header;
  snapshot.parties_ = std::move(parties);
  snapshot.edges_ = std::move(edges);
  std::ranges::sort(snapshot.parties_, {}, &SnapshotParty::id);
  for (SnapshotParty& party : snapshot.parties_) std::ranges::sort(party.identifiers);
  std::ranges::sort(snapshot.edges_, {}, EdgeKey);

  const auto same_party = std::ranges::adjacent_find(snapshot.parties_, {}, &SnapshotParty::id);
  if (same_party != snapshot.parties_.end()) {
    return InvalidArgument("{} is given twice in one snapshot", snapshot.NameOf(same_party->id));
  }
  for (const SnapshotEdge& edge : snapshot.edges_) {
    for (const PartyId end : {edge.parent, edge.child}) {
      if (!snapshot.IndexOf(end)) {
        return InvalidArgument("the edge {} > {} names {}, which is not in the snapshot",
                               edge.parent, edge.child, end);
      }
    }
    if (!edge.valid.Contains(header.as_of)) {
      return InvalidArgument("the edge {} > {} ({}) does not hold on {}", edge.parent, edge.child,
                             edge.valid.ToString(), FormatDate(header.as_of));
    }
  }
  const auto same_edge = std::ranges::adjacent_find(snapshot.edges_, {}, EdgeKey);
  if (same_edge != snapshot.edges_.end()) {
    return InvalidArgument("{} > {} as {} is given twice in one snapshot",
                           snapshot.NameOf(same_edge->parent), snapshot.NameOf(same_edge->child),
                           same_edge->role);
  }
  snapshot.Index();
  RETURN_IF_ERROR(snapshot.CheckAcyclic());
  return snapshot;
}

// Requires: parties and edges are sorted, and every edge's ends are among the parties.
void HierarchySnapshot::Index() {
  const std::size_t parties = parties_.size();
  const std::size_t edges = edges_.size();
  parent_index_.resize(edges);
  child_index_.resize(edges);
  first_child_.assign(parties + 1, 0);
  first_parent_.assign(parties + 1, 0);
  for (std::size_t i = 0; i < edges; ++i) {
    // Edges are sorted by parent, so consecutive edges mostly share it.
    const bool same = i > 0 && edges_[i].parent == edges_[i - 1].parent;
    parent_index_[i] = same ? parent_index_[i - 1] : IndexOf(edges_[i].parent).value();
    child_index_[i] = IndexOf(edges_[i].child).value();
    ++first_child_[parent_index_[i] + 1];
    ++first_parent_[child_index_[i] + 1];
  }
  for (std::size_t i = 0; i < parties; ++i) {
    first_child_[i + 1] += first_child_[i];
    first_parent_[i + 1] += first_parent_[i];
  }
  // Filled in edge order, so the edges of one child stay in the order of (parent, role).
  up_.resize(edges);
  std::vector<std::size_t> next(first_parent_.begin(), first_parent_.end() - 1);
  for (std::size_t i = 0; i < edges; ++i) up_[next[child_index_[i]]++] = i;

  for (std::size_t i = 0; i < parties; ++i) {
    for (std::size_t k = 0; k < parties_[i].identifiers.size(); ++k)
      by_identifier_.push_back({i, k});
  }
  std::ranges::sort(by_identifier_, {}, [this](const auto& place) -> const Identifier& {
    return parties_[place.first].identifiers[place.second];
  });
}

// Takes away parties without parents until none is left; what stays holds a cycle or is below one.
Status HierarchySnapshot::CheckAcyclic() const {
  std::vector<std::size_t> parents(parties_.size());
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < parties_.size(); ++i) {
    parents[i] = first_parent_[i + 1] - first_parent_[i];
    if (parents[i] == 0) ready.push_back(i);
  }
  std::size_t taken = 0;
  for (; taken < ready.size(); ++taken) {
    const std::size_t party = ready[taken];
    for (std::size_t e = first_child_[party]; e < first_child_[party + 1]; ++e) {
      if (--parents[child_index_[e]] == 0) ready.push_back(child_index_[e]);
    }
  }
  if (taken == parties_.size()) return OkStatus();

  // Everything that stays has a parent that stays: climbing must meet a party again.
  std::size_t at = 0;
  while (parents[at] == 0) ++at;
  std::vector<std::size_t> climb;
  while (std::ranges::find(climb, at) == climb.end()) {
    climb.push_back(at);
    std::size_t up = first_parent_[at];
    while (parents[parent_index_[up_[up]]] == 0) ++up;
    at = parent_index_[up_[up]];
  }
  climb.erase(climb.begin(), std::ranges::find(climb, at));
  std::string path = NameOf(parties_[at].id);
  for (auto step = climb.rbegin(); step != climb.rend(); ++step) {
    path += " > " + NameOf(parties_[*step].id);
  }
  return InvalidArgument("the hierarchy has a cycle on {}: {}", FormatDate(header_.as_of), path);
}

std::optional<std::size_t> HierarchySnapshot::IndexOf(PartyId party) const {
  const auto found = std::ranges::lower_bound(parties_, party, {}, &SnapshotParty::id);
  if (found == parties_.end() || found->id != party) return std::nullopt;
  return static_cast<std::size_t>(found - parties_.begin());
}

const SnapshotParty* HierarchySnapshot::Find(PartyId party) const {
  const auto index = IndexOf(party);
  return index ? &parties_[*index] : nullptr;
}

std::optional<PartyId> HierarchySnapshot::FindByIdentifier(const Identifier& identifier) const {
  const auto identifier_at = [this](const auto& place) -> const Identifier& {
    return parties_[place.first].identifiers[place.second];
  };
  const auto found = std::ranges::lower_bound(by_identifier_, identifier, {}, identifier_at);
  if (found == by_identifier_.end() || identifier_at(*found) != identifier) return std::nullopt;
  return parties_[found->first].id;
}

std::string HierarchySnapshot::NameOf(PartyId party) const {
  const SnapshotParty* const found = Find(party);
  return found ? fmt::format("{} ({})", found->name, party) : party.ToString();
}

std::span<const SnapshotEdge> HierarchySnapshot::Children(PartyId party) const {
  const auto index = IndexOf(party);
  if (!index) return {};
  return std::span(edges_).subspan(first_child_[*index],
                                   first_child_[*index + 1] - first_child_[*index]);
}

std::vector<SnapshotEdge> HierarchySnapshot::Parents(PartyId party) const {
  std::vector<SnapshotEdge> parents;
  const auto index = IndexOf(party);
  if (!index) return parents;
  for (std::size_t i = first_parent_[*index]; i < first_parent_[*index + 1]; ++i) {
    parents.push_back(edges_[up_[i]]);
  }
  return parents;
}

std::vector<PartyId> HierarchySnapshot::Reach(PartyId start, bool upward) const {
  std::vector<PartyId> reached;
  const auto index = IndexOf(start);
  if (!index) return reached;
  std::vector<bool> seen(parties_.size(), false);
  std::vector<std::size_t> frontier = {*index};
  seen[*index] = true;
  const auto& first = upward ? first_parent_ : first_child_;
  for (std::size_t next = 0; next < frontier.size(); ++next) {
    const std::size_t at = frontier[next];
    for (std::size_t i = first[at]; i < first[at + 1]; ++i) {
      const std::size_t other = upward ? parent_index_[up_[i]] : child_index_[i];
      if (seen[other]) continue;
      seen[other] = true;
      frontier.push_back(other);
      reached.push_back(parties_[other].id);
    }
  }
  std::ranges::sort(reached);
  return reached;
}

std::vector<PartyId> HierarchySnapshot::Ancestors(PartyId party) const {
  return Reach(party, true);
}

std::vector<PartyId> HierarchySnapshot::Descendants(PartyId party) const {
  return Reach(party, false);
}

StatusOr<std::vector<Path>> HierarchySnapshot::Paths(PartyId from, PartyId to,
                                                     std::size_t limit) const {
  if (!IndexOf(from) || !IndexOf(to)) return std::vector<Path>{};
  const std::vector<PartyId> worthwhile = Ancestors(to);
  PathFinder finder(*this, worthwhile, to, limit);
  if (!finder.Walk(from)) {
    return ResourceExhausted(
        "there are more than {} paths from {} to {}; ask between closer "
        "parties",
        limit, NameOf(from), NameOf(to));
  }
  return finder.Take();
}

StatusOr<std::vector<Path>> HierarchySnapshot::PathsFromRoots(PartyId party,
                                                              std::size_t limit) const {
  if (!IndexOf(party)) return std::vector<Path>{};
  const std::vector<PartyId> worthwhile = Ancestors(party);
  PathFinder finder(*this, worthwhile, party, limit);
  for (const PartyId root : worthwhile) {
    if (!Parents(root).empty()) continue;
    if (!finder.Walk(root)) {
      return ResourceExhausted("there are more than {} paths to {}; ask from one parent of it",
                               limit, NameOf(party));
    }
  }
  return finder.Take();
}

HierarchySnapshot HierarchySnapshot::Under(PartyId party) const {
  HierarchySnapshot slice;
  slice.header_ = header_;
  if (!IndexOf(party)) return slice;
  std::vector<PartyId> kept = Descendants(party);
  kept.insert(std::ranges::lower_bound(kept, party), party);
  // Both are in order of id already, and every edge downward from a kept party ends at a kept one.
  for (const PartyId id : kept) {
    slice.parties_.push_back(*Find(id));
    for (const SnapshotEdge& edge : Children(id)) slice.edges_.push_back(edge);
  }
  slice.Index();
  return slice;
}

}  // namespace sluice::hierarchy
