// Users and grants as lists show them. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/identity/identity_store.h"
#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::api {

// Which of them somebody sees.
struct UserView {
  PayerId payer;
  UserId viewer;  // who sees themselves, and whom they added
  // Grants at these parties, and users who have such a grant or wait for one; unset: all.
  std::optional<std::vector<PartyId>> among;
};

// The last one is the id.
std::span<const ListField> UserFields();

struct UserPage {
  std::vector<UserId> users;
  std::string next_page_token;
};
UserPage LoadUserPage(pg::Transaction& tx, const UserView& view, const ListPage& page);
bool IsUserSeen(pg::Transaction& tx, const UserView& view, UserId user);

// The last one is the id.
std::span<const ListField> GrantFields();

struct GrantPage {
  std::vector<GrantRow> grants;
  std::string next_page_token;
};
GrantPage LoadGrantPage(pg::Transaction& tx, const UserView& view, const ListPage& page);

}  // namespace sluice::api
