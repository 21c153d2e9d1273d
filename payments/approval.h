// Who may approve a payment run, and when the approvals suffice.
//
// No money leaves a run without two distinct people who created or edited none of its lines. Each
// of them signs the digest of exactly what is paid (run_digest.h); any edit makes a new revision,
// and the old approvals do not count for it. A service account never approves.
// Source: LEDGER_RELIABILITY_SECURITY 5.3. The database repeats these rules (migration 0041).
#pragma once

#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::payments {

// Somebody who acts: a person, or a service acting on a schedule.
struct Actor {
  UserId user;
  bool human = true;
};

// One vote that already counts.
struct ApprovalVote {
  UserId approver;
  Instant approved_at;
};

// What the rule needs to know about one revision of a run.
struct ApprovalContext {
  UserId submitted_by;
  Digest digest{};              // of the revision under review
  std::vector<UserId> editors;  // everyone who created or edited any of its lines
  std::vector<UserId>
      bank_data_changers;  // who changed bank data of a payee paid here since it was last paid
  std::vector<ApprovalVote> votes;
};

// From which total of a run more than two people must approve it. None: two always suffice.
struct ApprovalTiers {
  std::optional<Money> three_from;
  std::optional<Money> four_from;
};

// The number of people who must approve a run that pays `run_total`: 2, 3 or 4.
int RequiredApprovals(Money run_total, const ApprovalTiers& tiers);

// Ok when `approver`, who has seen `digest`, may vote. PermissionDenied names the rule that is
// broken; Aborted means that the run was changed since the approver looked at it.
Status CheckApprover(const ApprovalContext& context, Actor approver, const Digest& digest);

// Ok when `releaser` may start the release of an approved run: somebody who edited nothing of it
// (an approver may be the one), or a service on the release date. All votes must be there.
Status CheckReleaser(const ApprovalContext& context, Actor releaser, int required_approvals);

}  // namespace sluice::payments
