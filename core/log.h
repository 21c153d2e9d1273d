// The operations log: what the system did, for the people who run it.
//
//   1. A line is an event (a fixed phrase) and fields (key and value). Values never go into the
//      phrase, so that events can be searched and counted.
//   2. A Secret does not convert to a value: logging one does not compile. Neither do personal data
//      and file contents belong here, whatever their type.
//   3. A failure is logged where it is handled, not where it is also returned.
//   4. Line ends and control characters in values are escaped: one event is one line.
//
//   LogInfo("cycle released", {{"cycle", id}, {"payments", count}, {"total", amount}});
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/secret.h"
#include "core/status.h"

namespace sluice {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };
enum class LogFormat : std::uint8_t {
  kText,  // 2026-10-05T12:53:00.123Z info cycle released cycle=cyc_... total=1,250.00
  kJson,  // {"time":"...","level":"info","event":"cycle released","cycle":"cyc_...",...}
};

struct LogOptions {
  LogFormat format = LogFormat::kText;
  LogLevel least = LogLevel::kInfo;
  std::string file;  // appended to; empty for standard error
};

// What may be logged. Money logs as grouped dollars, in JSON as text: no reader turns it into a
// binary fraction.
class LogValue {
 public:
  LogValue(std::string_view text) : text_(text) {}  // NOLINT: implicit, so that fields read well
  LogValue(const std::string& text) : text_(text) {}
  LogValue(const char* text) : text_(text) {}
  LogValue(bool value) : text_(value ? "true" : "false"), bare_(true) {}
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) LogValue(T value)
      : text_(fmt::to_string(value)), bare_(true) {}
  LogValue(Money amount) : text_(amount.ToString()) {}
  LogValue(Date date) : text_(FormatDate(date)) {}
  LogValue(Instant instant) : text_(instant.ToString()) {}
  LogValue(const Status& status) : text_(StatusCodeName(status) + ": " + StatusMessage(status)) {}
  template <typename Tag>
  LogValue(Id<Tag> id) : text_(id.ToString()) {}
  template <typename T>
  LogValue(const Secret<T>&) = delete;

  const std::string& Text() const { return text_; }
  // Whether JSON writes it without quotes.
  bool IsBare() const { return bare_; }

 private:
  std::string text_;
  bool bare_ = false;
};

struct LogField {
  std::string_view key;
  LogValue value;
};

// Sends the log where `options` say, for the whole process; call it once, at the start. Without it
// the log goes to standard error as text. Unavailable when the file cannot be opened.
Status ConfigureLog(const LogOptions& options);

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);
inline void LogDebug(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kDebug, event, fields);
}
inline void LogInfo(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kInfo, event, fields);
}
inline void LogWarning(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kWarning, event, fields);
}
inline void LogError(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kError, event, fields);
}

// The line of an event without time and level, as the log writes it.
std::string FormatLogLine(LogFormat format, std::string_view event,
                          std::initializer_list<LogField> fields);

}  // namespace sluice
