#include "api/identity/accounts.h"

#include "api/access/duties.h"
#include "api/identity/identity_store.h"

namespace sluice::api {
namespace {

Status CheckRoles(const NewAccount& account) {
  std::vector<Role> held;
  for (const Role role : account.roles) {
    RETURN_IF_ERROR(CheckGrant({.holder = account.user,
                                .role = role,
                                .held = held,
                                .granted_by = account.proposed_by,
                                .approved_by = account.approved_by}));
    held.push_back(role);
  }
  return OkStatus();
}

}  // namespace

Status AddAccount(const pg::Database& database, PayerId payer, const NewAccount& account,
                  const Password& password, Clock& clock, IdGenerator& ids,
                  const PasswordCost& cost) {
  RETURN_IF_ERROR(CheckNewPassword(password));
  RETURN_IF_ERROR(CheckRoles(account));
  if (account.proposed_by == account.approved_by) {
    return PermissionDenied("the second person is another one than the first");
  }
  const std::string verifier = MakeVerifier(password, cost);
  const Instant now = clock.Now();
  return database.ForPayer(payer).Transact([&](pg::Transaction& tx) -> Status {
    if (FindUserByName(tx, payer, account.sign_in_name)) {
      return AlreadyExists("there is a user {}", account.sign_in_name);
    }
    InsertUser(tx, payer,
               {.id = account.user,
                .sign_in_name = account.sign_in_name,
                .display_name = account.display_name},
               account.proposed_by, now);
    StorePassword(tx, payer, account.user, verifier, now);
    for (const Role role : account.roles) {
      InsertGrant(tx, payer,
                  {.grant_id = ids.NextValue(),
                   .grant = {.holder = account.user,
                             .role = role,
                             .root = account.root,
                             .valid = DateRange::From(now.UtcDate()),
                             .delegated_by = std::nullopt},
                   .reason = account.reason,
                   .proposed_by = account.proposed_by,
                   .approved_by = account.approved_by},
                  now);
    }
    return OkStatus();
  });
}

}  // namespace sluice::api
