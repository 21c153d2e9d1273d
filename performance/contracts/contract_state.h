// The rules of a contract's life: which moves there are, who may approve, what a signature is of.
//
//   model -> draft -> review -> approved -> signed -> active -> settled -> renewed or ended
//
// Besides: review returns to draft; a settled contract is reopened to active; an active one ends; a
// version that is not active yet is given up (ended) or replaced by an edit (superseded), and an
// active one is replaced when a later version becomes active. Pure.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/status.h"
#include "performance/contracts/contract_version.h"

namespace sluice::performance {

// "draft".
std::string_view StateName(ContractState state);
StatusOr<ContractState> ParseState(std::string_view name);
std::span<const ContractState> MovesFrom(ContractState state);
// OK, or FailedPrecondition that names the state and the moves there are from it.
Status CheckMove(ContractState from, ContractState to);

// Who a version is from: those who wrote it or a version it came from since one was last active.
struct ApprovalContext {
  Digest sha256{};
  std::vector<UserId> authors;
  ApprovalRound round;
  std::vector<Delegation> delegations;
};

// The approvers of a submission: at least one, each once, none an author.
Status CheckApprovers(std::span<const UserId> approvers, std::span<const UserId> authors);

// The step that `actor` may approve now, and for whom. PermissionDenied names the rule: it is
// another's turn, the delegation expired, an author approves, one person approves twice. Aborted
// when `seen` is not the digest of the version: it changed since the approver looked at it.
struct ApprovalRight {
  std::int16_t step = 0;
  UserId approver;
  DelegationId delegation;
};
StatusOr<ApprovalRight> CheckApproval(const ApprovalContext& context, UserId actor,
                                      const Digest& seen, Instant now);

// SHA-256 over the contract, version, days, terms, side, signer and time.
Digest SignatureDigest(const ContractVersion& version, const ContractSignature& signature);
// OK, or DataLoss that names the side: a signature that is not of these terms, or a record that was
// changed. Requires nothing: it is what loading a version calls.
Status VerifySignatures(const ContractVersion& version,
                        std::span<const ContractSignature> signatures);

}  // namespace sluice::performance
