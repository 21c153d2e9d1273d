// Contracts that the tests of versions, texts and the life cycle share. Made-up numbers.
#pragma once

#include "performance/terms.h"

namespace sluice::performance {

// Shared savings and losses with a target, a feed whose breach suspends losses, payments from the
// pool "Savings pool", and a split over one generation.
Terms SavingsContract();
// One of everything that the published schema had when this was written, operations included.
Terms EveryTerm();

}  // namespace sluice::performance
