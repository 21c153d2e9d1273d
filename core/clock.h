// Where services get "now". Rules never hold a clock: they receive the date they need.
#pragma once

#include "core/date.h"

namespace sluice {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  Instant Now() override;
};

// A clock that stands at a given instant until it is moved. Tests and the demo use it, so that a
// run can be repeated to the same bytes.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start) {}
  Instant Now() override { return now_; }
  void Set(Instant now) { now_ = now; }
  void AdvanceMicros(std::int64_t micros) { now_ = Instant::FromMicros(now_.Micros() + micros); }

 private:
  Instant now_;
};

}  // namespace sluice
