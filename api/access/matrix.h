// Who may do what: roles x resources x verbs, in one table.
//
//   1. What the table does not give is denied.
//   2. A cell may be narrowed: `own_tree`, to what belongs to the holder's own part of the
//      hierarchy; `masked`, so that account and taxpayer numbers never come out in clear.
//   3. A service account never approves. Which job of the service may use its column is a table of
//      its own: a job has no right that its work does not need.
//   4. The page for people and the tests are made from the same table (MatrixText, README.md).
//
// Everything here is pure. Who holds a role, and where, is in access/decision.h; which roles one
// person may hold, and what one person may not do twice, is in access/duties.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/status.h"

namespace sluice::api {

// The numbers are stored and never reused.
enum class Role : std::int16_t {
  kPayerAdmin = 1,        // PA: users, keys, settings of the payer; no money
  kHierarchy = 2,         // HM: parties, affiliations, onboarding
  kContractMaker = 3,     // CM
  kContractApprover = 4,  // CA
  kAnalyst = 5,           // AN: attribution, results, awards
  kFinanceMaker = 6,      // FM: cycles and what is entered by hand
  kFinanceChecker = 7,    // FC: approves what a finance maker entered
  kReleaser = 8,          // RL: starts the release of an approved run
  kTreasury = 9,          // TR: pools, bank statements
  kBankEnrollment = 10,   // BO: bank accounts of payees
  kCompliance = 11,       // CO: screening, holds, approval of bank accounts
  kAuditor = 12,          // AU: reads nearly everything, changes nothing
  kFunder = 13,           // FU: an employer; its own funding and nobody else's
  kProviderAdmin = 14,    // PP: a practice or network; its own tree
  kProviderViewer = 15,   // PV: the same, without entering anything
  kService = 16,          // SV: a job of the service itself
};
inline constexpr int kRoles = 16;

// A row of the table. The numbers are those of sluice.core.v1.Resource.
enum class Resource : std::int16_t {
  kParty = 1,
  kContract = 2,
  kFacts = 3,
  kAward = 4,
  kRun = 5,
  kLineDecision = 6,
  kRelease = 7,
  kFileContent = 8,
  kUnknownDelivery = 9,
  kPool = 10,
  kPoolTransfer = 11,
  kWithhold = 12,
  kRecoupment = 13,
  kReturn = 14,
  kPayeeAccount = 15,
  kPreference = 16,
  kRemittance = 17,
  kLedger = 18,
  kBankReconciliation = 19,
  kPayerSettings = 20,
  kUser = 21,
  kAudit = 22,
  kKey = 23,
};
inline constexpr int kResources = 23;

// The numbers are those of sluice.core.v1.Verb.
enum class Verb : std::int16_t { kRead = 1, kPropose = 2, kApprove = 3, kExecute = 4, kExport = 5 };
inline constexpr int kVerbs = 5;

// The jobs that share the column of the service.
enum class ServiceJob : std::int16_t {
  kCalculate = 1,  // SVC-CALC: attribution, results, awards, collecting a run
  kRelease = 2,    // SVC-RELEASE: posting a release that a person started
  kFiles = 3,      // SVC-FILES: the only process that opens account numbers
  kReconcile = 4,  // SVC-RECON: what banks and receivers send back
};

// What a cell gives.
struct Right {
  bool granted = false;
  bool own_tree = false;  // only what belongs to the holder's own part of the hierarchy
  bool masked = false;    // numbers never in clear

  friend bool operator==(const Right&, const Right&) = default;
};

// "PA".
std::string_view RoleCode(Role role);
// "Payer admin".
std::string_view RoleName(Role role);
// The reverse of RoleCode. InvalidArgument lists the codes there are.
StatusOr<Role> ParseRole(std::string_view code);
// "Contract, terms".
std::string_view ResourceName(Resource resource);
// 'R'.
char VerbLetter(Verb verb);
// "SVC-CALC".
std::string_view ServiceJobName(ServiceJob job);

std::span<const Role> AllRoles();
std::span<const Resource> AllResources();
std::span<const Verb> AllVerbs();

// The cell. For kService it is what some job may do; see JobMay.
Right RightOf(Role role, Resource resource, Verb verb);

// Whether this job of the service may do it: the cell of kService, and the job is the one for the
// resource. Reading what a calculation or a payment is made from is open to every job.
bool JobMay(ServiceJob job, Resource resource, Verb verb);

// Whether a caller must have authenticated again less than five minutes ago: approvals that move
// money, releases, bank accounts, pool transfers, users, keys and unknown deliveries.
bool NeedsStepUp(Resource resource, Verb verb);

// Whether a read of it is written to the audit log, as every change and every denial is.
bool IsProtectedRead(Resource resource);

// The table as Markdown, a row a line: what README.md shows.
std::string MatrixText();

}  // namespace sluice::api
