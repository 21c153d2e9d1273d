#include "payments/approval.h"

#include <algorithm>

namespace sluice::payments {
namespace {

bool Contains(const std::vector<UserId>& users, UserId user) {
  return std::ranges::find(users, user) != users.end();
}

bool HasVoted(const ApprovalContext& context, UserId user) {
  return std::ranges::any_of(context.votes,
                             [&](const ApprovalVote& vote) { return vote.approver == user; });
}

}  // namespace

int RequiredApprovals(Money run_total, const ApprovalTiers& tiers) {
  if (tiers.four_from && run_total >= *tiers.four_from) return 4;
  if (tiers.three_from && run_total >= *tiers.three_from) return 3;
  return 2;
}

Status CheckApprover(const ApprovalContext& context, Actor approver, const Digest& digest) {
  if (!approver.human) {
    return PermissionDenied("{} is a service account: only people approve a payment run",
                            approver.user);
  }
  if (approver.user == context.submitted_by) {
    return PermissionDenied("{} submitted this run and cannot approve it: another person must",
                            approver.user);
  }
  if (Contains(context.editors, approver.user)) {
    return PermissionDenied("{} made or edited lines of this run and cannot approve it",
                            approver.user);
  }
  if (Contains(context.bank_data_changers, approver.user)) {
    return PermissionDenied(
        "{} changed or approved bank data of a payee in this run since that payee was last paid, "
        "and cannot approve it",
        approver.user);
  }
  if (HasVoted(context, approver.user)) {
    return PermissionDenied("{} has approved this revision already: a second person must",
                            approver.user);
  }
  if (digest != context.digest) {
    return Aborted("the run was changed since {} looked at it: review it again", approver.user);
  }
  return OkStatus();
}

Status CheckReleaser(const ApprovalContext& context, Actor releaser, int required_approvals) {
  if (releaser.human &&
      (releaser.user == context.submitted_by || Contains(context.editors, releaser.user))) {
    return PermissionDenied("{} made or edited lines of this run and cannot release it",
                            releaser.user);
  }
  const auto people = static_cast<int>(context.votes.size());
  if (people < required_approvals) {
    return FailedPrecondition("{} people have approved this run and {} are needed", people,
                              required_approvals);
  }
  return OkStatus();
}

}  // namespace sluice::payments
