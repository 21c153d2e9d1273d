#include "api/identity/sign_in.h"

#include <algorithm>
#include <utility>

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

Status Refused() { return Unauthenticated("the name, the password or the code is not right"); }

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

Status NoFactors() {
  return FailedPrecondition("this server keeps no second factors: it has no key for them");
}

}  // namespace

SignInService::SignInService(pg::Database database, Clock& clock, IdGenerator& ids,
                             SignInRules rules)
    : database_(std::move(database)), clock_(clock), ids_(ids), rules_(std::move(rules)) {
  if (rules_.factor_key) factor_.emplace(*rules_.factor_key);
}

StatusOr<SignedIn> SignInService::SignIn(const Credentials& credentials) {
  return Begin(credentials, false);
}

StatusOr<SignedIn> SignInService::StepUp(const std::string& token, const Proof& proof,
                                         const std::string& address) {
  ASSIGN_OR_RETURN(const CallerSession session, Authenticate(token));
  ASSIGN_OR_RETURN(const Credentials credentials, CredentialsOf(session, proof, address));
  ASSIGN_OR_RETURN(SignedIn again, Begin(credentials, true));
  RETURN_IF_ERROR(SignOut(token));
  return again;
}

StatusOr<Credentials> SignInService::CredentialsOf(const CallerSession& session, const Proof& proof,
                                                   const std::string& address) const {
  const PayerId payer = session.principal.payer;
  return database_.ForPayer(payer).Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<Credentials> {
        const auto name = FindUserName(tx, payer, session.principal.user);
        if (!name) return NoSession();
        return Credentials{.payer = payer,
                           .name = *name,
                           .password = proof.password,
                           .address = address,
                           .code = proof.code};
      });
}

StatusOr<SignedIn> SignInService::Begin(const Credentials& credentials, bool stepped_up) {
  const Instant now = clock_.Now();
  SignedIn signed_in = NewSignIn(credentials.payer, now);
  RETURN_IF_ERROR(Prove(credentials, stepped_up ? "step-up" : "sign-in",
                        [&](pg::Transaction& tx, const Attempt& attempt) -> Status {
                          if (stepped_up && rules_.step_up_needs_factor && !attempt.by_factor) {
                            return FailedPrecondition(
                                "this needs a second factor and the account has none: enroll one "
                                "at /auth/factor/enroll");
                          }
                          signed_in.user = attempt.user;
                          InsertSessionOf(tx, credentials.payer, signed_in, credentials.address,
                                          now, stepped_up);
                          return OkStatus();
                        }));
  return signed_in;
}

Status SignInService::Prove(const Credentials& credentials, std::string_view method,
                            const Then& then) {
  if (rules_.at_issuer.contains(credentials.payer)) {
    return FailedPrecondition(
        "the people of payer {} sign in at its issuer and not with a password: /auth/login",
        credentials.payer);
  }
  if (!verifications_.try_acquire()) {
    return ResourceExhausted("too many people sign in at this moment; try again in a second");
  }
  struct Release {
    std::counting_semaphore<>& semaphore;
    ~Release() { semaphore.release(); }
  } const release{verifications_};
  const Instant now = clock_.Now();
  const std::int64_t event_id = ids_.NextValue();
  ASSIGN_OR_RETURN(
      const Attempt attempt,
      database_.ForPayer(credentials.payer).Transact([&](pg::Transaction& tx) -> StatusOr<Attempt> {
        ASSIGN_OR_RETURN(Attempt tried, Try(tx, credentials, now));
        WriteAttempt(tx, credentials, method, tried, now, event_id);
        if (tried.right) RETURN_IF_ERROR(then(tx, tried));
        return tried;
      }));
  return attempt.right ? OkStatus() : Refused();
}

// Whether the password and the code are the account's. A failure is written down, so this commits
// either way.
StatusOr<SignInService::Attempt> SignInService::Try(pg::Transaction& tx,
                                                    const Credentials& credentials,
                                                    Instant now) const {
  const PayerId payer = credentials.payer;
  const auto user = FindUserByName(tx, payer, credentials.name);
  std::optional<PasswordRow> row;
  if (user && !user->is_service) row = LockPassword(tx, payer, user->id);
  const bool matches = Matches(row ? row->verifier : NobodysVerifier(), credentials.password);
  if (!row) return Attempt{.reason = "no such account"};
  Attempt attempt{.user = user->id};
  if (row->locked_until && now < *row->locked_until) {
    attempt.reason = "the account waits";
    return attempt;
  }
  // A code is not used up by a wrong password.
  FactorOutcome outcome = FactorOutcome::kNone;
  if (matches && factor_) outcome = factor_->Take(tx, payer, user->id, credentials.code, now);
  attempt.by_factor = outcome == FactorOutcome::kRight;
  attempt.right = matches && outcome != FactorOutcome::kWrong;
  if (attempt.right) {
    row->failures = 0;
    row->locked_until.reset();
  } else {
    attempt.reason = matches ? "wrong code" : "wrong password";
    CountFailure(*row, now);
  }
  StoreFailures(tx, payer, *row);
  return attempt;
}

