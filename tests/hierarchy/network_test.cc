// Networks: in or out, on a day, and why.
#include "hierarchy/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hierarchy/network_service.h"
#include "tests/support/test_database.h"

namespace sluice::hierarchy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Date kDay = MakeDate(2026, 3, 1);
constexpr PartyId kAco{1}, kElm{2}, kOak{3}, kAsh{4}, kBay{5}, kLone{6};

// ACO over Elm and Oak; Ash works at both, Bay at Oak; Lone belongs to nobody.
HierarchySnapshot Sample() {
  std::vector<SnapshotParty> parties;
  for (const auto& [id, name] : std::vector<std::pair<PartyId, std::string>>{{kAco, "ACO"},
                                                                             {kElm, "Elm"},
                                                                             {kOak, "Oak"},
                                                                             {kAsh, "Ash"},
                                                                             {kBay, "Bay"},
                                                                             {kLone, "Lone"}}) {
    parties.push_back({.id = id, .name = name});
  }
  std::vector<SnapshotEdge> edges;
  for (const auto& [parent, child] : std::vector<std::pair<PartyId, PartyId>>{
           {kAco, kElm}, {kAco, kOak}, {kElm, kAsh}, {kOak, kAsh}, {kOak, kBay}}) {
    edges.push_back({parent, child, "member", DateRange::Year(2026)});
  }
  return HierarchySnapshot::Make({.as_of = kDay, .version = 1}, parties, edges).value();
}

NetworkRule Rule(std::int32_t number, NetworkRuleKind kind, PartyId party,
                 DateRange valid = DateRange::Year(2026)) {
  return {.number = number, .kind = kind, .party = party, .valid = valid, .reason = "agreed"};
}

NetworkDecision Decide(std::vector<NetworkRule> rules, PartyId provider) {
  const auto decision =
      InNetwork({.contract = ContractId(8), .rules = std::move(rules)}, provider, Sample());
  EXPECT_TRUE(decision.ok()) << decision.status();
  return decision.value_or(NetworkDecision{});
}

// feature:H11
TEST(Network, EverybodyBelowThePartyIsInItAndTheWayIsShown) {
  const NetworkRule all = Rule(1, NetworkRuleKind::kAffiliates, kAco);
  const NetworkDecision bay = Decide({all}, kBay);
  EXPECT_TRUE(bay.in_network);
  EXPECT_EQ(bay.rule, 1);
  EXPECT_THAT(bay.way, ElementsAre(kBay, kOak, kAco));
  EXPECT_TRUE(Decide({all}, kAco).in_network);
  const NetworkDecision lone = Decide({all}, kLone);
  EXPECT_FALSE(lone.in_network);
  EXPECT_EQ(lone.rule, std::nullopt);
  EXPECT_THAT(lone.reason, HasSubstr("no rule takes in Lone"));
}

// feature:H11
TEST(Network, NamedOutBeatsAllAndBarsTheWayThrough) {
  const NetworkRule all = Rule(1, NetworkRuleKind::kAffiliates, kAco);
  const NetworkRule no_oak = Rule(2, NetworkRuleKind::kExclude, kOak);
  EXPECT_FALSE(Decide({all, no_oak}, kOak).in_network);
  const NetworkDecision bay = Decide({all, no_oak}, kBay);
  EXPECT_FALSE(bay.in_network);
  EXPECT_EQ(bay.rule, 2);
  EXPECT_THAT(bay.reason, HasSubstr("only by way of Oak"));
  // Ash also works at Elm.
  EXPECT_THAT(Decide({all, no_oak}, kAsh).way, ElementsAre(kAsh, kElm, kAco));
  // Named in by itself, Bay is in although Oak is out; named out itself it is out.
  const NetworkRule bay_in = Rule(3, NetworkRuleKind::kInclude, kBay);
  EXPECT_TRUE(Decide({all, no_oak, bay_in}, kBay).in_network);
  const NetworkRule bay_out = Rule(4, NetworkRuleKind::kExclude, kBay);
  EXPECT_FALSE(Decide({all, no_oak, bay_in, bay_out}, kBay).in_network);
  EXPECT_TRUE(Decide({all, Rule(2, NetworkRuleKind::kInclude, kLone)}, kLone).in_network);
}

