// Rows of users and grants as they change. No rules. What a call reads of them to know its caller
// is in identity_store.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/identity/identity_store.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::api {

// Also of a user who is disabled: a name is nobody else's later.
bool IsNameTaken(pg::Transaction& tx, PayerId payer, const std::string& sign_in_name);
// Locks the row: changes of a user, and of what they hold, follow one another.
std::optional<UserRow> LockUser(pg::Transaction& tx, PayerId payer, UserId user);
// Name, e-mail and whether they may sign in.
void StoreUser(pg::Transaction& tx, PayerId payer, const UserRow& user);
void EndSessionsOf(pg::Transaction& tx, PayerId payer, UserId user, const std::string& reason,
                   Instant at);

std::optional<GrantRow> FindGrantRow(pg::Transaction& tx, PayerId payer, std::int64_t grant);
// The same, locked until the end of the transaction.
std::optional<GrantRow> LockGrantRow(pg::Transaction& tx, PayerId payer, std::int64_t grant);
void StoreGrantApproval(pg::Transaction& tx, PayerId payer, std::int64_t grant, UserId by,
                        Instant at);
void StoreGrantEnd(pg::Transaction& tx, PayerId payer, std::int64_t grant, UserId by,
                   const std::string& reason, Instant at);

}  // namespace sluice::api
