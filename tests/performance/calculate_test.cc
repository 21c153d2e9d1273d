// How the calculator treats components in general: sides, skipping, blocking, notes, and the
// components that the two big families do not use together.
#include "performance/calculate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "performance/statutory.h"
#include "performance/terms_validate.h"

namespace sluice::performance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

CalculationDates Dates() {
  return {.period = DateRange::Year(2025), .pay_date = MakeDate(2026, 9, 1)};
}

Terms Of(std::vector<Rule> rules) {
  Terms terms{.title = "made up"};
  for (Rule& rule : rules) terms.components.push_back({.rule = std::move(rule)});
  EXPECT_EQ(ValidateTerms(terms), OkStatus());
  return terms;
}

Facts Saving(const std::string& target, const std::string& actual) {
  return Facts().Set("benchmark", *Exact::Parse(target)).Set("expenditure", *Exact::Parse(actual));
}

const Basis kSaving{.kind = TargetMinusActual{}};

// The bands of example 13.8, Professional: 50, 35, 15 and 5 % of slices of the benchmark.
Corridor Professional() {
  return {.reference_fact = "benchmark",
          .bands = {{Ratio(5, 100), Rate::FromPercent(50)},
                    {Ratio(10, 100), Rate::FromPercent(35)},
                    {Ratio(15, 100), Rate::FromPercent(15)},
                    {std::nullopt, Rate::FromPercent(5)}}};
}

TEST(Calculate, CorridorSharesMarginalSlicesOfAGain) {
  const Terms terms = Of({kSaving, Professional(),
                          Reduction{.table = std::string(kMedicareSequestration)}, RoundingRule{}});
  const Award award = Calculate(terms, Saving("82024467.95928", "74958216.43"), Dates());
  EXPECT_EQ(award.steps[1].after.ToString(), "3,088,371.5449426");
  EXPECT_EQ(award.unrounded.ToString(), "3,026,604.114043748");
  EXPECT_EQ(award.amount.ToString(), "3,026,604.11");
  EXPECT_EQ(award.steps[1].inputs[1].value, "4,101,223.397964 x 50 % = 2,050,611.698982");
  EXPECT_EQ(award.steps[1].inputs[2].value, "2,965,028.131316 x 35 % = 1,037,759.8459606");
}

TEST(Calculate, CorridorSharesMarginalSlicesOfALoss) {
  const Terms terms = Of({kSaving, Professional(),
                          Reduction{.table = std::string(kMedicareSequestration)}, RoundingRule{}});
  const Award award = Calculate(terms, Saving("82024467.95928", "96315402.18"), Dates());
  EXPECT_EQ(award.steps[1].after.ToString(), "-4,200,586.5993054");
  EXPECT_EQ(award.steps[2].outcome, StepOutcome::kNotThisSide);
  EXPECT_EQ(award.amount.ToString(), "-4,200,586.60");
}

TEST(Calculate, ADeadBandHasItsReason) {
  Corridor corridor = Professional();
  corridor.bands[0].share = Rate();
  const Terms terms = Of({kSaving, corridor, RoundingRule{}});
  // Exactly at the end of the band, and a cent past it.
  EXPECT_EQ(Calculate(terms, Saving("1000000", "950000"), Dates()).zero_reason,
            ReasonCode::kCorridorDeadBand);
  EXPECT_EQ(Calculate(terms, Saving("1000000", "949900"), Dates()).amount.ToString(), "35.00");
}

TEST(Calculate, RoundsOnceAndToTheUnitOfTheContract) {
  const Facts facts = Saving("1000", "998.995");
  const auto amount = [&](RoundingRule rule) {
    return Calculate(Of({kSaving, rule}), facts, Dates()).amount.ToString();
  };
  EXPECT_EQ(amount({}), "1.01");
  EXPECT_EQ(amount({.mode = Rounding::kHalfEven}), "1.00");
  EXPECT_EQ(amount({.mode = Rounding::kTowardZero}), "1.00");
  EXPECT_EQ(amount({.unit_cents = 100}), "1.00");
  EXPECT_EQ(amount({.unit_cents = 5}), "1.00");
}

TEST(Calculate, AnAmountThatRoundsToZeroSaysSo) {
  const Award award = Calculate(Of({kSaving, RoundingRule{}}), Saving("1", "0.996"), Dates());
  EXPECT_EQ(award.zero_reason, ReasonCode::kRoundedToZero);
}

