// Cycles over time: whether there is any day on which the hierarchy would contain itself.
//
// Two edges that never hold on the same day close no cycle together. Both questions below are
// exact in that, and cheap in the usual case: only edges that would form a cycle with all dates
// ignored are looked at day by day.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "hierarchy/affiliation.h"

namespace sluice::hierarchy {

// A walk that ends where it begins: parties[0] > parties[1] > ... > parties[0], on `day`.
struct Cycle {
  std::vector<PartyId> parties;
  Date day{};
};

// A cycle among the affiliations that are not withdrawn, on the first day that has one.
std::optional<Cycle> FindCycle(std::span<const Affiliation> affiliations);

// Grows edge by edge and knows, before each, whether it would close a cycle. Slower in total than
// FindCycle over all edges at once; for telling which of many edges is to blame.
class DatedGraph {
 public:
  // The cycle that the edge would close with those added before, if any.
  std::optional<Cycle> WouldClose(PartyId parent, PartyId child, const DateRange& valid) const;
  void Add(PartyId parent, PartyId child, const DateRange& valid);
  // Takes back the last edge added below the parent. Requires: there is one.
  void RemoveLast(PartyId parent);

 private:
  struct Edge {
    PartyId child;
    DateRange valid;
  };

  std::unordered_map<PartyId, std::vector<Edge>> down_;
};

}  // namespace sluice::hierarchy
