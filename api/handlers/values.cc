#include "api/handlers/values.h"

#include <algorithm>
#include <chrono>

#include "api/service/reason.h"

namespace sluice::api {

void Set(google::type::Date& to, Date date) {
  const std::chrono::year_month_day day(date);
  to.set_year(static_cast<int>(day.year()));
  to.set_month(static_cast<int>(static_cast<unsigned>(day.month())));
  to.set_day(static_cast<int>(static_cast<unsigned>(day.day())));
}

void Set(google::protobuf::Timestamp& to, Instant instant) {
  constexpr std::int64_t kMicros = 1'000'000;
  std::int64_t seconds = instant.Micros() / kMicros;
  std::int64_t rest = instant.Micros() % kMicros;
  if (rest < 0) {
    --seconds;
    rest += kMicros;
  }
  to.set_seconds(seconds);
  to.set_nanos(static_cast<std::int32_t>(rest * 1000));
}

void Set(core::v1::Money& to, Money amount) { to.set_cents(amount.Cents()); }

StatusOr<Date> ReadDate(std::string_view field, const google::type::Date& date) {
  const std::chrono::year_month_day day{std::chrono::year(date.year()),
                                        std::chrono::month(static_cast<unsigned>(date.month())),
                                        std::chrono::day(static_cast<unsigned>(date.day()))};
  const bool in_range = date.year() >= 1900 && date.year() <= 9999;
  if (!in_range || !day.ok()) return InvalidArgument("{} is no day of the calendar", field);
  return Date(day);
}

StatusOr<Digest> ReadDigest(std::string_view field, const std::string& text) {
  const StatusOr<Bytes> bytes = FromHex(text);
  Digest digest{};
  if (!bytes.ok() || bytes->size() != digest.size()) {
    return InvalidArgument("{} is 64 hexadecimal digits", field);
  }
  std::ranges::copy(*bytes, digest.begin());
  return digest;
}

Status CheckReason(const std::string& reason) {
  constexpr std::size_t kShortest = 10;
  constexpr std::size_t kLongest = 2000;
  if (reason.size() >= kShortest && reason.size() <= kLongest) return OkStatus();
  return WrongFields({{"reason", "says why, in 10 to 2,000 bytes"}});
}

StatusOr<hierarchy::AsOf> ReadAsOf(const Call& call, const core::v1::AsOf& as_of) {
  hierarchy::AsOf read{.day = call.Today(), .known_at = std::nullopt};
  if (as_of.has_day()) {
    ASSIGN_OR_RETURN(read.day, ReadDate("as_of.day", as_of.day()));
  }
  if (as_of.has_known_at()) {
    read.known_at = Instant::FromMicros(as_of.known_at().seconds() * 1'000'000 +
                                        as_of.known_at().nanos() / 1000);
  }
  return read;
}

}  // namespace sluice::api
