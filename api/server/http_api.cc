#include "api/server/http_api.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <array>
#include <optional>

#include "api/contract/published.h"
#include "api/gateway/problem.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "core/check.h"

namespace sluice::api {
namespace {

using google::protobuf::Message;
using google::protobuf::MessageFactory;

constexpr char kJson[] = "application/json";

// Of every answer (OWASP: REST security).
const std::array<std::pair<std::string, std::string>, 6> kAlways = {{
    {"Strict-Transport-Security", "max-age=31536000; includeSubDomains"},
    {"X-Content-Type-Options", "nosniff"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
}};

// The value of a header; empty when it is not there.
std::string HeaderOf(const HttpCall& call, std::string_view name) {
  const auto found = call.headers.find(name);
  return found == call.headers.end() ? "" : found->second;
}

std::string CookieOf(const HttpCall& call) {
  const std::string all = HeaderOf(call, "cookie");
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find(';', at), all.size());
    std::string_view one = std::string_view(all).substr(at, end - at);
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.starts_with(kSessionCookie) && one.substr(kSessionCookie.size()).starts_with('=')) {
      return std::string(one.substr(kSessionCookie.size() + 1));
    }
    at = end + 1;
  }
  return "";
}

std::string BearerOf(const HttpCall& call) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string value = HeaderOf(call, "authorization");
  return value.starts_with(kBearer) ? value.substr(kBearer.size()) : "";
}

StatusOr<Caller> CallerOf(const HttpCall& call, const std::string& instance) {
  const std::string bearer = BearerOf(call);
  const std::string cookie = CookieOf(call);
  if (!bearer.empty() && !cookie.empty()) {
    return InvalidArgument("the call has a bearer token and a cookie; send one of them");
  }
  return Caller{.token = bearer.empty() ? cookie : bearer,
                .by_cookie = bearer.empty() && !cookie.empty(),
                .csrf = HeaderOf(call, "x-csrf-token"),
                .address = call.address,
                .deadline = std::nullopt,
                .instance = instance};
}

HttpReply JsonReply(std::string body) {
  return {.status = 200, .type = kJson, .headers = {}, .body = std::move(body)};
}

HttpReply ReplyOf(const ProblemAnswer& problem) {
  HttpReply reply{.status = problem.http_status,
                  .type = std::string(kProblemType),
                  .headers = {},
                  .body = problem.body};
  if (problem.retry_after_seconds) {
    reply.headers.emplace_back("Retry-After", fmt::format("{}", *problem.retry_after_seconds));
  }
  return reply;
}

HttpReply Failed(const Status& status, const std::string& instance, bool if_match = false) {
  return ReplyOf(ProblemOf(ToRpcStatus(status), {.instance = instance, .if_match = if_match}));
}

HttpReply FailedHttp(int status, std::string_view reason, const std::string& detail,
                     const std::string& instance) {
  return ReplyOf(HttpProblem(status, reason, detail, {.instance = instance}));
}

// The fields of a flat JSON object of texts; those that are not asked for are refused.
StatusOr<std::map<std::string, std::string>> ReadTexts(const std::string& body,
                                                       std::span<const std::string_view> fields) {
  google::protobuf::Struct parsed;
  if (!google::protobuf::util::JsonStringToMessage(body, &parsed).ok()) {
    return InvalidArgument("the body is no JSON object");
  }
  std::map<std::string, std::string> texts;
  for (const auto& [name, value] : parsed.fields()) {
    if (std::ranges::find(fields, name) == fields.end() ||
        value.kind_case() != google::protobuf::Value::kStringValue) {
      return InvalidArgument("the body has the texts {}, and nothing else",
                             fmt::join(fields, ", "));
    }
    texts[name] = value.string_value();
  }
  return texts;
}

// For a browser the token goes into a cookie and no script sees it; others get it in the body.
HttpReply SignedInReply(const SignedIn& signed_in, PayerId payer, bool bearer) {
  google::protobuf::Struct body;
  auto& fields = *body.mutable_fields();
  fields["user"].set_string_value(UserName(payer, signed_in.user));
  fields["expireTime"].set_string_value(signed_in.ends_at.ToString());
  if (bearer) {
    fields["token"].set_string_value(signed_in.token.Reveal());
  } else {
    fields["csrfToken"].set_string_value(signed_in.csrf.Reveal());
  }
  std::string json;
  CHECK(google::protobuf::util::MessageToJsonString(body, &json).ok());
  HttpReply reply = JsonReply(std::move(json));
  if (!bearer) {
    reply.headers.emplace_back("Set-Cookie",
                               fmt::format("{}={}; Path=/; Secure; HttpOnly; SameSite=Strict",
                                           kSessionCookie, signed_in.token.Reveal()));
  }
  return reply;
}

