#include "core/calendar.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/check.h"

namespace sluice {
namespace {

using std::chrono::December;
using std::chrono::February;
using std::chrono::January;
using std::chrono::July;
using std::chrono::June;
using std::chrono::last;
using std::chrono::May;
using std::chrono::Monday;
using std::chrono::November;
using std::chrono::October;
using std::chrono::Saturday;
using std::chrono::September;
using std::chrono::Sunday;
using std::chrono::Thursday;
using std::chrono::weekday;

constexpr int kFirstJuneteenth = 2021;

// The weekday that a holiday on a fixed date closes, if any.
std::optional<Date> ClosedFor(Date holiday) {
  const weekday day(holiday);
  if (day == Saturday) return std::nullopt;
  if (day == Sunday) return holiday + Days(1);
  return holiday;
}

}  // namespace

std::vector<BankHoliday> BankHolidaysOf(int year) {
  const std::chrono::year y(year);
  std::vector<BankHoliday> holidays;
  const auto floating = [&](Date date, std::string_view name) { holidays.push_back({date, name}); };
  const auto fixed = [&](Date date, std::string_view name) {
    if (const std::optional<Date> closed = ClosedFor(date)) holidays.push_back({*closed, name});
  };
  fixed(Date(y / January / 1), "New Year's Day");
  floating(Date(y / January / Monday[3]), "Martin Luther King, Jr. Day");
  floating(Date(y / February / Monday[3]), "Presidents Day");
  floating(Date(y / May / Monday[last]), "Memorial Day");
  if (year >= kFirstJuneteenth) fixed(Date(y / June / 19), "Juneteenth");
  fixed(Date(y / July / 4), "Independence Day");
  floating(Date(y / September / Monday[1]), "Labor Day");
  floating(Date(y / October / Monday[2]), "Columbus Day");
  fixed(Date(y / November / 11), "Veterans Day");
  floating(Date(y / November / Thursday[4]), "Thanksgiving Day");
  fixed(Date(y / December / 25), "Christmas Day");
  return holidays;
}

bool IsBankingDay(Date date) {
  const weekday day(date);
  if (day == Saturday || day == Sunday) return false;
  // No holiday closes a day of another year: January 1 is never moved back, December 25 stays.
  const std::vector<BankHoliday> holidays = BankHolidaysOf(YearOf(date));
  return std::ranges::find(holidays, date, &BankHoliday::date) == holidays.end();
}

Date NextBankingDay(Date date) { return BankingDayOnOrAfter(date + Days(1)); }

Date PreviousBankingDay(Date date) {
  do date -= Days(1);
  while (!IsBankingDay(date));
  return date;
}

Date BankingDayOnOrAfter(Date date) {
  while (!IsBankingDay(date)) date += Days(1);
  return date;
}

Date AddBankingDays(Date date, int count) {
  for (; count > 0; --count) date = NextBankingDay(date);
  for (; count < 0; ++count) date = PreviousBankingDay(date);
  return date;
}

int BankingDaysBetween(Date from, Date to) {
  if (to < from) return -BankingDaysBetween(to, from);
  int count = 0;
  for (Date date = from + Days(1); date <= to; date += Days(1)) count += IsBankingDay(date) ? 1 : 0;
  return count;
}

}  // namespace sluice
