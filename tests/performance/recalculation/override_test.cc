// Overrides: another amount in the place of a calculated one, both visible, by two people.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/package.h"
#include "tests/performance/recalculation/world.h"

namespace sluice::performance {
namespace {

using testing::kAco1;
using testing::kOffice1;
using testing::kPanel;
using testing::kSavings1;
using testing::World;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr UserId kAuthor(41), kApprover(42);
const std::string kWhy = "arbitration 2026-17, paragraph 3";

class OverrideTest : public ::testing::Test {
 protected:
  OverrideTest() { world_.CalculateAll(); }

  OverrideId Approved(const NewOverride& entry) {
    world_.Tick();
    const auto id = world_.overrides.Propose(entry, kAuthor);
    EXPECT_TRUE(id.ok()) << id.status();
    world_.Tick();
    const auto approved = world_.overrides.Approve(entry.contract, *id, kApprover);
    EXPECT_TRUE(approved.ok()) << approved.status();
    world_.Correct();
    return *id;
  }
  NewOverride OfAward(std::int64_t cents) {
    return {.contract = kSavings1,
            .period = World::Year(),
            .amount = Money::FromCents(cents),
            .reason = kWhy};
  }
  NewOverride OfShare(PartyId party, std::int64_t cents) {
    NewOverride entry = OfAward(cents);
    entry.party = party;
    return entry;
  }
  StoredAward Award() { return world_.Award(kSavings1, World::Year()); }
  void ExpectReplays(const StoredAward& award) {
    const auto report = ReplayPackage(world_.programs.Package(World::KeyOf(award)).value());
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_TRUE(report->Matches()) << ToText(*report);
    EXPECT_TRUE(CheckSplit(award.payable, world_.SharesOf(award)).ok());
  }

