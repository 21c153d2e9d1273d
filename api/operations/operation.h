// Long work as it is kept: a call whose work goes on after its answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/id.h"
#include "payments/approval.h"

namespace sluice::api {

struct OperationTag {
  static constexpr std::string_view kPrefix = "opn";
};
using OperationId = Id<OperationTag>;

// The numbers are stored.
enum class OperationState : std::int16_t {
  kWaiting = 0,
  kRunning = 1,
  kSucceeded = 2,
  kFailed = 3,
  kCanceled = 4,
};

struct Operation {
  OperationId id;
  std::string method;  // "sluice.payments.v1.RunService/ReleaseRun"
  std::string target;  // the name of what it works on
  // What only one operation at a time may work on; also the name of the lease.
  std::string job;
  payments::Actor actor;  // in whose name
  std::string request;    // the bytes of the method's request
  OperationState state = OperationState::kWaiting;
  std::string phase;
  std::int64_t items_done = 0;
  std::int64_t items_total = 0;  // 0 while not known
  std::int32_t attempts = 0;
  bool cancel_requested = false;
  Instant created_at;
  std::optional<Instant> ended_at;
  std::string result;  // of one that ended: a google.protobuf.Any, or a google.rpc.Status

  bool HasEnded() const { return ended_at.has_value(); }
};

}  // namespace sluice::api
