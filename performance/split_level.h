// One level of a split: a pool over the children of one node, and what becomes of the shares that
// were not earned. Internal to performance/split.
//
//   granted - forfeited + again is what a child receives;
//   the sum of these, the level's forfeits and what is left over is the pool.
#pragma once

#include <string>
#include <vector>

#include "core/money.h"
#include "performance/split.h"

namespace sluice::performance {

// What one child gets from a level's pool.
struct ChildShare {
  const SplitNode* node = nullptr;
  Ratio weight;     // with standing
  Ratio claim;      // the weight that takes part in the division
  Exact exact;      // before floors and caps
  Money granted;    // what the division gives it
  Money forfeited;  // of what was granted: without standing all of it, else what was not earned
  Money again;      // its part of what others forfeited
  std::vector<ReasonCode> notes;
  std::string detail;
};

struct SplitLevelShares {
  std::vector<ChildShare> children;  // by node id
  Money forfeited;                   // and not shared again
  Money left_over;                   // beyond all caps, or nobody to take it
};

// Requires: pool >= 0 and a node that SplitAward accepts.
SplitLevelShares DivideLevel(const SplitNode& node, Money pool);

}  // namespace sluice::performance