  World world_;
};

// feature:Q02
TEST_F(OverrideTest, AnOverriddenAwardShowsBothAmountsWhoAndWhy) {
  const StoredAward before = Award();
  const OverrideId id = Approved(OfAward(900'000'01));
  const StoredAward after = Award();
  EXPECT_EQ(after.version, 2);
  EXPECT_EQ(after.payable.Cents(), 900'000'01);
  EXPECT_EQ(after.delta, after.payable - before.payable);
  EXPECT_THAT(after.notes, Contains(ReasonCode::kOverridden));
  EXPECT_THAT(after.explanation, HasSubstr("override"));
  EXPECT_THAT(after.explanation, HasSubstr("calculated = 980,000.00"));
  EXPECT_THAT(after.explanation, HasSubstr("overridden = 900,000.01"));
  EXPECT_THAT(after.explanation, HasSubstr(kWhy));
  EXPECT_THAT(after.explanation, HasSubstr(kAuthor.ToString()));
  EXPECT_THAT(after.explanation, HasSubstr(kApprover.ToString()));
  ExpectReplays(after);
  // The version before is as it was.
  EXPECT_EQ(world_.History(kSavings1, World::Year())[0], before);
  const auto causes = world_.Causes(after);
  ASSERT_THAT(causes, SizeIs(1));
  EXPECT_EQ(causes[0].amount, after.delta);
  EXPECT_THAT(causes[0].cause, HasSubstr(kWhy));

  const auto list = world_.overrides.List(kSavings1, World::Year()).value();
  ASSERT_THAT(list, SizeIs(1));
  EXPECT_EQ(list[0].entry.id, id);
  EXPECT_EQ(list[0].entry.State(), OverrideState::kInEffect);
  EXPECT_EQ(list[0].entry.calculated, before.payable);
  EXPECT_EQ(list[0].calculated_now, before.payable);

  // What is calculated meanwhile moves; what is paid stays.
  world_.Savings(kSavings1, 1'500'000);
  world_.Correct();
  EXPECT_EQ(Award().payable.Cents(), 900'000'01);
  EXPECT_EQ(world_.overrides.List(kSavings1, World::Year())->front().calculated_now,
            Money::FromCents(735'000'00));
  // Withdrawn, the calculated amount counts again.
  world_.Tick();
  ASSERT_TRUE(world_.overrides.Withdraw(kSavings1, id, kAuthor, "settled otherwise since").ok());
  world_.Correct();
  EXPECT_EQ(Award().payable.Cents(), 735'000'00);
  EXPECT_EQ(world_.overrides.List(kSavings1, World::Year())->front().calculated_now, std::nullopt);
}

// feature:Q02
TEST_F(OverrideTest, AnOverriddenShareTakesNothingFromTheOthers) {
  const StoredAward before = Award();
  const Money calculated = world_.ShareOf(before, PartyId(102));
  Approved(OfShare(PartyId(102), calculated.Cents() + 5'000'00));
  const StoredAward after = Award();
  EXPECT_EQ(after.payable - before.payable, Money::FromCents(5'000'00));
  EXPECT_EQ(after.payable, after.amount - after.recouped - after.withheld);
  for (const PartyId other : {kAco1, PartyId(101), PartyId(103)}) {
    EXPECT_EQ(world_.ShareOf(after, other), world_.ShareOf(before, other));
  }
  ExpectReplays(after);
  for (const SplitShare& share : world_.SharesOf(after)) {
    if (share.party != PartyId(102)) continue;
    EXPECT_THAT(share.notes, Contains(ReasonCode::kOverridden));
    EXPECT_THAT(share.detail, HasSubstr(calculated.ToString()));
    EXPECT_THAT(share.detail, HasSubstr(kWhy));
  }
}

TEST_F(OverrideTest, ZeroAndBackHaveTheirReasons) {
  Approved(OfAward(0));
  StoredAward award = Award();
  EXPECT_EQ(award.zero_reason, ReasonCode::kOverriddenToZero);
  EXPECT_EQ(award.zero_detail, kWhy);
  ExpectReplays(award);
  // Below the minimum savings rate nothing is calculated; people pay all the same.
  world_.Savings(kSavings1, 100);
  Approved(OfAward(1'000'00));
  award = Award();
  EXPECT_EQ(award.payable.Cents(), 1'000'00);
  EXPECT_FALSE(award.zero_reason.has_value());
  EXPECT_THAT(award.explanation, HasSubstr("BELOW_MINIMUM_SAVINGS_RATE"));
  ExpectReplays(award);
  Approved(OfShare(PartyId(101), 0));
  for (const SplitShare& share : world_.SharesOf(Award())) {
    if (share.party == PartyId(101)) {
      EXPECT_EQ(share.zero_reason, ReasonCode::kOverriddenToZero);
    }
  }
  ExpectReplays(Award());
}

TEST_F(OverrideTest, TwoPeopleAreNeededAndEveryRefusalSaysWhy) {
  const auto refused = [&](NewOverride entry) {
    return StatusMessage(world_.overrides.Propose(entry, kAuthor).status());
  };
  NewOverride entry = OfAward(1);
  entry.reason = "because";
  EXPECT_THAT(refused(entry), HasSubstr("at least 10"));
  entry = OfAward(1);
  entry.period = DateRange::Year(2023);
  EXPECT_THAT(refused(entry), HasSubstr("has no award"));
  EXPECT_THAT(refused(OfShare(PartyId(999), 1)), HasSubstr("has no share"));
  entry = OfAward(1);
  entry.contract = kPanel;
  entry.period = World::MonthPeriod(7);
  EXPECT_THAT(refused(entry), HasSubstr("override the share of a payee"));

  const auto id = world_.overrides.Propose(OfAward(5), kAuthor);
  ASSERT_TRUE(id.ok());
  EXPECT_EQ(world_.overrides.Approve(kSavings1, *id, kAuthor).status().code(),
            absl::StatusCode::kPermissionDenied);
  // Not approved, it is nothing.
  world_.Correct();
  EXPECT_EQ(Award().version, 1);
  EXPECT_THAT(StatusMessage(world_.overrides.Reject(kSavings1, *id, kApprover, "no").status()),
              HasSubstr("at least 10"));
  ASSERT_TRUE(world_.overrides.Reject(kSavings1, *id, kApprover, "not in the contract").ok());
  EXPECT_THAT(StatusMessage(world_.overrides.Approve(kSavings1, *id, kApprover).status()),
              HasSubstr("is rejected"));
  EXPECT_EQ(world_.overrides.Approve(kSavings1, OverrideId(1), kApprover).status().code(),
            absl::StatusCode::kNotFound);
  world_.Correct();
  EXPECT_EQ(Award().version, 1);
}

TEST_F(OverrideTest, NobodyOverridesByRecordingAFact) {
  world_.Tick();
  const std::vector<FactSet> sets = {
      {.contract = kSavings1,
       .period = World::Year(),
       .facts = Facts().SetAmount("override.amount", Money::FromCents(1))},
      {.contract = kSavings1,
       .period = World::Year(),
       .party = PartyId(101),
       .facts = Facts().SetAmount("override.amount", Money::FromCents(1))}};
  ASSERT_TRUE(world_.programs.RecordFacts(sets, "somebody").ok());
  world_.Correct();
  EXPECT_EQ(Award().version, 1);
  EXPECT_EQ(Award().payable.Cents(), 980'000'00);
}

// feature:Q02 a payee of member-months
TEST_F(OverrideTest, AShareOfAPayeeOfMemberMonthsMayBeOverridden) {
  world_.Panel(1, 1, kOffice1, DateRange::From(MakeDate(2026, 7, 1)), MakeDate(1970, 1, 1));
  world_.Correct();
  const StoredAward before = world_.Award(kPanel, World::MonthPeriod(7));
  ASSERT_GT(before.payable, Money());
  NewOverride entry = OfShare(kOffice1, 12'34);
  entry.contract = kPanel;
  entry.period = World::MonthPeriod(7);
  Approved(entry);
  const StoredAward after = world_.Award(kPanel, World::MonthPeriod(7));
  EXPECT_EQ(after.version, before.version + 1);
  EXPECT_EQ(world_.ShareOf(after, kOffice1).Cents(), 12'34);
  EXPECT_THAT(after.explanation, HasSubstr(before.payable.ToString()));
  ExpectReplays(after);
}

}  // namespace
}  // namespace sluice::performance
