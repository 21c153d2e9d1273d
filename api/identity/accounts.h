// Built-in accounts: how a person comes to be able to sign in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/access/matrix.h"
#include "api/identity/password.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::api {

struct NewAccount {
  UserId user;
  std::string sign_in_name;
  std::string display_name;
  std::vector<Role> roles;
  PartyId root;  // where the roles hold; unset: the whole payer
  std::string reason;
  UserId proposed_by;
  UserId approved_by;  // a second person
};

// Adds the user with the roles from today on, all or nothing. AlreadyExists for a name that is
// taken; PermissionDenied and FailedPrecondition as CheckGrant and CheckRolesTogether say.
Status AddAccount(const pg::Database& database, PayerId payer, const NewAccount& account,
                  const Password& password, Clock& clock, IdGenerator& ids,
                  const PasswordCost& cost = {});

// The same for a service of another system, which has no password: it is known by a token of its
// issuer or by a certificate (api/identity/authenticator.h).
Status AddServiceAccount(const pg::Database& database, PayerId payer, const NewAccount& account,
                         Clock& clock, IdGenerator& ids);

struct FactorReset {
  UserId user;
  std::string reason;  // who proved how who they are
  UserId proposed_by;
  UserId approved_by;  // a second person
};

// Takes the second factor of somebody who lost it away, ends their sessions, and writes it to the
// audit log. NotFound without one; PermissionDenied unless two other people say so.
Status ResetFactor(const pg::Database& database, PayerId payer, const FactorReset& reset,
                   Clock& clock, IdGenerator& ids);

}  // namespace sluice::api
