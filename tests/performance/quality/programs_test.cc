// Whole quality programs configured as terms: no number of a program is in the code, all are here.
// Where the numbers follow a public program they are as commonly described, not checked against its
// text; the parties and results are invented.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "performance/quality/budget_neutral.h"
#include "performance/terms_codec.h"
#include "performance/terms_validate.h"
#include "tests/performance/quality/quality_samples.h"
#include "tests/performance/terms_samples.h"

namespace sluice::performance {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// ---- MSSP before 2021: four domains, points by percentile, improvement reward. ----

// Published benchmarks are rates by percentile; here the rate at percentile p is p itself.
std::vector<PointsStep> TwoPointTable(std::int64_t times) {
  std::vector<PointsStep> steps;
  const std::vector<std::pair<std::int64_t, std::int64_t>> table = {
      {30, 110}, {40, 125}, {50, 140}, {60, 155}, {70, 170}, {80, 185}, {90, 200}};
  for (const auto& [percentile, hundredths] : table) {
    steps.push_back({Ratio(percentile, 100), Ratio(hundredths * times, 100)});
  }
  return steps;
}

// Domains of 8, 10, 8 and 5 measures; one of the second is worth twice: 16, 22, 16 and 10 points.
Score FourDomains() {
  Score score;
  const std::vector<std::pair<std::string, int>> domains = {
      {"experience", 8}, {"coordination", 10}, {"prevention", 8}, {"at risk", 5}};
  for (const auto& [name, count] : domains) {
    for (int i = 1; i <= count; ++i) {
      const bool twice = name == "coordination" && i == 1;
      score.measures.push_back({.id = fmt::format("{}.{}", name == "at risk" ? "risk" : name, i),
                                .minimum_denominator = 20,
                                .points = TierPoints{.steps = TwoPointTable(twice ? 2 : 1)},
                                .domain = name});
    }
    const std::string fact = name == "at risk" ? "risk" : name;
    score.domains.push_back({.name = name,
                             .weight = Ratio(1, 4),
                             .reward = DomainReward{.improved_fact = fact + ".improved",
                                                    .declined_fact = fact + ".declined",
                                                    .steps = {{Ratio(1, 10), Ratio(1)},
                                                              {Ratio(1, 2), Ratio(2)},
                                                              {Ratio(9, 10), Ratio(4)}}}});
  }
  return score;
}

Terms FourDomainTerms() {
  Terms terms{.title = "Four domains, half of the savings"};
  terms.components = {
      {.rule = Basis{.kind = TargetMinusActual{}}},
      {.rule = Score{FourDomains()}, .clause = "42 CFR 425.502"},
      {.rule = Gate{.name = "minimum attainment in each domain",
                    .test = AttainedInEachDomain{.minimum = 1},
                    .on_fail = {.gain_reason = ReasonCode::kQualityStandardFailed}}},
      {.rule = RateComponent{.side = Side::kGain,
                             .cases = {{.rule = RateTimesScore{Rate::FromPercent(50)}}}}},
      {.rule = RoundingRule{}}};
  return NumberClauses(std::move(terms));
}

Facts FourDomainFacts() {
  Facts facts;
  facts.SetAmount("benchmark", Money::FromCents(10'000'000'000));
  facts.SetAmount("expenditure", Money::FromCents(9'500'000'000));
  for (const MeasureTerm& term : FourDomains().measures) facts.SetMeasure(term.id, Result(55, 100));
  for (const std::string name : {"experience", "coordination", "prevention", "risk"}) {
    facts.SetCount(name + ".improved", 0);
    facts.SetCount(name + ".declined", 0);
  }
  return facts;
}

// feature:P01
TEST(QualityPrograms, FourDomainsEachWithItsScoreAndOneOverall) {
  Facts facts = FourDomainFacts();
  // 1.40 of 2 everywhere: 70 % in each domain.
  Award award = Calculate(FourDomainTerms(), facts, Year2026());
  ASSERT_EQ(award.status, AwardStatus::kComputed) << award.missing;
  EXPECT_EQ(*award.score, Ratio(7, 10));
  EXPECT_EQ(award.amount.ToString(), "1,750,000.00");  // 5,000,000 x 50 % x 0.7
  // The doubled measure to the 90th percentile: (9 x 1.4 + 4) / 22.
  facts.SetMeasure("coordination.1", Result(90, 100));
  // Six of eight improved, one declined: 5/8 of the measures, so 2 points of reward.
  facts.SetCount("experience.improved", 6);
  facts.SetCount("experience.declined", 1);
  // All at the top, and a reward on top: a domain is at most 100 %.
  for (int i = 1; i <= 5; ++i) facts.SetMeasure(fmt::format("risk.{}", i), Result(95, 100));
  facts.SetCount("risk.improved", 5);
  award = Calculate(FourDomainTerms(), facts, Year2026());
  const Ratio experience = Ratio(1320, 100) / Ratio(16);  // 8 x 1.40 + 2
  const Ratio coordination = Ratio(1660, 100) / Ratio(22);
  EXPECT_EQ(Input(*FindStep(award, "domain", "experience"), "score, exactly"),
            experience.ToFractionString());
  EXPECT_EQ(Input(*FindStep(award, "domain", "experience"), "improvement reward"), "2");
  EXPECT_EQ(Input(*FindStep(award, "domain", "coordination"), "score, exactly"),
            coordination.ToFractionString());
  EXPECT_EQ(Input(*FindStep(award, "domain", "at risk"), "score"), "1");
  EXPECT_THAT(FindStep(award, "domain", "at risk")->notes, ElementsAre(ReasonCode::kCapApplied));
  EXPECT_EQ(FindStep(award, "domain", "at risk")->clause, "42 CFR 425.502");
  EXPECT_EQ(*award.score, (experience + coordination + Ratio(7, 10) + Ratio(1)) / Ratio(4));
}

TEST(QualityPrograms, ADomainWithoutAttainmentPaysNothing) {
  Facts facts = FourDomainFacts();
  for (int i = 1; i <= 5; ++i) facts.SetMeasure(fmt::format("risk.{}", i), Result(29, 100));
  Award award = Calculate(FourDomainTerms(), facts, Year2026());
  EXPECT_EQ(award.zero_reason, ReasonCode::kQualityStandardFailed);
  EXPECT_EQ(award.zero_detail, "minimum attainment in each domain: at risk");
  facts.SetMeasure("risk.3", Result(30, 100));  // exactly at the 30th
  award = Calculate(FourDomainTerms(), facts, Year2026());
  EXPECT_FALSE(award.zero_reason.has_value());
}

// The grid that PROGRAM_MATH 3.7 proves for 2017 and 2018: points in twentieths over domains of 16,
// 22, 16 and 10 points, averaged over four.
TEST(QualityPrograms, EveryScoreLiesOnTheGridOfItsPoints) {
  const unsigned seed = 70'400;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<std::int64_t> rate(0, 100);
  std::uniform_int_distribution<std::int64_t> improved(0, 5);
  const Terms terms = FourDomainTerms();
  for (int round = 0; round < 60; ++round) {
    Facts facts = FourDomainFacts();
    for (const MeasureTerm& term : FourDomains().measures) {
      facts.SetMeasure(term.id, Result(rate(random), 100));
    }
    for (const std::string name : {"experience", "coordination", "prevention", "risk"}) {
      facts.SetCount(name + ".improved", improved(random));
    }
    const Award award = Calculate(terms, facts, Year2026());
    ASSERT_TRUE(award.score.has_value());
    EXPECT_EQ((*award.score * Ratio(70'400)).Denominator(), 1) << award.score->ToFractionString();
    EXPECT_LE(*award.score, Ratio(1));
  }
}

TEST(QualityPrograms, ADomainWithTooFewMeasuresLeavesOrCountsAsZero) {
  Score score{.measures = {{.id = "A",
                            .threshold = Ratio(0),
                            .target = Ratio(1),
                            .minimum_denominator = 10,
                            .domain = "one"},
                           {.id = "B",
                            .threshold = Ratio(0),
                            .target = Ratio(1),
                            .minimum_denominator = 10,
                            .domain = "one"},
                           {.id = "C",
                            .threshold = Ratio(0),
                            .target = Ratio(1),
                            .minimum_denominator = 10,
                            .domain = "two"}},
              .domains = {{.name = "one", .weight = Ratio(3, 5), .minimum_measures = 2},
                          {.name = "two", .weight = Ratio(2, 5)}}};
  Facts facts;
  facts.SetMeasure("A", Result(9, 10));
  facts.SetMeasure("B", Result(9, 9));
  facts.SetMeasure("C", Result(5, 10));
  Award award = Calculate(ThousandTimes(score), facts, Year2026());
  EXPECT_EQ(*award.score, Ratio(1, 2));  // "two" carries the weight
  EXPECT_THAT(award.notes, Contains(ReasonCode::kReweighted));
  EXPECT_EQ(FindStep(award, "domain", "one")->detail, "BELOW_MINIMUM_DENOMINATOR");
  score.domains[0].small_is_zero = true;
  award = Calculate(ThousandTimes(score), facts, Year2026());
  EXPECT_EQ(*award.score, Ratio(1, 5));
  facts.SetMeasure("B", Result(5, 10));
  award = Calculate(ThousandTimes(score), facts, Year2026());
  EXPECT_EQ(*award.score, Ratio(3, 5) * Ratio(7, 10) + Ratio(2, 5) * Ratio(1, 2));
  score.minimum_measures = 3;
  facts.SetMeasure("C", Result(0, 0));
  award = Calculate(ThousandTimes(score), facts, Year2026());
  EXPECT_EQ(award.zero_reason, ReasonCode::kBelowMinimumDenominator);
  EXPECT_EQ(award.zero_detail, "2 scored measures, 3 required");
}

TEST(QualityPrograms, WeightsOfDomainsMustAddUp) {
  Score score = FourDomains();
  score.domains[0].weight = Ratio(1, 5);
  EXPECT_THAT(StatusMessage(ValidateTerms(ThousandTimes(score))), HasSubstr("add up to 0.95"));
  score = FourDomains();
  score.measures[0].domain = "elsewhere";
  EXPECT_THAT(StatusMessage(ValidateTerms(ThousandTimes(score))), HasSubstr("'elsewhere'"));
  score = FourDomains();
  score.domains[3].minimum_measures = 6;
  EXPECT_THAT(StatusMessage(ValidateTerms(ThousandTimes(score))), HasSubstr("from 1 to 5"));
}

// ---- A payment adjustment on a score of 0 to 100 (the shape of 42 CFR 414.1405). ----

Terms AdjustmentTerms() {
  Terms terms{.title = "Payment adjustment, threshold 75, 9 %"};
  const auto percent = [](std::int64_t hundredths) {
    return Rate::FromMillionths(hundredths * 100);
  };
  terms.components = {
      {.rule =
           Basis{.kind = PercentOfFact{.rate = Rate::FromPercent(100), .fact = "paid_professional"},
                 .zero_reason = ReasonCode::kPoolEmpty}},
      {.rule =
           RateComponent{
               .cases = {{.rule = RateByScore{.score_fact = "final_score",
                                              .from = Ratio(0),
                                              .pieces = {{Ratio(75, 4), true, percent(-900),
                                                          percent(-900)},
                                                         {Ratio(75), true, percent(-675), Rate()},
                                                         {Ratio(100), true, Rate(), percent(900)}},
                                              .gain_factor_fact = "scaling_factor",
                                              .gain_factor_most = Ratio(3)}}},
               .otherwise = ReasonCode::kNoChange}},
      {.rule = RoundingRule{}}};
  return NumberClauses(std::move(terms));
}

Award Adjustment(const Ratio& score, const Ratio& factor) {
  Facts facts;
  facts.SetAmount("paid_professional", Money::FromCents(10'000'000));  // $100,000
  facts.SetRatio("final_score", score);
  facts.SetRatio("scaling_factor", factor);
  return Calculate(AdjustmentTerms(), facts, Year2026());
}

// feature:P17
TEST(QualityPrograms, APaymentAdjustmentFollowsItsCurve) {
  struct Row {
    Ratio score;
    std::string amount;
  };
  for (const Row& row : std::vector<Row>{
           {Ratio(0), "-9,000.00"},
           {Ratio(75, 4), "-9,000.00"},        // exactly a quarter of the threshold
           {Ratio(37501, 2000), "-6,749.94"},  // just above it: 6.75 % x (75 - S) / 56.25
           {Ratio(375, 8), "-3,375.00"},       // half way up
           {Ratio(75), "0.00"},
           {Ratio(832, 10), "2,952.00"},  // 9 % x 8.2 / 25
           {Ratio(100), "9,000.00"}}) {
    const Award award = Adjustment(row.score, Ratio(1));
    EXPECT_EQ(award.amount.ToString(), row.amount) << row.score.ToString();
  }
  EXPECT_EQ(Adjustment(Ratio(75), Ratio(1)).zero_reason, ReasonCode::kNoChange);
  // The factor scales gains only, and no further than its most.
  EXPECT_EQ(Adjustment(Ratio(832, 10), Ratio(2)).amount.ToString(), "5,904.00");
  EXPECT_EQ(Adjustment(Ratio(832, 10), Ratio(7, 2)).amount.ToString(), "8,856.00");
  EXPECT_THAT(Adjustment(Ratio(832, 10), Ratio(7, 2)).notes, ElementsAre(ReasonCode::kRateClamped));
  EXPECT_EQ(Adjustment(Ratio(0), Ratio(2)).amount.ToString(), "-9,000.00");
  // A score that the curve does not know is not guessed.
  EXPECT_EQ(Adjustment(Ratio(101), Ratio(1)).blocked_reason, ReasonCode::kMissingInput);
}

TEST(QualityPrograms, TheScalingFactorMakesGainsEqualLosses) {
  const std::vector<Ratio> scores = {Ratio(10), Ratio(60), Ratio(80), Ratio(100)};
  Exact losses;
  std::vector<Exact> gains;
  for (const Ratio& score : scores) {
    const Award award = Adjustment(score, Ratio(1));
    if (award.unrounded.Sign() < 0) losses = losses - award.unrounded;
    if (award.unrounded.Sign() > 0) gains.push_back(award.unrounded);
  }
  // 9,000 + 1,800 lost; 1,800 + 9,000 gained.
  const auto factor = FindBudgetNeutralFactor(losses, gains, Ratio(3));
  ASSERT_TRUE(factor.ok());
  EXPECT_EQ(factor->factor, Ratio(1));
  const auto limited = FindBudgetNeutralFactor(losses, std::vector<Exact>{gains[0]}, Ratio(3));
  EXPECT_TRUE(limited->limited);
  EXPECT_EQ(limited->factor, Ratio(3));
  EXPECT_EQ(limited->unspent, losses - gains[0] * Ratio(3));
  EXPECT_FALSE(FindBudgetNeutralFactor(losses, {}, std::nullopt).ok());
  EXPECT_TRUE(FindBudgetNeutralFactor(Exact(), {}, std::nullopt)->factor.IsZero());
}

// The score of 0 to 100 itself: four weighted categories on a scale of 100.
TEST(QualityPrograms, AFinalScoreIsWeightedCategories) {
  Score score{.domains = {{.name = "quality", .weight = Ratio(30, 100)},
                          {.name = "cost", .weight = Ratio(30, 100)},
                          {.name = "interoperability", .weight = Ratio(25, 100)},
                          {.name = "improvement", .weight = Ratio(15, 100)}},
              .scale = Ratio(100)};
  Facts facts;
  facts.SetAmount("paid_professional", Money::FromCents(10'000'000));
  facts.SetRatio("scaling_factor", Ratio(1));
  const std::vector<std::int64_t> results = {90, 70, 100, 100};
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string& name = score.domains[i].name;
    score.measures.push_back(
        {.id = name, .threshold = Ratio(0), .target = Ratio(1), .domain = name});
    facts.SetMeasure(name, Result(results[i], 100));
  }
  Terms terms = AdjustmentTerms();
  terms.components.insert(terms.components.begin() + 1, {.rule = score});
  std::get<RateByScore>(std::get<RateComponent>(terms.components[2].rule).cases[0].rule)
      .score_fact.clear();
  const Award award = Calculate(terms, facts, Year2026());
  EXPECT_EQ(*award.score, Ratio(88));              // 27 + 21 + 25 + 15
  EXPECT_EQ(award.amount.ToString(), "4,680.00");  // 9 % x 13 / 25
}

// ---- Hospital value-based purchasing: withheld from all, returned by score and slope. ----

TEST(QualityPrograms, AHospitalEarnsBackBySlope) {
  const auto measure = [](std::string id, Ratio threshold, Ratio target, std::string domain) {
    return MeasureTerm{.id = id,
                       .threshold = std::move(threshold),
                       .target = std::move(target),
                       .minimum_denominator = 25,
                       .points = AttainOrImprove{.full = Ratio(10),
                                                 .attainment_span = Ratio(9),
                                                 .attainment_start = Ratio(1, 2),
                                                 .improvement_span = Ratio(10),
                                                 .improvement_start = Ratio(-1, 2),
                                                 .improvement_most = Ratio(9),
                                                 .baseline = {.period = DateRange::Year(2024),
                                                              .measure = id + ".2024"}},
                       .domain = std::move(domain),
                       .points_unit = Ratio(1)};
  };
  Terms terms{.title = "Hospital value-based purchasing"};
  terms.components = {
      {.rule = Basis{.kind = PercentOfFact{.rate = Rate::FromPercent(2), .fact = "base_operating"},
                     .zero_reason = ReasonCode::kPoolEmpty}},
      {.rule = Score{.measures = {measure("MORT", Ratio(86, 100), Ratio(90, 100), "outcomes"),
                                  measure("HAI", Ratio(8, 10), Ratio(0), "safety"),
                                  measure("MSPB", Ratio(99, 100), Ratio(85, 100), "efficiency")},
                     .domains = {{.name = "outcomes", .weight = Ratio(1, 2)},
                                 {.name = "safety", .weight = Ratio(1, 4)},
                                 {.name = "efficiency", .weight = Ratio(1, 4)}},
                     .scale = Ratio(100)},
       .clause = "42 CFR 412.165"},
      {.rule = RateComponent{.cases = {{.rule = RateByScore{.from = Ratio(0),
                                                            .pieces = {{Ratio(100), true, Rate(),
                                                                        Rate::FromPercent(100)}},
                                                            .gain_factor_fact = "slope"}}},
                             .otherwise = ReasonCode::kScoreZero},
       .clause = "42 CFR 412.162"},
      {.rule = RoundingRule{}}};
  terms = NumberClauses(std::move(terms));
  ASSERT_EQ(ValidateTerms(terms), OkStatus());
  Facts facts;
  facts.SetAmount("base_operating", Money::FromCents(5'000'000'000));  // $50,000,000
  facts.SetRatio("slope", Ratio(18, 10));
  facts.SetMeasure("MORT", Result(880, 1000));
  facts.SetMeasure("MORT.2024", Result(860, 1000));
  facts.SetMeasure("HAI", Result(20, 100));
  facts.SetMeasure("HAI.2024", Result(90, 100));
  facts.SetMeasure("MSPB", Result(100, 100));
  facts.SetMeasure("MSPB.2024", Result(102, 100));
  const Award award = Calculate(terms, facts, Year2026());
  // MORT: A = 9 x 0.5 + 0.5 = 5, I = 10 x 0.5 - 0.5 = 4.5. HAI: A = 9 x 0.75 + 0.5 = 7.25,
  // I = 10 x 7/9 - 0.5 = 7.27..., so 7. MSPB: A = 0, I = 10 x 2/17 - 0.5 = 0.676..., so 1.
  EXPECT_EQ(Input(*FindStep(award, "measure", "MORT"), "points"), "5");
  EXPECT_EQ(Input(*FindStep(award, "measure", "HAI"), "points"), "7");
  EXPECT_EQ(Input(*FindStep(award, "measure", "MSPB"), "points"), "1");
  EXPECT_EQ(*award.score, Ratio(45));                // 100 x (0.5 x 0.5 + 0.25 x 0.7 + 0.25 x 0.1)
  EXPECT_EQ(award.amount.ToString(), "810,000.00");  // 1,000,000 x 1.8 x 0.45
}

// ---- Stars: weighted mean, adjustments, half stars, improvement held harmless. ----

Terms StarTerms() {
  const auto measure = [](std::string id, std::int64_t weight, bool improvement) {
    return MeasureTerm{.id = std::move(id),
                       .weight = Ratio(weight),
                       .points = StarPoints{.cuts = {Ratio(50, 100), Ratio(60, 100), Ratio(70, 100),
                                                     Ratio(80, 100)}},
                       .hold_harmless = improvement};
  };
  Terms terms{.title = "Star bonus"};
  terms.components = {
      {.rule = Basis{.kind = PriceTimesCount{.price = UnitPrice::FromMillionths(2'000'000)},
                     .zero_reason = ReasonCode::kNoMemberMonths}},
      {.rule = Score{.measures = {measure("process", 1, false), measure("outcome", 3, false),
                                  measure("experience", 2, false), measure("improvement", 5, true)},
                     .method = ScoreMethod::kMeanPoints,
                     .adjustments = {{"reward factor", "reward_factor"},
                                     {"categorical adjustment index", "cai"}},
                     .rounding_unit = Ratio(1, 2),
                     .lowest = Ratio(1),
                     .highest = Ratio(5),
                     .hold_harmless_from = Ratio(4)}},
      {.rule = Gate{.name = "at least 3.5 stars",
                    .test = ScoreAtLeast{.minimum = Ratio(7, 2)},
                    .on_fail = {.gain_reason = ReasonCode::kBelowThreshold}}},
      {.rule =
           RateComponent{
               .cases = {{.rule = RateByScore{.from = Ratio(1),
                                              .pieces = {{Ratio(4), false, Rate::FromPercent(50),
                                                          Rate::FromPercent(50)},
                                                         {Ratio(5), true, Rate::FromPercent(100),
                                                          Rate::FromPercent(100)}}}}}}},
      {.rule = RoundingRule{}}};
  return NumberClauses(std::move(terms));
}

Award Stars(std::int64_t process, std::int64_t outcome, std::int64_t experience,
            std::int64_t improvement, Ratio reward = Ratio(0), Ratio cai = Ratio(0)) {
  Facts facts;
  facts.SetCount("member_months", 10'000);
  facts.SetRatio("reward_factor", std::move(reward));
  facts.SetRatio("cai", std::move(cai));
  facts.SetMeasure("process", Result(process, 100));
  facts.SetMeasure("outcome", Result(outcome, 100));
  facts.SetMeasure("experience", Result(experience, 100));
  facts.SetMeasure("improvement", Result(improvement, 100));
  return Calculate(StarTerms(), facts, Year2026());
}

TEST(QualityPrograms, StarsAreAWeightedMeanToTheHalf) {
  ASSERT_EQ(ValidateTerms(StarTerms()), OkStatus());
  // 1 x 3 + 3 x 4 + 2 x 3 + 5 x 4 = 41 over 11: 3.727... is 3.5.
  EXPECT_EQ(*Stars(60, 70, 60, 70).score, Ratio(7, 2));
  EXPECT_EQ(Stars(60, 70, 60, 70).amount.ToString(), "10,000.00");
  // A reward factor of 0.023 lifts it to exactly 3.75 with 0.0227...: half up is 4.
  const Award lifted = Stars(60, 70, 60, 70, Ratio(1, 4) - Ratio(8, 11) + Ratio(1, 2));
  EXPECT_EQ(*lifted.score, Ratio(4));
  EXPECT_EQ(lifted.amount.ToString(), "20,000.00");
  // The index takes it down again.
  EXPECT_EQ(*Stars(60, 70, 60, 70, Ratio(1, 4) - Ratio(8, 11) + Ratio(1, 2), Ratio(-1, 1000)).score,
            Ratio(7, 2));
  // Never above five.
  EXPECT_EQ(*Stars(90, 90, 90, 90, Ratio(1, 2)).score, Ratio(5));
  const Award low = Stars(50, 50, 50, 50);
  EXPECT_EQ(low.zero_reason, ReasonCode::kBelowThreshold);
  EXPECT_EQ(low.zero_detail, "at least 3.5 stars");
}

TEST(QualityPrograms, AHighPerformerIsHeldHarmless) {
  // Without improvement: (5 + 15 + 8) / 6 = 4.67 is 4.5; with one star of it 33 / 11 = 3.
  const Award award = Stars(80, 80, 70, 10);
  EXPECT_EQ(*award.score, Ratio(9, 2));
  EXPECT_EQ(Input(*FindStep(award, "measure", "improvement"), "held harmless"),
            "the score is higher without it");
  EXPECT_THAT(award.notes, Contains(ReasonCode::kReweighted));
  // Below four stars without it, it counts: (3 + 12 + 6) / 6 = 3.5, with it 26 / 11.
  EXPECT_EQ(*Stars(60, 70, 60, 10).score, Ratio(5, 2));
  // Where it helps it counts as well.
  EXPECT_EQ(*Stars(80, 70, 70, 90).score, Ratio(9, 2));
}

// ---- Gates. ----

TEST(QualityPrograms, AScaledGatePaysTheScoreOfThePool) {
  Terms terms =
      ThousandTimes({.measures = {{.id = "M", .threshold = Ratio(0), .target = Ratio(1)}}});
  terms.components.insert(
      terms.components.begin() + 2,
      {.rule =
           Gate{.name = "four fifths",
                .test = ScoreAtLeast{.minimum = Ratio(4, 5)},
                .on_fail = {
                    .factors = {{.factor = Ratio(1), .side = Side::kBoth, .times_score = true}}}}});
  std::get<RateComponent>(terms.components[3].rule).cases = {
      {.rule = FixedRate{Rate::FromPercent(100)}}};
  Facts facts;
  const auto paid = [&](std::int64_t numerator) {
    facts.SetMeasure("M", Result(numerator, 1000));
    return Calculate(terms, facts, Year2026());
  };
  EXPECT_EQ(paid(800).amount.ToString(), "1,000.00");  // exactly at the gate: the whole pool
  EXPECT_EQ(paid(799).amount.ToString(), "799.00");
  EXPECT_EQ(paid(0).zero_reason, ReasonCode::kScoreZero);
}

TEST(QualityPrograms, AGateMayWaitForTheDay) {
  Terms terms =
      ThousandTimes({.measures = {{.id = "M", .threshold = Ratio(0), .target = Ratio(1)}}});
  terms.components.insert(
      terms.components.begin() + 1,
      {.rule = Gate{.name = "not before May 4", .test = PayDateReached{MakeDate(2027, 5, 4)}}});
  Facts facts;
  facts.SetMeasure("M", Result(1, 1));
  CalculationDates dates = Year2026();
  EXPECT_EQ(Calculate(terms, facts, dates).zero_reason, ReasonCode::kGateFailed);
  dates.pay_date = MakeDate(2027, 5, 4);
  EXPECT_EQ(Calculate(terms, facts, dates).amount.ToString(), "1,000.00");
}

// feature:C13
TEST(QualityPrograms, OneContractWithAndWithoutDownside) {
  Terms terms{.title = "Shared savings, half, loss at most 3 % of the benchmark"};
  terms.components = {
      {.rule = Basis{.kind = TargetMinusActual{}}},
      {.rule = Gate{.name = "upside only",
                    .side = Side::kLoss,
                    .test = NeverPasses{},
                    .on_fail = {.loss_reason = ReasonCode::kOneSidedNoLossOwed}}},
      {.rule = RateComponent{.cases = {{.rule = FixedRate{Rate::FromPercent(50)}}}}},
      {.rule = Cap{.side = Side::kLoss,
                   .limits = {{.amount = ShareOfFact{Rate::FromPercent(3), "benchmark"},
                               .note = ReasonCode::kLossLimitBenchmark}}}},
      {.rule = RoundingRule{}}};
  Facts facts;
  facts.SetAmount("benchmark", Money::FromCents(100'000'000));
  facts.SetAmount("expenditure", Money::FromCents(104'000'000));
  EXPECT_EQ(Calculate(terms, facts, Year2026()).zero_reason, ReasonCode::kOneSidedNoLossOwed);
  facts.SetAmount("expenditure", Money::FromCents(96'000'000));
  EXPECT_EQ(Calculate(terms, facts, Year2026()).amount.ToString(), "20,000.00");
  // The same contract, toggled.
  terms.components.erase(terms.components.begin() + 1);
  EXPECT_EQ(Calculate(terms, facts, Year2026()).amount.ToString(), "20,000.00");
  facts.SetAmount("expenditure", Money::FromCents(104'000'000));
  EXPECT_EQ(Calculate(terms, facts, Year2026()).amount.ToString(), "-20,000.00");
  facts.SetAmount("expenditure", Money::FromCents(106'000'000));  // exactly at the limit
  const Award at_limit = Calculate(terms, facts, Year2026());
  EXPECT_EQ(at_limit.amount.ToString(), "-30,000.00");
  EXPECT_TRUE(at_limit.notes.empty());
  facts.SetAmount("expenditure", Money::FromCents(108'000'000));
  const Award limited = Calculate(terms, facts, Year2026());
  EXPECT_EQ(limited.amount.ToString(), "-30,000.00");
  EXPECT_THAT(limited.notes, ElementsAre(ReasonCode::kLossLimitBenchmark));
}

// ---- The published form. ----

std::vector<Terms> Programs() {
  Terms kitchen = StarTerms();
  auto& measures = std::get<Score>(kitchen.components[1].rule).measures;
  measures[0].small = SmallDenominator::kDefaultRate;
  measures[0].default_rate = Ratio(1, 3);
  measures[0].topped_out = {{2025, Ratio(4)}, {2028, std::nullopt}};
  measures[0].evidence = MeasureEvidence{"received", MakeDate(2027, 2, 28)};
  measures[1].small = SmallDenominator::kRollUp;
  measures[1].parent_measure = "outcome.parent";
  measures[1].points = PercentilePoints{.peer_group = "plans",
                                        .peers = {{MakeDate(2026, 1, 1), {Ratio(1, 2), Ratio(1)}}},
                                        .method = PercentileMethod::kNearestRank,
                                        .ties = TieRule::kFallsShort,
                                        .lower_is_better = true,
                                        .steps = {{Ratio(1, 2), Ratio(5)}}};
  measures[2].points = ImprovementPoints{.baseline = {DateRange::Year(2024), "", Ratio(1, 2)},
                                         .kind = ImprovementKind::kGapClosed,
                                         .threshold = Ratio(1, 10),
                                         .target = Ratio(2, 10),
                                         .lower_is_better = true};
  measures.push_back({.id = "reported", .points = ReportingPoints{Ratio(5)}});
  kitchen.components.push_back(
      {.rule = Withhold{.rate = Rate::FromPercent(5), .base = WithholdBase::kGross}});
  kitchen.components.push_back({.rule = Redistribute{.minimum_score = Ratio(4),
                                                     .share = Rate::FromPercent(50),
                                                     .most = Money::FromCents(100)}});
  kitchen.payment_withhold =
      Withhold{.rate = Rate::FromPercent(2),
               .streams = {"ccf", "pcpcp"},
               .interest = WithholdInterest{Rate::FromPercent(3), DayCount::kThirty360,
                                            Rounding::kTowardZero, true},
               .release_on = ReleaseOnDate{6, "reported_all"},
               .expiry = WithholdExpiry{18, ForfeitTo::kParent}};
  return {FourDomainTerms(), AdjustmentTerms(), StarTerms(), kitchen};
}

TEST(QualityPrograms, TermsComeBackFromBytesAndJson) {
  for (const Terms& terms : Programs()) {
    ASSERT_EQ(ValidateTerms(terms), OkStatus()) << terms.title;
    const Bytes bytes = EncodeTerms(terms);
    const StatusOr<Terms> back = DecodeTerms(bytes);
    ASSERT_TRUE(back.ok()) << terms.title << back.status();
    EXPECT_EQ(*back, terms) << terms.title;
    const StatusOr<Terms> json = TermsFromJson(TermsToJson(terms));
    ASSERT_TRUE(json.ok()) << json.status();
    EXPECT_EQ(*json, terms) << terms.title;
    EXPECT_FALSE(DescribeTerms(terms).empty());
  }
}

TEST(QualityPrograms, ContradictingTermsAreRefused) {
  // A number of stars is no share of a pool.
  Terms terms = StarTerms();
  std::get<RateComponent>(terms.components[3].rule).cases = {
      {.rule = RateTimesScore{Rate::FromPercent(100)}}};
  EXPECT_THAT(StatusMessage(ValidateTerms(terms)), HasSubstr("not a share of 1"));
  // A withheld balance cannot be earned twice over.
  terms = StarTerms();
  std::get<Basis>(terms.components[0].rule).kind = WithheldBalance{};
  auto& curve =
      std::get<RateByScore>(std::get<RateComponent>(terms.components[3].rule).cases[0].rule);
  curve.gain_factor_fact = "slope";
  EXPECT_THAT(StatusMessage(ValidateTerms(terms)), HasSubstr("is not scaled"));
  curve.gain_factor_fact.clear();
  curve.pieces[1].at_end = Rate::FromPercent(101);
  EXPECT_THAT(StatusMessage(ValidateTerms(terms)), HasSubstr("from 0 % to 100 % is earned"));
  curve.pieces[1] = {Ratio(4), true, Rate(), Rate()};
  EXPECT_THAT(StatusMessage(ValidateTerms(terms)), HasSubstr("must grow"));
  terms = StarTerms();
  terms.payment_withhold = Withhold{.rate = Rate::FromPercent(5), .streams = {"quality"}};
  EXPECT_THAT(StatusMessage(ValidateTerms(terms)), HasSubstr("no payment stream 'quality'"));
  terms.payment_withhold = Withhold{.rate = Rate::FromPercent(5),
                                    .release_on = ReleaseOnDate{6, ""},
                                    .expiry = WithholdExpiry{6}};
  EXPECT_THAT(StatusMessage(ValidateTerms(terms)), HasSubstr("expires after its release"));
}

}  // namespace
}  // namespace sluice::performance
