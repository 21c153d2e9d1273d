// Example 13.8 of the program mathematics: a benchmark per member month with equity adjustment,
// discount and a quality withhold that is earned back; marginal corridors; the reduction by pay
// date; capitation paid in advance taken off. All three columns, each printed step to its digits.
// The rates are parameters of an invented contract.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/calculate.h"
#include "performance/statutory.h"
#include "performance/terms_codec.h"
#include "performance/terms_validate.h"
#include "tests/performance/cited_steps.h"

namespace sluice::performance {
namespace {

struct Column {
  std::string name;
  bool global = false;
  std::string expenditure;

  std::string discount = "-";
  std::string withheld;
  std::string earned_back;
  std::string benchmark;
  std::string saving;
  std::vector<std::string> bands;
  std::string after_corridor;
  std::string after_reduction;  // "-" on the loss side
  std::string award;
  std::string payable;
};

Rate Percent(std::int64_t percent) { return Rate::FromPercent(percent); }

Terms TermsOf(const Column& column) {
  BenchmarkMinusActual basis{
      .target = PerMemberTarget{.price = UnitPrice::FromMillionths(1'142'370'000)},
      .actual_fact = "expenditure_net_of_stop_loss"};
  basis.adjustments.push_back(
      {.name = "equity adjustment",
       .kind = PerMemberAdjustment{.price = UnitPrice::FromMillionths(1'850'000)},
       .clause = "financial methods, equity"});
  if (column.global) {
    basis.adjustments.push_back(
        {.name = "discount", .kind = Discount{.rate = Rate::FromMillionths(35'000)}});
  }
  basis.adjustments.push_back(
      {.name = "quality withhold",
       .kind = QualityWithhold{.rate = Percent(2), .score_fact = "quality_score"}});
  const auto band = [](std::int64_t up_to, std::int64_t share) {
    return Band{.up_to = Ratio(up_to, 100), .share = Percent(share)};
  };
  Corridor corridor{.reference_fact = "benchmark"};
  if (column.global) {
    corridor.bands = {band(25, 100), band(35, 50), band(50, 25), {std::nullopt, Percent(10)}};
  } else {
    corridor.bands = {band(5, 50), band(10, 35), band(15, 15), {std::nullopt, Percent(5)}};
  }
  return NumberClauses(
      {.title = "Corridor",
       .components = {{.rule = Basis{.kind = basis}, .clause = "section 2"},
                      {.rule = corridor, .clause = "section 4"},
                      {.rule = Reduction{.table = std::string(kMedicareSequestration)}},
                      {.rule = RoundingRule{}},
                      {.rule = Delta{.posted_facts = {"enhanced_capitation_paid"}}}}});
}

std::string InputOf(const Award& award, std::string_view description, std::string_view name) {
  for (const Step& step : award.steps) {
    if (step.description != description) continue;
    for (const StepInput& input : step.inputs) {
      if (input.name == name) return input.value;
    }
  }
  return "-";
}

const Step& StepOf(const Award& award, std::string_view component) {
  for (const Step& step : award.steps) {
    if (step.component == component) return step;
  }
  ADD_FAILURE() << "no step " << component;
  return award.steps.front();
}

void Check(const Column& column) {
  SCOPED_TRACE(column.name);
  const Terms terms = TermsOf(column);
  ASSERT_TRUE(ValidateTerms(terms).ok()) << ValidateTerms(terms);
  const auto decoded = DecodeTerms(EncodeTerms(terms));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, terms);

  Facts facts;
  facts.SetCount("member_months", 71'880);
  facts.SetRatio("quality_score", Ratio(865, 1000));
  facts.Set("expenditure_net_of_stop_loss", *Exact::Parse(column.expenditure));
  facts.SetAmount("enhanced_capitation_paid", Money::FromCents(120'411'800));
  const Award award =
      Calculate(terms, facts, {.period = DateRange::Year(2026), .pay_date = MakeDate(2027, 9, 1)});
  ASSERT_EQ(award.status, AwardStatus::kComputed) << award.missing;
  EXPECT_THAT(UncitedSteps(award), ::testing::IsEmpty());

  EXPECT_EQ(StepOf(award, "benchmark").after.ToString(), "82,113,555.60");
  EXPECT_EQ(InputOf(award, "equity adjustment", "amount"), "132,978.00");
  EXPECT_EQ(InputOf(award, "discount", "amount"), column.discount);
  EXPECT_EQ(InputOf(award, "quality withhold", "withheld"), column.withheld);
  EXPECT_EQ(InputOf(award, "quality withhold", "earned back"), column.earned_back);
  const Step& basis = StepOf(award, "basis");
  EXPECT_EQ(InputOf(award, basis.description, "benchmark"), column.benchmark);
  EXPECT_EQ(basis.after.ToString(), column.saving);
  const Step& corridor = StepOf(award, "corridor");
  std::vector<std::string> bands;
  for (const StepInput& input : corridor.inputs) {
    if (input.name.starts_with("band")) bands.push_back(input.value);
  }
  EXPECT_EQ(bands, column.bands);
  EXPECT_EQ(corridor.after.ToString(), column.after_corridor);
  const Step& reduction = StepOf(award, "reduction");
  EXPECT_EQ(reduction.outcome == StepOutcome::kNotThisSide ? "-" : reduction.after.ToString(),
            column.after_reduction);
  EXPECT_EQ(award.amount.ToString(), column.award);
  EXPECT_EQ(award.payable.ToString(), column.payable);
}

// feature:C12
TEST(CorridorGolden, ProfessionalGain) {
  Check({.name = "professional, gain",
         .expenditure = "7495821643/100",
         .withheld = "1,644,930.672",
         .earned_back = "1,422,865.03128",
         .benchmark = "82,024,467.95928",
         .saving = "7,066,251.52928",
         .bands = {"4,101,223.397964 x 50 % = 2,050,611.698982",
                   "2,965,028.131316 x 35 % = 1,037,759.8459606"},
         .after_corridor = "3,088,371.5449426",
         .after_reduction = "3,026,604.114043748",
         .award = "3,026,604.11",
         .payable = "1,822,486.11"});
}

// feature:C12
// feature:C13
TEST(CorridorGolden, ProfessionalLoss) {
  Check({.name = "professional, loss",
         .expenditure = "9631540218/100",
         .withheld = "1,644,930.672",
         .earned_back = "1,422,865.03128",
         .benchmark = "82,024,467.95928",
         .saving = "-14,290,934.22072",
         .bands = {"4,101,223.397964 x 50 % = 2,050,611.698982",
                   "4,101,223.397964 x 35 % = 1,435,428.1892874",
                   "4,101,223.397964 x 15 % = 615,183.5096946",
                   "1,987,264.026828 x 5 % = 99,363.2013414"},
         .after_corridor = "-4,200,586.5993054",
         .after_reduction = "-",
         .award = "-4,200,586.60",
         .payable = "-5,404,704.60"});
}

// feature:C12
TEST(CorridorGolden, GlobalGain) {
  Check({.name = "global, gain",
         .global = true,
         .expenditure = "7495821643/100",
         .discount = "-2,878,628.676",
         .withheld = "1,587,358.09848",
         .earned_back = "1,373,064.7551852",
         .benchmark = "79,153,611.5807052",
         .saving = "4,195,395.1507052",
         .bands = {"4,195,395.1507052 x 100 % = 4,195,395.1507052"},
         .after_corridor = "4,195,395.1507052",
         .after_reduction = "4,111,487.247691096",
         .award = "4,111,487.25",
         .payable = "2,907,369.25"});
}

// Exactly at the edge of a band nothing falls into the next one; one dollar more does.
TEST(CorridorGolden, AtTheEdgeOfABand) {
  const auto corridor_at = [](std::int64_t saving) {
    Terms terms{.title = "edge",
                .components = {{.rule = Basis{.kind = TargetMinusActual{}}},
                               {.rule = Corridor{.reference_fact = "benchmark",
                                                 .bands = {{Ratio(2, 100), Rate()},
                                                           {Ratio(5, 100), Percent(50)},
                                                           {std::nullopt, Percent(20)}}}},
                               {.rule = RoundingRule{}}}};
    Facts facts;
    facts.SetAmount("benchmark", Money::FromCents(1'000'000'00));
    facts.SetAmount("expenditure", Money::FromCents(1'000'000'00 - saving * 100));
    return Calculate(terms, facts,
                     {.period = DateRange::Year(2026), .pay_date = MakeDate(2027, 9, 1)});
  };
  // A deductible band: nothing inside it, and the reason says so.
  EXPECT_EQ(corridor_at(20'000).amount, Money());
  EXPECT_EQ(corridor_at(20'000).zero_reason, ReasonCode::kCorridorDeadBand);
  EXPECT_EQ(corridor_at(20'001).amount, Money::FromCents(50));
  EXPECT_EQ(corridor_at(50'000).amount, Money::FromCents(15'000'00));
  EXPECT_EQ(corridor_at(50'001).amount, Money::FromCents(15'000'20));
  EXPECT_EQ(corridor_at(-50'001).amount, Money::FromCents(-15'000'20));
  EXPECT_EQ(corridor_at(-20'000).zero_reason, ReasonCode::kCorridorDeadBand);
}

}  // namespace
}  // namespace sluice::performance