bool IsJson(const HttpCall& call) {
  const std::string type = HeaderOf(call, "content-type");
  const std::string_view kind = std::string_view(type).substr(0, type.find(';'));
  return kind == kJson;
}

}  // namespace

StatusOr<std::unique_ptr<HttpApi>> HttpApi::Make(Parts parts) {
  std::unique_ptr<HttpApi> api(new HttpApi(std::move(parts)));
  const auto published = PublishedServices();
  ASSIGN_OR_RETURN(api->methods_, RoutesOfServices(published));
  ASSIGN_OR_RETURN(api->routes_, BuildRoutes(api->methods_));
  return api;
}

HttpReply HttpApi::Answer(const HttpCall& call) const {
  const auto began = std::chrono::steady_clock::now();
  const std::string instance = FormatId("req", parts_.ids.NextValue());
  std::string label = "page";
  HttpReply reply = AnswerRoute(call, instance, label);
  reply.headers.insert(reply.headers.end(), kAlways.begin(), kAlways.end());
  reply.headers.emplace_back("X-Request-Instance", instance);
  parts_.metrics.Answered(Transport::kHttps, label, fmt::format("{}", reply.status),
                          std::chrono::steady_clock::now() - began);
  return reply;
}

HttpReply HttpApi::Refuse(int status, std::string_view reason, const std::string& detail) const {
  HttpReply reply = FailedHttp(status, reason, detail, FormatId("req", parts_.ids.NextValue()));
  reply.headers.insert(reply.headers.end(), kAlways.begin(), kAlways.end());
  parts_.metrics.Answered(Transport::kHttps, "none", fmt::format("{}", status), {});
  return reply;
}

HttpReply HttpApi::AnswerRoute(const HttpCall& call, const std::string& instance,
                               std::string& label) const {
  const std::string_view path = std::string_view(call.target).substr(0, call.target.find('?'));
  if (!path.starts_with("/v1/")) return AnswerPage(call, path, instance);
  const StatusOr<RequestPath> parsed = RequestPath::Parse(path);
  if (!parsed.ok()) return FailedHttp(400, "HTTP_PATH", StatusMessage(parsed.status()), instance);
  if (const auto match = routes_.Find(call.method, *parsed)) {
    const MethodRoute& route = methods_[static_cast<std::size_t>(match->target)];
    label = route.method->full_name();
    return AnswerMethod(route, match->bindings, call, instance);
  }
  const std::vector<std::string> allowed = routes_.MethodsFor(*parsed);
  if (allowed.empty()) return FailedHttp(404, "HTTP_NOT_FOUND", "there is nothing here", instance);
  HttpReply reply = FailedHttp(405, "HTTP_METHOD", "this path has other methods", instance);
  reply.headers.emplace_back("Allow", fmt::format("{}", fmt::join(allowed, ", ")));
  return reply;
}

HttpReply HttpApi::AnswerMethod(const MethodRoute& route, const std::vector<PathBinding>& bindings,
                                const HttpCall& call, const std::string& instance) const {
  if (route.method->server_streaming()) {
    return Failed(Unimplemented("{} is not served by this version", route.method->full_name()),
                  instance);
  }
  if (!call.body.empty() && !IsJson(call)) {
    return FailedHttp(415, "HTTP_MEDIA_TYPE", "the body of a call is application/json", instance);
  }
  const StatusOr<Caller> caller = CallerOf(call, instance);
  if (!caller.ok()) return Failed(caller.status(), instance);
  MessageFactory& factory = *MessageFactory::generated_factory();
  const std::unique_ptr<Message> request(factory.GetPrototype(route.method->input_type())->New());
  const std::unique_ptr<Message> answer(factory.GetPrototype(route.method->output_type())->New());
  const std::size_t question = call.target.find('?');
  const std::string_view query = question == std::string::npos
                                     ? std::string_view()
                                     : std::string_view(call.target).substr(question + 1);
  const std::string if_match = HeaderOf(call, "if-match");
  Status read =
      ReadRequest(route, {.bindings = bindings, .query = query, .body = call.body}, *request);
  if (read.ok()) {
    read = TakeHeaders(route,
                       {.idempotency_key = HeaderOf(call, "idempotency-key"), .if_match = if_match},
                       *request);
  }
  // Nobody who is not signed in learns what a request should look like.
  if (!read.ok() && !parts_.sign_in.Authenticate(caller->token).ok()) {
    return Failed(Unauthenticated("there is no session; sign in"), instance);
  }
  if (!read.ok()) return Failed(read, instance);
  const CallOutcome outcome = parts_.service.Answer(*route.method, *caller, *request, *answer);
  if (!outcome.status.ok()) {
    return Failed(outcome.status, outcome.instance, !if_match.empty());
  }
  StatusOr<std::string> json = WriteJson(*answer);
  if (!json.ok()) return Failed(json.status(), outcome.instance);
  HttpReply reply = JsonReply(*std::move(json));
  if (outcome.replayed) reply.headers.emplace_back("Idempotent-Replay", "true");
  if (const auto* const etag = answer->GetDescriptor()->FindFieldByName("etag")) {
    const std::string value = answer->GetReflection()->GetString(*answer, etag);
    if (!value.empty()) reply.headers.emplace_back("ETag", value);
  }
  return reply;
}