// A name that is nobody's is not written down: people type their password into the wrong field.
void SignInService::WriteAttempt(pg::Transaction& tx, const Credentials& credentials,
                                 std::string_view method, const Attempt& attempt, Instant now,
                                 std::int64_t event_id) {
  // Under row-level security a payer that there is sees itself. Nothing is kept of others.
  if (hierarchy::ListPayers(tx).empty()) return;
  InsertAuditEvent(tx,
                   {.payer = credentials.payer,
                    .event_id = event_id,
                    .recorded_at = now,
                    .actor = attempt.user == UserId() ? std::nullopt : std::optional(attempt.user),
                    .method = std::string(method),
                    .resource = fmt::format("payers/{}", credentials.payer),
                    .decision = attempt.right ? AuditDecision::kAllowed : AuditDecision::kDenied,
                    .reason = attempt.reason,
                    .request_id = "",
                    .address = credentials.address});
}

SignedIn SignInService::NewSignIn(PayerId payer, Instant now) const {
  SignedIn signed_in{.user = {},
                     .token = Secret(NewToken(payer)),
                     .csrf = {},
                     .ends_at = After(now, kLongestSession)};
  signed_in.csrf = CsrfOf(signed_in.token.Reveal());
  return signed_in;
}

void SignInService::InsertSessionOf(pg::Transaction& tx, PayerId payer, const SignedIn& signed_in,
                                    const std::string& address, Instant now, bool stepped_up) {
  InsertSession(tx, payer,
                {.session_sha256 = HashOf(signed_in.token.Reveal()),
                 .csrf_sha256 = HashOf(signed_in.csrf.Reveal()),
                 .user = signed_in.user,
                 .address = address,
                 .began_at = now,
                 .ends_at = signed_in.ends_at,
                 .stepped_up = stepped_up});
}

StatusOr<SignedIn> SignInService::SignInAtIssuer(const IssuedIdentity& identity) {
  const Instant now = clock_.Now();
  const std::int64_t event_id = ids_.NextValue();
  SignedIn signed_in = NewSignIn(identity.payer, now);
  const auto work = [&](pg::Transaction& tx) -> StatusOr<bool> {
    const auto user = FindUserByName(tx, identity.payer, identity.name);
    Attempt attempt{.user = user ? user->id : UserId()};
    if (!user || user->is_service) {
      attempt.reason = "the issuer's name is nobody's";
    } else if (identity.again && identity.again->user != user->id) {
      attempt.reason = "somebody else signed in at the issuer";
    } else {
      attempt.right = true;
    }
    WriteAttempt(tx, {.payer = identity.payer, .address = identity.address},
                 identity.again ? "step-up at issuer" : "sign-in at issuer", attempt, now,
                 event_id);
    if (!attempt.right) return false;
    signed_in.user = user->id;
    InsertSessionOf(tx, identity.payer, signed_in, identity.address, now,
                    identity.again.has_value());
    if (identity.again) {
      EndSession(tx, identity.payer, identity.again->session, "authenticated again", now);
    }
    return true;
  };
  ASSIGN_OR_RETURN(const bool right, database_.ForPayer(identity.payer).Transact(work));
  if (!right) {
    return Unauthenticated(
        "the issuer knows you, and this payer does not: ask its administrator for an account of "
        "the name that the issuer has for you");
  }
  return signed_in;
}

StatusOr<EnrolledFactor> SignInService::EnrollFactor(const std::string& token, const Proof& proof,
                                                     const std::string& address) {
  if (!factor_) return NoFactors();
  ASSIGN_OR_RETURN(const CallerSession session, Authenticate(token));
  ASSIGN_OR_RETURN(const Credentials credentials, CredentialsOf(session, proof, address));
  EnrolledFactor enrolled;
  RETURN_IF_ERROR(Prove(
      credentials, "factor enroll", [&](pg::Transaction& tx, const Attempt& attempt) -> Status {
        enrolled.secret = factor_->Enroll(tx, credentials.payer, attempt.user, clock_.Now());
        return OkStatus();
      }));
  enrolled.uri = FactorUri(credentials.name, enrolled.secret);
  return enrolled;
}

Status SignInService::ConfirmFactor(const std::string& token, const std::string& code,
                                    const std::string& address) {
  if (!factor_) return NoFactors();
  ASSIGN_OR_RETURN(const CallerSession session, Authenticate(token));
  const PayerId payer = session.principal.payer;
  const UserId user = session.principal.user;
  const Instant now = clock_.Now();
  const std::int64_t event_id = ids_.NextValue();
  return database_.ForPayer(payer).Transact([&](pg::Transaction& tx) -> Status {
    RETURN_IF_ERROR(factor_->Confirm(tx, payer, user, code, now));
    EndOtherSessions(tx, payer, user, session.id, "the second factor changed", now);
    WriteAttempt(tx, {.payer = payer, .address = address}, "factor confirm",
                 {.right = true, .user = user}, now, event_id);
    return OkStatus();
  });
}

Secret<std::string> SignInService::CsrfOf(const std::string& token) {
  // Follows from the token, which no page can read, and says nothing about it.
  const Digest derived = HmacSha256(AsBytes(token), AsBytes("sluice.csrf.v1"));
  return Secret<std::string>(ToBase64Url(derived));
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
                         .stepped_up_at = row->stepped_up_at,
                         .ends_at = row->ends_at};
  });
}

bool IsSteppedUp(const CallerSession& session, Instant now) {
  return session.stepped_up_at && Between(*session.stepped_up_at, now) < kStepUp;
}

}  // namespace sluice::api
