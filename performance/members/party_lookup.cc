#include "performance/members/party_lookup.h"

#include <algorithm>
#include <vector>

#include "hierarchy/hierarchy_store.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kRemembered = 100'000;

}  // namespace

PartyLookup::PartyLookup(pg::Transaction& tx, PayerId payer)
    : tx_(tx), payer_(payer), version_(hierarchy::ReadHead(tx, payer).version) {}

std::optional<PartyId> PartyLookup::Find(const hierarchy::Identifier& identifier, Date on) {
  if (parties_.size() > kRemembered) parties_.clear();
  const auto [at, added] = parties_.try_emplace({identifier, on});
  if (added) at->second = hierarchy::FindIdentified(tx_, payer_, version_, on, identifier);
  return at->second;
}

bool PartyLookup::IsUnder(PartyId child, PartyId parent, Date on) {
  return ParentsOf(child, on).contains(parent);
}

bool PartyLookup::WorksAt(PartyId provider, PartyId practice, Date on) {
  const std::set<PartyId> places = ParentsOf(provider, on);
  return places.contains(practice) ||
         std::ranges::any_of(places, [&](PartyId place) { return IsUnder(place, practice, on); });
}

bool PartyLookup::IsWithin(PartyId party, PartyId ancestor, Date on) {
  std::set<PartyId> seen = {party};
  std::vector<PartyId> open = {party};
  while (!open.empty()) {
    const PartyId next = open.back();
    open.pop_back();
    if (next == ancestor) return true;
    for (const PartyId parent : ParentsOf(next, on)) {
      if (seen.insert(parent).second) open.push_back(parent);
    }
  }
  return false;
}

const std::set<PartyId>& PartyLookup::ParentsOf(PartyId child, Date on) {
  if (parents_.size() > kRemembered) parents_.clear();
  const auto [at, added] = parents_.try_emplace({child, on});
  if (added) {
    for (const hierarchy::Affiliation& edge :
         hierarchy::LoadAffiliations(tx_, payer_, version_, on, {child},
                                     hierarchy::Direction::kToParents)) {
      at->second.insert(edge.parent);
    }
  }
  return at->second;
}

}  // namespace sluice::performance
