// Walking a snapshot, its canonical text, and cycles over time.
#include "hierarchy/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <random>

#include "hierarchy/dated_graph.h"

namespace sluice::hierarchy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Date kDay = MakeDate(2026, 1, 1);

PartyId P(std::int64_t n) { return PartyId(n); }
SnapshotParty Node(std::int64_t n, PartyKind kind = PartyKind::kPractice) {
  return {P(n), kind, "party " + std::to_string(n), {}};
}
SnapshotEdge Edge(std::int64_t parent, std::int64_t child, std::string_view role = "member") {
  return {P(parent), P(child), std::string(role), DateRange::From(kDay)};
}
StatusOr<HierarchySnapshot> Graph(std::int64_t parties, std::vector<SnapshotEdge> edges) {
  std::vector<SnapshotParty> nodes;
  for (std::int64_t n = parties; n >= 1; --n) nodes.push_back(Node(n));
  return HierarchySnapshot::Make({kDay, 7}, std::move(nodes), std::move(edges));
}

// 1, 2 payers; 3, 4 ACOs, one under each; 5, 6 practices, each in both ACOs; 7 in both practices.
HierarchySnapshot FourPaths() {
  return Graph(7, {Edge(1, 3), Edge(2, 4), Edge(3, 5), Edge(4, 5), Edge(3, 6), Edge(4, 6),
                   Edge(5, 7), Edge(6, 7)})
      .value();
}

std::string Walk(const Path& path) {
  std::string text = path.empty() ? "" : std::to_string(path[0].parent.Value());
  for (const SnapshotEdge& edge : path) text += ">" + std::to_string(edge.child.Value());
  return text;
}
std::vector<std::string> Walks(const StatusOr<std::vector<Path>>& paths) {
  std::vector<std::string> walks;
  for (const Path& path : paths.value()) walks.push_back(Walk(path));
  return walks;
}

TEST(Snapshot, AProviderInTwoPracticesInTwoAcosUnderTwoPayersHasFourPaths) {
  const HierarchySnapshot graph = FourPaths();
  EXPECT_THAT(Walks(graph.PathsFromRoots(P(7))),
              ElementsAre("1>3>5>7", "1>3>6>7", "2>4>5>7", "2>4>6>7"));
  EXPECT_THAT(Walks(graph.Paths(P(3), P(7))), ElementsAre("3>5>7", "3>6>7"));
  EXPECT_THAT(graph.Ancestors(P(7)), ElementsAre(P(1), P(2), P(3), P(4), P(5), P(6)));
  EXPECT_THAT(graph.Descendants(P(1)), ElementsAre(P(3), P(5), P(6), P(7)));
  EXPECT_THAT(graph.Parents(P(5)), ElementsAre(Edge(3, 5), Edge(4, 5)));
  EXPECT_EQ(graph.Parties().size(), 7u);
}

TEST(Snapshot, TwoRolesAtOneParentAreTwoPaths) {
  const auto graph = Graph(2, {Edge(1, 2, "physician"), Edge(1, 2, "director")}).value();
  EXPECT_THAT(graph.Children(P(1)), ElementsAre(Edge(1, 2, "director"), Edge(1, 2, "physician")));
  EXPECT_EQ(graph.Paths(P(1), P(2)).value().size(), 2u);
  EXPECT_THAT(graph.Descendants(P(1)), ElementsAre(P(2)));
}

TEST(Snapshot, NoWayIsNoPathAndFromAPartyToItselfIsTheEmptyOne) {
  const HierarchySnapshot graph = FourPaths();
  EXPECT_THAT(graph.Paths(P(7), P(1)).value(), IsEmpty());
  EXPECT_THAT(graph.Paths(P(1), P(99)).value(), IsEmpty());
  EXPECT_THAT(graph.Paths(P(7), P(7)).value(), ElementsAre(Path{}));
  EXPECT_THAT(graph.Children(P(99)), IsEmpty());
  EXPECT_THAT(graph.Ancestors(P(99)), IsEmpty());
}

