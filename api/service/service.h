// The service behind both transports: the one place where a call is authenticated, allowed,
// checked, made idempotent, audited and answered. A transport hands a message in and carries a
// message or a status out.
//
// In this order, so that nobody learns of a thing what they may not know:
//   1. Who calls (UNAUTHENTICATED), and whether a browser's cookie came with its token. Nobody
//   calls
//      more often than their bucket allows (RESOURCE_EXHAUSTED).
//   2. Whether they may (PERMISSION_DENIED): the payer is theirs, and some grant of today gives the
//      method's cell of the matrix; denials are audited. Then whether they authenticated just now.
//   3. Whether the request is whole (INVALID_ARGUMENT).
//   4. Whether the same request id was answered before: then the kept answer.
//   5. The handler. What goes only in is cleared from its answer.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "api/contract/method_access.h"
#include "api/gateway/path_template.h"
#include "api/identity/authenticator.h"
#include "api/identity/sign_in.h"
#include "api/listing/page_token.h"
#include "api/service/call_record.h"
#include "api/service/methods.h"
#include "api/service/rate_limit.h"
#include "core/clock.h"
#include "core/crypto.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::api {

// What a transport knows of a caller.
struct Caller {
  std::string token;  // empty for nobody
  // The token came by a cookie, which a browser sends by itself: then a change needs the CSRF
  // token.
  bool by_cookie = false;
  std::string csrf;
  std::string address;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  std::string instance = {};  // the id of the call, where the transport gave it one
  std::optional<CertificateFacts> certificate = {};  // of the client, verified by the transport
};

struct CallOutcome {
  Status status;
  bool replayed = false;      // the answer was kept from an earlier call with the same id
  std::string instance = {};  // the id of the call, which the log has, too
};

// The keys of the service, the same for all servers of one database.
struct ServiceKeys {
  SecretKey page_tokens;
  SecretKey request_hashes;
  SecretKey uploads;
};

class Service {
 public:
  struct Parts {
    pg::Database database;  // of the service's role
    sluice::Clock& clock;
    IdGenerator& ids;
    Authenticator& authenticator;
    Methods methods;
    ServiceKeys keys;
    RateLimit rate_limit = {};  // of one person
    // Seals numbers of accounts and taxpayers; outlives the service. Null: nothing is sealed here.
    const payments::KeyProvider* sealing = nullptr;
  };
  // FailedPrecondition names a fault of the published contract.
  static StatusOr<std::unique_ptr<Service>> Make(Parts parts);

  // Safe to call from several threads. `answer` is of the method's type, and empty unless OK.
  CallOutcome Answer(const google::protobuf::MethodDescriptor& method, const Caller& caller,
                     google::protobuf::Message& request, google::protobuf::Message& answer);

  // What a stream has to say now; the request is moved on to where the next part begins.
  CallOutcome AnswerPart(const google::protobuf::MethodDescriptor& method, const Caller& caller,
                         google::protobuf::Message& request, StreamPart& part);

  const Methods& Handlers() const { return methods_; }

  // The server ends: calls that wait on purpose are answered now.
  void Drain() { draining_.request_stop(); }
  std::stop_token Draining() const { return draining_.get_token(); }

 private:
  // A method as the contract has it.
  struct Served {
    std::string name;
    MethodAccess access;
    const Handler* handler = nullptr;  // null: not there yet
    std::string resource_field;        // what it is about: "name", "parent", "user.name"
    std::vector<TemplateSegment> resource_form;
  };
  struct Working {  // one call on its way
    const Served& served;
    const Caller& caller;
    google::protobuf::Message& request;
    CallerSession session;
    Instant now;
    std::string resource;
  };

  explicit Service(Parts parts);
  Status AddMethod(const google::protobuf::MethodDescriptor& method);

  // Where an answer goes: one message, or a part of a stream.
  struct Answered {
    google::protobuf::Message* message = nullptr;
    StreamPart* part = nullptr;
  };
  CallOutcome AnswerServed(const Served& served, const Caller& caller,
                           google::protobuf::Message& request, const Answered& to);
  // With the id of the call, and in the log where it is our fault.
  CallOutcome Concluded(const Served& served, const Caller& caller, CallOutcome outcome) const;
  StatusOr<Scope> Authorize(const Working& call) const;
  StatusOr<Scope> ScopeFor(const Working& call) const;
  Status CheckRequest(const Working& call) const;
  CallOutcome AnswerChange(const Working& call, Scope scope, google::protobuf::Message& answer);
  Status Handle(const Working& call, Scope scope, CallRecord* record, const Answered& to);
  // The outcome kept for the id of this request, in `answer` where it was a success. IdReused when
  // the id was another request's.
  StatusOr<std::optional<Status>> FindKept(const Working& call, const CallRecord& record,
                                           google::protobuf::Message& answer) const;
  AuditEvent EventOf(const Working& call) const;
  // In a transaction of its own.
  Status AuditApart(const AuditEvent& event) const;
  void AuditDenial(const Working& call, const Status& denial) const;
  pg::Database DatabaseOf(const Working& call) const;

  pg::Database database_;
  sluice::Clock& clock_;
  IdGenerator& ids_;
  Authenticator& authenticator_;
  Methods methods_;
  PageTokens page_tokens_;
  SecretKey request_hashes_;
  const payments::KeyProvider* sealing_;
  SecretKey upload_key_;
  RateLimiter rate_limiter_;
  std::stop_source draining_;
  std::map<const google::protobuf::MethodDescriptor*, Served> served_;
};

}  // namespace sluice::api
