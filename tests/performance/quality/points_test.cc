// Every rule from a rate to points: at each edge, with the reason when there are none. The measures
// are invented.
#include "performance/quality/points.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "performance/terms_validate.h"
#include "tests/performance/quality/quality_samples.h"

namespace sluice::performance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Case {
  std::string name;
  MeasureResult result;
  std::string points;  // "-": it does not count
  std::string detail;  // reason code; empty: none
};

// Calculates the measure alone and compares its line.
void Expect(const MeasureTerm& term, const std::vector<Case>& cases, Facts facts = {}) {
  const Terms terms = ThousandTimes(Score{.measures = {term}});
  // A number of points beyond one is no share, but the line of the measure is the same.
  for (const Case& test : cases) {
    facts.SetMeasure(term.id, test.result);
    const Award award = Calculate(terms, facts, Year2026());
    ASSERT_EQ(award.status, AwardStatus::kComputed) << test.name << ": " << award.missing;
    const Step* line = FindStep(award, "measure", term.id);
    ASSERT_NE(line, nullptr) << test.name;
    EXPECT_EQ(Input(*line, "points"), test.points) << test.name << "\n" << ToText(award);
    EXPECT_EQ(line->detail, test.detail) << test.name;
    EXPECT_EQ(line->clause, "quality exhibit 2");
    EXPECT_EQ(Input(*line, "weight"), "1") << test.name;
    if (award.amount.IsZero()) {
      EXPECT_TRUE(award.zero_reason.has_value()) << test.name;
    }
  }
}

MeasureTerm Term(PointsRule points) {
  return MeasureTerm{.id = "M", .minimum_denominator = 30, .points = std::move(points)};
}

TEST(Points, AWholeTierTablePaysTheLastStepReached) {
  Expect(Term(TierPoints{
             .steps = {{Ratio(1, 2), Ratio(1)}, {Ratio(3, 5), Ratio(3)}, {Ratio(4, 5), Ratio(4)}}}),
         {{"below the first step", Result(499, 1000), "0", "BELOW_THRESHOLD"},
          {"at the first step", Result(500, 1000), "1", ""},
          {"just below the second", Result(599, 1000), "1", ""},
          {"at the second", Result(600, 1000), "3", ""},
          {"at the last", Result(800, 1000), "4", ""},
          {"past the last", Result(1000, 1000), "4", ""}});
}

TEST(Points, AMarginalTierTablePaysEachSlice) {
  const MeasureTerm term = Term(
      TierPoints{.steps = {{Ratio(1, 2), Ratio(1)}, {Ratio(3, 5), Ratio(3)}}, .marginal = true});
  Expect(term, {{"below", Result(49, 100), "0", "BELOW_THRESHOLD"},
                {"at the first step", Result(50, 100), "1", ""},
                {"a quarter of the slice", Result(525, 1000), "3/2", ""},
                {"at the second", Result(60, 100), "3", ""},
                {"past the last", Result(90, 100), "3", ""}});
}

TEST(Points, ATierTableOfFallingRatesIsForInverseMeasures) {
  Expect(Term(TierPoints{.steps = {{Ratio(3, 10), Ratio(1)}, {Ratio(1, 5), Ratio(2)}},
                         .lower_is_better = true}),
         {{"above the first step", Result(31, 100), "0", "BELOW_THRESHOLD"},
          {"at it", Result(30, 100), "1", ""},
          {"just above the second", Result(201, 1000), "1", ""},
          {"at the second", Result(20, 100), "2", ""},
          {"none at all", Result(0, 100), "2", ""}});
}

TEST(Points, StarsCountTheCutPointsReached) {
  const StarPoints rising{.cuts = {Ratio(60, 100), Ratio(70, 100), Ratio(80, 100), Ratio(90, 100)}};
  Expect(Term(rising), {{"below every cut", Result(5999, 10000), "1", ""},
                        {"at 2 stars", Result(60, 100), "2", ""},
                        {"at 4 stars", Result(80, 100), "4", ""},
                        {"just below 5", Result(8999, 10000), "4", ""},
                        {"at 5 stars", Result(90, 100), "5", ""}});
  const StarPoints falling{.cuts = {Ratio(20, 100), Ratio(15, 100), Ratio(10, 100), Ratio(5, 100)},
                           .lower_is_better = true};
  Expect(Term(falling), {{"above every cut", Result(21, 100), "1", ""},
                         {"at 2 stars", Result(20, 100), "2", ""},
                         {"at 5 stars", Result(5, 100), "5", ""}});
}

