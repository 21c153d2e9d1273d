// The life cycle of contracts: submit, approve, sign, activate, and what follows.
#include <algorithm>

#include "core/check.h"
#include "hierarchy/contact_store.h"
#include "performance/contracts/contract_service.h"
#include "performance/contracts/contract_store.h"
#include "performance/contracts/opened_contract.h"
#include "performance/program_store.h"
#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

// Which call makes a move that needs more than a reason; empty where Move does.
std::string_view CallFor(ContractState from, ContractState to) {
  switch (to) {
    case ContractState::kReview:
      return "Submit";
    case ContractState::kApproved:
      return "Approve";
    case ContractState::kSigned:
      return "Sign";
    case ContractState::kActive:
      return from == ContractState::kSettled ? "" : "Activate";
    case ContractState::kSuperseded:
      return "Edit";
    default:
      return "";
  }
}

// The check of the physician incentive plan as lines to show, only where it warns.
StatusOr<std::string> PlanWarnings(const std::optional<IncentivePlan>& plan, Date on) {
  if (!plan) return std::string();
  ASSIGN_OR_RETURN(const IncentivePlanCheck check, CheckIncentivePlan(*plan, on));
  return check.warnings.empty() ? std::string() : check.ToText();
}

}  // namespace

Status ContractService::Move(const MoveRequest& request) {
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(Opened opened, Open(tx, request.contract));
    ASSIGN_OR_RETURN(const ContractVersion* const version, opened.Find(request.version));
    const ContractState from = opened.StateOf(version->version);
    RETURN_IF_ERROR(
        Annotate(CheckMove(from, request.to),
                 fmt::format("contract {}, version {}", request.contract, version->version)));
    if (const std::string_view call = CallFor(from, request.to); !call.empty()) {
      return FailedPrecondition("a contract becomes {} by {}, which asks for what that needs",
                                StateName(request.to), call);
    }
    const Instant now = clock_.Now();
    return opened.Move(tx, {.version = version->version,
                            .to = request.to,
                            .effective_on = request.effective_on.value_or(now.UtcDate()),
                            .actor = request.actor,
                            .reason = request.reason,
                            .at = now});
  });
}

Status ContractService::Submit(ContractId contract, std::int32_t version, UserId actor,
                               const std::string& reason, std::span<const UserId> approvers) {
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(Opened opened, Open(tx, contract));
    ASSIGN_OR_RETURN(const ContractVersion* const found, opened.Find(version));
    const std::int32_t number = found->version;
    RETURN_IF_ERROR(CheckApprovers(approvers, opened.AuthorsOf(number)));
    RETURN_IF_ERROR(opened.Move(tx, {.version = number,
                                     .to = ContractState::kReview,
                                     .effective_on = found->effective.from,
                                     .actor = actor,
                                     .reason = reason,
                                     .at = clock_.Now()}));
    InsertApprovers(tx, contract, number, opened.RoundOf(number), approvers);
    return OkStatus();
  });
}

StatusOr<ApprovalOutcome> ContractService::Approve(const ApprovalRequest& request) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<ApprovalOutcome> {
    ASSIGN_OR_RETURN(Opened opened, Open(tx, request.contract));
    ASSIGN_OR_RETURN(const ContractVersion* const version, opened.Find(request.version));
    const std::int32_t number = version->version;
    if (const ContractState state = opened.StateOf(number); state != ContractState::kReview) {
      return FailedPrecondition(
          "contract {}, version {} is {}, and only a version in review is "
          "approved; submit it first",
          request.contract, number, StateName(state));
    }
    const Instant now = clock_.Now();
    const std::int32_t round = opened.RoundOf(number);
    const ApprovalContext context{.sha256 = version->sha256,
                                  .authors = opened.AuthorsOf(number),
                                  .round = LoadRound(tx, request.contract, number, round),
                                  .delegations = LoadDelegations(tx, payer_)};
    ASSIGN_OR_RETURN(const ApprovalRight right,
                     CheckApproval(context, request.actor, request.seen, now));
    ApprovalOutcome outcome;
    ASSIGN_OR_RETURN(outcome.warnings,
                     PlanWarnings(request.incentive_plan, version->effective.from));
    InsertApproval(tx, request.contract, number, round,
                   {.step = right.step,
                    .approver = right.approver,
                    .approved_by = request.actor,
                    .delegation = right.delegation,
                    .sha256 = version->sha256,
                    .comment = request.comment,
                    .warnings = outcome.warnings,
                    .at = now});
    if (static_cast<std::size_t>(right.step) == context.round.approvers.size()) {
      RETURN_IF_ERROR(opened.Move(
          tx, {.version = number,
               .to = ContractState::kApproved,
               .effective_on = version->effective.from,
               .actor = request.actor,
               .reason = fmt::format("approved by all {}", context.round.approvers.size()),
               .at = now}));
      outcome.state = ContractState::kApproved;
    }
    return outcome;
  });
}

Status ContractService::Delegate(const Delegation& delegation) {
  if (delegation.id == DelegationId() || delegation.reason.empty() ||
      delegation.from == delegation.to || delegation.valid_to <= delegation.valid_from) {
    return InvalidArgument(
        "a delegation needs an id, two people, an end after its begin, and a "
        "reason");
  }
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    InsertDelegation(tx, payer_, delegation, clock_.Now());
    return OkStatus();
  });
}

