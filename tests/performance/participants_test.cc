// From the hierarchy to the tree of a split.
#include "performance/participants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::performance {
namespace {

using hierarchy::HierarchySnapshot;
using hierarchy::PartyKind;
using hierarchy::SnapshotEdge;
using hierarchy::SnapshotParty;
using ::testing::HasSubstr;

constexpr PartyId kAco{1}, kNorth{2}, kSouth{3}, kDoctor{4};

SnapshotEdge Edge(PartyId parent, PartyId child, std::string role) {
  return {.parent = parent,
          .child = child,
          .role = std::move(role),
          .valid = DateRange::From(MakeDate(2024, 1, 1))};
}

// A doctor who works in both practices of an ACO, in one of them in two roles.
HierarchySnapshot Hierarchy() {
  auto snapshot = HierarchySnapshot::Make(
      {.as_of = MakeDate(2024, 6, 30), .version = 7},
      {{.id = kAco, .kind = PartyKind::kAco, .name = "ACO"},
       {.id = kNorth, .name = "North"},
       {.id = kSouth, .name = "South"},
       {.id = kDoctor, .kind = PartyKind::kProvider, .name = "Doctor"}},
      {Edge(kAco, kNorth, "member"), Edge(kAco, kSouth, "member"), Edge(kNorth, kDoctor, "doctor"),
       Edge(kSouth, kDoctor, "doctor"), Edge(kSouth, kDoctor, "owner")});
  EXPECT_TRUE(snapshot.ok()) << snapshot.status();
  return *snapshot;
}

Facts Points(std::int64_t points) { return Facts().SetCount("points", points); }

TEST(Participants, AreATreeWithOneNodeForEachWay) {
  const auto tree = ParticipantsUnder(Hierarchy(), kAco, 2, {});
  ASSERT_TRUE(tree.ok());
  EXPECT_EQ(tree->name, "ACO");
  ASSERT_EQ(tree->children.size(), 2U);
  EXPECT_EQ(tree->children[0].children.size(), 1U);
  EXPECT_EQ(tree->children[1].children.size(), 1U);  // two roles, one part
  EXPECT_EQ(tree->children[1].children[0].party, kDoctor);
}

TEST(Participants, GoNoDeeperThanTheSplit) {
  const auto tree = ParticipantsUnder(Hierarchy(), kAco, 1, {});
  ASSERT_TRUE(tree.ok());
  EXPECT_TRUE(tree->children[0].children.empty());
}

TEST(Participants, FactsUnderAParentOverrideThoseThatHoldEverywhere) {
  const ParticipantFacts facts = {{{kDoctor, PartyId()}, Points(5)},
                                  {{kDoctor, kSouth}, Points(3)}};
  const auto tree = ParticipantsUnder(Hierarchy(), kAco, 2, facts);
  ASSERT_TRUE(tree.ok());
  EXPECT_EQ(tree->children[0].children[0].facts, Points(5));
  EXPECT_EQ(tree->children[1].children[0].facts, Points(3));
}

TEST(Participants, UnknownPartyIsNotFound) {
  const auto tree = ParticipantsUnder(Hierarchy(), PartyId(99), 1, {});
  EXPECT_EQ(tree.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(StatusMessage(tree.status()), HasSubstr("as of 2024-06-30"));
  EXPECT_TRUE(ParticipantsUnder(Hierarchy(), PartyId(99), 0, {}).ok());  // nothing to split
}

TEST(BuildSplitTree, WeighsByCountRatioOrAmount) {
  const Split split{.levels = {{.basis = SplitBasis::kWeights, .weight_name = "points"}}};
  Participant root{.party = kAco, .name = "ACO"};
  root.children = {
      {.party = kNorth, .facts = Points(7)},
      {.party = kSouth, .facts = Facts().SetRatio("points", Ratio(7, 2))},
      {.party = kDoctor, .facts = Facts().SetAmount("points", Money::FromCents(12'50))}};
  const auto tree = BuildSplitTree(split, root, {.standing_day = MakeDate(2025, 1, 1), .period = {}});
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ(tree->children[0].basis, Ratio(7));
  EXPECT_EQ(tree->children[1].basis, Ratio(7, 2));
  EXPECT_EQ(tree->children[2].basis, Ratio(25, 2));
}

TEST(BuildSplitTree, StandingHoldsFromItsFirstDayToBeforeItsEnd) {
  const struct {
    Date day;
    bool stands;
  } cases[] = {{MakeDate(2024, 12, 31), false},
               {MakeDate(2025, 1, 1), true},
               {MakeDate(2025, 6, 29), true},
               {MakeDate(2025, 6, 30), false}};
  Participant root{.party = kAco, .name = "ACO"};
  root.children = {{.party = kNorth,
                    .facts = Facts()
                                 .SetDate("standing_from", MakeDate(2025, 1, 1))
                                 .SetDate("standing_to", MakeDate(2025, 6, 30))}};
  for (const auto& test : cases) {
    const auto tree = BuildSplitTree(Split{.levels = {{}}}, root, {.standing_day = test.day, .period = {}});
    ASSERT_TRUE(tree.ok());
    EXPECT_EQ(!tree->children[0].ineligible.has_value(), test.stands) << FormatDate(test.day);
  }
}

TEST(BuildSplitTree, FactOfAnotherKindIsRefused) {
  const Split split{.levels = {{.basis = SplitBasis::kWeights, .weight_name = "points"}}};
  Participant root{.party = kAco, .name = "ACO"};
  root.children = {{.party = kNorth, .facts = Facts().SetText("points", "many")}};
  EXPECT_FALSE(BuildSplitTree(split, root, {.standing_day = MakeDate(2025, 1, 1), .period = {}}).ok());
}

}  // namespace
}  // namespace sluice::performance
