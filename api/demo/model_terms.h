// The contract terms of the demo's monthly and event programs.
#pragma once

#include "performance/terms.h"

namespace sluice::demo {

// Primary-care capitation 2026: five rate cells by age and sex, the 15/30 rule, changes up to 90
// days back. Of each practice 0.35 a member-month for administration and 2 % as a withhold.
performance::Terms CapitationTerms();

// A care-coordination fee for who is on the panel on the first: 4.50 in the standard tier, 18.00 in
// the complex one.
performance::Terms CareCoordinationTerms();

// An incentive of 2026: a wellness visit 60.00, a closed screening gap 40.00, a reported HbA1c
// result 25.00; each once for a member and year, at most 300.00 a provider and quarter.
performance::Terms ActivityTerms();

// Hip and knee replacements of 2025 against the regional mean of 2024 less 3 %, 90 days after the
// stay; at most 10 % of the target either way.
performance::Terms BundleTerms();

}  // namespace sluice::demo
