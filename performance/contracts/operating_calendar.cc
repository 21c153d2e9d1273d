#include "performance/contracts/operating_calendar.h"

#include <algorithm>
#include <tuple>

#include "core/calendar.h"
#include "core/check.h"

namespace sluice::performance {
namespace {

// Dues lie at most this long after what they cover (terms_operations.h), and a banking day more.
constexpr Days kLongest{1'110};

}  // namespace

std::string_view ScheduleKindName(ScheduleKind kind) {
  switch (kind) {
    case ScheduleKind::kPayment:
      return "payment";
    case ScheduleKind::kInterim:
      return "interim settlement";
    case ScheduleKind::kSettlement:
      return "settlement";
    case ScheduleKind::kAudit:
      return "audit";
    case ScheduleKind::kDisputeWindow:
      return "dispute window";
    case ScheduleKind::kMeetingBrief:
      return "meeting brief";
    case ScheduleKind::kOther:
      return "other date";
  }
  CHECK(false);
}

std::vector<DateRange> ContractSpans(Every every, const DateRange& effective,
                                     const DateRange& window) {
  CHECK(window.to.has_value());
  std::vector<DateRange> spans;
  const int step = MonthsOf(every);
  const Date end = effective.to ? std::min(*effective.to, *window.to) : *window.to;
  for (Month month = Month::Of(effective.from); month.FirstDay() < end; month = month + step) {
    DateRange span{std::max(month.FirstDay(), effective.from), (month + step).FirstDay()};
    if (effective.to) span.to = std::min(*span.to, *effective.to);
    if (!span.IsEmpty() && span.Overlaps(window)) spans.push_back(span);
  }
  return spans;
}

std::vector<CalendarItem> OperatingCalendar(const Operations& operations,
                                            const DateRange& effective, const DateRange& window) {
  CHECK(window.to.has_value());
  std::vector<CalendarItem> items;
  for (const ScheduleRule& rule : operations.schedule) {
    const DateRange search{window.from - kLongest, *window.to};
    for (const DateRange& covers : ContractSpans(rule.every, effective, search)) {
      const Date from = rule.due_from == DueFrom::kStart ? covers.from : *covers.to - Days(1);
      Date due = from + Days(rule.due_days);
      if (rule.banking_day) due = BankingDayOnOrAfter(due);
      if (!window.Contains(due)) continue;
      CalendarItem item{.name = rule.name,
                        .kind = rule.kind,
                        .covers = covers,
                        .due = due,
                        .closes = std::nullopt};
      if (rule.window_days > 0) item.closes = due + Days(rule.window_days);
      items.push_back(std::move(item));
    }
  }
  std::ranges::sort(items, {}, [](const CalendarItem& item) {
    return std::tuple(item.due, item.name, item.covers.from);
  });
  return items;
}

std::vector<CalendarItem> OverdueItems(std::span<const CalendarItem> items,
                                       std::span<const DateDone> done, Date today) {
  std::vector<CalendarItem> overdue;
  for (const CalendarItem& item : items) {
    const Date last = item.closes ? *item.closes - Days(1) : item.due;
    const bool met = std::ranges::any_of(done, [&](const DateDone& date) {
      return date.name == item.name && date.covers_from == item.covers.from;
    });
    if (last < today && !met) overdue.push_back(item);
  }
  return overdue;
}

}  // namespace sluice::performance
