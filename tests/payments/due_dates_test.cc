// Due dates over the banking calendar, and how a run stands on each side of them.
#include "payments/due_dates.h"

#include <gtest/gtest.h>

namespace sluice::payments {
namespace {

const DateRange kQuarter = DateRange::Between(MakeDate(2026, 1, 1), MakeDate(2026, 4, 1));

Run RunIn(RunState state, Date effective) {
  Run run;
  run.state = state;
  run.effective_date = effective;
  return run;
}

// feature:M09
TEST(DueDates, CountBankingDaysAfterThePeriod) {
  EXPECT_FALSE(DueDateOf(kQuarter, {}).has_value());
  // March 31, 2026 is a Tuesday; Memorial Day, May 25, is no banking day.
  EXPECT_EQ(DueDateOf(kQuarter, {.due_banking_days = 1}), MakeDate(2026, 4, 1));
  EXPECT_EQ(DueDateOf(kQuarter, {.due_banking_days = 40}), MakeDate(2026, 5, 27));
  const DueDates dates = DueDatesOf(MakeDate(2026, 5, 27));
  EXPECT_EQ(dates.release_by, MakeDate(2026, 5, 26));
  EXPECT_EQ(dates.approve_by, MakeDate(2026, 5, 22));
  EXPECT_EQ(dates.calculate_by, MakeDate(2026, 5, 21));
}

// feature:M09
TEST(DueDates, AnAlertComesBeforeTheBreachAndDaysLateAfterIt) {
  const CycleSchedule schedule{.due_banking_days = 40, .alert_banking_days = 2};
  const Date due = MakeDate(2026, 5, 27);
  const auto open = RunIn(RunState::kInReview, MakeDate(2026, 5, 20));
  EXPECT_EQ(StatusOn(MakeDate(2026, 5, 21), open, kQuarter, schedule).standing,
            DueStanding::kInTime);
  // Two banking days before: the weekend and the holiday do not count.
  const DueStatus alert = StatusOn(MakeDate(2026, 5, 22), open, kQuarter, schedule);
  EXPECT_EQ(alert.standing, DueStanding::kAlert);
  EXPECT_EQ(alert.ToString(), "due 2026-05-27, in 2 banking days: approve it by 2026-05-22");
  EXPECT_EQ(StatusOn(due, open, kQuarter, schedule).standing, DueStanding::kAlert);
  const DueStatus late = StatusOn(due + Days(1), open, kQuarter, schedule);
  EXPECT_EQ(late.standing, DueStanding::kLate);
  EXPECT_EQ(late.ToString(), "due 2026-05-27, 1 day late: approve it by 2026-05-22");
  // A run whose own date is too late is late already, whatever the day is.
  const auto planned_late = RunIn(RunState::kApproved, due + Days(3));
  EXPECT_EQ(StatusOn(MakeDate(2026, 5, 1), planned_late, kQuarter, schedule).days_late, 3);
}

TEST(DueDates, WhatWasPaidIsJudgedByItsDay) {
  const CycleSchedule schedule{.due_banking_days = 40};
  const Date due = MakeDate(2026, 5, 27);
  const Date later = MakeDate(2026, 12, 1);
  EXPECT_EQ(StatusOn(later, RunIn(RunState::kSettling, due), kQuarter, schedule).standing,
            DueStanding::kMet);
  const DueStatus late =
      StatusOn(later, RunIn(RunState::kClosed, due + Days(2)), kQuarter, schedule);
  EXPECT_EQ(late.standing, DueStanding::kPaidLate);
  EXPECT_EQ(late.ToString(), "due 2026-05-27, paid 2 days late");
  EXPECT_EQ(StatusOn(later, RunIn(RunState::kVoid, due), kQuarter, schedule).standing,
            DueStanding::kNotAgreed);
}

}  // namespace
}  // namespace sluice::payments
