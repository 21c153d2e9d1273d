#include "performance/contracts/contract_state.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/check.h"
#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

using enum ContractState;

constexpr std::array<std::string_view, 11> kNames = {"none",     "model",  "draft",     "review",
                                                     "approved", "signed", "active",    "settled",
                                                     "renewed",  "ended",  "superseded"};

constexpr std::array kFromNone = {kModel, kDraft};
constexpr std::array kFromModel = {kDraft, kEnded, kSuperseded};
constexpr std::array kFromDraft = {kReview, kEnded, kSuperseded};
constexpr std::array kFromReview = {kDraft, kApproved, kEnded, kSuperseded};
constexpr std::array kFromApproved = {kSigned, kEnded, kSuperseded};
constexpr std::array kFromSigned = {kActive, kEnded, kSuperseded};
constexpr std::array kFromActive = {kSettled, kEnded, kSuperseded};
constexpr std::array kFromSettled = {kActive, kRenewed, kEnded, kSuperseded};

std::string_view SideName(ContractSide side) {
  return side == ContractSide::kPayer ? "payer" : "party";
}

bool IsIn(std::span<const UserId> users, UserId user) {
  return std::ranges::find(users, user) != users.end();
}

}  // namespace

std::string_view StateName(ContractState state) {
  const auto at = static_cast<std::size_t>(state);
  CHECK(at < kNames.size());
  return kNames[at];
}

StatusOr<ContractState> ParseState(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end() || found == kNames.begin()) {
    return InvalidArgument("'{}' is no state of a contract; there are {}", name,
                           fmt::join(kNames.begin() + 1, kNames.end(), ", "));
  }
  return static_cast<ContractState>(found - kNames.begin());
}

std::span<const ContractState> MovesFrom(ContractState state) {
  switch (state) {
    case kNone:
      return kFromNone;
    case kModel:
      return kFromModel;
    case kDraft:
      return kFromDraft;
    case kReview:
      return kFromReview;
    case kApproved:
      return kFromApproved;
    case kSigned:
      return kFromSigned;
    case kActive:
      return kFromActive;
    case kSettled:
      return kFromSettled;
    case kRenewed:
    case kEnded:
    case kSuperseded:
      return {};
  }
  CHECK(false);
}

Status CheckMove(ContractState from, ContractState to) {
  const std::span<const ContractState> moves = MovesFrom(from);
  if (std::ranges::find(moves, to) != moves.end()) return OkStatus();
  std::vector<std::string_view> names;
  for (const ContractState state : moves) names.push_back(StateName(state));
  if (names.empty()) {
    return FailedPrecondition("a contract that is {} moves no more; it cannot become {}",
                              StateName(from), StateName(to));
  }
  return FailedPrecondition("a contract that is {} can become {}; it cannot become {}",
                            StateName(from), fmt::join(names, ", "), StateName(to));
}

Status CheckApprovers(std::span<const UserId> approvers, std::span<const UserId> authors) {
  if (approvers.empty()) return InvalidArgument("a submission names at least one approver");
  std::set<UserId> seen;
  for (const UserId approver : approvers) {
    if (!seen.insert(approver).second) {
      return InvalidArgument("{} is named twice; each approver approves once", approver);
    }
    if (IsIn(authors, approver)) {
      return PermissionDenied("{} wrote this version or one before it, and cannot approve it",
                              approver);
    }
  }
  return OkStatus();
}

StatusOr<ApprovalRight> CheckApproval(const ApprovalContext& context, UserId actor,
                                      const Digest& seen, Instant now) {
  if (seen != context.sha256) {
    return Aborted("the terms are not those that {} looked at; read them again", actor);
  }
  if (IsIn(context.authors, actor)) {
    return PermissionDenied("{} wrote this version or one before it, and cannot approve it", actor);
  }
  for (const ContractApproval& approval : context.round.approvals) {
    if (approval.approved_by == actor) {
      return PermissionDenied("{} approved step {} already; each step is another person's", actor,
                              approval.step);
    }
  }
  const std::size_t done = context.round.approvals.size();
  if (done >= context.round.approvers.size()) {
    return FailedPrecondition("all {} approvers have approved", done);
  }
  const UserId due = context.round.approvers[done];
  ApprovalRight right{
      .step = static_cast<std::int16_t>(done + 1), .approver = due, .delegation = {}};
  if (actor == due) return right;
  bool expired = false;
  for (const Delegation& delegation : context.delegations) {
    if (delegation.from != due || delegation.to != actor) continue;
    const bool holds =
        !delegation.revoked && delegation.valid_from <= now && now < delegation.valid_to;
    expired = expired || !holds;
    if (!holds) continue;
    right.delegation = delegation.id;
    return right;
  }
  if (expired) {
    return PermissionDenied("the delegation of {} to {} is revoked, expired or not begun", due,
                            actor);
  }
  return PermissionDenied("step {} is {}'s to approve; {} is not its delegate", done + 1, due,
                          actor);
}

Digest SignatureDigest(const ContractVersion& version, const ContractSignature& signature) {
  const DateRange& days = version.effective;
  return CanonicalWriter("sluice.contract.signature.v1")
      .I64(version.contract.Value())
      .I64(version.version)
      .Day(days.from)
      .Text(days.to ? FormatDate(*days.to) : "-")
      .Raw(signature.terms_sha256)
      .I64(static_cast<std::int64_t>(signature.side))
      .I64(signature.signer.Value())
      .Text(signature.name)
      .Text(signature.title)
      .At(signature.at)
      .Hash();
}

Status VerifySignatures(const ContractVersion& version,
                        std::span<const ContractSignature> signatures) {
  const Digest terms = HashTerms(version.terms);
  for (const ContractSignature& signature : signatures) {
    if (signature.terms_sha256 != terms) {
      return DataLoss("the signature of the {} is not of the terms of contract {}, version {}",
                      SideName(signature.side), version.contract, version.version);
    }
    if (signature.record_sha256 != SignatureDigest(version, signature)) {
      return DataLoss(
          "the record of the {}'s signature of contract {}, version {} was changed after signing",
          SideName(signature.side), version.contract, version.version);
    }
  }
  return OkStatus();
}

}  // namespace sluice::performance
