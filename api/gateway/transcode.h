// JSON over HTTPS and messages: the rules of google.api.http, in both directions.
//
//   1. What the path binds, then the body, then query parameters make the request. A field is said
//      once: in the path and again elsewhere with another value is refused.
//   2. int64 is written as a string, so that cents never pass through a number of a browser; both
//      forms are read. Names are lowerCamel on the way out, both spellings on the way in. Enums go
//      by name. Zeros are printed: an amount of 0 is visible.
//   3. An unknown field, query parameter or enum value is refused, never passed over.
//   4. No fault repeats what the caller sent beyond the path of the field: it might be an account
//      number.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/gateway/path_template.h"
#include "core/status.h"

namespace sluice::api {

// One HTTP route of a method.
struct MethodRoute {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string http_method;
  std::string path;  // the template
  std::string body;  // empty: no body; "*": the whole request; else a field of it
};

// Every route of these services, additional bindings included, in the order of the definition.
// FailedPrecondition names a method without a route, a path variable or body that is no field of
// the request, and a template that does not parse.
StatusOr<std::vector<MethodRoute>> RoutesOfServices(
    std::span<const google::protobuf::ServiceDescriptor* const> services);

// The routes with the index of each as its target. AlreadyExists when two cannot be told apart.
StatusOr<Routes> BuildRoutes(std::span<const MethodRoute> routes);

struct HttpRequest {
  std::span<const PathBinding> bindings;
  std::string_view query;  // what stands behind '?', as sent
  std::string_view body;
};

// Fills `request`, which is empty, from an HTTP request. InvalidArgument names the field.
Status ReadRequest(const MethodRoute& route, const HttpRequest& http,
                   google::protobuf::Message& request);

// What headers say of a call beside its fields.
struct CallHeaders {
  std::string idempotency_key;  // "Idempotency-Key"; empty for none
  std::string if_match;         // "If-Match" as sent, one quoted etag; empty for none
};

// Puts the headers into `request_id` and `etag` (or the `etag` of the one message that the body is,
// where the request has none itself). InvalidArgument when the call has no such field, or says
// another value there.
Status TakeHeaders(const MethodRoute& route, const CallHeaders& headers,
                   google::protobuf::Message& request);

// The JSON of an answer. The caller has cleared what never comes out (contract/field_behavior.h).
// Internal for an answer that JSON cannot say: a text that is not UTF-8, a time beyond year 9999.
StatusOr<std::string> WriteJson(const google::protobuf::Message& answer);

}  // namespace sluice::api
