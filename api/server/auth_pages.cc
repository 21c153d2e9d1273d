#include "api/server/auth_pages.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <array>
#include <chrono>
#include <utility>

#include "api/openapi/docs_page.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "core/bytes.h"
#include "core/check.h"
#include "core/crypto.h"
#include "core/query_text.h"

namespace sluice::api {
namespace {

using google::protobuf::Struct;
using Texts = std::map<std::string, std::string>;

constexpr std::string_view kFactorRequired = "FACTOR_REQUIRED";

std::string BearerOf(const HttpCall& call) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string value = HeaderOf(call, "authorization");
  return value.starts_with(kBearer) ? value.substr(kBearer.size()) : "";
}

std::string JsonOf(const Struct& object) {
  std::string json;
  CHECK(google::protobuf::util::MessageToJsonString(object, &json).ok());
  return json;
}

std::pair<std::string, std::string> SetCookie(std::string_view name, std::string_view value,
                                              std::string_view more) {
  return {"Set-Cookie", fmt::format("{}={}; Path=/; Secure; HttpOnly; {}", name, value, more)};
}

std::pair<std::string, std::string> SetSession(const SignedIn& signed_in) {
  return SetCookie(kSessionCookie, signed_in.token.Reveal(), "SameSite=Strict");
}

std::pair<std::string, std::string> DropCookie(std::string_view name, std::string_view same_site) {
  return SetCookie(name, "", fmt::format("SameSite={}; Max-Age=0", same_site));
}

// For a browser the token goes into a cookie and no script sees it; others get it in the body.
HttpReply SignedInReply(const SignedIn& signed_in, PayerId payer, bool bearer) {
  Struct body;
  auto& fields = *body.mutable_fields();
  fields["user"].set_string_value(UserName(payer, signed_in.user));
  fields["expireTime"].set_string_value(signed_in.ends_at.ToString());
  if (bearer) {
    fields["token"].set_string_value(signed_in.token.Reveal());
  } else {
    fields["csrfToken"].set_string_value(signed_in.csrf.Reveal());
  }
  HttpReply reply = JsonReply(JsonOf(body));
  if (!bearer) reply.headers.push_back(SetSession(signed_in));
  return reply;
}

// Of what changes something and no password stands for.
Status CheckCsrf(const Caller& caller) {
  if (!caller.by_cookie) return OkStatus();
  const Secret<std::string> right = SignInService::CsrfOf(caller.token);
  if (ConstantTimeEqual(AsBytes(right.Reveal()), AsBytes(caller.csrf))) return OkStatus();
  return WithReason(
      PermissionDenied(
          "a change that a cookie authenticates needs the X-CSRF-Token of its session"),
      kCsrf);
}

// A page that goes on by itself, instead of a redirect: what the browser asks for next then comes
// from this site, and brings the strict cookie along.
HttpReply GoOnReply(const std::string& to) {
  return TextReply("text/html; charset=utf-8",
                   fmt::format("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                               "<meta http-equiv=\"refresh\" content=\"0; url={0}\">"
                               "<title>Signed in</title><p><a href=\"{0}\">Go on</a></p></html>\n",
                               EscapedForHtml(to)));
}

std::string FieldOrNot(const Texts& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

}  // namespace

StatusOr<Caller> CallerOf(const HttpCall& call, const std::string& instance) {
  const std::string bearer = BearerOf(call);
  const std::string cookie = call.Cookie(kSessionCookie);
  if (!bearer.empty() && !cookie.empty()) {
    return InvalidArgument("the call has a bearer token and a cookie; send one of them");
  }
  return Caller{.token = bearer.empty() ? cookie : bearer,
                .by_cookie = bearer.empty() && !cookie.empty(),
                .csrf = HeaderOf(call, "x-csrf-token"),
                .address = call.address,
                .deadline = std::nullopt,
                .instance = instance,
                .certificate = call.certificate};
}

AuthPages::AuthPages(Parts parts)
    : parts_(std::move(parts)), address_limiter_(parts_.address_limit) {
  pages_["/auth/sign-in"]["POST"] = &AuthPages::SignIn;
  pages_["/auth/step-up"]["POST"] = &AuthPages::StepUp;
  pages_["/auth/sign-out"]["POST"] = &AuthPages::SignOut;
  pages_["/auth/session"]["GET"] = &AuthPages::ShowSession;
  pages_["/auth/factor/enroll"]["POST"] = &AuthPages::EnrollFactor;
  pages_["/auth/factor/confirm"]["POST"] = &AuthPages::ConfirmFactor;
  if (parts_.issuers.empty()) return;
  pages_["/auth/login"]["GET"] = &AuthPages::Login;
  pages_["/auth/callback"]["GET"] = &AuthPages::Callback;
}

std::vector<std::string> AuthPages::MethodsOf(std::string_view path) const {
  std::vector<std::string> methods;
  const auto found = pages_.find(path);
  if (found == pages_.end()) return methods;
  for (const auto& [method, page] : found->second) methods.push_back(method);
  return methods;
}

HttpReply AuthPages::Answer(const HttpCall& call, const std::string& instance) const {
  const auto path = pages_.find(call.Path());
  CHECK(path != pages_.end());
  const auto page = path->second.find(call.method);
  CHECK(page != path->second.end());
  const bool has_body = call.method == "POST" && call.Path() != "/auth/sign-out";
  if (has_body && !call.IsJson()) {
    return FailedHttp(415, "HTTP_MEDIA_TYPE", "the body is application/json", instance);
  }
  const StatusOr<HttpReply> reply = (this->*page->second)(call, instance);
  return reply.ok() ? *reply : Failed(reply.status(), instance);
}

StatusOr<CallerSession> AuthPages::SessionOf(const Caller& caller) const {
  return parts_.authenticator.Authenticate(
      {.token = caller.token, .by_cookie = caller.by_cookie, .certificate = caller.certificate});
}

StatusOr<HttpReply> AuthPages::SignIn(const HttpCall& call, const std::string&) const {
  static constexpr std::array<std::string_view, 5> kFields = {"payer", "name", "password", "code",
                                                              "keep"};
  RETURN_IF_ERROR(address_limiter_.Take(call.address, std::chrono::steady_clock::now()));
  ASSIGN_OR_RETURN(Texts texts, ReadTexts(call.body, kFields));
  const StatusOr<PayerId> payer = PayerId::Parse(texts["payer"]);
  if (!payer.ok()) return InvalidArgument("payer is an id pyr_...");
  ASSIGN_OR_RETURN(const SignedIn signed_in,
                   parts_.sign_in.SignIn({.payer = *payer,
                                          .name = texts["name"],
                                          .password = Password(std::move(texts["password"])),
                                          .address = call.address,
                                          .code = texts["code"]}));
  return SignedInReply(signed_in, *payer, texts["keep"] == "token");
}

StatusOr<HttpReply> AuthPages::StepUp(const HttpCall& call, const std::string& instance) const {
  static constexpr std::array<std::string_view, 2> kFields = {"password", "code"};
  ASSIGN_OR_RETURN(Texts texts, ReadTexts(call.body, kFields));
  ASSIGN_OR_RETURN(const Caller caller, CallerOf(call, instance));
  ASSIGN_OR_RETURN(const CallerSession session, SessionOf(caller));
  const StatusOr<SignedIn> signed_in = parts_.sign_in.StepUp(
      caller.token, {Password(std::move(texts["password"])), texts["code"]}, call.address);
  if (signed_in.status().code() == absl::StatusCode::kFailedPrecondition) {
    return WithReason(signed_in.status(), kFactorRequired);
  }
  if (!signed_in.ok()) return signed_in.status();
  return SignedInReply(*signed_in, session.principal.payer, !caller.by_cookie);
}

StatusOr<HttpReply> AuthPages::SignOut(const HttpCall& call, const std::string& instance) const {
  ASSIGN_OR_RETURN(const Caller caller, CallerOf(call, instance));
  RETURN_IF_ERROR(CheckCsrf(caller));
  RETURN_IF_ERROR(parts_.sign_in.SignOut(caller.token));
  HttpReply reply = JsonReply("{}");
  // Another site may send this without the cookie, and must not make a browser drop it.
  if (caller.by_cookie) reply.headers.push_back(DropCookie(kSessionCookie, "Strict"));
  return reply;
}

StatusOr<HttpReply> AuthPages::ShowSession(const HttpCall& call,
                                           const std::string& instance) const {
  ASSIGN_OR_RETURN(const Caller caller, CallerOf(call, instance));
  ASSIGN_OR_RETURN(const CallerSession session, SessionOf(caller));
  Struct body;
  auto& fields = *body.mutable_fields();
  fields["user"].set_string_value(UserName(session.principal.payer, session.principal.user));
  fields["stepUpValid"].set_bool_value(IsSteppedUp(session, parts_.clock.Now()));
  if (session.ends_at) fields["expireTime"].set_string_value(session.ends_at->ToString());
  if (caller.by_cookie) {
    fields["csrfToken"].set_string_value(SignInService::CsrfOf(caller.token).Reveal());
  }
  return JsonReply(JsonOf(body));
}

StatusOr<HttpReply> AuthPages::EnrollFactor(const HttpCall& call,
                                            const std::string& instance) const {
  static constexpr std::array<std::string_view, 2> kFields = {"password", "code"};
  ASSIGN_OR_RETURN(Texts texts, ReadTexts(call.body, kFields));
  ASSIGN_OR_RETURN(const Caller caller, CallerOf(call, instance));
  RETURN_IF_ERROR(CheckCsrf(caller));
  ASSIGN_OR_RETURN(
      const EnrolledFactor enrolled,
      parts_.sign_in.EnrollFactor(
          caller.token, {Password(std::move(texts["password"])), texts["code"]}, call.address));
  Struct body;
  (*body.mutable_fields())["secret"].set_string_value(enrolled.secret.Reveal());
  (*body.mutable_fields())["uri"].set_string_value(enrolled.uri.Reveal());
  return JsonReply(JsonOf(body));
}

StatusOr<HttpReply> AuthPages::ConfirmFactor(const HttpCall& call,
                                             const std::string& instance) const {
  static constexpr std::array<std::string_view, 1> kFields = {"code"};
  ASSIGN_OR_RETURN(Texts texts, ReadTexts(call.body, kFields));
  ASSIGN_OR_RETURN(const Caller caller, CallerOf(call, instance));
  RETURN_IF_ERROR(CheckCsrf(caller));
  RETURN_IF_ERROR(parts_.sign_in.ConfirmFactor(caller.token, texts["code"], call.address));
  return JsonReply("{}");
}

OpenIdClient* AuthPages::IssuerOf(const std::string& payer) const {
  if (payer.empty() && parts_.issuers.size() == 1) return parts_.issuers.front();
  for (OpenIdClient* const issuer : parts_.issuers) {
    if (issuer->Payer().ToString() == payer) return issuer;
  }
  return nullptr;
}

StatusOr<HttpReply> AuthPages::Login(const HttpCall& call, const std::string& instance) const {
  RETURN_IF_ERROR(address_limiter_.Take(call.address, std::chrono::steady_clock::now()));
  ASSIGN_OR_RETURN(const Texts query, ReadQuery(call.Query()));
  OpenIdClient::Intent intent;
  if (query.contains("to")) intent.to = query.at("to");
  std::string payer = FieldOrNot(query, "payer");
  if (FieldOrNot(query, "again") == "1") {
    ASSIGN_OR_RETURN(const Caller caller, CallerOf(call, instance));
    ASSIGN_OR_RETURN(const CallerSession session, SessionOf(caller));
    intent.again = {.user = session.principal.user, .session = session.id};
    payer = session.principal.payer.ToString();
  }
  OpenIdClient* const issuer = IssuerOf(payer);
  if (issuer == nullptr) {
    return InvalidArgument("name the payer whose issuer to sign in at: /auth/login?payer=pyr_...");
  }
  ASSIGN_OR_RETURN(const OpenIdClient::Start start, issuer->Begin(intent));
  HttpReply reply{.status = 303, .type = "", .headers = {}, .body = ""};
  reply.headers.emplace_back("Location", start.url);
  // Lax: the way back from the issuer comes from another site.
  reply.headers.push_back(SetCookie(kLoginCookie, start.cookie, "SameSite=Lax; Max-Age=600"));
  return reply;
}

StatusOr<HttpReply> AuthPages::Callback(const HttpCall& call, const std::string& instance) const {
  RETURN_IF_ERROR(address_limiter_.Take(call.address, std::chrono::steady_clock::now()));
  const auto finish = [&]() -> StatusOr<HttpReply> {
    ASSIGN_OR_RETURN(const Texts query, ReadQuery(call.Query()));
    const std::string cookie = call.Cookie(kLoginCookie);
    OpenIdClient* const issuer = IssuerOf(cookie.substr(0, cookie.find('.')));
    if (cookie.empty() || issuer == nullptr) {
      return Unauthenticated("this browser began no sign-in; begin at /auth/login");
    }
    ASSIGN_OR_RETURN(const OpenIdClient::Person person,
                     issuer->Finish({.cookie = cookie,
                                     .state = FieldOrNot(query, "state"),
                                     .code = FieldOrNot(query, "code"),
                                     .error = FieldOrNot(query, "error"),
                                     .issuer = FieldOrNot(query, "iss")}));
    ASSIGN_OR_RETURN(const SignedIn signed_in,
                     parts_.sign_in.SignInAtIssuer({.payer = issuer->Payer(),
                                                    .name = person.name,
                                                    .address = call.address,
                                                    .again = person.again}));
    HttpReply reply = GoOnReply(person.to);
    reply.headers.push_back(SetSession(signed_in));
    return reply;
  };
  StatusOr<HttpReply> finished = finish();
  HttpReply reply = finished.ok() ? *std::move(finished) : Failed(finished.status(), instance);
  reply.headers.push_back(DropCookie(kLoginCookie, "Lax"));
  return reply;
}

}  // namespace sluice::api
