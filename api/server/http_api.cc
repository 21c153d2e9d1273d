#include "api/server/http_api.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "api/contract/published.h"
#include "api/gateway/problem.h"
#include "api/openapi/described.h"
#include "api/openapi/docs_page.h"
#include "api/openapi/openapi.h"
#include "core/check.h"

namespace sluice::api {
namespace {

using google::protobuf::Message;
using google::protobuf::MessageFactory;

constexpr std::size_t kWorthPacking = 1'024;
constexpr char kContractVersion[] = "1";

// Of every answer that does not say otherwise (OWASP: REST security, secure headers).
const std::array<std::pair<std::string, std::string>, 9> kAlways = {{
    {"Strict-Transport-Security", "max-age=31536000; includeSubDomains"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
    {"Cache-Control", "no-store"},
}};

constexpr char kDocsPolicy[] =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

// What people and programs read of the contract, made when somebody first asks.
struct ContractPages {
  KeptBody openapi, docs, style;
};

const ContractPages& PagesOfContract() {
  static const ContractPages pages = [] {
    const auto& services = DescribedServices();
    StatusOr<std::string> openapi = OpenApiOf(services, kContractVersion);
    StatusOr<std::string> docs = DocsPageOf(services);
    CHECK(openapi.ok() && docs.ok());  // a test makes both
    return ContractPages{.openapi = MakeKept("application/json", *std::move(openapi)),
                         .docs = MakeKept("text/html; charset=utf-8", *std::move(docs)),
                         .style = MakeKept("text/css; charset=utf-8", std::string(DocsStyle()))};
  }();
  return pages;
}

HttpReply AnswerDocs(const KeptBody& kept, const HttpCall& call) {
  HttpReply reply = AnswerKept(kept, call);
  reply.headers.emplace_back("Cache-Control", "no-cache");
  reply.headers.emplace_back("Content-Security-Policy", kDocsPolicy);
  return reply;
}

bool IsPackable(const HttpReply& reply) {
  if (reply.type == "text/event-stream") return false;
  return reply.body.size() >= kWorthPacking && !reply.Has("Content-Encoding") &&
         (reply.type.starts_with("text/") || reply.type.find("json") != std::string::npos);
}

HttpReply WrongMethod(const std::vector<std::string>& allowed, const std::string& instance) {
  HttpReply reply = FailedHttp(405, "HTTP_METHOD", "this path has other methods", instance);
  reply.headers.emplace_back("Allow", fmt::format("{}", fmt::join(allowed, ", ")));
  return reply;
}

HttpReply NothingHere(const std::string& instance) {
  return FailedHttp(404, "HTTP_NOT_FOUND", "there is nothing here", instance);
}

// "Last-Event-ID" says the same as the request's `after`, and more than it when a browser comes
// again.
Status TakeLastEvent(const std::string& last_event, Message& request) {
  if (last_event.empty()) return OkStatus();
  const auto* const field = request.GetDescriptor()->FindFieldByName("after");
  std::int64_t after = 0;
  const char* const end = last_event.data() + last_event.size();
  const auto [rest, fault] = std::from_chars(last_event.data(), end, after);
  if (field == nullptr || fault != std::errc() || rest != end) {
    return InvalidArgument("Last-Event-ID is the id of an event of this stream");
  }
  request.GetReflection()->SetInt64(&request, field, after);
  return OkStatus();
}

// Empty when there is nothing new.
StatusOr<std::string> EventText(const StreamPart& part) {
  std::string text;
  for (const StreamPart::Item& item : part.items) {
    ASSIGN_OR_RETURN(const std::string json, WriteJson(*item.message));
    text += fmt::format("id: {}\ndata: {}\n\n", item.id, json);
  }
  return text;
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
  reply.headers.emplace_back("X-Request-Instance", instance);
  Complete(reply, call);
  parts_.metrics.Answered(Transport::kHttps, label, fmt::format("{}", reply.status),
                          std::chrono::steady_clock::now() - began);
  return reply;
}

HttpReply HttpApi::Refuse(int status, std::string_view reason, const std::string& detail) const {
  HttpReply reply = FailedHttp(status, reason, detail, FormatId("req", parts_.ids.NextValue()));
  Complete(reply, {});
  parts_.metrics.Answered(Transport::kHttps, "none", fmt::format("{}", status), {});
  return reply;
}

void HttpApi::UsePortal(std::shared_ptr<const StaticFiles> portal) {
  const std::lock_guard lock(portal_mutex_);
  portal_ = std::move(portal);
}

void HttpApi::Complete(HttpReply& reply, const HttpCall& call) {
  for (const auto& [name, value] : kAlways) {
    if (!reply.Has(name)) reply.headers.emplace_back(name, value);
  }
  // Beside a secret, what else is in a packed body shows in its length (BREACH).
  if (!call.Path().starts_with("/auth/") && IsPackable(reply)) {
    reply.headers.emplace_back("Vary", "Accept-Encoding");
    if (TakesGzip(call)) {
      reply.body = Gzip(reply.body);
      reply.headers.emplace_back("Content-Encoding", "gzip");
    }
  }
  if (call.method == "HEAD") {
    reply.length_of_get = reply.body.size();
    reply.body.clear();
  }
}

HttpReply HttpApi::AnswerRoute(const HttpCall& call, const std::string& instance,
                               std::string& label) const {
  const std::string_view path = call.Path();
  if (!path.starts_with("/v1/")) return AnswerPage(call, path, instance);
  const StatusOr<RequestPath> parsed = RequestPath::Parse(path);
  if (!parsed.ok()) return FailedHttp(400, "HTTP_PATH", StatusMessage(parsed.status()), instance);
  if (const auto match = routes_.Find(call.method, *parsed)) {
    const MethodRoute& route = methods_[static_cast<std::size_t>(match->target)];
    label = route.method->full_name();
    return AnswerMethod(route, match->bindings, call, instance);
  }
  const std::vector<std::string> allowed = routes_.MethodsFor(*parsed);
  return allowed.empty() ? NothingHere(instance) : WrongMethod(allowed, instance);
}

HttpReply HttpApi::AnswerMethod(const MethodRoute& route, const std::vector<PathBinding>& bindings,
                                const HttpCall& call, const std::string& instance) const {
  if (!call.body.empty() && !call.IsJson()) {
    return FailedHttp(415, "HTTP_MEDIA_TYPE", "the body of a call is application/json", instance);
  }
  const StatusOr<Caller> caller = CallerOf(call, instance);
  if (!caller.ok()) return Failed(caller.status(), instance);
  MessageFactory& factory = *MessageFactory::generated_factory();
  std::shared_ptr<Message> request(factory.GetPrototype(route.method->input_type())->New());
  const std::unique_ptr<Message> answer(factory.GetPrototype(route.method->output_type())->New());
  const std::string if_match = HeaderOf(call, "if-match");
  Status read = ReadRequest(route, {.bindings = bindings, .query = call.Query(), .body = call.body},
                            *request);
  if (read.ok()) {
    read = TakeHeaders(route,
                       {.idempotency_key = HeaderOf(call, "idempotency-key"), .if_match = if_match},
                       *request);
  }
  // Nobody who is not signed in learns what a request should look like.
  const Shown shown{
      .token = caller->token, .by_cookie = caller->by_cookie, .certificate = call.certificate};
  if (!read.ok() && !parts_.authenticator.Authenticate(shown).ok()) {
    return Failed(Unauthenticated("there is no session; sign in"), instance);
  }
  if (!read.ok()) return Failed(read, instance);
  if (route.method->server_streaming()) {
    return AnswerStream(route, call, *caller, std::move(request));
  }
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
    if (route.http_method == "GET" && IsNotModified(call, value)) {
      reply.status = 304;
      reply.type.clear();
      reply.body.clear();
    }
  }
  return reply;
}

HttpReply HttpApi::AnswerStream(const MethodRoute& route, const HttpCall& call,
                                const Caller& caller, std::shared_ptr<Message> request) const {
  const std::string last_event = HeaderOf(call, "last-event-id");
  const Status resumed = TakeLastEvent(last_event, *request);
  if (!resumed.ok()) return Failed(resumed, caller.instance);
  StreamPart first;
  const CallOutcome outcome = parts_.service.AnswerPart(*route.method, caller, *request, first);
  if (!outcome.status.ok()) return Failed(outcome.status, outcome.instance);
  StatusOr<std::string> text = EventText(first);
  if (!text.ok()) return Failed(text.status(), outcome.instance);
  // 204 tells a browser that it need not come again.
  if (first.ended && text->empty() && !last_event.empty()) return {.status = 204};
  HttpReply reply{
      .status = 200, .type = "text/event-stream", .headers = {}, .body = *std::move(text)};
  reply.more = [this, &method = *route.method, caller, request = std::move(request),
                ended = first.ended]() mutable -> std::optional<std::string> {
    if (ended || parts_.service.Draining().stop_requested()) return std::nullopt;
    StreamPart part;
    if (!parts_.service.AnswerPart(method, caller, *request, part).status.ok()) return std::nullopt;
    ended = part.ended;
    StatusOr<std::string> more = EventText(part);
    return more.ok() ? std::optional(*std::move(more)) : std::nullopt;
  };
  return reply;
}

HttpReply HttpApi::AnswerPage(const HttpCall& call, std::string_view path,
                              const std::string& instance) const {
  if (const std::vector<std::string> methods = parts_.auth.MethodsOf(path); !methods.empty()) {
    if (std::ranges::find(methods, call.method) == methods.end()) {
      return WrongMethod(methods, instance);
    }
    return parts_.auth.Answer(call, instance);
  }
  struct Page {
    std::string_view path;
    std::function<HttpReply()> answer;
  };
  const std::array<Page, 6> pages = {{
      {"/livez", [] { return TextReply("text/plain", "ok\n"); }},
      {"/readyz",
       [&] {
         if (parts_.ready().ok()) return TextReply("text/plain", "ok\n");
         return Failed(Unavailable("the database is not there"), instance);
       }},
      {"/metrics", [&] { return TextReply("text/plain; version=0.0.4", parts_.metrics.Text()); }},
      {"/openapi.json", [&] { return AnswerDocs(PagesOfContract().openapi, call); }},
      {"/docs", [&] { return AnswerDocs(PagesOfContract().docs, call); }},
      {kDocsStylePath, [&] { return AnswerDocs(PagesOfContract().style, call); }},
  }};
  // What a problem's type leads to.
  if (path.starts_with("/docs/errors/")) path = "/docs";
  const auto page = std::ranges::find(pages, path, &Page::path);
  if (page == pages.end()) return AnswerPortal(call, instance);
  if (call.method != "GET" && call.method != "HEAD") return WrongMethod({"GET", "HEAD"}, instance);
  return page->answer();
}

HttpReply HttpApi::AnswerPortal(const HttpCall& call, const std::string& instance) const {
  std::shared_ptr<const StaticFiles> portal;
  {
    const std::lock_guard lock(portal_mutex_);
    portal = portal_;
  }
  // What is below these is of the API, whether it is there or not.
  const std::string_view path = call.Path();
  for (const std::string_view own : {"/v1", "/auth", "/docs"}) {
    if (path == own || path.starts_with(std::string(own) + "/")) return NothingHere(instance);
  }
  if (portal == nullptr) {
    if (path != "/") return NothingHere(instance);
    return TextReply("text/plain; charset=utf-8",
                     "Sluice serves its API here, and no portal. See /docs.\n");
  }
  const bool reads = call.method == "GET" || call.method == "HEAD";
  std::optional<HttpReply> reply = portal->Answer(call);
  if (!reply) return NothingHere(instance);
  return reads ? *std::move(reply) : WrongMethod({"GET", "HEAD"}, instance);
}

}  // namespace sluice::api
