// The permission matrix, cell by cell. The table below is the contract, written by hand; the code
// under test has its own. A change of one without the other fails here.
#include "api/access/matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace sluice::api {
namespace {

using testing::HasSubstr;

constexpr std::string_view kContract = R"(
| Resource | PA | HM | CM | CA | AN | FM | FC | RL | TR | BO | CO | AU | FU | PP | PV | SV |
| Party, affiliation, onboarding | RA | RP | R | R | R | R | R | | | R | RA | R | | RPo | Ro | R |
| Contract, terms | R | R | RP | RA | R | R | R | | | | | R | Ro | Ro | Ro | R |
| Attribution, results, facts | | R | R | R | RPX | R | R | | | | | R | | Ro | Ro | RX |
| Award, calculation package | | | R | R | RX | R | R | R | | | | RE | | Ro | Ro | RX |
| Cycle, run, approval | R | | | R | R | RPX | RA | R | R | | R | R | Ro | Ro | Ro | RX |
| Line hold, override | | | | | | RP | RA | R | | | RPA | R | | | | |
| Release, void; file state | | | | | | R | RA | RX | R | | R | R | | | | RX |
| File: content | | | | | | | | Em | | | | Em | | | | X |
| SENT_UNKNOWN resolution | | | | | | | A | P | R | | R | R | | | | |
| Pool, deposit, matching | | | | | R | R | R | R | RP | | | R | Ro | | | X |
| Pool transfer, overdraft, defund | | | | | | R | RA | | RP | | | R | Ro | | | |
| Withhold release, forfeit | | | | | R | RP | RA | | | | | R | | Ro | Ro | X |
| Recoupment, write-off, void | | | | | R | RP | RA | | R | | | R | | Ro | Ro | |
| Return, NOC, re-issue | | | | | | RP | RA | R | R | RP | RA | R | | Ro | Ro | X |
| Payee bank account | | | | | | Rm | Rm | | Rm | RmP | RmA | Rm | | RmPo | Rmo | X |
| Payment, remittance preference | | R | | | | R | R | | | R | | R | | RPo | Ro | R |
| Remittance, 835 | | | | | R | RE | R | R | | | | Rm | | REo | REo | X |
| Ledger, trial balance | | | | | | R | R | R | R | | | RE | Ro | | | RX |
| Bank reconciliation | | | | | | R | RA | | RP | | | R | | | | X |
| Payer's own bank accounts, calendar, limits | P | | | | | R | A | R | RP | | | R | | | | R |
| Users, roles, delegation | RPA | | | | | | | | | | | R | | RPo | | |
| Audit log, verify | | | | | | | | | | | R | REX | | | | X |
| Keys, issuers | PA | | | | | | | | | | | R | | | | |
)";

std::string Trim(std::string text) {
  while (!text.empty() && text.front() == ' ') text.erase(text.begin());
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// The cells of each row, the head first.
std::vector<std::vector<std::string>> ContractRows() {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines{std::string(kContract)};
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    std::vector<std::string> cells;
    std::istringstream cell_text(line.substr(1));
    for (std::string cell; std::getline(cell_text, cell, '|');) cells.push_back(Trim(cell));
    rows.push_back(cells);
  }
  return rows;
}

// feature:X01
TEST(Matrix, EveryCellIsAsAgreed) {
  const auto rows = ContractRows();
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(kResources) + 1);
  int cells = 0;
  for (std::size_t r = 1; r < rows.size(); ++r) {
    ASSERT_EQ(rows[r].size(), static_cast<std::size_t>(kRoles) + 1) << rows[r][0];
    const Resource resource = AllResources()[r - 1];
    EXPECT_EQ(ResourceName(resource), rows[r][0]);
    for (std::size_t c = 1; c < rows[r].size(); ++c) {
      const StatusOr<Role> role = ParseRole(rows[0][c]);
      ASSERT_TRUE(role.ok()) << rows[0][c];
      const std::string& cell = rows[r][c];
      for (const Verb verb : AllVerbs()) {
        const bool granted = cell.find(VerbLetter(verb)) != std::string::npos;
        const Right expected{.granted = granted,
                             .own_tree = granted && cell.find('o') != std::string::npos,
                             .masked = granted && cell.find('m') != std::string::npos};
        EXPECT_EQ(RightOf(*role, resource, verb), expected)
            << rows[r][0] << ", " << rows[0][c] << ", " << VerbLetter(verb);
        ++cells;
      }
    }
  }
  EXPECT_EQ(cells, kResources * kRoles * kVerbs);
}

