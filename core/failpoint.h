// Named places where a test stops the program as an accident would: what was committed stays, and
// nothing after the place happens.
//
//   RETURN_IF_ERROR(Failpoint("file.after_fsync"));
//
//   1. SLUICE_FAILPOINT=NAME:ACTION[:NTH][,...] arms places. ACTION is `crash` (SIGKILL), `error`
//      (the place answers Unavailable) or `sleep=MILLISECONDS`. NTH counts visits and is 1 when it
//      is left out. Each entry happens once.
//   2. A release build has no failpoints: every place is passed, and arming one is refused.
//   3. Every place stands in Failpoints(), with what is true there; visiting another is a bug.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/status.h"

namespace sluice {

namespace internal {
// Something is armed, or visits are counted.
inline std::atomic<bool> failpoints_watched = false;
Status VisitFailpoint(std::string_view name);
}  // namespace internal

// Ok, unless the place is armed. Costs the reading of a flag.
inline Status Failpoint(std::string_view name) {
  if (!internal::failpoints_watched.load(std::memory_order_relaxed)) return OkStatus();
  return internal::VisitFailpoint(name);
}

struct FailpointPlace {
  std::string_view name;
  std::string_view meaning;  // what is done there and what is not
};
std::span<const FailpointPlace> Failpoints();

// InvalidArgument names the part of `spec` that is wrong; FailedPrecondition in a release build.
// Empty: nothing is armed any more.
Status ArmFailpoints(std::string_view spec);
// The same with the environment's SLUICE_FAILPOINT; ok when there is none. A program calls it
// before it does anything.
Status ArmFailpointsOfEnvironment();

// From now on visits are counted; the counts so far, by place.
void CountFailpoints();
std::map<std::string, std::int64_t> FailpointVisits();

}  // namespace sluice
