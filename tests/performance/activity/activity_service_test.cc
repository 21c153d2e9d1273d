// Activities on a real database: from events to the award and its split, and back by a void.
#include "performance/activity/activity_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "performance/package.h"
#include "performance/program_service.h"
#include "tests/performance/activity/sample_activity.h"
#include "tests/support/test_database.h"

namespace sluice::performance {
namespace {

using hierarchy::HierarchySnapshot;
using hierarchy::PartyKind;
using testing::ExampleEvents;
using testing::ExampleTerms;
using ::testing::HasSubstr;
using testing::kPractice;
using testing::kProviderA;
using testing::kProviderB;
using testing::kProviderC;
using testing::kStaff1;
using testing::kStaff2;
using testing::kStaff3;

const DateRange kYear = DateRange::Year(2025);
const CalculationDates kDates{.period = kYear, .pay_date = MakeDate(2026, 4, 15)};

class ActivityServiceTest : public ::testing::Test {
 protected:
  ActivityServiceTest()
      : payer_(db_.NewPayer("Plan")),
        programs_(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids()),
        activities_(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids()),
        program_{.id = db_.Ids().Next<ProgramTag>(),
                 .payer = payer_,
                 .name = "Activity incentive 2025",
                 .stream = "qip",
                 .lan_category = "2C",
                 .book = db_.Ids().Next<BookTag>(),
                 .created_at = db_.Clock().Now()},
        contract_(db_.Ids().Next<ContractTag>()) {}

  void SetUp() override {
    ASSERT_TRUE(programs_.CreateProgram(program_).ok());
    const Contract contract{.id = contract_,
                            .payer = payer_,
                            .program = program_.id,
                            .party = kPractice,
                            .effective = DateRange::From(MakeDate(2025, 1, 1))};
    ASSERT_TRUE(programs_.CreateContracts({&contract, 1}).ok());
    const NewTerms terms{
        .contract = contract_, .effective = contract.effective, .terms = ExampleTerms()};
    ASSERT_TRUE(programs_.AddTerms({&terms, 1}).ok());
    MakeHierarchy();
    std::vector<FactSet> fte;
    for (const auto& [party, ratio] :
         {std::pair(kStaff1, Ratio(1)), {kStaff2, Ratio(4, 5)}, {kStaff3, Ratio(1, 2)}}) {
      fte.push_back({.contract = contract_,
                     .period = kYear,
                     .party = party,
                     .facts = Facts().SetRatio("fte", ratio)});
    }
    ASSERT_TRUE(programs_.RecordFacts(fte, "payroll").ok());
  }

  void MakeHierarchy() {
    std::vector<hierarchy::SnapshotParty> parties = {{.id = kPractice, .name = "Practice"}};
    std::vector<hierarchy::SnapshotEdge> edges;
    const auto add = [&](PartyId party, PartyKind kind, const char* role, DateRange valid) {
      parties.push_back({.id = party, .kind = kind, .name = "p" + std::to_string(party.Value())});
      edges.push_back({.parent = kPractice, .child = party, .role = role, .valid = valid});
    };
    const DateRange always = DateRange::From(MakeDate(2020, 1, 1));
    for (const PartyId id : {kProviderA, kProviderB, kProviderC}) {
      add(id, PartyKind::kProvider, "physician", always);
    }
    for (const PartyId id : {kStaff1, kStaff2}) {
      add(id, PartyKind::kOfficeEmployee, "employee", always);
    }
    // Left before the pay date.
    add(kStaff3, PartyKind::kOfficeEmployee, "employee",
        DateRange::Between(MakeDate(2020, 1, 1), MakeDate(2026, 2, 1)));
    hierarchy_ = *HierarchySnapshot::Make({.as_of = MakeDate(2025, 12, 31), .version = 1},
                                          std::move(parties), std::move(edges));
  }

