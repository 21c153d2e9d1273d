// What an HTTPS request is answered with: calls of the contract by their routes, and the few pages
// beside them. Knows no socket: a request goes in as values and an answer comes out.
//
//   1. Routes are read from the linked descriptors once; two that a path could not tell apart are
//      refused at the start.
//   2. Every failure is a problem (RFC 9457) with the id of the call.
//   3. A browser is known by a cookie that scripts cannot read, other callers by
//      "Authorization: Bearer" or a client certificate; two tokens at once are refused.
//   4. Every answer has the headers that keep browsers safe; long ones are packed for whoever takes
//      gzip, unless a secret is in them.
//   5. A stream is answered with server-sent events, each with its id; "Last-Event-ID" goes on
//      behind it.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/gateway/path_template.h"
#include "api/gateway/transcode.h"
#include "api/identity/authenticator.h"
#include "api/server/auth_pages.h"
#include "api/server/http_message.h"
#include "api/server/metrics.h"
#include "api/server/static_files.h"
#include "api/service/service.h"
#include "core/status.h"

namespace sluice::api {

class HttpApi {
 public:
  struct Parts {
    Service& service;
    Authenticator& authenticator;
    AuthPages& auth;
    Metrics& metrics;
    IdGenerator& ids;
    // OK while the server can answer calls: the database is there.
    std::function<Status()> ready;
  };
  // FailedPrecondition and AlreadyExists name a fault of the contract's routes.
  static StatusOr<std::unique_ptr<HttpApi>> Make(Parts parts);

  // Safe to call from several threads.
  HttpReply Answer(const HttpCall& call) const;
  // A problem of HTTP itself, for what does not become a call: too large, too slow, malformed.
  HttpReply Refuse(int status, std::string_view reason, const std::string& detail) const;

  // The portal's files from now on; null for none.
  void UsePortal(std::shared_ptr<const StaticFiles> portal);

 private:
  explicit HttpApi(Parts parts) : parts_(std::move(parts)) {}

  HttpReply AnswerRoute(const HttpCall& call, const std::string& instance,
                        std::string& label) const;
  HttpReply AnswerMethod(const MethodRoute& route, const std::vector<PathBinding>& bindings,
                         const HttpCall& call, const std::string& instance) const;
  HttpReply AnswerStream(const MethodRoute& route, const HttpCall& call, const Caller& caller,
                         std::shared_ptr<google::protobuf::Message> request) const;
  HttpReply AnswerPage(const HttpCall& call, std::string_view path,
                       const std::string& instance) const;
  HttpReply AnswerPortal(const HttpCall& call, const std::string& instance) const;
  static void Complete(HttpReply& reply, const HttpCall& call);

  Parts parts_;
  std::vector<MethodRoute> methods_;
  Routes routes_;
  mutable std::mutex portal_mutex_;
  std::shared_ptr<const StaticFiles> portal_;
};

}  // namespace sluice::api
