#include "api/service/service.h"

#include <memory>
#include <span>

#include "api/audit/audit_store.h"
#include "api/contract/field_behavior.h"
#include "api/contract/published.h"
#include "api/contract/request_identity.h"
#include "api/gateway/transcode.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "core/check.h"
#include "core/log.h"
#include "hierarchy/hierarchy_service.h"

namespace sluice::api {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

Status Denied() { return PermissionDenied("{}", kDeniedText); }

// The text of a dotted path of fields; empty where a message of it is not there.
std::string TextAt(const Message& message, std::string_view path) {
  const Message* at = &message;
  for (;;) {
    const std::size_t dot = path.find('.');
    const FieldDescriptor* const field =
        at->GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
    CHECK(field != nullptr);  // the contract's routes were checked
    if (dot == std::string_view::npos) return at->GetReflection()->GetString(*at, field);
    at = &at->GetReflection()->GetMessage(*at, field);
    path.remove_prefix(dot + 1);
  }
}

// Empty where the message has no such field.
std::string TextIfThere(const Message& message, const std::string& name) {
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

bool IsValidateOnly(const Message& message) {
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName("validate_only");
  return field != nullptr && message.GetReflection()->GetBool(message, field);
}

// Whether a name has the form that the method's route gives it: "payers/*/programs/*".
bool HasForm(const std::string& name, std::span<const TemplateSegment> form) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (at > name.size()) return false;
    const std::size_t end = std::min(name.find('/', at), name.size());
    const std::string segment = name.substr(at, end - at);
    if (form[i].kind == TemplateSegment::Kind::kLiteral ? segment != form[i].literal
                                                        : segment.empty()) {
      return false;
    }
    at = end + 1;
  }
  return at == name.size() + 1;
}

std::string FormText(std::span<const TemplateSegment> form) {
  std::string text;
  for (const TemplateSegment& segment : form) {
    text += text.empty() ? "" : "/";
    text += segment.kind == TemplateSegment::Kind::kLiteral ? segment.literal : "*";
  }
  return text;
}

bool NeedsTree(const Principal& principal, Resource resource, Verb verb) {
  for (const Grant& grant : principal.grants) {
    if (grant.root != PartyId() && RightOf(grant.role, resource, verb).granted) return true;
  }
  return false;
}

bool IsWhole(const Scope& scope) { return scope.clear.whole_payer || scope.masked.whole_payer; }

}  // namespace

StatusOr<std::unique_ptr<Service>> Service::Make(Parts parts) {
  std::unique_ptr<Service> service(new Service(std::move(parts)));
  const std::vector<const ServiceDescriptor*> published = PublishedServices();
  const std::vector<std::string> faults = ContractFaults(published);
  if (!faults.empty()) return FailedPrecondition("{}", fmt::join(faults, "; "));
  for (const ServiceDescriptor* const descriptor : published) {
    for (int i = 0; i < descriptor->method_count(); ++i) {
      RETURN_IF_ERROR(service->AddMethod(*descriptor->method(i)));
    }
  }
  return service;
}

Service::Service(Parts parts)
    : database_(std::move(parts.database)),
      clock_(parts.clock),
      ids_(parts.ids),
      authenticator_(parts.authenticator),
      methods_(std::move(parts.methods)),
      page_tokens_(std::move(parts.keys.page_tokens)),
      request_hashes_(std::move(parts.keys.request_hashes)),
      sealing_(parts.sealing),
      upload_key_(std::move(parts.keys.uploads)),
      rate_limiter_(parts.rate_limit) {}

Status Service::AddMethod(const MethodDescriptor& method) {
  ASSIGN_OR_RETURN(const MethodAccess access, AccessOf(method));
  const ServiceDescriptor* const service = method.service();
  ASSIGN_OR_RETURN(const std::vector<MethodRoute> routes, RoutesOfServices(std::span(&service, 1)));
  for (const MethodRoute& route : routes) {
    if (route.method != &method) continue;
    ASSIGN_OR_RETURN(const PathTemplate path, PathTemplate::Parse(route.path));
    if (path.Variables().empty()) {
      return FailedPrecondition("{}: its path names nothing", method.full_name());
    }
    const TemplateVariable& variable = path.Variables().front();
    const auto begin = path.Segments().begin();
    served_.emplace(&method, Served{.name = MethodName(method),
                                    .access = access,
                                    .handler = methods_.Find(method),
                                    .resource_field = variable.field,
                                    .resource_form = {begin + static_cast<long>(variable.begin),
                                                      begin + static_cast<long>(variable.end)}});
    return OkStatus();
  }
  return FailedPrecondition("{} has no route", method.full_name());
}

CallOutcome Service::Answer(const MethodDescriptor& method, const Caller& caller, Message& request,
                            Message& answer) {
  const auto found = served_.find(&method);
  CHECK(found != served_.end());
  CallOutcome outcome = Concluded(
      found->second, caller, AnswerServed(found->second, caller, request, {.message = &answer}));
  if (outcome.status.ok()) {
    ClearInputOnly(answer);
  } else {
    answer.Clear();
  }
  return outcome;
}

