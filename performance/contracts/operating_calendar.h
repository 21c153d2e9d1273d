// The dates that a contract generates: payments, settlements, audits, dispute windows, briefs.
//
//   1. A rule's occurrences cover months, quarters or years of the contract, counted from the month
//      in which it begins; a span that the contract's days cut is cut.
//   2. A date that was not met by its due day is overdue on the next day. A dispute window is met
//      when it has closed.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "performance/terms_operations.h"

namespace sluice::performance {

struct CalendarItem {
  std::string name;
  ScheduleKind kind = ScheduleKind::kPayment;
  DateRange covers;  // closed
  Date due{};
  std::optional<Date> closes;  // of a dispute window: the first day on which it is closed

  friend bool operator==(const CalendarItem&, const CalendarItem&) = default;
};

// "payment", "interim settlement", "settlement", ...
std::string_view ScheduleKindName(ScheduleKind kind);

// The spans of the contract's months, quarters or years that overlap `window`, cut to its days.
std::vector<DateRange> ContractSpans(Every every, const DateRange& effective,
                                     const DateRange& window);

// The items that fall due within `window`, by due day, then by name.
// Requires: the window is closed.
std::vector<CalendarItem> OperatingCalendar(const Operations& operations,
                                            const DateRange& effective, const DateRange& window);

// One date that was met.
struct DateDone {
  std::string name;
  Date covers_from{};
  Date done_on{};
};
// The items that are overdue on the day: due before it and not done.
std::vector<CalendarItem> OverdueItems(std::span<const CalendarItem> items,
                                       std::span<const DateDone> done, Date today);

}  // namespace sluice::performance
