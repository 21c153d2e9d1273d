// Completion factors and re-basing: projections with exact arithmetic.
#include "performance/savings/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/savings/rebase.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;

Money Dollars(std::int64_t dollars) { return Money::FromCents(dollars * 100); }
Month In(unsigned month) { return Month(2026, month); }

// Three incurred months seen through March: paid in the month, one and two months later.
std::vector<PaidCell> Triangle() {
  return {{In(1), 0, Dollars(400)}, {In(1), 1, Dollars(400)}, {In(1), 2, Dollars(200)},
          {In(2), 0, Dollars(600)}, {In(2), 1, Dollars(600)}, {In(3), 0, Dollars(480)}};
}

// feature:P15
TEST(CompletionFactors, AreOneOverTheProductOfAgeToAge) {
  const auto factors = FindCompletionFactors({}, Triangle(), In(3));
  ASSERT_TRUE(factors.ok()) << factors.status();
  // Lag 1 to 2: 1,000 / 800. Lag 0 to 1: (800 + 1,200) / (400 + 600).
  ASSERT_EQ(factors->factors.size(), 3U);
  EXPECT_EQ(factors->factors[2], Ratio(1));
  EXPECT_EQ(factors->factors[1], Ratio(4, 5));
  EXPECT_EQ(factors->factors[0], Ratio(2, 5));
  EXPECT_EQ(factors->At(9), Ratio(1));
}

TEST(CompletionFactors, MayRestOnTheLatestMonthsOnly) {
  std::vector<PaidCell> triangle = Triangle();
  triangle[1].paid = Dollars(200);  // January paid less in its second month
  const auto all = FindCompletionFactors({}, triangle, In(3));
  const auto latest = FindCompletionFactors({.latest_months = 1}, triangle, In(3));
  EXPECT_EQ(all->factors[0] / all->factors[1], Ratio(1'000, 1'800));
  EXPECT_EQ(latest->factors[0] / latest->factors[1], Ratio(1, 2));  // February alone
}

