// Users and grants as the contract writes them.
#pragma once

#include <cstdint>
#include <string>

#include "api/identity/identity_store.h"
#include "api/service/call.h"
#include "core/pg/database.h"
#include "sluice/ops/v1/access.pb.h"

namespace sluice::api {

inline constexpr std::string_view kGrantPrefix = "grt";

std::string GrantName(PayerId payer, std::int64_t grant);
// InvalidArgument unless the name has an id of a grant.
StatusOr<std::int64_t> GrantOf(const std::string& name);
StatusOr<UserId> UserOf(const std::string& name);

ops::v1::Grant GrantMessage(PayerId payer, const GrantRow& row);
// With the grants of today, of which somebody whose right is of a part of the payer sees those of
// that part. NotFound when there is none.
StatusOr<ops::v1::User> LoadUserMessage(pg::Transaction& tx, const Call& call, UserId id);

}  // namespace sluice::api
