// Which element of a list became which element of the list after it. Internal to the redline.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "performance/terms_tree.h"

namespace sluice::performance {

struct ListPairing {
  // Old position to new position, by old position.
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  // The pairs, in the same order, that changed their place among the others: the fewest whose
  // removal leaves the rest in order.
  std::vector<bool> moved;
  std::vector<std::size_t> removed;  // old positions without a partner
  std::vector<std::size_t> added;    // new positions without a partner
};

// Requires: both are lists. The same lists give the same pairing.
ListPairing PairElements(const TermNode& before, const TermNode& after);

}  // namespace sluice::performance
