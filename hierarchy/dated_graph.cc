#include "hierarchy/dated_graph.h"

#include <algorithm>
#include <unordered_set>

#include "core/check.h"

namespace sluice::hierarchy {
namespace {

// The edges that can be part of a cycle: those left after parties without parents, and then
// parties without children, have been taken away again and again.
std::vector<const Affiliation*> CyclicCore(std::vector<const Affiliation*> edges) {
  for (;;) {
    std::unordered_map<PartyId, std::size_t> parents;
    std::unordered_map<PartyId, std::vector<const Affiliation*>> down;
    for (const Affiliation* edge : edges) {
      ++parents[edge->child];
      parents.try_emplace(edge->parent, 0);
      down[edge->parent].push_back(edge);
    }
    std::vector<PartyId> ready;
    for (const auto& [party, count] : parents) {
      if (count == 0) ready.push_back(party);
    }
    std::unordered_set<PartyId> gone(ready.begin(), ready.end());
    for (std::size_t next = 0; next < ready.size(); ++next) {
      const PartyId at = ready[next];
      for (const Affiliation* edge : down[at]) {
        if (--parents[edge->child] > 0) continue;
        gone.insert(edge->child);
        ready.push_back(edge->child);
      }
    }
    const std::size_t before = edges.size();
    // What hangs below a cycle without leading back is taken away in the same way, from below.
    std::unordered_map<PartyId, std::size_t> children;
    for (const Affiliation* edge : edges) {
      if (!gone.contains(edge->parent)) ++children[edge->parent];
    }
    std::erase_if(edges, [&](const Affiliation* edge) {
      return gone.contains(edge->parent) || !children.contains(edge->child);
    });
    if (edges.size() == before) return edges;
  }
}

// Depth first over the edges that hold on the day; the walk from a party that is met again.
std::optional<Cycle> CycleOn(Date day, std::span<const Affiliation* const> edges) {
  std::unordered_map<PartyId, std::vector<PartyId>> down;
  std::vector<PartyId> starts;
  for (const Affiliation* edge : edges) {
    if (!edge->valid.Contains(day)) continue;
    auto& children = down[edge->parent];
    if (children.empty()) starts.push_back(edge->parent);
    children.push_back(edge->child);
  }
  std::ranges::sort(starts);
  std::unordered_set<PartyId> done;
  for (const PartyId start : starts) {
    std::vector<PartyId> walk = {start};
    std::vector<std::size_t> next = {0};
    std::unordered_set<PartyId> on_walk = {start};
    while (!walk.empty()) {
      const auto found = down.find(walk.back());
      const bool finished =
          done.contains(walk.back()) || found == down.end() || next.back() == found->second.size();
      if (finished) {
        done.insert(walk.back());
        on_walk.erase(walk.back());
        walk.pop_back();
        next.pop_back();
        continue;
      }
      const PartyId child = found->second[next.back()++];
      if (on_walk.contains(child)) {
        walk.erase(walk.begin(), std::ranges::find(walk, child));
        walk.push_back(child);
        return Cycle{std::move(walk), day};
      }
      walk.push_back(child);
      next.push_back(0);
      on_walk.insert(child);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Cycle> FindCycle(std::span<const Affiliation> affiliations) {
  std::vector<const Affiliation*> edges;
  edges.reserve(affiliations.size());
  for (const Affiliation& affiliation : affiliations) {
    if (!affiliation.withdrawn) edges.push_back(&affiliation);
  }
  edges = CyclicCore(std::move(edges));
  // A cycle lives on a range of days that begins with the first day of one of its edges.
  std::vector<Date> days;
  for (const Affiliation* edge : edges) days.push_back(edge->valid.from);
  std::ranges::sort(days);
  days.erase(std::unique(days.begin(), days.end()), days.end());
  for (const Date day : days) {
    if (auto cycle = CycleOn(day, edges)) return cycle;
  }
  return std::nullopt;
}

std::optional<Cycle> DatedGraph::WouldClose(PartyId parent, PartyId child,
                                            const DateRange& valid) const {
  if (parent == child) return Cycle{{parent, parent}, valid.from};
  // All edges below the child that share a day with the new one.
  std::vector<Affiliation> below;
  std::vector<PartyId> frontier = {child};
  std::unordered_set<PartyId> seen = {child};
  for (std::size_t next = 0; next < frontier.size(); ++next) {
    const PartyId at = frontier[next];
    const auto found = down_.find(at);
    if (found == down_.end()) continue;
    for (const Edge& edge : found->second) {
      if (!edge.valid.Overlaps(valid)) continue;
      below.push_back({at, edge.child, {}, edge.valid, false});
      if (seen.insert(edge.child).second) frontier.push_back(edge.child);
    }
  }
  if (!seen.contains(parent)) return std::nullopt;
  below.push_back({parent, child, {}, valid, false});
  return FindCycle(below);
}

void DatedGraph::Add(PartyId parent, PartyId child, const DateRange& valid) {
  down_[parent].push_back({child, valid});
}

void DatedGraph::RemoveLast(PartyId parent) {
  auto& edges = down_[parent];
  CHECK(!edges.empty());
  edges.pop_back();
}

}  // namespace sluice::hierarchy