CallOutcome Service::AnswerPart(const MethodDescriptor& method, const Caller& caller,
                                Message& request, StreamPart& part) {
  const auto found = served_.find(&method);
  CHECK(found != served_.end());
  CallOutcome outcome = Concluded(found->second, caller,
                                  AnswerServed(found->second, caller, request, {.part = &part}));
  if (!outcome.status.ok()) part = {};
  for (const StreamPart::Item& item : part.items) ClearInputOnly(*item.message);
  return outcome;
}

CallOutcome Service::Concluded(const Served& served, const Caller& caller,
                               CallOutcome outcome) const {
  outcome.instance = caller.instance.empty() ? FormatId("req", ids_.NextValue()) : caller.instance;
  if (IsOurFault(outcome.status)) {
    LogError("call failed", {{"instance", outcome.instance},
                             {"method", served.name},
                             {"status", StatusMessage(outcome.status)}});
  }
  return outcome;
}

CallOutcome Service::AnswerServed(const Served& served, const Caller& caller, Message& request,
                                  const Answered& to) {
  StatusOr<CallerSession> session = authenticator_.Authenticate(
      {.token = caller.token, .by_cookie = caller.by_cookie, .certificate = caller.certificate});
  if (!session.ok()) return {session.status()};
  const Status allowed =
      rate_limiter_.Take(session->principal.user.ToString(), std::chrono::steady_clock::now());
  if (!allowed.ok()) return {allowed};
  const Working call{.served = served,
                     .caller = caller,
                     .request = request,
                     .session = *std::move(session),
                     .now = clock_.Now(),
                     .resource = TextAt(request, served.resource_field)};
  StatusOr<Scope> scope = Authorize(call);
  if (!scope.ok()) {
    if (scope.status().code() == absl::StatusCode::kPermissionDenied) {
      AuditDenial(call, scope.status());
      if (!scope.status().GetPayload("sluice/reason")) return {Denied()};
    }
    return {scope.status()};
  }
  ClearOutputOnly(request, served.resource_field);
  const Status whole = CheckRequest(call);
  if (!whole.ok()) return {whole};
  if (served.handler == nullptr) {
    return {Unimplemented("{} is not served by this version", served.name)};
  }
  if (served.access.mutation) return AnswerChange(call, *std::move(scope), *to.message);
  const Status handled = Handle(call, *std::move(scope), nullptr, to);
  if (handled.code() == absl::StatusCode::kPermissionDenied) AuditDenial(call, handled);
  if (handled.ok() && served.access.resource && IsProtectedRead(*served.access.resource)) {
    return {AuditApart(EventOf(call))};  // what was not recorded is not shown
  }
  return {handled};
}

StatusOr<Scope> Service::Authorize(const Working& call) const {
  const MethodAccess& access = call.served.access;
  if (call.caller.by_cookie && access.mutation &&
      !ConstantTimeEqual(Sha256(AsBytes(call.caller.csrf)), call.session.csrf_sha256)) {
    return WithReason(
        PermissionDenied(
            "a change that a cookie authenticates needs the X-CSRF-Token of its session"),
        kCsrf);
  }
  const StatusOr<ResourcePath> name = ResourcePath::Parse(call.resource);
  const StatusOr<PayerId> payer =
      name.ok() ? name->Get<PayerTag>("payers") : StatusOr<PayerId>(name.status());
  if (!payer.ok() || *payer != call.session.principal.payer) {
    return PermissionDenied("of another payer");
  }
  ASSIGN_OR_RETURN(Scope scope, ScopeFor(call));
  if (call.session.is_service && (access.step_up || access.verb == Verb::kApprove)) {
    return PermissionDenied("a service approves nothing, and does nothing that needs a person");
  }
  if (access.step_up && !IsSteppedUp(call.session, call.now)) {
    return WithReason(
        Unauthenticated("this needs a sign-in that is less than five minutes old; sign in again"),
        kStepUpRequired);
  }
  return scope;
}

StatusOr<Scope> Service::ScopeFor(const Working& call) const {
  const MethodAccess& access = call.served.access;
  Scope scope;
  if (!access.resource) return scope;  // about the caller only
  const Principal& principal = call.session.principal;
  hierarchy::HierarchySnapshot today;
  if (NeedsTree(principal, *access.resource, *access.verb)) {
    const hierarchy::HierarchyService service(DatabaseOf(call), clock_);
    ASSIGN_OR_RETURN(today, service.Snapshot(principal.payer, {.day = call.now.UtcDate(),
                                                               .known_at = std::nullopt}));
  }
  scope = ScopeOf(principal, *access.resource, *access.verb, today);
  if (scope.IsNone()) {
    return PermissionDenied("no grant of today gives {} {}", VerbLetter(*access.verb),
                            ResourceName(*access.resource));
  }
  if (!IsWhole(scope) && call.served.handler != nullptr &&
      call.served.handler->narrowing == Narrowing::kNone) {
    return PermissionDenied("{} is of the whole payer and the grant is not", call.served.name);
  }
  return scope;
}