TEST(Matrix, NoServiceApprovesAndNoJobHasWhatItsWorkDoesNotNeed) {
  constexpr ServiceJob kJobs[] = {ServiceJob::kCalculate, ServiceJob::kRelease, ServiceJob::kFiles,
                                  ServiceJob::kReconcile};
  for (const Resource resource : AllResources()) {
    int may_execute = 0;
    for (const ServiceJob job : kJobs) {
      EXPECT_FALSE(JobMay(job, resource, Verb::kApprove)) << ResourceName(resource);
      EXPECT_FALSE(JobMay(job, resource, Verb::kPropose)) << ResourceName(resource);
      if (JobMay(job, resource, Verb::kExecute)) ++may_execute;
    }
    const bool some = RightOf(Role::kService, resource, Verb::kExecute).granted;
    EXPECT_EQ(may_execute, some ? 1 : 0) << ResourceName(resource);
  }
  EXPECT_TRUE(JobMay(ServiceJob::kFiles, Resource::kPayeeAccount, Verb::kExecute));
  EXPECT_FALSE(JobMay(ServiceJob::kCalculate, Resource::kPayeeAccount, Verb::kExecute));
}

TEST(Matrix, NoPersonReadsAnAccountOrAPaymentFileInClear) {
  for (const Role role : AllRoles()) {
    for (const Resource resource : {Resource::kPayeeAccount, Resource::kFileContent}) {
      for (const Verb verb : {Verb::kRead, Verb::kExport}) {
        const Right right = RightOf(role, resource, verb);
        if (right.granted && role != Role::kService) {
          EXPECT_TRUE(right.masked) << RoleCode(role) << ", " << ResourceName(resource);
        }
      }
    }
  }
}

TEST(Matrix, WhoIsOutsideThePayerSeesTheirOwnTreeOnly) {
  for (const Role role : {Role::kFunder, Role::kProviderAdmin, Role::kProviderViewer}) {
    for (const Resource resource : AllResources()) {
      for (const Verb verb : AllVerbs()) {
        const Right right = RightOf(role, resource, verb);
        if (right.granted) {
          EXPECT_TRUE(right.own_tree) << RoleCode(role) << ", " << ResourceName(resource);
        }
      }
    }
  }
}

TEST(Matrix, ApprovalsReleasesAndBankChangesNeedAFreshSignIn) {
  for (const Resource resource : AllResources()) {
    EXPECT_TRUE(NeedsStepUp(resource, Verb::kApprove)) << ResourceName(resource);
    EXPECT_FALSE(NeedsStepUp(resource, Verb::kRead)) << ResourceName(resource);
  }
  EXPECT_TRUE(NeedsStepUp(Resource::kRelease, Verb::kExecute));
  EXPECT_TRUE(NeedsStepUp(Resource::kPayeeAccount, Verb::kPropose));
  EXPECT_TRUE(NeedsStepUp(Resource::kUser, Verb::kPropose));
  EXPECT_FALSE(NeedsStepUp(Resource::kRun, Verb::kExecute));
}

TEST(Matrix, RolesHaveCodesThatReadBack) {
  for (const Role role : AllRoles()) EXPECT_EQ(*ParseRole(RoleCode(role)), role);
  EXPECT_THAT(StatusMessage(ParseRole("XX").status()), HasSubstr("'XX' is no role"));
}

TEST(Matrix, ThePageShowsTheTable) {
  const std::string path = "api/access/README.md";
  const std::string begin = "<!-- matrix -->\n";
  const std::string end = "<!-- end of matrix -->\n";
  std::ifstream file(path);
  std::stringstream whole;
  whole << file.rdbuf();
  const std::string text = whole.str();
  const std::size_t from = text.find(begin);
  const std::size_t to = text.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  const std::size_t start = from + begin.size();
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << text.substr(0, start) << MatrixText() << text.substr(to);
    return;
  }
  EXPECT_EQ(text.substr(start, to - start), MatrixText()) << "UPDATE_GOLDEN=1 rewrites it";
}

}  // namespace
}  // namespace sluice::api
