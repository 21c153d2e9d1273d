// The rules that terms must obey before a calculation may read them.
//
// They are checked when terms are stored, decoded or replayed, so that Calculate() can rely on
// them. A message names the component's position (from 1), its name and the rule.
#pragma once

#include "performance/terms.h"

namespace sluice::performance {

// OK, or InvalidArgument with the first broken rule:
//   1. There is exactly one basis and it comes first.
//   2. There is exactly one rounding; adjustments (of different names), recoupment, withhold,
//      redistribution and split come after it, in that order, of the others at most one each;
//      everything else comes before it.
//   3. Relief comes after a cap on the loss side and nothing that changes a loss follows it.
//   4. At most one score; gates on measures and rates that use the score need one, the rates
//      after it.
//   5. Rates, weights, bands, limits and factors are in range; names are not empty; statutory
//      tables exist; reasons are reasons for zero and notes are notes.
//   6. A failed gate that scales the rate has a rate on that side after it.
//   7. Every table and curve grows without overlap; a measure has what its rule needs; the weights
//      of domains add up to 1, and each has a measure; a withheld balance is never exceeded.
//   8. After a member_month_sum there are only the rounding (to the cent, which the lines have
//      already), deductions in any order (adjustment, withhold, recoupment) and the split.
Status ValidateTerms(const Terms& terms);

}  // namespace sluice::performance
