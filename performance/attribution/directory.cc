#include "performance/attribution/directory.h"

#include <algorithm>
#include <iterator>

namespace sluice::performance {
namespace {

using hierarchy::IdentifierType;
using hierarchy::PartyKind;

void AddOnce(std::vector<PartyId>& parties, PartyId party) {
  const auto place = std::ranges::lower_bound(parties, party);
  if (place == parties.end() || *place != party) parties.insert(place, party);
}

const std::vector<PartyId>& At(const std::unordered_map<PartyId, std::vector<PartyId>>& map,
                               PartyId key) {
  static const std::vector<PartyId> kNone;
  const auto found = map.find(key);
  return found == map.end() ? kNone : found->second;
}

template <typename Map, typename Key>
auto FindIn(const Map& map, const Key& key) -> std::optional<typename Map::mapped_type> {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

}  // namespace

ProviderDirectory::ProviderDirectory(const hierarchy::HierarchySnapshot& snapshot,
                                     const std::vector<ProviderTaxonomy>& taxonomies,
                                     const AttributionMethod& method) {
  std::unordered_map<std::string, ProviderClass> of_taxonomy;
  for (const TaxonomyClass& entry : method.taxonomies) {
    of_taxonomy.emplace(entry.taxonomy, entry.provider_class);
  }
  for (const ProviderTaxonomy& entry : taxonomies) {
    const auto known = of_taxonomy.find(entry.taxonomy);
    if (known == of_taxonomy.end()) continue;
    const auto [place, is_new] = classes_.emplace(entry.npi, known->second);
    if (!is_new) place->second = std::min(place->second, known->second);
  }
  for (const hierarchy::SnapshotParty& party : snapshot.Parties()) {
    for (const hierarchy::Identifier& identifier : party.identifiers) {
      if (identifier.type == IdentifierType::kNpi) {
        npis_.emplace(party.id, identifier.value);
        if (party.kind == PartyKind::kProvider) providers_.emplace(identifier.value, party.id);
      } else if (identifier.type == IdentifierType::kTin) {
        tins_.emplace(party.id, identifier.value);
        if (party.kind == PartyKind::kPractice) practices_.emplace(identifier.value, party.id);
      }
    }
  }
  const auto kind_of = [&](PartyId id) { return snapshot.Find(id)->kind; };
  for (const hierarchy::SnapshotEdge& edge : snapshot.Edges()) {
    const PartyKind parent = kind_of(edge.parent), child = kind_of(edge.child);
    if (parent == PartyKind::kPractice && child == PartyKind::kProvider) {
      AddOnce(practices_of_[edge.child], edge.parent);
    } else if (parent == PartyKind::kPractice && child == PartyKind::kLocation) {
      AddOnce(locations_[edge.parent], edge.child);
    } else if (parent == PartyKind::kLocation && child == PartyKind::kProvider) {
      AddOnce(workplaces_[edge.child], edge.parent);
    } else if ((parent == PartyKind::kAco || parent == PartyKind::kIpa) &&
               child == PartyKind::kPractice) {
      AddOnce(organizations_[edge.child], edge.parent);
    }
  }
  std::unordered_map<PartyId, std::vector<PartyId>> practices_at;
  for (const auto& [practice, locations] : locations_) {
    for (const PartyId location : locations) AddOnce(practices_at[location], practice);
  }
  for (const auto& [provider, workplaces] : workplaces_) {
    for (const PartyId location : workplaces) {
      for (const PartyId practice : At(practices_at, location)) {
        AddOnce(practices_of_[provider], practice);
      }
    }
  }
}

std::optional<ProviderClass> ProviderDirectory::ClassOf(std::string_view npi) const {
  return FindIn(classes_, std::string(npi));
}

std::optional<PartyId> ProviderDirectory::ProviderOf(std::string_view npi) const {
  return FindIn(providers_, std::string(npi));
}

std::optional<PartyId> ProviderDirectory::PracticeOfTin(std::string_view tin) const {
  return FindIn(practices_, std::string(tin));
}

std::optional<PartyId> ProviderDirectory::OnlyPracticeOf(PartyId provider) const {
  const std::vector<PartyId>& practices = At(practices_of_, provider);
  if (practices.size() != 1) return std::nullopt;
  return practices.front();
}

bool ProviderDirectory::HasSeveralPractices(PartyId provider) const {
  return At(practices_of_, provider).size() > 1;
}

const std::vector<PartyId>& ProviderDirectory::OrganizationsOf(PartyId practice) const {
  return At(organizations_, practice);
}

std::optional<PartyId> ProviderDirectory::LocationOf(PartyId practice,
                                                     std::optional<PartyId> provider) const {
  const std::vector<PartyId>& locations = At(locations_, practice);
  std::vector<PartyId> common;
  if (provider) {
    std::ranges::set_intersection(locations, At(workplaces_, *provider),
                                  std::back_inserter(common));
  }
  if (common.size() == 1) return common.front();
  if (common.empty() && locations.size() == 1) return locations.front();
  return std::nullopt;
}

std::string ProviderDirectory::NpiOf(PartyId provider) const {
  return FindIn(npis_, provider).value_or("");
}

std::string ProviderDirectory::TinOf(PartyId practice) const {
  return FindIn(tins_, practice).value_or("");
}

}  // namespace sluice::performance
