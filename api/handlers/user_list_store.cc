#include "api/handlers/user_list_store.h"

#include <array>

#include "api/handlers/user_messages.h"
#include "api/identity/user_store.h"

namespace sluice::api {
namespace {

// The names of sluice.ops.v1.Role without their prefix.
constexpr std::array<std::pair<std::string_view, std::int64_t>, 15> kRoleNames = {{
    {"PAYER_ADMIN", 1},
    {"HIERARCHY", 2},
    {"CONTRACT_MAKER", 3},
    {"CONTRACT_APPROVER", 4},
    {"ANALYST", 5},
    {"FINANCE_MAKER", 6},
    {"FINANCE_CHECKER", 7},
    {"RELEASER", 8},
    {"TREASURY", 9},
    {"BANK_ENROLLMENT", 10},
    {"COMPLIANCE", 11},
    {"AUDITOR", 12},
    {"FUNDER", 13},
    {"PROVIDER_ADMIN", 14},
    {"PROVIDER_VIEWER", 15},
}};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> kGrantStates = {{
    {"PROPOSED", 1},
    {"IN_FORCE", 2},
    {"ENDED", 3},
}};

const std::array kUserFields = {
    ListField{.name = "display_name", .column = "r.display_name", .sortable = true},
    ListField{.name = "sign_in_name", .column = "r.sign_in_name"},
    ListField{.name = "disabled", .type = FieldType::kBoolean, .column = "r.disabled"},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.user_id",
              .prefix = UserTag::kPrefix,
              .sortable = true},
};

const std::array kGrantFields = {
    ListField{
        .name = "user", .type = FieldType::kId, .column = "r.user_id", .prefix = UserTag::kPrefix},
    ListField{.name = "role", .type = FieldType::kEnum, .column = "r.role", .names = kRoleNames},
    ListField{
        .name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kGrantStates},
    ListField{.name = "create_time",
              .type = FieldType::kInstant,
              .column = "r.proposed_at",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.grant_id",
              .prefix = kGrantPrefix,
              .sortable = true},
};

constexpr char kUsersSql[] = R"sql(
  SELECT r.user_id, r.display_name
  FROM core.app_user AS r
  WHERE r.payer_id = $1
    AND ($2::bigint[] IS NULL OR r.user_id = $3 OR r.recorded_by = $3 OR EXISTS (
      SELECT
      FROM core.user_grant AS g
      WHERE g.payer_id = r.payer_id AND g.user_id = r.user_id AND g.ended_at IS NULL
        AND g.root_party = ANY ($2))))sql";

constexpr char kGrantsSql[] = R"sql(
  SELECT r.grant_id, r.proposed_at
  FROM (
    SELECT grant_id, user_id, role, proposed_at,
      CASE WHEN ended_at IS NOT NULL THEN 3
        WHEN approved_at IS NOT NULL OR delegated_by IS NOT NULL THEN 2 ELSE 1 END AS state
    FROM core.user_grant
    WHERE payer_id = $1
      AND ($2::bigint[] IS NULL OR user_id = $3 OR root_party = ANY ($2))
  ) AS r
  WHERE TRUE)sql";

std::vector<pg::EncodedValue> ValuesOf(const UserView& view) {
  return {pg::Encode(view.payer), pg::Encode(view.among), pg::Encode(view.viewer)};
}

}  // namespace

std::span<const ListField> UserFields() { return kUserFields; }

UserPage LoadUserPage(pg::Transaction& tx, const UserView& view, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kUsersSql, ValuesOf(view));
  UserPage loaded;
  const int shown = page.Shown(rows);
  for (int i = 0; i < shown; ++i) loaded.users.push_back(rows[i].Get<UserId>(0));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    if (field == "display_name") return rows[shown - 1].Get<std::string>(1);
    return loaded.users.back().Value();
  });
  return loaded;
}

bool IsUserSeen(pg::Transaction& tx, const UserView& view, UserId user) {
  std::vector<pg::EncodedValue> values = ValuesOf(view);
  values.push_back(pg::Encode(user));
  return !tx.QueryOnce(std::string(kUsersSql) + " AND r.user_id = $4", values).Empty();
}

std::span<const ListField> GrantFields() { return kGrantFields; }

GrantPage LoadGrantPage(pg::Transaction& tx, const UserView& view, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kGrantsSql, ValuesOf(view));
  GrantPage loaded;
  const int shown = page.Shown(rows);
  for (int i = 0; i < shown; ++i) {
    loaded.grants.push_back(FindGrantRow(tx, view.payer, rows[i].Get<std::int64_t>(0)).value());
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    if (field == "create_time") return rows[shown - 1].Get<Instant>(1);
    return loaded.grants.back().grant_id;
  });
  return loaded;
}

}  // namespace sluice::api
