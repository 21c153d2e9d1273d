// Member cost as a detail source for shared savings: attributed members, their coverage and claims
// to the facts of the performance year ("expenditure", "member_months", and those of each type).
//
//   1. Who counts: the published attribution list whose period holds the performance period. A
//      member counts in its attributed months; waiting months of a new member count from the start
//      of the coverage that the first of them stands in.
//   2. What it cost: the paid amount of final medical lines, by the month in which service began,
//      in months that count. With the flag fact "cost_with_drugs", of pharmacy lines too. A final
//      line without a paid amount is a missing input.
//   3. The enrollment type is the only one of the contract, or the product of the coverage.
//      A month in which only excluded products cover the member does not count, in the reference
//      population neither; who has no other month has a line of zero, PRODUCT_EXCLUDED.
//   4. A truncation by percentile is of all members of the payer who are covered in the period.
//   5. With completion, what was incurred and is not paid yet is added: ultimate less paid of the
//      contract's own triangle, valued at the last month that was over when inputs were known. The
//      factors are frozen by the text fact "completion_factors_text"; expected cost is read from
//      the amount facts "completion_expected.2026-11".
#pragma once

#include <string_view>

#include "performance/program_run/detail_source.h"

namespace sluice::performance {

inline constexpr std::string_view kCostWithDrugs = "cost_with_drugs";
inline constexpr std::string_view kFrozenFactors = "completion_factors_text";
inline constexpr std::string_view kIncurredNotPaid = "incurred_not_paid";

class MemberCostSource final : public DetailSource {
 public:
  std::string_view Name() const override { return "member_cost"; }
  bool Serves(const Terms& terms) const override;
  StatusOr<DetailOutcome> Refresh(const DetailScope& scope,
                                  std::span<const DetailContract> contracts) override;
};

}  // namespace sluice::performance