// feature:P07
TEST(Points, ThePercentileDefinitionMovesMoney) {
  // 75th percentile of ten peers: R-7 is at rank 0.75 x 9 = 6.75, nearest rank is the eighth.
  PercentilePoints rule{.peer_group = "invented HMO plans, 2025",
                        .peers_fact = "peers.M",
                        .steps = {{Ratio(1, 4), Ratio(1)}, {Ratio(3, 4), Ratio(2)}}};
  Facts facts;
  facts.SetText("peers.M", "0.50 0.52 0.54 0.56 0.58 0.60 0.62 0.64 0.66 0.68");
  MeasureTerm term = Term(rule);
  // 0.62 + 0.75 x 0.02 = 0.635.
  Expect(term,
         {{"below the 25th", Result(5449, 10000), "0", "BELOW_THRESHOLD"},
          {"at the 25th, 0.545", Result(545, 1000), "1", ""},
          {"just below the 75th", Result(6349, 10000), "1", ""},
          {"at the 75th", Result(635, 1000), "2", ""}},
         facts);
  std::get<PercentilePoints>(term.points).method = PercentileMethod::kNearestRank;
  // The 25th is the third peer, the 75th the eighth.
  Expect(term,
         {{"at the 25th", Result(54, 100), "1", ""},
          {"R-7's 75th is too little", Result(635, 1000), "1", ""},
          {"at the 75th", Result(64, 100), "2", ""}},
         facts);
  std::get<PercentilePoints>(term.points).ties = TieRule::kFallsShort;
  Expect(term,
         {{"at the 75th is not past it", Result(64, 100), "1", ""},
          {"past it", Result(6401, 10000), "2", ""}},
         facts);
}

