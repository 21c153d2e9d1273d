// One shared-risk contract through its life: upside and downside, a glide path by contract year,
// interim and final settlement, restatement, and the deficit that is carried forward.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/calculate.h"
#include "performance/statutory.h"
#include "performance/terms_validate.h"
#include "tests/performance/cited_steps.h"

namespace sluice::performance {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Money Dollars(std::int64_t dollars) { return Money::FromCents(dollars * 100); }
Rate Percent(std::int64_t percent) { return Rate::FromPercent(percent); }

CalculationDates Year(int year) {
  return {.period = DateRange::Year(year), .pay_date = MakeDate(year + 1, 10, 1)};
}

// A target of 1,000,000 and a saving (or loss) against it.
Facts Saving(std::int64_t dollars) {
  Facts facts;
  facts.SetAmount("benchmark", Dollars(1'000'000));
  facts.SetAmount("expenditure", Dollars(1'000'000 - dollars));
  return facts;
}

Award Settled(const Terms& terms, const Facts& facts, int year = 2026) {
  EXPECT_TRUE(ValidateTerms(terms).ok()) << ValidateTerms(terms);
  Award award = Calculate(terms, facts, Year(year));
  EXPECT_EQ(award.status, AwardStatus::kComputed) << award.missing;
  EXPECT_THAT(UncitedSteps(Calculate(NumberClauses(terms), facts, Year(year))), IsEmpty());
  return award;
}

// Minimum rate 2 % on both sides, half of the result, at most 10 % gain or 4 % loss of the
// benchmark. With one component more, nothing is owed.
Terms Toggled(bool downside) {
  Terms terms{.title = "Shared risk"};
  const auto add = [&](Rule rule) { terms.components.push_back({.rule = std::move(rule)}); };
  add(Basis{.kind = TargetMinusActual{}});
  add(Gate{.name = "minimum rate",
           .test = ValueAtLeast{"benchmark", FixedThreshold{Ratio(2, 100)}},
           .on_fail = {.gain_reason = ReasonCode::kBelowMinimumSavingsRate,
                       .loss_reason = ReasonCode::kBelowMinimumLossRate}});
  if (!downside) {
    add(Gate{.name = "upside only",
             .side = Side::kLoss,
             .test = NeverPasses{},
             .on_fail = {.loss_reason = ReasonCode::kOneSidedNoLossOwed}});
  }
  add(RateComponent{.cases = {{.rule = FixedRate{Percent(50)}}}});
  add(Cap{.side = Side::kGain,
          .limits = {{.amount = ShareOfFact{Percent(10), "benchmark"},
                      .note = ReasonCode::kPaymentLimit}}});
  add(Cap{.side = Side::kLoss,
          .limits = {{.amount = ShareOfFact{Percent(4), "benchmark"},
                      .note = ReasonCode::kLossLimitBenchmark}}});
  add(RoundingRule{});
  return NumberClauses(std::move(terms));
}

// feature:C13
TEST(UpsideAndDownside, TheToggleChangesLossesOnly) {
  for (const std::int64_t saving : {0, 19'999, 20'000, 20'001, 150'000, 200'000, 200'001}) {
    EXPECT_EQ(Settled(Toggled(false), Saving(saving)).amount,
              Settled(Toggled(true), Saving(saving)).amount)
        << saving;
  }
  EXPECT_EQ(Settled(Toggled(false), Saving(-60'000)).amount, Money());
  EXPECT_EQ(Settled(Toggled(false), Saving(-60'000)).zero_reason, ReasonCode::kOneSidedNoLossOwed);
  EXPECT_EQ(Settled(Toggled(true), Saving(-60'000)).amount, Dollars(-30'000));
}

// feature:C12
// feature:C13
TEST(UpsideAndDownside, EachBoundary) {
  const Terms terms = Toggled(true);
  // Exactly at the minimum rate passes, on both sides; one dollar less does not.
  EXPECT_EQ(Settled(terms, Saving(20'000)).amount, Dollars(10'000));
  EXPECT_EQ(Settled(terms, Saving(19'999)).zero_reason, ReasonCode::kBelowMinimumSavingsRate);
  EXPECT_EQ(Settled(terms, Saving(-20'000)).amount, Dollars(-10'000));
  EXPECT_EQ(Settled(terms, Saving(-19'999)).zero_reason, ReasonCode::kBelowMinimumLossRate);
  // Exactly at the cap is not cut; above it is, and says so.
  EXPECT_EQ(Settled(terms, Saving(200'000)).amount, Dollars(100'000));
  EXPECT_THAT(Settled(terms, Saving(200'000)).notes, IsEmpty());
  EXPECT_EQ(Settled(terms, Saving(200'002)).amount, Dollars(100'000));
  EXPECT_THAT(Settled(terms, Saving(200'002)).notes, Contains(ReasonCode::kPaymentLimit));
  EXPECT_EQ(Settled(terms, Saving(-80'000)).amount, Dollars(-40'000));
  EXPECT_THAT(Settled(terms, Saving(-80'000)).notes, IsEmpty());
  EXPECT_EQ(Settled(terms, Saving(-300'000)).amount, Dollars(-40'000));
  EXPECT_THAT(Settled(terms, Saving(-300'000)).notes, Contains(ReasonCode::kLossLimitBenchmark));
}

// Year 1: 50 % of gains to 5 %, no losses. Years 2 to 3: 50 %, losses 30 % to 2 %. From year 4 on:
// 75 % to 15 %, losses 40 % to 8 %.
Terms GlidePath() {
  const auto years = [](int first, std::optional<int> last) {
    return std::vector<Condition>{InContractYear{.first = first, .last = last}};
  };
  const auto limit = [](std::int64_t percent, std::vector<Condition> when, ReasonCode note) {
    return Limit{.amount = ShareOfFact{Percent(percent), "benchmark"},
                 .note = note,
                 .when = std::move(when)};
  };
  Terms terms{.title = "Glide path"};
  const auto add = [&](Rule rule) { terms.components.push_back({.rule = std::move(rule)}); };
  add(Basis{.kind = TargetMinusActual{}});
  add(RateComponent{.side = Side::kGain,
                    .cases = {{.when = years(1, 3), .rule = FixedRate{Percent(50)}},
                              {.when = years(4, {}), .rule = FixedRate{Percent(75)}}}});
  add(RateComponent{.side = Side::kLoss,
                    .cases = {{.when = years(2, 3), .rule = FixedRate{Percent(30)}},
                              {.when = years(4, {}), .rule = FixedRate{Percent(40)}}},
                    .otherwise = ReasonCode::kOneSidedNoLossOwed});
  add(Cap{.side = Side::kGain,
          .limits = {limit(5, years(1, 1), ReasonCode::kPaymentLimit),
                     limit(10, years(2, 3), ReasonCode::kPaymentLimit),
                     limit(15, years(4, {}), ReasonCode::kPaymentLimit)}});
  add(Cap{.side = Side::kLoss,
          .limits = {limit(2, years(2, 3), ReasonCode::kLossLimitBenchmark),
                     limit(8, years(4, {}), ReasonCode::kLossLimitBenchmark)}});
  add(RoundingRule{});
  return NumberClauses(std::move(terms));
}

// feature:C16
TEST(GlidePath, TheYearRollsWithoutNewTerms) {
  const Terms terms = GlidePath();
  struct Case {
    int year;
    std::int64_t saving;
    std::int64_t award;
  };
  for (const Case& c :
       {Case{2024, 60'000, 30'000}, Case{2024, 100'000, 50'000}, Case{2024, 400'000, 50'000},
        Case{2024, -100'000, 0}, Case{2025, 400'000, 100'000}, Case{2025, -50'000, -15'000},
        Case{2026, -400'000, -20'000}, Case{2027, 100'000, 75'000}, Case{2027, 400'000, 150'000},
        Case{2027, -100'000, -40'000}, Case{2031, -400'000, -80'000}}) {
    Facts facts = Saving(c.saving);
    facts.SetDate("agreement_start", MakeDate(2024, 1, 1));
    EXPECT_EQ(Settled(terms, facts, c.year).amount, Dollars(c.award)) << c.year << " " << c.saving;
  }
}

// feature:C16
TEST(GlidePath, AYearTurnsOnItsAnniversary) {
  const Terms terms = GlidePath();
  Facts facts = Saving(-100'000);
  facts.SetDate("agreement_start", MakeDate(2024, 7, 1));
  const auto on = [&](Date from) {
    return Calculate(
        terms, facts,
        {.period = DateRange::Between(from, from + Days(30)), .pay_date = MakeDate(2027, 1, 1)});
  };
  EXPECT_EQ(on(MakeDate(2025, 6, 30)).zero_reason, ReasonCode::kOneSidedNoLossOwed);
  EXPECT_EQ(on(MakeDate(2025, 7, 1)).amount, Dollars(-20'000));
  EXPECT_EQ(on(MakeDate(2024, 6, 30)).status, AwardStatus::kBlocked);  // before the agreement
}

TEST(GlidePath, ACapThatIsSilentAboutTheYearBlocks) {
  Terms terms = GlidePath();
  std::get<Cap>(terms.components[3].rule).limits.pop_back();
  Facts facts = Saving(400'000);
  facts.SetDate("agreement_start", MakeDate(2020, 1, 1));
  const Award award = Calculate(terms, facts, Year(2026));
  EXPECT_EQ(award.blocked_reason, ReasonCode::kReferenceMissing);
  EXPECT_THAT(award.missing, HasSubstr("none of the cap's conditions holds"));
}

Terms InterimTerms(bool upward_only) {
  Terms terms = Toggled(true);
  const auto rounding = terms.components.end() - 1;
  terms.components.insert(rounding,
                          {.rule = Interim{.pay = Percent(60), .upward_only = upward_only}});
  return terms;
}

Facts Staged(std::int64_t saving, std::string stage) {
  Facts facts = Saving(saving);
  facts.SetText("settlement_stage", std::move(stage));
  return facts;
}

// feature:P15 Payments post the difference of two versions; tests/payments/release_service_test.cc.
TEST(InterimAndFinal, TheFinalIsTheWholeResultAndTheInterimAPartOfIt) {
  const Terms terms = InterimTerms(true);
  const Award interim = Settled(terms, Staged(100'000, "interim"));
  EXPECT_EQ(interim.amount, Dollars(30'000));  // 60 % of 50,000
  EXPECT_THAT(interim.notes, Contains(ReasonCode::kInterimSettlement));
  const Award final_award = Settled(terms, Staged(120'000, "final"));
  EXPECT_EQ(final_award.amount, Dollars(60'000));
  // A re-opened final is the whole result again.
  EXPECT_EQ(Settled(terms, Staged(70'000, "final")).amount, Dollars(35'000));
}

// feature:P15
TEST(InterimAndFinal, UpwardOnlyOrBothWays) {
  const Award waits = Settled(InterimTerms(true), Staged(-60'000, "interim"));
  EXPECT_EQ(waits.amount, Money());
  EXPECT_EQ(waits.zero_reason, ReasonCode::kInterimUpwardOnly);
  EXPECT_EQ(Settled(InterimTerms(false), Staged(-60'000, "interim")).amount, Dollars(-18'000));
  EXPECT_EQ(Settled(InterimTerms(true), Staged(-60'000, "final")).amount, Dollars(-30'000));
}

TEST(InterimAndFinal, AnUnknownStageBlocks) {
  EXPECT_EQ(Calculate(InterimTerms(true), Saving(100'000), Year(2026)).status,
            AwardStatus::kBlocked);
  EXPECT_EQ(Calculate(InterimTerms(true), Staged(100'000, "Final"), Year(2026)).status,
            AwardStatus::kBlocked);
}

Terms WithDelta() {
  Terms terms = Toggled(true);
  terms.components.push_back({.rule = Delta{.posted_facts = {"paid_q1", "paid_q2"}}});
  return terms;
}

Facts Paid(std::int64_t saving, std::int64_t q1, std::int64_t q2) {
  Facts facts = Saving(saving);
  facts.SetAmount("paid_q1", Dollars(q1));
  facts.SetAmount("paid_q2", Dollars(q2));
  return facts;
}

// feature:P15
TEST(PaidElsewhere, IsTakenOffInFullOnBothSides) {
  const Terms terms = WithDelta();
  const Award more = Settled(terms, Paid(100'000, 10'000, 15'000));
  EXPECT_EQ(more.amount, Dollars(50'000));
  EXPECT_EQ(more.payable, Dollars(25'000));
  EXPECT_EQ(Settled(terms, Paid(100'000, 30'000, 25'000)).payable, Dollars(-5'000));
  EXPECT_EQ(Settled(terms, Paid(-60'000, 10'000, 0)).payable, Dollars(-40'000));
  const Award same = Settled(terms, Paid(100'000, 30'000, 20'000));
  EXPECT_EQ(same.payable, Money());
  EXPECT_EQ(same.payable_zero_reason, ReasonCode::kNoChange);
  // Nothing was earned: what was paid is owed back.
  const Award nothing = Settled(terms, Paid(0, 10'000, 15'000));
  EXPECT_EQ(nothing.zero_reason, ReasonCode::kNoSavings);
  EXPECT_EQ(nothing.payable, Dollars(-25'000));
  Facts missing = Saving(100'000);
  missing.SetAmount("paid_q1", Dollars(1));
  EXPECT_EQ(Calculate(terms, missing, Year(2026)).status, AwardStatus::kBlocked);
}

// A restatement of a period that was first paid in the moratorium: the contract says whether the
// first or the later pay date sets the statutory cut.
TEST(Restatement, WhichPayDateSetsTheCutIsAParameter) {
  for (const bool first_counts : {true, false}) {
    Terms terms = Toggled(true);
    const auto rounding = terms.components.end() - 1;
    terms.components.insert(
        rounding, {.rule = Reduction{.table = std::string(kMedicareSequestration),
                                     .first_pay_date_fact = first_counts ? "first_pay_date" : ""}});
    ASSERT_TRUE(ValidateTerms(terms).ok());
    const CalculationDates first{.period = DateRange::Year(2020),
                                 .pay_date = MakeDate(2021, 10, 1)};
    const Award original = Calculate(terms, Saving(100'000), first);
    EXPECT_EQ(original.amount, Dollars(50'000));  // no cut from 2020-05-01 to 2022-03-31
    Facts restated = Saving(120'000);
    restated.SetDate("first_pay_date", first.pay_date);
    CalculationDates later = first;
    later.pay_date = MakeDate(2023, 10, 1);
    const Award again = Calculate(terms, restated, later);
    EXPECT_EQ(again.amount, first_counts ? Dollars(60'000) : Dollars(58'800));
    EXPECT_EQ(again.payable - original.payable, first_counts ? Dollars(10'000) : Dollars(8'800));
  }
}

Terms WithDeficit(bool carry_losses) {
  Terms terms = Toggled(true);
  terms.components.push_back(
      {.rule = CarryForward{.maximum = Percent(40), .carry_losses = carry_losses}});
  return terms;
}

Facts Owing(std::int64_t saving, std::int64_t deficit) {
  Facts facts = Saving(saving);
  facts.SetAmount("deficit_balance", Dollars(deficit));
  return facts;
}

TEST(CarryForwardRule, RecoversTheSmallerOfBalanceAndShare) {
  const Terms terms = WithDeficit(true);
  const Award part = Settled(terms, Owing(100'000, 30'000));
  EXPECT_EQ(part.amount, Dollars(50'000));
  EXPECT_EQ(part.deficit_recovered, Dollars(20'000));  // 40 % of the gain
  EXPECT_EQ(part.payable, Dollars(30'000));
  EXPECT_EQ(part.balance_left, Dollars(10'000));
  EXPECT_THAT(part.notes, Contains(ReasonCode::kDeficitRecovered));
  EXPECT_EQ(Settled(terms, Owing(100'000, 20'000)).balance_left, Money());  // exactly the share
  EXPECT_EQ(Settled(terms, Owing(100'000, 5'000)).payable, Dollars(45'000));
  EXPECT_EQ(Settled(terms, Owing(100'000, 0)).payable, Dollars(50'000));
  EXPECT_EQ(Settled(terms, Owing(0, 30'000)).balance_left, Dollars(30'000));
  EXPECT_EQ(Calculate(terms, Saving(100'000), Year(2026)).status, AwardStatus::kBlocked);
}

TEST(CarryForwardRule, ALossIsCarriedOrCollected) {
  const Award carried = Settled(WithDeficit(true), Owing(-60'000, 0));
  EXPECT_EQ(carried.amount, Dollars(-30'000));
  EXPECT_EQ(carried.loss_carried, Dollars(30'000));
  EXPECT_EQ(carried.payable, Money());
  EXPECT_EQ(carried.payable_zero_reason, ReasonCode::kLossCarriedForward);
  EXPECT_EQ(Settled(WithDeficit(false), Owing(-60'000, 0)).payable, Dollars(-30'000));
}

}  // namespace
}  // namespace sluice::performance
