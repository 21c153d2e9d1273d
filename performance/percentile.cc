#include "performance/percentile.h"

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

Ratio Times(std::size_t count, const Ratio& p) {
  return p * Ratio(static_cast<std::int64_t>(count));
}

void CheckArguments(std::size_t count, const Ratio& p) {
  CHECK(count > 0);
  CHECK(p.Sign() >= 0 && p <= Ratio(1));
}

}  // namespace

PercentilePlace NearestRank(std::size_t count, const Ratio& p) {
  CheckArguments(count, p);
  return {.below = std::max<std::size_t>(1, Ceiling(Times(count, p))) - 1};
}

PercentilePlace Interpolated(std::size_t count, const Ratio& p) {
  CheckArguments(count, p);
  const Ratio place = Times(count - 1, p);
  const std::size_t below = Floor(place);
  return {.below = below, .part = place - Ratio(static_cast<std::int64_t>(below))};
}

PercentilePlace NextAbove(std::size_t count, const Ratio& p) {
  CheckArguments(count, p);
  return {.below = Ceiling(Times(count - 1, p))};
}

}  // namespace sluice::performance
