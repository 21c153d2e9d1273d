#include "core/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "core/check.h"

namespace sluice {
namespace {

constexpr std::int64_t kTerminalPauseMicros = 100'000;
constexpr std::int64_t kLinePauseMicros = 5'000'000;

std::string Grouped(std::int64_t value) {
  std::string digits = fmt::to_string(value);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

}  // namespace

ProgressOutput ProgressOutput::StandardError() {
  static SystemClock clock;
  return {.out = &std::cerr, .terminal = isatty(STDERR_FILENO) == 1, .clock = &clock};
}

Progress::Progress(std::string_view what, std::optional<std::int64_t> total, ProgressOutput output)
    : what_(what), total_(total), output_(output) {
  if (output_.out == nullptr) return;
  CHECK(output_.clock != nullptr);
  start_ = output_.clock->Now();
  next_ = Instant::FromMicros(start_.Micros() +
                              (output_.terminal ? kTerminalPauseMicros : kLinePauseMicros));
  Write(what_ + " ...", /*last=*/false);
}

Progress::~Progress() {
  if (!finished_ && output_.out != nullptr) {
    Write(fmt::format("{}: stopped after {}", what_, Describe()), /*last=*/true);
  }
}

void Progress::Add(std::int64_t items) {
  done_ += items;
  if (output_.out == nullptr || finished_) return;
  const Instant now = output_.clock->Now();
  if (now < next_) return;
  next_ = Instant::FromMicros(now.Micros() +
                              (output_.terminal ? kTerminalPauseMicros : kLinePauseMicros));
  Write(fmt::format("{}: {}", what_, Describe()), /*last=*/false);
}

void Progress::Finish(std::string_view note) {
  if (finished_) return;
  finished_ = true;
  if (output_.out == nullptr) return;
  const std::string result = note.empty() ? Grouped(done_) : std::string(note);
  Write(fmt::format("{}: {} in {}", what_, result, Elapsed()), /*last=*/true);
}

std::string Progress::Describe() const {
  if (!total_ || *total_ <= 0) return Grouped(done_);
  return fmt::format("{} of {} ({} %)", Grouped(done_), Grouped(*total_),
                     std::min<std::int64_t>(100, done_ * 100 / *total_));
}

std::string Progress::Elapsed() const {
  const std::int64_t tenths = (output_.clock->Now().Micros() - start_.Micros()) / 100'000;
  if (tenths < 600) return fmt::format("{}.{} s", tenths / 10, tenths % 10);
  return fmt::format("{} min {} s", tenths / 600, tenths / 10 % 60);
}

void Progress::Write(std::string_view text, bool last) {
  std::ostream& out = *output_.out;
  if (!output_.terminal) {
    out << text << '\n' << std::flush;
    return;
  }
  // Blanks cover what a longer line before left behind.
  out << '\r' << text << std::string(width_ > text.size() ? width_ - text.size() : 0, ' ');
  width_ = text.size();
  if (last) out << '\n';
  out << std::flush;
}

}  // namespace sluice
