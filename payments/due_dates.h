// When a cycle is due, and how it stands against that. Pure.
//
// A cycle's payees have their money on the due date: so many banking days after the last day of
// its period, as the payment rules of that day say. Without such a rule nothing is due or late.
// Source: PRODUCT M09, Q10.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/date.h"
#include "payments/cycle.h"

namespace sluice::payments {

// The day by which payees have their money.
std::optional<Date> DueDateOf(const DateRange& period, const CycleSchedule& schedule);

// The steps to it, each a banking day before the next: money settles on the due date, the files
// leave before it, and so on backwards.
struct DueDates {
  Date calculate_by{};
  Date approve_by{};
  Date release_by{};
  Date pay_by{};
};
DueDates DueDatesOf(Date pay_by);

enum class DueStanding : std::uint8_t {
  kNotAgreed,  // there is no due date
  kInTime,
  kAlert,  // open, and due within the days of an alert
  kLate,   // open after its due date
  kMet,    // paid on or before it
  kPaidLate,
};
std::string_view DueStandingName(DueStanding standing);

struct DueStatus {
  DueStanding standing = DueStanding::kNotAgreed;
  std::optional<Date> due;
  std::int32_t days_late = 0;  // calendar days, so far or for good
  int banking_days_left = 0;   // for what is open and not late
  // "due 2026-10-07, in 2 banking days: approve it by 2026-10-05".
  std::string ToString() const;
  std::string next_step;  // what has to happen, and by when; empty when paid
};

// How a run stands on the day: by its state, and by when its payees have or will have their money.
// A run that was canceled is not judged.
DueStatus StatusOn(Date today, const Run& run, const DateRange& period,
                   const CycleSchedule& schedule);

// The first day on which a run may close: its settlement, and the days of review after it.
Date CloseFrom(const Run& run, const CycleSchedule& schedule);

}  // namespace sluice::payments
