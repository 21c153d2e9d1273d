// A cycle that goes by its calendar: automatic release at its date, expiry, close after review.
#include "payments/work/cycle_scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/calendar.h"
#include "payments/payment_rules.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CycleSchedulerTest : public RunFixture {
 protected:
  std::vector<TickLine> TickOn(Date day) {
    db_.Clock().Set(Instant::AtMidnight(day));
    CycleService cycles = Cycles();
    const auto releases = Releases();
    const auto lines = CycleScheduler(db_.App(), cycles, *releases).Tick(day, kService);
    EXPECT_TRUE(lines.ok()) << StatusMessage(lines.status());
    return lines.value_or(std::vector<TickLine>{});
  }

  void SetRules(const PaymentRules& rules) {
    const auto set = PaymentRulesService(db_.App(), program_, db_.Clock())
                         .Set(rules, MakeDate(2025, 1, 1), "test", kMaker);
    ASSERT_TRUE(set.ok()) << StatusMessage(set.status());
  }
};

// feature:M08 feature:M17
TEST_F(CycleSchedulerTest, AnApprovedRunIsReleasedAtItsDateWithoutAHuman) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  const auto run = Cycles().Open({.name = "Shared savings 2025",
                                  .period = DateRange::Year(2025),
                                  .business_date = kBusinessDate + Days(4)},
                                 kMaker);
  ASSERT_TRUE(run.ok());
  EXPECT_EQ(TickOn(kBusinessDate).at(0).what, "waits to be calculated");
  const Digest digest = Submit(run->id, {Award(1, {{10, Dollars(100)}})});
  EXPECT_EQ(TickOn(kBusinessDate).at(0).what, "waits for approvals");
  Approve(run->id, digest);
  auto lines = TickOn(kBusinessDate + Days(3));
  EXPECT_EQ(lines.at(0).outcome, TickOutcome::kWaiting);
  EXPECT_EQ(lines.at(0).what, "is released on 2026-10-05");
  EXPECT_EQ(StateOf(run->id), RunState::kApproved);
  // Nor does a service get it out before, whoever calls.
  EXPECT_THAT(StatusMessage(Releases()->Release(run->id, kService)),
              HasSubstr("is released on 2026-10-05, not before"));

  lines = TickOn(kBusinessDate + Days(4));
  EXPECT_EQ(lines.at(0).outcome, TickOutcome::kDone) << lines.at(0).what;
  EXPECT_EQ(StateOf(run->id), RunState::kSettling);
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Money{});
  const auto files = DeliveredFiles();
  EXPECT_FALSE(files.empty());
  // The same tick again changes nothing.
  lines = TickOn(kBusinessDate + Days(4));
  EXPECT_EQ(lines.at(0).outcome, TickOutcome::kWaiting);
  EXPECT_EQ(DeliveredFiles(), files);

  // It closes by itself once the bank has settled it, and then nothing is left to do.
  EXPECT_THAT(TickOn(kBusinessDate + Days(6)).at(0).what, HasSubstr("is still"));
  ASSERT_TRUE(Releases()->PostSettlement(run->id, kBusinessDate + Days(5), kService).ok());
  EXPECT_EQ(TickOn(kBusinessDate + Days(6)).at(0).what, "closed");
  EXPECT_THAT(TickOn(kBusinessDate + Days(7)), IsEmpty());
  ExpectBooksInOrder();
}

TEST_F(CycleSchedulerTest, ATickIsNoPersonAndNeedsAllApprovals) {
  AddPaidPayee(10);
  Fund(Dollars(1'000));
  PaymentRules rules = RulesOf(program_);
  rules.approval_tiers = {.three_from = Dollars(50), .four_from = Dollars(100)};
  SetRules(rules);
  const RunId run = Open();
  const Digest digest = Submit(run, {Award(1, {{10, Dollars(100)}})});
  for (const std::int64_t person : {11, 12, 13}) {
    EXPECT_EQ(*Cycles().Approve(run, digest, {}, Actor{UserId(person)}), RunState::kInReview);
    EXPECT_EQ(TickOn(kBusinessDate).at(0).what, "waits for approvals");
  }
  EXPECT_EQ(*Cycles().Approve(run, digest, {}, Actor{UserId(14)}), RunState::kApproved);
  CycleService cycles = Cycles();
  const auto releases = Releases();
  EXPECT_FALSE(CycleScheduler(db_.App(), cycles, *releases).Tick(kBusinessDate, kFirst).ok());
  EXPECT_EQ(TickOn(kBusinessDate).at(0).outcome, TickOutcome::kDone);
}

TEST_F(CycleSchedulerTest, AnApprovalThatWasNotUsedGivesThePoolItsMoneyBack) {
  AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}})});
  const auto lines = TickOn(kBusinessDate + Days(30));
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0].what, HasSubstr("not used in time"));
  EXPECT_EQ(StateOf(run), RunState::kCalculated);
}

// feature:M09
TEST_F(CycleSchedulerTest, WhatIsLateIsSaidWithItsDays) {
  AddPaidPayee(10);
  PaymentRules rules = RulesOf(program_);
  rules.schedule.due_banking_days = 194;
  const Date due = *DueDateOf(DateRange::Year(2025), rules.schedule);
  ASSERT_GT(due, kBusinessDate + Days(1));  // else it would be late from the start
  SetRules(rules);
  const RunId run = Open();
  auto lines = TickOn(AddBankingDays(due, -3));
  ASSERT_THAT(lines, SizeIs(1));
  lines = TickOn(AddBankingDays(due, -2));
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[1].outcome, TickOutcome::kAlert);
  EXPECT_THAT(lines[1].what, HasSubstr("in 2 banking days"));
  lines = TickOn(due + Days(3));
  EXPECT_THAT(lines.at(1).what, HasSubstr("3 days late"));
  const auto standings = Standings(db_.App(), program_, due + Days(3));
  ASSERT_TRUE(standings.ok());
  EXPECT_EQ(standings->at(0).run.id, run);
  EXPECT_EQ(standings->at(0).due.days_late, 3);
}

// feature:Q10
TEST_F(CycleSchedulerTest, TheReviewWindowBlocksTheClose) {
  AddPaidPayee(10);
  Fund(Dollars(1'000));
  PaymentRules rules = RulesOf(program_);
  rules.schedule.review_days = 10;
  SetRules(rules);
  const RunId run = Approved({Award(1, {{10, Dollars(100)}})});
  ASSERT_TRUE(Releases()->Release(run, kFirst).ok());
  ASSERT_TRUE(Releases()->PostSettlement(run, kBusinessDate + Days(1), kService).ok());
  EXPECT_THAT(StatusMessage(Releases()->Close(run, kFirst)),
              HasSubstr("open until 2026-10-11: it may close from 2026-10-12"));
  EXPECT_EQ(TickOn(MakeDate(2026, 10, 11)).at(0).what, "may close from 2026-10-12");
  EXPECT_EQ(TickOn(MakeDate(2026, 10, 12)).at(0).what, "closed");
}

TEST_F(CycleSchedulerTest, AnInterruptedReleaseGoesOn) {
  AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}})});
  ReleaseHooks hooks;
  hooks.reached = [](std::string_view point) -> Status {
    return point == "run.after_finish" ? Unavailable("power cut") : OkStatus();
  };
  EXPECT_FALSE(Releases(hooks)->Release(run, kFirst).ok());
  EXPECT_EQ(TickOn(kBusinessDate).at(0).what, "its release went on");
  EXPECT_EQ(StateOf(run), RunState::kSettling);
}

}  // namespace
}  // namespace sluice::payments
