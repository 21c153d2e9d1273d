// Civil dates, months, half-open ranges and instants.
//
// A Date is a day in the civil calendar; it has no time zone and never comes from a wall clock by
// itself. Periods are half open: DateRange{from, to} holds `from` and not `to`. An Instant is a
// UTC time in microseconds, the resolution of the database.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/status.h"

namespace sluice {

using Date = std::chrono::sys_days;
using Days = std::chrono::days;

// Requires: a real calendar date.
Date MakeDate(int year, unsigned month, unsigned day);
// Reads "2026-10-05", "10/5/2026" or "20261005". InvalidArgument names the text otherwise.
StatusOr<Date> ParseDate(std::string_view text);
// "2026-10-05".
std::string FormatDate(Date date);
// "20261005", as X12 writes it.
std::string FormatDateCompact(Date date);
// "261005", as NACHA writes it.
std::string FormatDateSixDigits(Date date);
// "October 5, 2026", for people.
std::string FormatDateLong(Date date);
int YearOf(Date date);
// Completed years of age on a day; somebody born on February 29 completes a year on March 1.
int AgeOn(Date birth, Date on);

// A calendar month.
class Month {
 public:
  constexpr Month() = default;
  // Requires: 1 <= month <= 12.
  Month(int year, unsigned month);
  static Month Of(Date date);
  // Reads "2026-07".
  static StatusOr<Month> Parse(std::string_view text);

  Date FirstDay() const;
  // The first day of the next month: the open end of this one.
  Date End() const;
  int Year() const { return static_cast<int>(value_.year()); }
  unsigned Number() const { return static_cast<unsigned>(value_.month()); }
  std::string ToString() const;

  friend Month operator+(Month month, int months);
  friend auto operator<=>(Month, Month) = default;

 private:
  std::chrono::year_month value_{};
};

// The days from `from` up to and not including `to`. No `to` means open-ended.
struct DateRange {
  Date from{};
  std::optional<Date> to;

  // Requires: from < to.
  static DateRange Between(Date from, Date to);
  static DateRange From(Date from) { return DateRange{from, std::nullopt}; }
  static DateRange Year(int year);

  bool Contains(Date date) const { return date >= from && (!to || date < *to); }
  bool Overlaps(const DateRange& other) const;
  bool IsEmpty() const { return to && *to <= from; }
  // "2026-01-01 to 2026-12-31" (both ends named, as people write it) or "from 2026-01-01".
  std::string ToString() const;

  friend bool operator==(const DateRange&, const DateRange&) = default;
};

// A UTC time in microseconds since 1970.
class Instant {
 public:
  constexpr Instant() = default;
  static constexpr Instant FromMicros(std::int64_t micros) { return Instant(micros); }
  static Instant AtMidnight(Date date);
  // Reads "2026-10-01T12:53:00Z", with or without a fraction.
  static StatusOr<Instant> Parse(std::string_view text);

  constexpr std::int64_t Micros() const { return micros_; }
  Date UtcDate() const;
  // "2026-10-01T12:53:00.000000Z".
  std::string ToString() const;

  friend constexpr auto operator<=>(Instant, Instant) = default;

 private:
  explicit constexpr Instant(std::int64_t micros) : micros_(micros) {}
  std::int64_t micros_ = 0;
};

}  // namespace sluice
