// What an HTTPS request is answered with: calls of the contract by their routes, and the few pages
// beside them. Knows no socket: a request goes in as values and an answer comes out.
//
//   1. Routes are read from the linked descriptors once; two that a path could not tell apart are
//      refused at the start.
//   2. Every failure is a problem (RFC 9457) with the id of the call.
//   3. A browser is known by a cookie that scripts cannot read, other callers by
//      "Authorization: Bearer"; both at once are refused.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/gateway/path_template.h"
#include "api/gateway/transcode.h"
#include "api/identity/sign_in.h"
#include "api/server/metrics.h"
#include "api/service/service.h"
#include "core/status.h"

namespace sluice::api {

struct HttpCall {
  std::string method;  // "GET"
  std::string target;  // path and query, as sent
  // Names in lower case; of a name that came twice, every value in order.
  std::multimap<std::string, std::string, std::less<>> headers;
  std::string body;
  std::string address;  // where it came from
};

struct HttpReply {
  int status = 200;
  std::string type;  // of the body; empty without one
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// Where signed-in browsers keep their session.
inline constexpr std::string_view kSessionCookie = "__Host-sluice";

class HttpApi {
 public:
  struct Parts {
    Service& service;
    SignInService& sign_in;
    Metrics& metrics;
    IdGenerator& ids;
    // Of one address, for sign-in and whatever comes without a session.
    RateLimit address_limit = {.burst = 30, .per_second = 3};
    // OK while the server can answer calls: the database is there.
    std::function<Status()> ready;
  };
  // FailedPrecondition and AlreadyExists name a fault of the contract's routes.
  static StatusOr<std::unique_ptr<HttpApi>> Make(Parts parts);

  // Safe to call from several threads.
  HttpReply Answer(const HttpCall& call) const;
  // A problem of HTTP itself, for what does not become a call: too large, too slow, malformed.
  HttpReply Refuse(int status, std::string_view reason, const std::string& detail) const;

 private:
  explicit HttpApi(Parts parts)
      : parts_(std::move(parts)), address_limiter_(parts_.address_limit) {}

  HttpReply AnswerRoute(const HttpCall& call, const std::string& instance,
                        std::string& label) const;
  HttpReply AnswerMethod(const MethodRoute& route, const std::vector<PathBinding>& bindings,
                         const HttpCall& call, const std::string& instance) const;
  HttpReply AnswerPage(const HttpCall& call, std::string_view path,
                       const std::string& instance) const;
  HttpReply SignIn(const HttpCall& call, const std::string& instance) const;
  HttpReply StepUp(const HttpCall& call, const std::string& instance) const;
  HttpReply SignOut(const HttpCall& call, const std::string& instance) const;

  Parts parts_;
  mutable RateLimiter address_limiter_;
  std::vector<MethodRoute> methods_;
  Routes routes_;
};

}  // namespace sluice::api