TEST(Snapshot, TooManyPathsAreRefused) {
  // Ten diamonds in a row have 2^10 paths.
  std::vector<SnapshotEdge> edges;
  for (std::int64_t i = 0; i < 10; ++i) {
    const std::int64_t top = 3 * i + 1;
    for (const std::int64_t side : {top + 1, top + 2}) {
      edges.push_back(Edge(top, side));
      edges.push_back(Edge(side, top + 3));
    }
  }
  const auto graph = Graph(31, edges).value();
  EXPECT_EQ(graph.Paths(P(1), P(31)).value().size(), 1024u);
  EXPECT_EQ(graph.Paths(P(1), P(31), 1023).status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(Snapshot, ACycleIsRefusedAndItsPathIsNamed) {
  const auto graph = Graph(4, {Edge(1, 2), Edge(2, 3), Edge(3, 4), Edge(4, 2)});
  ASSERT_FALSE(graph.ok());
  const std::string message = StatusMessage(graph.status());
  EXPECT_THAT(message, HasSubstr("party 2"));
  EXPECT_THAT(message, HasSubstr("party 3"));
  EXPECT_THAT(message, HasSubstr("party 4"));
  EXPECT_THAT(message, ::testing::Not(HasSubstr("party 1")));
}

TEST(Snapshot, WhatDoesNotFitIsRefused) {
  EXPECT_FALSE(Graph(1, {Edge(1, 2)}).ok());
  EXPECT_FALSE(Graph(2, {Edge(1, 2), Edge(1, 2)}).ok());
  EXPECT_FALSE(Graph(1, {Edge(1, 1)}).ok());
  SnapshotEdge later = Edge(1, 2);
  later.valid.from = kDay + Days(1);
  EXPECT_FALSE(Graph(2, {later}).ok());
  EXPECT_FALSE(HierarchySnapshot::Make({kDay, 1}, {Node(1), Node(1)}, {}).ok());
}

HierarchySnapshot Decorated() {
  SnapshotParty aco = Node(1, PartyKind::kAco);
  aco.name = "North\tWest \\ \"ACO\"";
  aco.identifiers = {{IdentifierType::kPayerAssigned, "cms_aco", "A 1001"},
                     {IdentifierType::kNpi, "", "1234567893"}};
  SnapshotEdge ended = Edge(1, 2, "participant");
  ended.valid.to = MakeDate(2027, 1, 1);
  return HierarchySnapshot::Make({kDay, 3}, {Node(2), aco}, {ended}).value();
}

TEST(SnapshotText, ReadsBackToTheSame) {
  for (const HierarchySnapshot& graph : {FourPaths(), Decorated(), HierarchySnapshot()}) {
    const auto again = HierarchySnapshot::FromText(graph.ToText());
    ASSERT_TRUE(again.ok()) << StatusMessage(again.status());
    EXPECT_EQ(*again, graph);
    EXPECT_EQ(again->ToText(), graph.ToText());
    EXPECT_EQ(again->Hash(), graph.Hash());
    EXPECT_EQ(again->Descendants(P(1)), graph.Descendants(P(1)));
  }
  EXPECT_EQ(Decorated().FindByIdentifier({IdentifierType::kNpi, "", "1234567893"}), P(1));
  EXPECT_EQ(Decorated().FindByIdentifier({IdentifierType::kNpi, "", "1000000004"}), std::nullopt);
}

TEST(SnapshotText, EveryChangedOrMissingByteIsFound) {
  const std::string text = Decorated().ToText();
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(HierarchySnapshot::FromText(changed).ok()) << i;
    EXPECT_FALSE(HierarchySnapshot::FromText(text.substr(0, i)).ok()) << i;
  }
  EXPECT_FALSE(HierarchySnapshot::FromText(text + "\n").ok());
}

// A text with a right hash is still refused when its lines are in another order.
TEST(SnapshotText, OnlyTheCanonicalFormIsRead) {
  const std::string text = FourPaths().ToText();
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t feed = text.find('\n', from);
    lines.push_back(text.substr(from, feed - from + 1));
    from = feed + 1;
  }
  std::swap(lines[1], lines[2]);
  lines.pop_back();
  std::string body;
  for (const std::string& line : lines) body += line;
  const std::string forged = body + "end\t" + ToHex(Sha256(AsBytes(body))) + "\n";
  const auto graph = HierarchySnapshot::FromText(forged);
  ASSERT_FALSE(graph.ok());
  EXPECT_THAT(StatusMessage(graph.status()), HasSubstr("canonical"));
}