StatusOr<ContractState> ContractService::Sign(const SignRequest& request) {
  if (request.name.empty()) return InvalidArgument("a signature needs the name of the signer");
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<ContractState> {
    ASSIGN_OR_RETURN(Opened opened, Open(tx, request.contract));
    ASSIGN_OR_RETURN(const ContractFile file, FileOf(tx, opened, request.version));
    const ContractVersion& version = file.version;
    if (file.state != ContractState::kApproved) {
      return FailedPrecondition(
          "contract {}, version {} is {}, and only an approved version is "
          "signed",
          request.contract, version.version, StateName(file.state));
    }
    if (request.seen != version.sha256) {
      return Aborted("the terms are not those that {} looked at; read them again", request.name);
    }
    for (const ContractSignature& known : file.signatures) {
      if (known.side == request.side) {
        return AlreadyExists("{} has signed for this side on {}", known.name, known.at.ToString());
      }
      if (known.signer == request.signer) {
        return PermissionDenied("{} has signed for the other side", request.name);
      }
    }
    ContractSignature signature{.side = request.side,
                                .signer = request.signer,
                                .name = request.name,
                                .title = request.title,
                                .terms_sha256 = version.sha256,
                                .at = clock_.Now()};
    signature.record_sha256 = SignatureDigest(version, signature);
    InsertSignature(tx, request.contract, version.version, signature);
    if (file.signatures.empty()) return ContractState::kApproved;
    RETURN_IF_ERROR(opened.Move(tx, {.version = version.version,
                                     .to = ContractState::kSigned,
                                     .effective_on = version.effective.from,
                                     .actor = request.signer,
                                     .reason = "signed by both sides",
                                     .at = signature.at}));
    return ContractState::kSigned;
  });
}

StatusOr<std::vector<ReadinessFinding>> ContractService::FindMissing(
    pg::Transaction& tx, const ContractFile& file, const hierarchy::HierarchySnapshot& hierarchy) {
  const ContractId id = file.version.contract;
  const std::vector<Contract> contracts = FindContracts(tx, {&id, 1});
  CHECK(contracts.size() == 1);
  const Contract& contract = contracts.front();
  const std::optional<Program> program = FindProgram(tx, contract.program);
  CHECK(program.has_value());
  const Instant now = clock_.Now();
  const std::vector<PartyId> parties = {PartyId(), contract.party};
  const std::vector<hierarchy::Contact> contacts =
      hierarchy::LoadContacts(tx, payer_, parties, now);
  const std::optional<Operations>& operations = file.version.terms.operations;
  return CheckReadiness(
      {.contract = contract,
       .version = file.version,
       .signatures = file.signatures,
       .contacts = contacts,
       .hierarchy = hierarchy,
       .target_announced = IsTargetAnnounced(tx, id, file.version.effective.from, now),
       .pool_exists = operations && funding_.HasPool(tx, program->book, operations->funding_pool),
       .today = now.UtcDate()});
}

StatusOr<std::vector<ReadinessFinding>> ContractService::Readiness(
    ContractId contract, std::int32_t version, const hierarchy::HierarchySnapshot& hierarchy) {
  return database_.Transact({.isolation = pg::Isolation::kRepeatableRead, .read_only = true},
                            [&](pg::Transaction& tx) -> StatusOr<std::vector<ReadinessFinding>> {
                              ASSIGN_OR_RETURN(const ContractFile file,
                                               LoadIn(tx, contract, version));
                              return FindMissing(tx, file, hierarchy);
                            });
}

Status ContractService::Activate(ContractId contract, std::int32_t version, UserId actor,
                                 const std::string& reason,
                                 const hierarchy::HierarchySnapshot& hierarchy) {
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(Opened opened, Open(tx, contract));
    ASSIGN_OR_RETURN(const ContractFile file, FileOf(tx, opened, version));
    const ContractVersion& active = file.version;
    RETURN_IF_ERROR(Annotate(CheckMove(file.state, ContractState::kActive),
                             fmt::format("contract {}, version {}", contract, active.version)));
    ASSIGN_OR_RETURN(const std::vector<ReadinessFinding> missing, FindMissing(tx, file, hierarchy));
    RETURN_IF_ERROR(ReadinessStatus(missing));
    ContractMove move{.version = active.version,
                      .to = ContractState::kActive,
                      .effective_on = active.effective.from,
                      .actor = actor,
                      .reason = reason,
                      .at = clock_.Now()};
    for (const ContractVersion& former : opened.versions) {
      const ContractState state = opened.StateOf(former.version);
      if (state != ContractState::kActive && state != ContractState::kSettled) continue;
      ContractMove superseded = move;
      superseded.version = former.version;
      superseded.to = ContractState::kSuperseded;
      superseded.reason = fmt::format("version {} is active", active.version);
      RETURN_IF_ERROR(opened.Move(tx, superseded));
    }
    RETURN_IF_ERROR(opened.Move(tx, move));
    const auto newest = NewestTerms(tx, {&contract, 1});
    const auto last = newest.find(contract);
    const TermsRow row{.contract = contract,
                       .version = last == newest.end() ? 1 : last->second.version + 1,
                       .state = TermsState::kInForce,
                       .effective = active.effective,
                       .title = active.terms.title,
                       .content = EncodeTerms(active.terms),
                       .sha256 = active.sha256,
                       .recorded_at = move.at};
    InsertTerms(tx, {&row, 1});
    return OkStatus();
  });
}

}  // namespace sluice::performance