Status Service::CheckRequest(const Working& call) const {
  std::vector<std::pair<std::string, std::string>> faults;
  for (const std::string& field : MissingFields(call.request)) {
    faults.emplace_back(field, "is required");
  }
  if (!HasForm(call.resource, call.served.resource_form)) {
    faults.emplace_back(call.served.resource_field,
                        "is written " + FormText(call.served.resource_form));
  }
  const std::string request_id = TextIfThere(call.request, "request_id");
  if (!request_id.empty() && !ParseUuid(request_id).ok()) {
    faults.emplace_back("request_id", "is a UUID: 8-4-4-4-12 hexadecimal digits");
  }
  return faults.empty() ? OkStatus() : WrongFields(faults);
}

CallOutcome Service::AnswerChange(const Working& call, Scope scope, Message& answer) {
  const Principal& principal = call.session.principal;
  const CallRecord record({.payer = principal.payer,
                           .user = principal.user,
                           .method = call.served.name,
                           .id = ParseUuid(TextIfThere(call.request, "request_id")).value()},
                          RequestHash(request_hashes_, call.request), KeptRequest(call.request),
                          EventOf(call));
  const bool validate_only = IsValidateOnly(call.request);
  if (!validate_only) {
    const auto kept = FindKept(call, record, answer);
    if (!kept.ok()) return {kept.status()};
    if (*kept) return {**kept, true};
  }
  CallRecord handed = record;
  const Status handled = Handle(call, std::move(scope), &handed, {.message = &answer});
  if (handled.code() == absl::StatusCode::kPermissionDenied) {
    AuditDenial(call, handled);
    return {handled};
  }
  if (handled.ok() || validate_only) return {handled};
  if (IsKept(handled)) {
    // What was kept in the meantime, by another call or by the use case itself, stands.
    (void)DatabaseOf(call).Transact(
        [&](pg::Transaction& tx) -> Status { return record.Keep(tx, {.status = handled}); });
  }
  const auto kept = FindKept(call, record, answer);
  if (kept.ok() && *kept) return {**kept};
  return {handled};
}

Status Service::Handle(const Working& call, Scope scope, CallRecord* record, const Answered& to) {
  Call made({.database = DatabaseOf(call),
             .clock = clock_,
             .ids = ids_,
             .page_tokens = page_tokens_,
             .session = call.session,
             .scope = std::move(scope),
             .method = call.served.name,
             .now = call.now,
             .deadline = call.caller.deadline,
             .record = record,
             .draining = draining_.get_token(),
             .sealing = sealing_,
             .upload_key = &upload_key_});
  if (to.part != nullptr) return call.served.handler->part(made, call.request, *to.part);
  return call.served.handler->answer(made, call.request, *to.message);
}

StatusOr<std::optional<Status>> Service::FindKept(const Working& call, const CallRecord& record,
                                                  Message& answer) const {
  ASSIGN_OR_RETURN(
      const std::optional<KeptAnswer> kept,
      DatabaseOf(call).Transact({.read_only = true},
                                [&](pg::Transaction& tx) -> StatusOr<std::optional<KeptAnswer>> {
                                  return FindAnswer(tx, record.Key());
                                }));
  if (!kept) return std::optional<Status>();
  if (kept->request_hash != record.RequestHash()) {
    return WithReason(AlreadyExists("the request id was used for another request: {}",
                                    fmt::join(DifferingFields(kept->request, call.request), "; ")),
                      kIdReused);
  }
  if (kept->code == 0) {
    CHECK(answer.ParseFromString(kept->answer));
    return std::optional(OkStatus());
  }
  google::rpc::Status refusal;
  CHECK(refusal.ParseFromString(kept->answer));
  return std::optional(FromRpcStatus(refusal));
}

AuditEvent Service::EventOf(const Working& call) const {
  return {.payer = call.session.principal.payer,
          .event_id = ids_.NextValue(),
          .recorded_at = call.now,
          .actor = call.session.principal.user,
          .session = call.session.id,
          .method = call.served.name,
          .resource = call.resource,
          .request_id = TextIfThere(call.request, "request_id"),
          .address = call.caller.address};
}

Status Service::AuditApart(const AuditEvent& event) const {
  const Status written =
      database_.ForPayer(event.payer).Transact([&](pg::Transaction& tx) -> Status {
        InsertAuditEvent(tx, event);
        return OkStatus();
      });
  if (!written.ok()) {
    LogError("audit event not written",
             {{"method", event.method}, {"status", StatusMessage(written)}});
  }
  return written;
}

void Service::AuditDenial(const Working& call, const Status& denial) const {
  AuditEvent event = EventOf(call);
  event.decision = AuditDecision::kDenied;
  event.reason = StatusMessage(denial);
  (void)AuditApart(event);  // what cannot be written is in the log; denied it is either way
}

pg::Database Service::DatabaseOf(const Working& call) const {
  const Principal& principal = call.session.principal;
  return database_.ForPayer(principal.payer).AsUser(principal.user);
}

}  // namespace sluice::api
