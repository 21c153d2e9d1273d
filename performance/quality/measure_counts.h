// Counts of member results: how many members are in the denominator of each measure of a contract,
// and how many of them met it.
//
// Pure, and without memory of members: of a member and measure whose result was corrected the rows
// follow each other, and the last one counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "performance/member_year.h"

namespace sluice::performance {

class MeasureCounts {
 public:
  // Rows of one member and measure come one after the other, the one recorded last at the end.
  // Without `met` the member is no longer in the measure, which then may have nobody.
  void Add(std::int64_t member, std::string_view measure_id, std::optional<bool> met);
  // The counts of what was added since the last call, by measure id.
  std::vector<MeasureTotal> Take();

 private:
  std::size_t IndexOf(std::string_view measure_id);
  void Count();

  std::vector<MeasureTotal> totals_;
  // The row that the next one may correct; none when there is no index.
  static constexpr std::size_t kNone = SIZE_MAX;
  std::size_t index_ = kNone;
  std::int64_t member_ = 0;
  std::optional<bool> met_;
};

}  // namespace sluice::performance
