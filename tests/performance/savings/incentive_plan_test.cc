// The physician incentive plan check: 42 CFR 422.208, by the built-in table.
#include "performance/savings/incentive_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::performance {
namespace {

using enum IncentivePlanFinding;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Money Dollars(std::int64_t dollars) { return Money::FromCents(dollars * 100); }
const Date kDay = MakeDate(2026, 7, 1);

IncentivePlan Plan(std::int64_t at_risk, std::int64_t members) {
  return {.referral_at_risk = Dollars(at_risk),
          .potential_payment = Dollars(1'000'000),
          .panel_members = members};
}

std::vector<IncentivePlanFinding> Findings(const IncentivePlan& plan) {
  const auto check = CheckIncentivePlan(plan, kDay);
  EXPECT_TRUE(check.ok()) << check.status();
  std::vector<IncentivePlanFinding> findings;
  for (const IncentivePlanWarning& warning : check->warnings) findings.push_back(warning.finding);
  return findings;
}

// feature:R04
TEST(IncentivePlan, WarnsOnlyAboveTheShare) {
  EXPECT_THAT(Findings(Plan(0, 500)), IsEmpty());
  EXPECT_THAT(Findings(Plan(249'999, 500)), IsEmpty());
  EXPECT_THAT(Findings(Plan(250'000, 500)), IsEmpty());  // exactly 25 % is not more than 25 %
  IncentivePlan one_cent_more = Plan(250'000, 500);
  one_cent_more.referral_at_risk += Money::FromCents(1);
  EXPECT_THAT(Findings(one_cent_more), ElementsAre(kSubstantialRisk, kNoStopLoss));
}

// feature:R04
TEST(IncentivePlan, TheAttachmentPointFollowsThePanel) {
  struct Case {
    std::int64_t members;
    std::int64_t attachment;
    bool allowed;
  };
  for (const Case& c :
       {Case{1'000, 6'000, true}, Case{1'000, 6'001, false}, Case{1'001, 30'000, true},
        Case{1'001, 30'001, false}, Case{25'000, 150'000, true}, Case{25'000, 150'001, false},
        Case{25'001, 900'000, true}}) {
    SCOPED_TRACE(c.members);
    IncentivePlan plan = Plan(300'000, c.members);
    plan.stop_loss = StopLossCover{.combined = Dollars(c.attachment), .cover = Ratio(9, 10)};
    const auto findings = Findings(plan);
    EXPECT_EQ(findings.size(), c.allowed ? 1U : 2U);
    if (!c.allowed) {
      EXPECT_EQ(findings.back(), kAttachmentTooHigh);
    }
  }
}

TEST(IncentivePlan, ALargePanelNeedsNoStopLoss) {
  EXPECT_THAT(Findings(Plan(300'000, 25'001)), ElementsAre(kSubstantialRisk));
}

TEST(IncentivePlan, SeparateAttachmentPointsAreCheckedEach) {
  IncentivePlan plan = Plan(300'000, 3'000);
  plan.stop_loss = StopLossCover{
      .institutional = Dollars(40'000), .professional = Dollars(10'000), .cover = Ratio(9, 10)};
  EXPECT_THAT(Findings(plan), ElementsAre(kSubstantialRisk));
  plan.stop_loss->professional = Dollars(10'001);
  EXPECT_THAT(Findings(plan), ElementsAre(kSubstantialRisk, kAttachmentTooHigh));
}

TEST(IncentivePlan, CoverBelowTheLeastIsAWarning) {
  IncentivePlan plan = Plan(300'000, 3'000);
  plan.stop_loss = StopLossCover{.combined = Dollars(30'000), .cover = Ratio(89, 100)};
  EXPECT_THAT(Findings(plan), ElementsAre(kSubstantialRisk, kCoverTooLow));
}

TEST(IncentivePlan, TheTextShowsTheParametersOfTheRule) {
  const auto check = CheckIncentivePlan(Plan(300'000, 500), kDay);
  ASSERT_TRUE(check.ok());
  const std::string text = check->ToText();
  EXPECT_THAT(text, HasSubstr("30 % at risk for referral services, substantial above 25 %"));
  EXPECT_THAT(text, HasSubstr("42 CFR 422.208"));
  EXPECT_THAT(text, HasSubstr("at most 6,000.00 combined"));
}

TEST(IncentivePlan, AnotherTableMayHold) {
  const IncentivePlanRule strict{.effective = DateRange::From(MakeDate(2026, 1, 1)),
                                 .substantial_above = Ratio(1, 10),
                                 .least_cover = Ratio(1),
                                 .bands = {PanelBand{}},
                                 .source = "the state's own rule"};
  const auto check = CheckIncentivePlan(Plan(110'000, 10), kDay, {&strict, 1});
  ASSERT_TRUE(check.ok());
  EXPECT_TRUE(check->substantial);
  EXPECT_EQ(CheckIncentivePlan(Plan(1, 10), MakeDate(2025, 12, 31), {&strict, 1}).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(IncentivePlan, RefusesFactsThatCannotBe) {
  EXPECT_FALSE(CheckIncentivePlan(Plan(-1, 10), kDay).ok());
  EXPECT_FALSE(CheckIncentivePlan(Plan(1'000'001, 10), kDay).ok());
  EXPECT_FALSE(CheckIncentivePlan(Plan(1, -1), kDay).ok());
  IncentivePlan nothing = Plan(0, 10);
  nothing.potential_payment = Money();
  EXPECT_FALSE(CheckIncentivePlan(nothing, kDay).ok());
  IncentivePlan half = Plan(1, 10);
  half.stop_loss = StopLossCover{.institutional = Dollars(1), .cover = Ratio(1)};
  EXPECT_FALSE(CheckIncentivePlan(half, kDay).ok());
}

}  // namespace
}  // namespace sluice::performance
