// Who a rendering NPI and a billing TIN are in the hierarchy: what attribution asks per claim line.
//
// Made once from a snapshot and a table of taxonomies; then read-only, and safe from many threads.
// A provider or practice that is not in the hierarchy is known by its number alone, and competes:
// care outside the network must be able to win.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/id.h"
#include "hierarchy/graph.h"
#include "performance/attribution/method.h"

namespace sluice::performance {

struct ProviderTaxonomy {
  std::string npi;
  std::string taxonomy;
};

class ProviderDirectory {
 public:
  ProviderDirectory(const hierarchy::HierarchySnapshot& snapshot,
                    const std::vector<ProviderTaxonomy>& taxonomies,
                    const AttributionMethod& method);

  // The best class over the provider's taxonomies; none when it has none that the method names.
  std::optional<ProviderClass> ClassOf(std::string_view npi) const;
  std::optional<PartyId> ProviderOf(std::string_view npi) const;
  std::optional<PartyId> PracticeOfTin(std::string_view tin) const;
  // The practice when the provider belongs to exactly one, directly or through a location.
  std::optional<PartyId> OnlyPracticeOf(PartyId provider) const;
  bool HasSeveralPractices(PartyId provider) const;
  // The organizations (ACO, IPA) directly above a practice, by id.
  const std::vector<PartyId>& OrganizationsOf(PartyId practice) const;
  // The one location of the practice at which the provider works; else the practice's only one.
  std::optional<PartyId> LocationOf(PartyId practice, std::optional<PartyId> provider) const;
  // Empty when the party has none.
  std::string NpiOf(PartyId provider) const;
  std::string TinOf(PartyId practice) const;

 private:
  std::unordered_map<std::string, ProviderClass> classes_;
  std::unordered_map<std::string, PartyId> providers_;
  std::unordered_map<std::string, PartyId> practices_;
  std::unordered_map<PartyId, std::string> npis_;
  std::unordered_map<PartyId, std::string> tins_;
  std::unordered_map<PartyId, std::vector<PartyId>> practices_of_;
  std::unordered_map<PartyId, std::vector<PartyId>> organizations_;
  std::unordered_map<PartyId, std::vector<PartyId>> locations_;   // of a practice
  std::unordered_map<PartyId, std::vector<PartyId>> workplaces_;  // locations of a provider
};

}  // namespace sluice::performance
