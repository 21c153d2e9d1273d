// Example 13.5 of the program mathematics, whole: withholding on each payment, measures, gates,
// score, earn-back and forfeits, to the cent. The parties are invented.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/calculate.h"
#include "tests/performance/terms_samples.h"

namespace sluice::performance {
namespace {

CalculationDates Dates() {
  return {.period = DateRange::Year(2026), .pay_date = MakeDate(2027, 5, 3)};
}

std::string Input(const Step& step, std::string_view name) {
  for (const StepInput& input : step.inputs) {
    if (input.name == name) return input.value;
  }
  return "-";
}

const Step* Measure(const Award& award, std::string_view id) {
  for (const Step& step : award.steps) {
    if (step.component == "measure" && step.description == id) return &step;
  }
  return nullptr;
}

TEST(QualityIncentive, EachPaymentPostsItsOwnRoundedWithhold) {
  const Withhold withhold = *QualityIncentiveTerms().payment_withhold;
  const std::vector<std::tuple<std::int64_t, std::string, std::string>> quarters = {
      {31'284'517, "15,642.2585", "15,642.26"},
      {29'841'066, "14,920.533", "14,920.53"},
      {30'597'729, "15,298.8645", "15,298.86"},
      {33'160'285, "16,580.1425", "16,580.14"}};
  Money posted;
  Exact exact;
  for (const auto& [cents, exact_text, posted_text] : quarters) {
    const WithholdPosting posting = HoldBack(withhold, Money::FromCents(cents));
    EXPECT_EQ(posting.exact.ToString(), exact_text);
    EXPECT_EQ(posting.posted.ToString(), posted_text);
    EXPECT_EQ(posting.posted + posting.paid, Money::FromCents(cents));
    posted += posting.posted;
    exact = exact + posting.exact;
  }
  // The posted sum rules, not the rounded product.
  EXPECT_EQ(posted.ToString(), "62,441.79");
  EXPECT_EQ(exact.ToString(), "62,441.7985");
}

TEST(QualityIncentive, EachMeasureMatchesItsPrintedLine) {
  const Award award = Calculate(QualityIncentiveTerms(), QualityIncentiveFacts(), Dates());
  struct Line {
    std::string id, rate, points, product;
  };
  for (const Line& line :
       std::vector<Line>{{"CBP", "0.6743044189...", "1135/1833", "1.8576104746..."},
                         {"BCS-E", "0.7431850789...", "2202/3485", "0.6318507890..."},
                         {"COL-E", "0.5796019900...", "119/603", "0.1973466003..."},
                         {"GSD", "0.1572164948...", "900/1067", "2.5304592314..."},
                         {"PCR", "1.08", "0", "0"}}) {
    const Step* step = Measure(award, line.id);
    ASSERT_NE(step, nullptr) << line.id;
    EXPECT_EQ(Input(*step, "rate"), line.rate) << line.id;
    EXPECT_EQ(Input(*step, "points"), line.points) << line.id;
    EXPECT_EQ(Input(*step, "weight x points"), line.product) << line.id;
  }
  EXPECT_EQ(Measure(award, "PCR")->detail, "BELOW_THRESHOLD");
  const Step* small = Measure(award, "W30");
  EXPECT_EQ(small->detail, "BELOW_MINIMUM_DENOMINATOR");
  EXPECT_THAT(small->notes, ::testing::ElementsAre(ReasonCode::kReweighted));
  EXPECT_EQ(Input(*small, "points"), "-");
}

TEST(QualityIncentive, EarnBackAndForfeitAddUpToTheWithhold) {
  const Award award = Calculate(QualityIncentiveTerms(), QualityIncentiveFacts(), Dates());
  ASSERT_EQ(award.status, AwardStatus::kComputed) << award.missing;
  ASSERT_TRUE(award.score.has_value());
  EXPECT_EQ(award.score->ToFractionString(), "3573870398576/6850081341675");
  EXPECT_EQ(award.score->ToString(), "0.5217267095...");
  EXPECT_EQ(award.unrounded.ToString(6), "32,577.549635...");
  EXPECT_EQ(award.amount.ToString(), "32,577.55");
  EXPECT_EQ(award.released.ToString(), "32,577.55");
  EXPECT_EQ(award.forfeited.ToString(), "29,864.24");
  EXPECT_EQ(award.payable.ToString(), "32,577.55");
  EXPECT_EQ(award.zero_reason, std::nullopt);
  EXPECT_THAT(award.notes, ::testing::ElementsAre(ReasonCode::kReweighted));
  EXPECT_EQ(Input(award.steps[2], "measures at threshold"), "4 of 5 scored");
}

TEST(QualityIncentive, ForfeitsGoToTheGoodGroupsByMemberMonths) {
  const Award award = Calculate(QualityIncentiveTerms(), QualityIncentiveFacts(), Dates());
  const std::vector<std::int64_t> member_months = {41'217, 18'904, 9'633};
  const std::vector<Money> shares = Allocate(award.forfeited, member_months);
  EXPECT_EQ(shares[0].ToString(), "17,646.51");
  EXPECT_EQ(shares[1].ToString(), "8,093.49");
  EXPECT_EQ(shares[2].ToString(), "4,124.24");
}

TEST(QualityIncentive, AFailedGateForfeitsEverything) {
  Facts facts = QualityIncentiveFacts();
  facts.SetDate("standing_to", Dates().pay_date);
  const Award award = Calculate(QualityIncentiveTerms(), facts, Dates());
  EXPECT_EQ(award.zero_reason, ReasonCode::kStandingLost);
  EXPECT_EQ(award.zero_detail, "standing on the pay date");
  EXPECT_EQ(award.released, Money());
  EXPECT_EQ(award.forfeited.ToString(), "62,441.79");
  EXPECT_EQ(award.steps.back().outcome, StepOutcome::kSkipped);
}

TEST(QualityIncentive, AnUnreportedMeasureIsNamed) {
  Facts facts = QualityIncentiveFacts();
  facts.SetMeasure("GSD", MeasureResult{.reported = false});
  const Award award = Calculate(QualityIncentiveTerms(), facts, Dates());
  EXPECT_EQ(award.zero_reason, ReasonCode::kNotReported);
  EXPECT_EQ(award.zero_detail, "all measures reported: GSD");
}

TEST(QualityIncentive, AMeasureThatIsMissingBlocksAndIsNotZero) {
  Terms terms = QualityIncentiveTerms();
  Facts facts;
  facts.SetAmount("withheld", Money::FromCents(100));
  const Award award = Calculate(terms, facts, Dates());
  EXPECT_EQ(award.status, AwardStatus::kBlocked);
  EXPECT_EQ(award.blocked_reason, ReasonCode::kMissingInput);
  EXPECT_THAT(award.missing, ::testing::HasSubstr("measure CBP"));
}

struct MeasureCase {
  std::string name;
  Ratio numerator;
  Ratio denominator;
  std::string points;  // "-" when the measure does not count
};

// One measure, threshold 0.6, target 0.8, and the same lower-is-better from 0.4 to 0.2.
TEST(QualityIncentive, PointsAtTheEdgesOfTheScale) {
  const std::vector<MeasureCase> cases = {{"below", Ratio(599, 10), Ratio(100), "0"},
                                          {"at threshold", Ratio(60), Ratio(100), "1/2"},
                                          {"half way", Ratio(70), Ratio(100), "3/4"},
                                          {"at target", Ratio(80), Ratio(100), "1"},
                                          {"past target", Ratio(99), Ratio(100), "1"},
                                          {"at the minimum denominator", Ratio(24), Ratio(30), "1"},
                                          {"one below it", Ratio(24), Ratio(29), "-"},
                                          {"no denominator at all", Ratio(0), Ratio(0), "-"}};
  for (const bool lower : {false, true}) {
    Terms terms{.title = "one measure"};
    MeasureTerm term{.id = "M",
                     .threshold = Ratio(3, 5),
                     .target = Ratio(4, 5),
                     .minimum_denominator = 30,
                     .points_at_threshold = Ratio(1, 2)};
    if (lower) {
      term.threshold = Ratio(2, 5);
      term.target = Ratio(1, 5);
    }
    EXPECT_EQ(term.LowerIsBetter(), lower);
    terms.components = {
        {.rule = Basis{.kind = FixedAmount{Money::FromCents(100'000)}}},
        {.rule = Score{.measures = {term}}},
        {.rule = RateComponent{.cases = {{.rule = RateTimesScore{Rate::FromPercent(100)}}}}},
        {.rule = RoundingRule{}}};
    for (const MeasureCase& test : cases) {
      Facts facts;
      const Ratio numerator = lower ? test.denominator - test.numerator : test.numerator;
      facts.SetMeasure("M", {.numerator = numerator, .denominator = test.denominator});
      const Award award = Calculate(terms, facts, Dates());
      EXPECT_EQ(Input(award.steps[1], "points"), test.points) << test.name << lower;
      if (test.points == "-") {
        EXPECT_EQ(award.zero_reason, ReasonCode::kBelowMinimumDenominator);
      }
      if (test.points == "0") {
        EXPECT_EQ(award.zero_reason, ReasonCode::kScoreZero);
      }
    }
  }
}

TEST(QualityIncentive, ASmallMeasureMayCountAsZeroInstead) {
  Terms terms = QualityIncentiveTerms();
  std::get<Score>(terms.components[4].rule).measures[5].small = SmallDenominator::kScoreZero;
  const Award award = Calculate(terms, QualityIncentiveFacts(), Dates());
  // The same points over a weight of 11 instead of 10.
  EXPECT_EQ(*award.score, Ratio(3573870398576, 6850081341675) * Ratio(10, 11));
}

TEST(QualityIncentive, AnEmptyAccountIsAnEmptyPool) {
  Facts facts = QualityIncentiveFacts();
  facts.SetAmount("withheld", Money());
  EXPECT_EQ(Calculate(QualityIncentiveTerms(), facts, Dates()).zero_reason, ReasonCode::kPoolEmpty);
}

TEST(QualityIncentive, AWithheldBalanceIsWholeCents) {
  Facts facts = QualityIncentiveFacts();
  facts.Set("withheld", *Exact::Parse("62441.7985"));
  const Award award = Calculate(QualityIncentiveTerms(), facts, Dates());
  EXPECT_EQ(award.status, AwardStatus::kBlocked);
  EXPECT_THAT(award.missing, ::testing::HasSubstr("whole cents"));
}

}  // namespace
}  // namespace sluice::performance