TEST(Calculate, StepsAfterAZeroAreListedAsSkipped) {
  const Terms terms =
      Of({kSaving, Cap{.limits = {{.amount = ShareOfFact{Rate::FromPercent(10), "absent"}}}},
          RoundingRule{}, Recoupment{.balance_fact = "advance"}});
  const Award award = Calculate(terms, Saving("100", "100"), Dates());
  EXPECT_EQ(award.zero_reason, ReasonCode::kNoSavings);
  ASSERT_EQ(award.steps.size(), 4U);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(award.steps[i].outcome, StepOutcome::kSkipped);
}

TEST(Calculate, AMissingFactBlocksWithItsName) {
  const Award award =
      Calculate(Of({kSaving, RoundingRule{}}), Facts().SetAmount("benchmark", Money()), Dates());
  EXPECT_EQ(award.status, AwardStatus::kBlocked);
  EXPECT_EQ(award.blocked_reason, ReasonCode::kMissingInput);
  EXPECT_THAT(award.missing, HasSubstr("expenditure"));
  EXPECT_EQ(award.steps.size(), 1U);
  EXPECT_EQ(award.steps[0].outcome, StepOutcome::kBlocked);
  EXPECT_THAT(ToText(award), HasSubstr("Blocked: MISSING_INPUT: expenditure"));
}

TEST(Calculate, AFactOfTheWrongKindBlocks) {
  const Facts facts = Facts().SetAmount("benchmark", Money()).SetCount("expenditure", 5);
  const Award award = Calculate(Of({kSaving, RoundingRule{}}), facts, Dates());
  EXPECT_EQ(award.status, AwardStatus::kBlocked);
  EXPECT_THAT(award.missing, HasSubstr("fact expenditure is of kind count"));
}

TEST(Calculate, ABlockedAwardKeepsNoPartOfAResult) {
  const Terms terms = Of({kSaving, RoundingRule{}, Recoupment{.balance_fact = "advance"}});
  const Award award = Calculate(terms, Saving("100", "50"), Dates());
  EXPECT_EQ(award.status, AwardStatus::kBlocked);
  EXPECT_EQ(award.amount, Money());
  EXPECT_EQ(award.payable, Money());
  EXPECT_TRUE(award.notes.empty());
}

TEST(Calculate, APayDateOutsideTheTableBlocks) {
  const Terms terms =
      Of({kSaving, Reduction{.table = std::string(kMedicareSequestration)}, RoundingRule{}});
  CalculationDates dates = Dates();
  dates.pay_date = MakeDate(2013, 3, 31);
  const Award award = Calculate(terms, Saving("100", "50"), dates);
  EXPECT_EQ(award.blocked_reason, ReasonCode::kReferenceMissing);
  EXPECT_THAT(award.missing, HasSubstr("2013-03-31"));
}

TEST(Calculate, AReferenceOfZeroBlocksARate) {
  const Gate gate{.name = "minimum",
                  .test = ValueAtLeast{"benchmark", FixedThreshold{Ratio(1, 50)}}};
  const Award award = Calculate(Of({kSaving, gate, RoundingRule{}}), Saving("0", "50"), Dates());
  EXPECT_EQ(award.status, AwardStatus::kBlocked);
  EXPECT_THAT(award.missing, HasSubstr("more than zero"));
}

