// The values of a contract's life: versions of its terms, moves, approvals, signatures.
//
//   1. A version never changes. Every edit is a new version, with its author and a comment.
//   2. Every move of a version from state to state has who, when and why.
//   3. Approvals and signatures are of the SHA-256 of the canonical terms, so they are of one
//      version and of no other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "performance/terms.h"

namespace sluice::performance {

struct TemplateTag {
  static constexpr std::string_view kPrefix = "tpl";
};
using TemplateId = Id<TemplateTag>;
struct DelegationTag {
  static constexpr std::string_view kPrefix = "dlg";
};
using DelegationId = Id<DelegationTag>;

// The numbers are stored and never reused.
enum class ContractState : std::int16_t {
  kNone = 0,        // before it was made
  kModel = 1,       // being modeled
  kDraft = 2,       // being written
  kReview = 3,      // before its approvers
  kApproved = 4,    // by all of them, in order
  kSigned = 5,      // by both sides
  kActive = 6,      // calculated by
  kSettled = 7,     // its last settlement is done
  kRenewed = 8,     // followed by another contract or version
  kEnded = 9,       // over, or given up before it was active
  kSuperseded = 10  // replaced by a later version
};

// Which version of which template a contract was made from.
struct TemplateRef {
  TemplateId id;  // unset: none
  std::int32_t version = 0;
  friend bool operator==(const TemplateRef&, const TemplateRef&) = default;
};

struct ContractVersion {
  ContractId contract;
  std::int32_t version = 0;
  DateRange effective;
  Terms terms;
  Digest sha256{};  // HashTerms(terms)
  TemplateRef made_from;
  std::string parameters;  // the values filled in, "name=value" a line, by name
  UserId author;
  std::string comment;
  Instant recorded_at;
  friend bool operator==(const ContractVersion&, const ContractVersion&) = default;
};

struct ContractMove {
  std::int32_t number = 0;  // counts the moves of the contract, from 1
  std::int32_t version = 0;
  ContractState from = ContractState::kNone;
  ContractState to = ContractState::kModel;
  Date effective_on{};  // to active: in force from; out of it: the first day out of force
  UserId actor;
  std::string reason;
  Instant at;
  friend bool operator==(const ContractMove&, const ContractMove&) = default;
};

// Somebody approves for somebody else from `valid_from` to before `valid_to`.
struct Delegation {
  DelegationId id;
  UserId from;
  UserId to;
  Instant valid_from;
  Instant valid_to;
  bool revoked = false;
  std::string reason;
  friend bool operator==(const Delegation&, const Delegation&) = default;
};

struct ContractApproval {
  std::int16_t step = 0;    // from 1, in the order of the approvers
  UserId approver;          // of the step
  UserId approved_by;       // the approver or a delegate
  DelegationId delegation;  // unset: the approver
  Digest sha256{};
  std::string comment;
  std::string warnings;  // as they were shown
  Instant at;
  friend bool operator==(const ContractApproval&, const ContractApproval&) = default;
};

// Approval of one version: who must, in order, and who has. A version that was returned and is
// submitted again begins anew.
struct ApprovalRound {
  std::int32_t round = 0;  // number of the move that submitted it
  std::vector<UserId> approvers;
  std::vector<ContractApproval> approvals;  // by step; the first ones of the approvers
};

enum class ContractSide : std::int16_t { kPayer = 1, kParty = 2 };

struct ContractSignature {
  ContractSide side = ContractSide::kPayer;
  UserId signer;
  std::string name;   // of the signer, as signed
  std::string title;  // may be empty
  Digest terms_sha256{};
  Digest record_sha256{};  // SignatureDigest: covers who, when, what and for which days
  Instant at;
  friend bool operator==(const ContractSignature&, const ContractSignature&) = default;
};

// All that is known of one version.
struct ContractFile {
  ContractVersion version;
  ContractState state = ContractState::kNone;
  std::vector<ContractMove> moves;  // of this version, in order
  std::optional<ApprovalRound> approval;
  std::vector<ContractSignature> signatures;
};

}  // namespace sluice::performance
