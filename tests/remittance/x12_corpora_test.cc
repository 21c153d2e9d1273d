// Other people's 835 and 999 files against our own reader.
#include <gtest/gtest.h>

#include <string>

#include "payments/remittance/remittance_835_reader.h"
#include "tests/remittance/corpora.h"

namespace sluice::payments {
namespace {

using testing::ReadWhole;
using testing::SharedFolder;
using testing::Verdict;
using testing::Verdicts;

TEST(X12Corpora, VerdictsAreOurs) {
  const auto verdicts = Verdicts("x12");
  if (verdicts.empty()) GTEST_SKIP() << "skipped: no ../shared/corpora";
  for (const Verdict& verdict : verdicts) {
    const std::string bytes = ReadWhole(SharedFolder() / "corpora" / "x12" / verdict.file);
    Findings findings(verdict.file);
    const X12Document document = ReadX12(bytes, findings);
    Check835(document, findings);
    std::string text;
    for (const Finding& finding : findings.All()) text += "  " + finding.ToString() + "\n";
    EXPECT_EQ(findings.All().empty(), verdict.verdict == "accept")
        << verdict.file << ": " << verdict.shows << "\n"
        << text;
    if (std::getenv("SLUICE_PRINT_FINDINGS") != nullptr) {
      std::printf("%s: %s\n%s", verdict.file.c_str(), verdict.shows.c_str(), text.c_str());
    }
  }
}

TEST(X12Amount, TakesOnlyPlainDecimals) {
  EXPECT_EQ(X12Amount("14750"), Money::FromCents(1'475'000));
  EXPECT_EQ(X12Amount("-.5"), Money::FromCents(-50));
  EXPECT_EQ(X12Amount("0.05"), Money::FromCents(5));
  for (const char* bad :
       {"", "-", "+5", "05", "1.234", "1.", "1,000", "12345678901", "1e5", "--1"}) {
    EXPECT_FALSE(X12Amount(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace sluice::payments
