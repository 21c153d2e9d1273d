#include "api/identity/identity_store.h"

namespace sluice::api {
namespace {

constexpr pg::Query kInsertUser{"core_insert_app_user", R"sql(
  INSERT INTO core.app_user (payer_id, user_id, sign_in_name, display_name, email, is_service,
    disabled, version, recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9)
)sql"};

constexpr pg::Query kFindUserByName{"core_find_app_user_by_name", R"sql(
  SELECT user_id, sign_in_name, display_name, email, is_service, disabled
  FROM core.app_user
  WHERE payer_id = $1 AND sign_in_name = $2 AND NOT disabled
)sql"};

constexpr pg::Query kFindUserName{"core_find_app_user_name", R"sql(
  SELECT sign_in_name
  FROM core.app_user
  WHERE payer_id = $1 AND user_id = $2 AND NOT disabled
)sql"};

constexpr pg::Query kFindUser{"core_find_app_user", R"sql(
  SELECT user_id, sign_in_name, display_name, email, is_service, disabled
  FROM core.app_user
  WHERE payer_id = $1 AND user_id = $2
)sql"};

constexpr pg::Query kLastSignIn{"core_last_sign_in", R"sql(
  SELECT max(began_at)
  FROM core.user_session
  WHERE payer_id = $1 AND user_id = $2
)sql"};

constexpr pg::Query kLoadGrantRows{"core_load_user_grant_rows", R"sql(
  SELECT user_id, role, root_party, valid_from, valid_to, delegated_by, grant_id, proposed_by,
    approved_by, ended_at IS NOT NULL
  FROM core.user_grant
  WHERE payer_id = $1 AND user_id = $2
  ORDER BY grant_id
)sql"};

constexpr pg::Query kInsertGrant{"core_insert_user_grant", R"sql(
  INSERT INTO core.user_grant (payer_id, grant_id, user_id, role, root_party, valid_from, valid_to,
    delegated_by, reason, proposed_by, proposed_at, approved_by, approved_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
    CASE WHEN $12::bigint IS NULL THEN NULL ELSE $11::timestamptz END)
)sql"};

constexpr pg::Query kLoadGrantsFor{"core_load_user_grants_for", R"sql(
  SELECT g.user_id, g.role, g.root_party, g.valid_from, g.valid_to, g.delegated_by
  FROM core.user_grant AS g
  WHERE g.payer_id = $1 AND g.ended_at IS NULL
    AND (g.approved_at IS NOT NULL OR g.delegated_by IS NOT NULL)
    AND (g.user_id = $2 OR g.user_id IN (
      SELECT d.delegated_by
      FROM core.user_grant AS d
      WHERE d.payer_id = $1 AND d.user_id = $2 AND d.delegated_by IS NOT NULL
        AND d.ended_at IS NULL))
  ORDER BY g.grant_id
)sql"};

constexpr pg::Query kStorePassword{"core_store_user_password", R"sql(
  INSERT INTO core.user_password (payer_id, user_id, verifier, changed_at, failures, locked_until)
  VALUES ($1, $2, $3, $4, 0, NULL)
  ON CONFLICT (payer_id, user_id) DO UPDATE
  SET verifier = EXCLUDED.verifier, changed_at = EXCLUDED.changed_at, failures = 0,
    locked_until = NULL
)sql"};

constexpr pg::Query kLockPassword{"core_lock_user_password", R"sql(
  SELECT user_id, verifier, failures, locked_until
  FROM core.user_password
  WHERE payer_id = $1 AND user_id = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kStoreFailures{"core_store_password_failures", R"sql(
  UPDATE core.user_password
  SET failures = $3, locked_until = $4
  WHERE payer_id = $1 AND user_id = $2
)sql"};

constexpr pg::Query kInsertSession{"core_insert_user_session", R"sql(
  INSERT INTO core.user_session (payer_id, session_sha256, csrf_sha256, user_id, address, began_at,
    ends_at, last_seen_at, stepped_up_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $6, CASE WHEN $8 THEN $6::timestamptz END)
)sql"};

constexpr pg::Query kFindSession{"core_find_user_session", R"sql(
  SELECT s.user_id, u.is_service, u.disabled, s.csrf_sha256, s.ends_at, s.last_seen_at,
    s.stepped_up_at
  FROM core.user_session AS s
  JOIN core.app_user AS u ON u.payer_id = s.payer_id AND u.user_id = s.user_id
  WHERE s.payer_id = $1 AND s.session_sha256 = $2 AND s.ended_at IS NULL
)sql"};

constexpr pg::Query kTouchSession{"core_touch_user_session", R"sql(
  UPDATE core.user_session
  SET last_seen_at = $3
  WHERE payer_id = $1 AND session_sha256 = $2 AND last_seen_at < $3
)sql"};

constexpr pg::Query kEndSession{"core_end_user_session", R"sql(
  UPDATE core.user_session
  SET ended_at = $4, end_reason = $3
  WHERE payer_id = $1 AND session_sha256 = $2 AND ended_at IS NULL
)sql"};

constexpr pg::Query kEndOtherSessions{"core_end_other_sessions", R"sql(
  UPDATE core.user_session
  SET ended_at = $5, end_reason = $4
  WHERE payer_id = $1 AND user_id = $2 AND session_sha256 <> $3 AND ended_at IS NULL
)sql"};

std::optional<PartyId> RootOf(const Grant& grant) {
  return grant.root == PartyId() ? std::nullopt : std::optional(grant.root);
}

std::optional<UserRow> UserOf(const pg::Result& result) {
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return UserRow{.id = row.Get<UserId>(0),
                 .sign_in_name = row.Get<std::string>(1),
                 .display_name = row.Get<std::string>(2),
                 .email = row.Get<std::string>(3),
                 .is_service = row.Get<bool>(4),
                 .disabled = row.Get<bool>(5)};
}

// The first six columns.
Grant GrantOf(const pg::Row& row) {
  return {.holder = row.Get<UserId>(0),
          .role = static_cast<Role>(row.Get<std::int16_t>(1)),
          .root = row.Get<std::optional<PartyId>>(2).value_or(PartyId()),
          .valid = {row.Get<Date>(3), row.Get<std::optional<Date>>(4)},
          .delegated_by = row.Get<std::optional<UserId>>(5)};
}

}  // namespace

void InsertUser(pg::Transaction& tx, PayerId payer, const UserRow& user, UserId by, Instant at) {
  tx.Execute(kInsertUser, payer, user.id, user.sign_in_name, user.display_name, user.email,
             user.is_service, user.disabled, by, at);
}

std::optional<UserRow> FindUserByName(pg::Transaction& tx, PayerId payer,
                                      const std::string& sign_in_name) {
  return UserOf(tx.Query(kFindUserByName, payer, sign_in_name));
}

std::optional<UserRow> FindUser(pg::Transaction& tx, PayerId payer, UserId user) {
  return UserOf(tx.Query(kFindUser, payer, user));
}

std::optional<Instant> LastSignIn(pg::Transaction& tx, PayerId payer, UserId user) {
  return tx.Query(kLastSignIn, payer, user).One<std::optional<Instant>>();
}

std::vector<GrantRow> LoadGrantRows(pg::Transaction& tx, PayerId payer, UserId user) {
  const pg::Result result = tx.Query(kLoadGrantRows, payer, user);
  std::vector<GrantRow> rows;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    rows.push_back({.grant_id = row.Get<std::int64_t>(6),
                    .grant = GrantOf(row),
                    .proposed_by = row.Get<UserId>(7),
                    .approved_by = row.Get<std::optional<UserId>>(8),
                    .ended = row.Get<bool>(9)});
  }
  return rows;
}

std::optional<std::string> FindUserName(pg::Transaction& tx, PayerId payer, UserId user) {
  return tx.Query(kFindUserName, payer, user).OneOrNone<std::string>();
}

void InsertGrant(pg::Transaction& tx, PayerId payer, const NewGrant& added, Instant at) {
  const Grant& grant = added.grant;
  tx.Execute(kInsertGrant, payer, added.grant_id, grant.holder,
             static_cast<std::int16_t>(grant.role), RootOf(grant), grant.valid.from, grant.valid.to,
             grant.delegated_by, added.reason, added.proposed_by, at, added.approved_by);
}

std::vector<Grant> LoadGrantsFor(pg::Transaction& tx, PayerId payer, UserId user) {
  const pg::Result result = tx.Query(kLoadGrantsFor, payer, user);
  std::vector<Grant> grants;
  for (int i = 0; i < result.Size(); ++i) grants.push_back(GrantOf(result[i]));
  return grants;
}

void StorePassword(pg::Transaction& tx, PayerId payer, UserId user, const std::string& verifier,
                   Instant at) {
  tx.Execute(kStorePassword, payer, user, verifier, at);
}

std::optional<PasswordRow> LockPassword(pg::Transaction& tx, PayerId payer, UserId user) {
  const pg::Result result = tx.Query(kLockPassword, payer, user);
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return PasswordRow{.user = row.Get<UserId>(0),
                     .verifier = row.Get<std::string>(1),
                     .failures = row.Get<std::int32_t>(2),
                     .locked_until = row.Get<std::optional<Instant>>(3)};
}

void StoreFailures(pg::Transaction& tx, PayerId payer, const PasswordRow& row) {
  tx.Execute(kStoreFailures, payer, row.user, row.failures, row.locked_until);
}

void InsertSession(pg::Transaction& tx, PayerId payer, const NewSession& session) {
  tx.Execute(kInsertSession, payer, session.session_sha256, session.csrf_sha256, session.user,
             session.address, session.began_at, session.ends_at, session.stepped_up);
}

std::optional<SessionRow> FindSession(pg::Transaction& tx, PayerId payer, const Digest& session) {
  const pg::Result result = tx.Query(kFindSession, payer, session);
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return SessionRow{.user = row.Get<UserId>(0),
                    .user_is_service = row.Get<bool>(1),
                    .user_is_disabled = row.Get<bool>(2),
                    .csrf_sha256 = row.Get<Digest>(3),
                    .ends_at = row.Get<Instant>(4),
                    .last_seen_at = row.Get<Instant>(5),
                    .stepped_up_at = row.Get<std::optional<Instant>>(6)};
}

void TouchSession(pg::Transaction& tx, PayerId payer, const Digest& session, Instant at) {
  tx.Execute(kTouchSession, payer, session, at);
}

bool EndSession(pg::Transaction& tx, PayerId payer, const Digest& session,
                const std::string& reason, Instant at) {
  return tx.Execute(kEndSession, payer, session, reason, at) == 1;
}

void EndOtherSessions(pg::Transaction& tx, PayerId payer, UserId user, const Digest& kept,
                      const std::string& reason, Instant at) {
  tx.Execute(kEndOtherSessions, payer, user, kept, reason, at);
}

}  // namespace sluice::api
