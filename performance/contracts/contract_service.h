// The high-level door to contracts: their library, versions, life cycle and calendar.
//
//   1. Each change is one transaction that locks its contract: all of it happens or nothing.
//      Reading locks nothing.
//   2. An edit is a new version, in draft and unsigned; the version in work before it is
//      superseded, the active one stays in force until the new one is active.
//   3. Only Activate writes performance.terms, which calculations read. ProgramService::AddTerms
//      stays the low-level door for who needs no life cycle: the demo, an import, a test.
//   4. Loading a version verifies its hash and its signatures; DataLoss otherwise.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "hierarchy/graph.h"
#include "performance/contracts/contract_state.h"
#include "performance/contracts/contract_text.h"
#include "performance/contracts/contract_version.h"
#include "performance/contracts/data_delivery.h"
#include "performance/contracts/operating_calendar.h"
#include "performance/contracts/readiness.h"
#include "performance/contracts/redline.h"
#include "performance/contracts/template.h"
#include "performance/contracts/template_store.h"
#include "performance/program_service.h"
#include "performance/savings/incentive_plan.h"

namespace sluice::performance {

// Where the money of a program's book is: payments knows, and this folder may not.
class FundingSources {
 public:
  virtual ~FundingSources() = default;
  // Whether the book has a pool of this name.
  virtual bool HasPool(pg::Transaction& tx, BookId book, const std::string& pool) = 0;
};

// Who writes what, and why.
struct Authorship {
  UserId author;
  std::string comment;  // not empty
};

struct NewContract {
  Contract contract;
  DateRange effective;  // of the version
  Terms terms;
};

struct NewContractFromTemplate {
  Contract contract;
  DateRange effective;
  TemplateRef made_from;  // version 0: the newest
  std::map<std::string, std::string> values;
};

struct ApprovalRequest {
  ContractId contract;
  std::int32_t version = 0;
  UserId actor;
  Digest seen{};  // the hash of the terms that the actor looked at
  std::string comment;
  // The facts of the physician incentive plan, where physicians bear risk: the check of 42 CFR
  // 422.208 is shown, stored with the approval, and refuses nothing.
  std::optional<IncentivePlan> incentive_plan;
};

struct ApprovalOutcome {
  ContractState state = ContractState::kReview;  // kApproved after the last approver
  std::string warnings;                          // with the rule's parameters; empty for none
};

struct SignRequest {
  ContractId contract;
  std::int32_t version = 0;
  ContractSide side = ContractSide::kPayer;
  UserId signer;
  std::string name;
  std::string title;
  Digest seen{};
};

struct MoveRequest {
  ContractId contract;
  std::int32_t version = 0;
  ContractState to = ContractState::kDraft;
  UserId actor;
  std::string reason;                // not empty
  std::optional<Date> effective_on;  // unset: today
};

class ContractService {
 public:
  // `database` acts for `payer`. All are kept and outlive the service.
  ContractService(pg::Database database, PayerId payer, Clock& clock, IdGenerator& ids,
                  FundingSources& funding)
      : programs_(database, clock, ids),
        database_(std::move(database)),
        payer_(payer),
        clock_(clock),
        ids_(ids),
        funding_(funding) {}

  // --- Library ---

  // Saves a version of a contract as a template: a new one by this name, or its next version.
  StatusOr<TemplateVersion> SaveTemplate(ContractId contract, std::int32_t version,
                                         const std::string& name,
                                         std::vector<TemplateParameter> parameters,
                                         const Authorship& by);
  StatusOr<std::vector<TemplateRow>> Templates();
  StatusOr<TemplateVersion> Template(const TemplateRef& ref);

  // --- Versions ---

