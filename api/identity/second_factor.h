// The second factor of a built-in account: a code from an app, after the password.
//
//   1. The secret is shown once, when somebody enrolls, and kept sealed, bound to its account.
//   2. It counts from the first code on: an app that was set up wrong locks nobody out, and the one
//      before stays good until then.
//   3. A code is good once (core/one_time_code.h).
// Every function is part of the caller's transaction, under the lock of the account's password.
#pragma once

#include <string>
#include <utility>

#include "core/crypto.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/secret.h"
#include "core/status.h"

namespace sluice::api {

enum class FactorOutcome {
  kNone,   // the account has none: nothing is asked
  kRight,  // and will not be right again
  kWrong,
};

class SecondFactor {
 public:
  // The same key for all servers of one database.
  explicit SecondFactor(SecretKey key) : key_(std::move(key)) {}

  FactorOutcome Take(pg::Transaction& tx, PayerId payer, UserId user, const std::string& code,
                     Instant now) const;
  // A new secret in base 32, for an app.
  Secret<std::string> Enroll(pg::Transaction& tx, PayerId payer, UserId user, Instant now) const;
  // FailedPrecondition when nothing was enrolled within ten minutes, Unauthenticated for a wrong
  // code.
  Status Confirm(pg::Transaction& tx, PayerId payer, UserId user, const std::string& code,
                 Instant now) const;

 private:
  SecretKey key_;
};

// What an app reads from a picture: otpauth://totp/... It has the secret in it.
Secret<std::string> FactorUri(const std::string& name, const Secret<std::string>& secret);

}  // namespace sluice::api
