// The pure rules of feeds: how a feed stands on a day, and what a gate says at its limits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/feeds/feed_health.h"
#include "performance/feeds/gate.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;

Date Day(unsigned day) { return MakeDate(2026, 3, day); }

FeedSpec Spec() {
  return {.name = "adt",
          .version = 1,
          .kind = FeedKind::kActivity,
          .owner = "Clinical data",
          .mapping = "x",
          .starts_on = Day(1),
          .interval_days = 7,
          .grace_days = 2,
          .least_rows = 10,
          .most_rows = 20};
}

Delivery Taken(Date on, std::int64_t rows, std::int64_t rejected = 0) {
  return {.feed = "adt",
          .file_name = "adt_" + FormatDate(on) + ".csv",
          .period = DateRange::Between(on, on + Days(7)),
          .version = 1,
          .rows_in = rows,
          .rows_read = rows - rejected,
          .rows_rejected = rejected,
          .columns = "code\tmember",
          .received_on = on};
}

Delivery Refused(Date on, RefusalCode code) {
  Delivery delivery = Taken(on, 0);
  delivery.version = 0;
  delivery.refused_code = std::string(RefusalCodeName(code));
  delivery.refused_reason = "because";
  return delivery;
}

// feature:D02
TEST(FeedHealthTest, SilenceTurnsAmberAndThenRed) {
  const std::vector<Delivery> none;
  EXPECT_EQ(JudgeFeed(Spec(), none, Day(8)).color, HealthColor::kGreen);
  const FeedHealth late = JudgeFeed(Spec(), none, Day(9));
  EXPECT_EQ(late.color, HealthColor::kAmber);
  EXPECT_TRUE(late.Has(FeedFindingCode::kLate));
  EXPECT_EQ(JudgeFeed(Spec(), none, Day(10)).color, HealthColor::kAmber);
  const FeedHealth missing = JudgeFeed(Spec(), none, Day(11));
  EXPECT_EQ(missing.color, HealthColor::kRed);
  EXPECT_TRUE(missing.Has(FeedFindingCode::kMissing));
  EXPECT_THAT(missing.findings.front().detail, HasSubstr("no file has come yet"));

  const std::vector<Delivery> one = {Taken(Day(8), 15)};
  EXPECT_EQ(JudgeFeed(Spec(), one, Day(15)).color, HealthColor::kGreen);
  EXPECT_TRUE(JudgeFeed(Spec(), one, Day(16)).Has(FeedFindingCode::kLate));
  EXPECT_TRUE(JudgeFeed(Spec(), one, Day(18)).Has(FeedFindingCode::kMissing));
}

// feature:D02
TEST(FeedHealthTest, ShortLongDriftedDuplicateAndRefusedAreTold) {
  EXPECT_TRUE(JudgeFeed(Spec(), std::vector{Taken(Day(8), 10)}, Day(9)).findings.empty());
  EXPECT_TRUE(JudgeFeed(Spec(), std::vector{Taken(Day(8), 20)}, Day(9)).findings.empty());
  const auto with = [](std::int64_t rows) {
    return JudgeFeed(Spec(), std::vector{Taken(Day(8), rows)}, Day(9));
  };
  EXPECT_TRUE(with(9).Has(FeedFindingCode::kShort));
  EXPECT_TRUE(with(21).Has(FeedFindingCode::kLong));

  Delivery drifted = Taken(Day(9), 15);
  drifted.columns = "code\tsubscriber";
  const FeedHealth health = JudgeFeed(Spec(), std::vector{drifted, Taken(Day(8), 15)}, Day(9));
  ASSERT_TRUE(health.Has(FeedFindingCode::kDrifted));
  EXPECT_THAT(health.findings.front().detail, HasSubstr("new subscriber; gone member"));

  const std::vector<Delivery> twice = {Refused(Day(10), RefusalCode::kDuplicate),
                                       Taken(Day(8), 15)};
  EXPECT_EQ(JudgeFeed(Spec(), twice, Day(10)).color, HealthColor::kAmber);
  const std::vector<Delivery> cut = {Refused(Day(10), RefusalCode::kMalformed), Taken(Day(8), 15)};
  EXPECT_EQ(JudgeFeed(Spec(), cut, Day(10)).color, HealthColor::kRed);
  // A good file after it settles the matter.
  const std::vector<Delivery> settled = {Taken(Day(11), 15),
                                         Refused(Day(10), RefusalCode::kMalformed)};
  EXPECT_EQ(JudgeFeed(Spec(), settled, Day(11)).color, HealthColor::kGreen);
}

