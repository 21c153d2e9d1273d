// The difference of two results, split into parts that add up exactly.
//
// With midpoint weights the split depends on no order: for segments s of weight w and price p,
//   difference = sum (w1 + w0) / 2 x (p1 - p0)   [rate]
//              + sum (p1 + p0) / 2 x (w1 - w0)   [mix]
// and the residual is zero as a fraction, not only after rounding. The same identity splits a rate
// into use and unit cost, or into risk and normalized cost.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/money.h"
#include "core/status.h"

namespace sluice::performance {

struct VarianceSegment {
  std::string name;
  Ratio weight;  // its share of the people, or its use
  Exact price;   // cost per person-year, or per unit
};

struct VarianceLine {
  std::string name;
  Exact rate;
  Exact mix;
};
struct Variance {
  Exact before;
  Exact after;
  Exact rate;
  Exact mix;
  Exact residual;                   // always zero; printed so that a reader sees it
  std::vector<VarianceLine> lines;  // in the order of the segments
  std::string ToText() const;
};

// InvalidArgument when the segments are not the same ones in the same order.
StatusOr<Variance> MidpointVariance(std::span<const VarianceSegment> before,
                                    std::span<const VarianceSegment> after);

}  // namespace sluice::performance
