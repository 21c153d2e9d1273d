// Problems: what an HTTPS caller reads when a call did not succeed (RFC 9457), made from the status
// that the same call has over gRPC. The same reason always means the same thing.
#pragma once

#include <google/rpc/status.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/status.h"

namespace sluice::api {

inline constexpr std::string_view kProblemType = "application/problem+json";
inline constexpr std::string_view kErrorDomain = "sluice";

struct ProblemAnswer {
  int http_status = 500;
  std::string body;  // JSON of sluice.core.v1.Problem
  std::optional<std::int64_t> retry_after_seconds;
};

struct ProblemContext {
  std::string instance;   // the id of the call
  bool if_match = false;  // the caller asked by If-Match: a mismatch is 412 and not 409
};

// "FAILED_PRECONDITION"; "UNKNOWN" for a code that is not known.
std::string_view CodeName(int grpc_code);
// The HTTP status of a gRPC code; 500 for a code that is not known.
int HttpStatusOf(int grpc_code);

// What is our fault says nothing but the id of the call, whatever the status says: the log has it.
ProblemAnswer ProblemOf(const google::rpc::Status& status, const ProblemContext& context);

// A problem of HTTP itself: 404, 405, 406, 413, 414, 415, 431. `reason` begins with HTTP_.
ProblemAnswer HttpProblem(int http_status, std::string_view reason, const std::string& detail,
                          const ProblemContext& context);

// The status with its one ErrorInfo: what handlers answer with. Without a reason the code's name
// stands for it.
google::rpc::Status StatusWithReason(const Status& status, std::string_view reason = {});

}  // namespace sluice::api
