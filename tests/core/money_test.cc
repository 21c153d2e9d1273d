// Money, rounding and allocation: the cases of the contract documents, and properties over random
// input. Oracles use 128-bit integers, not the fractions that the code uses.
#include "core/money.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace sluice {
namespace {

__extension__ using Wide = __int128;

Money Cents(std::int64_t cents) { return Money::FromCents(cents); }

std::vector<std::int64_t> ToCents(const std::vector<Money>& amounts) {
  std::vector<std::int64_t> cents;
  for (const Money amount : amounts) cents.push_back(amount.Cents());
  return cents;
}

std::vector<std::int64_t> Split(std::int64_t cents, const std::vector<std::int64_t>& weights) {
  return ToCents(Allocate(Cents(cents), weights));
}

// A random test prints the seed it ran with when it fails.
class Random : public testing::Test {
 protected:
  std::int64_t Between(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(engine_);
  }

  const unsigned seed_ = std::random_device{}();
  std::mt19937_64 engine_{seed_};
  testing::ScopedTrace trace_{__FILE__, __LINE__, fmt::format("seed {}", seed_)};
};
using RandomMoney = Random;

TEST(Money, ReadsAmounts) {
  struct Case {
    const char* text;
    std::int64_t cents;
  };
  for (const Case& c :
       {Case{"0", 0}, Case{"1234.5", 123'450}, Case{"-1,234.50", -123'450}, Case{"$12", 1'200},
        Case{"-$1,000,000.01", -100'000'001}, Case{"(12.00)", -1'200}, Case{" 7.00 ", 700},
        Case{".05", 5}, Case{"5.", 500}, Case{"1.500", 150}, Case{"-0.00", 0},
        Case{"92233720368547758.07", INT64_MAX}}) {
    const StatusOr<Money> money = Money::Parse(c.text);
    ASSERT_TRUE(money.ok()) << c.text;
    EXPECT_EQ(money->Cents(), c.cents) << c.text;
  }
}

TEST(Money, RefusesWhatIsNoAmount) {
  for (const char* text :
       {"",      " ",        "$",        "-",     ".",        "1.234",
        "0.001", "abc",      "1 2",      "1e5",   "--1",      "+-1",
        "$-5",   "(-5)",     "1,50",     "1,5",   "12,34.00", "1,,000",
        ",100",  "1000,000", "1.000,00", "1.2.3", "1.0,0",    "92233720368547758.08",
        "0x10",  "NaN",      "*",        "-1-"}) {
    EXPECT_FALSE(Money::Parse(text).ok()) << text;
  }
  EXPECT_NE(StatusMessage(Money::Parse("1.234").status()).find("'1.234'"), std::string::npos);
}

TEST(Money, WritesAmounts) {
  EXPECT_EQ(Cents(-123'450).ToString(), "-1,234.50");
  EXPECT_EQ(Cents(-123'450).ToPlainString(), "-1234.50");
  EXPECT_EQ(Cents(5).ToString(), "0.05");
  EXPECT_EQ(Cents(-5).ToPlainString(), "-0.05");
  EXPECT_EQ(Cents(INT64_MIN).ToPlainString(), "-92233720368547758.08");
}

TEST_F(RandomMoney, WhatIsWrittenReadsBack) {
  for (int i = 0; i < 20'000; ++i) {
    // Every order of magnitude, not only the largest.
    const Money money = Cents(Between(-INT64_MAX, INT64_MAX) >> Between(0, 62));
    ASSERT_EQ(*Money::Parse(money.ToString()), money);
    ASSERT_EQ(*Money::Parse(money.ToPlainString()), money);
  }
}

TEST(MoneyDeathTest, OverflowAborts) {
  EXPECT_DEATH(Cents(INT64_MAX) + Cents(1), "must hold");
  EXPECT_DEATH(Cents(INT64_MIN) - Cents(1), "must hold");
  EXPECT_DEATH(-Cents(INT64_MIN), "must hold");
  const Exact large = Exact(Cents(INT64_MAX)) * Ratio(2);
  EXPECT_DEATH(Round(large, Rounding::kTowardZero), "must hold");
}

TEST(Ratio, ReadsDecimalsPercentagesAndFractions) {
  EXPECT_EQ(*Ratio::Parse("0.8503"), Ratio(8503, 10'000));
  EXPECT_EQ(*Ratio::Parse("-1.5"), Ratio(-3, 2));
  EXPECT_EQ(*Ratio::Parse("6.46%"), Ratio(323, 5'000));
  EXPECT_EQ(*Ratio::Parse("2721/3200"), Ratio(2721, 3200));
  for (const char* text : {"", "%", "1/0", "1/", "a", "1/2/3", "0,5"}) {
    EXPECT_FALSE(Ratio::Parse(text).ok()) << text;
  }
}

TEST(Ratio, ComparesExactlyWhereDecimalsWouldNot) {
  // They differ by 1/(3 x 10^36): no quotient of limited digits tells them apart.
  const Ratio third(1, 3);
  const Ratio below = *Ratio::Parse("0." + std::string(36, '3'));
  EXPECT_LT(below, third);
  EXPECT_NE(below, third);
  EXPECT_EQ(Ratio(2, 6), third);
}

TEST(Round, NamesItsRoundingAndIsSymmetric) {
  struct Case {
    std::int64_t millionths;
    std::int64_t half_away, half_even, toward_zero;
  };
  for (const Case& c : {Case{25'000, 3, 2, 2}, Case{35'000, 4, 4, 3}, Case{24'999, 2, 2, 2},
                        Case{25'001, 3, 3, 2}, Case{5'000, 1, 0, 0}, Case{15'000, 2, 2, 1},
                        Case{9'999, 1, 1, 0}, Case{0, 0, 0, 0}, Case{10'000, 1, 1, 1}}) {
    const Exact exact(UnitPrice::FromMillionths(c.millionths), 1);
    EXPECT_EQ(Round(exact, Rounding::kHalfAwayFromZero).Cents(), c.half_away) << c.millionths;
    EXPECT_EQ(Round(exact, Rounding::kHalfEven).Cents(), c.half_even) << c.millionths;
    EXPECT_EQ(Round(exact, Rounding::kTowardZero).Cents(), c.toward_zero) << c.millionths;
    EXPECT_EQ(Round(-exact, Rounding::kHalfAwayFromZero).Cents(), -c.half_away) << c.millionths;
    EXPECT_EQ(Round(-exact, Rounding::kHalfEven).Cents(), -c.half_even) << c.millionths;
    EXPECT_EQ(Round(-exact, Rounding::kTowardZero).Cents(), -c.toward_zero) << c.millionths;
  }
}

// Cents of numerator/denominator dollars, by long division in 128 bits.
std::int64_t OracleRound(std::int64_t numerator, std::int64_t denominator, Rounding mode) {
  const bool negative = numerator < 0;
  const Wide cents = static_cast<Wide>(negative ? -numerator : numerator) * 100;
  Wide whole = cents / denominator;
  const Wide rest = cents - whole * denominator;
  if (mode != Rounding::kTowardZero) {
    const bool tie = rest + rest == denominator;
    const bool odd = whole % 2 == 1;
    if (rest + rest > denominator || (tie && (mode == Rounding::kHalfAwayFromZero || odd))) ++whole;
  }
  return static_cast<std::int64_t>(negative ? -whole : whole);
}

TEST_F(RandomMoney, RoundAgreesWithLongDivision) {
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t numerator = Between(-1'000'000'000'000'000, 1'000'000'000'000'000);
    // Half of the denominators make ties likely.
    const std::int64_t denominator = i % 2 == 0 ? Between(1, 1'000'000) : 200 * Between(1, 3);
    const Exact exact = *Exact::Parse(fmt::format("{}/{}", numerator, denominator));
    for (const Rounding mode :
         {Rounding::kHalfAwayFromZero, Rounding::kHalfEven, Rounding::kTowardZero}) {
      ASSERT_EQ(Round(exact, mode).Cents(), OracleRound(numerator, denominator, mode))
          << numerator << "/" << denominator;
    }
  }
}

// PROGRAM_MATH 13.5: 5 % withheld of each quarter's payment, rounded quarter by quarter.
TEST(Round, WithholdsOfTheFourQuarters) {
  struct Case {
    std::int64_t paid, withheld;
  };
  Money sum;
  for (const Case& c : {Case{31'284'517, 1'564'226}, Case{29'841'066, 1'492'053},
                        Case{30'597'729, 1'529'886}, Case{33'160'285, 1'658'014}}) {
    const Money withheld =
        Round(Exact(Cents(c.paid)) * Rate::FromPercent(5), Rounding::kHalfAwayFromZero);
    EXPECT_EQ(withheld.Cents(), c.withheld);
    sum += withheld;
  }
  EXPECT_EQ(sum.ToString(), "62,441.79");
}

// PROGRAM_MATH 13.5: the earn-back is the withheld sum times the score.
TEST(Round, EarnBack) {
  const Exact earned = Exact(Cents(6'244'179)) * *Ratio::Parse("3573870398576/6850081341675");
  EXPECT_EQ(earned.ToString(6), "32,577.549635...");
  EXPECT_EQ(Round(earned, Rounding::kHalfAwayFromZero).ToString(), "32,577.55");
}

TEST(Allocate, VectorsOfTheProgramMath) {
  // 13.5: forfeits by member months.
  EXPECT_EQ(Split(2'986'424, {41'217, 18'904, 9'633}),
            (std::vector<std::int64_t>{1'764'651, 809'349, 412'424}));
  // 13.7: practice 37.5 %, providers 47.5 %, staff 15 %; the tie at 0.5 goes to the earlier.
  EXPECT_EQ(Split(266'980, {375, 475, 150}), (std::vector<std::int64_t>{100'118, 126'815, 40'047}));
  // 13.7: staff by FTE x standing.
  EXPECT_EQ(Split(40'047, {10, 8, 0}), (std::vector<std::int64_t>{22'248, 17'799, 0}));
}

// A1001, PY2024: 107,895,330.00 over its 823 participants in equal weights.
TEST(Allocate, RealAcoOverItsRealParticipants) {
  const std::vector<std::int64_t> shares = Split(10'789'533'000, std::vector<std::int64_t>(823, 1));
  EXPECT_EQ(std::ranges::count(shares, 13'110'004), 531);
  EXPECT_EQ(std::ranges::count(shares, 13'110'003), 292);
  EXPECT_TRUE(std::ranges::is_sorted(shares, std::ranges::greater()));
}

TEST(Allocate, ZeroWeightGetsNothing) {
  EXPECT_EQ(Split(1, {0, 1, 0}), (std::vector<std::int64_t>{0, 1, 0}));
  EXPECT_EQ(Split(7, {0, 3, 0, 3}), (std::vector<std::int64_t>{0, 4, 0, 3}));
}

TEST(Allocate, TieGoesToTheEarlier) {
  EXPECT_EQ(Split(2, {1, 1, 1}), (std::vector<std::int64_t>{1, 1, 0}));
  EXPECT_EQ(Split(10'001, {1, 1}), (std::vector<std::int64_t>{5'001, 5'000}));
}

TEST(Allocate, NegativeTotalMirrorsThePositiveOne) {
  EXPECT_EQ(Split(-10'001, {1, 1, 1}), (std::vector<std::int64_t>{-3'334, -3'334, -3'333}));
}

TEST(Allocate, ZeroTotalGivesZeros) {
  EXPECT_EQ(Split(0, {1, 2}), (std::vector<std::int64_t>{0, 0}));
}

TEST(AllocateDeathTest, WeightsMustNotBeNegativeOrAllZero) {
  EXPECT_DEATH(Split(1, {-1, 2}), "must hold");
  EXPECT_DEATH(Split(1, {0, 0}), "must hold");
  EXPECT_DEATH(Split(1, {}), "must hold");
}

TEST(Allocate, RatioWeights) {
  const std::vector<Ratio> weights{Ratio(3, 8), Ratio(19, 40), Ratio(3, 20)};
  EXPECT_EQ(ToCents(Allocate(Cents(266'980), weights)),
            (std::vector<std::int64_t>{100'118, 126'815, 40'047}));
}

// What defines the largest remainder, checked without computing it: shares sum to the total; each
// is the floor of its exact amount or one cent more; whoever got the extra cent had no smaller
// remainder than whoever did not, and stands earlier on a tie.
void ExpectLargestRemainder(std::int64_t total, const std::vector<std::int64_t>& weights,
                            const std::vector<std::int64_t>& shares) {
  ASSERT_EQ(shares.size(), weights.size());
  const Wide sum = std::accumulate(weights.begin(), weights.end(), Wide{0});
  ASSERT_EQ(std::accumulate(shares.begin(), shares.end(), std::int64_t{0}), total);
  Wide least_with = sum;
  std::size_t last_with = 0;
  Wide most_without = -1;
  std::size_t first_without = weights.size();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Wide product = static_cast<Wide>(total) * weights[i];
    const Wide extra = shares[i] - product / sum;
    const Wide remainder = product % sum;
    ASSERT_TRUE(extra == 0 || extra == 1) << i;
    if (weights[i] == 0) {
      ASSERT_EQ(shares[i], 0);
    }
    if (extra == 1 && remainder <= least_with) {
      least_with = remainder;
      last_with = i;
    }
    if (extra == 0 && remainder > most_without) {
      most_without = remainder;
      first_without = i;
    }
  }
  ASSERT_TRUE(least_with > most_without ||
              (least_with == most_without && last_with < first_without));
}

TEST_F(RandomMoney, AllocateIsTheLargestRemainder) {
  for (int i = 0; i < 3'000; ++i) {
    const std::int64_t total = Between(0, 1'000'000'000'000) >> Between(0, 39);
    const std::int64_t largest = Between(1, 1'000'000'000) >> Between(0, 29);
    std::vector<std::int64_t> weights(static_cast<std::size_t>(Between(1, 60)));
    for (std::int64_t& weight : weights) weight = Between(0, 4) == 0 ? 0 : Between(0, largest + 1);
    weights[static_cast<std::size_t>(Between(0, std::ssize(weights) - 1))] = largest + 1;
    ASSERT_NO_FATAL_FAILURE(ExpectLargestRemainder(total, weights, Split(total, weights)));
  }
}

TEST_F(RandomMoney, AllocateDoesNotDependOnTheOrderWithoutTies) {
  for (int i = 0; i < 500; ++i) {
    const std::int64_t total = Between(1, 1'000'000'000'000);
    std::vector<std::int64_t> weights(static_cast<std::size_t>(Between(2, 40)));
    for (std::int64_t& weight : weights) weight = Between(1, 1'000'000'000);
    const Wide sum = std::accumulate(weights.begin(), weights.end(), Wide{0});
    std::vector<Wide> remainders;
    for (const std::int64_t weight : weights) remainders.push_back(Wide{total} * weight % sum);
    std::ranges::sort(remainders);
    if (std::ranges::adjacent_find(remainders) != remainders.end()) continue;

    std::vector<std::pair<std::int64_t, std::int64_t>> before, after;
    const std::vector<std::int64_t> shares = Split(total, weights);
    for (std::size_t k = 0; k < weights.size(); ++k) before.emplace_back(weights[k], shares[k]);
    std::ranges::shuffle(weights, engine_);
    const std::vector<std::int64_t> shuffled = Split(total, weights);
    for (std::size_t k = 0; k < weights.size(); ++k) after.emplace_back(weights[k], shuffled[k]);
    std::ranges::sort(before);
    std::ranges::sort(after);
    ASSERT_EQ(before, after);
  }
}

TEST_F(RandomMoney, AllocateByRatiosIsAllocateByTheirNumeratorsOverACommonDenominator) {
  for (int i = 0; i < 1'000; ++i) {
    const std::int64_t total = Between(-1'000'000'000'000, 1'000'000'000'000);
    const std::int64_t denominator = Between(1, 1'000'000);
    std::vector<std::int64_t> weights(static_cast<std::size_t>(Between(1, 20)));
    std::vector<Ratio> ratios;
    for (std::int64_t& weight : weights) {
      weight = Between(1, 1'000'000);
      ratios.emplace_back(weight, denominator);
    }
    ASSERT_EQ(ToCents(Allocate(Cents(total), ratios)), Split(total, weights));
  }
}

}  // namespace
}  // namespace sluice
