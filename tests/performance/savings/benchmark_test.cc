// Benchmarks from base years: each rule by hand, and the whole against a second computation.
#include "performance/benchmark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/calculate.h"
#include "performance/terms_codec.h"
#include "performance/terms_validate.h"

namespace sluice::performance {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

const CalculationDates kDates{.period = DateRange::Year(2026), .pay_date = MakeDate(2027, 9, 1)};

Exact Dollars(std::int64_t dollars) { return Exact(Money::FromCents(dollars * 100)); }

// Two types, three base years, everything switched on.
HistoricalBenchmark FullBenchmark() {
  return {.years = {{.name = "by1", .weight = Ratio(1, 10)},
                    {.name = "by2", .weight = Ratio(3, 10)},
                    {.name = "by3", .weight = Ratio(6, 10)}},
          .types = {"aged", "esrd"},
          .trend = {.rule = TrendRule::kBlended, .national_weight_fact = "national_weight"},
          .update = {.rule = TrendRule::kBlended,
                     .national_weight_fact = "national_weight",
                     .flat_share = Ratio(1, 3)},
          .risk = {.performance_year = true,
                   .cap = RiskCap::kAggregate,
                   .highest_growth = Ratio(3, 100),
                   .add_demographic_growth = true},
          .regional = RegionalAdjustment{.share_below = Ratio(35, 100),
                                         .share_above = Ratio(15, 100),
                                         .highest = Ratio(5, 100),
                                         .lowest = Ratio(15, 1000)},
          .prior_savings = PriorSavings{.share = Ratio(1, 2), .highest = Ratio(5, 100)}};
}

void SetType(Facts& facts, const std::string& type, const std::vector<std::int64_t>& cost,
             std::int64_t months, const std::vector<Ratio>& national,
             const std::vector<Ratio>& regional) {
  const std::vector<std::string> years = {"by1", "by2", "by3"};
  for (std::size_t i = 0; i < years.size(); ++i) {
    facts.Set(BenchmarkFact(years[i], type, "expenditure"), Dollars(cost[i]));
    facts.SetCount(BenchmarkFact(years[i], type, "member_months"), months);
    if (i == 2) continue;
    facts.SetRatio(BenchmarkFact(years[i], type, "national_growth"), national[i]);
    facts.SetRatio(BenchmarkFact(years[i], type, "regional_growth"), regional[i]);
  }
  facts.SetRatio(BenchmarkFact("py", type, "national_growth"), Ratio(104, 100));
  facts.SetRatio(BenchmarkFact("py", type, "regional_growth"), Ratio(108, 100));
}

Facts FullFacts() {
  Facts facts;
  facts.SetRatio("national_weight", Ratio(1, 4));
  SetType(facts, "aged", {9'600'000, 10'500'000, 11'500'000}, 12'000,
          {Ratio(110, 100), Ratio(105, 100)}, {Ratio(120, 100), Ratio(109, 100)});
  SetType(facts, "esrd", {700'000, 720'000, 750'000}, 120, {Ratio(102, 100), Ratio(101, 100)},
          {Ratio(102, 100), Ratio(101, 100)});
  facts.Set("benchmark.by3.aged.regional", Dollars(12'430));
  facts.Set("benchmark.by3.aged.national", Dollars(12'000));
  facts.Set("benchmark.by3.esrd.regional", Dollars(69'956));
  facts.Set("benchmark.by3.esrd.national", Dollars(70'000));
  facts.Set("benchmark.prior_savings", Dollars(900));
  facts.Set("benchmark.py.aged.flat_growth", Dollars(600));
  facts.Set("benchmark.py.esrd.flat_growth", Dollars(3'000));
  facts.SetCount("benchmark.py.aged.member_months", 13'200);
  facts.SetCount("benchmark.py.esrd.member_months", 90);
  facts.SetRatio("benchmark.by3.aged.risk", Ratio(105, 100));
  facts.SetRatio("benchmark.py.aged.risk", Ratio(11'025, 10'000));
  facts.SetRatio("benchmark.by3.esrd.risk", Ratio(1));
  facts.SetRatio("benchmark.py.esrd.risk", Ratio(98, 100));
  facts.SetRatio("benchmark.by3.aged.demographic_risk", Ratio(1));
  facts.SetRatio("benchmark.py.aged.demographic_risk", Ratio(101, 100));
  facts.SetRatio("benchmark.by3.esrd.demographic_risk", Ratio(1));
  facts.SetRatio("benchmark.py.esrd.demographic_risk", Ratio(1));
  facts.Set("expenditure", Dollars(13'000'000));
  return facts;
}

BenchmarkResult Compute(const HistoricalBenchmark& terms, const Facts& facts) {
  auto result = ComputeBenchmark(terms, facts);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : BenchmarkResult{};
}

// feature:C18
TEST(Benchmark, EachStepIsWhatAPersonComputesByHand) {
  const BenchmarkResult result = Compute(FullBenchmark(), FullFacts());
  ASSERT_EQ(result.types.size(), 2U);
  // Base years: 9,600 x 1.175, 10,500 x 1.08, 11,500 by 10/30/60 %.
  EXPECT_EQ(result.types[0].historical, Dollars(11'430));
  EXPECT_EQ(result.types[1].historical, Dollars(73'956));
  // 35 % of +1,000; 15 % of -4,000.
  EXPECT_EQ(result.types[0].regional, Dollars(350));
  EXPECT_EQ(result.types[1].regional, Dollars(-600));
  // Half of 900 is 450 against (350 x 1,000 - 600 x 10) / 1,010 person-years.
  const Exact extra = Dollars(450) - Dollars(344'000) * Ratio(1, 1'010);
  EXPECT_EQ(result.types[0].adjusted, Dollars(11'780) + extra);
  EXPECT_EQ(result.types[1].adjusted, Dollars(73'356) + extra);
  EXPECT_EQ(result.person_years, Ratio(13'290, 12));
}

// feature:C18
TEST(Benchmark, TheTotalIsWhatASecondComputationGives) {
  const BenchmarkResult result = Compute(FullBenchmark(), FullFacts());
  const Exact extra = Dollars(450) - Dollars(344'000) * Ratio(1, 1'010);
  const Ratio growth = Ratio(1, 4) * Ratio(104, 100) + Ratio(3, 4) * Ratio(108, 100);
  const auto updated = [&](const Exact& base, std::int64_t flat) {
    return base * growth * Ratio(2, 3) + (base + Dollars(flat)) * Ratio(1, 3);
  };
  const Exact aged = updated(Dollars(11'780) + extra, 600);
  const Exact esrd = updated(Dollars(73'356) + extra, 3'000);
  const Exact aged_dollars = aged * Ratio(13'200, 12);
  const Exact esrd_dollars = esrd * Ratio(90, 12);
  const Exact all = aged_dollars + esrd_dollars;
  const Ratio risk = (aged_dollars * Ratio(105, 100) + esrd_dollars * Ratio(98, 100)) / all;
  const Ratio cap = (aged_dollars * Ratio(101, 100) + esrd_dollars) / all + Ratio(3, 100);
  ASSERT_GT(risk, cap);  // so the cap binds in this example
  EXPECT_EQ(result.total, all * cap);
  EXPECT_EQ(result.per_capita, all * cap * Ratio(12, 13'290));
  EXPECT_EQ(result.types[1].risk, Ratio(98, 100) * (cap / risk));
}

// feature:C18
TEST(Benchmark, EveryInputIsNamedInAStep) {
  const Facts facts = FullFacts();
  std::string all;
  for (const Step& step : Compute(FullBenchmark(), facts).steps) {
    for (const StepInput& input : step.inputs) all += input.name + " " + input.value + "\n";
  }
  for (const auto& [name, value] : facts.Values()) {
    if (name == "expenditure") continue;
    if (name.starts_with("benchmark.py.") && name.ends_with("member_months"))
      continue;                                 // shown /12
    if (name.ends_with(".national")) continue;  // shown as the bounds it gives
    EXPECT_THAT(all, HasSubstr(name)) << name;
  }
}

// feature:C18
TEST(Benchmark, AnyMissingInputBlocksWithItsName) {
  const Facts facts = FullFacts();
  for (const auto& [name, value] : facts.Values()) {
    if (name == "expenditure") continue;
    Facts without = facts;
    without.Remove(name);
    const auto result = ComputeBenchmark(FullBenchmark(), without);
    ASSERT_FALSE(result.ok()) << name;
    EXPECT_THAT(StatusMessage(result.status()), HasSubstr(name));
  }
}

// One type and one base year; the rest is switched on by the test.
HistoricalBenchmark SmallBenchmark() {
  return {.years = {{.name = "by3", .weight = Ratio(1)}}, .types = {"all"}};
}
Facts SmallFacts() {
  Facts facts;
  facts.Set("benchmark.by3.all.expenditure", Dollars(1'000'000));
  facts.SetCount("benchmark.by3.all.member_months", 1'200);
  facts.SetCount("benchmark.py.all.member_months", 1'200);
  facts.SetRatio("benchmark.by3.all.risk", Ratio(1));
  return facts;
}

// feature:C12
TEST(Benchmark, RiskGrowthExactlyAtTheCapIsNotCut) {
  for (const RiskCap cap : {RiskCap::kPerType, RiskCap::kAggregate}) {
    HistoricalBenchmark terms = SmallBenchmark();
    terms.risk = {.performance_year = true,
                  .cap = cap,
                  .highest_growth = Ratio(3, 100),
                  .lowest_fall = Ratio(3, 100)};
    const auto total = [&](const Ratio& risk, bool expect_note) {
      Facts facts = SmallFacts();
      facts.SetRatio("benchmark.py.all.risk", risk);
      const BenchmarkResult result = Compute(terms, facts);
      bool noted = false;
      for (const Step& step : result.steps) noted = noted || !step.notes.empty();
      EXPECT_EQ(noted, expect_note) << risk;
      return result.total;
    };
    EXPECT_EQ(total(Ratio(103, 100), false), Dollars(1'030'000));
    EXPECT_EQ(total(Ratio(1'030'001, 1'000'000), true), Dollars(1'030'000));
    EXPECT_EQ(total(Ratio(97, 100), false), Dollars(970'000));
    EXPECT_EQ(total(Ratio(969'999, 1'000'000), true), Dollars(970'000));
  }
}

TEST(Benchmark, FallsAreNotBoundedUnlessAgreed) {
  HistoricalBenchmark terms = SmallBenchmark();
  terms.risk = {
      .performance_year = true, .cap = RiskCap::kPerType, .highest_growth = Ratio(3, 100)};
  Facts facts = SmallFacts();
  facts.SetRatio("benchmark.py.all.risk", Ratio(1, 2));
  EXPECT_EQ(Compute(terms, facts).total, Dollars(500'000));
}

TEST(Benchmark, RegionalAdjustmentIsCappedBySign) {
  HistoricalBenchmark terms = SmallBenchmark();  // own 10,000
  terms.regional = RegionalAdjustment{.share_below = Ratio(1, 2),
                                      .share_above = Ratio(1, 2),
                                      .highest = Ratio(5, 100),
                                      .lowest = Ratio(15, 1'000)};
  const auto adjusted = [&](std::int64_t regional) {
    Facts facts = SmallFacts();
    facts.Set("benchmark.by3.all.regional", Dollars(regional));
    facts.Set("benchmark.by3.all.national", Dollars(10'000));
    return Compute(terms, facts).types.front().regional;
  };
  EXPECT_EQ(adjusted(11'000), Dollars(500));  // exactly at +5 %
  EXPECT_EQ(adjusted(11'002), Dollars(500));  // cut
  EXPECT_EQ(adjusted(9'700), Dollars(-150));  // exactly at -1.5 %
  EXPECT_EQ(adjusted(9'000), Dollars(-150));  // cut
  EXPECT_EQ(adjusted(10'000), Dollars(0));
}

TEST(Benchmark, PriorSavingsOffsetANegativeAdjustmentAndNeverSubtract) {
  HistoricalBenchmark terms = SmallBenchmark();
  terms.regional = RegionalAdjustment{.share_below = Ratio(1, 2),
                                      .share_above = Ratio(1, 2),
                                      .highest = Ratio(1),
                                      .lowest = Ratio(1)};
  terms.prior_savings = PriorSavings{.share = Ratio(1, 2), .highest = Ratio(5, 100)};
  const auto adjusted = [&](std::int64_t regional, std::int64_t saved) {
    Facts facts = SmallFacts();
    facts.Set("benchmark.by3.all.regional", Dollars(regional));
    facts.Set("benchmark.by3.all.national", Dollars(10'000));
    facts.Set("benchmark.prior_savings", Dollars(saved));
    return Compute(terms, facts).types.front().adjusted;
  };
  EXPECT_EQ(adjusted(9'000, 400), Dollars(10'000 - 500 + 200));  // offset
  EXPECT_EQ(adjusted(10'200, 400), Dollars(10'200));             // 200 is larger than 100
  EXPECT_EQ(adjusted(10'800, 400), Dollars(10'400));             // 400 is larger than 200
  EXPECT_EQ(adjusted(10'200, 4'000), Dollars(10'500));           // capped at 5 % of national
  EXPECT_EQ(adjusted(10'000, -400), Dollars(10'000));            // a loss is not a saving
}

TEST(Benchmark, StatedGrowthCompoundsYearByYear) {
  HistoricalBenchmark terms = SmallBenchmark();
  terms.years = {{.name = "by1", .weight = Ratio(1, 2), .growth = Rate::FromPercent(10)},
                 {.name = "by2", .weight = Ratio(1, 4), .growth = Rate::FromPercent(20)},
                 {.name = "by3", .weight = Ratio(1, 4)}};
  terms.trend.rule = TrendRule::kStated;
  terms.update = {.rule = TrendRule::kStated, .growth = Rate::FromPercent(5)};
  Facts facts = SmallFacts();
  for (const char* year : {"by1", "by2"}) {
    facts.Set(BenchmarkFact(year, "all", "expenditure"), Dollars(1'000'000));
    facts.SetCount(BenchmarkFact(year, "all", "member_months"), 1'200);
  }
  const BenchmarkResult result = Compute(terms, facts);
  EXPECT_EQ(result.types.front().historical, Dollars(6'600 + 3'000 + 2'500));
  EXPECT_EQ(result.types.front().updated, Dollars(12'705));
}

TEST(Benchmark, ATypeWithoutPeopleHasNoPart) {
  Facts facts = FullFacts();
  facts.SetCount("benchmark.py.esrd.member_months", 0);
  facts.Remove("benchmark.by1.esrd.expenditure");  // and is asked nothing
  const BenchmarkResult result = Compute(FullBenchmark(), facts);
  ASSERT_EQ(result.types.size(), 1U);
  EXPECT_EQ(result.person_years, Ratio(1'100));
}

Terms BenchmarkTerms(BenchmarkMinusActual basis) {
  return {.title = "Benchmark",
          .components = {{.rule = Basis{.kind = std::move(basis)}, .clause = "section 3"},
                         {.rule = RoundingRule{}}}};
}

TEST(BenchmarkBasis, StepsCarryTheClauseAndTheAwardIsTheDifference) {
  const Terms terms = BenchmarkTerms({.target = FullBenchmark()});
  ASSERT_TRUE(ValidateTerms(terms).ok()) << ValidateTerms(terms);
  const Award award = Calculate(terms, FullFacts(), kDates);
  ASSERT_EQ(award.status, AwardStatus::kComputed) << award.missing;
  EXPECT_EQ(award.amount, Round(Compute(FullBenchmark(), FullFacts()).total - Dollars(13'000'000),
                                Rounding::kHalfAwayFromZero));
  ASSERT_GT(award.steps.size(), 8U);
  for (std::size_t i = 0; i + 2 < award.steps.size(); ++i) {
    EXPECT_EQ(award.steps[i].component, "benchmark");
    EXPECT_EQ(award.steps[i].clause, "section 3");
    EXPECT_EQ(award.steps[i].position, 1);
  }
  EXPECT_THAT(award.notes, Contains(ReasonCode::kCapApplied));
}

// What bundles paid is taken off, what they collected is given back; a bundle that did not report
// blocks.
// feature:C12
TEST(BenchmarkBasis, WhatWasPaidElsewhereIsNotSavedAgain) {
  const Terms terms = BenchmarkTerms(
      {.target = SmallBenchmark(),
       .adjustments = {{.name = "bundles", .kind = PaidElsewhere{.facts = {"knees", "hips"}}}}});
  ASSERT_TRUE(ValidateTerms(terms).ok()) << ValidateTerms(terms);
  Facts facts = SmallFacts();
  facts.Set("expenditure", Dollars(900'000));
  facts.Set("knees", Dollars(30'000));
  EXPECT_THAT(Calculate(terms, facts, kDates).missing, HasSubstr("hips"));
  facts.Set("hips", Dollars(-10'000));
  const Award award = Calculate(terms, facts, kDates);
  EXPECT_EQ(award.amount, Money::FromCents(80'000'00));
  EXPECT_THAT(ToText(award), HasSubstr("bundles"));
  facts.Set("knees", Dollars(110'000));  // exactly all of it
  EXPECT_EQ(Calculate(terms, facts, kDates).zero_reason, ReasonCode::kNoSavings);
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{}, std::vector<std::string>{"knees", "knees"}}) {
    EXPECT_FALSE(ValidateTerms(BenchmarkTerms({.target = SmallBenchmark(),
                                               .adjustments = {{.name = "bundles",
                                                                .kind = PaidElsewhere{names}}}}))
                     .ok());
  }
}

TEST(BenchmarkBasis, NobodyAtAllIsAZeroWithItsReason) {
  Facts facts = SmallFacts();
  facts.SetCount("benchmark.py.all.member_months", 0);
  facts.SetAmount("expenditure", Money());
  const Award award = Calculate(BenchmarkTerms({.target = SmallBenchmark()}), facts, kDates);
  EXPECT_EQ(award.zero_reason, ReasonCode::kNoMemberMonths);
}

TEST(BenchmarkBasis, ARecordedBenchmarkContradictsAComputedOne) {
  Facts facts = SmallFacts();
  facts.SetAmount("expenditure", Money());
  facts.SetAmount("benchmark", Money::FromCents(1));
  const Award award = Calculate(BenchmarkTerms({.target = SmallBenchmark()}), facts, kDates);
  EXPECT_EQ(award.status, AwardStatus::kBlocked);
  EXPECT_THAT(award.missing, HasSubstr("retract"));
}

// feature:C14
TEST(Announcement, AYearWithoutOneIsNotSettled) {
  const Terms terms = BenchmarkTerms(
      {.target = StatedTarget{.fact = "target"}, .announcement = Announcement{.latest_day = -30}});
  ASSERT_TRUE(ValidateTerms(terms).ok()) << ValidateTerms(terms);
  Facts facts;
  facts.SetAmount("target", Money::FromCents(1'000'00));
  facts.SetAmount("expenditure", Money::FromCents(900'00));
  const auto blocked_on = [&](const std::string& text) {
    const Award award = Calculate(terms, facts, kDates);
    EXPECT_EQ(award.status, AwardStatus::kBlocked);
    EXPECT_THAT(award.missing, HasSubstr(text));
    EXPECT_EQ(award.amount, Money());
  };
  blocked_on("target_announced_on (no target was announced for 2026-01-01 to 2026-12-31");
  facts.SetDate("target_announced_on", MakeDate(2025, 12, 3));
  blocked_on("target_source");
  facts.SetText("target_source", "");
  blocked_on("target_source");
  facts.SetText("target_source", "letter of 2025-12-01");
  blocked_on("had to be by 2025-12-02");
  facts.SetDate("target_announced_on", MakeDate(2025, 12, 2));  // exactly the last day
  const Award award = Calculate(terms, facts, kDates);
  EXPECT_EQ(award.amount, Money::FromCents(100'00));
  EXPECT_THAT(ToText(award), HasSubstr("letter of 2025-12-01"));
}

TEST(BenchmarkBasis, CostMadeUnderOtherRulesBlocks) {
  SavingsDetail detail{
      .truncation = {.rule = TruncationRule::kFixed, .threshold = Money::FromCents(100'000'00)}};
  const Terms terms = BenchmarkTerms({.target = SmallBenchmark(), .detail = detail});
  Facts facts = SmallFacts();
  facts.SetAmount("expenditure", Money());
  EXPECT_EQ(Calculate(terms, facts, kDates).status, AwardStatus::kBlocked);
  facts.SetText("detail_terms", ToHex(HashDetail(detail)));
  EXPECT_EQ(Calculate(terms, facts, kDates).status, AwardStatus::kComputed);
  detail.truncation.annualize = false;
  facts.SetText("detail_terms", ToHex(HashDetail(detail)));
  EXPECT_THAT(Calculate(terms, facts, kDates).missing, HasSubstr("under other rules"));
}

// Every field that the terms of this folder have survives the codec.
TEST(BenchmarkTermsCodec, RoundTrips) {
  HistoricalBenchmark full = FullBenchmark();
  full.rebase = Rebase{.agreement_years = 5,
                       .own_weight = Ratio(1, 2),
                       .regional_weight = Ratio(1, 4),
                       .savings_returned = Ratio(1, 3),
                       .lowest_change = Ratio(-3, 100),
                       .flag_decline = Ratio(2, 100)};
  full.risk.base_years = true;
  full.risk.lowest_fall = Ratio(4, 100);
  full.years[0].growth = Rate::FromPercent(-3);
  BenchmarkMinusActual basis{
      .target = full,
      .adjustments = {{.name = "equity",
                       .kind = PerMemberAdjustment{.price = UnitPrice::FromMillionths(-5)},
                       .clause = "e"},
                      {.name = "discount", .kind = Discount{.rate = Rate::FromPercent(3)}},
                      {.name = "quality",
                       .kind = QualityWithhold{.rate = Rate::FromPercent(2), .score_fact = "q"}},
                      {.name = "bundles", .kind = PaidElsewhere{.facts = {"b1", "b2"}}}},
      .announcement = Announcement{.date_fact = "d", .source_fact = "s", .latest_day = -1},
      .target_name = "goal",
      .actual_fact = "cost",
      .detail =
          SavingsDetail{.truncation = {.rule = TruncationRule::kPercentile,
                                       .percentile = Ratio(99, 100),
                                       .definition = PercentileRule::kNextAbove,
                                       .population = "everybody",
                                       .annualize = false},
                        .stop_loss = StopLoss{.attachment = Money::FromCents(1),
                                              .covered = Rate::FromPercent(90),
                                              .maximum = Money::FromCents(2),
                                              .pooling_charge = UnitPrice::FromMillionths(3),
                                              .charge_side = PoolingSide::kActualAndBaseYears},
                        .completion = Completion{.latest_months = 6, .expected_below = Ratio(2, 5)},
                        .exposure = Exposure{.last_joining_day = 15,
                                             .waiting_months = 2,
                                             .reduced_months = 3,
                                             .reduced_weight = Ratio(1, 2)}}};
  Terms terms = BenchmarkTerms(basis);
  const InContractYear years{.start_fact = "began", .first = 2, .last = 4};
  terms.components.insert(
      terms.components.begin() + 1,
      {{.rule = Cap{.limits = {{.amount = FixedLimit{Money::FromCents(5)}, .when = {years}}}}},
       {.rule = Reduction{.table = "medicare_sequestration", .first_pay_date_fact = "first"}},
       {.rule =
            Interim{.stage_fact = "stage", .pay = Rate::FromPercent(60), .upward_only = false}}});
  terms.components.push_back({.rule = Delta{.posted_facts = {"a", "b"}}});
  terms.components.push_back({.rule = CarryForward{.balance_fact = "d",
                                                   .maximum = Rate::FromPercent(50),
                                                   .carry_losses = true,
                                                   .expires_after_years = 3,
                                                   .yearly_interest = Rate::FromPercent(2)}});
  ASSERT_TRUE(ValidateTerms(terms).ok()) << ValidateTerms(terms);
  const auto decoded = DecodeTerms(EncodeTerms(terms));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, terms);
  EXPECT_THAT(DescribeTerms(terms), HasSubstr("agreement years 2 to 4"));
  for (const BenchmarkMinusActual& other :
       {BenchmarkMinusActual{.target = PerMemberTarget{.price = UnitPrice::FromMillionths(7)}},
        BenchmarkMinusActual{.target = StatedTarget{.fact = "t"}}}) {
    const auto again = DecodeTerms(EncodeTerms(BenchmarkTerms(other)));
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(*again, BenchmarkTerms(other));
  }
}

TEST(BenchmarkTermsValidate, RefusesWhatContradicts) {
  const auto refused = [](auto change, const std::string& text) {
    HistoricalBenchmark benchmark = FullBenchmark();
    change(benchmark);
    const Status status = ValidateTerms(BenchmarkTerms({.target = benchmark}));
    EXPECT_THAT(StatusMessage(status), HasSubstr(text));
    EXPECT_FALSE(status.ok());
  };
  refused([](auto& b) { b.years[0].weight = Ratio(2, 10); }, "sum to 11/10, not 1");
  refused([](auto& b) { b.years.clear(); }, "at least one base year");
  refused([](auto& b) { b.years[0].name = "by2"; }, "listed twice");
  refused([](auto& b) { b.years[0].name = "py"; }, "performance year");
  refused([](auto& b) { b.types = {"aged", "aged"}; }, "listed twice");
  refused([](auto& b) { b.types = {"AGED/DUAL"}; }, "lower-case");
  refused([](auto& b) { b.risk.performance_year = false; }, "cap on risk growth");
  refused([](auto& b) { b.trend.flat_share = Ratio(1, 3); }, "only the update");
  refused([](auto& b) { b.update.national_weight = Ratio(2); }, "within 0 and 1");
  const auto basis_refused = [](BenchmarkMinusActual basis, const std::string& text) {
    const Status status = ValidateTerms(BenchmarkTerms(std::move(basis)));
    EXPECT_THAT(StatusMessage(status), HasSubstr(text));
  };
  basis_refused({.target = StatedTarget{.fact = "benchmark"}}, "two names");
  basis_refused({.target = StatedTarget{}, .target_name = "x", .actual_fact = "x"}, "one name");
  basis_refused({.target = PerMemberTarget{}}, "price above zero");
  basis_refused({.target = StatedTarget{}, .adjustments = {{.name = "d", .kind = Discount{}}}},
                "above 0 %");
}

}  // namespace
}  // namespace sluice::performance