// feature:P15
TEST(CompletedCost, ExpectedCostStandsInBelowTheFactor) {
  const DateRange quarter = DateRange::Between(MakeDate(2026, 1, 1), MakeDate(2026, 4, 1));
  const Completion terms{.expected_below = Ratio(1, 2)};
  const auto factors = FindCompletionFactors(terms, Triangle(), In(3));
  const auto cost = CompleteCost(terms, *factors, Triangle(), In(3), quarter,
                                 {{In(3), Dollars(1'500)}}, Dollars(250));
  ASSERT_TRUE(cost.ok()) << cost.status();
  EXPECT_EQ(cost->months[0].ultimate, Exact(Dollars(1'000)));
  EXPECT_EQ(cost->months[1].ultimate, Exact(Dollars(1'500)));  // 1,200 / 0.8
  EXPECT_TRUE(cost->months[2].by_expected);
  EXPECT_EQ(cost->months[2].ultimate, Exact(Dollars(480 + 900)));  // 480 + 0.6 x 1,500
  EXPECT_EQ(cost->ultimate, Exact(Dollars(1'000 + 1'500 + 1'380 + 250)));
  EXPECT_EQ(**cost->ToFacts().Amount("expenditure"), cost->ultimate);
  EXPECT_EQ(**cost->ToFacts().Text("completion_factors"), ToHex(factors->Hash()));
  // Exactly at the factor the paid cost is developed.
  const auto at = CompleteCost({.expected_below = Ratio(2, 5)}, *factors, Triangle(), In(3),
                               quarter, {}, Money());
  ASSERT_TRUE(at.ok()) << at.status();
  EXPECT_FALSE(at->months[2].by_expected);
  EXPECT_EQ(at->months[2].ultimate, Exact(Dollars(1'200)));
}

TEST(CompletedCost, AMissingExpectedCostIsNamed) {
  const DateRange quarter = DateRange::Between(MakeDate(2026, 1, 1), MakeDate(2026, 4, 1));
  const auto factors = FindCompletionFactors({}, Triangle(), In(3));
  const auto cost = CompleteCost({}, *factors, Triangle(), In(3), quarter, {}, Money());
  ASSERT_FALSE(cost.ok());
  EXPECT_THAT(StatusMessage(cost.status()), HasSubstr("2026-03"));
}

// feature:P15
TEST(CompletionFactors, FrozenOnesReadBackAndKeepTheResult) {
  const auto factors = FindCompletionFactors({}, Triangle(), In(3));
  const auto frozen = CompletionFactors::Parse(factors->ToText());
  ASSERT_TRUE(frozen.ok()) << frozen.status();
  EXPECT_EQ(*frozen, *factors);
  EXPECT_EQ(frozen->Hash(), factors->Hash());
  for (const char* text : {"", "completion-factors 1 2026-03\n", "completion-factors 1 2026-03\n1",
                           "completion-factors 1 2026-03\n2/4\n", "other 1 2026-03\n1\n"}) {
    EXPECT_FALSE(CompletionFactors::Parse(text).ok()) << text;
  }
}

TEST(CompletionFactors, ImpossibleCellsAreRefused) {
  EXPECT_FALSE(
      FindCompletionFactors({}, std::vector<PaidCell>{{In(2), -1, Dollars(1)}}, In(3)).ok());
  EXPECT_FALSE(
      FindCompletionFactors({}, std::vector<PaidCell>{{In(2), 2, Dollars(1)}}, In(3)).ok());
  EXPECT_FALSE(
      FindCompletionFactors({}, std::vector<PaidCell>{{In(1), 2, Dollars(1)}}, In(3)).ok());
  EXPECT_FALSE(FindCompletionFactors({}, {}, In(3)).ok());
}

// A party that saves 5 % a year, no trend: what re-basing to its own cost does.
RebaseScenario Saver() {
  RebaseScenario scenario{.first_target = Exact(Dollars(10'000))};
  for (int year = 0; year < 5; ++year) {
    scenario.own_cost.emplace_back(Dollars(9'500 - 100 * year));
    scenario.regional_cost.emplace_back(Dollars(10'000));
  }
  return scenario;
}

// feature:C15
TEST(Rebase, TakingOnlyOwnCostRacesToTheBottomAndIsFlagged) {
  const Rebase rule{.agreement_years = 1,
                    .own_weight = Ratio(1),
                    .lowest_change = Ratio(-10, 100),
                    .flag_decline = Ratio(3, 100)};
  const auto model = ModelRebase(rule, Saver());
  ASSERT_TRUE(model.ok()) << model.status();
  ASSERT_EQ(model->path.size(), 5U);
  EXPECT_EQ(model->path[1].target, Exact(Dollars(9'500)));
  EXPECT_TRUE(model->path[1].flagged);  // -5 %
  EXPECT_EQ(model->path[2].target, Exact(Dollars(9'400)));
  EXPECT_FALSE(model->path[2].flagged);  // about -1 %
  EXPECT_EQ(model->flags, 1);
  EXPECT_THAT(model->ToText(), HasSubstr("FALLS FASTER THAN AGREED"));
}

// feature:C15
TEST(Rebase, BlendReturnedSavingAndFloorHoldThePath) {
  Rebase rule{.agreement_years = 2,
              .own_weight = Ratio(1, 2),
              .regional_weight = Ratio(1, 4),
              .savings_returned = Ratio(1, 2),
              .lowest_change = Ratio(-1, 100),
              .flag_decline = Ratio(3, 100)};
  auto model = ModelRebase(rule, Saver());
  ASSERT_TRUE(model.ok());
  // Years 1 and 2: own 9,450, regional 10,000, former 10,000, saving (500 + 600) / 2 = 550.
  EXPECT_EQ(model->path[2].target, Exact(Dollars(4'725 + 2'500 + 2'500 + 275)));
  EXPECT_EQ(model->flags, 0);
  rule.savings_returned = Ratio();
  model = ModelRebase(rule, Saver());
  EXPECT_EQ(model->path[2].target, Exact(Dollars(9'900)));  // 9,725 is below the floor of -1 %
  EXPECT_TRUE(model->path[2].at_lowest);
}

// feature:C15
TEST(Rebase, ADeclineOfExactlyTheLimitIsNotFlagged) {
  Rebase rule{.agreement_years = 1,
              .own_weight = Ratio(1),
              .lowest_change = Ratio(-1, 2),
              .flag_decline = Ratio(5, 100)};
  EXPECT_EQ(ModelRebase(rule, Saver())->flags, 0);
  rule.flag_decline = Ratio(4'999, 100'000);
  EXPECT_EQ(ModelRebase(rule, Saver())->flags, 1);
  RebaseScenario short_scenario = Saver();
  short_scenario.own_cost.pop_back();
  EXPECT_FALSE(ModelRebase(rule, short_scenario).ok());
}

}  // namespace
}  // namespace sluice::performance