DataGate Gate(GateKind kind, std::int64_t count = 0, Ratio ratio = {}) {
  return {.name = "g", .feed = "adt", .kind = kind, .ratio_limit = ratio, .count_limit = count};
}

// feature:D11
TEST(GateTest, LimitsAreExact) {
  const DateRange period = DateRange::Between(Day(1), Day(15));
  const std::vector<Delivery> both = {Taken(Day(1), 150, 3), Taken(Day(8), 150, 0)};
  const auto judge = [&](const DataGate& gate, Date today = Day(15)) {
    EXPECT_TRUE(ValidateGate(gate).ok());
    return JudgeGate(gate, both, period, today);
  };
  EXPECT_TRUE(judge(Gate(GateKind::kRejectedShare, 0, Ratio(1, 100))).passed);  // 3 of 300
  EXPECT_FALSE(judge(Gate(GateKind::kRejectedShare, 0, Ratio(999, 100'000))).passed);
  EXPECT_TRUE(judge(Gate(GateKind::kComplete, 297)).passed);
  EXPECT_FALSE(judge(Gate(GateKind::kComplete, 298)).passed);
  EXPECT_TRUE(judge(Gate(GateKind::kFresh, 7)).passed);
  EXPECT_FALSE(judge(Gate(GateKind::kFresh, 6)).passed);
  EXPECT_TRUE(judge(Gate(GateKind::kDelivered)).passed);
  const GateResult gap =
      JudgeGate(Gate(GateKind::kDelivered), std::span(both).subspan(1), period, Day(15));
  EXPECT_FALSE(gap.passed);
  EXPECT_THAT(gap.detail, HasSubstr("2026-03-01"));
}

// feature:D11
TEST(GateTest, NothingDeliveredPassesNoDemand) {
  const DateRange period = DateRange::Between(Day(1), Day(15));
  for (const DataGate& gate :
       {Gate(GateKind::kDelivered), Gate(GateKind::kRejectedShare, 0, Ratio(1)),
        Gate(GateKind::kFresh, 1'000), Gate(GateKind::kComplete, 1)}) {
    EXPECT_FALSE(JudgeGate(gate, {}, period, Day(15)).passed) << GateKindName(gate.kind);
  }
  EXPECT_TRUE(JudgeGate(Gate(GateKind::kRecorded), {}, period, Day(15)).passed);
  // A file without rows has no share.
  EXPECT_FALSE(JudgeGate(Gate(GateKind::kRejectedShare, 0, Ratio(1)), std::vector{Taken(Day(1), 0)},
                         period, Day(15))
                   .passed);
}

// feature:D04
TEST(FeedSpecTest, TheExamplesWeShipLoad) {
  for (const char* name : {"adt_daily", "contract_facts", "eligibility_monthly", "measure_results",
                           "medical_claims", "pharmacy_claims", "practice_roster",
                           "provider_choices"}) {
    const auto spec = LoadFeedSpec(std::string("deploy/config/feeds/") + name + ".toml");
    ASSERT_TRUE(spec.ok()) << spec.status();
    EXPECT_EQ(spec->name, name);
    // Its mapping must be of the feed's kind.
    FeedSpec other = *spec;
    other.kind = spec->kind == FeedKind::kFact ? FeedKind::kActivity : FeedKind::kFact;
    EXPECT_FALSE(ValidateFeedSpec(other).ok());
  }
}

// A feed must be heard of within two intervals.
TEST(FeedSpecTest, GraceIsAtMostTheInterval) {
  FeedSpec spec = LoadFeedSpec("deploy/config/feeds/adt_daily.toml").value();
  EXPECT_TRUE(ValidateFeedSpec(spec).ok());
  spec.grace_days = 2;
  EXPECT_THAT(StatusMessage(ValidateFeedSpec(spec)), HasSubstr("grace_days"));
}

}  // namespace
}  // namespace sluice::performance
