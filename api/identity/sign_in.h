// Signing in with a password, and the sessions that follow from it.
//
//   1. A session is known by a random token that only its owner has; the database has its SHA-256.
//      It ends after 15 minutes without a call, and after ten hours at the latest.
//   2. Signing in and stepping up make a new session, never the same one again: a token that was
//      known before somebody authenticated is worth nothing afterward.
//   3. From the fifth wrong password on an account waits, longer each time. A wrong name, a wrong
//      password and an account that waits are told apart by nobody, and take the same time.
//   4. Every attempt is in the audit log, with where it came from and not with what was typed.
//   5. Rights are those of the moment: grants, users and sessions are read with every call.
// Source: LEDGER_RELIABILITY_SECURITY 8.6; OWASP ASVS 5.0 V6, V7.
#pragma once

#include <memory>
#include <optional>
#include <semaphore>
#include <string>

#include "api/access/decision.h"
#include "api/identity/password.h"
#include "core/clock.h"
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
};

struct Credentials {
  PayerId payer;
  std::string name;
  Password password;
  std::string address;  // where the call came from
};

class SignInService {
 public:
  // Acts on the database as the service; the clock and the ids outlive it.
  SignInService(pg::Database database, Clock& clock, IdGenerator& ids)
      : database_(std::move(database)), clock_(clock), ids_(ids) {}

  // Unauthenticated for whatever is wrong with the credentials. ResourceExhausted while too many
  // sign in at once: a verification takes memory.
  StatusOr<SignedIn> SignIn(const Credentials& credentials);
  // The same person again, with a session that may approve and release for five minutes. The one
  // before ends.
  StatusOr<SignedIn> StepUp(const std::string& token, const Password& password,
                            const std::string& address);
  // Ends the session; OK also when there is none.
  Status SignOut(const std::string& token);

  // Unauthenticated when the token is of no session that is alive.
  StatusOr<CallerSession> Authenticate(const std::string& token);

 private:
  StatusOr<SignedIn> Begin(const Credentials& credentials, bool stepped_up);

  pg::Database database_;
  Clock& clock_;
  IdGenerator& ids_;
  std::counting_semaphore<> verifications_{4};
};

// Whether the session was authenticated again less than five minutes ago.
bool IsSteppedUp(const CallerSession& session, Instant now);

}  // namespace sluice::api