  ActivityIntake Record(const std::vector<ActivityEvent>& events) {
    db_.Clock().AdvanceMicros(1);
    const auto intake = activities_.Record(contract_, events, "claims 2025");
    EXPECT_TRUE(intake.ok()) << intake.status();
    return intake.ok() ? *intake : ActivityIntake{};
  }
  ActivityRunSummary Run() {
    db_.Clock().AdvanceMicros(1);
    const auto summary = activities_.Run({.program = program_.id, .period = kYear}, hierarchy_);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.ok() ? *summary : ActivityRunSummary{};
  }
  CalculationSummary Calculate() {
    db_.Clock().AdvanceMicros(1);
    const auto summary = programs_.Calculate({.program = program_.id, .dates = kDates}, hierarchy_);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.ok() ? *summary : CalculationSummary{};
  }
  StoredAward Award() {
    const auto awards = programs_.Awards(program_.id, kYear);
    EXPECT_TRUE(awards.ok() && awards->size() == 1);
    return awards->front();
  }
  std::int64_t ShareOf(PartyId party) {
    const StoredAward award = Award();
    const AwardKey key{award.contract, award.award, award.version};
    const auto shares = programs_.Shares({&key, 1});
    EXPECT_TRUE(shares.ok());
    for (const StoredShare& stored : *shares) {
      if (stored.share.party == party) {
        last_ = stored.share;
        return stored.share.amount.Cents();
      }
    }
    ADD_FAILURE() << "no share of " << party.ToString();
    return -1;
  }

