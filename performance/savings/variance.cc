#include "performance/savings/variance.h"

namespace sluice::performance {

StatusOr<Variance> MidpointVariance(std::span<const VarianceSegment> before,
                                    std::span<const VarianceSegment> after) {
  if (before.size() != after.size()) {
    return InvalidArgument("{} segments before and {} after", before.size(), after.size());
  }
  const Ratio half(1, 2);
  Variance result;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const VarianceSegment& was = before[i];
    const VarianceSegment& is = after[i];
    if (was.name != is.name) {
      return InvalidArgument("segment {} is '{}' before and '{}' after", i + 1, was.name, is.name);
    }
    VarianceLine line{.name = was.name,
                      .rate = (is.price - was.price) * ((is.weight + was.weight) * half),
                      .mix = (is.price + was.price) * half * (is.weight - was.weight)};
    result.before = result.before + was.price * was.weight;
    result.after = result.after + is.price * is.weight;
    result.rate = result.rate + line.rate;
    result.mix = result.mix + line.mix;
    result.lines.push_back(std::move(line));
  }
  result.residual = result.after - result.before - result.rate - result.mix;
  return result;
}

std::string Variance::ToText() const {
  std::string text = fmt::format("from {} to {}, by midpoint weights (no order)\n",
                                 before.ToString(2), after.ToString(2));
  for (const VarianceLine& line : lines) {
    text += fmt::format("  {:<16} rate {:>14}  mix {:>14}\n", line.name, line.rate.ToString(2),
                        line.mix.ToString(2));
  }
  return text + fmt::format("  {:<16} rate {:>14}  mix {:>14}  residual {}\n", "all",
                            rate.ToString(2), mix.ToString(2), residual.ToString(2));
}

}  // namespace sluice::performance
