// The clock of unclaimed property.
#include "payments/unclaimed/dormancy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::payments {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kHeader = "state,from,months,letter_days,report_by,source\n";

std::vector<DormancyRule> Rules() {
  const auto rules = ReadDormancyRules(std::string(kHeader) +
                                           "MN,2000-01-01,36,90,11-01,an invented rule\n"
                                           "MN,2030-07-01,12,60,05-01,a later one\n"
                                           "WI,2000-01-01,60,0,11-01,another state\n",
                                       "rules.csv");
  EXPECT_TRUE(rules.ok()) << StatusMessage(rules.status());
  return rules.ok() ? *rules : std::vector<DormancyRule>();
}

DormancyStage StageOn(Date today, UntakenMoney money) {
  return DormancyOn(Rules(), money, today).stage;
}

// feature:R06
TEST(Dormancy, TheClockRunsFromTheFirstPaymentToTheReport) {
  const UntakenMoney money{.state = "MN", .since = MakeDate(2026, 3, 2)};
  const DormancyClock clock = DormancyOn(Rules(), money, MakeDate(2026, 3, 3));
  EXPECT_EQ(clock.stage, DormancyStage::kRunning);
  EXPECT_EQ(clock.dormant_on, MakeDate(2029, 3, 2));
  EXPECT_EQ(clock.letter_from, MakeDate(2028, 12, 2));
  EXPECT_EQ(clock.report_by, MakeDate(2030, 11, 1));
  EXPECT_EQ(clock.source, "an invented rule");
  // Exactly at each limit.
  EXPECT_EQ(StageOn(MakeDate(2028, 12, 1), money), DormancyStage::kRunning);
  EXPECT_EQ(StageOn(MakeDate(2028, 12, 2), money), DormancyStage::kLetterDue);
  EXPECT_EQ(StageOn(MakeDate(2029, 3, 1), money), DormancyStage::kLetterDue);
  EXPECT_EQ(StageOn(MakeDate(2029, 3, 2), money), DormancyStage::kDormant);
}

TEST(Dormancy, ALetterAndAWordOfTheOwnerCount) {
  UntakenMoney money{.state = "MN", .since = MakeDate(2026, 3, 2)};
  money.written_to = MakeDate(2028, 12, 1);  // too early
  EXPECT_EQ(StageOn(MakeDate(2029, 1, 1), money), DormancyStage::kLetterDue);
  money.written_to = MakeDate(2028, 12, 2);
  EXPECT_EQ(StageOn(MakeDate(2029, 1, 1), money), DormancyStage::kRunning);
  EXPECT_EQ(StageOn(MakeDate(2029, 3, 2), money), DormancyStage::kDormant);
  money.heard_of = MakeDate(2029, 2, 1);
  EXPECT_EQ(StageOn(MakeDate(2029, 3, 2), money), DormancyStage::kRunning);
  EXPECT_EQ(DormancyOn(Rules(), money, MakeDate(2029, 3, 2)).dormant_on, MakeDate(2030, 7, 1));
}

TEST(Dormancy, TheRuleIsTheOneInForceOnTheDay) {
  const auto dormant_on = [](Date since) {
    return DormancyOn(Rules(), {.state = "MN", .since = since}, since).dormant_on;
  };
  // The last day of the old rule, by its 36 months.
  EXPECT_EQ(dormant_on(MakeDate(2027, 6, 30)), MakeDate(2030, 6, 30));
  // On the day of the new one its 12 months are over.
  EXPECT_EQ(dormant_on(MakeDate(2027, 7, 1)), MakeDate(2030, 7, 1));
  EXPECT_EQ(dormant_on(MakeDate(2029, 6, 30)), MakeDate(2030, 7, 1));
  EXPECT_EQ(dormant_on(MakeDate(2029, 8, 31)), MakeDate(2030, 8, 31));
}

TEST(Dormancy, AShortMonthEndsTheClockOnItsLastDay) {
  const UntakenMoney money{.state = "WI", .since = MakeDate(2024, 2, 29)};
  EXPECT_EQ(DormancyOn(Rules(), money, MakeDate(2024, 3, 1)).dormant_on, MakeDate(2029, 2, 28));
}

TEST(Dormancy, WithoutARuleNothingIsDormant) {
  const UntakenMoney money{.state = "TX", .since = MakeDate(1990, 1, 1)};
  EXPECT_EQ(StageOn(MakeDate(2026, 1, 1), money), DormancyStage::kNoRule);
  EXPECT_EQ(DormancyStageName(DormancyStage::kNoRule), "NO_RULE");
}

TEST(Dormancy, ABadRowIsRefusedByRowAndColumn) {
  const auto refused = [](const std::string& rows) {
    return StatusMessage(ReadDormancyRules(kHeader + rows, "rules.csv").status());
  };
  EXPECT_THAT(refused("Mn,2000-01-01,36,90,11-01,x\n"),
              AllOf(HasSubstr("row 2"), HasSubstr("'state'"), HasSubstr("two capital letters")));
  EXPECT_THAT(refused("MN,2000-13-01,36,90,11-01,x\n"), HasSubstr("'from'"));
  EXPECT_THAT(refused("MN,2000-01-01,0,90,11-01,x\n"), HasSubstr("'months'"));
  EXPECT_THAT(refused("MN,2000-01-01,36,-1,11-01,x\n"), HasSubstr("'letter_days'"));
  EXPECT_THAT(refused("MN,2000-01-01,36,90,02-29,x\n"), HasSubstr("'report_by'"));
  EXPECT_THAT(refused("MN,2000-01-01,36,90,11-01,\n"), HasSubstr("'source'"));
  EXPECT_THAT(refused("MN,2000-01-01,36,90,11-01,x\nMN,2000-01-01,12,90,11-01,y\n"),
              AllOf(HasSubstr("row 3"), HasSubstr("has a rule of this day")));
  EXPECT_THAT(refused(""), HasSubstr("no rules"));
}

}  // namespace
}  // namespace sluice::payments
