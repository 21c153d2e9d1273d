// The terms of bundles: their canonical bytes, what they refuse, and percentiles by definition.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>

#include "performance/calculate.h"
#include "performance/terms_codec.h"
#include "performance/terms_tree.h"
#include "tests/performance/episodes/sample_episodes.h"
#include "tests/support/shared_data.h"

namespace sluice::performance {
namespace {

using testing::ContractOf;
using testing::Dollars;
using ::testing::HasSubstr;
using testing::KneeTerms;

// Every field other than its default.
EpisodeSum FullTerms() {
  EpisodeSum terms = KneeTerms();
  EpisodeDefinition& knee = terms.definitions[0];
  knee.anchors.push_back({{ClaimCodeField::kProcedure, "27447"}, "470"});
  knee.days_before = 3;
  knee.included = {{ClaimCodeField::kRevenue, "04*"}, {ClaimCodeField::kPlaceOfService, "11"}};
  knee.excluded = {{ClaimCodeField::kDiagnosis, "C*"}};
  knee.winsorizing = {.low_percentile = Ratio(1, 100),
                      .definition = PercentileDefinition::kNextAbove,
                      .high_amount = Dollars(90'000)};
  knee.discount = Rate::FromMillionths(15'000);
  terms.target = {
      .baseline = {{2021, Rate::FromPercent(17)}, {2022, Rate::FromPercent(83)}},
      .own_share = Rate::FromPercent(30),
      .risk_adjusted = true,
      .trended = true,
      .trend_limit = Rate::FromPercent(3),
      .normalized = true,
      .normalization_limit = Rate::FromPercent(5),
      .discount_bands = {{.from = Ratio(0), .no_gain = true},
                         {.from = Ratio(66, 5), .above = true, .discount = Rate::FromPercent(2)}}};
  terms.quality = EpisodeQuality{.maximum = Ratio(20),
                                 .gain_at_most = Rate::FromPercent(10),
                                 .loss_at_most = Rate::FromPercent(15)};
  terms.limits = {{2026, Rate::FromPercent(10), Rate()}, {2027, Rate::FromPercent(5), Rate()}};
  terms.low_volume =
      LowVolume{.minimum = 31, .of_baseline = true, .effect = LowVolumeEffect::kNoLoss};
  terms.overlap = EpisodeOverlap::kExcluded;
  terms.death = EpisodeInterruption::kExcludeInAnchor;
  terms.coverage_lost = EpisodeInterruption::kKeep;
  terms.period_day = EpisodePeriodDay::kWindowEnd;
  terms.prorate_stays = true;
  terms.post_episode_days = 30;
  return terms;
}

TEST(EpisodeTerms, SurviveBytesJsonAndTree) {
  EpisodeSum prospective = KneeTerms();
  prospective.payment = EpisodePayment::kProspective;
  EpisodeSum budget = FullTerms();
  budget.payment = EpisodePayment::kBudget;
  for (const EpisodeSum& episodes : {KneeTerms(), FullTerms(), prospective, budget}) {
    const Terms terms = ContractOf(episodes);
    const auto decoded = DecodeTerms(EncodeTerms(terms));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(*decoded, terms);
    const auto from_json = TermsFromJson(TermsToJson(terms));
    ASSERT_TRUE(from_json.ok()) << from_json.status();
    EXPECT_EQ(*from_json, terms);
    const auto from_tree = TermsFromTree(TermsToTree(terms));
    ASSERT_TRUE(from_tree.ok()) << from_tree.status();
    EXPECT_EQ(*from_tree, terms);
  }
}

TEST(EpisodeTerms, SayTheirOrder) {
  EXPECT_EQ(DescribeEpisodes(FullTerms()),
            "episodes KNS (-3 to +30 days): sum of target minus actual, then quality, then the "
            "stop limit, less post-episode spending above its bound");
}

TEST(EpisodeTerms, RefuseWhatMakesNoSense) {
  struct Case {
    const char* what;
    std::function<void(EpisodeSum&)> change;
  };
  const std::vector<Case> cases = {
      {"needs a definition", [](EpisodeSum& t) { t.definitions.clear(); }},
      {"is defined twice", [](EpisodeSum& t) { t.definitions.push_back(t.definitions[0]); }},
      {"has no anchor", [](EpisodeSum& t) { t.definitions[0].anchors.clear(); }},
      {"not a revenue code",
       [](EpisodeSum& t) { t.definitions[0].anchors[0].code.field = ClaimCodeField::kRevenue; }},
      {"needs its price cell", [](EpisodeSum& t) { t.definitions[0].anchors[0].cell.clear(); }},
      {"letters, digits", [](EpisodeSum& t) { t.definitions[0].type = "K N"; }},
      {"without a code", [](EpisodeSum& t) { t.definitions[0].excluded.push_back({.code = "*"}); }},
      {"0 to 731", [](EpisodeSum& t) { t.definitions[0].days_after = -1; }},
      {"not both", [](EpisodeSum& t) { t.definitions[0].winsorizing.low_amount = Dollars(1); }},
      {"low bound is above",
       [](EpisodeSum& t) {
         t.definitions[0].winsorizing = {.low_amount = Dollars(2), .high_amount = Dollars(1)};
       }},
      {"percentile is 0 to 1",
       [](EpisodeSum& t) { t.definitions[0].winsorizing = {.high_percentile = Ratio(99)}; }},
      {"sum to 83 %", [](EpisodeSum& t) { t.target.baseline.erase(t.target.baseline.begin()); }},
      {"listed twice", [](EpisodeSum& t) { t.target.baseline[0].year = 2022; }},
      {"not used has a limit", [](EpisodeSum& t) { t.target.trended = false; }},
      {"bands ascend", [](EpisodeSum& t) { std::ranges::reverse(t.target.discount_bands); }},
      {"ascend by year", [](EpisodeSum& t) { t.limits[1].from_year = 2026; }},
      {"above zero", [](EpisodeSum& t) { t.low_volume->minimum = 0; }},
      {"0 to 100 %", [](EpisodeSum& t) { t.quality->loss_at_most = Rate::FromPercent(101); }},
      {"a prospective budget", [](EpisodeSum& t) { t.payment = EpisodePayment::kProspective; }}};
  for (const Case& c : cases) {
    EpisodeSum terms = FullTerms();
    c.change(terms);
    const Status status = ValidateEpisodes(terms);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.what;
    EXPECT_THAT(StatusMessage(status), HasSubstr(c.what));
  }
}

// feature:E05
TEST(EpisodeTerms, ProspectiveBudgetIsTheSumOfTargets) {
  EpisodeSum terms = KneeTerms();
  terms.payment = EpisodePayment::kProspective;
  const auto run = RunEpisodes(
      terms, testing::KneeInputs(
                 Dollars(5'000),
                 {testing::MemberWith(1, {testing::Stay("A", testing::Day(2, 1), testing::Day(2, 2),
                                                        Dollars(9'999))})}));
  ASSERT_TRUE(run.ok());
  const Award award = Calculate(ContractOf(terms), FactsOfRun(terms, *run),
                                {.period = DateRange::Year(2026), .pay_date = testing::Day(3, 1)});
  EXPECT_EQ(award.amount, Dollars(5'000));
}

}  // namespace
}  // namespace sluice::performance