HttpReply HttpApi::AnswerPage(const HttpCall& call, std::string_view path,
                              const std::string& instance) const {
  struct Page {
    std::string_view method;
    std::string_view path;
    std::function<HttpReply()> answer;
  };
  const std::array<Page, 6> pages = {{
      {"GET", "/livez",
       [] {
         return HttpReply{.status = 200, .type = "text/plain", .headers = {}, .body = "ok\n"};
       }},
      {"GET", "/readyz",
       [&] {
         const Status ready = parts_.ready();
         if (!ready.ok()) return Failed(Unavailable("the database is not there"), instance);
         return HttpReply{.status = 200, .type = "text/plain", .headers = {}, .body = "ok\n"};
       }},
      {"GET", "/metrics",
       [&] {
         return HttpReply{.status = 200,
                          .type = "text/plain; version=0.0.4",
                          .headers = {},
                          .body = parts_.metrics.Text()};
       }},
      {"POST", "/auth/sign-in", [&] { return SignIn(call, instance); }},
      {"POST", "/auth/step-up", [&] { return StepUp(call, instance); }},
      {"POST", "/auth/sign-out", [&] { return SignOut(call, instance); }},
  }};
  const auto page = std::ranges::find(pages, path, &Page::path);
  if (page == pages.end()) {
    return FailedHttp(404, "HTTP_NOT_FOUND", "there is nothing here", instance);
  }
  if (page->method != call.method) {
    HttpReply reply = FailedHttp(405, "HTTP_METHOD", "this path has another method", instance);
    reply.headers.emplace_back("Allow", std::string(page->method));
    return reply;
  }
  return page->answer();
}

HttpReply HttpApi::SignIn(const HttpCall& call, const std::string& instance) const {
  static constexpr std::array<std::string_view, 4> kFields = {"payer", "name", "password", "keep"};
  const Status allowed = address_limiter_.Take(call.address, std::chrono::steady_clock::now());
  if (!allowed.ok()) return Failed(allowed, instance);
  if (!IsJson(call)) {
    return FailedHttp(415, "HTTP_MEDIA_TYPE", "the body is application/json", instance);
  }
  auto texts = ReadTexts(call.body, kFields);
  if (!texts.ok()) return Failed(texts.status(), instance);
  const StatusOr<PayerId> payer = PayerId::Parse((*texts)["payer"]);
  if (!payer.ok()) return Failed(InvalidArgument("payer is an id pyr_..."), instance);
  const StatusOr<SignedIn> signed_in =
      parts_.sign_in.SignIn({.payer = *payer,
                             .name = (*texts)["name"],
                             .password = Password((*texts)["password"]),
                             .address = call.address});
  if (!signed_in.ok()) return Failed(signed_in.status(), instance);
  return SignedInReply(*signed_in, *payer, (*texts)["keep"] == "token");
}

HttpReply HttpApi::StepUp(const HttpCall& call, const std::string& instance) const {
  static constexpr std::array<std::string_view, 1> kFields = {"password"};
  if (!IsJson(call)) {
    return FailedHttp(415, "HTTP_MEDIA_TYPE", "the body is application/json", instance);
  }
  auto texts = ReadTexts(call.body, kFields);
  if (!texts.ok()) return Failed(texts.status(), instance);
  const StatusOr<Caller> caller = CallerOf(call, instance);
  if (!caller.ok()) return Failed(caller.status(), instance);
  const StatusOr<CallerSession> session = parts_.sign_in.Authenticate(caller->token);
  if (!session.ok()) return Failed(session.status(), instance);
  const StatusOr<SignedIn> signed_in =
      parts_.sign_in.StepUp(caller->token, Password((*texts)["password"]), call.address);
  if (!signed_in.ok()) return Failed(signed_in.status(), instance);
  return SignedInReply(*signed_in, session->principal.payer, !caller->by_cookie);
}

HttpReply HttpApi::SignOut(const HttpCall& call, const std::string& instance) const {
  const StatusOr<Caller> caller = CallerOf(call, instance);
  if (!caller.ok()) return Failed(caller.status(), instance);
  const Status ended = parts_.sign_in.SignOut(caller->token);
  if (!ended.ok()) return Failed(ended, instance);
  HttpReply reply = JsonReply("{}");
  reply.headers.emplace_back(
      "Set-Cookie",
      fmt::format("{}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0", kSessionCookie));
  return reply;
}

}  // namespace sluice::api
