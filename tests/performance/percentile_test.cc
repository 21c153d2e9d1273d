// Percentiles by definition, against values counted by hand. The ten thousand people of the public
// sample are in savings/member_cost_test.cc.
#include "performance/percentile.h"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::performance {
namespace {

constexpr auto kDefinitions = {NearestRank, Interpolated, NextAbove};

Exact Dollars(std::int64_t dollars) { return Exact(Money::FromCents(dollars * 100)); }

// 1, 2, ... n dollars.
std::vector<Exact> OneTo(std::int64_t n) {
  std::vector<Exact> amounts;
  for (std::int64_t i = 1; i <= n; ++i) amounts.push_back(Dollars(i));
  return amounts;
}

TEST(Percentile, TheDefinitionsDiffer) {
  const std::vector<Exact> ten = OneTo(10);
  const auto of = [&](PercentilePlace definition(std::size_t, const Ratio&), std::int64_t p) {
    return ValueAt<Exact>(ten, definition(10, Ratio(p, 100)));
  };
  EXPECT_EQ(of(NearestRank, 90), Dollars(9));  // rank 9 exactly
  EXPECT_EQ(of(NearestRank, 91), Dollars(10));
  EXPECT_EQ(of(Interpolated, 90), Exact(Money::FromCents(910)));  // a tenth of the way from 9
  EXPECT_EQ(of(NextAbove, 90), Dollars(10));
}

TEST(Percentile, AtAPlaceExactlyTheValueThereStands) {
  const std::vector<Exact> eleven = OneTo(11);
  for (const auto definition : {Interpolated, NextAbove}) {
    EXPECT_EQ(ValueAt<Exact>(eleven, definition(11, Ratio(9, 10))), Dollars(10));
  }
  EXPECT_EQ(ValueAt<Exact>(eleven, NearestRank(11, Ratio(9, 10))), Dollars(10));  // ceil(9.9)
}

TEST(Percentile, TheEndsAreTheFirstAndTheLast) {
  const std::vector<Exact> seven = OneTo(7);
  for (const auto definition : kDefinitions) {
    EXPECT_EQ(ValueAt<Exact>(seven, definition(7, Ratio(0))), Dollars(1));
    EXPECT_EQ(ValueAt<Exact>(seven, definition(7, Ratio(1))), Dollars(7));
  }
}

TEST(Percentile, OfOneValueIsThatValue) {
  const std::vector<Ratio> one = {Ratio(7, 3)};
  for (const auto definition : kDefinitions) {
    for (const Ratio& p : {Ratio(0), Ratio(1, 2), Ratio(1)}) {
      EXPECT_EQ(ValueAt<Ratio>(one, definition(1, p)), Ratio(7, 3));
    }
  }
}

}  // namespace
}  // namespace sluice::performance
