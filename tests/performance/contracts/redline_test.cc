// Redlines: every change by its path, who made it, and back again.
#include "performance/contracts/redline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/performance/contracts/contract_samples.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

TermsEdition Edition(std::int32_t version, const Terms& terms, std::string comment) {
  return {.version = version,
          .author = UserId(100 + version),
          .comment = std::move(comment),
          .recorded_at = {},
          .tree = TermsToTree(terms)};
}

RateComponent& RateOf(Terms& terms) { return std::get<RateComponent>(terms.components[3].rule); }

TEST(Redline, NothingChangedIsSaidSo) {
  const TermNode tree = TermsToTree(EveryTerm());
  EXPECT_THAT(CompareTerms(tree, tree), SizeIs(0));
  EXPECT_THAT(RedlineText("Versions 1 and 2", {}), HasSubstr("Nothing changed."));
}

TEST(Redline, ALeafIsNamedByItsPathWithBothValues) {
  const Terms before = SavingsContract();
  Terms after = before;
  RateOf(after).cases[0].rule = FixedRate{Rate::FromPercent(55)};
  const auto changes = CompareTerms(TermsToTree(before), TermsToTree(after));
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].kind, ChangeKind::kChanged);
  EXPECT_EQ(changes[0].path, "components[3].rate.cases[0].fixed_millionths");
  EXPECT_EQ(DisplayValue(*changes[0].before), "50 %");
  EXPECT_EQ(DisplayValue(*changes[0].after), "55 %");
}

TEST(Redline, AZeroThatWasADefaultIsAChangeAndNoRemoval) {
  const Terms before = SavingsContract();
  Terms after = before;
  after.operations->service_levels[0].tolerated = 0;
  const auto changes = CompareTerms(TermsToTree(before), TermsToTree(after));
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].kind, ChangeKind::kChanged);
  EXPECT_EQ(changes[0].path, "operations.service_levels[0].tolerated");
}

TEST(Redline, AMovedComponentIsOneMoveThatKeepsItsChangesApart) {
  const Terms before = SavingsContract();
  Terms after = before;
  std::swap(after.components[1], after.components[2]);
  std::get<Gate>(after.components[1].rule).name = "minimum rate";
  const auto changes = CompareTerms(TermsToTree(before), TermsToTree(after));
  ASSERT_THAT(changes, SizeIs(2));
  const auto moved = std::ranges::find(changes, ChangeKind::kMoved, &TermChange::kind);
  ASSERT_NE(moved, changes.end());
  const auto changed = std::ranges::find(changes, ChangeKind::kChanged, &TermChange::kind);
  ASSERT_NE(changed, changes.end());
  EXPECT_EQ(changed->path, "components[1].gate.name");
  EXPECT_EQ(changed->old_path, "components[2].gate.name");
}