  sluice::testing::TestDatabase db_;
  PayerId payer_;
  ProgramService programs_;
  ActivityService activities_;
  Program program_;
  ContractId contract_;
  HierarchySnapshot hierarchy_;
  SplitShare last_;
};

// feature:P18 feature:M10
TEST_F(ActivityServiceTest, WorkedExampleFromEventsToEveryCent) {
  EXPECT_EQ(Record(ExampleEvents()).recorded, 192);
  const ActivityRunSummary run = Run();
  EXPECT_EQ(run.runs, 1);
  EXPECT_TRUE(run.unplaced.empty());
  const CalculationSummary summary = Calculate();
  ASSERT_EQ(summary.blocked, 0) << summary.missing.front().second;
  EXPECT_EQ(Award().amount.Cents(), 2'669'80);
  EXPECT_THAT(Award().explanation, HasSubstr("ANNUAL_LIMIT_USED on 432.45"));
  EXPECT_EQ(ShareOf(kPractice), 1'001'18);
  EXPECT_EQ(ShareOf(kProviderA), 533'15);
  EXPECT_THAT(last_.detail, HasSubstr("lambda 10663/22615"));
  EXPECT_EQ(ShareOf(kProviderB), 560'00);
  EXPECT_THAT(last_.notes, ::testing::ElementsAre(ReasonCode::kCapApplied));
  EXPECT_EQ(ShareOf(kProviderC), 175'00);
  EXPECT_THAT(last_.notes, ::testing::ElementsAre(ReasonCode::kFloorApplied));
  EXPECT_EQ(ShareOf(kStaff1), 222'48);
  EXPECT_EQ(ShareOf(kStaff2), 177'99);
  EXPECT_EQ(ShareOf(kStaff3), 0);
  EXPECT_EQ(last_.zero_reason, ReasonCode::kStandingLost);
  // The package replays without the database.
  const StoredAward award = Award();
  const auto package = programs_.Package({award.contract, award.award, award.version});
  ASSERT_TRUE(package.ok());
  const auto report = ReplayPackage(*package);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->Matches());
}

TEST_F(ActivityServiceTest, TheLinesBehindAnAwardAreFoundByItsHash) {
  Record(ExampleEvents());
  Run();
  Calculate();
  const auto newest = activities_.Newest(contract_, kYear);
  ASSERT_TRUE(newest.ok() && newest->has_value());
  EXPECT_THAT(Award().explanation, HasSubstr(ToHex((*newest)->lines_sha256)));
  const auto lines = activities_.Lines(contract_, (*newest)->run_id);
  ASSERT_TRUE(lines.ok());
  EXPECT_EQ(lines->size(), 192U);
  EXPECT_EQ(Sha256(AsBytes(LinesText(*lines))), (*newest)->lines_sha256);
  EXPECT_EQ(activities_.RunOfLines(contract_, (*newest)->lines_sha256)->run_id, (*newest)->run_id);
}

TEST_F(ActivityServiceTest, RunningAgainStoresNothing) {
  Record(ExampleEvents());
  Run();
  Calculate();
  const ActivityIntake again = Record(ExampleEvents());
  EXPECT_EQ(again.recorded, 0);
  EXPECT_EQ(again.unchanged, 192);
  const ActivityRunSummary second = Run();
  EXPECT_EQ(second.runs, 0);
  EXPECT_EQ(second.facts, 0);
  EXPECT_EQ(Calculate().unchanged, 1);
}

TEST_F(ActivityServiceTest, AVoidGivesANegativeDeltaAndTheNextDuplicateCounts) {
  std::vector<ActivityEvent> events = ExampleEvents();
  std::erase_if(events, [](const ActivityEvent& e) { return e.provider != kProviderA; });
  events.resize(3);  // three visits of 60.00
  ActivityEvent duplicate = events[0];
  duplicate.event_id = 9'001;
  duplicate.received_on += Days(1);
  events.push_back(duplicate);
  Record(events);
  Run();
  Calculate();
  EXPECT_EQ(Award().amount.Cents(), 180'00);

  db_.Clock().AdvanceMicros(1);
  const std::vector<std::int64_t> second = {events[1].event_id};
  ASSERT_TRUE(activities_.Void(contract_, second, "claim reversal").ok());
  Run();
  const CalculationSummary after = Calculate();
  EXPECT_EQ(after.delta.Cents(), -60'00);
  EXPECT_EQ(Award().amount.Cents(), 120'00);

  // The first is withdrawn, and its duplicate counts in its place: no change in dollars.
  db_.Clock().AdvanceMicros(1);
  const std::vector<std::int64_t> first = {events[0].event_id};
  ASSERT_TRUE(activities_.Void(contract_, first, "claim reversal").ok());
  EXPECT_EQ(Run().runs, 1);
  EXPECT_EQ(Calculate().delta.Cents(), 0);
  EXPECT_EQ(Award().amount.Cents(), 120'00);

  // What was known before the voids is still what was paid then.
  const auto history = programs_.History(contract_, kYear);
  ASSERT_TRUE(history.ok());
  EXPECT_EQ(history->front().amount.Cents(), 180'00);
}

TEST_F(ActivityServiceTest, EverythingVoidedIsAZeroWithItsReason) {
  std::vector<ActivityEvent> events = ExampleEvents();
  events.resize(1);
  Record(events);
  Run();
  Calculate();
  EXPECT_EQ(Award().amount.Cents(), 60'00);
  db_.Clock().AdvanceMicros(1);
  const std::vector<std::int64_t> ids = {events[0].event_id};
  ASSERT_TRUE(activities_.Void(contract_, ids, "claim reversal").ok());
  Run();
  Calculate();
  EXPECT_EQ(Award().zero_reason, ReasonCode::kNotReported);
  EXPECT_EQ(Award().delta.Cents(), -60'00);
}

// feature:D05
TEST_F(ActivityServiceTest, OneEventAloneEarnsAPayment) {
  std::vector<ActivityEvent> events = ExampleEvents();
  events.resize(1);
  Record(events);
  Run();
  Calculate();
  EXPECT_EQ(Award().payable.Cents(), 60'00);
  EXPECT_EQ(ShareOf(kProviderA), 28'50);  // all of the providers' 47.5 %
}

TEST_F(ActivityServiceTest, WithoutARunTheAwardIsBlockedAndNeverZero) {
  const CalculationSummary summary = Calculate();
  EXPECT_EQ(summary.blocked, 1);
  EXPECT_THAT(Award().missing, HasSubstr("activity_amount"));
}

TEST_F(ActivityServiceTest, OneBadRowRefusesAllAndIsNamed) {
  std::vector<ActivityEvent> events = ExampleEvents();
  events.resize(3);
  events[1].member_id = 0;
  events[2].received_on = db_.Clock().Now().UtcDate() + Days(1);
  const auto intake = activities_.Record(contract_, events, "claims 2025");
  EXPECT_EQ(intake.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(StatusMessage(intake.status()), HasSubstr("row 2: activity event"));
  EXPECT_THAT(StatusMessage(intake.status()), HasSubstr("must not be after today"));
  EXPECT_EQ(Run().total.submitted, 0);
  const std::vector<std::int64_t> unknown = {77};
  EXPECT_EQ(activities_.Void(contract_, unknown, "x").status().code(), absl::StatusCode::kNotFound);
  events.resize(1);
  EXPECT_EQ(activities_.Record(ContractId(5), events, "x").status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(ActivityServiceTest, AProviderWhoIsNotUnderThePracticeIsListed) {
  std::vector<ActivityEvent> events = ExampleEvents();
  events.resize(1);
  events[0].provider = PartyId(999);
  Record(events);
  const ActivityRunSummary run = Run();
  ASSERT_EQ(run.unplaced.size(), 1U);
  EXPECT_EQ(run.unplaced[0].second.provider, PartyId(999));
}

TEST_F(ActivityServiceTest, AnotherPayerSeesNothing) {
  Record(ExampleEvents());
  Run();
  ActivityService other(db_.App().ForPayer(db_.NewPayer("Other")), db_.Clock(), db_.Ids());
  EXPECT_FALSE(other.Newest(contract_, kYear)->has_value());
  EXPECT_FALSE(other.Record(contract_, ExampleEvents(), "x").ok());
}

}  // namespace
}  // namespace sluice::performance
