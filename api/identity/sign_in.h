// Signing in with a password or at an issuer, and the sessions that follow from it.
//
//   1. A session is known by a random token that only its owner has; the database has its SHA-256.
//      It ends after 15 minutes without a call, and after ten hours at the latest.
//   2. Signing in and stepping up make a new session, never the same one again: a token that was
//      known before somebody authenticated is worth nothing afterward.
//   3. From the fifth wrong password or code on an account waits, longer each time. A wrong name, a
//      wrong password, a wrong code and an account that waits are told apart by nobody, and take
//      the same time.
//   4. Every attempt is in the audit log, with where it came from and not with what was typed.
//   5. Rights are those of the moment: grants, users and sessions are read with every call.
//   6. A second factor that changed ends every other session of its owner.
// Source: LEDGER_RELIABILITY_SECURITY 8.6; OWASP ASVS 5.0 V6, V7.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <semaphore>
#include <set>
#include <string>
#include <string_view>

#include "api/access/decision.h"
#include "api/identity/password.h"
#include "api/identity/second_factor.h"
#include "core/clock.h"
#include "core/crypto.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/secret.h"
#include "core/status.h"

namespace sluice::api {

// What whoever signed in keeps. The CSRF token goes with every call that a browser's cookie
// authenticates.
struct SignedIn {
  UserId user;
  Secret<std::string> token;
  Secret<std::string> csrf;
  Instant ends_at;
};

// A session as a call sees it.
struct CallerSession {
  Principal principal;  // with the grants in force today
  bool is_service = false;
  Digest id{};
  Digest csrf_sha256{};
  std::optional<Instant> stepped_up_at;
  std::optional<Instant> ends_at = {};  // at the latest; unset for a service
};

struct Credentials {
  PayerId payer;
  std::string name;
  Password password;
  std::string address;    // where the call came from
  std::string code = {};  // of the second factor; empty for accounts without one
};

// The same for an account that is known by its session.
struct Proof {
  Password password;
  std::string code = {};
};

// Somebody whom an issuer authenticated.
struct IssuedIdentity {
  // Whom the issuer was asked to authenticate again, and the session that ends with it.
  struct Again {
    UserId user;
    Digest session{};
  };

  PayerId payer;
  std::string name;  // the sign-in name here
  std::string address;
  std::optional<Again> again = {};
};

// What an app is set up with. Shown once.
struct EnrolledFactor {
  Secret<std::string> secret;  // in base 32
  Secret<std::string> uri;     // the same for a picture
};

struct SignInRules {
  // Seals second factors, the same for all servers of one database. Unset: nobody can enroll one.
  std::optional<SecretKey> factor_key = {};
  // Nobody approves or releases with a password alone.
  bool step_up_needs_factor = false;
  // Payers whose people sign in at an issuer: no password of theirs is looked at.
  std::set<PayerId> at_issuer = {};
};

class SignInService {
 public:
  // Acts on the database as the service; the clock and the ids outlive it.
  SignInService(pg::Database database, Clock& clock, IdGenerator& ids, SignInRules rules = {});

  // Unauthenticated for whatever is wrong with the credentials. ResourceExhausted while too many
  // sign in at once: a verification takes memory. FailedPrecondition for a payer with an issuer.
  StatusOr<SignedIn> SignIn(const Credentials& credentials);
  // The same person again, with a session that may approve and release for five minutes. The one
  // before ends. FailedPrecondition when the rules ask for a second factor and there is none.
  StatusOr<SignedIn> StepUp(const std::string& token, const Proof& proof,
                            const std::string& address);
  // A session for whoever the issuer authenticated. Unauthenticated unless a person of that name
  // may sign in here, and is the same one where somebody was authenticated again.
  StatusOr<SignedIn> SignInAtIssuer(const IssuedIdentity& identity);
  // Ends the session; OK also when there is none.
  Status SignOut(const std::string& token);

  // A second factor for the session's owner, who proves again who they are. It counts once a code
  // of it was confirmed. Unauthenticated as SignIn; FailedPrecondition without a key.
  StatusOr<EnrolledFactor> EnrollFactor(const std::string& token, const Proof& proof,
                                        const std::string& address);
  // From now on the code is asked for. Every other session of the owner ends.
  Status ConfirmFactor(const std::string& token, const std::string& code,
                       const std::string& address);

  // Unauthenticated when the token is of no session that is alive.
  StatusOr<CallerSession> Authenticate(const std::string& token);
  // The CSRF token of a session, for the browser that has its cookie.
  static Secret<std::string> CsrfOf(const std::string& token);

 private:
  struct Attempt {
    bool right = false;
    bool by_factor = false;  // a code was asked for
    UserId user;             // whose account it is; unset when there is none
    std::string reason;      // of a refusal, for the audit log
  };
  using Then = std::function<Status(pg::Transaction&, const Attempt&)>;

  // Tries the credentials, writes down the attempt, and does the rest when they are right.
  Status Prove(const Credentials& credentials, std::string_view method, const Then& then);
  StatusOr<Attempt> Try(pg::Transaction& tx, const Credentials& credentials, Instant now) const;
  StatusOr<Credentials> CredentialsOf(const CallerSession& session, const Proof& proof,
                                      const std::string& address) const;
  StatusOr<SignedIn> Begin(const Credentials& credentials, bool stepped_up);
  SignedIn NewSignIn(PayerId payer, Instant now) const;
  static void WriteAttempt(pg::Transaction& tx, const Credentials& credentials,
                           std::string_view method, const Attempt& attempt, Instant now,
                           std::int64_t event_id);
  static void InsertSessionOf(pg::Transaction& tx, PayerId payer, const SignedIn& signed_in,
                              const std::string& address, Instant now, bool stepped_up);

  pg::Database database_;
  Clock& clock_;
  IdGenerator& ids_;
  SignInRules rules_;
  std::optional<SecondFactor> factor_;
  std::counting_semaphore<> verifications_{4};
};

// Whether the session was authenticated again less than five minutes ago.
bool IsSteppedUp(const CallerSession& session, Instant now);

}  // namespace sluice::api
