// The published contract as an OpenAPI 3.1 document: for clients that know HTTP and JSON only.
//
//   1. What it says is what the gateway does (gateway/transcode.h): names in lowerCamel, int64 as
//      text, enums by name, unknown fields refused.
//   2. A path has a parameter for each id: the pattern "payers/*/parties/*" of a route is
//      /v1/payers/{payer}/parties/{party}. What the path says is not asked for again in the body.
//   3. The order is that of the definition, so that a change shows as its own lines.
#pragma once

#include <google/protobuf/descriptor.h>

#include <span>
#include <string>

#include "core/status.h"

namespace sluice::api {

// The document of these services. Their descriptors have the comments of the definition, which
// become descriptions: a pool that was made with source information. FailedPrecondition names a
// method whose route cannot be said.
StatusOr<std::string> OpenApiOf(
    std::span<const google::protobuf::ServiceDescriptor* const> services, std::string_view version);

// The name of one thing of a collection: "parties" -> "party", "runs" -> "run".
std::string SingularOf(std::string_view collection);

}  // namespace sluice::api