  // Makes the contract and its version 1, a model. AlreadyExists when the id is taken.
  StatusOr<ContractVersion> Create(const NewContract& request, const Authorship& by);
  StatusOr<ContractVersion> CreateFromTemplate(const NewContractFromTemplate& request,
                                               const Authorship& by);
  // A new version in draft. Terms and days equal to the newest version's are InvalidArgument.
  StatusOr<ContractVersion> Edit(ContractId contract, const DateRange& effective,
                                 const Terms& terms, const Authorship& by);
  // One version, verified; version 0 is the newest.
  StatusOr<ContractFile> Load(ContractId contract, std::int32_t version = 0);
  // Everything, by version.
  StatusOr<std::vector<ContractFile>> History(ContractId contract);
  // The same in a transaction of the caller's.
  static StatusOr<ContractFile> LoadIn(pg::Transaction& tx, ContractId contract,
                                       std::int32_t version = 0);
  static StatusOr<std::vector<ContractFile>> HistoryIn(pg::Transaction& tx, ContractId contract);
  StatusOr<std::vector<TermChange>> RedlineOf(ContractId contract, std::int32_t from,
                                              std::int32_t to);
  // Of these versions of a contract only, which are in their order.
  static StatusOr<std::vector<TermChange>> RedlineOf(std::span<const ContractFile> files,
                                                     std::int32_t from, std::int32_t to);
  StatusOr<ContractText> Text(ContractId contract, std::int32_t version = 0);

  // --- Life cycle ---

  // Moves that need no more than a reason: to draft, settled, renewed, ended, or reopened to
  // active. The others have calls of their own, which the refusal names.
  Status Move(const MoveRequest& request);
  // To review, before these approvers in this order.
  Status Submit(ContractId contract, std::int32_t version, UserId actor, const std::string& reason,
                std::span<const UserId> approvers);
  StatusOr<ApprovalOutcome> Approve(const ApprovalRequest& request);
  // Lets somebody approve for `delegation.from` for a time; the same id again changes it.
  Status Delegate(const Delegation& delegation);
  // One side signs an approved version; with both it is signed.
  StatusOr<ContractState> Sign(const SignRequest& request);
  // What the version still needs; empty when it may become active.
  StatusOr<std::vector<ReadinessFinding>> Readiness(ContractId contract, std::int32_t version,
                                                    const hierarchy::HierarchySnapshot& hierarchy);
  // In force: its terms go to performance.terms, and the version active before is superseded.
  // FailedPrecondition names everything that is missing.
  Status Activate(ContractId contract, std::int32_t version, UserId actor,
                  const std::string& reason, const hierarchy::HierarchySnapshot& hierarchy);

  // --- While it runs ---

  // Records the facts target_announced_on and target_source for a performance period.
  Status AnnounceTarget(ContractId contract, const DateRange& period, Date announced_on,
                        const std::string& source);
  // Assesses what was delivered for a period by now and records the facts that its settlement
  // reads.
  StatusOr<DeliveryAssessment> RecordDeliveries(ContractId contract, const DateRange& period,
                                                std::span<const FeedDelivery> deliveries);
  // The dates of the version in force, or of the newest where none is.
  StatusOr<std::vector<CalendarItem>> Calendar(ContractId contract, const DateRange& window);
  Status MarkDone(ContractId contract, const DateDone& done, UserId actor, const std::string& note);
  // What is overdue today, from the contract's first day on.
  StatusOr<std::vector<CalendarItem>> Overdue(ContractId contract);

 private:
  struct Opened;  // a contract with its versions and moves
  static StatusOr<Opened> Read(pg::Transaction& tx, ContractId contract);
  static StatusOr<Opened> Open(pg::Transaction& tx, ContractId contract);  // and locked
  static StatusOr<ContractFile> FileOf(pg::Transaction& tx, const Opened& opened,
                                       std::int32_t version);
  StatusOr<std::vector<ReadinessFinding>> FindMissing(
      pg::Transaction& tx, const ContractFile& file, const hierarchy::HierarchySnapshot& hierarchy);
  StatusOr<ContractVersion> Insert(pg::Transaction& tx, const Contract& contract,
                                   ContractVersion version, const Authorship& by);
  StatusOr<ContractVersion> InForce(ContractId contract);

  ProgramService programs_;
  pg::Database database_;
  PayerId payer_;
  Clock& clock_;
  IdGenerator& ids_;
  FundingSources& funding_;
};

}  // namespace sluice::performance
