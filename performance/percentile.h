// Where a percentile stands among sorted values. The definitions that contracts name give different
// dollars (PROGRAM_MATH 9.1), so each has its function, and everybody who needs one uses these.
#pragma once

#include <cstddef>
#include <span>

#include "core/money.h"

namespace sluice::performance {

// `part` of the way from the value `below`, counted from 0, to the one after it. A part of zero is
// that value itself.
struct PercentilePlace {
  std::size_t below = 0;
  Ratio part;
};

// Of `count` values the percentile `p`. Requires: count > 0 and 0 <= p <= 1.
// The value of rank ceil(p x count), counted from 1; of p = 0 the first.
PercentilePlace NearestRank(std::size_t count, const Ratio& p);
// R-7, a spreadsheet's PERCENTILE.INC: linear between the neighbors of p x (count - 1) from 0.
PercentilePlace Interpolated(std::size_t count, const Ratio& p);
// The value at ceil(p x (count - 1)) from 0: at that place, or else the next one above it.
PercentilePlace NextAbove(std::size_t count, const Ratio& p);

// Value is Exact or Ratio. Requires: `place` is one of as many values as `sorted` has, ascending
// or in the order from worst to best.
template <typename Value>
Value ValueAt(std::span<const Value> sorted, const PercentilePlace& place) {
  const Value& low = sorted[place.below];
  if (place.part.IsZero()) return low;
  return low + (sorted[place.below + 1] - low) * place.part;
}

}  // namespace sluice::performance
