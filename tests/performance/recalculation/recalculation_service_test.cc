// Changes that correct themselves on a real database: from an edit to the delta and its cause.
#include "performance/recalculation/recalculation_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/performance/recalculation/world.h"

namespace sluice::performance {
namespace {

using testing::kAco1;
using testing::kActivities;
using testing::kDoctorA;
using testing::kDoctorB;
using testing::kOffice1;
using testing::kOffice2;
using testing::kPanel;
using testing::kSavings1;
using testing::kSavings2;
using testing::World;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class RecalculationTest : public ::testing::Test {
 protected:
  RecalculationTest() {
    for (std::int64_t i = 1; i <= 6; ++i) {
      world_.Activity(i, i % 2 == 0 ? kDoctorA : kDoctorB, 100 + i % 3, static_cast<int>(i),
                      MakeDate(2025, static_cast<unsigned>(i * 2), 5), MakeDate(2025, 12, 20));
    }
    for (std::int64_t member = 1; member <= 4; ++member) {
      world_.Panel(member, member, member % 2 == 0 ? kOffice1 : kOffice2,
                   DateRange::From(MakeDate(2026, 4, 1)),
                   MakeDate(1960 + static_cast<int>(member) * 7, 3, 3));
    }
    world_.CalculateAll();
  }

  std::vector<QueuedRecalculation> Queued() {
    return world_.recalculation.Queue(RecalculationState::kQueued).value();
  }
  std::vector<ChangeEvent> Events() {
    return world_.recalculation
        .Events(Instant(), Instant::FromMicros(world_.db.Clock().Now().Micros() + 1))
        .value();
  }

  World world_;
};

TEST_F(RecalculationTest, LoadingAndFirstCalculationsAreNoEdits) {
  const ScanSummary summary = world_.Scan();
  EXPECT_EQ(summary.events, 0);
  EXPECT_THAT(Queued(), IsEmpty());
  EXPECT_EQ(world_.Work().calculations, 0);
}

// feature:Q01
TEST_F(RecalculationTest, AnEditQueuesExactlyTheCalculationsItTouches) {
  world_.Savings(kSavings1, 1'500'000);
  ScanSummary summary = world_.Scan();
  EXPECT_EQ(summary.events, 1);
  EXPECT_EQ(summary.queued, 1);
  ASSERT_THAT(Queued(), SizeIs(1));
  EXPECT_EQ(Queued()[0].contract, kSavings1);
  EXPECT_EQ(Queued()[0].period, World::Year());
  // The same scan again notices nothing; a second edit joins what waits.
  EXPECT_EQ(world_.Scan().events, 0);
  world_.Weight(kSavings1, PartyId(101), 7'777);
  EXPECT_EQ(world_.Scan().queued, 1);
  EXPECT_THAT(Queued(), SizeIs(1));
  const WorkSummary work = world_.Work();
  EXPECT_EQ(work.calculations, 1);
  EXPECT_EQ(work.new_versions, 1);
  EXPECT_THAT(world_.History(kSavings1, World::Year()), SizeIs(2));
  EXPECT_THAT(world_.History(kSavings2, World::Year()), SizeIs(1));
  EXPECT_EQ(work.delta, world_.Award(kSavings1, World::Year()).delta);

  // A late activity of the second quarter may use up keys and caps of the third and fourth.
  world_.Activity(50, kDoctorA, 900, 1, MakeDate(2025, 5, 5), MakeDate(2025, 6, 1));
  summary = world_.Scan();
  EXPECT_EQ(summary.events, 1);
  std::set<Date> periods;
  for (const QueuedRecalculation& item : Queued()) {
    EXPECT_EQ(item.contract, kActivities);
    periods.insert(item.period.from);
  }
  EXPECT_THAT(periods, ElementsAre(MakeDate(2025, 4, 1), MakeDate(2025, 7, 1),
                                   MakeDate(2025, 10, 1)));
  world_.Work();

  // A practice that left: its ACO only.
  world_.Affiliate(kAco1, PartyId(103), DateRange::Between(MakeDate(2020, 1, 1),
                                                           MakeDate(2024, 11, 1)));
  EXPECT_EQ(world_.Scan().queued, 1);
  EXPECT_EQ(world_.Work().new_versions, 1);
  EXPECT_EQ(world_.ShareOf(world_.Award(kSavings1, World::Year()), PartyId(103)), Money());
  // It left after everything that was calculated: no one's business.
  world_.Affiliate(kAco1, PartyId(102), DateRange::Between(MakeDate(2020, 1, 1),
                                                           MakeDate(2025, 11, 1)));
  EXPECT_EQ(world_.Scan().events, 0);
}

// feature:Q01
TEST_F(RecalculationTest, AnEditOutsideTheLookBackIsLoggedAndNotRun) {
  ASSERT_TRUE(world_.recalculation
                  .SetRules("[[rule]]\nlook_back_date = 2024-06-01\n", "finance")
                  .ok());
  world_.Savings(kSavings1, 1'500'000);
  const ScanSummary summary = world_.Scan();
  EXPECT_EQ(summary.events, 1);
  EXPECT_EQ(summary.frozen, 1);
  EXPECT_EQ(summary.queued, 0);
  const auto decisions = world_.recalculation.Decisions(Events().back().id).value();
  ASSERT_THAT(decisions, SizeIs(1));
  EXPECT_EQ(decisions[0].judgment.verdict, ChangeVerdict::kFrozen);
  EXPECT_THAT(decisions[0].judgment.reason, StartsWith("PERIOD_FROZEN"));
  EXPECT_EQ(decisions[0].rules_version, 1);
  EXPECT_EQ(world_.Work().calculations, 0);
  EXPECT_THAT(world_.History(kSavings1, World::Year()), SizeIs(1));
}

TEST_F(RecalculationTest, NamesAndAddressesRunNothing) {
  world_.Rename(PartyId(101), "Another name");
  const ScanSummary summary = world_.Scan();
  EXPECT_EQ(summary.events, 1);
  EXPECT_EQ(summary.no_rule, 1);
  EXPECT_THAT(Queued(), IsEmpty());
}

TEST_F(RecalculationTest, AnEditThatChangesNoResultStoresNoVersion) {
  // A fact that no component reads.
  world_.Tick();
  const FactSet set{.contract = kSavings1,
                    .period = World::Year(),
                    .facts = Facts().SetText("remark", "seen by audit")};
  ASSERT_TRUE(world_.programs.RecordFacts({&set, 1}, "audit").ok());
  EXPECT_EQ(world_.Scan().queued, 1);
  const WorkSummary work = world_.Work();
  EXPECT_EQ(work.calculations, 1);
  EXPECT_EQ(work.unchanged, 1);
  EXPECT_EQ(work.new_versions, 0);
  // The same facts told again are no edit at all.
  ASSERT_TRUE(world_.programs.RecordFacts({&set, 1}, "audit").ok());
  EXPECT_EQ(world_.Scan().events, 0);
}

// feature:Q03
TEST_F(RecalculationTest, TwoRecalculationsBeforeReleaseNetAndBothStayReadable) {
  const StoredAward first = world_.Award(kSavings1, World::Year());
  const std::string package = world_.programs.Package(World::KeyOf(first)).value();
  world_.Savings(kSavings1, 1'500'000);
  world_.Correct();
  const StoredAward second = world_.Award(kSavings1, World::Year());
  world_.Savings(kSavings1, 1'800'000);
  world_.Correct();
  const StoredAward third = world_.Award(kSavings1, World::Year());
  EXPECT_EQ(second.version, 2);
  EXPECT_EQ(third.version, 3);
  EXPECT_EQ(third.award, first.award);
  // What a cycle collects is the newest version: one line, netted.
  const auto collected = world_.programs.Awards(world_.savings_program, World::Year()).value();
  ASSERT_THAT(collected, SizeIs(2));
  EXPECT_EQ(collected[0].version, 3);
  EXPECT_EQ(second.delta + third.delta, third.payable - first.payable);
  for (const StoredAward& award : {first, second, third}) {
    const auto report =
        ReplayPackage(world_.programs.Package(World::KeyOf(award)).value());
    ASSERT_TRUE(report.ok());
    EXPECT_TRUE(report->Matches());
    EXPECT_EQ(report->settlement.award.payable, award.payable);
  }
  EXPECT_EQ(world_.programs.Package(World::KeyOf(first)).value(), package);
  // Beside one another: what became of each.
  const auto views = world_.recalculation.Versions(kSavings1, World::Year()).value();
  ASSERT_THAT(views, SizeIs(3));
  for (const VersionView* replaced : {&views[0], &views[1]}) {
    EXPECT_EQ(replaced->reason, ReasonCode::kSuperseded);
    EXPECT_EQ(replaced->due, Money());
  }
  EXPECT_THAT(views[0].notes, Not(Contains(ReasonCode::kRestated)));
  EXPECT_THAT(views[1].notes, Contains(ReasonCode::kRestated));
  EXPECT_THAT(views[2].notes, Contains(ReasonCode::kRestated));
  EXPECT_EQ(views[2].reason, std::nullopt);
  EXPECT_EQ(views[2].due, third.payable);
  EXPECT_EQ(views[2].causes, world_.Causes(third));
}

TEST_F(RecalculationTest, AVersionSaysWhatBecameOfIt) {
  StoredAward first{.version = 1, .payable = Money::FromCents(100)};
  StoredAward blocked{.version = 2, .status = AwardStatus::kBlocked};
  auto views = ViewVersions({first, blocked});
  // What is blocked replaces nothing.
  EXPECT_EQ(views[0].due, Money::FromCents(100));
  EXPECT_EQ(views[0].reason, std::nullopt);
  EXPECT_EQ(views[1].reason, std::nullopt);
  StoredAward same{.version = 3, .payable = Money::FromCents(100)};
  StoredAward zero{.version = 4, .zero_reason = ReasonCode::kNoSavings};
  views = ViewVersions({first, blocked, same});
  EXPECT_EQ(views[0].reason, ReasonCode::kSuperseded);
  EXPECT_EQ(views[2].reason, ReasonCode::kNoChange);
  views = ViewVersions({first, blocked, same, zero});
  EXPECT_EQ(views[2].reason, ReasonCode::kSuperseded);
  EXPECT_EQ(views[3].reason, ReasonCode::kNoSavings);
  EXPECT_THAT(views[3].notes, ElementsAre(ReasonCode::kRestated));
}

TEST_F(RecalculationTest, EachCauseHasItsAmountAndTheySumToTheDelta) {
  const StoredAward before = world_.Award(kSavings1, World::Year());
  world_.Savings(kSavings1, 1'500'000, "restated claims");
  world_.Weight(kSavings1, PartyId(101), 2);  // moves money between practices only
  world_.Savings(kSavings1, 1'700'000, "run-out");
  world_.Correct();
  const StoredAward after = world_.Award(kSavings1, World::Year());
  const auto causes = world_.Causes(after);
  ASSERT_THAT(causes, SizeIs(3));
  // 500,000 less at 50 % x (1 - 2 %), then 200,000 more.
  EXPECT_EQ(causes[0].amount.Cents(), -245'000'00);
  EXPECT_THAT(causes[0].cause, HasSubstr("restated claims"));
  EXPECT_EQ(causes[1].amount, Money());
  EXPECT_EQ(causes[2].amount.Cents(), 98'000'00);
  EXPECT_THAT(causes[2].cause, HasSubstr("run-out"));
  EXPECT_EQ(causes[0].amount + causes[2].amount, after.delta);
  EXPECT_EQ(after.delta, after.payable - before.payable);
  // And back: the award versions that an edit is a cause of.
  EXPECT_THAT(world_.recalculation.AwardsOf(causes[0].events.front()).value(),
              ElementsAre(World::KeyOf(after)));
  EXPECT_THAT(world_.Causes(before), IsEmpty());
}

TEST_F(RecalculationTest, AVoidActsThroughItsEngineAndIsNamed) {
  world_.VoidActivity(2);  // April 5
  world_.Correct();
  const StoredAward award = world_.Award(kActivities, World::Quarter(2));
  EXPECT_EQ(award.version, 2) << award.explanation;
  EXPECT_LT(award.delta, Money());
  const auto causes = world_.Causes(award);
  ASSERT_THAT(causes, SizeIs(1));
  EXPECT_EQ(causes[0].amount, award.delta);
  EXPECT_THAT(causes[0].cause, HasSubstr("activity 2 of 2025-04-05 voided"));
  EXPECT_THAT(world_.History(kActivities, World::Quarter(1)), SizeIs(1));
}

TEST_F(RecalculationTest, LateEndOfCoverageIsPostedByTheLastMonthThatWasRun) {
  const StoredAward july = world_.Award(kPanel, World::MonthPeriod(7));
  world_.Panel(2, 2, kOffice1, DateRange::Between(MakeDate(2026, 4, 1), MakeDate(2026, 6, 1)),
               MakeDate(1974, 3, 3));
  const ScanSummary scan = world_.Scan();
  EXPECT_EQ(scan.events, 1);
  EXPECT_EQ(scan.queued, 2);  // June and July, by one run
  ASSERT_THAT(Queued(), SizeIs(1));
  EXPECT_EQ(Queued()[0].period, World::MonthPeriod(7));
  world_.Work();
  const StoredAward after = world_.Award(kPanel, World::MonthPeriod(7));
  EXPECT_EQ(after.version, july.version + 1);
  EXPECT_LT(after.delta, Money());
  EXPECT_THAT(world_.History(kPanel, World::MonthPeriod(6)), SizeIs(1));
  const auto causes = world_.Causes(after);
  ASSERT_THAT(causes, SizeIs(1));
  EXPECT_EQ(causes[0].amount, after.delta);
  EXPECT_THAT(causes[0].cause, HasSubstr("member 2"));
}

TEST_F(RecalculationTest, CapitationMayWaitForItsNextRun) {
  ASSERT_TRUE(world_.recalculation
                  .SetRules("[[rule]]\nkinds = [\"panel\"]\nrun = \"next_run\"\n", "finance")
                  .ok());
  world_.Panel(2, 2, kOffice1, DateRange::Between(MakeDate(2026, 4, 1), MakeDate(2026, 6, 1)),
               MakeDate(1974, 3, 3));
  EXPECT_EQ(world_.Scan().next_run, 2);
  EXPECT_THAT(Queued(), IsEmpty());
}

TEST_F(RecalculationTest, TermsAndContractEndsAreEdits) {
  world_.SavingsTermsVersion(kSavings2, 40);
  EXPECT_EQ(world_.Scan().queued, 1);
  EXPECT_EQ(world_.Work().new_versions, 1);
  const auto causes = world_.Causes(world_.Award(kSavings2, World::Year()));
  ASSERT_THAT(causes, SizeIs(1));
  EXPECT_EQ(causes[0].amount, Money());  // the split changed, not what is split
  EXPECT_THAT(causes[0].cause, HasSubstr("version 2 of the terms"));
}

TEST_F(RecalculationTest, AnOperatorMayTellOfAChangeOnce) {
  NewChange change{.kind = EditKind::kRiskScore,
                   .source = "operator",
                   .source_key = "ticket 17",
                   .contract = kSavings1,
                   .affected = World::Year(),
                   .cause = "the risk model was calibrated again"};
  world_.Tick();
  const auto event = world_.recalculation.Record(change);
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_THAT(Queued(), SizeIs(1));
  EXPECT_EQ(world_.recalculation.Record(change).status().code(),
            absl::StatusCode::kAlreadyExists);
  change.source_key = "ticket 18";
  change.contract.reset();
  EXPECT_THAT(StatusMessage(world_.recalculation.Record(change).status()),
              HasSubstr("name the contract"));
}

// A calculator that fails, or that is slower than its lease.
class FaultyRecalculator final : public Recalculator {
 public:
  explicit FaultyRecalculator(Recalculator& real) : real_(real) {}
  StatusOr<ContractTexts> Run(const RecalculationTarget& target) override {
    ++runs;
    if (fails) return Unavailable("the server does not answer");
    if (before_run) before_run();
    return real_.Run(target);
  }
  StatusOr<Award> AsKnown(ContractId contract, const CalculationDates& dates, Date as_of,
                          Instant known_at) override {
    return real_.AsKnown(contract, dates, as_of, known_at);
  }
  bool fails = false;
  int runs = 0;
  std::function<void()> before_run;

 private:
  Recalculator& real_;
};

TEST_F(RecalculationTest, WhatFailsIsTriedAgainAndThenSaysWhy) {
  FaultyRecalculator faulty(world_.recalculator);
  faulty.fails = true;
  world_.Savings(kSavings1, 1'500'000);
  world_.Scan();
  const WorkOptions options{.most_attempts = 2};
  WorkSummary work = world_.recalculation.Work(faulty, options).value();
  ASSERT_THAT(work.failures, SizeIs(1));
  EXPECT_EQ(faulty.runs, 1);
  faulty.fails = false;
  work = world_.recalculation.Work(faulty, options).value();
  EXPECT_EQ(work.new_versions, 1);
  faulty.fails = true;
  world_.Savings(kSavings1, 1'600'000);
  world_.Scan();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(world_.recalculation.Work(faulty, options).ok());
  EXPECT_EQ(faulty.runs, 4);
  const auto failed = world_.recalculation.Queue(RecalculationState::kFailed).value();
  ASSERT_THAT(failed, SizeIs(1));
  EXPECT_THAT(failed[0].detail, HasSubstr("does not answer"));
  // The next edit queues it anew.
  faulty.fails = false;
  world_.Savings(kSavings1, 1'700'000);
  world_.Scan();
  EXPECT_EQ(world_.recalculation.Work(faulty, options)->new_versions, 1);
}

TEST_F(RecalculationTest, AnEditDuringARunGetsARunOfItsOwn) {
  FaultyRecalculator slow(world_.recalculator);
  world_.Savings(kSavings1, 1'500'000);
  world_.Scan();
  bool once = true;
  slow.before_run = [&] {
    if (!std::exchange(once, false)) return;
    world_.Weight(kSavings2, PartyId(201), 5);
    world_.Savings(kSavings1, 1'600'000);
    EXPECT_EQ(world_.Scan().queued, 2);
    // Another worker leaves the contract that is being run, and takes the other one.
    FaultyRecalculator other(world_.recalculator);
    EXPECT_EQ(world_.recalculation.Work(other)->calculations, 1);
  };
  const WorkSummary work = world_.recalculation.Work(slow).value();
  EXPECT_EQ(work.calculations, 2);
  EXPECT_THAT(Queued(), IsEmpty());
  EXPECT_EQ(world_.Award(kSavings1, World::Year()).amount.Cents(), 784'000'00);
}

TEST_F(RecalculationTest, AWorkerThatLostItsLeaseStoresNoOutcome) {
  FaultyRecalculator slow(world_.recalculator);
  world_.Savings(kSavings1, 1'500'000);
  world_.Scan();
  bool once = true;
  slow.before_run = [&] {
    if (!std::exchange(once, false)) return;
    world_.db.Clock().AdvanceMicros(2'000'000'000);
    EXPECT_EQ(world_.Work().new_versions, 1);
  };
  const auto work = world_.recalculation.Work(slow);
  EXPECT_EQ(work.status().code(), absl::StatusCode::kAborted);
  EXPECT_THAT(world_.History(kSavings1, World::Year()), SizeIs(2));
  EXPECT_THAT(world_.recalculation.Queue(RecalculationState::kDone).value(), SizeIs(1));
}

TEST_F(RecalculationTest, TwoWorkersShareTheQueue) {
  world_.Savings(kSavings1, 1'500'000);
  world_.Savings(kSavings2, 1'500'000);
  world_.Scan();
  world_.Tick();
  WorkSummary a, b;
  const WorkOptions one{.limit = 1};
  ProgramRecalculator second(world_.db.App(), world_.payer, world_.db.Clock(), world_.db.Ids());
  std::thread other([&] { b = world_.recalculation.Work(second, one).value(); });
  a = world_.recalculation.Work(world_.recalculator, one).value();
  other.join();
  EXPECT_EQ(a.calculations + b.calculations, 2);
  EXPECT_EQ(a.new_versions + b.new_versions, 2);
}

}  // namespace
}  // namespace sluice::performance
