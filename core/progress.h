// Progress of a long step, for the person who waits for it.
//
// On a terminal one line is updated in place, at most ten times a second. Elsewhere (a log, a pipe)
// plain lines are written: one at the start, then at most one every five seconds, and one at the
// end with the count and the time taken. Not for several threads at once.
//
//   Progress progress("calculating contracts", contracts.size());
//   for (...) { ...; progress.Add(1); }
//   progress.Finish();
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace sluice {

// Where progress goes and how.
struct ProgressOutput {
  std::ostream* out = nullptr;  // nothing is written when null
  bool terminal = false;        // update in place
  Clock* clock = nullptr;       // required with `out`

  // Standard error, in place when it is a terminal.
  static ProgressOutput StandardError();
};

class Progress {
 public:
  // `what` says what is being done; `total` is the number of items where it is known.
  explicit Progress(std::string_view what, std::optional<std::int64_t> total = std::nullopt,
                    ProgressOutput output = ProgressOutput::StandardError());
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  // Without Finish() the step has failed: the line says how far it came.
  ~Progress();

  void Add(std::int64_t items);
  std::int64_t Done() const { return done_; }
  // Writes the last line. `note` replaces the count, for instance "3,000 paid, 12 held".
  void Finish(std::string_view note = {});

 private:
  void Write(std::string_view text, bool last);
  std::string Describe() const;
  std::string Elapsed() const;

  std::string what_;
  std::optional<std::int64_t> total_;
  ProgressOutput output_;
  std::int64_t done_ = 0;
  Instant start_;
  Instant next_;
  std::size_t width_ = 0;  // of the line that stands on the terminal
  bool finished_ = false;
};

}  // namespace sluice
