// Status and StatusOr: outcomes that the caller can act on.
//
// Choose the code by what the caller should do: InvalidArgument fix the request; NotFound;
// AlreadyExists; FailedPrecondition change something else first; Aborted run the whole operation
// again; Unavailable try again later; DeadlineExceeded ask what became of it; Unauthenticated sign
// in; PermissionDenied somebody else must do it. A message names the thing and the rule.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sluice {

using absl::OkStatus;
using absl::Status;
using absl::StatusOr;

// Debian's Abseil has a string_view of its own; messages cross as std::string.
std::string StatusMessage(const Status& status);

// The code's name as the field writes it, for instance "FAILED_PRECONDITION".
std::string StatusCodeName(const Status& status);

// The same code with `prefix` and ": " before the message: where in the work it happened.
Status Annotate(const Status& status, std::string_view prefix);

#define SLUICE_STATUS_FACTORY(Name)                                             \
  template <typename... Args>                                                   \
  Status Name(fmt::format_string<Args...> format, Args&&... args) {             \
    return absl::Name##Error(fmt::format(format, std::forward<Args>(args)...)); \
  }

SLUICE_STATUS_FACTORY(InvalidArgument)
SLUICE_STATUS_FACTORY(NotFound)
SLUICE_STATUS_FACTORY(AlreadyExists)
SLUICE_STATUS_FACTORY(FailedPrecondition)
SLUICE_STATUS_FACTORY(PermissionDenied)
SLUICE_STATUS_FACTORY(Unauthenticated)
SLUICE_STATUS_FACTORY(ResourceExhausted)
SLUICE_STATUS_FACTORY(Aborted)
SLUICE_STATUS_FACTORY(DeadlineExceeded)
SLUICE_STATUS_FACTORY(Unavailable)
SLUICE_STATUS_FACTORY(Unimplemented)
SLUICE_STATUS_FACTORY(DataLoss)
SLUICE_STATUS_FACTORY(Internal)

#undef SLUICE_STATUS_FACTORY

}  // namespace sluice

#define SLUICE_STATUS_CONCAT_(a, b) a##b
#define SLUICE_STATUS_CONCAT(a, b) SLUICE_STATUS_CONCAT_(a, b)

#define RETURN_IF_ERROR(expression)                                           \
  do {                                                                        \
    if (::absl::Status sluice_status_ = (expression); !sluice_status_.ok()) { \
      return sluice_status_;                                                  \
    }                                                                         \
  } while (false)

#define ASSIGN_OR_RETURN(declaration, expression)                                         \
  SLUICE_ASSIGN_OR_RETURN_(SLUICE_STATUS_CONCAT(sluice_statusor_, __LINE__), declaration, \
                           expression)

#define SLUICE_ASSIGN_OR_RETURN_(temporary, declaration, expression) \
  auto temporary = (expression);                                     \
  if (!temporary.ok()) return temporary.status();                    \
  declaration = std::move(temporary).value()
