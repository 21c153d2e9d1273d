#include "api/identity/accounts.h"

#include "api/access/duties.h"
#include "api/audit/audit_store.h"
#include "api/identity/factor_store.h"
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

Status TwoPeople(UserId proposed_by, UserId approved_by) {
  if (proposed_by != approved_by) return OkStatus();
  return PermissionDenied("the second person is another one than the first");
}

// With a verifier of a password, or none for a service.
Status Add(const pg::Database& database, PayerId payer, const NewAccount& account,
           const std::optional<std::string>& verifier, Clock& clock, IdGenerator& ids) {
  const Instant now = clock.Now();
  return database.ForPayer(payer).Transact([&](pg::Transaction& tx) -> Status {
    if (FindUserByName(tx, payer, account.sign_in_name)) {
      return AlreadyExists("there is a user {}", account.sign_in_name);
    }
    InsertUser(tx, payer,
               {.id = account.user,
                .sign_in_name = account.sign_in_name,
                .display_name = account.display_name,
                .is_service = !verifier},
               account.proposed_by, now);
    if (verifier) StorePassword(tx, payer, account.user, *verifier, now);
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

}  // namespace

Status AddAccount(const pg::Database& database, PayerId payer, const NewAccount& account,
                  const Password& password, Clock& clock, IdGenerator& ids,
                  const PasswordCost& cost) {
  RETURN_IF_ERROR(CheckNewPassword(password));
  RETURN_IF_ERROR(CheckRoles(account));
  RETURN_IF_ERROR(TwoPeople(account.proposed_by, account.approved_by));
  return Add(database, payer, account, MakeVerifier(password, cost), clock, ids);
}

Status AddServiceAccount(const pg::Database& database, PayerId payer, const NewAccount& account,
                         Clock& clock, IdGenerator& ids) {
  RETURN_IF_ERROR(CheckRoles(account));
  RETURN_IF_ERROR(TwoPeople(account.proposed_by, account.approved_by));
  return Add(database, payer, account, std::nullopt, clock, ids);
}

Status ResetFactor(const pg::Database& database, PayerId payer, const FactorReset& reset,
                   Clock& clock, IdGenerator& ids) {
  RETURN_IF_ERROR(TwoPeople(reset.proposed_by, reset.approved_by));
  if (reset.user == reset.proposed_by || reset.user == reset.approved_by) {
    return PermissionDenied("nobody takes their own second factor away");
  }
  const Instant now = clock.Now();
  const std::int64_t event_id = ids.NextValue();
  return database.ForPayer(payer).Transact([&](pg::Transaction& tx) -> Status {
    if (!RemoveFactor(tx, payer, reset.user)) {
      return NotFound("{} has no second factor", reset.user);
    }
    EndOtherSessions(tx, payer, reset.user, {}, "the second factor was taken away", now);
    InsertAuditEvent(
        tx, {.payer = payer,
             .event_id = event_id,
             .recorded_at = now,
             .actor = reset.approved_by,
             .method = "factor reset",
             .resource = fmt::format("payers/{}/users/{}", payer, reset.user),
             .reason = fmt::format("proposed by {}: {}", reset.proposed_by, reset.reason)});
    return OkStatus();
  });
}

}  // namespace sluice::api
