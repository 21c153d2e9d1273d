// The banking calendar: on which days the Federal Reserve settles payments.
//
// Computed from the rules of the Federal Reserve Banks' holiday schedule, not from a table:
//
//   1. Saturdays, Sundays and the eleven holidays are no banking days.
//   2. A holiday on a Sunday closes the Monday after it.
//   3. A holiday on a Saturday closes nothing more: the Friday before it is a banking day. (Other
//      federal offices close on that Friday; banks do not.)
//   4. Juneteenth is a holiday from 2021 on.
//
// Guaranteed for 2020 to 2035. Other years follow the same rules, which is today's best knowledge
// of a later year and not the history of an earlier one.
#pragma once

#include <string_view>
#include <vector>

#include "core/date.h"

namespace sluice {

// A weekday on which the Federal Reserve is closed.
struct BankHoliday {
  Date date;
  std::string_view name;  // "Independence Day"

  friend bool operator==(const BankHoliday&, const BankHoliday&) = default;
};

// The closed weekdays of a year in order of date, with Sunday holidays on their Monday and
// Saturday holidays left out.
std::vector<BankHoliday> BankHolidaysOf(int year);

bool IsBankingDay(Date date);
// The first banking day after `date`, never `date` itself.
Date NextBankingDay(Date date);
// The last banking day before `date`, never `date` itself.
Date PreviousBankingDay(Date date);
// `date` when it is a banking day, the next one otherwise.
Date BankingDayOnOrAfter(Date date);
// The banking day `count` banking days after `date`, or before it when `count` is negative.
// Zero gives `date` itself, banking day or not.
Date AddBankingDays(Date date, int count);
// How many banking days lie after `from`, up to and including `to`: so
// AddBankingDays(from, BankingDaysBetween(from, to)) == to for a banking day `to` >= `from`.
// Negative, counted the other way round, when `to` is before `from`.
int BankingDaysBetween(Date from, Date to);

}  // namespace sluice
