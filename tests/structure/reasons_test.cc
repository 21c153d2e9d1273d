// Every reason for which something may be zero is expected by some test: a code that nothing gives,
// or that nobody checks, explains nothing.
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "performance/award.h"
#include "tests/structure/source_text.h"

namespace sluice::structure {
namespace {

using performance::AllReasons;
using performance::KindOf;
using performance::ReasonCode;
using performance::ReasonKind;
using performance::ReasonName;

// What a statement will say once there is something to say it of.
const std::map<ReasonCode, std::string> kNotYet = {
    {ReasonCode::kBelowMinimumPayment, "a cycle holds a payment by its own BELOW_MINIMUM_PAYMENT"},
    {ReasonCode::kSanctionHold, "screening of payees against sanctions lists"},
};

// "NO_SAVINGS" is kNoSavings.
std::string Enumerator(std::string_view name) {
  std::string text = "k";
  bool start = true;
  for (const char c : name) {
    if (c == '_') {
      start = true;
      continue;
    }
    text += start ? c : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    start = false;
  }
  return text;
}

// The words of the tests' code, and of their literals.
std::set<std::string> WordsOfTests() {
  std::set<std::string> words;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("tests")) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".cc" || name == "reasons_test.cc") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string source{std::istreambuf_iterator<char>(in), {}};
    const SourceText text = SourceText::Of(source);
    for (const Word& word : WordsOf(text.code)) words.emplace(word.text);
    for (const Literal& literal : text.literals) {
      for (const Word& word : WordsOf(literal.text)) words.emplace(word.text);
    }
  }
  return words;
}

TEST(Reasons, EachReasonForAZeroIsExpectedByATest) {
  const std::set<std::string> words = WordsOfTests();
  ASSERT_GT(words.size(), 1'000U) << "run from the root of the repository";
  for (const ReasonCode code : AllReasons()) {
    if (KindOf(code) != ReasonKind::kZero || kNotYet.contains(code)) continue;
    const std::string name(ReasonName(code));
    EXPECT_TRUE(words.contains(name) || words.contains(Enumerator(name)))
        << name << ": no test expects it; write one, or say in kNotYet what will give it";
  }
}

TEST(Reasons, NamesAreTheirEnumerators) {
  EXPECT_EQ(Enumerator("NO_SAVINGS"), "kNoSavings");
  EXPECT_EQ(Enumerator(ReasonName(ReasonCode::kOneSidedNoLossOwed)), "kOneSidedNoLossOwed");
}

}  // namespace
}  // namespace sluice::structure
