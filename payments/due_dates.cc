#include "payments/due_dates.h"

#include <algorithm>
#include <array>

#include "core/calendar.h"
#include "core/check.h"

namespace sluice::payments {
namespace {

std::int32_t DaysAfter(Date due, Date day) {
  return std::max(static_cast<std::int32_t>((day - due).count()), 0);
}

// What an open run waits for, and by when.
std::string NextStep(RunState state, const DueDates& dates) {
  switch (state) {
    case RunState::kOpen:
    case RunState::kCalculating:
      return "calculate it by " + FormatDate(dates.calculate_by);
    case RunState::kCalculated:
      return "submit and approve it by " + FormatDate(dates.approve_by);
    case RunState::kInReview:
      return "approve it by " + FormatDate(dates.approve_by);
    case RunState::kApproved:
      return "release it by " + FormatDate(dates.release_by);
    case RunState::kReleasing:
      return "finish its release by " + FormatDate(dates.release_by);
    case RunState::kBlocked:
      return "remove what blocks it by " + FormatDate(dates.release_by);
    case RunState::kReleased:
      return "deliver its files by " + FormatDate(dates.release_by);
    case RunState::kSettling:
    case RunState::kClosed:
    case RunState::kVoid:
      return "";
  }
  return "";
}

}  // namespace

std::optional<Date> DueDateOf(const DateRange& period, const CycleSchedule& schedule) {
  CHECK(period.to.has_value());
  if (!schedule.due_banking_days) return std::nullopt;
  return AddBankingDays(*period.to - Days(1), *schedule.due_banking_days);
}

DueDates DueDatesOf(Date pay_by) {
  const Date release_by = PreviousBankingDay(pay_by);
  const Date approve_by = PreviousBankingDay(release_by);
  return {PreviousBankingDay(approve_by), approve_by, release_by, pay_by};
}

std::string_view DueStandingName(DueStanding standing) {
  constexpr std::array<std::string_view, 6> kNames = {"no due date", "in time", "alert",
                                                      "late",        "met",     "paid late"};
  const auto index = static_cast<std::size_t>(standing);
  CHECK(index < kNames.size());
  return kNames[index];
}

std::string DueStatus::ToString() const {
  switch (standing) {
    case DueStanding::kNotAgreed:
      return "no due date is agreed";
    case DueStanding::kInTime:
    case DueStanding::kAlert:
      return fmt::format("due {}, in {} banking day{}: {}", FormatDate(*due), banking_days_left,
                         banking_days_left == 1 ? "" : "s", next_step);
    case DueStanding::kLate:
      return fmt::format("due {}, {} day{} late: {}", FormatDate(*due), days_late,
                         days_late == 1 ? "" : "s", next_step);
    case DueStanding::kMet:
      return fmt::format("due {}, met", FormatDate(*due));
    case DueStanding::kPaidLate:
      return fmt::format("due {}, paid {} day{} late", FormatDate(*due), days_late,
                         days_late == 1 ? "" : "s");
  }
  return "";
}

DueStatus StatusOn(Date today, const Run& run, const DateRange& period,
                   const CycleSchedule& schedule) {
  DueStatus status{.due = DueDateOf(period, schedule)};
  if (!status.due || run.state == RunState::kVoid) return {};
  const bool sent = run.state == RunState::kSettling || run.state == RunState::kClosed;
  if (sent) {
    status.days_late = DaysAfter(*status.due, run.effective_date);
    status.standing = status.days_late > 0 ? DueStanding::kPaidLate : DueStanding::kMet;
    return status;
  }
  status.next_step = NextStep(run.state, DueDatesOf(*status.due));
  // Payees cannot have it before the run's own date, nor in the past.
  const Date earliest = std::max(today, run.effective_date);
  status.days_late = DaysAfter(*status.due, earliest);
  status.banking_days_left = std::max(BankingDaysBetween(today, *status.due), 0);
  if (status.days_late > 0) {
    status.standing = DueStanding::kLate;
  } else if (status.banking_days_left <= schedule.alert_banking_days) {
    status.standing = DueStanding::kAlert;
  } else {
    status.standing = DueStanding::kInTime;
  }
  return status;
}

Date CloseFrom(const Run& run, const CycleSchedule& schedule) {
  return run.effective_date + Days(schedule.review_days);
}

}  // namespace sluice::payments
