// Operations as the contract writes them, and how a handler begins one.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/operations/operation.h"
#include "api/service/call.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "sluice/ops/v1/operation.pb.h"

namespace sluice::api {

ops::v1::Operation OperationMessage(PayerId payer, const Operation& operation);

// What a handler begins.
struct BeginOperation {
  std::string target;  // the name of what it works on
  std::string job;     // what only one operation at a time may work on
  bool validate_only = false;
  std::string reason = {};  // for the audit log
  // Whether it may begin, inside the transaction that stores it.
  std::function<Status(pg::Transaction&)> check;
};
// Stores the operation for a worker to take, and answers it. Aborted while another one of the job
// is under way. Only checks and answers, without a name, where `validate_only`.
StatusOr<ops::v1::Operation> Begin(Call& call, const google::protobuf::Message& request,
                                   const BeginOperation& begin);

// The methods that begin operations and that the caller may call in all of the payer.
std::vector<std::string> OperationMethodsOf(const Principal& caller);

}  // namespace sluice::api
