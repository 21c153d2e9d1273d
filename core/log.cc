#include "core/log.h"

#include <memory>
#include <mutex>

// Debian builds spdlog with the system's fmt; the macro comes with its CMake target.
#include "spdlog/pattern_formatter.h"
#include "spdlog/sinks/basic_file_sink.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

struct Destination {
  std::shared_ptr<spdlog::logger> logger;
  LogFormat format = LogFormat::kText;
};

Destination MakeDestination(const LogOptions& options) {
  spdlog::sink_ptr sink;
  if (options.file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file, /*truncate=*/false);
  }
  auto logger = std::make_shared<spdlog::logger>("sluice", std::move(sink));
  logger->set_level(SpdlogLevel(options.least));
  logger->flush_on(spdlog::level::info);
  const char* const pattern = options.format == LogFormat::kText
                                  ? "%Y-%m-%dT%H:%M:%S.%eZ %l %v"
                                  : R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})";
  logger->set_formatter(
      std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc, "\n"));
  return {std::move(logger), options.format};
}

std::mutex& DestinationMutex() {
  static std::mutex mutex;
  return mutex;
}

Destination& CurrentDestination() {
  static Destination destination = MakeDestination({});
  return destination;
}

void AppendEscaped(std::string& line, std::string_view text) {
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (c == '\n') {
      line += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      line += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      line += c;
    }
  }
}

void AppendQuoted(std::string& line, std::string_view text) {
  line += '"';
  AppendEscaped(line, text);
  line += '"';
}

bool NeedsQuotes(std::string_view text) {
  if (text.empty()) return true;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '=' || c == '\\' || c == 0x7F) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string FormatLogLine(LogFormat format, std::string_view event,
                          std::initializer_list<LogField> fields) {
  std::string line;
  if (format == LogFormat::kText) {
    AppendEscaped(line, event);
    for (const LogField& field : fields) {
      line += ' ';
      line += field.key;
      line += '=';
      if (NeedsQuotes(field.value.Text())) {
        AppendQuoted(line, field.value.Text());
      } else {
        line += field.value.Text();
      }
    }
    return line;
  }
  line = "\"event\":";
  AppendQuoted(line, event);
  for (const LogField& field : fields) {
    line += ',';
    AppendQuoted(line, field.key);
    line += ':';
    if (field.value.IsBare()) {
      line += field.value.Text();
    } else {
      AppendQuoted(line, field.value.Text());
    }
  }
  return line;
}

Status ConfigureLog(const LogOptions& options) {
  try {
    Destination destination = MakeDestination(options);
    const std::scoped_lock lock(DestinationMutex());
    CurrentDestination() = std::move(destination);
  } catch (const spdlog::spdlog_ex& error) {
    return Unavailable("log file {}: {}", options.file, error.what());
  }
  return OkStatus();
}

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  Destination destination;
  {
    const std::scoped_lock lock(DestinationMutex());
    destination = CurrentDestination();
  }
  if (!destination.logger->should_log(SpdlogLevel(level))) return;
  const std::string line = FormatLogLine(destination.format, event, fields);
  destination.logger->log(SpdlogLevel(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace sluice
