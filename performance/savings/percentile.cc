#include "performance/savings/percentile.h"

#include <algorithm>

namespace sluice::performance {
namespace {

// The whole part of a ratio that is not negative.
std::size_t Floor(const Ratio& ratio) {
  const mpz_class whole = ratio.Numerator() / ratio.Denominator();
  return whole.get_ui();
}

}  // namespace

StatusOr<Exact> Percentile(std::span<const Exact> amounts, const Ratio& p, PercentileRule rule) {
  if (amounts.empty()) return InvalidArgument("a percentile needs at least one amount");
  if (p.Sign() <= 0 || p >= Ratio(1)) {
    return InvalidArgument("a percentile is between 0 and 1, not {}", p.ToString());
  }
  std::vector<Exact> sorted(amounts.begin(), amounts.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t last = sorted.size() - 1;
  const auto count = static_cast<std::int64_t>(sorted.size());
  if (rule == PercentileRule::kInterpolated) {
    const Ratio place = p * Ratio(count - 1);  // counted from 0
    const std::size_t below = Floor(place);
    const Ratio part = place - Ratio(static_cast<std::int64_t>(below));
    const std::size_t above = std::min(below + 1, last);
    return sorted[below] + (sorted[above] - sorted[below]) * part;
  }
  const Ratio rank = p * Ratio(count);
  const std::size_t floor = Floor(rank);
  const bool whole = rank == Ratio(static_cast<std::int64_t>(floor));
  const std::size_t nearest = (whole ? floor : floor + 1) - 1;  // counted from 0
  if (rule == PercentileRule::kNearestRank) return sorted[nearest];
  return sorted[std::min(nearest + 1, last)];
}

}  // namespace sluice::performance
