// Whether somebody may do something to one thing, today: roles held, where, and in whose place.
//
//   1. Default is deny. One grant that gives it is enough; numbers come out in clear only when some
//      grant gives it unmasked.
//   2. "Own tree" is the party of the grant and everybody below it on the day of the call: an
//      affiliation that ends, ends access. What arose from a contract also has the way it took from
//      the contract's party to the payee: of two networks that share a practice, each sees what the
//      practice earned under it and not under the other.
//   3. An employer sees what it funds and nobody else's.
//   4. A delegated grant holds while the one who gave it holds the same, and is not passed on.
//   5. Another payer's things do not exist. Why something was denied is for the audit log; the
//      caller reads one text whatever the reason (kDeniedText).
//
// Pure. Row-level security says 2, 3 and 5 again beneath.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/access/matrix.h"
#include "core/date.h"
#include "core/id.h"
#include "hierarchy/graph.h"

namespace sluice::api {

// What a caller reads who may not, whether the thing exists or not (AIP-211).
inline constexpr std::string_view kDeniedText = "denied on resource (or it may not exist)";

// A role that somebody holds for a time.
struct Grant {
  UserId holder;
  Role role = Role::kAuditor;
  PartyId root;     // where it holds; unset: the whole payer
  DateRange valid;  // an expiry ends the right with the day before
  // Who lets the holder act in their place; unset: the holder's own.
  std::optional<UserId> delegated_by;

  friend bool operator==(const Grant&, const Grant&) = default;
};

// Who calls: a person, or a job of the service.
struct Principal {
  PayerId payer;
  UserId user;
  std::vector<Grant> grants;      // those in force (GrantsInForce)
  std::optional<ServiceJob> job;  // set: a job, which has no grants
};

// What is asked for.
struct Object {
  PayerId payer;
  PartyId owner;              // whose it is; unset: the payer's own
  std::vector<PartyId> path;  // from the contract's party to the owner; empty: of no contract
  PartyId funder;             // the employer that funds it; unset: the payer
};

// A root of a grant with everybody below it, by id.
struct Tree {
  PartyId root;
  std::vector<PartyId> parties;
};

// How far somebody's rights on a resource go, for one verb.
struct Reach {
  bool whole_payer = false;
  std::vector<Tree> trees;
  std::vector<PartyId> funders;

  bool IsNone() const { return !whole_payer && trees.empty() && funders.empty(); }
  bool Covers(const Object& object) const;
};

// `clear` gives numbers in clear, `masked` does not. A list shows what either covers.
struct Scope {
  Reach clear;
  Reach masked;

  bool IsNone() const { return clear.IsNone() && masked.IsNone(); }
};

struct Decision {
  bool granted = false;
  bool masked = false;
  std::string reason;  // for the audit log: the role that gave it, or what was lacking
};

// The grants of `holder` that hold on a day, of all that the payer has recorded: their own, and
// delegated ones whose giver holds the same role there, by a grant of their own.
std::vector<Grant> GrantsInForce(std::span<const Grant> all, UserId holder, Date today);

// The snapshot is the hierarchy of today.
Scope ScopeOf(const Principal& principal, Resource resource, Verb verb,
              const hierarchy::HierarchySnapshot& today);
Decision Decide(const Principal& principal, Resource resource, Verb verb, const Object& object,
                const hierarchy::HierarchySnapshot& today);

}  // namespace sluice::api
