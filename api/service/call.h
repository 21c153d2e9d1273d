// One call, as the handler of a method sees it: who calls, how far their right goes, and databases
// that act for them.
//
//   1. A handler reads through Read() and changes something through Change(), and has no other way
//      to the database. So the audit event and the answer that is kept for the request id are in
//      the transaction of the effect, whatever the handler does.
//   2. The caller's right to the method was decided before. Where it goes only so far (an own tree,
//      what a funder funds), the handler asks Require() for one thing and WhichParties() for a
//      list.
//   3. A handler knows nothing of HTTP or gRPC.
#pragma once

#include <google/protobuf/message.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "api/access/decision.h"
#include "api/identity/sign_in.h"
#include "api/listing/page_token.h"
#include "core/clock.h"
#include "core/crypto.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "payments/approval.h"
#include "payments/key_provider.h"

namespace sluice::api {

class CallRecord;

// What a call is made of; the references outlive it.
struct CallParts {
  pg::Database database;  // acts for the payer, as the user
  sluice::Clock& clock;
  IdGenerator& ids;
  const PageTokens& page_tokens;
  CallerSession session;
  Scope scope;
  std::string method;  // "sluice.payments.v1.RunService/GetRun"
  Instant now;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  CallRecord* record = nullptr;  // of a method that changes something
  std::stop_token draining = {};  // the server ends
  const payments::KeyProvider* sealing = nullptr;
  const SecretKey* upload_key = nullptr;
};

// A change of one thing. `Answer` is the thing's message, which has an etag where the contract says
// so.
template <typename Answer>
struct ChangeOf {
  // The thing before the change, locked until its end; unset for what is new.
  std::function<StatusOr<Answer>(pg::Transaction&)> before;
  // Carries it out, in one transaction of the database it is given.
  std::function<Status(const pg::Database&)> work;
  // The thing afterward: what is answered, and kept. Not OK when the use case refused although its
  // transaction commits what it keeps of the refusal.
  std::function<StatusOr<Answer>(pg::Transaction&)> after;
  // What the caller saw; another one is Aborted. Unset: not asked.
  std::optional<std::string> etag;
  bool validate_only = false;
  std::string reason;  // for the audit log
};

class Call {
 public:
  explicit Call(CallParts parts) : parts_(std::move(parts)) {}

  PayerId Payer() const { return parts_.session.principal.payer; }
  UserId User() const { return parts_.session.principal.user; }
  const Principal& Caller() const { return parts_.session.principal; }
  // Whether the caller authenticated again less than five minutes ago.
  bool IsSteppedUp() const { return api::IsSteppedUp(parts_.session, parts_.now); }
  payments::Actor Actor() const { return {User(), !parts_.session.is_service}; }
  Instant Now() const { return parts_.now; }
  Date Today() const { return parts_.now.UtcDate(); }
  sluice::Clock& Clock() { return parts_.clock; }
  IdGenerator& Ids() { return parts_.ids; }
  // What seals numbers of accounts and taxpayers. Unavailable where the server has no key for it.
  StatusOr<const payments::KeyProvider*> Sealing() const;
  const std::string& Method() const { return parts_.method; }
  const PageTokens& Tokens() const { return parts_.page_tokens; }
  // Until when the caller waits for the answer; unset: they did not say.
  std::optional<std::chrono::steady_clock::time_point> Deadline() const { return parts_.deadline; }
  // Seals uploads, and opens them.
  const SecretKey& UploadKey() const { return *parts_.upload_key; }
  // Stopped when the server ends: what waits on purpose waits no longer.
  const std::stop_token& Draining() const { return parts_.draining; }

  // OK when the caller's right covers the object. PermissionDenied has one text whatever the cause.
  Status Require(const Object& object) const;
  // Whether numbers of the object come out masked. Requires: Require() was OK.
  bool IsMasked(const Object& object) const { return !parts_.scope.clear.Covers(object); }
  // The parties whose things a list may show; unset: all of the payer.
  std::optional<std::vector<PartyId>> WhichParties() const;

  // Runs `work(pg::Transaction&)`, which only reads.
  template <typename Work>
  auto Read(Work&& work) const {
    return parts_.database.Transact(
        pg::TransactOptions{.read_only = true, .statement_timeout = TimeLeft()},
        std::forward<Work>(work));
  }
  // For services of the domain that only read.
  const pg::Database& Reading() const { return parts_.database; }

  template <typename Answer>
  StatusOr<Answer> Change(const ChangeOf<Answer>& change) {
    Answer answer;
    const auto erase = [](const std::function<StatusOr<Answer>(pg::Transaction&)>& read) {
      return [read](pg::Transaction& tx, google::protobuf::Message& to) -> Status {
        ASSIGN_OR_RETURN(const Answer read_now, read(tx));
        static_cast<Answer&>(to) = read_now;
        return OkStatus();
      };
    };
    RETURN_IF_ERROR(ChangeAny({.before = change.before ? erase(change.before) : ReadAny(),
                               .work = change.work,
                               .after = erase(change.after),
                               .etag = change.etag,
                               .validate_only = change.validate_only,
                               .reason = change.reason},
                              answer));
    return answer;
  }

 private:
  using ReadAny = std::function<Status(pg::Transaction&, google::protobuf::Message&)>;
  struct AnyChange {
    ReadAny before;
    std::function<Status(const pg::Database&)> work;
    ReadAny after;
    std::optional<std::string> etag;
    bool validate_only = false;
    std::string reason;
  };
  Status ChangeAny(const AnyChange& change, google::protobuf::Message& answer);
  std::chrono::milliseconds TimeLeft() const;

  CallParts parts_;
};

}  // namespace sluice::api
