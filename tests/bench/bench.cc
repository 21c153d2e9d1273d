#include "tests/bench/bench.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <fstream>

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

std::int64_t PeakMegabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::int64_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes / 1'024;
  }
  return 0;
}

std::int64_t OwnCpuMicros() {
  timespec used{};
  CHECK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0);
  return std::int64_t{used.tv_sec} * 1'000'000 + used.tv_nsec / 1'000;
}

std::int64_t ServerCpuMicros(int postmaster) {
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", postmaster));
  std::int64_t micros = 0;
  for (int child = 0; children >> child;) {
    std::int64_t nanos = 0;
    std::ifstream(fmt::format("/proc/{}/schedstat", child)) >> nanos;
    micros += nanos / 1'000;
  }
  return micros;
}

}  // namespace sluice::bench