TEST(Calculate, AFloorRaisesButDoesNotRaiseTheDead) {
  const Floor floor{
      .limit = {.amount = FixedLimit{Money::FromCents(5'000)}, .note = ReasonCode::kFloorApplied}};
  const Terms terms = Of({kSaving, floor, RoundingRule{}});
  Award award = Calculate(terms, Saving("100", "90"), Dates());
  EXPECT_EQ(award.amount.ToString(), "50.00");
  EXPECT_THAT(award.notes, ElementsAre(ReasonCode::kFloorApplied));
  EXPECT_EQ(Calculate(terms, Saving("100", "50"), Dates()).amount.ToString(), "50.00");
  EXPECT_TRUE(Calculate(terms, Saving("100", "50"), Dates()).notes.empty());
  EXPECT_EQ(Calculate(terms, Saving("100", "100"), Dates()).zero_reason, ReasonCode::kNoSavings);
}

TEST(Calculate, ANegativeReferenceCannotTurnAGainIntoALoss) {
  const Cap cap{.limits = {{.amount = ShareOfFact{Rate::FromPercent(10), "revenue"}}}};
  const Facts facts = Saving("100", "90").SetAmount("revenue", Money::FromCents(-1'000));
  const Award award = Calculate(Of({kSaving, cap, RoundingRule{}}), facts, Dates());
  EXPECT_EQ(award.amount, Money());
  EXPECT_EQ(award.zero_reason, ReasonCode::kAnnualLimitUsed);
}

TEST(Calculate, WithholdAndRecoupmentLeaveTheAwardGross) {
  const Terms terms = Of({kSaving, RoundingRule{},
                          Recoupment{.balance_fact = "advance", .maximum = Rate::FromPercent(50)},
                          Withhold{.rate = Rate::FromPercent(2)}});
  const Facts facts = Saving("200", "100").SetAmount("advance", Money::FromCents(100'000));
  const Award award = Calculate(terms, facts, Dates());
  EXPECT_EQ(award.amount.ToString(), "100.00");
  EXPECT_EQ(award.recouped.ToString(), "50.00");
  EXPECT_EQ(award.withheld.ToString(), "1.00");
  EXPECT_EQ(award.payable.ToString(), "49.00");
}

TEST(Calculate, EveryConditionDecides) {
  const ConditionsHold test{
      {TextIsOneOf{"product", {"HMO"}}, DateOnOrAfter{"signed", MakeDate(2024, 1, 1)},
       RatioCompares{"mlr", Ratio(85, 100), true}, RatioCompares{"stars", Ratio(4), false}}};
  const Terms terms = Of({kSaving,
                          Gate{.name = "financial and quality",
                               .test = test,
                               .on_fail = {.gain_reason = ReasonCode::kGateFailed}},
                          RoundingRule{}});
  Facts good = Saving("100", "90").SetText("product", "HMO");
  good.SetDate("signed", MakeDate(2024, 1, 1)).SetRatio("mlr", Ratio(85, 100)).SetCount("stars", 4);
  EXPECT_EQ(Calculate(terms, good, Dates()).amount.ToString(), "10.00");
  for (Facts bad :
       {Facts(good).SetText("product", "PPO"),
        Facts(good).SetDate("signed", MakeDate(2023, 12, 31)),
        Facts(good).SetRatio("mlr", Ratio(8501, 10000)), Facts(good).SetCount("stars", 3)}) {
    const Award award = Calculate(terms, bad, Dates());
    EXPECT_EQ(award.zero_reason, ReasonCode::kGateFailed);
    EXPECT_EQ(award.zero_detail, "financial and quality");
  }
}

TEST(Calculate, APriceTimesMemberMonthsIsExact) {
  const Terms terms = Of({Basis{.kind = PriceTimesCount{UnitPrice::FromMillionths(2'333'333)},
                                .zero_reason = ReasonCode::kNoMemberMonths},
                          RoundingRule{}});
  EXPECT_EQ(
      Calculate(terms, Facts().SetCount("member_months", 1'000'000), Dates()).amount.ToString(),
      "2,333,333.00");
  EXPECT_EQ(Calculate(terms, Facts().SetCount("member_months", 0), Dates()).zero_reason,
            ReasonCode::kNoMemberMonths);
}

// More was paid in advance than the award came to: the party owes the whole difference. A withhold
// of it once took the debt away, because what is left of the award is less than nothing.
TEST(Calculate, AnOverpaymentIsOwedInFullBesideAWithhold) {
  for (const WithholdBase base : {WithholdBase::kAfterRecoupment, WithholdBase::kGross}) {
    const Terms terms = Of({kSaving, RoundingRule{}, Delta{.posted_facts = {"posted"}},
                            Withhold{.rate = Rate::FromPercent(5), .base = base}});
    const auto award = [&](std::string_view posted) {
      return Calculate(
          terms, Saving("300", "200").SetAmount("posted", Money::Parse(posted).value()), Dates());
    };
    const Award over = award("120.00");
    EXPECT_EQ(over.amount.ToString(), "100.00");
    EXPECT_EQ(over.withheld.ToString(), "0.00");
    EXPECT_EQ(over.payable.ToString(), "-20.00");
    EXPECT_EQ(over.payable_zero_reason, std::nullopt);
    const Award paid = award("100.00");  // exactly
    EXPECT_EQ(paid.withheld.ToString(), "0.00");
    EXPECT_EQ(paid.payable.ToString(), "0.00");
    EXPECT_EQ(paid.payable_zero_reason, ReasonCode::kNoChange);
    const Award under = award("99.00");  // a dollar is left, and the withhold at most that
    EXPECT_EQ(under.withheld.ToString(), base == WithholdBase::kGross ? "1.00" : "0.05");
    EXPECT_EQ(under.payable.ToString(), base == WithholdBase::kGross ? "0.00" : "0.95");
  }
}

// Fee for service under a contract (LAN 1 and 2A): a share of the services at the fee schedule,
// with an infrastructure payment beside it as a floor. 98.5 % of 1,234,567.89 = 1,216,049.37165.
// feature:C12
TEST(Calculate, FeeForServiceIsAShareOfTheFeeSchedule) {
  const Terms terms = Of({Basis{.kind = PercentOfFact{Rate::FromMillionths(985'000), "at_schedule"},
                                .zero_reason = ReasonCode::kNoExpenditure},
                          Floor{.limit = {.amount = FixedLimit{Money::FromCents(500'00)},
                                          .note = ReasonCode::kFloorApplied}},
                          RoundingRule{}});
  const auto award = [&](const std::string& at_schedule) {
    return Calculate(terms, Facts().Set("at_schedule", *Exact::Parse(at_schedule)), Dates());
  };
  const Award paid = award("1234567.89");
  EXPECT_EQ(paid.unrounded.ToString(), "1,216,049.37165");
  EXPECT_EQ(paid.amount.ToString(), "1,216,049.37");
  EXPECT_TRUE(paid.notes.empty());
  // Exactly at the floor (500 / 0.985 has no end), a cent of services around it, and one cent.
  EXPECT_EQ(award("507.62").amount.ToString(), "500.01");
  EXPECT_EQ(award("507.61").amount.ToString(), "500.00");
  EXPECT_TRUE(award("507.62").notes.empty());
  EXPECT_THAT(award("507.61").notes, ElementsAre(ReasonCode::kFloorApplied));
  EXPECT_EQ(award("0.01").amount.ToString(), "500.00");
  // No services are no floor, and have their reason; what was taken back is a negative award.
  EXPECT_EQ(award("0").zero_reason, ReasonCode::kNoExpenditure);
  EXPECT_EQ(award("-100").amount.ToString(), "-98.50");
  EXPECT_THAT(Calculate(terms, Facts(), Dates()).missing, HasSubstr("at_schedule"));
}

// A gain that the deficit of earlier years takes whole says so; a cent more is paid.
TEST(Calculate, AGainThatADeficitTakesWholeSaysSo) {
  const Terms terms = Of({kSaving, RoundingRule{}, CarryForward{}});
  const auto award = [&](std::int64_t deficit) {
    return Calculate(
        terms, Saving("100", "90").SetAmount("deficit_balance", Money::FromCents(deficit)),
        Dates());
  };
  EXPECT_EQ(award(10'00).payable_zero_reason, ReasonCode::kNettedAgainstReceivable);
  EXPECT_EQ(award(9'99).payable.ToString(), "0.01");
  EXPECT_EQ(award(9'99).payable_zero_reason, std::nullopt);
  EXPECT_EQ(award(10'01).balance_left, Money::FromCents(1));
}

// A contract of a count of members needs so many of them: at the minimum it pays.
TEST(Calculate, APanelBelowItsMinimumIsZeroWithTheReason) {
  const Terms terms =
      Of({Basis{.kind = PriceTimesCount{.price = UnitPrice::FromMillionths(8'000'000)},
                .zero_reason = ReasonCode::kNoMemberMonths},
          Gate{.name = "minimum panel",
               .test = ConditionsHold{{RatioCompares{.fact = "panel", .threshold = Ratio(50)}}},
               .on_fail = {.gain_reason = ReasonCode::kBelowMinimumPanel}},
          RoundingRule{}});
  const auto award = [&](std::int64_t panel) {
    return Calculate(terms, Facts().SetCount("member_months", 100).SetCount("panel", panel),
                     Dates());
  };
  EXPECT_EQ(award(50).amount.ToString(), "800.00");
  EXPECT_EQ(award(49).zero_reason, ReasonCode::kBelowMinimumPanel);
  EXPECT_EQ(award(49).zero_detail, "minimum panel");
}

TEST(Calculate, AnAwardThatIsHeldBackWholeSaysSo) {
  const Terms terms = Of({kSaving, RoundingRule{}, Withhold{.rate = Rate::FromPercent(100)}});
  const Award award = Calculate(terms, Saving("100", "90"), Dates());
  EXPECT_EQ(award.withheld.ToString(), "10.00");
  EXPECT_EQ(award.payable_zero_reason, ReasonCode::kWithheldInFull);
  EXPECT_THAT(ToText(award), HasSubstr("WITHHELD_IN_FULL"));
  // A cent less than all of it is paid.
  const Terms nearly =
      Of({kSaving, RoundingRule{}, Withhold{.rate = Rate::FromMillionths(999'000)}});
  EXPECT_EQ(Calculate(nearly, Saving("100", "90"), Dates()).payable.ToString(), "0.01");
}

// Whatever the numbers: the award is the rounded value, a zero has a reason, the same inputs give
// the same text, and the sides mirror each other where the terms do.
TEST(Calculate, HoldsItsInvariantsOnRandomInputs) {
  const std::uint32_t seed = std::random_device{}();
  RecordProperty("seed", static_cast<int>(seed));
  std::mt19937_64 random(seed);
  const Terms terms =
      Of({kSaving,
          Gate{.name = "minimum", .test = ValueAtLeast{"benchmark", FixedThreshold{Ratio(1, 50)}}},
          RateComponent{.cases = {{.rule = RateTimesScore{Rate::FromPercent(60), "score"}}}},
          Professional(),
          Cap{.side = Side::kBoth,
              .limits = {{.amount = ShareOfFact{Rate::FromPercent(1), "benchmark"}}}},
          RoundingRule{}});
  for (int i = 0; i < 500; ++i) {
    const std::int64_t benchmark =
        std::uniform_int_distribution<std::int64_t>(1, 200'000'000'000)(random);
    const std::int64_t saving =
        std::uniform_int_distribution<std::int64_t>(-benchmark / 5, benchmark / 5)(random);
    Facts facts;
    facts.SetAmount("benchmark", Money::FromCents(benchmark));
    facts.SetRatio("score", Ratio(std::uniform_int_distribution<int>(0, 97)(random), 97));
    Facts mirror = facts;
    facts.SetAmount("expenditure", Money::FromCents(benchmark - saving));
    mirror.SetAmount("expenditure", Money::FromCents(benchmark + saving));
    const Award award = Calculate(terms, facts, Dates());
    const Award opposite = Calculate(terms, mirror, Dates());
    ASSERT_EQ(award.amount, -opposite.amount) << "seed " << seed << facts.ToText();
    ASSERT_EQ(award.amount.IsZero(), award.zero_reason.has_value()) << "seed " << seed;
    ASSERT_LE(Abs(Exact(award.amount) - award.unrounded), Exact(Money::FromCents(1)) * Ratio(1, 2))
        << "seed " << seed;
    ASSERT_EQ(ToText(award), ToText(Calculate(terms, facts, Dates()))) << "seed " << seed;
  }
}

// Whatever was paid or is recovered: a withhold is a part of what is left, and never a gift.
TEST(Calculate, AWithholdIsAPartOfWhatIsLeft) {
  const std::uint32_t seed = std::random_device{}();
  RecordProperty("seed", static_cast<int>(seed));
  std::mt19937_64 random(seed);
  const auto cents = [&](std::int64_t most) {
    return Money::FromCents(std::uniform_int_distribution<std::int64_t>(0, most)(random));
  };
  for (int i = 0; i < 500; ++i) {
    const WithholdBase base = i % 2 == 0 ? WithholdBase::kGross : WithholdBase::kAfterRecoupment;
    const Rate rate = Rate::FromMillionths(cents(999'999).Cents() + 1);
    const Terms terms =
        Of({kSaving, RoundingRule{}, Delta{.posted_facts = {"posted"}},
            Recoupment{.balance_fact = "advance"}, Withhold{.rate = rate, .base = base}});
    const Facts facts = Facts()
                            .SetAmount("benchmark", cents(20'000))
                            .SetAmount("expenditure", cents(10'000))
                            .SetAmount("posted", cents(15'000))
                            .SetAmount("advance", cents(5'000));
    const Award award = Calculate(terms, facts, Dates());
    ASSERT_EQ(award.status, AwardStatus::kComputed) << award.missing;
    const Money left = std::max(award.amount - award.recouped, Money());
    ASSERT_GE(award.withheld, Money()) << "seed " << seed << facts.ToText();
    ASSERT_LE(award.withheld, left) << "seed " << seed << facts.ToText();
    ASSERT_EQ(award.payable, award.amount - award.recouped - award.withheld) << "seed " << seed;
  }
}

}  // namespace
}  // namespace sluice::performance