// feature:P07
TEST(Points, APercentileStatesItsPeersAndItsDefinition) {
  MeasureTerm term = Term(
      PercentilePoints{.peer_group = "invented HMO plans",
                       .peers = {{MakeDate(2025, 1, 1), {Ratio(1, 2)}},
                                 {MakeDate(2026, 1, 1), {Ratio(1, 5), Ratio(2, 5), Ratio(3, 5)}},
                                 {MakeDate(2026, 1, 2), {Ratio(1)}}},
                       .steps = {{Ratio(1, 2), Ratio(1)}}});
  Facts facts;
  facts.SetMeasure("M", Result(40, 100));
  const Award award = Calculate(ThousandTimes({.measures = {term}}), facts, Year2026());
  const Step& line = *FindStep(award, "measure", "M");
  EXPECT_EQ(Input(line, "peer group"), "invented HMO plans");
  // The row in force on the first day of the period; the one of the next day is not.
  EXPECT_EQ(Input(line, "peers"), "3; 1 worse, 1 equal");
  EXPECT_EQ(Input(line, "percentile by"), "R-7: linear between ranks at p x (n - 1)");
  EXPECT_EQ(Input(line, "a rate equal to a percentile"), "reaches it");
  EXPECT_EQ(Input(line, "percentile 50"), "0.4");
  EXPECT_EQ(award.amount, Money::FromCents(100'000));

  std::get<PercentilePoints>(term.points)
      .peers.erase(std::get<PercentilePoints>(term.points).peers.begin(),
                   std::get<PercentilePoints>(term.points).peers.begin() + 2);
  const Award late = Calculate(ThousandTimes({.measures = {term}}), facts, Year2026());
  EXPECT_EQ(late.blocked_reason, ReasonCode::kReferenceMissing);
}

TEST(Points, LowerIsBetterAmongPeersToo) {
  const MeasureTerm term = Term(PercentilePoints{.peer_group = "g",
                                                 .peers_fact = "peers",
                                                 .lower_is_better = true,
                                                 .steps = {{Ratio(1, 2), Ratio(1)}}});
  Facts facts;
  facts.SetText("peers", "0.1 0.2 0.3");
  Expect(term,
         {{"worse than the median", Result(21, 100), "0", "BELOW_THRESHOLD"},
          {"at the median", Result(20, 100), "1", ""},
          {"better", Result(1, 100), "1", ""}},
         facts);
}

// Both definitions against a plain re-computation over random peers.
TEST(Points, PercentilesEqualTheirDefinitions) {
  const unsigned seed = 20'260'105;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::vector<Ratio> peers;
    const std::int64_t n = std::uniform_int_distribution<std::int64_t>(1, 40)(random);
    for (std::int64_t i = 0; i < n; ++i) {
      peers.emplace_back(std::uniform_int_distribution<std::int64_t>(0, 1000)(random), 1000);
    }
    std::sort(peers.begin(), peers.end());
    const std::int64_t percent = std::uniform_int_distribution<std::int64_t>(0, 100)(random);
    // Nearest rank: the smallest peer such that at least p % of the peers are at or below it.
    const Ratio nearest = PercentileOf(peers, Ratio(percent, 100), PercentileMethod::kNearestRank);
    std::size_t rank = 0;
    while (static_cast<std::int64_t>(rank + 1) * 100 < percent * n) ++rank;
    EXPECT_EQ(nearest, peers[rank]);
    // walk (n - 1) x percent hundredths of a rank.
    const std::int64_t hundredths = (n - 1) * percent;
    const auto below = static_cast<std::size_t>(hundredths / 100);
    const std::size_t above = std::min(below + 1, peers.size() - 1);
    EXPECT_EQ(PercentileOf(peers, Ratio(percent, 100), PercentileMethod::kR7),
              peers[below] + (peers[above] - peers[below]) * Ratio(hundredths % 100, 100));
  }
}

MeasureTerm Hospital() {
  // The numbers are those commonly described for 42 CFR 412.165; here they are the contract's.
  MeasureTerm term =
      Term(AttainOrImprove{.full = Ratio(10),
                           .attainment_span = Ratio(9),
                           .attainment_start = Ratio(1, 2),
                           .improvement_span = Ratio(10),
                           .improvement_start = Ratio(-1, 2),
                           .improvement_most = Ratio(9),
                           .baseline = {.period = DateRange::Year(2024), .measure = "M.2024"}});
  term.threshold = Ratio(1, 2);
  term.target = Ratio(9, 10);
  return term;
}

// feature:P08
TEST(Points, TheBetterOfAttainmentAndImprovementCounts) {
  Facts facts;
  facts.SetMeasure("M.2024", Result(30, 100));
  const MeasureTerm term = Hospital();
  Expect(term,
         {// 10 x 0.15/0.6 - 0.5 = 2.
          {"below threshold, but improved", Result(45, 100), "2", ""},
          {"at threshold: 0.5, improved: 10 x 0.2/0.6 - 0.5", Result(50, 100), "17/6", ""},
          // 9 x 0.3/0.4 + 0.5 = 7.25; 10 x 0.5/0.6 - 0.5 = 7.83...
          {"far on the way", Result(80, 100), "47/6", ""},
          {"at the benchmark", Result(90, 100), "10", ""},
          {"no better than the base", Result(30, 100), "0", "BELOW_THRESHOLD"},
          // 10 x 0.03/0.6 - 0.5 = 0: improvement begins just after.
          {"too little improved", Result(33, 100), "0", "BELOW_THRESHOLD"}},
         facts);
  MeasureTerm whole = term;
  whole.points_unit = Ratio(1);
  Expect(whole, {{"2.83 is 3", Result(50, 100), "3", ""}, {"7.83 is 8", Result(80, 100), "8", ""}},
         facts);
  // A base with too few people, or one that is at the benchmark, leaves attainment alone.
  facts.SetMeasure("M.2024", Result(9, 29));
  Expect(term, {{"attainment only", Result(80, 100), "29/4", ""}}, facts);
  facts.SetMeasure("M.2024", Result(95, 100));
  Expect(term, {{"fell from the benchmark", Result(80, 100), "29/4", ""}}, facts);
}

// feature:P08
TEST(Points, TheBaselineIsFixedAndBeforeThePeriod) {
  MeasureTerm term = Hospital();
  Facts facts;
  facts.SetMeasure("M", Result(50, 100));
  Award award = Calculate(ThousandTimes({.measures = {term}}), facts, Year2026());
  EXPECT_EQ(award.blocked_reason, ReasonCode::kMissingInput);
  EXPECT_THAT(award.missing, HasSubstr("measure M.2024"));
  auto& rule = std::get<AttainOrImprove>(term.points);
  rule.baseline = {.period = DateRange::Year(2024), .rate = Ratio(3, 10)};
  award = Calculate(ThousandTimes({.measures = {term}}), facts, Year2026());
  EXPECT_EQ(Input(*FindStep(award, "measure", "M"), "points"), "17/6");
  EXPECT_EQ(Input(*FindStep(award, "measure", "M"), "baseline"), "0.3, 2024-01-01 to 2024-12-31");
  rule.baseline.period = DateRange::Between(MakeDate(2025, 7, 1), MakeDate(2026, 1, 2));
  award = Calculate(ThousandTimes({.measures = {term}}), facts, Year2026());
  EXPECT_THAT(award.missing, HasSubstr("must end before the performance period"));
}

// feature:P08
TEST(Points, ImprovementIsCountedAsTheContractSays) {
  ImprovementPoints rule{.baseline = {.period = DateRange::Year(2025), .rate = Ratio(1, 2)},
                         .kind = ImprovementKind::kDifference,
                         .threshold = Ratio(2, 100),
                         .target = Ratio(10, 100)};
  Expect(Term(rule), {{"below", Result(519, 1000), "0", "BELOW_THRESHOLD"},
                      {"at threshold", Result(52, 100), "0", ""},
                      {"half way", Result(56, 100), "1/2", ""},
                      {"at target", Result(60, 100), "1", ""},
                      {"worse than before", Result(40, 100), "0", "BELOW_THRESHOLD"}});
  rule.kind = ImprovementKind::kRelative;  // 0.5 to 0.55 is 10 %
  Expect(Term(rule),
         {{"at target", Result(55, 100), "1", ""}, {"half way", Result(53, 100), "1/2", ""}});
  rule.lower_is_better = true;
  Expect(Term(rule), {{"fell by a tenth", Result(45, 100), "1", ""}});
  rule.kind = ImprovementKind::kGapClosed;
  rule.lower_is_better = false;
  MeasureTerm term = Term(rule);
  term.target = Ratio(9, 10);  // the gap is 0.4: 0.54 closes 10 %
  Expect(term, {{"closed a tenth of the gap", Result(54, 100), "1", ""},
                {"closed 6 %", Result(524, 1000), "1/2", ""}});
}

TEST(Points, ReportingAloneMayEarnAll) {
  MeasureTerm term = Term(ReportingPoints{.points = Ratio(2)});
  Expect(term, {{"whatever the rate", Result(0, 100), "2", ""},
                {"not reported", {.reported = false}, "0", "NOT_REPORTED"},
                {"too few", Result(29, 29), "-", "BELOW_MINIMUM_DENOMINATOR"}});
}

TEST(Points, TooFewPeopleIsAContractChoice) {
  MeasureTerm term = Term(LinearPoints{});
  term.threshold = Ratio(1, 2);
  term.target = Ratio(1);
  const std::string small = "BELOW_MINIMUM_DENOMINATOR";
  Expect(term, {{"n - 1", Result(29, 29), "-", small},
                {"n", Result(30, 30), "1", ""},
                {"none at all", Result(0, 0), "-", small}});
  term.small = SmallDenominator::kScoreZero;
  Expect(term, {{"n - 1", Result(29, 29), "0", small}, {"none at all", Result(0, 0), "0", small}});
  term.small = SmallDenominator::kDefaultRate;
  term.default_rate = Ratio(3, 4);
  Expect(term, {{"n - 1", Result(29, 29), "1/2", ""}, {"none at all", Result(0, 0), "1/2", ""}});
  term.small = SmallDenominator::kRollUp;
  term.default_rate.reset();
  term.parent_measure = "M.parent";
  Facts facts;
  facts.SetMeasure("M.parent", Result(300, 400));
  Expect(term, {{"n - 1", Result(29, 29), "1/2", ""}, {"n", Result(30, 30), "1", ""}}, facts);
  facts.SetMeasure("M", Result(29, 29));
  const Award award = Calculate(ThousandTimes({.measures = {term}}), facts, Year2026());
  EXPECT_THAT(award.notes, ElementsAre(ReasonCode::kRolledUp));
  EXPECT_THAT(FindStep(award, "measure", "M")->notes, ElementsAre(ReasonCode::kRolledUp));
  // A parent that is too small itself, and one that nobody recorded.
  facts.SetMeasure("M.parent", Result(20, 29));
  Expect(term, {{"small parent", Result(29, 29), "-", small}}, facts);
  facts = Facts();
  facts.SetMeasure("M", Result(29, 29));
  EXPECT_THAT(Calculate(ThousandTimes({.measures = {term}}), facts, Year2026()).missing,
              HasSubstr("measure M.parent"));
}

TEST(Points, AToppedOutMeasureIsCappedAndThenLeaves) {
  MeasureTerm term =
      Term(TierPoints{.steps = {{Ratio(1, 2), Ratio(5)}, {Ratio(9, 10), Ratio(10)}}});
  term.topped_out = {{.from_year = 2025, .points_cap = Ratio(7)}, {.from_year = 2027}};
  Facts facts;
  facts.SetMeasure("M", Result(95, 100));
  const auto in = [&](int year) {
    return Calculate(ThousandTimes({.measures = {term}}), facts,
                     {.period = DateRange::Year(year), .pay_date = MakeDate(year + 1, 5, 1)});
  };
  EXPECT_EQ(Input(*FindStep(in(2024), "measure", "M"), "points"), "10");
  const Award capped = in(2025);
  EXPECT_EQ(Input(*FindStep(capped, "measure", "M"), "points"), "7");
  EXPECT_EQ(*capped.score, Ratio(7, 10));
  EXPECT_THAT(capped.notes, ElementsAre(ReasonCode::kCapApplied));
  EXPECT_EQ(*in(2026).score, Ratio(7, 10));
  const Award gone = in(2027);
  EXPECT_EQ(FindStep(gone, "measure", "M")->detail, "TOPPED_OUT");
  EXPECT_EQ(gone.zero_reason, ReasonCode::kBelowMinimumDenominator);
}

TEST(Points, LateEvidenceIsNotReported) {
  MeasureTerm term = Term(LinearPoints{});
  term.threshold = Ratio(0);
  term.target = Ratio(1);
  term.evidence = MeasureEvidence{"M.received", MakeDate(2027, 2, 28)};
  Facts facts;
  facts.SetDate("M.received", MakeDate(2027, 2, 28));
  Expect(term, {{"on the last day", Result(50, 100), "1/2", ""}}, facts);
  facts.SetDate("M.received", MakeDate(2027, 3, 1));
  Expect(term, {{"a day late", Result(50, 100), "0", "EVIDENCE_LATE"}}, facts);
}

struct Refusal {
  std::string name;
  PointsRule points;
  std::string message;
};
TEST(Points, TermsThatContradictThemselvesAreRefused) {
  const Baseline base{.period = DateRange::Year(2024), .rate = Ratio(1, 2)};
  for (const Refusal& test : std::vector<Refusal>{
           {"no steps", TierPoints{}, "has no steps"},
           {"overlap", TierPoints{.steps = {{Ratio(1, 2), Ratio(1)}, {Ratio(1, 2), Ratio(2)}}},
            "step 2 does not lie past step 1"},
           {"falling points",
            TierPoints{.steps = {{Ratio(1, 2), Ratio(2)}, {Ratio(3, 4), Ratio(1)}}}, "earns less"},
           {"wrong direction",
            StarPoints{.cuts = {Ratio(1, 2), Ratio(3, 4)}, .lower_is_better = true},
            "3 stars does not lie past that of 2 stars"},
           {"peers unnamed", PercentilePoints{.peers_fact = "p", .steps = {{Ratio(1), Ratio(1)}}},
            "does not state its peer group"},
           {"no peers", PercentilePoints{.peer_group = "g", .steps = {{Ratio(1), Ratio(1)}}},
            "as a fact or as a dated table"},
           {"percentile of 75",
            PercentilePoints{
                .peer_group = "g", .peers_fact = "p", .steps = {{Ratio(75), Ratio(1)}}},
            "within 0 and 1"},
           {"no baseline", ImprovementPoints{.target = Ratio(1)}, "a baseline period"},
           {"target below threshold",
            ImprovementPoints{.baseline = base, .threshold = Ratio(1), .target = Ratio(1)},
            "above its threshold"},
           {"reporting for nothing", ReportingPoints{.points = Ratio()}, "must earn points"}}) {
    const Status status = ValidateTerms(ThousandTimes({.measures = {Term(test.points)}}));
    EXPECT_FALSE(status.ok()) << test.name;
    EXPECT_THAT(StatusMessage(status), HasSubstr(test.message)) << test.name;
  }
}

}  // namespace
}  // namespace sluice::performance
