#include "core/date.h"

#include <array>
#include <charconv>

#include "core/check.h"

namespace sluice {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

// The number that `text` writes with decimal digits only; nullopt for anything else.
std::optional<int> ReadDigits(std::string_view text) {
  if (text.empty()) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
  }
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Date> DateFromDigits(std::string_view year, std::string_view month,
                                   std::string_view day) {
  const std::optional<int> y = ReadDigits(year);
  const std::optional<int> m = ReadDigits(month);
  const std::optional<int> d = ReadDigits(day);
  if (!y || !m || !d || *m < 1 || *m > 12 || *d < 1 || *d > 31) return std::nullopt;
  const std::chrono::year_month_day civil{std::chrono::year(*y),
                                          std::chrono::month(static_cast<unsigned>(*m)),
                                          std::chrono::day(static_cast<unsigned>(*d))};
  if (!civil.ok()) return std::nullopt;
  return Date(civil);
}

std::optional<Date> ReadDate(std::string_view text) {
  if (text.size() == 8 && text.find('/') == std::string_view::npos) {
    return DateFromDigits(text.substr(0, 4), text.substr(4, 2), text.substr(6, 2));
  }
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    return DateFromDigits(text.substr(0, 4), text.substr(5, 2), text.substr(8, 2));
  }
  const std::size_t first = text.find('/');
  const std::size_t second = text.find('/', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view month = text.substr(0, first);
  const std::string_view day = text.substr(first + 1, second - first - 1);
  const std::string_view year = text.substr(second + 1);
  // Two-digit years are refused: 1/2/26 does not say its century.
  if (month.size() > 2 || day.size() > 2 || year.size() != 4) return std::nullopt;
  return DateFromDigits(year, month, day);
}

// The microseconds of "12:53:00" or "12:53:00.123456" after midnight. Digits past the sixth are
// cut: the database keeps microseconds.
std::optional<std::int64_t> ReadTimeOfDay(std::string_view text) {
  if (text.size() < 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const std::optional<int> hour = ReadDigits(text.substr(0, 2));
  const std::optional<int> minute = ReadDigits(text.substr(3, 2));
  const std::optional<int> second = ReadDigits(text.substr(6, 2));
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  std::int64_t micros = ((*hour * 60 + *minute) * 60 + *second) * kMicrosPerSecond;
  if (text.size() == 8) return micros;
  const std::string_view fraction = text.substr(9);
  if (text[8] != '.' || fraction.empty() || fraction.size() > 9) return std::nullopt;
  std::int64_t place = kMicrosPerSecond / 10;
  for (const char c : fraction) {
    if (c < '0' || c > '9') return std::nullopt;
    micros += (c - '0') * place;
    place /= 10;
  }
  return micros;
}

std::chrono::year_month_day Civil(Date date) { return std::chrono::year_month_day(date); }

struct Parts {
  int year;
  unsigned month;
  unsigned day;
};

Parts PartsOf(Date date) {
  const std::chrono::year_month_day civil = Civil(date);
  return {static_cast<int>(civil.year()), static_cast<unsigned>(civil.month()),
          static_cast<unsigned>(civil.day())};
}

std::int64_t FloorDays(std::int64_t micros) {
  const std::int64_t days = micros / kMicrosPerDay;
  return micros % kMicrosPerDay < 0 ? days - 1 : days;
}

}  // namespace

Date MakeDate(int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day civil{std::chrono::year(year), std::chrono::month(month),
                                          std::chrono::day(day)};
  CHECK(civil.ok());
  return Date(civil);
}

StatusOr<Date> ParseDate(std::string_view text) {
  const std::optional<Date> date = ReadDate(text);
  if (!date) return InvalidArgument("'{}' is not a date; write it as 2026-10-05", text);
  return *date;
}

std::string FormatDate(Date date) {
  const Parts parts = PartsOf(date);
  return fmt::format("{:04}-{:02}-{:02}", parts.year, parts.month, parts.day);
}

std::string FormatDateCompact(Date date) {
  const Parts parts = PartsOf(date);
  return fmt::format("{:04}{:02}{:02}", parts.year, parts.month, parts.day);
}

std::string FormatDateSixDigits(Date date) { return FormatDateCompact(date).substr(2); }

std::string FormatDateLong(Date date) {
  static constexpr std::array<const char*, 12> kMonths = {
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  const Parts parts = PartsOf(date);
  return fmt::format("{} {}, {}", kMonths[parts.month - 1], parts.day, parts.year);
}

int YearOf(Date date) { return PartsOf(date).year; }

int AgeOn(Date birth, Date on) {
  const Parts born = PartsOf(birth);
  const Parts then = PartsOf(on);
  const bool birthday_ahead =
      then.month < born.month || (then.month == born.month && then.day < born.day);
  return then.year - born.year - (birthday_ahead ? 1 : 0);
}

Month::Month(int year, unsigned month)
    : value_(std::chrono::year(year), std::chrono::month(month)) {
  CHECK(value_.ok());
}

Month Month::Of(Date date) {
  const Parts parts = PartsOf(date);
  return Month(parts.year, parts.month);
}

StatusOr<Month> Month::Parse(std::string_view text) {
  std::optional<Date> first;
  if (text.size() == 7 && text[4] == '-') {
    first = DateFromDigits(text.substr(0, 4), text.substr(5, 2), "1");
  }
  if (!first) return InvalidArgument("'{}' is not a month; write it as 2026-07", text);
  return Month::Of(*first);
}

Date Month::FirstDay() const { return Date(value_ / std::chrono::day(1)); }

Date Month::End() const { return (*this + 1).FirstDay(); }

std::string Month::ToString() const { return fmt::format("{:04}-{:02}", Year(), Number()); }

Month operator+(Month month, int months) {
  Month result;
  result.value_ = month.value_ + std::chrono::months(months);
  return result;
}

DateRange DateRange::Between(Date from, Date to) {
  CHECK(from < to);
  return DateRange{from, to};
}

DateRange DateRange::Year(int year) {
  return DateRange{MakeDate(year, 1, 1), MakeDate(year + 1, 1, 1)};
}

bool DateRange::Overlaps(const DateRange& other) const {
  if (IsEmpty() || other.IsEmpty()) return false;
  return (!other.to || from < *other.to) && (!to || other.from < *to);
}

std::string DateRange::ToString() const {
  if (!to) return "from " + FormatDate(from);
  return FormatDate(from) + " to " + FormatDate(*to - Days(1));
}

Instant Instant::AtMidnight(Date date) {
  return Instant(static_cast<std::int64_t>(date.time_since_epoch().count()) * kMicrosPerDay);
}

StatusOr<Instant> Instant::Parse(std::string_view text) {
  std::optional<Date> date;
  std::optional<std::int64_t> time;
  if (text.size() >= 20 && text[4] == '-' && text[10] == 'T' && text.back() == 'Z') {
    date = ReadDate(text.substr(0, 10));
    time = ReadTimeOfDay(text.substr(11, text.size() - 12));
  }
  if (!date || !time) {
    return InvalidArgument("'{}' is not a UTC time; write it as 2026-10-01T12:53:00Z", text);
  }
  return Instant(AtMidnight(*date).Micros() + *time);
}

Date Instant::UtcDate() const { return Date(Days(FloorDays(micros_))); }

std::string Instant::ToString() const {
  const std::int64_t of_day = micros_ - FloorDays(micros_) * kMicrosPerDay;
  const std::int64_t seconds = of_day / kMicrosPerSecond;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:06}Z", FormatDate(UtcDate()), seconds / 3600,
                     seconds / 60 % 60, seconds % 60, of_day % kMicrosPerSecond);
}

}  // namespace sluice
