#include "hierarchy/affiliations_over_time.h"

#include <set>
#include <unordered_set>

#include "core/check.h"

namespace sluice::hierarchy {

AffiliationsOverTime::AffiliationsOverTime(std::int64_t version,
                                           std::span<const Affiliation> affiliations)
    : version_(version) {
  for (const Affiliation& span : affiliations) {
    CHECK(!span.withdrawn);
    up_[span.child].push_back({span.parent, span.valid});
    down_[span.parent].push_back({span.child, span.valid});
  }
}

bool AffiliationsOverTime::IsWithin(PartyId child, PartyId ancestor, Date day) const {
  if (child == ancestor) return true;
  std::vector<PartyId> frontier = {child};
  std::unordered_set<PartyId> seen = {child};
  while (!frontier.empty()) {
    const PartyId party = frontier.back();
    frontier.pop_back();
    const auto parents = up_.find(party);
    if (parents == up_.end()) continue;
    for (const Edge& edge : parents->second) {
      if (!edge.valid.Contains(day)) continue;
      if (edge.other == ancestor) return true;
      if (seen.insert(edge.other).second) frontier.push_back(edge.other);
    }
  }
  return false;
}

std::vector<PartyId> AffiliationsOverTime::BranchesTo(PartyId child, PartyId top,
                                                      Date day) const {
  std::set<PartyId> branches;
  const auto below = down_.find(top);
  if (below == down_.end()) return {};
  for (const Edge& edge : below->second) {
    if (edge.valid.Contains(day) && IsWithin(child, edge.other, day)) branches.insert(edge.other);
  }
  return {branches.begin(), branches.end()};
}

std::vector<Date> AffiliationsOverTime::ChangeDays(PartyId top, const DateRange& period) const {
  CHECK(period.to.has_value());
  std::set<Date> days;
  std::vector<PartyId> frontier = {top};
  std::unordered_set<PartyId> seen = {top};
  while (!frontier.empty()) {
    const PartyId party = frontier.back();
    frontier.pop_back();
    const auto children = down_.find(party);
    if (children == down_.end()) continue;
    for (const Edge& edge : children->second) {
      if (!edge.valid.Overlaps(period)) continue;
      if (edge.valid.from > period.from) days.insert(edge.valid.from);
      if (edge.valid.to && *edge.valid.to < *period.to) days.insert(*edge.valid.to);
      if (seen.insert(edge.other).second) frontier.push_back(edge.other);
    }
  }
  return {days.begin(), days.end()};
}

}  // namespace sluice::hierarchy
