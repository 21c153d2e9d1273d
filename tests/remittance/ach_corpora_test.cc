// Other people's NACHA files: what the tolerant reader accepts, and what the strict checks find.
#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

#include "payments/remittance/ach_reader.h"
#include "tests/remittance/corpora.h"

namespace sluice::payments {
namespace {

using testing::ReadWhole;
using testing::SharedFolder;
using testing::Verdict;
using testing::Verdicts;

// "strict: fails 5,26" gives {5, 26}; "strict: clean" gives none.
std::set<int> StrictFailures(const std::string& shows) {
  std::set<int> checks;
  const std::size_t at = shows.find("strict: fails ");
  if (at == std::string::npos) return checks;
  std::istringstream list(shows.substr(at + 14));
  for (std::string number; std::getline(list, number, ',');) checks.insert(std::stoi(number));
  return checks;
}

std::string Describe(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings.All()) {
    text += (finding.tolerable ? "  (tolerable) " : "  ") + finding.ToString() + "\n";
  }
  return text;
}

TEST(AchCorpora, VerdictsAreOurs) {
  const auto verdicts = Verdicts("ach");
  if (verdicts.empty()) GTEST_SKIP() << "skipped: no ../shared/corpora";
  for (const Verdict& verdict : verdicts) {
    const std::string bytes = ReadWhole(SharedFolder() / "corpora" / "ach" / verdict.file);
    Findings findings(verdict.file);
    const AchDocument document = ReadAch(bytes, findings);
    CheckAchContent(document, findings);
    EXPECT_EQ(IsAcceptable(findings), verdict.verdict == "accept")
        << verdict.file << ": " << verdict.shows << "\n"
        << Describe(findings);
    std::set<int> found;
    for (const Finding& finding : findings.All()) found.insert(finding.check);
    for (const int check : StrictFailures(verdict.shows)) {
      EXPECT_TRUE(found.contains(check))
          << verdict.file << ": check " << check << " is missing; " << verdict.shows << "\n"
          << Describe(findings);
    }
    if (verdict.shows.ends_with("strict: clean")) {
      EXPECT_TRUE(found.empty()) << verdict.file << ": " << verdict.shows << "\n"
                                 << Describe(findings);
    }
  }
}

}  // namespace
}  // namespace sluice::payments
