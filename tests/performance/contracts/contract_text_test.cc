// The contract in plain English: every sentence is of a term, and every term is in a sentence.
#include "performance/contracts/contract_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/performance/contracts/contract_samples.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kGolden = "tests/golden/contract_text.txt";

std::string TextOf(const Terms& terms) { return ToPlainText(WriteContract(terms)); }

// feature:Q06
TEST(ContractText, RegeneratesIdenticallyAndReadsAsItDid) {
  const std::string text = ToPlainText(WriteContract(SavingsContract()),
                                       {"between Example Health Plan (the \"Payer\") and "
                                        "Northwest ACO (the \"Party\")",
                                        "2026-01-01 to 2026-12-31"});
  const Terms again = TermsFromTree(TermsToTree(SavingsContract())).value();
  EXPECT_EQ(TextOf(again), TextOf(SavingsContract()));
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(kGolden, std::ios::binary) << text;
  std::ifstream file(kGolden, std::ios::binary);
  const std::string golden(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(text, golden) << "run with UPDATE_GOLDEN=1 and review";
}

// feature:Q06
TEST(ContractText, EverySentenceIsLinkedToATermAndNumbered) {
  for (const Terms& terms : {SavingsContract(), EveryTerm()}) {
    const TermNode tree = TermsToTree(terms);
    std::set<std::string> numbers;
    for (const ContractArticle& article : WriteContract(terms).articles) {
      EXPECT_FALSE(article.sentences.empty()) << article.heading;
      for (const ContractSentence& sentence : article.sentences) {
        EXPECT_NE(FindTerm(tree, sentence.path), nullptr) << sentence.path;
        EXPECT_FALSE(sentence.path.empty()) << sentence.text;
        EXPECT_TRUE(numbers.insert(sentence.number).second) << sentence.number;
        EXPECT_TRUE(sentence.text.ends_with('.')) << sentence.text;
        EXPECT_TRUE(std::isupper(static_cast<unsigned char>(sentence.text.front())) != 0 ||
                    sentence.text.front() == '"')
            << sentence.text;
      }
    }
  }
}

TEST(ContractText, LinesFitAPage) {
  const std::string text = TextOf(EveryTerm());
  std::size_t longest = 0;
  std::size_t line = 0;
  for (const char c : text) {
    line = c == '\n' ? 0 : line + 1;
    longest = std::max(longest, line);
  }
  EXPECT_LE(longest, 92U);
  EXPECT_THAT(text, Not(HasSubstr("  \n")));
}

// Another valid value for a leaf, or none.
std::vector<std::string> Others(const TermNode& leaf) {
  switch (leaf.kind) {
    case TermKind::kFlag:
      return {leaf.value == "true" ? "false" : "true"};
    case TermKind::kNumber:
      return {std::to_string(std::stoll(leaf.value) + 1),
              std::to_string(std::stoll(leaf.value) - 1)};
    case TermKind::kChoice:
      return {"SIDE_BOTH",
              "SIDE_GAIN",
              "SIDE_LOSS",
              "ROUNDING_MODE_HALF_EVEN",
              "ROUNDING_MODE_TOWARD_ZERO",
              "FORFEIT_TO_POOL",
              "FORFEIT_TO_PARENT",
              "FORFEIT_TO_PAYER",
              "STANDING_DAY_PAY_DATE",
              "STANDING_DAY_PERIOD_END",
              "SMALL_DENOMINATOR_DROP_AND_REWEIGHT",
              "WHEN_ABSENT_BLOCK",
              "WHEN_ABSENT_IGNORE",
              "SPLIT_BASIS_EQUAL",
              "SPLIT_BASIS_FTE",
              "LOSS_SPLIT_MIRRORED",
              "LOSS_SPLIT_KEPT_BY_PARTY",
              "SCHEDULE_KIND_OTHER",
              "SCHEDULE_KIND_INTERIM",
              "EVERY_YEAR",
              "EVERY_QUARTER",
              "EVERY_MONTH",
              "DUE_FROM_START",
              "DUE_FROM_END",
              "OWED_BY_PARTY",
              "OWED_BY_PAYER"};
    default:
      return {leaf.value + "x",         "2024-03-01",  "1/3",      "7/9",         "2",
              "medicare_sequestration", "SEQUESTERED", "RESTATED", "GATE_FAILED", "NOT_REPORTED"};
  }
}

TEST(ContractText, EveryChangeOfATermChangesTheText) {
  for (const Terms& terms : {SavingsContract(), EveryTerm()}) {
    const TermNode tree = TermsToTree(terms);
    const std::string text = TextOf(terms);
    int changed = 0;
    std::set<std::string> untried;
    for (const TermLeaf& leaf : Leaves(tree)) {
      bool tried = false;
      for (const std::string& value : Others(*leaf.node)) {
        if (value == leaf.node->value) continue;
        TermNode other = tree;
        FindTerm(other, leaf.path)->value = value;
        const StatusOr<Terms> valid = TermsFromTree(other);
        if (!valid.ok() || *valid == terms) continue;
        tried = true;
        ++changed;
        EXPECT_NE(TextOf(*valid), text) << leaf.path << " = " << value;
      }
      if (!tried) untried.insert(leaf.path);
    }
    EXPECT_GT(changed, 60);
    // Nearly every value has another one that is valid by itself.
    EXPECT_LT(untried.size(), Leaves(tree).size() / 5) << ::testing::PrintToString(untried);
  }
}

// What no sentence asks for is stated by its name: a points unit has no words of its own.
TEST(ContractText, AFieldWithoutWordsIsStatedByItsName) {
  Terms terms = EveryTerm();
  for (Component& component : terms.components) {
    if (auto* score = std::get_if<Score>(&component.rule)) {
      score->measures.front().points_unit = Ratio(1, 20);
    }
  }
  std::string text;
  for (const ContractArticle& article : WriteContract(terms).articles) {
    for (const ContractSentence& sentence : article.sentences) text += sentence.text + "\n";
  }
  EXPECT_THAT(text, HasSubstr("its points unit is \"5 %\""));
}

}  // namespace
}  // namespace sluice::performance
