// Splits: the worked examples of the program mathematics to the cent, one row per rule, and
// properties over random trees.
#include "performance/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>

#include "performance/water_filling.h"

namespace sluice::performance {
namespace {

Money Cents(std::int64_t cents) { return Money::FromCents(cents); }

SplitNode Leaf(std::int64_t id, Ratio basis = Ratio(1)) {
  return SplitNode{
      .node_id = id, .party = PartyId(id), .label = "n" + std::to_string(id), .basis = basis};
}

SplitNode Parent(std::int64_t id, std::vector<SplitNode> children) {
  SplitNode node = Leaf(id);
  node.children = std::move(children);
  return node;
}

SplitNode Pool(std::int64_t id, Ratio basis, std::vector<SplitNode> children) {
  SplitNode node = Parent(id, std::move(children));
  node.party = PartyId();
  node.basis = basis;
  return node;
}

std::vector<SplitShare> MustSplit(Money award, const SplitNode& root,
                                  LossSplit losses = LossSplit::kMirrored) {
  const auto shares = SplitAward(award, root, losses);
  EXPECT_TRUE(shares.ok()) << shares.status();
  return shares.ok() ? *shares : std::vector<SplitShare>{};
}

const SplitShare& At(const std::vector<SplitShare>& shares, const std::string& path) {
  const auto found = std::ranges::find(shares, path, &SplitShare::path);
  if (found == shares.end()) throw std::runtime_error("no line " + path);
  return *found;
}

std::int64_t AmountAt(const std::vector<SplitShare>& shares, const std::string& path) {
  return At(shares, path).amount.Cents();
}

// 13.7: practice, providers and staff.
SplitNode ActivityTree() {
  SplitNode a = Leaf(11, Ratio(113075, 100));
  SplitNode b = Leaf(12, Ratio(125000, 100));
  SplitNode c = Leaf(13, Ratio(28905, 100));
  for (SplitNode* provider : {&a, &b, &c}) {
    provider->floor = Cents(175'00);
    provider->cap = Cents(560'00);
  }
  SplitNode s3 = Leaf(23, Ratio(1, 2));
  s3.ineligible = ReasonCode::kStandingLost;
  return Parent(9, {Leaf(1, Ratio(375, 1000)), Pool(2, Ratio(475, 1000), {a, b, c}),
                    Pool(3, Ratio(15, 100), {Leaf(21), Leaf(22, Ratio(4, 5)), s3})});
}

TEST(Split, ActivityExampleToTheCent) {
  const auto shares = MustSplit(Cents(2669'80), ActivityTree());
  EXPECT_EQ(At(shares, "9/1").received.Cents(), 1001'18);
  EXPECT_EQ(At(shares, "9/2").received.Cents(), 1268'15);
  EXPECT_EQ(At(shares, "9/3").received.Cents(), 400'47);
  EXPECT_EQ(AmountAt(shares, "9/2/11"), 533'15);
  EXPECT_EQ(AmountAt(shares, "9/2/12"), 560'00);
  EXPECT_EQ(AmountAt(shares, "9/2/13"), 175'00);
  EXPECT_EQ(AmountAt(shares, "9/3/21"), 222'48);
  EXPECT_EQ(AmountAt(shares, "9/3/22"), 177'99);
  EXPECT_EQ(AmountAt(shares, "9/3/23"), 0);
}

TEST(Split, ActivityExampleShowsExactSharesAndReasons) {
  const auto shares = MustSplit(Cents(2669'80), ActivityTree());
  EXPECT_EQ(At(shares, "9/1").exact.ToString(), "1,001.175");
  EXPECT_EQ(At(shares, "9/2/11").exact.ToString(6), "537.104132...");
  EXPECT_EQ(At(shares, "9/2/12").exact.ToString(6), "593.747659...");
  EXPECT_EQ(At(shares, "9/2/13").exact.ToString(6), "137.298208...");
  EXPECT_EQ(At(shares, "9/3/21").exact.ToString(6), "222.483333...");
  EXPECT_EQ(At(shares, "9/2/11").detail, "lambda 10663/22615 x weight = 533.15");
  EXPECT_THAT(At(shares, "9/2/11").notes, testing::IsEmpty());
  EXPECT_THAT(At(shares, "9/2/12").notes, testing::ElementsAre(ReasonCode::kCapApplied));
  EXPECT_THAT(At(shares, "9/2/13").notes, testing::ElementsAre(ReasonCode::kFloorApplied));
  EXPECT_EQ(At(shares, "9/3/23").zero_reason, ReasonCode::kStandingLost);
  EXPECT_EQ(At(shares, "9/2").zero_reason, ReasonCode::kZeroWeight);
}

// 13.5: forfeited withhold goes to the groups with a score of at least 0.80, by member months.
TEST(Split, ForfeitsByMemberMonths) {
  SplitNode missed = Leaf(4, Ratio(50'000));
  missed.ineligible = ReasonCode::kGateFailed;
  const auto shares = MustSplit(
      Cents(29'864'24),
      Parent(9, {missed, Leaf(1, Ratio(41'217)), Leaf(2, Ratio(18'904)), Leaf(3, Ratio(9'633))}));
  EXPECT_EQ(AmountAt(shares, "9/1"), 17'646'51);
  EXPECT_EQ(AmountAt(shares, "9/2"), 8'093'49);
  EXPECT_EQ(AmountAt(shares, "9/3"), 4'124'24);
  EXPECT_EQ(At(shares, "9/4").zero_reason, ReasonCode::kGateFailed);
  EXPECT_EQ(At(shares, "9/1").exact.ToString(6), "17,646.506007...");
}

// A1001's payment for 2024 over its 823 participants.
TEST(Split, PaymentOverEightHundredTwentyThreeEqualEdges) {
  std::vector<SplitNode> edges;
  for (std::int64_t id = 823; id >= 1; --id) edges.push_back(Leaf(id));
  const auto shares = MustSplit(Cents(107'895'330'00), Parent(1000, edges));
  std::map<std::int64_t, int> counts;
  for (const SplitShare& share : std::span(shares).subspan(1)) ++counts[share.amount.Cents()];
  EXPECT_THAT(counts, testing::ElementsAre(std::pair(131'100'03, 292), std::pair(131'100'04, 531)));
  EXPECT_EQ(AmountAt(shares, "1000/531"), 131'100'04);  // ties go to the lowest id
  EXPECT_EQ(AmountAt(shares, "1000/532"), 131'100'03);
}

// Section 2: signs.
TEST(Split, LossIsMirrored) {
  const auto shares = MustSplit(Cents(-100'01), Parent(9, {Leaf(3), Leaf(1), Leaf(2)}));
  EXPECT_EQ(AmountAt(shares, "9/1"), -33'34);
  EXPECT_EQ(AmountAt(shares, "9/2"), -33'34);
  EXPECT_EQ(AmountAt(shares, "9/3"), -33'33);
}

TEST(Split, LossStaysWithThePartyWhenTheContractSaysSo) {
  const auto shares =
      MustSplit(Cents(-100'01), Parent(9, {Leaf(1), Leaf(2)}), LossSplit::kKeptByParty);
  ASSERT_EQ(shares.size(), 1U);
  EXPECT_EQ(shares[0].amount.Cents(), -100'01);
}

TEST(Split, KeepShareThenFixedItemsThenWeights) {
  SplitNode root = Parent(9, {Leaf(1, Ratio(3)), Leaf(2, Ratio(1))});
  root.keep = Rate::FromPercent(33);
  root.fixed_first = {
      {.node_id = 100, .party = PartyId(100), .label = "reserve", .amount = Cents(7'00)}};
  const auto shares = MustSplit(Cents(100'00), root);
  EXPECT_EQ(AmountAt(shares, "9"), 33'00);
  EXPECT_EQ(AmountAt(shares, "9/100"), 7'00);
  EXPECT_EQ(AmountAt(shares, "9/1"), 45'00);
  EXPECT_EQ(AmountAt(shares, "9/2"), 15'00);
}

TEST(Split, FixedItemTakesNoMoreThanThePool) {
  SplitNode root = Parent(9, {Leaf(1)});
  root.fixed_first = {
      {.node_id = 101, .party = PartyId(5), .label = "late", .amount = Cents(1)},
      {.node_id = 100, .party = PartyId(4), .label = "early", .amount = Cents(9'00)}};
  const auto shares = MustSplit(Cents(5'00), root);
  EXPECT_EQ(AmountAt(shares, "9/100"), 5'00);
  EXPECT_EQ(At(shares, "9/101").zero_reason, ReasonCode::kPoolEmpty);
  EXPECT_EQ(At(shares, "9/1").zero_reason, ReasonCode::kPoolEmpty);
}

SplitNode WithLostStanding(ForfeitTo forfeit_to) {
  SplitNode lost = Leaf(2);
  lost.ineligible = ReasonCode::kStandingLost;
  SplitNode root = Parent(9, {Leaf(1), lost, Leaf(3)});
  root.forfeit_to = forfeit_to;
  return root;
}

TEST(Split, ForfeitGoesWhereTheContractSays) {
  const auto pool = MustSplit(Cents(90'00), WithLostStanding(ForfeitTo::kPool));
  EXPECT_EQ(AmountAt(pool, "9/1"), 45'00);
  const auto parent = MustSplit(Cents(90'00), WithLostStanding(ForfeitTo::kParent));
  EXPECT_EQ(AmountAt(parent, "9/1"), 30'00);
  EXPECT_EQ(AmountAt(parent, "9"), 30'00);
  EXPECT_EQ(At(parent, "9/2").zero_reason, ReasonCode::kStandingLost);
  EXPECT_THAT(At(parent, "9/2").notes, testing::ElementsAre(ReasonCode::kForfeited));
  const auto payer = MustSplit(Cents(90'00), WithLostStanding(ForfeitTo::kPayer));
  EXPECT_EQ(AmountAt(payer, "9/1"), 30'00);
  EXPECT_EQ(AmountAt(payer, "9"), 0);
  EXPECT_EQ(AmountAt(payer, "9/0"), 30'00);
  EXPECT_EQ(At(payer, "9/0").kind, ShareKind::kPayer);
}

TEST(Split, EveryZeroSaysWhy) {
  SplitNode capped = Leaf(4, Ratio(5));
  capped.cap = Money();
  const auto shares = MustSplit(Cents(1), Parent(9, {Leaf(1), Leaf(2), Leaf(3, Ratio(0)), capped}));
  EXPECT_EQ(AmountAt(shares, "9/1"), 1);
  EXPECT_EQ(At(shares, "9/2").zero_reason, ReasonCode::kRoundedToZero);
  EXPECT_EQ(At(shares, "9/3").zero_reason, ReasonCode::kZeroWeight);
  EXPECT_EQ(At(shares, "9/4").zero_reason, ReasonCode::kAnnualLimitUsed);
  const auto nothing = MustSplit(Money(), Parent(9, {Parent(1, {Leaf(2)})}));
  for (const SplitShare& share : nothing) EXPECT_EQ(share.zero_reason, ReasonCode::kPoolEmpty);
}

TEST(Split, RolePoolHandsUpWhatItCannotPassOn) {
  SplitNode only = Leaf(21);
  only.cap = Cents(10'00);
  const auto shares = MustSplit(Cents(100'00), Parent(9, {Leaf(1), Pool(2, Ratio(1), {only})}));
  EXPECT_EQ(AmountAt(shares, "9/2/21"), 10'00);
  EXPECT_EQ(At(shares, "9/2").handed_up.Cents(), 40'00);
  EXPECT_EQ(AmountAt(shares, "9/2"), 0);
  EXPECT_EQ(AmountAt(shares, "9"), 40'00);
}

TEST(Split, PartyUnderTwoParentsIsPaidOncePerPath) {
  const auto shares =
      MustSplit(Cents(100'00), Parent(9, {Parent(1, {Leaf(5)}), Parent(2, {Leaf(5), Leaf(6)})}));
  EXPECT_EQ(AmountAt(shares, "9/1/5"), 50'00);
  EXPECT_EQ(AmountAt(shares, "9/2/5"), 25'00);
}

TEST(Split, RefusesTreesThatCannotBeUsed) {
  SplitNode negative = Leaf(1, Ratio(-1));
  SplitNode floor_over_cap = Leaf(1);
  floor_over_cap.floor = Cents(2);
  floor_over_cap.cap = Cents(1);
  SplitNode greedy = Leaf(1);
  greedy.keep = Rate::FromMillionths(1'000'001);
  SplitNode deep = Leaf(70);
  for (std::int64_t id = 69; id > 0; --id) deep = Parent(id, {deep});
  const struct {
    SplitNode root;
    std::string says;
  } cases[] = {
      {Pool(9, Ratio(1), {Leaf(1)}), "must be a party"},
      {Parent(9, {negative}), "negative weight"},
      {Parent(9, {floor_over_cap}), "floor"},
      {Parent(9, {greedy}), "keep share is 0 to 100 %"},
      {Parent(9, {Leaf(1), Leaf(1)}), "occurs twice"},
      {deep, "at most 64 levels"},
  };
  for (const auto& test : cases) {
    const auto shares = SplitAward(Cents(100), test.root, LossSplit::kMirrored);
    EXPECT_EQ(shares.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(StatusMessage(shares.status()), testing::HasSubstr(test.says));
  }
}

TEST(CheckSplit, FindsEveryCentMoved) {
  const auto shares = MustSplit(Cents(2669'80), ActivityTree());
  ASSERT_TRUE(CheckSplit(Cents(2669'80), shares).ok());
  for (std::size_t i = 0; i < shares.size(); ++i) {
    auto moved = shares;
    moved[i].amount += Cents(1);
    EXPECT_FALSE(CheckSplit(Cents(2669'80), moved).ok()) << i;
  }
  EXPECT_FALSE(CheckSplit(Cents(2669'81), shares).ok());
}

// --- Water filling ------------------------------------------------------------------------------

// In proportion these are 62.50, 31.25 and 6.25, so the first is over its cap; yet once the third
// has its floor, the first no longer is.
TEST(FillPool, SolvesFloorsAndCapsTogether) {
  const Claim claims[] = {{.weight = Ratio(10), .floor = Ratio(), .cap = Ratio(60)},
                          {.weight = Ratio(5), .floor = Ratio(), .cap = {}},
                          {.weight = Ratio(1), .floor = Ratio(20), .cap = {}}};
  const Filling filling = FillPool(Ratio(100), claims);
  EXPECT_EQ(filling.amounts[0], Ratio(160, 3));
  EXPECT_EQ(filling.amounts[1], Ratio(80, 3));
  EXPECT_EQ(filling.amounts[2], Ratio(20));
}

TEST(FillPool, FloorsAboveThePoolAreProrated) {
  const Claim claims[] = {{.weight = Ratio(1), .floor = Ratio(30), .cap = {}},
                          {.weight = Ratio(9), .floor = Ratio(10), .cap = {}}};
  const Filling filling = FillPool(Ratio(20), claims);
  EXPECT_TRUE(filling.floors_prorated);
  EXPECT_EQ(filling.amounts[0], Ratio(15));
  EXPECT_EQ(filling.amounts[1], Ratio(5));
}

TEST(FillPool, CapsBelowThePoolLeaveTheRest) {
  const Claim claims[] = {{.weight = Ratio(1), .floor = Ratio(), .cap = Ratio(30)},
                          {.weight = Ratio(1), .floor = Ratio(), .cap = Ratio(10)}};
  EXPECT_EQ(FillPool(Ratio(50), claims).left_over, Ratio(10));
  EXPECT_EQ(FillPool(Ratio(40), claims).left_over, Ratio());
}

// --- Properties ---------------------------------------------------------------------------------

class RandomSplit : public testing::Test {
 protected:
  void SetUp() override {
    const char* fixed = std::getenv("SLUICE_TEST_SEED");
    seed_ = fixed ? static_cast<unsigned>(std::stoul(fixed)) : std::random_device{}();
    random_.seed(seed_);
    std::printf("seed %u\n", seed_);
  }

  std::int64_t Up(std::int64_t limit) {
    return std::uniform_int_distribution<std::int64_t>(0, limit)(random_);
  }

  SplitNode Tree(std::int64_t id, int levels) {
    SplitNode node = Leaf(id, Ratio(Up(20), 1 + Up(6)));
    if (Up(3) == 0) node.quality = Ratio(Up(100), 100);
    if (Up(6) == 0) node.ineligible = ReasonCode::kStandingLost;
    if (Up(3) == 0) node.floor = Cents(Up(5'000));
    if (Up(3) == 0) node.cap = node.floor.value_or(Money()) + Cents(Up(50'000));
    node.keep = Rate::FromMillionths(Up(1) == 0 ? 0 : Up(1'000'000));
    node.forfeit_to = static_cast<ForfeitTo>(Up(2));
    if (Up(5) == 0) {
      node.fixed_first.push_back(
          {.node_id = 1000, .party = PartyId(1000), .label = "fixed", .amount = Cents(Up(9'000))});
    }
    if (levels > 0) {
      for (std::int64_t i = Up(6); i > 0; --i) node.children.push_back(Tree(i, levels - 1));
      if (id != 9 && Up(3) == 0) node.party = PartyId();
    }
    return node;
  }

  void Shuffle(SplitNode& node) {
    std::ranges::shuffle(node.children, random_);
    for (SplitNode& child : node.children) Shuffle(child);
  }

  unsigned seed_ = 0;
  std::mt19937 random_;
};

TEST_F(RandomSplit, EveryLevelBalancesAndOrderDoesNotMatter) {
  for (int i = 0; i < 1'000; ++i) {
    SplitNode root = Tree(9, 3);
    const Money award = Cents(Up(2'000'000) - 500'000);
    const auto shares = MustSplit(award, root);
    ASSERT_TRUE(CheckSplit(award, shares).ok()) << SplitToText(shares);
    Shuffle(root);
    ASSERT_EQ(MustSplit(award, root), shares) << "seed " << seed_;
    auto mirrored = MustSplit(-award, root);
    for (std::size_t k = 0; k < shares.size(); ++k) {
      ASSERT_EQ(mirrored[k].amount, -shares[k].amount) << "seed " << seed_;
    }
  }
}

TEST_F(RandomSplit, NobodyIsMoreThanACentOffOrOutOfBounds) {
  for (int i = 0; i < 1'000; ++i) {
    std::vector<SplitNode> children;
    std::vector<Claim> claims;
    for (std::int64_t id = 1; id <= 1 + Up(12); ++id) {
      SplitNode child = Leaf(id, Ratio(1 + Up(50), 1 + Up(9)));
      if (Up(1) == 0) child.floor = Cents(Up(3'000));
      if (Up(1) == 0) child.cap = child.floor.value_or(Money()) + Cents(Up(9'000));
      children.push_back(child);
    }
    const Money award = Cents(Up(60'000));
    const auto shares = MustSplit(award, Parent(9, children));
    Money floors;
    for (const SplitNode& child : children) floors += child.floor.value_or(Money());
    for (const SplitNode& child : children) {
      const Money got = At(shares, "9/" + std::to_string(child.node_id)).received;
      if (child.cap) {
        ASSERT_LE(got, *child.cap) << "seed " << seed_;
      }
      if (floors <= award) {
        ASSERT_GE(got, child.floor.value_or(Money())) << "seed " << seed_;
      }
    }
    // Between two unbounded children, more weight never gets less.
    for (const SplitNode& a : children) {
      for (const SplitNode& b : children) {
        if (a.floor || a.cap || b.floor || b.cap || !(a.basis > b.basis)) continue;
        ASSERT_GE(At(shares, "9/" + std::to_string(a.node_id)).received,
                  At(shares, "9/" + std::to_string(b.node_id)).received)
            << "seed " << seed_;
      }
    }
  }
}

}  // namespace
}  // namespace sluice::performance
