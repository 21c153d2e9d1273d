// Worked bundles to the cent, each printed step recomputed by hand in the comments. The designs are
// those of PROGRAM_MATH section 8; every number of a program is a parameter of the terms.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/calculate.h"
#include "performance/episodes/episodes.h"
#include "tests/performance/episodes/sample_episodes.h"

namespace sluice::performance {
namespace {

using testing::Amount;
using testing::AwardOf;
using testing::ContractOf;
using testing::Day;
using testing::Dollars;
using testing::KneeInputs;
using testing::KneeTerms;
using testing::MemberWith;
using testing::Service;
using testing::Stay;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// --- A surgical model: regional target, three weighted years, limits on its factors --------------

EpisodeSum SurgicalTerms(Rate gain_limit, Rate loss_limit) {
  EpisodeSum terms = KneeTerms();
  terms.definitions[0].discount = Rate::FromPercent(2);
  terms.definitions[0].winsorizing = {.high_percentile = Ratio(99, 100),
                                      .definition = PercentileDefinition::kNearestRank};
  terms.target = {.baseline = {{2021, Rate::FromPercent(17)},
                               {2022, Rate::FromPercent(33)},
                               {2023, Rate::FromPercent(50)}},
                  .risk_adjusted = true,
                  .trended = true,
                  .trend_limit = Rate::FromPercent(3),
                  .normalized = true,
                  .normalization_limit = Rate::FromPercent(5)};
  terms.quality = EpisodeQuality{.gain_at_most = Rate::FromPercent(10),
                                 .loss_at_most = Rate::FromPercent(15)};
  terms.limits = {{2026, gain_limit, loss_limit}};
  return terms;
}

EpisodeInputs SurgicalInputs(Money first, Money second) {
  EpisodeInputs inputs =
      KneeInputs(Money(), {MemberWith(1, {Stay("A", Day(2, 1), Day(2, 4), first)}),
                           MemberWith(2, {Stay("B", Day(3, 1), Day(3, 4), second)})});
  inputs.members[0].risk = Ratio(11, 10);
  inputs.baseline = {{"470", 2021, false, 10, Exact(Dollars(24'000))},
                     {"470", 2022, false, 10, Exact(Dollars(25'000))},
                     {"470", 2023, false, 10, Exact(Dollars(26'000))}};
  for (int i = 100; i >= 1; --i) inputs.reference["470"].push_back(Dollars(280 * i));
  inputs.trend["KNS"] = Ratio(105, 100);
  inputs.normalization["KNS"] = Ratio(93, 100);
  inputs.quality_score = Ratio(60);
  return inputs;
}

TEST(EpisodeGolden, SurgicalTargetIsWeightedRiskAdjustedTrendedNormalizedAndDiscounted) {
  const auto run = RunEpisodes(SurgicalTerms(Rate::FromPercent(20), Rate::FromPercent(20)),
                               SurgicalInputs(Dollars(20'000), Dollars(30'000)));
  ASSERT_TRUE(run.ok()) << run.status();
  // 0.17 x 24,000 + 0.33 x 25,000 + 0.50 x 26,000 = 25,330; x 1.1 x 1.03 x 0.95 x 0.98.
  EXPECT_EQ(run->lines[0].target, Amount("26718.66659"));
  EXPECT_EQ(run->lines[1].target, Amount("24289.6969"));
  // The 99th of 100 values by nearest rank is the 99th: 27,720.
  EXPECT_EQ(run->lines[1].actual, Amount("30000"));
  EXPECT_EQ(run->lines[1].winsorized, Amount("27720"));
  EXPECT_EQ(run->totals.target, Amount("51008.36349"));
  EXPECT_EQ(run->totals.actual, Amount("47720"));
}

TEST(EpisodeGolden, SurgicalGainIsMovedByQualityThenLimited) {
  const EpisodeInputs inputs = SurgicalInputs(Dollars(20'000), Dollars(30'000));
  // 3,288.36349 x (1 - 10 % x (1 - 60/100)) = 3,156.8289504, below 20 % of 51,008.36349.
  const Award wide = AwardOf(SurgicalTerms(Rate::FromPercent(20), Rate::FromPercent(20)), inputs);
  EXPECT_EQ(wide.unrounded, Amount("3156.8289504"));
  EXPECT_EQ(wide.amount.Cents(), 3'156'83);
  EXPECT_THAT(wide.notes, IsEmpty());
  // 5 % of 51,008.36349 = 2,550.4181745. Limit before quality would give 2,448.40.
  const Award narrow = AwardOf(SurgicalTerms(Rate::FromPercent(5), Rate::FromPercent(5)), inputs);
  EXPECT_EQ(narrow.unrounded, Amount("2550.4181745"));
  EXPECT_EQ(narrow.amount.Cents(), 2'550'42);
  EXPECT_THAT(narrow.notes, ElementsAre(ReasonCode::kPaymentLimit));
}

TEST(EpisodeGolden, SurgicalLossIsReducedByQualityThenLimited) {
  const EpisodeInputs inputs = SurgicalInputs(Dollars(35'000), Dollars(30'000));
  // 51,008.36349 - 2 x 27,720 = -4,431.63651; x (1 - 15 % x 60/100) = -4,032.7892241.
  const Award wide = AwardOf(SurgicalTerms(Rate::FromPercent(20), Rate::FromPercent(20)), inputs);
  EXPECT_EQ(wide.unrounded, Amount("-4032.7892241"));
  EXPECT_EQ(wide.amount.Cents(), -4'032'79);
  const Award narrow = AwardOf(SurgicalTerms(Rate::FromPercent(5), Rate::FromPercent(5)), inputs);
  EXPECT_EQ(narrow.amount.Cents(), -2'550'42);
  EXPECT_THAT(narrow.notes, ElementsAre(ReasonCode::kLossLimitBenchmark));
}

TEST(EpisodeGolden, UpsideOnlyTrackOwesNothingAndSaysWhy) {
  const Award award = AwardOf(SurgicalTerms(Rate::FromPercent(10), Rate()),
                              SurgicalInputs(Dollars(35'000), Dollars(30'000)));
  EXPECT_EQ(award.amount, Money());
  EXPECT_EQ(award.zero_reason, ReasonCode::kOneSidedNoLossOwed);
}

// --- An advanced model: 90 days, both tails, netted over categories, post-episode ----------------

EpisodeSum AdvancedTerms() {
  EpisodeSum terms = KneeTerms();
  terms.definitions[0].days_after = 90;
  terms.definitions[0].discount = Rate::FromPercent(3);
  terms.definitions[0].winsorizing = {.low_percentile = Ratio(1, 100),
                                      .high_percentile = Ratio(99, 100),
                                      .definition = PercentileDefinition::kInterpolated};
  EpisodeDefinition shoulder = terms.definitions[0];
  shoulder.type = "SST";
  shoulder.name = "Shoulder";
  shoulder.anchors = {{{ClaimCodeField::kDrg, "483"}, "483"}};
  terms.definitions.push_back(shoulder);
  terms.quality = EpisodeQuality{.gain_at_most = Rate::FromPercent(10),
                                 .loss_at_most = Rate::FromPercent(10)};
  terms.limits = {{2020, Rate::FromPercent(20), Rate::FromPercent(20)}};
  return terms;
}

EpisodeInputs AdvancedInputs() {
  EpisodeInputs inputs = KneeInputs(
      Dollars(30'000),
      {MemberWith(1, {Stay("A", Day(2, 1), Day(2, 4), Dollars(60'000)),
                      Service("A2", Day(5, 6), "99213", Dollars(1'000))}),
       MemberWith(2, {Stay("B", Day(3, 1), Day(3, 4), Dollars(600), "483")})});
  inputs.baseline.push_back({"483", 2025, false, 10, Exact(Dollars(20'000))});
  for (int i = 1; i <= 100; ++i) {
    inputs.reference["470"].push_back(Dollars(500 * i));
    inputs.reference["483"].push_back(Dollars(500 * i));
  }
  inputs.quality_score = Ratio(70);
  return inputs;
}

TEST(EpisodeGolden, AdvancedNetsItsCategoriesAndCutsBothTails) {
  const auto run = RunEpisodes(AdvancedTerms(), AdvancedInputs());
  ASSERT_TRUE(run.ok()) << run.status();
  // R-7 of 500, 1,000, ..., 50,000: place 98.01 is 49,505 and place 0.99 is 995.
  EXPECT_EQ(run->lines[0].winsorized, Amount("49505"));
  EXPECT_EQ(run->lines[1].winsorized, Amount("995"));
  // 30,000 x 97 % - 49,505 = -20,405; 20,000 x 97 % - 995 = 18,405; netted -2,000.
  EXPECT_EQ(run->lines[0].result, Amount("-20405"));
  EXPECT_EQ(run->lines[1].result, Amount("18405"));
  // -2,000 x (1 - 10 % x 70/100) = -1,860.
  EXPECT_EQ(AwardOf(AdvancedTerms(), AdvancedInputs()).amount.Cents(), -1'860'00);
}

TEST(EpisodeGolden, PostEpisodeSpendingAboveItsBoundIsRepaidAfterTheLimit) {
  EpisodeSum terms = AdvancedTerms();
  terms.post_episode_days = 30;
  EpisodeInputs inputs = AdvancedInputs();
  // The window of A ends on May 5; the visit of May 6 is post-episode. Bound 2 x 300.
  inputs.post_bound = {{"KNS", Dollars(300)}, {"SST", Dollars(300)}};
  EXPECT_EQ(AwardOf(terms, inputs).amount.Cents(), -2'260'00);
  inputs.post_bound = {{"KNS", Dollars(500)}, {"SST", Dollars(500)}};
  EXPECT_EQ(AwardOf(terms, inputs).amount.Cents(), -1'860'00);
  // Repaid in full, though the stop-loss of 0 % left nothing before it.
  terms.limits = {{2020, Rate::FromPercent(20), Rate()}};
  inputs.post_bound = {{"KNS", Dollars(300)}, {"SST", Dollars(300)}};
  EXPECT_EQ(AwardOf(terms, inputs).amount.Cents(), -400'00);
}

// --- Budgets in advance, reconciled -------------------------------------------------------------

Award BudgetAward(const EpisodeSum& terms, Facts facts) {
  facts.SetAmount(kEpisodeBudget, Dollars(48'000));
  return Calculate(ContractOf(terms), facts,
                   {.period = DateRange::Year(2026), .pay_date = MakeDate(2027, 3, 1)});
}

Facts FinalFacts(std::int64_t counted, Money target, Money actual) {
  return Facts()
      .SetText(kEpisodeStage, "final")
      .SetAmount(kEpisodeTarget, target)
      .SetAmount(kEpisodeActual, actual)
      .SetCount(kEpisodeOpened, 2)
      .SetCount(kEpisodeCounted, counted)
      .SetRatio(kEpisodeQuality, Ratio(40))
      .SetText(kEpisodeLines, std::string(64, 'a'));
}

// feature:E05
TEST(EpisodeGolden, ABudgetIsPaidAheadAndSettledAtCostAndTheReconciledResult) {
  EpisodeSum terms = KneeTerms();
  terms.payment = EpisodePayment::kBudget;
  // Two of 24,000, before there are claims.
  const Award ahead = BudgetAward(terms, Facts().SetText(kEpisodeStage, "interim"));
  EXPECT_EQ(ahead.amount, Dollars(48'000)) << ToText(ahead);
  // 49,000 + (50,000 - 49,000): without quality and limits the target is due.
  EXPECT_EQ(BudgetAward(terms, FinalFacts(2, Dollars(50'000), Dollars(49'000))).amount,
            Dollars(50'000));
  EXPECT_EQ(BudgetAward(terms, FinalFacts(2, Dollars(50'000), Dollars(50'000))).amount,
            Dollars(50'000));

  terms.quality = EpisodeQuality{.gain_at_most = Rate::FromPercent(10),
                                 .loss_at_most = Rate::FromPercent(15)};
  terms.limits = {{2026, Rate::FromPercent(20), Rate::FromPercent(20)}};
  // 1,000 x (1 - 10 % x (1 - 40/100)) = 940 on top of 49,000.
  EXPECT_EQ(BudgetAward(terms, FinalFacts(2, Dollars(50'000), Dollars(49'000))).amount,
            Dollars(49'940));
  // -16,000 x (1 - 15 % x 40/100) = -15,040, at most 20 % of 50,000: 66,000 - 10,000.
  const Award stopped = BudgetAward(terms, FinalFacts(2, Dollars(50'000), Dollars(66'000)));
  EXPECT_EQ(stopped.amount, Dollars(56'000)) << ToText(stopped);
  EXPECT_THAT(stopped.steps[0].notes, ElementsAre(ReasonCode::kLossLimitBenchmark));

  const Award none = BudgetAward(terms, FinalFacts(0, Money(), Money()));
  EXPECT_EQ(none.amount, Money());
  EXPECT_EQ(none.zero_reason, ReasonCode::kNoEpisodes) << "all that was paid ahead comes back";
}

TEST(EpisodeGolden, ABudgetWithoutItsStageOrAmountBlocks) {
  EpisodeSum terms = KneeTerms();
  terms.payment = EpisodePayment::kBudget;
  const CalculationDates dates{.period = DateRange::Year(2026), .pay_date = MakeDate(2027, 3, 1)};
  EXPECT_THAT(BudgetAward(terms, Facts()).missing, ::testing::HasSubstr("settlement_stage"));
  const auto interim = [&](std::optional<Money> budget) {
    Facts facts = Facts().SetText(kEpisodeStage, "interim");
    if (budget) facts.SetAmount(kEpisodeBudget, *budget);
    return Calculate(ContractOf(terms), facts, dates);
  };
  EXPECT_THAT(interim(std::nullopt).missing, ::testing::HasSubstr(kEpisodeBudget));
  EXPECT_EQ(interim(Money()).zero_reason, ReasonCode::kNoEpisodes);
  EXPECT_THAT(interim(Dollars(-1)).missing, ::testing::HasSubstr("not below zero"));
}

// --- A joint-replacement model: the discount depends on quality, the limit on the year -----------

EpisodeSum JointTerms() {
  EpisodeSum terms = KneeTerms();
  terms.definitions[0].days_after = 90;
  terms.target.discount_bands = {
      {.from = Ratio(0), .discount = Rate::FromPercent(3), .no_gain = true},
      {.from = Ratio(4), .discount = Rate::FromPercent(3)},
      {.from = Ratio(6), .discount = Rate::FromPercent(2)},
      {.from = Ratio(132, 10), .above = true, .discount = Rate::FromMillionths(15'000)}};
  terms.limits = {{2024, Rate::FromPercent(5), Rate::FromPercent(5)},
                  {2025, Rate::FromPercent(10), Rate::FromPercent(10)},
                  {2026, Rate::FromPercent(20), Rate::FromPercent(20)}};
  return terms;
}

Award JointAward(Ratio score, Money actual) {
  EpisodeInputs inputs =
      KneeInputs(Dollars(25'000), {MemberWith(1, {Stay("A", Day(2, 1), Day(2, 4), actual)})});
  inputs.quality_score = std::move(score);
  return AwardOf(JointTerms(), inputs);
}

TEST(EpisodeGolden, JointDiscountIsBoughtDownByQuality) {
  const Award below = JointAward(Ratio(39, 10), Dollars(24'000));
  EXPECT_EQ(below.amount, Money());
  EXPECT_EQ(below.zero_reason, ReasonCode::kQualityStandardFailed);
  // 25,000 x 97 % - 24,000, at the edge of acceptable; 98 % from good on; 98.5 % above 13.2.
  EXPECT_EQ(JointAward(Ratio(4), Dollars(24'000)).amount.Cents(), 250'00);
  EXPECT_EQ(JointAward(Ratio(6), Dollars(24'000)).amount.Cents(), 500'00);
  EXPECT_EQ(JointAward(Ratio(132, 10), Dollars(24'000)).amount.Cents(), 500'00);
  EXPECT_EQ(JointAward(Ratio(133, 10), Dollars(24'000)).amount.Cents(), 625'00);
  // A loss below acceptable quality is owed: 24,250 - 24,300.
  EXPECT_EQ(JointAward(Ratio(39, 10), Dollars(24'300)).amount.Cents(), -50'00);
}

TEST(EpisodeGolden, JointLimitsWidenByYear) {
  EpisodeTotals totals{.opened = 1,
                       .counted = 1,
                       .target = Amount("100000"),
                       .actual = Amount("60000"),
                       .quality_score = Ratio(5)};
  const auto limited = [&](int year) {
    return ReconcileEpisodes(JointTerms(), totals, year)->result;
  };
  EXPECT_EQ(limited(2024), Amount("5000"));
  EXPECT_EQ(limited(2025), Amount("10000"));
  EXPECT_EQ(limited(2026), Amount("20000"));
  EXPECT_EQ(limited(2030), Amount("20000"));
  EXPECT_EQ(ReconcileEpisodes(JointTerms(), totals, 2023).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace sluice::performance
