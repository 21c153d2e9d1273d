#include "api/identity/user_store.h"

namespace sluice::api {
namespace {

constexpr pg::Query kIsNameTaken{"core_is_sign_in_name_taken", R"sql(
  SELECT count(*) > 0
  FROM core.app_user
  WHERE payer_id = $1 AND sign_in_name = $2
)sql"};

constexpr pg::Query kLockUser{"core_lock_app_user", R"sql(
  SELECT user_id, sign_in_name, display_name, email, is_service, disabled
  FROM core.app_user
  WHERE payer_id = $1 AND user_id = $2
  FOR NO KEY UPDATE
)sql"};

constexpr pg::Query kStoreUser{"core_store_app_user", R"sql(
  UPDATE core.app_user
  SET display_name = $3, email = $4, disabled = $5, version = version + 1
  WHERE payer_id = $1 AND user_id = $2
)sql"};

constexpr pg::Query kEndSessions{"core_end_sessions_of_user", R"sql(
  UPDATE core.user_session
  SET ended_at = $4, end_reason = $3
  WHERE payer_id = $1 AND user_id = $2 AND ended_at IS NULL
)sql"};

constexpr pg::Query kFindGrant{"core_find_user_grant", R"sql(
  SELECT user_id, role, root_party, valid_from, valid_to, delegated_by, grant_id, proposed_by,
    approved_by, ended_at IS NOT NULL
  FROM core.user_grant
  WHERE payer_id = $1 AND grant_id = $2
)sql"};

constexpr pg::Query kLockGrant{"core_lock_user_grant", R"sql(
  SELECT user_id, role, root_party, valid_from, valid_to, delegated_by, grant_id, proposed_by,
    approved_by, ended_at IS NOT NULL
  FROM core.user_grant
  WHERE payer_id = $1 AND grant_id = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kStoreApproval{"core_store_grant_approval", R"sql(
  UPDATE core.user_grant
  SET approved_by = $3, approved_at = $4
  WHERE payer_id = $1 AND grant_id = $2
)sql"};

constexpr pg::Query kStoreEnd{"core_store_grant_end", R"sql(
  UPDATE core.user_grant
  SET ended_by = $3, ended_at = $5, end_reason = $4
  WHERE payer_id = $1 AND grant_id = $2
)sql"};

std::optional<GrantRow> GrantRowOf(const pg::Result& result) {
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return GrantRow{.grant_id = row.Get<std::int64_t>(6),
                  .grant = {.holder = row.Get<UserId>(0),
                            .role = static_cast<Role>(row.Get<std::int16_t>(1)),
                            .root = row.Get<std::optional<PartyId>>(2).value_or(PartyId()),
                            .valid = {row.Get<Date>(3), row.Get<std::optional<Date>>(4)},
                            .delegated_by = row.Get<std::optional<UserId>>(5)},
                  .proposed_by = row.Get<UserId>(7),
                  .approved_by = row.Get<std::optional<UserId>>(8),
                  .ended = row.Get<bool>(9)};
}

}  // namespace

bool IsNameTaken(pg::Transaction& tx, PayerId payer, const std::string& sign_in_name) {
  return tx.Query(kIsNameTaken, payer, sign_in_name).One<bool>();
}

std::optional<UserRow> LockUser(pg::Transaction& tx, PayerId payer, UserId user) {
  const pg::Result result = tx.Query(kLockUser, payer, user);
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return UserRow{.id = row.Get<UserId>(0),
                 .sign_in_name = row.Get<std::string>(1),
                 .display_name = row.Get<std::string>(2),
                 .email = row.Get<std::string>(3),
                 .is_service = row.Get<bool>(4),
                 .disabled = row.Get<bool>(5)};
}

void StoreUser(pg::Transaction& tx, PayerId payer, const UserRow& user) {
  tx.Execute(kStoreUser, payer, user.id, user.display_name, user.email, user.disabled);
}

void EndSessionsOf(pg::Transaction& tx, PayerId payer, UserId user, const std::string& reason,
                   Instant at) {
  tx.Execute(kEndSessions, payer, user, reason, at);
}

std::optional<GrantRow> FindGrantRow(pg::Transaction& tx, PayerId payer, std::int64_t grant) {
  return GrantRowOf(tx.Query(kFindGrant, payer, grant));
}

std::optional<GrantRow> LockGrantRow(pg::Transaction& tx, PayerId payer, std::int64_t grant) {
  return GrantRowOf(tx.Query(kLockGrant, payer, grant));
}

void StoreGrantApproval(pg::Transaction& tx, PayerId payer, std::int64_t grant, UserId by,
                        Instant at) {
  tx.Execute(kStoreApproval, payer, grant, by, at);
}

void StoreGrantEnd(pg::Transaction& tx, PayerId payer, std::int64_t grant, UserId by,
                   const std::string& reason, Instant at) {
  tx.Execute(kStoreEnd, payer, grant, by, reason, at);
}

}  // namespace sluice::api
