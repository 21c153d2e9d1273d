// Signing in and out over HTTPS: what stands under /auth/ beside the calls of the contract.
//
//   POST /auth/sign-in         a name, a password and a code
//   POST /auth/step-up         the same person again, before what needs it
//   POST /auth/sign-out
//   GET  /auth/session         who is signed in, and the CSRF token of a browser's session
//   POST /auth/factor/enroll   a second factor; and its first code:
//   POST /auth/factor/confirm
//   GET  /auth/login           to the issuer of a payer's people
//   GET  /auth/callback        and back from it
//
//   1. A browser's token is in a `__Host-` cookie that no script reads and no other site sends;
//      other callers ask for it with "keep": "token".
//   2. What a cookie authenticates and changes something needs the CSRF token of its session.
//   3. An address may try so often and then waits, and so does an account (sign_in.h).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/identity/authenticator.h"
#include "api/identity/openid.h"
#include "api/identity/sign_in.h"
#include "api/server/http_message.h"
#include "api/service/rate_limit.h"
#include "api/service/service.h"
#include "core/status.h"

namespace sluice::api {

// Where signed-in browsers keep their session, and for ten minutes what a sign-in at an issuer
// began with.
inline constexpr std::string_view kSessionCookie = "__Host-sluice";
inline constexpr std::string_view kLoginCookie = "__Host-sluice-login";

// Who calls, as a request of HTTP says it. InvalidArgument for two tokens at once.
StatusOr<Caller> CallerOf(const HttpCall& call, const std::string& instance);

class AuthPages {
 public:
  struct Parts {
    SignInService& sign_in;
    Authenticator& authenticator;
    Clock& clock;
    std::vector<OpenIdClient*> issuers = {};
    RateLimit address_limit = {.burst = 30, .per_second = 3};
  };
  explicit AuthPages(Parts parts);

  // The methods of a path; empty when there is no such page.
  std::vector<std::string> MethodsOf(std::string_view path) const;
  // Requires: the page has the method. Safe to call from several threads.
  HttpReply Answer(const HttpCall& call, const std::string& instance) const;

 private:
  using Page = StatusOr<HttpReply> (AuthPages::*)(const HttpCall&, const std::string&) const;

  StatusOr<HttpReply> SignIn(const HttpCall& call, const std::string& instance) const;
  StatusOr<HttpReply> StepUp(const HttpCall& call, const std::string& instance) const;
  StatusOr<HttpReply> SignOut(const HttpCall& call, const std::string& instance) const;
  StatusOr<HttpReply> ShowSession(const HttpCall& call, const std::string& instance) const;
  StatusOr<HttpReply> EnrollFactor(const HttpCall& call, const std::string& instance) const;
  StatusOr<HttpReply> ConfirmFactor(const HttpCall& call, const std::string& instance) const;
  StatusOr<HttpReply> Login(const HttpCall& call, const std::string& instance) const;
  StatusOr<HttpReply> Callback(const HttpCall& call, const std::string& instance) const;

  StatusOr<CallerSession> SessionOf(const Caller& caller) const;
  // Null when the payer has none. Without a payer, the one there is.
  OpenIdClient* IssuerOf(const std::string& payer) const;

  Parts parts_;
  std::map<std::string, std::map<std::string, Page>, std::less<>> pages_;
  mutable RateLimiter address_limiter_;
};

}  // namespace sluice::api
