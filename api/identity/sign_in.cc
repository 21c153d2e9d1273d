#include "api/identity/sign_in.h"

#include <algorithm>

#include "api/audit/audit_store.h"
#include "api/identity/identity_store.h"
#include "core/base64.h"
#include "core/bytes.h"
#include "core/crypto.h"
#include "hierarchy/payer_store.h"

namespace sluice::api {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kIdle = 15 * 60 * kSecond;
constexpr std::int64_t kLongestSession = 10 * 3600 * kSecond;
constexpr std::int64_t kStepUp = 5 * 60 * kSecond;
// A call sooner than this after the last one is not written down as one.
constexpr std::int64_t kTouch = 60 * kSecond;
constexpr int kFreeFailures = 4;
constexpr std::int64_t kFirstWait = 30 * kSecond;
constexpr std::int64_t kLongestWait = 3600 * kSecond;
constexpr std::size_t kTokenBytes = 32;

Instant After(Instant at, std::int64_t micros) { return Instant::FromMicros(at.Micros() + micros); }

std::int64_t Between(Instant from, Instant to) { return to.Micros() - from.Micros(); }

Status Refused() { return Unauthenticated("the name or the password is not right"); }

Status NoSession() { return Unauthenticated("there is no session; sign in"); }

// Costs what a real one costs, for names that there are not.
const std::string& NobodysVerifier() {
  static const std::string verifier = MakeVerifier(Password(ToBase64Url(RandomBytes(kTokenBytes))));
  return verifier;
}

// "pyr_....<random>": the payer, whose rows alone a session can be looked for in, and the secret.
std::string NewToken(PayerId payer) {
  return fmt::format("{}.{}", payer, ToBase64Url(RandomBytes(kTokenBytes)));
}

std::optional<PayerId> PayerOf(const std::string& token) {
  const std::size_t dot = token.find('.');
  if (dot == std::string::npos) return std::nullopt;
  const StatusOr<PayerId> payer = PayerId::Parse(token.substr(0, dot));
  return payer.ok() ? std::optional(*payer) : std::nullopt;
}

Digest HashOf(const std::string& token) { return Sha256(AsBytes(token)); }

void CountFailure(PasswordRow& row, Instant now) {
  ++row.failures;
  if (row.failures <= kFreeFailures) return;
  const int doublings = std::min(row.failures - kFreeFailures - 1, 10);
  row.locked_until = After(now, std::min(kFirstWait << doublings, kLongestWait));
}

struct Attempt {
  bool right = false;
  UserId user;         // whose account it is; unset when there is none
  std::string reason;  // of a refusal, for the audit log
};

// An attempt as the audit log has it. A name that is nobody's is not written down: people type
// their password into the wrong field.
AuditEvent EventOf(const Credentials& credentials, std::string_view method, const Attempt& attempt,
                   Instant now, std::int64_t id) {
  return {.payer = credentials.payer,
          .event_id = id,
          .recorded_at = now,
          .actor = attempt.user == UserId() ? std::nullopt : std::optional(attempt.user),
          .method = std::string(method),
          .resource = fmt::format("payers/{}", credentials.payer),
          .decision = attempt.right ? AuditDecision::kAllowed : AuditDecision::kDenied,
          .reason = attempt.right ? "" : attempt.reason,
          .request_id = "",
          .address = credentials.address};
}

// Whether the password is the account's. A failure is written down, so this commits either way.
StatusOr<Attempt> TryPassword(pg::Transaction& tx, const Credentials& credentials, Instant now) {
  const auto user = FindUserByName(tx, credentials.payer, credentials.name);
  std::optional<PasswordRow> row;
  if (user && !user->is_service) row = LockPassword(tx, credentials.payer, user->id);
  const bool matches = Matches(row ? row->verifier : NobodysVerifier(), credentials.password);
  if (!row) return Attempt{.reason = "no such account"};
  if (row->locked_until && now < *row->locked_until) {
    return Attempt{.user = user->id, .reason = "the account waits"};
  }
  if (!matches) {
    CountFailure(*row, now);
    StoreFailures(tx, credentials.payer, *row);
    return Attempt{.user = user->id, .reason = "wrong password"};
  }
  row->failures = 0;
  row->locked_until.reset();
  StoreFailures(tx, credentials.payer, *row);
  return Attempt{.right = true, .user = user->id};
}

}  // namespace

