// Golden statements of the Shared Savings Program: examples 13.3 and 13.4 of the program
// mathematics, each printed step, to the cent. The numbers are public results of CMS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/calculate.h"
#include "performance/mssp_results.h"
#include "performance/mssp_terms.h"

namespace sluice::performance {
namespace {

using ::testing::ElementsAreArray;

// One column of the printed tables. "-" where the step is not applied.
struct Column {
  std::string name;
  MsspTrack track;
  std::int64_t people;
  std::string benchmark;
  std::string expenditure;
  std::string minimum;  // as published: elected or the table's, rounded
  std::string score = "1";
  bool standard = true;
  bool alternative = false;
  bool guardrail = false;
  std::string revenue = "high";
  std::string agreement = "2019-07-01";
  std::string relief = "0";
  std::string advance;

  std::string saving;
  std::string saving_rate;
  std::string minimum_rate;
  std::string rate;
  std::string after_rate;
  std::string after_reduction;
  std::string cap;
  std::string award;
  std::optional<ReasonCode> reason;
  std::vector<ReasonCode> notes;
};

const Step* FindStep(const Award& award, std::string_view component) {
  for (const Step& step : award.steps) {
    if (step.component == component && step.outcome == StepOutcome::kApplied) return &step;
  }
  return nullptr;
}

std::string Input(const Award& award, std::string_view component, std::string_view name) {
  for (const Step& step : award.steps) {
    if (step.component != component) continue;
    for (const StepInput& input : step.inputs) {
      if (input.name == name) return input.value;
    }
  }
  return "-";
}

std::string After(const Award& award, std::string_view component) {
  const Step* step = FindStep(award, component);
  return step == nullptr || step->reason ? "-" : Abs(step->after).ToString();
}

// The amount of the cap that was applied, whichever reference it has.
std::string CapOf(const Award& award) {
  const Step* step = FindStep(award, "cap");
  return step == nullptr ? "-" : step->inputs.back().value;
}

Facts FactsOf(const Column& column) {
  Facts facts;
  facts.SetText("track", std::string(MsspTrackCode(column.track)));
  facts.Set("benchmark", *Exact::Parse(column.benchmark));
  facts.Set("expenditure", *Exact::Parse(column.expenditure));
  facts.SetCount("assigned_beneficiaries", column.people);
  facts.SetRatio("minimum_rate", *Ratio::Parse(column.minimum));
  facts.SetRatio("quality_score", *Ratio::Parse(column.score));
  facts.SetFlag("quality_standard_met", column.standard);
  facts.SetFlag("alternative_standard_met", column.alternative);
  facts.SetFlag("guardrail", column.guardrail);
  facts.SetText("revenue_category", column.revenue);
  facts.SetDate("agreement_start", *ParseDate(column.agreement));
  facts.Set("disaster_relief", *Exact::Parse(column.relief));
  facts.SetRatio("period_fraction", Ratio(1));
  if (!column.advance.empty()) facts.Set("advance_balance", *Exact::Parse(column.advance));
  return facts;
}

Award Settle(const Column& column, int year) {
  const auto terms = MsspTerms({.performance_year = year,
                                .track = column.track,
                                .has_advance = !column.advance.empty(),
                                .revenue_absent = WhenAbsent::kIgnore});
  EXPECT_TRUE(terms.ok()) << terms.status();
  return Calculate(*terms, FactsOf(column), MsspDates(year));
}

void Check(const Column& column, int year) {
  SCOPED_TRACE(column.name);
  const Award award = Settle(column, year);
  ASSERT_EQ(award.status, AwardStatus::kComputed) << award.missing;
  EXPECT_EQ(FindStep(award, "basis")->after.ToString(), column.saving);
  EXPECT_EQ(Input(award, "gate", "rate"), column.saving_rate);
  EXPECT_EQ(Input(award, "gate", "minimum rate"), column.minimum_rate);
  EXPECT_EQ(Input(award, "rate", "rate"), column.rate);
  EXPECT_EQ(After(award, "rate"), column.after_rate);
  EXPECT_EQ(After(award, "reduction"), column.after_reduction);
  EXPECT_EQ(CapOf(award), column.cap);
  EXPECT_EQ(award.amount.ToString(), column.award);
  EXPECT_EQ(award.zero_reason, column.reason);
  std::vector<ReasonCode> notes;
  for (const ReasonCode note : award.notes) {
    // Every payment of the program is sequestered; the printed tables leave it out.
    if (note != ReasonCode::kSequestered) notes.push_back(note);
  }
  EXPECT_THAT(notes, ElementsAreArray(column.notes));
}

// 13.3: BASIC, performance year 2024, paid in October 2025.
std::vector<Column> Basic2024() {
  return {
      {.name = "A1026 (E)",
       .track = MsspTrack::kBasicE,
       .people = 41'640,
       .benchmark = "600514210",
       .expenditure = "577772388",
       .minimum = "1.5%",
       .agreement = "2024-01-01",
       .saving = "22,741,822.00",
       .saving_rate = "3.7870580... %",
       .minimum_rate = "1.5 %",
       .rate = "50 %",
       .after_rate = "11,370,911.00",
       .after_reduction = "11,143,492.78",
       .cap = "60,051,421.00",
       .award = "11,143,492.78"},
      {.name = "A5347 (E)",
       .track = MsspTrack::kBasicE,
       .people = 7'228,
       .benchmark = "97968830",
       .expenditure = "97791842",
       .minimum = "3.35%",
       .revenue = "low",
       .agreement = "2024-01-01",
       .saving = "176,988.00",
       .saving_rate = "0.1806574... %",
       .minimum_rate = "3.3543543... %",
       .rate = "25 %",
       .after_rate = "44,247.00",
       .after_reduction = "43,362.06",
       .cap = "9,796,883.00",
       .award = "43,362.06",
       .notes = {ReasonCode::kHalfRate}},
      {.name = "A2366 (E)",
       .track = MsspTrack::kBasicE,
       .people = 5'095,
       .benchmark = "87392050",
       .expenditure = "76584733",
       .minimum = "3.87%",
       .score = "76.63%",
       .standard = false,
       .alternative = true,
       .saving = "10,807,317.00",
       .saving_rate = "12.3664761... %",
       .minimum_rate = "3.8714714... %",
       .rate = "38.315 %",
       .after_rate = "4,140,823.50855",
       .after_reduction = "4,058,007.038379",
       .cap = "8,739,205.00",
       .award = "4,058,007.04",
       .notes = {ReasonCode::kAlternativeStandard}},
      {.name = "A5321 (E)",
       .track = MsspTrack::kBasicE,
       .people = 5'896,
       .benchmark = "65932871",
       .expenditure = "65861910",
       .minimum = "0",
       .guardrail = true,
       .saving = "70,961.00",
       .saving_rate = "-",
       .minimum_rate = "-",
       .rate = "-",
       .after_rate = "-",
       .after_reduction = "-",
       .cap = "-",
       .award = "0.00",
       .reason = ReasonCode::kGuardrailNoPayment},
      {.name = "A3317 (E)",
       .track = MsspTrack::kBasicE,
       .people = 28'167,
       .benchmark = "353635485",
       .expenditure = "363926786",
       .minimum = "2.42%",
       .relief = "11756",
       .saving = "-10,291,301.00",
       .saving_rate = "2.9101437... %",
       .minimum_rate = "2.4183272... %",
       .rate = "30 %",
       .after_rate = "3,087,390.30",
       .after_reduction = "-",
       .cap = "14,145,419.40",
       .award = "-3,075,634.30",
       .notes = {ReasonCode::kReliefPartial}},
      {.name = "A5339 (A)",
       .track = MsspTrack::kBasicA,
       .people = 5'947,
       .benchmark = "83354603",
       .expenditure = "82745576",
       .minimum = "3.62%",
       .revenue = "low",
       .agreement = "2024-01-01",
       .advance = "396545",
       .saving = "609,027.00",
       .saving_rate = "0.7306459... %",
       .minimum_rate = "3.6156156... %",
       .rate = "20 %",
       .after_rate = "121,805.40",
       .after_reduction = "119,369.292",
       .cap = "8,335,460.30",
       .award = "119,369.29",
       .notes = {ReasonCode::kHalfRate, ReasonCode::kRecoupedInFull}},
  };
}

TEST(SharedSavings, Basic2024MatchesEachPrintedStep) {
  for (const Column& column : Basic2024()) Check(column, 2024);
}

TEST(SharedSavings, RecoupmentLeavesTheAwardGross) {
  const Award award = Settle(Basic2024().back(), 2024);
  EXPECT_EQ(award.amount.ToString(), "119,369.29");
  EXPECT_EQ(award.recouped.ToString(), "119,369.29");
  EXPECT_EQ(award.balance_left, Money::FromCents(27'717'571));
  EXPECT_EQ(award.payable, Money());
  EXPECT_EQ(award.zero_reason, std::nullopt);
  EXPECT_EQ(award.payable_zero_reason, ReasonCode::kRecoupedInFull);
}

TEST(SharedSavings, RecoupmentTakesNoMoreThanTheBalance) {
  Column column = Basic2024().back();
  column.advance = "100000.25";
  const Award award = Settle(column, 2024);
  EXPECT_EQ(award.recouped.ToString(), "100,000.25");
  EXPECT_EQ(award.payable.ToString(), "19,369.04");
  EXPECT_EQ(award.balance_left, Money());
  EXPECT_EQ(award.notes.back(), ReasonCode::kRecoupedPartly);
}

TEST(SharedSavings, AnAdvanceIsStatedAlsoWhenNothingIsEarned) {
  Column column = Basic2024().back();
  column.expenditure = "84068000";  // A loss of a one-sided ACO.
  const Award award = Settle(column, 2024);
  EXPECT_EQ(award.amount, Money());
  EXPECT_EQ(award.recouped, Money());
  EXPECT_EQ(award.balance_left, Money::FromCents(39'654'500));
}

// 13.4: Track 1, performance year 2018, paid in October 2019.
std::vector<Column> Track1Of2018() {
  return {
      {.name = "A1002, printed score",
       .track = MsspTrack::kTrack1,
       .people = 9'139,
       .benchmark = "91914080",
       .expenditure = "79742206",
       .minimum = "0.030860861",
       .score = "0.8503",
       .saving = "12,171,874.00",
       .saving_rate = "13.2426653... %",
       .minimum_rate = "3.0860860... %",
       .rate = "42.515 %",
       .after_rate = "5,174,872.2311",
       .after_reduction = "5,071,374.786478",
       .cap = "9,191,408.00",
       .award = "5,071,374.79"},
      {.name = "A1002, point score",
       .track = MsspTrack::kTrack1,
       .people = 9'139,
       .benchmark = "91914080",
       .expenditure = "79742206",
       .minimum = "0.030860861",
       .score = "2721/3200",
       .saving = "12,171,874.00",
       .saving_rate = "13.2426653... %",
       .minimum_rate = "3.0860860... %",
       .rate = "42.515625 %",
       .after_rate = "5,174,948.3053125",
       .after_reduction = "5,071,449.33920625",
       .cap = "9,191,408.00",
       .award = "5,071,449.34"},
      {.name = "A1409",
       .track = MsspTrack::kTrack1,
       .people = 5'451,
       .benchmark = "121182225",
       .expenditure = "83501144",
       .minimum = "0.037645646",
       .score = "0.9081",
       .saving = "37,681,081.00",
       .saving_rate = "31.0945611... %",
       .minimum_rate = "3.7645645... %",
       .rate = "45.405 %",
       .after_rate = "17,109,094.82805",
       .after_reduction = "16,766,912.931489",
       .cap = "12,118,222.50",
       .award = "12,118,222.50",
       .notes = {ReasonCode::kPaymentLimit}},
      {.name = "A1023",
       .track = MsspTrack::kTrack1,
       .people = 9'817,
       .benchmark = "92451634",
       .expenditure = "91313355",
       .minimum = "0.030182182",
       .saving = "1,138,279.00",
       .saving_rate = "1.2312156... %",
       .minimum_rate = "3.0182182... %",
       .rate = "-",
       .after_rate = "-",
       .after_reduction = "-",
       .cap = "-",
       .award = "0.00",
       .reason = ReasonCode::kBelowMinimumSavingsRate},
      {.name = "A1021",
       .track = MsspTrack::kTrack1,
       .people = 54'981,
       .benchmark = "584288298",
       .expenditure = "584762666",
       .minimum = "0.021003700",
       .saving = "-474,368.00",
       .saving_rate = "0.0811873... %",
       .minimum_rate = "2.1003700... %",
       .rate = "-",
       .after_rate = "-",
       .after_reduction = "-",
       .cap = "-",
       .award = "0.00",
       .reason = ReasonCode::kNoSavings},
      {.name = "A1071",
       .track = MsspTrack::kTrack1,
       .people = 3'785,
       .benchmark = "49166832",
       .expenditure = "55016278",
       .minimum = "0.045680340",
       .saving = "-5,849,446.00",
       .saving_rate = "11.8971382... %",
       .minimum_rate = "4.5680340... %",
       .rate = "-",
       .after_rate = "-",
       .after_reduction = "-",
       .cap = "-",
       .award = "0.00",
       .reason = ReasonCode::kOneSidedNoLossOwed},
  };
}

TEST(SharedSavings, Track1Of2018MatchesEachPrintedStep) {
  for (const Column& column : Track1Of2018()) Check(column, 2018);
}

// A5471, section 3.2: the loss rate follows the score, and relief comes last.
TEST(SharedSavings, LossRateOfEnhancedFollowsTheScore) {
  Column column{.name = "A5471",
                .track = MsspTrack::kEnhanced,
                .people = 10'055,
                .benchmark = "133346564",
                .expenditure = "133626517",
                .minimum = "0",
                .score = "77.05%",
                .guardrail = true,
                .relief = "6830"};
  Award award = Settle(column, 2024);
  EXPECT_EQ(Input(award, "rate", "rate"), "42.2125 %");
  EXPECT_EQ(After(award, "rate"), "118,175.160125");
  EXPECT_EQ(award.amount.ToString(), "-111,345.16");
  EXPECT_THAT(award.notes, ::testing::ElementsAre(ReasonCode::kGuardrailSmallerLoss,
                                                  ReasonCode::kReliefPartial));
  column.score = "81%";  // 1 - 0.75 x 0.81 = 39.25 %, below the lowest rate of 40 %.
  award = Settle(column, 2024);
  EXPECT_EQ(Input(award, "rate", "rate"), "40 %");
  column.standard = false;
  award = Settle(column, 2024);
  EXPECT_EQ(Input(award, "rate", "rate"), "75 %");
}

TEST(SharedSavings, ReliefNeverTurnsALossIntoAPayment) {
  Column column = Basic2024()[4];
  column.relief = "3087390.30";
  EXPECT_EQ(Settle(column, 2024).zero_reason, ReasonCode::kReliefAbsorbedLoss);
  column.relief = "99999999";
  const Award award = Settle(column, 2024);
  EXPECT_EQ(award.zero_reason, ReasonCode::kReliefAbsorbedLoss);
  EXPECT_EQ(award.amount, Money());
}

// 4 % of the benchmark binds: 1,000,000 x 30 % > 40,000 only for a loss rate far past it.
TEST(SharedSavings, LossLimitsBindInTheOrderOfTheirSize) {
  Column column{.name = "made up",
                .track = MsspTrack::kBasicE,
                .people = 10'000,
                .benchmark = "1000000",
                .expenditure = "1200000",
                .minimum = "0"};
  Award award = Settle(column, 2024);
  EXPECT_EQ(award.amount.ToString(), "-40,000.00");
  EXPECT_THAT(award.notes, ::testing::ElementsAre(ReasonCode::kLossLimitBenchmark));
  Facts facts = FactsOf(column).SetAmount("participant_revenue", Money::FromCents(30'000'000));
  const auto terms = MsspTerms({.performance_year = 2024, .track = MsspTrack::kBasicE});
  award = Calculate(*terms, facts, MsspDates(2024));
  EXPECT_EQ(award.amount.ToString(), "-24,000.00");
  EXPECT_THAT(award.notes, ::testing::ElementsAre(ReasonCode::kLossLimitRevenue));
}

TEST(SharedSavings, AnUnknownRevenueBlocksALossAndIsNotGuessed) {
  const Column column{.name = "made up",
                      .track = MsspTrack::kBasicE,
                      .people = 10'000,
                      .benchmark = "1000000",
                      .expenditure = "1020000",
                      .minimum = "0"};
  const auto terms = MsspTerms({.performance_year = 2024, .track = MsspTrack::kBasicE});
  const Award award = Calculate(*terms, FactsOf(column), MsspDates(2024));
  EXPECT_EQ(award.status, AwardStatus::kBlocked);
  EXPECT_EQ(award.blocked_reason, ReasonCode::kReferenceMissing);
  EXPECT_THAT(award.missing, ::testing::HasSubstr("participant_revenue"));
  EXPECT_EQ(award.amount, Money());
  EXPECT_EQ(award.zero_reason, std::nullopt);
}

TEST(SharedSavings, ExactlyAtTheMinimumRatePasses) {
  // 2 % of 50,000,000 is 1,000,000: at it, a cent below it.
  Column column{.name = "edge",
                .track = MsspTrack::kBasicE,
                .people = 5'000,
                .benchmark = "50000000",
                .expenditure = "49000000",
                .minimum = "2%"};
  EXPECT_EQ(Settle(column, 2024).amount.ToString(), "490,000.00");
  column.expenditure = "49000000.01";
  EXPECT_EQ(Settle(column, 2024).zero_reason, ReasonCode::kBelowMinimumSavingsRate);
  column.expenditure = "51000000";
  EXPECT_EQ(Settle(column, 2024).amount.ToString(), "-300,000.00");
  column.expenditure = "50999999.99";
  EXPECT_EQ(Settle(column, 2024).zero_reason, ReasonCode::kBelowMinimumLossRate);
}

TEST(SharedSavings, ExactlyAtTheCapIsNotCut) {
  // 50 % x 98 % of the saving is 10 % of the benchmark when the saving is 10/49 of it.
  Column column{.name = "edge",
                .track = MsspTrack::kBasicE,
                .people = 5'000,
                .benchmark = "49000000",
                .expenditure = "39000000",
                .minimum = "2%"};
  Award award = Settle(column, 2024);
  EXPECT_EQ(award.amount.ToString(), "4,900,000.00");
  EXPECT_THAT(award.notes, ::testing::ElementsAre(ReasonCode::kSequestered));
  column.expenditure = "38999999.90";
  award = Settle(column, 2024);
  EXPECT_EQ(award.amount.ToString(), "4,900,000.00");
  EXPECT_THAT(award.notes, ::testing::Contains(ReasonCode::kPaymentLimit));
}

// Section 2.7 of the facts: the same settlement paid inside the moratorium carries no cut.
TEST(SharedSavings, SequestrationFollowsThePayDateAndNotTheYear) {
  const Column column = Track1Of2018()[1];
  const auto terms = MsspTerms({.performance_year = 2018, .track = MsspTrack::kTrack1});
  CalculationDates dates = MsspDates(2018);
  const auto pay = [&](int year, unsigned month, unsigned day) {
    dates.pay_date = MakeDate(year, month, day);
    return Calculate(*terms, FactsOf(column), dates).amount.ToString();
  };
  EXPECT_EQ(pay(2020, 4, 30), "5,071,449.34");
  EXPECT_EQ(pay(2020, 5, 1), "5,174,948.31");
  EXPECT_EQ(pay(2022, 3, 31), "5,174,948.31");
  EXPECT_EQ(pay(2022, 4, 1), "5,123,198.82");
  EXPECT_EQ(pay(2022, 7, 1), "5,071,449.34");
}

TEST(SharedSavings, ThePrecedenceOfReasonsIsThatOfTheProgram) {
  Column column{.name = "all at once",
                .track = MsspTrack::kBasicA,
                .people = 5'000,
                .benchmark = "50000000",
                .expenditure = "49900000",
                .minimum = "3.9%",
                .standard = false,
                .guardrail = true};
  EXPECT_EQ(Settle(column, 2024).zero_reason, ReasonCode::kGuardrailNoPayment);
  column.guardrail = false;
  EXPECT_EQ(Settle(column, 2024).zero_reason, ReasonCode::kBelowMinimumSavingsRate);
  column.expenditure = "40000000";
  EXPECT_EQ(Settle(column, 2024).zero_reason, ReasonCode::kQualityStandardFailed);
  column.expenditure = "60000000";
  EXPECT_EQ(Settle(column, 2024).zero_reason, ReasonCode::kOneSidedNoLossOwed);
  column.expenditure = "50000000";
  EXPECT_EQ(Settle(column, 2024).zero_reason, ReasonCode::kNoSavings);
}

TEST(SharedSavings, HalfRateNeedsEveryConditionOfItsRule) {
  const Column good = Basic2024()[1];
  EXPECT_EQ(Settle(good, 2024).amount.ToString(), "43,362.06");
  Column column = good;
  column.revenue = "high";
  EXPECT_EQ(Settle(column, 2024).zero_reason, ReasonCode::kBelowMinimumSavingsRate);
  column = good;
  column.agreement = "2023-12-31";
  EXPECT_EQ(Settle(column, 2024).zero_reason, ReasonCode::kBelowMinimumSavingsRate);
  column = good;
  column.track = MsspTrack::kEnhanced;
  EXPECT_EQ(Settle(column, 2024).zero_reason, ReasonCode::kBelowMinimumSavingsRate);
  column = good;
  EXPECT_EQ(Settle(column, 2023).zero_reason, ReasonCode::kBelowMinimumSavingsRate);
}

// A statement that a finance person reads, whole.
TEST(SharedSavings, TheStatementReadsAsText) {
  const std::string text = ToText(Settle(Basic2024()[1], 2024));
  EXPECT_EQ(text,
            "Award: 43,362.06\n"
            "Note: HALF_RATE. Below the minimum savings rate, shared at half the rate.\n"
            "Note: SEQUESTERED. Cut by sequestration on the pay date.\n"
            "Steps:\n"
            "  1. basis: benchmark minus expenditure : 0.00 -> 176,988.00\n"
            "       benchmark = 97,968,830.00\n"
            "       expenditure = 97,791,842.00\n"
            "       by 42 CFR 425.605\n"
            "  2. gate: guardrail = 176,988.00 - pass\n"
            "       guardrail = no\n"
            "       by 42 CFR 425.652(c)\n"
            "  3. gate: guardrail, smaller loss [not for this side]\n"
            "       by 42 CFR 425.652(c)\n"
            "  4. gate: minimum savings or loss rate = 176,988.00 (HALF_RATE) - fai"
            "led; the exception applies: the rate is multiplied by 1/2\n"
            "       benchmark = 97,968,830.00\n"
            "       rate = 0.1806574... %\n"
            "       minimum rate = 3.3543543... %\n"
            "       minimum rate from = mssp_minimum_savings_rate of 7228 people\n"
            "       track = E\n"
            "       revenue_category = low\n"
            "       agreement_start = 2024-01-01\n"
            "       rate factor = 1/2\n"
            "       by 42 CFR 425.605\n"
            "  5. rate: 25 % of the gain : 176,988.00 -> 44,247.00\n"
            "       quality_standard_met = yes\n"
            "       rate before the factor = 50 %\n"
            "       factor = 1/2\n"
            "       rate = 25 %\n"
            "       by 42 CFR 425.605\n"
            "  6. rate [not for this side]\n"
            "       by 42 CFR 425.605\n"
            "  7. reduction: medicare_sequestration, 2 % : 44,247.00 -> 43,362.06 ("
            "SEQUESTERED)\n"
            "       pay date = 2025-10-15\n"
            "       reduction = 2 %\n"
            "       by 2 USC 901a, by the pay date\n"
            "  8. cap: payment limit = 43,362.06\n"
            "       10 % of benchmark = 9,796,883.00\n"
            "       by 42 CFR 425.605\n"
            "  9. cap [not for this side]\n"
            "       by 42 CFR 425.605\n"
            "  10. relief [not for this side]\n"
            "       by 42 CFR 425.605\n"
            "  11. rounding: to the cent, half away from zero = 43,362.06\n"
            "       by 42 CFR 425.605\n");
}

}  // namespace
}  // namespace sluice::performance