TEST(Network, RulesHoldOnTheirDaysAndAnUndefinedNetworkIsNotGuessed) {
  const NetworkRule later =
      Rule(1, NetworkRuleKind::kAffiliates, kAco, DateRange::From(MakeDate(2026, 3, 2)));
  EXPECT_EQ(InNetwork({ContractId(8), {later}}, kBay, Sample()).status().code(),
            absl::StatusCode::kNotFound);
  const NetworkRule today =
      Rule(1, NetworkRuleKind::kAffiliates, kAco, DateRange::From(MakeDate(2026, 3, 1)));
  EXPECT_TRUE(Decide({today}, kBay).in_network);
  EXPECT_EQ(InNetwork({ContractId(8), {today}}, PartyId(99), Sample()).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(Network, ARuleNeedsAReasonAndDays) {
  NetworkRule rule = Rule(1, NetworkRuleKind::kInclude, kBay);
  EXPECT_TRUE(CheckNetworkRule(rule).ok());
  rule.reason.clear();
  EXPECT_FALSE(CheckNetworkRule(rule).ok());
}

// feature:H11
TEST(NetworkService, IsAnsweredAsOfADayAndAsKnown) {
  ::sluice::testing::TestDatabase db;
  const PayerId payer = db.NewPayer("Plan");
  const pg::Database database = db.App().ForPayer(payer);
  HierarchyService hierarchy(database, db.Clock());
  NetworkService network(database, payer, db.Clock());
  ChangeSet change;
  const PartyId aco = db.Ids().Next<PartyTag>();
  const PartyId elm = db.Ids().Next<PartyTag>();
  change.AddParty({aco, PartyKind::kAco}, "ACO", MakeDate(2025, 1, 1));
  change.AddParty({elm, PartyKind::kPractice}, "Elm", MakeDate(2025, 1, 1));
  change.AddAffiliation(aco, elm, "participant",
                        DateRange::Between(MakeDate(2025, 1, 1), MakeDate(2026, 7, 1)));
  ASSERT_TRUE(hierarchy.Apply(payer, change, {.source = "test"}).ok());
  const ContractId contract = db.Ids().Next<ContractTag>();
  const Status made = db.Admin().Transact([&](pg::Transaction& tx) -> Status {
    tx.RunScript(fmt::format(
        "INSERT INTO performance.program VALUES (1, {0}, 'P', 'ssl', '3B', 1, '2026-01-01');"
        "INSERT INTO performance.contract VALUES ({1}, {0}, 1, {2}, '2026-01-01', NULL)",
        payer.Value(), contract.Value(), aco.Value()));
    return OkStatus();
  });
  ASSERT_TRUE(made.ok()) << made;
  const NetworkRule all = {.number = 1,
                           .kind = NetworkRuleKind::kAffiliates,
                           .party = aco,
                           .valid = DateRange::Year(2026),
                           .reason = "the ACO's participants"};
  ASSERT_TRUE(network.RecordRules(UserId(1), contract, {&all, 1}).ok());
  const Instant before = db.Clock().Now();
  EXPECT_TRUE(network.Decide(contract, elm, {.day = MakeDate(2026, 6, 30)}).value().in_network);
  EXPECT_FALSE(network.Decide(contract, elm, {.day = MakeDate(2026, 7, 1)}).value().in_network);
  db.Clock().AdvanceMicros(1'000'000);
  const NetworkRule out = {.number = 2,
                           .kind = NetworkRuleKind::kExclude,
                           .party = elm,
                           .valid = DateRange::Year(2026),
                           .reason = "left the plan"};
  ASSERT_TRUE(network.RecordRules(UserId(1), contract, {&out, 1}).ok());
  EXPECT_FALSE(network.Decide(contract, elm, {.day = MakeDate(2026, 6, 30)}).value().in_network);
  EXPECT_TRUE(network.Decide(contract, elm, {MakeDate(2026, 6, 30), before}).value().in_network);
  db.Clock().AdvanceMicros(1'000'000);
  NetworkRule taken_back = out;
  taken_back.withdrawn = true;
  ASSERT_TRUE(network.RecordRules(UserId(1), contract, {&taken_back, 1}).ok());
  EXPECT_TRUE(network.Decide(contract, elm, {.day = MakeDate(2026, 6, 30)}).value().in_network);
}

}  // namespace
}  // namespace sluice::hierarchy