TEST(Slice, HoldsThePartyAndAllBelowIt) {
  const HierarchySnapshot slice = FourPaths().Under(P(3));
  EXPECT_EQ(slice.Parties().size(), 4u);
  EXPECT_THAT(slice.Edges(), ElementsAre(Edge(3, 5), Edge(3, 6), Edge(5, 7), Edge(6, 7)));
  EXPECT_EQ(slice.Header(), FourPaths().Header());
  EXPECT_EQ(HierarchySnapshot::FromText(slice.ToText()).value(), slice);
  EXPECT_THAT(FourPaths().Under(P(99)).Parties(), IsEmpty());
}

// What is outside the slice does not change its hash.
TEST(Slice, DependsOnlyOnWhatItHolds) {
  const auto wider = Graph(9, {Edge(3, 5), Edge(3, 6), Edge(5, 7), Edge(6, 7), Edge(8, 9)});
  EXPECT_EQ(wider.value().Under(P(3)).Hash(), FourPaths().Under(P(3)).Hash());
}

TEST(Slice, TheOrderOfTheInputDoesNotMatter) {
  auto edges = std::vector<SnapshotEdge>{Edge(1, 2), Edge(1, 3), Edge(2, 4), Edge(3, 4)};
  const Digest hash = Graph(4, edges).value().Hash();
  std::ranges::reverse(edges);
  EXPECT_EQ(Graph(4, edges).value().Hash(), hash);
}

