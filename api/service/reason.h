// The reason of a failure as a stable name, on its way from whoever refuses to the caller.
//
// The same reason always means the same thing. A status without one has its code's name.
#pragma once

#include <google/rpc/status.pb.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/status.h"

namespace sluice::api {

inline constexpr std::string_view kEtagMismatch = "ETAG_MISMATCH";
inline constexpr std::string_view kIdReused = "ID_REUSED";
inline constexpr std::string_view kStepUpRequired = "STEP_UP_REQUIRED";
inline constexpr std::string_view kCsrf = "CSRF";
inline constexpr std::string_view kOperationRunning = "OPERATION_RUNNING";

Status WithReason(Status status, std::string_view reason);
// InvalidArgument over fields: each with the rule and what to do, never with its value.
Status WrongFields(const std::vector<std::pair<std::string, std::string>>& faults);

// With how long to wait before the call is sent again.
Status RetryAfter(Status status, std::chrono::microseconds wait);

// The status with its details, as both transports carry it.
google::rpc::Status ToRpcStatus(const Status& status);
// The same for whoever called: what is our fault says nothing but the id of the call, which the log
// has, too.
google::rpc::Status ShownStatus(const Status& status, const std::string& instance);
bool IsOurFault(const Status& status);
// The reverse of ToRpcStatus.
Status FromRpcStatus(const google::rpc::Status& status);

}  // namespace sluice::api
