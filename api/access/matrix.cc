#include "api/access/matrix.h"

#include <algorithm>
#include <array>

#include "core/check.h"

namespace sluice::api {

namespace {

// A cell as people write it: verbs, then `m` for masked and `o` for the own tree. "RmPo" reads
// masked and proposes, both in the own tree.
using Cell = std::string_view;

struct MatrixRow {
  Resource resource;
  std::string_view name;
  std::array<Cell, kRoles> cells;
};

constexpr std::array<std::string_view, kRoles> kRoleCodes = {
    "PA", "HM", "CM", "CA", "AN", "FM", "FC", "RL", "TR", "BO", "CO", "AU", "FU", "PP", "PV", "SV"};

constexpr std::array<std::string_view, kRoles> kRoleNames = {
    "Payer admin",     "Hierarchy and onboarding",
    "Contract maker",  "Contract approver",
    "Analyst",         "Finance maker",
    "Finance checker", "Releaser",
    "Treasury",        "Bank enrollment",
    "Compliance",      "Auditor",
    "Funder",          "Provider admin",
    "Provider viewer", "Service"};

// clang-format off
constexpr std::array<MatrixRow, kResources> kMatrix = {{
    {Resource::kParty, "Party, affiliation, onboarding",
     //PA HM CM CA AN FM FC RL TR BO CO AU FU PP PV SV
     {"RA", "RP", "R", "R", "R", "R", "R", "", "", "R", "RA", "R", "", "RPo", "Ro", "R"}},
    {Resource::kContract, "Contract, terms",
     {"R", "R", "RP", "RA", "R", "R", "R", "", "", "", "", "R", "Ro", "Ro", "Ro", "R"}},
    {Resource::kFacts, "Attribution, results, facts",
     {"", "R", "R", "R", "RPX", "R", "R", "", "", "", "", "R", "", "Ro", "Ro", "RX"}},
    {Resource::kAward, "Award, calculation package",
     {"", "", "R", "R", "RX", "R", "R", "R", "", "", "", "RE", "", "Ro", "Ro", "RX"}},
    {Resource::kRun, "Cycle, run, approval",
     {"R", "", "", "R", "R", "RPX", "RA", "R", "R", "", "R", "R", "Ro", "Ro", "Ro", "RX"}},
    {Resource::kLineDecision, "Line hold, override",
     {"", "", "", "", "", "RP", "RA", "R", "", "", "RPA", "R", "", "", "", ""}},
    {Resource::kRelease, "Release, void; file state",
     {"", "", "", "", "", "R", "RA", "RX", "R", "", "R", "R", "", "", "", "RX"}},
    {Resource::kFileContent, "File: content",
     {"", "", "", "", "", "", "", "Em", "", "", "", "Em", "", "", "", "X"}},
    {Resource::kUnknownDelivery, "SENT_UNKNOWN resolution",
     {"", "", "", "", "", "", "A", "P", "R", "", "R", "R", "", "", "", ""}},
    {Resource::kPool, "Pool, deposit, matching",
     {"", "", "", "", "R", "R", "R", "R", "RP", "", "", "R", "Ro", "", "", "X"}},
    {Resource::kPoolTransfer, "Pool transfer, overdraft, defund",
     {"", "", "", "", "", "R", "RA", "", "RP", "", "", "R", "Ro", "", "", ""}},
    {Resource::kWithhold, "Withhold release, forfeit",
     {"", "", "", "", "R", "RP", "RA", "", "", "", "", "R", "", "Ro", "Ro", "X"}},
    {Resource::kRecoupment, "Recoupment, write-off, void",
     {"", "", "", "", "R", "RP", "RA", "", "R", "", "", "R", "", "Ro", "Ro", ""}},
    {Resource::kReturn, "Return, NOC, re-issue",
     {"", "", "", "", "", "RP", "RA", "R", "R", "RP", "RA", "R", "", "Ro", "Ro", "X"}},
    {Resource::kPayeeAccount, "Payee bank account",
     {"", "", "", "", "", "Rm", "Rm", "", "Rm", "RmP", "RmA", "Rm", "", "RmPo", "Rmo", "X"}},
    {Resource::kPreference, "Payment, remittance preference",
     {"", "R", "", "", "", "R", "R", "", "", "R", "", "R", "", "RPo", "Ro", "R"}},
    {Resource::kRemittance, "Remittance, 835",
     {"", "", "", "", "R", "RE", "R", "R", "", "", "", "Rm", "", "REo", "REo", "X"}},
    {Resource::kLedger, "Ledger, trial balance",
     {"", "", "", "", "", "R", "R", "R", "R", "", "", "RE", "Ro", "", "", "RX"}},
    {Resource::kBankReconciliation, "Bank reconciliation",
     {"", "", "", "", "", "R", "RA", "", "RP", "", "", "R", "", "", "", "X"}},
    {Resource::kPayerSettings, "Payer's own bank accounts, calendar, limits",
     {"P", "", "", "", "", "R", "A", "R", "RP", "", "", "R", "", "", "", "R"}},
    {Resource::kUser, "Users, roles, delegation",
     {"RPA", "", "", "", "", "", "", "", "", "", "", "R", "", "RPo", "", ""}},
    {Resource::kAudit, "Audit log, verify",
     {"", "", "", "", "", "", "", "", "", "", "R", "REX", "", "", "", "X"}},
    {Resource::kKey, "Keys, issuers",
     {"PA", "", "", "", "", "", "", "", "", "", "", "R", "", "", "", ""}},
}};
// clang-format on

constexpr std::array<Verb, kVerbs> kAllVerbs = {Verb::kRead, Verb::kPropose, Verb::kApprove,
                                                Verb::kExecute, Verb::kExport};
constexpr std::array<char, kVerbs> kVerbLetters = {'R', 'P', 'A', 'X', 'E'};

constexpr std::size_t IndexOf(Role role) { return static_cast<std::size_t>(role) - 1; }
constexpr std::size_t IndexOf(Resource resource) { return static_cast<std::size_t>(resource) - 1; }
constexpr std::size_t IndexOf(Verb verb) { return static_cast<std::size_t>(verb) - 1; }

// A cell has no letter but these, rows stand at their number, and the service's column approves
// nothing.
constexpr bool IsWellFormed() {
  for (std::size_t row = 0; row < kMatrix.size(); ++row) {
    if (IndexOf(kMatrix[row].resource) != row) return false;
    for (const Cell cell : kMatrix[row].cells) {
      if (cell.find_first_not_of("RPAXEmo") != Cell::npos) return false;
    }
    if (kMatrix[row].cells[IndexOf(Role::kService)].find('A') != Cell::npos) return false;
  }
  return true;
}
static_assert(IsWellFormed());

constexpr auto kAllRoles = [] {
  std::array<Role, kRoles> roles{};
  for (std::size_t i = 0; i < roles.size(); ++i) roles[i] = static_cast<Role>(i + 1);
  return roles;
}();

constexpr auto kAllResources = [] {
  std::array<Resource, kResources> resources{};
  for (std::size_t i = 0; i < resources.size(); ++i) resources[i] = kMatrix[i].resource;
  return resources;
}();

// The job that may make something happen to a resource.
std::optional<ServiceJob> JobFor(Resource resource) {
  switch (resource) {
    case Resource::kFacts:
    case Resource::kAward:
    case Resource::kRun:
    case Resource::kWithhold:
      return ServiceJob::kCalculate;
    case Resource::kRelease:
    case Resource::kLedger:
    case Resource::kAudit:
      return ServiceJob::kRelease;
    case Resource::kFileContent:
    case Resource::kPayeeAccount:
    case Resource::kRemittance:
      return ServiceJob::kFiles;
    case Resource::kPool:
    case Resource::kReturn:
    case Resource::kBankReconciliation:
      return ServiceJob::kReconcile;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string_view RoleCode(Role role) { return kRoleCodes.at(IndexOf(role)); }
std::string_view RoleName(Role role) { return kRoleNames.at(IndexOf(role)); }

StatusOr<Role> ParseRole(std::string_view code) {
  const auto found = std::ranges::find(kRoleCodes, code);
  if (found == kRoleCodes.end()) {
    return InvalidArgument("'{}' is no role; roles are {}", code, fmt::join(kRoleCodes, ", "));
  }
  return kAllRoles.at(static_cast<std::size_t>(found - kRoleCodes.begin()));
}

std::string_view ResourceName(Resource resource) { return kMatrix.at(IndexOf(resource)).name; }
char VerbLetter(Verb verb) { return kVerbLetters.at(IndexOf(verb)); }

std::string_view ServiceJobName(ServiceJob job) {
  switch (job) {
    case ServiceJob::kCalculate:
      return "SVC-CALC";
    case ServiceJob::kRelease:
      return "SVC-RELEASE";
    case ServiceJob::kFiles:
      return "SVC-FILES";
    case ServiceJob::kReconcile:
      return "SVC-RECON";
  }
  CHECK(false);
}

std::span<const Role> AllRoles() { return kAllRoles; }
std::span<const Resource> AllResources() { return kAllResources; }
std::span<const Verb> AllVerbs() { return kAllVerbs; }

Right RightOf(Role role, Resource resource, Verb verb) {
  const Cell cell = kMatrix.at(IndexOf(resource)).cells.at(IndexOf(role));
  if (cell.find(VerbLetter(verb)) == Cell::npos) return {};
  return {.granted = true,
          .own_tree = cell.find('o') != Cell::npos,
          .masked = cell.find('m') != Cell::npos};
}

bool JobMay(ServiceJob job, Resource resource, Verb verb) {
  if (!RightOf(Role::kService, resource, verb).granted) return false;
  return verb == Verb::kRead || JobFor(resource) == job;
}

bool NeedsStepUp(Resource resource, Verb verb) {
  if (verb == Verb::kRead || verb == Verb::kExport) return false;
  switch (resource) {
    case Resource::kUnknownDelivery:
    case Resource::kPoolTransfer:
    case Resource::kPayeeAccount:
    case Resource::kPayerSettings:
    case Resource::kUser:
    case Resource::kKey:
      return true;
    case Resource::kRelease:
      return true;
    default:
      return verb == Verb::kApprove;
  }
}

bool IsProtectedRead(Resource resource) {
  switch (resource) {
    case Resource::kFileContent:
    case Resource::kPayeeAccount:
    case Resource::kRemittance:
    case Resource::kFacts:
    case Resource::kUser:
    case Resource::kAudit:
    case Resource::kKey:
      return true;
    default:
      return false;
  }
}

std::string MatrixText() {
  std::string text = fmt::format("| Resource | {} |\n|---|", fmt::join(kRoleCodes, " | "));
  for (int i = 0; i < kRoles; ++i) text += "---|";
  text += '\n';
  for (const MatrixRow& row : kMatrix) {
    text += fmt::format("| {} |", row.name);
    for (const Cell cell : row.cells) text += cell.empty() ? " |" : fmt::format(" {} |", cell);
    text += '\n';
  }
  return text;
}

}  // namespace sluice::api
