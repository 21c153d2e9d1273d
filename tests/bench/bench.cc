#include "tests/bench/bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/check.h"

namespace sluice::bench {

void Rates::Add(std::int64_t units, std::int64_t micros) {
  CHECK(micros > 0);
  rates_.push_back(static_cast<double>(units) * 1e6 / static_cast<double>(micros));
}

double Rates::Median() const {
  CHECK(!rates_.empty());
  std::vector<double> sorted = rates_;
  std::ranges::sort(sorted);
  const std::size_t middle = sorted.size() / 2;
  if (sorted.size() % 2 == 1) return sorted[middle];
  return (sorted[middle - 1] + sorted[middle]) / 2;
}

double Rates::Spread() const {
  const auto [least, most] = std::ranges::minmax(rates_);
  return (most - least) / Median();
}

std::string Rates::Format(std::string_view what, std::string_view unit) const {
  std::string number = fmt::format("{:.0f}", Median());
  for (std::size_t at = number.size(); at > 3;) number.insert(at -= 3, 1, ',');
  return fmt::format("{}: {} {} (median of {} rounds, spread {:.1f} %{})", what, number, unit,
                     rates_.size(), Spread() * 100,
                     Spread() > 0.10 ? "; above 10 %: run again on a quiet machine" : "");
}

std::int64_t NowMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace sluice::bench
