// Separation of duties: which roles one person may not hold together, and what one person may not
// do after what they did before.
//
//   1. Checked when a role is granted and again when it is used: a rule that came later, or a role
//      that came by another way, is found at use.
//   2. Whoever acts in somebody's place acts as both: neither may have done the other half.
//   3. The domain refuses the same where it can (approvals of a run, proofs of an account); this is
//      the one list, and what the service asks before it calls.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "api/access/matrix.h"
#include "core/id.h"
#include "core/status.h"

namespace sluice::api {

// What somebody did to a thing, or to what it leads to.
enum class Deed {
  kProposed,         // entered or edited it, or a line of it
  kApproved,         // approved it
  kReleased,         // released it
  kChangedAccount,   // entered the bank account that it pays to
  kApprovedAccount,  // approved the bank account that it pays to
};

struct DoneDeed {
  Deed deed = Deed::kProposed;
  UserId by;
  std::optional<UserId> in_place_of;
};

// Who acts now.
struct Doer {
  UserId user;
  std::optional<UserId> in_place_of;  // whose delegation is used
  bool human = true;
};

// Whether the first role excludes the second, in either order.
bool Excludes(Role a, Role b);

// FailedPrecondition names the first two roles that one person may not hold, and the rule. The
// roles are all that the person would hold, delegated ones included.
Status CheckRolesTogether(std::span<const Role> roles);

struct GrantRequest {
  UserId holder;
  Role role = Role::kAuditor;
  std::vector<Role> held;  // by the holder, without the new one
  UserId granted_by;
  std::optional<UserId> approved_by;  // the second payer admin
};

// What can be said before a second person is asked: PermissionDenied for a grant to oneself and for
// the role of the service; FailedPrecondition as CheckRolesTogether.
Status CheckGrantProposal(const GrantRequest& request);
// The same, and PermissionDenied for an approval of one's own grant and for a payer admin without a
// second payer admin.
Status CheckGrant(const GrantRequest& request);

// PermissionDenied when the doer may not do this after what was done: approve what they proposed,
// or a run that pays an account they entered or approved; release a run that they approved, or
// approve one they released. A service approves nothing.
Status CheckDuties(const Doer& doer, Resource resource, Verb verb, std::span<const DoneDeed> done);

}  // namespace sluice::api
