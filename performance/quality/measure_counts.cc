#include "performance/quality/measure_counts.h"

#include <algorithm>
#include <utility>

namespace sluice::performance {

// A contract has some dozens of measures, and a member's rows name them in their order: the next
// one after the last is likely.
std::size_t MeasureCounts::IndexOf(std::string_view measure_id) {
  const std::size_t next = index_ == kNone ? 0 : index_ + 1;
  for (std::size_t i = next; i < totals_.size(); ++i) {
    if (totals_[i].measure_id == measure_id) return i;
  }
  for (std::size_t i = 0; i < std::min(next, totals_.size()); ++i) {
    if (totals_[i].measure_id == measure_id) return i;
  }
  totals_.push_back({.measure_id = std::string(measure_id)});
  return totals_.size() - 1;
}

void MeasureCounts::Count() {
  if (index_ == kNone || !met_) return;
  ++totals_[index_].denominator;
  if (*met_) ++totals_[index_].numerator;
}

void MeasureCounts::Add(std::int64_t member, std::string_view measure_id,
                        std::optional<bool> met) {
  if (index_ == kNone || member != member_ || totals_[index_].measure_id != measure_id) {
    Count();
    index_ = IndexOf(measure_id);
    member_ = member;
  }
  met_ = met;
}

std::vector<MeasureTotal> MeasureCounts::Take() {
  Count();
  index_ = kNone;
  std::vector<MeasureTotal> totals = std::exchange(totals_, {});
  std::ranges::sort(totals, {}, &MeasureTotal::measure_id);
  return totals;
}

}  // namespace sluice::performance
