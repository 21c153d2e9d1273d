// All affiliations of a payer with their days, as known at one change: for questions about many
// days at once. A snapshot (hierarchy/graph.h) is of one day.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "hierarchy/affiliation.h"

namespace sluice::hierarchy {

class AffiliationsOverTime {
 public:
  // `affiliations` without withdrawn ones, in any order; they have no cycle on any day.
  AffiliationsOverTime(std::int64_t version, std::span<const Affiliation> affiliations);

  std::int64_t Version() const { return version_; }

  // Whether `child` is `ancestor` or somewhere below it on the day.
  bool IsWithin(PartyId child, PartyId ancestor, Date day) const;

  // The parties directly below `top` through which `child` is within it on the day, ascending;
  // `child` itself when it is directly below. Empty when it is not below `top`.
  std::vector<PartyId> BranchesTo(PartyId child, PartyId top, Date day) const;

  // The days of the closed period, but for its first, on which an affiliation at or below `top`
  // begins or no longer holds; ascending. Between two of them the hierarchy under `top` is the
  // same. An affiliation is below `top` when its parent could be reached on any day of the period.
  std::vector<Date> ChangeDays(PartyId top, const DateRange& period) const;

 private:
  struct Edge {
    PartyId other;
    DateRange valid;
  };
  using Edges = std::unordered_map<PartyId, std::vector<Edge>>;

  std::int64_t version_;
  Edges up_;    // by child
  Edges down_;  // by parent
};

}  // namespace sluice::hierarchy
