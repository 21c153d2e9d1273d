// CHECK: for what can only be a bug. It stays on in every build and stops the process.
//
// Never for user input, and never for an outcome the caller can act on: those are a Status.
#pragma once

namespace sluice {

// Prints the place and the broken condition to standard error and aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition);

}  // namespace sluice

#define CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::sluice::CheckFailed(__FILE__, __LINE__, #condition))
