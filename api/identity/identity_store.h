// Rows of users, their grants, passwords and sessions. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/access/decision.h"
#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::api {

struct UserRow {
  UserId id;
  std::string sign_in_name;
  std::string display_name;
  std::string email;
  bool is_service = false;
  bool disabled = false;
};

struct NewGrant {
  std::int64_t grant_id = 0;
  Grant grant;
  std::string reason;
  UserId proposed_by;
  std::optional<UserId> approved_by;  // none only for a delegation
};

struct PasswordRow {
  UserId user;
  std::string verifier;
  std::int32_t failures = 0;  // since the last sign-in that succeeded
  std::optional<Instant> locked_until;
};

// A session that has not ended, with the person whose it is.
struct SessionRow {
  UserId user;
  bool user_is_service = false;
  bool user_is_disabled = false;
  Digest csrf_sha256{};
  Instant ends_at;
  Instant last_seen_at;
  std::optional<Instant> stepped_up_at;
};

struct NewSession {
  Digest session_sha256{};
  Digest csrf_sha256{};
  UserId user;
  std::string address;
  Instant began_at;
  Instant ends_at;
  bool stepped_up = false;
};

void InsertUser(pg::Transaction& tx, PayerId payer, const UserRow& user, UserId by, Instant at);
// Not a user who is disabled.
std::optional<UserRow> FindUserByName(pg::Transaction& tx, PayerId payer,
                                      const std::string& sign_in_name);

// The sign-in name of a user who is not disabled.
std::optional<std::string> FindUserName(pg::Transaction& tx, PayerId payer, UserId user);

std::optional<UserRow> FindUser(pg::Transaction& tx, PayerId payer, UserId user);

// When a session of the user last began; none when never.
std::optional<Instant> LastSignIn(pg::Transaction& tx, PayerId payer, UserId user);

// A grant as it was recorded, whether it holds or not.
struct GrantRow {
  std::int64_t grant_id = 0;
  Grant grant;
  UserId proposed_by;
  std::optional<UserId> approved_by;
  bool ended = false;
};
// Of one user, by id.
std::vector<GrantRow> LoadGrantRows(pg::Transaction& tx, PayerId payer, UserId user);

void InsertGrant(pg::Transaction& tx, PayerId payer, const NewGrant& grant, Instant at);
// The approved grants of a user that have not ended, delegated ones included, and those of whoever
// delegated to them: what GrantsInForce asks for.
std::vector<Grant> LoadGrantsFor(pg::Transaction& tx, PayerId payer, UserId user);

// Makes it, or takes the place of the one before.
void StorePassword(pg::Transaction& tx, PayerId payer, UserId user, const std::string& verifier,
                   Instant at);
// Locks the row: attempts at one account follow one another.
std::optional<PasswordRow> LockPassword(pg::Transaction& tx, PayerId payer, UserId user);
void StoreFailures(pg::Transaction& tx, PayerId payer, const PasswordRow& row);

void InsertSession(pg::Transaction& tx, PayerId payer, const NewSession& session);
std::optional<SessionRow> FindSession(pg::Transaction& tx, PayerId payer, const Digest& session);
void TouchSession(pg::Transaction& tx, PayerId payer, const Digest& session, Instant at);
// False when it had ended or was never there.
bool EndSession(pg::Transaction& tx, PayerId payer, const Digest& session,
                const std::string& reason, Instant at);
// All of the user but one.
void EndOtherSessions(pg::Transaction& tx, PayerId payer, UserId user, const Digest& kept,
                      const std::string& reason, Instant at);

}  // namespace sluice::api
