// What each SQLSTATE means for the caller. One table, so that all engine differences sit here.
//
//   transient  nothing happened; Transact runs the function again
//   definite   nothing happened, and the same request would fail again
//   ambiguous  the outcome is unknown (never a SQLSTATE: a connection lost after COMMIT was sent)
//   bug        a statement or schema error of ours; nothing happened
#pragma once

#include <cstdint>
#include <string_view>

#include "core/status.h"

namespace sluice::pg {

enum class ErrorKind : std::uint8_t { kTransient, kDefinite, kAmbiguous, kBug };

struct SqlstateRule {
  std::string_view prefix;  // two characters: a class; five: one state, which wins over its class
  absl::StatusCode code;
  ErrorKind kind;
  // Whether the server's own primary message never holds a value of a row or parameter, so that it
  // may be shown and logged.
  bool message_is_safe;
  std::string_view meaning;
};

// The rule for a SQLSTATE; the empty one is a lost connection. A class the table does not list is
// a bug with an unsafe message: a test keeps the table complete for PostgreSQL 15.
const SqlstateRule& RuleFor(std::string_view sqlstate);
// Whether the table lists the state or its class.
bool IsClassified(std::string_view sqlstate);

}  // namespace sluice::pg
