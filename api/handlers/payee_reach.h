// Whose payees a caller may see and change, where their right is narrower than the payer.
//
// A payee is in the tree that its party is in. One that is paid for the work under one parent only
// is that parent's, too: of two networks that share a practice, each sees the payee of its own part
// of the work, and the practice sees both.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/service/call.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "payments/payee.h"

namespace sluice::api {

struct PayeeReach {
  std::optional<std::vector<PartyId>> among;  // unset: the whole payer
  std::vector<PartyId> roots;                 // those of them that a grant names

  bool IsWhole() const { return !among.has_value(); }
};
PayeeReach PayeeReachOf(const Call& call);

// PermissionDenied, one text whatever the cause, unless the caller's right covers the payee.
Status RequirePayee(const Call& call, const payments::Payee& payee);
// The payee, where the caller's right covers it. What is not there is NotFound only for callers
// whose right is the whole payer.
StatusOr<payments::Payee> FindPayeeFor(const Call& call, pg::Transaction& tx, PayeeId payee);
// The payee that "payers/p/payees/y/..." names.
StatusOr<PayeeId> PayeeIdOf(const std::string& name);

}  // namespace sluice::api
