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

// The doctor left North with June and came to South in August.
HierarchySnapshot On(Date day, std::int64_t version = 7) {
  std::vector<SnapshotEdge> edges = {Edge(kAco, kNorth, "member"), Edge(kAco, kSouth, "member")};
  const auto work = [&](PartyId practice, std::string role, DateRange valid) {
    if (valid.Contains(day)) {
      edges.push_back(
          {.parent = practice, .child = kDoctor, .role = std::move(role), .valid = valid});
    }
  };
  work(kNorth, "physician", DateRange::Between(MakeDate(2024, 1, 1), MakeDate(2025, 7, 1)));
  work(kNorth, "owner", DateRange::Between(MakeDate(2024, 1, 1), MakeDate(2024, 6, 1)));
  work(kSouth, "physician", DateRange::From(MakeDate(2025, 8, 1)));
  auto snapshot =
      HierarchySnapshot::Make({.as_of = day, .version = version},
                              {{.id = kAco, .kind = PartyKind::kAco, .name = "ACO"},
                               {.id = kNorth, .name = "North"},
                               {.id = kSouth, .name = "South"},
                               {.id = kDoctor, .kind = PartyKind::kProvider, .name = "Doctor"}},
                              std::move(edges));
  EXPECT_TRUE(snapshot.ok()) << snapshot.status();
  return *snapshot;
}

Split DuringPeriod() {
  SplitLevel level{.basis = SplitBasis::kEqual};
  level.refinement.proration = Proration::kDays;
  return {.levels = {SplitLevel{}, level},
          .standing = StandingDay::kServiceDate,
          .membership = Membership::kDuringPeriod};
}

// feature:M10
TEST(ParticipantsOf, WhoeverWasAMemberOnSomeDayOfThePeriodTakesPartUnderEachParent) {
  const HierarchySnapshot last = On(MakeDate(2025, 12, 31));
  const std::vector<HierarchySnapshot> others = {On(MakeDate(2025, 1, 1)), On(MakeDate(2025, 3, 1)),
                                                 On(MakeDate(2024, 3, 1))};
  const DateRange year = DateRange::Year(2025);
  const auto tree = ParticipantsOf(DuringPeriod(), {.on_day = last, .other_days = others}, kAco,
                                   {{{kDoctor, kNorth}, Points(5)}}, year);
  ASSERT_TRUE(tree.ok()) << tree.status();
  const Participant& north = tree->children[0];
  ASSERT_EQ(north.children.size(), 1U);  // one span, though two days know it
  EXPECT_EQ(*north.children[0].facts.Text(kAffiliationFact), "physician:2024-01-01/2025-07-01");
  EXPECT_EQ(*north.children[0].facts.Text(kPartyKindFact), "provider");
  EXPECT_EQ(*north.children[0].facts.Count("points"), 5);
  const Participant& south = tree->children[1];
  ASSERT_EQ(south.children.size(), 1U);
  EXPECT_EQ(*south.children[0].facts.Text(kAffiliationFact), "physician:2025-08-01/-");

  const auto split = BuildSplitTree(DuringPeriod(), *tree, {.standing_day = {}, .period = year});
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_EQ(split->children[0].children[0].basis, Ratio(181, 365));
  EXPECT_EQ(split->children[1].children[0].basis, Ratio(153, 365));
  EXPECT_FALSE(split->children[0].children[0].ineligible.has_value());
}

TEST(ParticipantsOf, OneDayTermsSeeThatDayOnlyAndAddNoFacts) {
  const HierarchySnapshot last = On(MakeDate(2025, 12, 31));
  const std::vector<HierarchySnapshot> others = {On(MakeDate(2025, 1, 1))};
  const Split split{.levels = {{}, {}}};
  const auto tree = ParticipantsOf(split, {.on_day = last, .other_days = others}, kAco, {},
                                   DateRange::Year(2025));
  ASSERT_TRUE(tree.ok());
  EXPECT_TRUE(tree->children[0].children.empty());
  EXPECT_EQ(tree->children[1].children[0].facts, Facts());
  EXPECT_EQ(*tree, *ParticipantsUnder(last, kAco, 2, {}));
}

TEST(ParticipantsOf, DaysOfOtherVersionsAreRefused) {
  const HierarchySnapshot last = On(MakeDate(2025, 12, 31));
  const std::vector<HierarchySnapshot> others = {On(MakeDate(2025, 1, 1), 6)};
  const auto tree = ParticipantsOf(DuringPeriod(), {.on_day = last, .other_days = others}, kAco, {},
                                   DateRange::Year(2025));
  EXPECT_THAT(StatusMessage(tree.status()), HasSubstr("take both of one version"));
}

TEST(BuildSplitTree, WeighsByCountRatioOrAmount) {
  const Split split{.levels = {{.basis = SplitBasis::kWeights, .weight_name = "points"}}};
  Participant root{.party = kAco, .name = "ACO"};
  root.children = {
      {.party = kNorth, .facts = Points(7)},
      {.party = kSouth, .facts = Facts().SetRatio("points", Ratio(7, 2))},
      {.party = kDoctor, .facts = Facts().SetAmount("points", Money::FromCents(12'50))}};
  const auto tree =
      BuildSplitTree(split, root, {.standing_day = MakeDate(2025, 1, 1), .period = {}});
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
    const auto tree =
        BuildSplitTree(Split{.levels = {{}}}, root, {.standing_day = test.day, .period = {}});
    ASSERT_TRUE(tree.ok());
    EXPECT_EQ(!tree->children[0].ineligible.has_value(), test.stands) << FormatDate(test.day);
  }
}

TEST(BuildSplitTree, FactOfAnotherKindIsRefused) {
  const Split split{.levels = {{.basis = SplitBasis::kWeights, .weight_name = "points"}}};
  Participant root{.party = kAco, .name = "ACO"};
  root.children = {{.party = kNorth, .facts = Facts().SetText("points", "many")}};
  EXPECT_FALSE(
      BuildSplitTree(split, root, {.standing_day = MakeDate(2025, 1, 1), .period = {}}).ok());
}

}  // namespace
}  // namespace sluice::performance
