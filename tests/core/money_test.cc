#include "core/money.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(Round, NamesItsRoundingAndIsSymmetric) {
  const Exact half = Exact(UnitPrice::FromMillionths(25'000), 1);  // 0.025
  EXPECT_EQ(Round(half, Rounding::kHalfAwayFromZero).Cents(), 3);
  EXPECT_EQ(Round(half, Rounding::kHalfEven).Cents(), 2);
  EXPECT_EQ(Round(half, Rounding::kTowardZero).Cents(), 2);
  EXPECT_EQ(Round(-half, Rounding::kHalfAwayFromZero).Cents(), -3);
}

TEST(Allocate, NegativeTotalMirrorsThePositiveOne) {
  const std::vector<std::int64_t> equal{1, 1, 1};
  const std::vector<Money> shares = Allocate(Money::FromCents(-10'001), equal);
  EXPECT_EQ(shares[0].Cents(), -3'334);
  EXPECT_EQ(shares[1].Cents(), -3'334);
  EXPECT_EQ(shares[2].Cents(), -3'333);
}

}  // namespace
}  // namespace sluice
