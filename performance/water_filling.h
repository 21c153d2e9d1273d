// Dividing a pool in proportion to weights, between floors and caps, exactly.
//
// amount = clamp(lambda x weight, floor, cap) with the one lambda that makes the amounts sum to the
// pool. Fixing floor and cap violations one after the other can be wrong; lambda is not, so it is
// solved on the sorted break points floor/weight and cap/weight, in fractions.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/money.h"

namespace sluice::performance {

// One that takes part. Dollars. Requires: weight > 0, 0 <= floor <= cap.
struct Claim {
  Ratio weight;
  Ratio floor;
  std::optional<Ratio> cap;
};

struct Filling {
  // One amount for each claim, in dollars. They sum to the pool less `left_over`.
  std::vector<Ratio> amounts;
  // Dollars for each unit of weight; unset when the floors exceed the pool (they are pro-rated) or
  // the caps do not reach it (each claim has its cap).
  std::optional<Ratio> lambda;
  // The part of the pool above the sum of all caps.
  Ratio left_over;
  bool floors_prorated = false;
};

// Requires: pool >= 0 and at least one claim.
Filling FillPool(const Ratio& pool, std::span<const Claim> claims);

}  // namespace sluice::performance
