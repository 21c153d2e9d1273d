// The worked example of activity payments (program mathematics 13.7), for tests.
#pragma once

#include <vector>

#include "performance/activity/activity.h"
#include "performance/terms.h"

namespace sluice::performance::testing {

inline constexpr PartyId kPractice{900};
inline constexpr PartyId kProviderA{911}, kProviderB{912}, kProviderC{913};
inline constexpr PartyId kStaff1{921}, kStaff2{922}, kStaff3{923};

// Prices 60.00, 25.50, 42.75, 18.20 and 4.15; once per member, measure and year; claims until
// March 31, medical records until February 28; at most 1,250.00 for each provider and year.
ActivitySum ExampleActivity();
// The activity sum, rounded, and split: the practice keeps 37.5 %, providers 47.5 % by what they
// earned between 175.00 and 560.00, staff 15 % by FTE, in standing on the pay date.
Terms ExampleTerms();
// 192 submissions of 2025: 179 count, 9 are duplicates, 4 are late.
std::vector<ActivityEvent> ExampleEvents();

}  // namespace sluice::performance::testing