TEST(Redline, AComponentOfAnotherKindIsRemovedAndAdded) {
  const Terms before = SavingsContract();
  Terms after = before;
  after.components[4].rule = Floor{
      .limit = {.amount = FixedLimit{Money::FromCents(500'00)}, .note = ReasonCode::kFloorApplied}};
  const auto changes = CompareTerms(TermsToTree(before), TermsToTree(after));
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[0].kind, ChangeKind::kRemoved);
  EXPECT_EQ(changes[0].path, "components[4]");
  EXPECT_EQ(changes[1].kind, ChangeKind::kAdded);
  EXPECT_EQ(changes[1].path, "components[4]");
  EXPECT_THAT(DisplayValue(*changes[1].after), HasSubstr("$500.00"));
}

// feature:C10
TEST(Redline, EachChangeHasTheAuthorAndCommentOfTheVersionThatMadeIt) {
  const Terms first = SavingsContract();
  Terms second = first;
  RateOf(second).cases[0].rule = FixedRate{Rate::FromPercent(55)};
  second.operations->schedule.erase(second.operations->schedule.begin() + 2);
  Terms third = second;
  third.title = "Two-sided shared savings 2026, amended";
  Terms fourth = third;
  fourth.components.insert(fourth.components.begin() + 4,
                           {.rule = Reduction{.table = "medicare_sequestration"}, .clause = ""});
  const std::vector<TermsEdition> editions = {
      Edition(1, first, "first text"), Edition(2, second, "as negotiated"),
      Edition(3, third, "new title"), Edition(4, fourth, "federal reduction")};
  const std::vector<TermChange> changes = Redline(editions);
  ASSERT_THAT(changes, SizeIs(4));
  const auto by = [&](std::string_view path) -> const TermChange& {
    const auto found = std::ranges::find(changes, path, &TermChange::path);
    EXPECT_NE(found, changes.end()) << path;
    return *found;
  };
  EXPECT_EQ(by("components[3].rate.cases[0].fixed_millionths").version, 2);
  EXPECT_EQ(by("components[3].rate.cases[0].fixed_millionths").author, UserId(102));
  EXPECT_EQ(by("operations.schedule[2]").kind, ChangeKind::kRemoved);
  EXPECT_EQ(by("operations.schedule[2]").comment, "as negotiated");
  EXPECT_EQ(by("title").version, 3);
  EXPECT_EQ(by("components[4]").comment, "federal reduction");
  const std::string text = RedlineText("Version 1 to version 4", changes);
  EXPECT_THAT(text, HasSubstr("changed components[3].rate.cases[0].fixed_millionths\n"
                              "   was:  50 %\n   is:   55 %\n"));
  EXPECT_THAT(text, HasSubstr("version 4: federal reduction"));
  // As data: what the first version and the changes give is the last version.
  EXPECT_EQ(ApplyChanges(editions.front().tree, changes).value(), editions.back().tree);
}

TEST(Redline, ChangesOfOtherTermsAreRefused) {
  const Terms before = SavingsContract();
  Terms after = before;
  after.title = "B";
  Terms other = before;
  other.title = "C";
  const auto changes = CompareTerms(TermsToTree(before), TermsToTree(after));
  EXPECT_EQ(ApplyChanges(TermsToTree(other), changes).status().code(),
            absl::StatusCode::kInvalidArgument);
}

unsigned PrintedSeed() {
  const char* given = std::getenv("SLUICE_TEST_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                         : std::random_device{}();
  std::cout << "SLUICE_TEST_SEED=" << seed << "\n";
  return seed;
}

// Random edits of a tree, of every kind that a person can make.
class RandomEdits {
 public:
  explicit RandomEdits(unsigned seed) : random_(seed) {}
  void Edit(TermNode& tree, int edits) {
    while (edits-- > 0) EditBelow(tree);
  }
  std::size_t Up(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit)(random_);
  }

 private:
  void EditBelow(TermNode& node) {
    if (node.IsLeaf()) {
      node.value += std::to_string(Up(9));
      return;
    }
    if (node.children.empty()) return;
    const std::size_t at = Up(node.children.size() - 1);
    if (node.kind == TermKind::kList && Up(2) == 0) return EditList(node, at);
    TermNode& child = node.children[at];
    if (node.kind == TermKind::kMessage && child.kind == TermKind::kMessage && Up(9) == 0) {
      node.children.erase(node.children.begin() + static_cast<std::ptrdiff_t>(at));
      return;
    }
    EditBelow(child);
  }
  void EditList(TermNode& list, std::size_t at) {
    const auto place = list.children.begin() + static_cast<std::ptrdiff_t>(at);
    switch (Up(3)) {
      case 0:
        list.children.erase(place);
        break;
      case 1: {
        TermNode copy = *place;
        EditBelow(copy);
        list.children.insert(place, std::move(copy));
        break;
      }
      case 2:
        std::swap(list.children[at], list.children[Up(list.children.size() - 1)]);
        break;
      default:
        std::ranges::shuffle(list.children, random_);
    }
  }

  std::mt19937 random_;
};

TEST(Redline, ApplyingTheChangesToTheOldTreeGivesTheNewOne) {
  RandomEdits edits(PrintedSeed());
  const std::vector<Terms> samples = {SavingsContract(), EveryTerm()};
  for (int round = 0; round < 1'500; ++round) {
    TermNode before = TermsToTree(samples[edits.Up(1)]);
    edits.Edit(before, static_cast<int>(edits.Up(4)));
    TermNode after = edits.Up(20) == 0 ? TermsToTree(samples[edits.Up(1)]) : before;
    edits.Edit(after, static_cast<int>(edits.Up(12)));
    const std::vector<TermChange> changes = CompareTerms(before, after);
    const StatusOr<TermNode> again = ApplyChanges(before, changes);
    ASSERT_TRUE(again.ok()) << "round " << round << ": " << again.status();
    ASSERT_EQ(*again, after) << "round " << round << "\n" << RedlineText("changes", changes);
    ASSERT_EQ(changes.empty(), before == after);
  }
}

TEST(TermsTree, EveryTermComesBackFromItsTree) {
  for (const Terms& terms : {SavingsContract(), EveryTerm()}) {
    EXPECT_EQ(TermsFromTree(TermsToTree(terms)).value(), terms);
  }
}

TEST(TermsTree, APathNamesItsNode) {
  TermNode tree = TermsToTree(SavingsContract());
  for (const TermLeaf& leaf : Leaves(tree)) EXPECT_EQ(FindTerm(tree, leaf.path), leaf.node);
  EXPECT_EQ(FindTerm(tree, ""), &tree);
  EXPECT_EQ(FindTerm(tree, "components[99]"), nullptr);
  EXPECT_EQ(FindTerm(tree, "components[1"), nullptr);
  EXPECT_EQ(FindTerm(tree, "nothing.there"), nullptr);
  FindTerm(tree, "title")->value = "";
  FindTerm(tree, "components[6].split.levels[0].keep_millionths")->value = "two";
  EXPECT_THAT(StatusMessage(TermsFromTree(tree).status()), HasSubstr("keep_millionths"));
}

}  // namespace
}  // namespace sluice::performance
