#include "performance/episodes/percentile.h"

#include <algorithm>

#include "core/check.h"

namespace sluice::performance {
namespace {

// Requires: ratio >= 0.
std::size_t Floor(const Ratio& ratio) {
  const mpz_class whole = ratio.Numerator() / ratio.Denominator();
  return whole.get_ui();
}

std::size_t Ceiling(const Ratio& ratio) {
  const std::size_t floor = Floor(ratio);
  return Ratio(static_cast<std::int64_t>(floor)) == ratio ? floor : floor + 1;
}

}  // namespace

Exact Percentile(std::span<const Money> sorted, const Ratio& percentile,
                 PercentileDefinition definition) {
  CHECK(!sorted.empty());
  CHECK(percentile.Sign() >= 0 && percentile <= Ratio(1));
  const auto count = static_cast<std::int64_t>(sorted.size());
  if (definition == PercentileDefinition::kNearestRank) {
    const std::size_t rank = std::max<std::size_t>(1, Ceiling(percentile * Ratio(count)));
    return Exact(sorted[rank - 1]);
  }
  const Ratio place = percentile * Ratio(count - 1);
  if (definition == PercentileDefinition::kNextAbove) return Exact(sorted[Ceiling(place)]);
  const std::size_t below = Floor(place);
  const Exact low(sorted[below]);
  const Ratio part = place - Ratio(static_cast<std::int64_t>(below));
  if (part.IsZero()) return low;
  return low + (Exact(sorted[below + 1]) - low) * part;
}

}  // namespace sluice::performance
