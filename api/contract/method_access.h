// What the published contract says of a method: which cell of the permission matrix it needs, and
// whether it changes something. Read from the descriptors, so there is no second list.
#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/access/matrix.h"
#include "core/status.h"

namespace sluice::api {

struct MethodAccess {
  // The cell; unset: any signed-in caller, who reads about themselves and their own work only.
  std::optional<Resource> resource;
  std::optional<Verb> verb;
  bool step_up = false;
  bool mutation = false;
};

// "sluice.payments.v1.RunService/ApproveRun".
std::string MethodName(const google::protobuf::MethodDescriptor& method);

// FailedPrecondition names the method when it does not say what it needs: such a method is never
// served.
StatusOr<MethodAccess> AccessOf(const google::protobuf::MethodDescriptor& method);

// Faults of the contract, each with its method; empty when it may be served:
//   1. every method says what it needs, and some role or job has it;
//   2. a method that changes something has a `request_id`, and one that does not has none;
//   3. what the matrix wants a fresh sign-in for is marked so, and nothing else;
//   4. a list has page_size and page_token, and its answer next_page_token;
//   5. no flag is required: false could not be told from missing.
std::vector<std::string> ContractFaults(
    std::span<const google::protobuf::ServiceDescriptor* const> services);

}  // namespace sluice::api
