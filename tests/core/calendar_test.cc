// The Federal Reserve's banking days. The oracle knows nothing of std::chrono weekdays: it walks
// day by day from a known Wednesday and recognizes a holiday by weekday and day of the month.
#include "core/calendar.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sluice {
namespace {

TEST(Calendar, KnownDays) {
  struct Case {
    Date date;
    bool open;
  };
  // FORMATS section 4.
  const std::array cases = {
      Case{MakeDate(2020, 6, 19), true},   Case{MakeDate(2026, 7, 3), true},
      Case{MakeDate(2026, 10, 12), false}, Case{MakeDate(2027, 6, 18), true},
      Case{MakeDate(2027, 7, 5), false},   Case{MakeDate(2027, 12, 24), true},
      Case{MakeDate(2027, 12, 31), true},  Case{MakeDate(2028, 11, 10), true},
      Case{MakeDate(2029, 11, 12), false}, Case{MakeDate(2026, 6, 19), false},
      Case{MakeDate(2023, 1, 2), false},   Case{MakeDate(2022, 12, 26), false},
  };
  for (const Case& c : cases) EXPECT_EQ(IsBankingDay(c.date), c.open) << FormatDate(c.date);
}

TEST(Calendar, PublishedHolidays2026) {
  // The Federal Reserve Banks' published schedule; July 4, 2026 is a Saturday.
  const std::array expected = {
      BankHoliday{MakeDate(2026, 1, 1), "New Year's Day"},
      BankHoliday{MakeDate(2026, 1, 19), "Martin Luther King, Jr. Day"},
      BankHoliday{MakeDate(2026, 2, 16), "Presidents Day"},
      BankHoliday{MakeDate(2026, 5, 25), "Memorial Day"},
      BankHoliday{MakeDate(2026, 6, 19), "Juneteenth"},
      BankHoliday{MakeDate(2026, 9, 7), "Labor Day"},
      BankHoliday{MakeDate(2026, 10, 12), "Columbus Day"},
      BankHoliday{MakeDate(2026, 11, 11), "Veterans Day"},
      BankHoliday{MakeDate(2026, 11, 26), "Thanksgiving Day"},
      BankHoliday{MakeDate(2026, 12, 25), "Christmas Day"},
  };
  const std::vector<BankHoliday> actual = BankHolidaysOf(2026);
  EXPECT_TRUE(std::equal(actual.begin(), actual.end(), expected.begin(), expected.end()));
}

// Weekdays count from Monday = 0.
bool OracleIsHoliday(int year, int month, int day, int weekday, int days_in_month) {
  const auto fixed = [&](int m, int d) {
    const bool on_the_day = month == m && day == d && weekday <= 4;
    const bool monday_after = month == m && day == d + 1 && weekday == 0;
    return on_the_day || monday_after;
  };
  const auto floating = [&](int m, int w, int first, int end) {
    return month == m && weekday == w && day >= first && day <= end;
  };
  return fixed(1, 1) || floating(1, 0, 15, 21) || floating(2, 0, 15, 21) ||
         floating(5, 0, days_in_month - 6, days_in_month) || (year >= 2021 && fixed(6, 19)) ||
         fixed(7, 4) || floating(9, 0, 1, 7) || floating(10, 0, 8, 14) || fixed(11, 11) ||
         floating(11, 3, 22, 28) || fixed(12, 25);
}

TEST(Calendar, EveryDayFrom2020To2035) {
  int weekday = 2;  // January 1, 2020 was a Wednesday
  int closed_weekdays = 0;
  Date date = MakeDate(2020, 1, 1);
  for (int year = 2020; year <= 2035; ++year) {
    const bool leap = year % 4 == 0;
    const std::array lengths = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int month = 1; month <= 12; ++month) {
      const int length = lengths[static_cast<std::size_t>(month - 1)];
      for (int day = 1; day <= length; ++day) {
        const bool holiday = OracleIsHoliday(year, month, day, weekday, length);
        ASSERT_EQ(IsBankingDay(date), weekday <= 4 && !holiday) << FormatDate(date);
        closed_weekdays += holiday ? 1 : 0;
        weekday = (weekday + 1) % 7;
        date += Days(1);
      }
    }
  }
  EXPECT_EQ(date, MakeDate(2036, 1, 1));
  // 10 holidays in 2020 and 11 a year after, less those on a Saturday: New Year 2022, 2028, 2033;
  // Juneteenth 2027, 2032; July 4 2020, 2026, 2032; November 11 2023, 2028, 2034; December 25
  // 2021, 2027, 2032.
  EXPECT_EQ(closed_weekdays, 10 + 15 * 11 - 14);
}

TEST(Calendar, StepsOverWeekendsAndHolidays) {
  EXPECT_EQ(NextBankingDay(MakeDate(2026, 7, 2)), MakeDate(2026, 7, 3));
  EXPECT_EQ(NextBankingDay(MakeDate(2026, 7, 3)), MakeDate(2026, 7, 6));
  EXPECT_EQ(NextBankingDay(MakeDate(2026, 12, 24)), MakeDate(2026, 12, 28));
  EXPECT_EQ(PreviousBankingDay(MakeDate(2026, 10, 13)), MakeDate(2026, 10, 9));
  EXPECT_EQ(BankingDayOnOrAfter(MakeDate(2026, 10, 10)), MakeDate(2026, 10, 13));
  EXPECT_EQ(BankingDayOnOrAfter(MakeDate(2026, 10, 13)), MakeDate(2026, 10, 13));
  EXPECT_EQ(AddBankingDays(MakeDate(2026, 10, 9), 2), MakeDate(2026, 10, 14));
  EXPECT_EQ(AddBankingDays(MakeDate(2026, 10, 14), -2), MakeDate(2026, 10, 9));
  EXPECT_EQ(AddBankingDays(MakeDate(2026, 10, 10), 0), MakeDate(2026, 10, 10));
}

TEST(Calendar, CountsAsItSteps) {
  const Date from = MakeDate(2026, 11, 6);
  for (int count = 0; count < 300; ++count) {
    const Date to = AddBankingDays(from, count);
    ASSERT_EQ(BankingDaysBetween(from, to), count);
    ASSERT_EQ(BankingDaysBetween(to, from), -count);
  }
}

}  // namespace
}  // namespace sluice