TEST(Snapshot, SixLevelsOverAHundredThousandEdgesAreWalkedInUnderATenthOfASecond) {
  // 8 levels; every party of a level has two parents on the level above.
  constexpr std::int64_t kPerLevel = 7200;
  std::vector<SnapshotEdge> edges;
  for (std::int64_t level = 1; level < 8; ++level) {
    for (std::int64_t i = 0; i < kPerLevel; ++i) {
      const std::int64_t child = level * kPerLevel + i + 1;
      const std::int64_t up = (level - 1) * kPerLevel;
      edges.push_back(Edge(up + i + 1, child));
      edges.push_back(Edge(up + (i + 1) % kPerLevel + 1, child));
    }
  }
  ASSERT_GE(edges.size(), 100'000u);
  const auto graph = Graph(8 * kPerLevel, std::move(edges)).value();
  const auto start = std::chrono::steady_clock::now();
  const auto paths = graph.PathsFromRoots(P(8 * kPerLevel));
  const auto above = graph.Ancestors(P(8 * kPerLevel));
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(paths.value().size(), 128u);
  EXPECT_EQ(above.size(), 35u);
  std::cout << "paths and ancestors over 100,800 edges: "
            << std::chrono::duration_cast<std::chrono::microseconds>(took).count() << " us\n";
  // Measured: 1.2 ms without optimization. A walk of all edges for each step would take seconds.
  EXPECT_LT(took, std::chrono::milliseconds(100));
}

Affiliation Dated(std::int64_t parent, std::int64_t child, int from, int to) {
  return {P(parent),
          P(child),
          "member",
          {kDay + Days(from), to > 0 ? std::optional<Date>(kDay + Days(to)) : std::nullopt},
          false};
}

TEST(FindCycle, EdgesThatShareNoDayCloseNone) {
  EXPECT_FALSE(FindCycle(std::vector{Dated(1, 2, 0, 10), Dated(2, 1, 10, 20)}));
  const auto cycle = FindCycle(std::vector{Dated(1, 2, 0, 11), Dated(2, 1, 10, 20)});
  ASSERT_TRUE(cycle);
  EXPECT_EQ(cycle->day, kDay + Days(10));
  EXPECT_THAT(cycle->parties, ElementsAre(P(1), P(2), P(1)));
}

// Pairwise overlap is not enough: three edges must share one day.
TEST(FindCycle, ThreeEdgesThatOverlapInPairsOnlyCloseNone) {
  EXPECT_FALSE(FindCycle(
      std::vector{Dated(1, 2, 0, 10), Dated(2, 3, 8, 20), Dated(3, 1, 15, 0), Dated(3, 1, 0, 5)}));
  EXPECT_TRUE(FindCycle(
      std::vector{Dated(1, 2, 0, 16), Dated(2, 3, 8, 20), Dated(3, 1, 15, 0), Dated(3, 1, 0, 5)}));
}

TEST(FindCycle, WithdrawnEdgesDoNotCount) {
  Affiliation back = Dated(2, 1, 0, 0);
  back.withdrawn = true;
  EXPECT_FALSE(FindCycle(std::vector{Dated(1, 2, 0, 0), back}));
}

// Day by day over all days, with nothing clever.
bool HasCycleBySimpleSearch(const std::vector<Affiliation>& edges, int days) {
  for (int day = 0; day < days; ++day) {
    std::vector<bool> gone(20, false);
    for (bool more = true; more;) {
      more = false;
      for (std::size_t n = 0; n < gone.size(); ++n) {
        if (gone[n]) continue;
        bool has_parent = false;
        for (const Affiliation& edge : edges) {
          if (edge.child.Value() != static_cast<std::int64_t>(n)) continue;
          if (!edge.valid.Contains(kDay + Days(day))) continue;
          has_parent = has_parent || !gone[static_cast<std::size_t>(edge.parent.Value())];
        }
        if (!has_parent) gone[n] = more = true;
      }
    }
    if (std::ranges::count(gone, false) > 0) return true;
  }
  return false;
}

TEST(FindCycle, AgreesWithASimpleSearchOnRandomGraphs) {
  const auto seed = static_cast<unsigned>(std::random_device{}());
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  const auto pick = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  int cyclic = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<Affiliation> edges;
    DatedGraph graph;
    bool closed = false;
    for (int i = 0, count = 4 + pick(12); i < count; ++i) {
      const int parent = pick(8);
      const int child = (parent + 1 + pick(7)) % 8;
      const int from = pick(20);
      edges.push_back(Dated(parent, child, from, from + 1 + pick(12)));
      const Affiliation& edge = edges.back();
      const auto cycle = graph.WouldClose(edge.parent, edge.child, edge.valid);
      closed = closed || cycle.has_value();
      graph.Add(edge.parent, edge.child, edge.valid);
    }
    const bool expected = HasCycleBySimpleSearch(edges, 40);
    cyclic += expected ? 1 : 0;
    const auto found = FindCycle(edges);
    ASSERT_EQ(found.has_value(), expected) << "seed " << seed << " round " << round;
    ASSERT_EQ(closed, expected) << "seed " << seed << " round " << round;
    if (!found) continue;
    ASSERT_EQ(found->parties.front(), found->parties.back());
    for (std::size_t i = 1; i < found->parties.size(); ++i) {
      const auto step = std::ranges::find_if(edges, [&](const Affiliation& edge) {
        return edge.parent == found->parties[i - 1] && edge.child == found->parties[i] &&
               edge.valid.Contains(found->day);
      });
      ASSERT_NE(step, edges.end()) << "seed " << seed;
    }
  }
  EXPECT_GT(cyclic, 40);
  EXPECT_LT(cyclic, 360);
}

}  // namespace
}  // namespace sluice::hierarchy