StatusOr<SignedIn> SignInService::SignIn(const Credentials& credentials) {
  return Begin(credentials, false);
}

StatusOr<SignedIn> SignInService::StepUp(const std::string& token, const Password& password,
                                         const std::string& address) {
  ASSIGN_OR_RETURN(const CallerSession session, Authenticate(token));
  const PayerId payer = session.principal.payer;
  ASSIGN_OR_RETURN(const std::string name,
                   database_.ForPayer(payer).Transact(
                       {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::string> {
                         const auto found = FindUserName(tx, payer, session.principal.user);
                         if (!found) return NoSession();
                         return *found;
                       }));
  ASSIGN_OR_RETURN(SignedIn again, Begin({payer, name, password, address}, true));
  RETURN_IF_ERROR(SignOut(token));
  return again;
}

StatusOr<SignedIn> SignInService::Begin(const Credentials& credentials, bool stepped_up) {
  if (!verifications_.try_acquire()) {
    return ResourceExhausted("too many people sign in at this moment; try again in a second");
  }
  struct Release {
    std::counting_semaphore<>& semaphore;
    ~Release() { semaphore.release(); }
  } const release{verifications_};
  const Instant now = clock_.Now();
  const std::int64_t event_id = ids_.NextValue();
  SignedIn signed_in{.token = Secret(NewToken(credentials.payer)),
                     .csrf = Secret(ToBase64Url(RandomBytes(kTokenBytes))),
                     .ends_at = After(now, kLongestSession)};
  ASSIGN_OR_RETURN(
      const Attempt attempt,
      database_.ForPayer(credentials.payer).Transact([&](pg::Transaction& tx) -> StatusOr<Attempt> {
        ASSIGN_OR_RETURN(Attempt tried, TryPassword(tx, credentials, now));
        // Under row-level security a payer that there is sees itself. Nothing is kept of others.
        if (!hierarchy::ListPayers(tx).empty()) {
          InsertAuditEvent(
              tx, EventOf(credentials, stepped_up ? "step-up" : "sign-in", tried, now, event_id));
        }
        if (!tried.right) return tried;
        InsertSession(tx, credentials.payer,
                      {.session_sha256 = HashOf(signed_in.token.Reveal()),
                       .csrf_sha256 = HashOf(signed_in.csrf.Reveal()),
                       .user = tried.user,
                       .address = credentials.address,
                       .began_at = now,
                       .ends_at = signed_in.ends_at,
                       .stepped_up = stepped_up});
        return tried;
      }));
  if (!attempt.right) return Refused();
  signed_in.user = attempt.user;
  return signed_in;
}

Status SignInService::SignOut(const std::string& token) {
  const std::optional<PayerId> payer = PayerOf(token);
  if (!payer) return OkStatus();
  return database_.ForPayer(*payer).Transact([&](pg::Transaction& tx) -> Status {
    EndSession(tx, *payer, HashOf(token), "signed out", clock_.Now());
    return OkStatus();
  });
}

StatusOr<CallerSession> SignInService::Authenticate(const std::string& token) {
  const std::optional<PayerId> payer = PayerOf(token);
  if (!payer) return NoSession();
  const Instant now = clock_.Now();
  const Digest id = HashOf(token);
  return database_.ForPayer(*payer).Transact([&](pg::Transaction& tx) -> StatusOr<CallerSession> {
    const auto row = FindSession(tx, *payer, id);
    if (!row || row->user_is_disabled || now >= row->ends_at ||
        Between(row->last_seen_at, now) > kIdle) {
      return NoSession();
    }
    if (Between(row->last_seen_at, now) > kTouch) TouchSession(tx, *payer, id, now);
    const std::vector<Grant> grants = LoadGrantsFor(tx, *payer, row->user);
    return CallerSession{.principal = {.payer = *payer,
                                       .user = row->user,
                                       .grants = GrantsInForce(grants, row->user, now.UtcDate()),
                                       .job = std::nullopt},
                         .is_service = row->user_is_service,
                         .id = id,
                         .csrf_sha256 = row->csrf_sha256,
                         .stepped_up_at = row->stepped_up_at};
  });
}

bool IsSteppedUp(const CallerSession& session, Instant now) {
  return session.stepped_up_at && Between(*session.stepped_up_at, now) < kStepUp;
}

}  // namespace sluice::api
