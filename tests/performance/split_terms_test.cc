// Splits as contract terms: every basis, pools by role, fixed-first items, factors, forfeits and
// members that join or leave, each to the cent and each contradiction by name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "performance/participants.h"
#include "performance/settlement.h"
#include "performance/split.h"
#include "performance/terms_codec.h"
#include "performance/terms_validate.h"

namespace sluice::performance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr PartyId kRoot{900};
const DateRange kYear2025 = DateRange::Year(2025);

Money Cents(std::int64_t cents) { return Money::FromCents(cents); }
Ratio Percent(std::int64_t percent) { return Ratio(percent, 100); }

Participant Member(std::int64_t id, Facts facts = {}) {
  return {.party = PartyId(id), .name = "p" + std::to_string(id), .facts = std::move(facts)};
}
Participant Root(std::vector<Participant> children) {
  return {.party = kRoot, .name = "root", .facts = {}, .children = std::move(children)};
}
Facts In(std::string affiliation, Facts facts = {}) {
  return facts.SetText(kAffiliationFact, std::move(affiliation));
}
Split One(SplitLevel level) { return {.levels = {std::move(level)}}; }

SplitDates Dates(Date day = MakeDate(2026, 3, 1)) {
  return {.standing_day = day, .period = kYear2025};
}

StatusOr<std::vector<SplitShare>> TrySplit(const Split& split, const Participant& root, Money award,
                                           const SplitDates& dates = Dates()) {
  RETURN_IF_ERROR(ValidateSplit(split));
  ASSIGN_OR_RETURN(const SplitNode tree, BuildSplitTree(split, root, dates));
  return SplitAward(award, tree, split.losses);
}

std::vector<SplitShare> MustSplit(const Split& split, const Participant& root, Money award,
                                  const SplitDates& dates = Dates()) {
  auto shares = TrySplit(split, root, award, dates);
  EXPECT_TRUE(shares.ok()) << shares.status();
  if (!shares.ok()) return {};
  EXPECT_TRUE(CheckSplit(award, *shares).ok());
  return *std::move(shares);
}

const SplitShare& At(const std::vector<SplitShare>& shares, const std::string& path) {
  const auto found = std::ranges::find(shares, path, &SplitShare::path);
  if (found == shares.end())
    throw std::runtime_error("no line " + path + "\n" + SplitToText(shares));
  return *found;
}
std::int64_t AmountAt(const std::vector<SplitShare>& shares, const std::string& path) {
  return At(shares, path).amount.Cents();
}

// --- Bases --------------------------------------------------------------------------------------

TEST(SplitTerms, EachBasisReadsItsFact) {
  const Facts facts = Facts()
                          .SetCount("member_months", 1200)
                          .SetRatio("risk_score", Ratio(5, 4))
                          .SetCount("points", 30)
                          .SetAmount("allowed_amount", Cents(40'000'00))
                          .SetRatio("rvu", Ratio(901, 10))
                          .SetRatio("fte", Ratio(4, 5))
                          .SetRatio("share", Ratio(1))
                          .SetCount("chosen", 7);
  const struct {
    SplitBasis basis;
    std::string name;
    Ratio weight;
  } cases[] = {{SplitBasis::kEqual, "", Ratio(1)},
               {SplitBasis::kWeights, "chosen", Ratio(7)},
               {SplitBasis::kMemberMonths, "", Ratio(1200)},
               {SplitBasis::kRiskWeightedMemberMonths, "", Ratio(1500)},
               {SplitBasis::kPoints, "", Ratio(30)},
               {SplitBasis::kPoints, "chosen", Ratio(7)},
               {SplitBasis::kAllowedDollars, "", Ratio(40'000)},
               {SplitBasis::kRelativeValueUnits, "", Ratio(901, 10)},
               {SplitBasis::kFte, "", Ratio(4, 5)},
               {SplitBasis::kManual, "", Ratio(1)}};
  for (const auto& test : cases) {
    const Split split = One({.basis = test.basis, .weight_name = test.name});
    ASSERT_EQ(ValidateSplit(split), OkStatus());
    const auto tree = BuildSplitTree(split, Root({Member(1, facts)}), Dates());
    ASSERT_TRUE(tree.ok()) << tree.status();
    EXPECT_EQ(tree->children[0].basis, test.weight) << DescribeSplit(split);
    const bool reads = test.basis != SplitBasis::kEqual;
    const auto missing = BuildSplitTree(split, Root({Member(1)}), Dates());
    EXPECT_EQ(missing.ok(), !reads);
    if (reads) {
      EXPECT_EQ(missing.status().code(), absl::StatusCode::kFailedPrecondition);
    }
  }
}

TEST(SplitTerms, AMissingRiskScoreIsNamed) {
  const Split split =
      One({.basis = SplitBasis::kRiskWeightedMemberMonths, .refinement = {.risk_name = "hcc"}});
  const auto tree =
      BuildSplitTree(split, Root({Member(1, Facts().SetCount("member_months", 12))}), Dates());
  EXPECT_THAT(StatusMessage(tree.status()), HasSubstr("hcc of participant"));
}

// --- Stated percentages -------------------------------------------------------------------------

Split Stated(std::vector<ManualShare> shares) {
  return One({.basis = SplitBasis::kManual, .refinement = {.shares = std::move(shares)}});
}
ManualShare To(std::int64_t party, std::int64_t millionths) {
  return {.party = PartyId(party), .share = Rate::FromMillionths(millionths)};
}

TEST(SplitTerms, PrintedPercentagesAreMadeToSumAndSaySo) {
  // 33.3 % three times is 99.9 %: each has a third.
  const auto shares = MustSplit(Stated({To(1, 333'000), To(2, 333'000), To(3, 333'000)}),
                                Root({Member(1), Member(2), Member(3)}), Cents(100'00));
  EXPECT_EQ(AmountAt(shares, "900/1"), 33'34);
  EXPECT_EQ(AmountAt(shares, "900/3"), 33'33);
  EXPECT_THAT(At(shares, "900/2").notes, ElementsAre(ReasonCode::kRenormalizedShares));
  EXPECT_THAT(At(shares, "900/2").detail, HasSubstr("99.9 %"));
  const auto whole = MustSplit(Stated({To(1, 600'000), To(2, 400'000)}),
                               Root({Member(1), Member(2), Member(3)}), Cents(100'00));
  EXPECT_EQ(AmountAt(whole, "900/1"), 60'00);
  EXPECT_TRUE(At(whole, "900/1").notes.empty());
  EXPECT_EQ(At(whole, "900/3").zero_reason, ReasonCode::kZeroWeight);
}

TEST(SplitTerms, ThePrintedToleranceIsATenthOfAPercentInclusive) {
  for (const auto& [millionths, ok] : {std::pair(998'999, false),
                                       {999'000, true},
                                       {1'000'000, true},
                                       {1'001'000, true},
                                       {1'001'001, false}}) {
    const Split split = Stated({To(1, 500'000), To(2, millionths - 500'000)});
    EXPECT_EQ(ValidateSplit(split).ok(), ok) << millionths;
    const Split facts = One({.basis = SplitBasis::kManual});
    const auto shares = TrySplit(
        facts,
        Root({Member(1, Facts().SetRatio("share", Ratio(1, 2))),
              Member(2, Facts().SetRatio("share", Ratio(millionths - 500'000, 1'000'000)))}),
        Cents(1'00));
    EXPECT_EQ(shares.ok(), ok) << millionths;
    if (!ok) {
      EXPECT_THAT(StatusMessage(shares.status()), HasSubstr("99.9 % to 100.1 %"));
    }
  }
}

TEST(SplitTerms, APercentageForSomebodyWhoIsNotThereBlocks) {
  const auto shares =
      TrySplit(Stated({To(1, 600'000), To(2, 400'000)}), Root({Member(1)}), Cents(1'00));
  EXPECT_EQ(shares.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(SplitTerms, TheAwardSaysThatSharesWereRenormalized) {
  Terms terms{.title = "stated"};
  terms.components = {{.rule = Basis{.kind = FixedAmount{Cents(100'00)}}, .clause = {}},
                      {.rule = RoundingRule{}, .clause = {}},
                      {.rule = Stated({To(1, 500'000), To(2, 499'000)}), .clause = {}}};
  const Settlement settlement =
      Settle({.terms = terms,
              .facts = {},
              .dates = {.period = kYear2025, .pay_date = MakeDate(2026, 3, 1)},
              .party = Root({Member(1), Member(2)})});
  EXPECT_THAT(settlement.award.notes, ElementsAre(ReasonCode::kRenormalizedShares));
}

// --- Role pools ---------------------------------------------------------------------------------

Split ThreePools() {
  return One({.keep = Rate::FromPercent(10),
              .basis = SplitBasis::kRolePools,
              .pools = {{.name = "physicians",
                         .share = Rate::FromPercent(50),
                         .roles = {"physician"},
                         .basis = SplitBasis::kPoints},
                        {.name = "advanced practice",
                         .share = Rate::FromPercent(25),
                         .roles = {"nurse_practitioner"},
                         .basis = SplitBasis::kEqual},
                        {.name = "staff and community",
                         .share = Rate::FromPercent(15),
                         .roles = {"employee"},
                         .kinds = {"community_organization"},
                         .basis = SplitBasis::kFte}}});
}

// feature:H09 feature:M10
TEST(SplitTerms, PoolsByRoleWithEmployeesAndACommunityOrganization) {
  const Facts fte = Facts().SetRatio("fte", Ratio(1, 2));
  const auto shares =
      MustSplit(ThreePools(),
                Root({Member(1, In("physician:2020-01-01/-", Facts().SetCount("points", 3))),
                      Member(2, In("physician:2020-01-01/-", Facts().SetCount("points", 1))),
                      Member(3, In("nurse_practitioner:2020-01-01/-")),
                      Member(4, In("employee:2020-01-01/-", fte)),
                      Member(5, In("partner:2020-01-01/-",
                                   Facts(fte).SetText(kPartyKindFact, "community_organization"))),
                      Member(6, In("landlord:2020-01-01/-"))}),
                Cents(1'000'00));
  EXPECT_EQ(AmountAt(shares, "900"), 100'00);
  EXPECT_EQ(AmountAt(shares, "900/-3/1"), 375'00);
  EXPECT_EQ(AmountAt(shares, "900/-3/2"), 125'00);
  EXPECT_EQ(AmountAt(shares, "900/-2/3"), 250'00);
  EXPECT_EQ(AmountAt(shares, "900/-1/4"), 75'00);
  EXPECT_EQ(AmountAt(shares, "900/-1/5"), 75'00);
  EXPECT_EQ(At(shares, "900/6").zero_reason, ReasonCode::kPartyNotEligible);
  EXPECT_EQ(At(shares, "900/-1").kind, ShareKind::kRolePool);
}

// feature:H08
TEST(SplitTerms, OnePersonInFourRolesHasFourLinesThatSumToItsAward) {
  Split split = One({.basis = SplitBasis::kRolePools});
  for (const char* role : {"physician", "owner", "medical_director", "employee"}) {
    split.levels[0].pools.push_back(
        {.name = role, .share = Rate::FromPercent(25), .roles = {role}});
  }
  const std::string all =
      "employee:2020-01-01/-,medical_director:2020-01-01/-,owner:2020-01-01/-,"
      "physician:2020-01-01/-";
  const auto shares = MustSplit(split, Root({Member(1, In(all))}), Cents(1'000'01));
  std::int64_t total = 0;
  int lines = 0;
  for (const SplitShare& share : shares) {
    if (share.party != PartyId(1)) continue;
    ++lines;
    total += share.amount.Cents();
    // The line above names the role.
    EXPECT_EQ(shares[static_cast<std::size_t>(share.parent_position)].kind, ShareKind::kRolePool);
  }
  EXPECT_EQ(lines, 4);
  EXPECT_EQ(total, 1'000'01);
}

// feature:H09
TEST(SplitTerms, AnEmployeeWhoLeavesIsNotEligibleTheNextDay) {
  const Participant root =
      Root({Member(3, In("nurse_practitioner:2020-01-01/-")),
            Member(1, In("physician:2020-01-01/-", Facts().SetCount("points", 3))),
            Member(4, In("employee:2025-02-01/2026-03-01", Facts().SetRatio("fte", Ratio(1))))});
  const auto last_day = MustSplit(ThreePools(), root, Cents(100'00), Dates(MakeDate(2026, 2, 28)));
  EXPECT_EQ(AmountAt(last_day, "900/-1/4"), 15'00);
  const auto next_day = MustSplit(ThreePools(), root, Cents(100'00), Dates(MakeDate(2026, 3, 1)));
  EXPECT_EQ(At(next_day, "900/-1/4").zero_reason, ReasonCode::kStandingLost);
  // Nobody is left in the pool: its share goes to the other pools, 60 by 50 : 25.
  EXPECT_EQ(At(next_day, "900/-1").zero_reason, ReasonCode::kPartyNotEligible);
  EXPECT_EQ(AmountAt(next_day, "900/-3/1"), 60'00);
  EXPECT_EQ(AmountAt(next_day, "900/-2/3"), 30'00);
}

TEST(SplitTerms, AnEmptyPoolGoesWhereTheLevelSays) {
  Split split = ThreePools();
  const Participant root =
      Root({Member(1, In("physician:2020-01-01/-", Facts().SetCount("points", 3)))});
  split.levels[0].forfeit_to = ForfeitTo::kParent;
  EXPECT_EQ(AmountAt(MustSplit(split, root, Cents(100'00)), "900"), 50'00);
  split.levels[0].forfeit_to = ForfeitTo::kPayer;
  EXPECT_EQ(AmountAt(MustSplit(split, root, Cents(100'00)), "900/0"), 40'00);
}

// --- Fixed-first items --------------------------------------------------------------------------

TEST(SplitTerms, AdministrationReserveAndDeficitComeBeforeTheWeights) {
  const Split split = One(
      {.keep = Rate::FromPercent(5),
       .fixed_first = {{.label = "administration", .party = PartyId(77), .amount = Cents(20'00)},
                       {.label = "reserve", .amount = Rate::FromPercent(10)},
                       {.label = "deficit", .amount = "deficit"}}});
  Participant root = Root({Member(1), Member(2)});
  EXPECT_THAT(StatusMessage(TrySplit(split, root, Cents(1)).status()), HasSubstr("deficit of"));
  root.facts.SetAmount("deficit", Cents(35'55));
  const auto shares = MustSplit(split, root, Cents(200'05));
  EXPECT_EQ(AmountAt(shares, "900"), 10'00);  // 5 % of 200.05 = 10.0025
  EXPECT_EQ(AmountAt(shares, "900/-3"), 20'00);
  EXPECT_EQ(At(shares, "900/-3").party, PartyId(77));
  EXPECT_EQ(AmountAt(shares, "900/-2"), 20'01);  // 10 % of 200.05 = 20.005
  EXPECT_EQ(At(shares, "900/-2").party, kRoot);
  EXPECT_EQ(AmountAt(shares, "900/-1"), 35'55);
  EXPECT_EQ(AmountAt(shares, "900/1"), 57'25);  // (200.05 - 85.56) / 2, the odd cent to the first
  EXPECT_EQ(AmountAt(shares, "900/2"), 57'24);
}

// --- Quality, bounds ----------------------------------------------------------------------------

TEST(SplitTerms, QualityMultipliesTheWeightByItsStep) {
  const Split split =
      One({.basis = SplitBasis::kMemberMonths,
           .refinement = {.quality = ScoreFactor{
                              .fact = "score",
                              .steps = {{Percent(50), Ratio(1, 2)}, {Percent(80), Ratio(1)}}}}});
  const auto member = [](std::int64_t id, Ratio score) {
    return Member(id, Facts().SetCount("member_months", 100).SetRatio("score", score));
  };
  const auto shares = MustSplit(split,
                                Root({member(1, Percent(80)), member(2, Ratio(7999, 10000)),
                                      member(3, Percent(50)), member(4, Ratio(4999, 10000))}),
                                Cents(100'00));
  EXPECT_EQ(AmountAt(shares, "900/1"), 50'00);
  EXPECT_EQ(AmountAt(shares, "900/2"), 25'00);
  EXPECT_EQ(AmountAt(shares, "900/3"), 25'00);
  EXPECT_EQ(At(shares, "900/4").zero_reason, ReasonCode::kBelowThreshold);
}

// 13.5: the forfeited withhold goes to the groups with a score of at least 0.80, by member months.
// feature:C17
TEST(SplitTerms, ForfeitedWithholdToTheGroupsThatReachTheScore) {
  Terms terms{.title = "quality pool"};
  const SplitLevel level{
      .basis = SplitBasis::kMemberMonths,
      .refinement = {.quality = ScoreFactor{.fact = "score", .steps = {{Percent(80), Ratio(1)}}}}};
  terms.components = {{.rule = Basis{.kind = PercentOfFact{Rate::FromPercent(100), "forfeits"},
                                     .zero_reason = ReasonCode::kPoolEmpty},
                       .clause = {}},
                      {.rule = RoundingRule{}, .clause = {}},
                      {.rule = One(level), .clause = {}}};
  ASSERT_EQ(ValidateTerms(terms), OkStatus());
  const auto group = [](std::int64_t id, std::int64_t months, Ratio score) {
    return Member(id, Facts().SetCount("member_months", months).SetRatio("score", score));
  };
  SettlementInput input{
      .terms = terms,
      .facts = Facts().SetAmount("forfeits", Cents(62'441'79) - Cents(32'577'55)),
      .dates = {.period = kYear2025, .pay_date = MakeDate(2026, 6, 1)},
      .party = Root({group(1, 41'217, Percent(80)), group(2, 18'904, Percent(91)),
                     group(3, 9'633, Ratio(1)), group(4, 12'000, Ratio(7999, 10000))})};
  Settlement settlement = Settle(input);
  EXPECT_EQ(settlement.award.amount.Cents(), 29'864'24);
  EXPECT_EQ(AmountAt(settlement.shares, "900/1"), 17'646'51);
  EXPECT_EQ(AmountAt(settlement.shares, "900/2"), 8'093'49);
  EXPECT_EQ(AmountAt(settlement.shares, "900/3"), 4'124'24);
  EXPECT_EQ(At(settlement.shares, "900/4").zero_reason, ReasonCode::kBelowThreshold);
  // Nobody reaches the score: all of it stays in the pool's account.
  for (Participant& child : input.party.children) child.facts.SetRatio("score", Percent(79));
  settlement = Settle(input);
  EXPECT_EQ(AmountAt(settlement.shares, "900"), 29'864'24);
}

// --- Earned parts and forfeits ------------------------------------------------------------------

// Section 11, Inspira: by attributed lives; 75 % by a KPI score, 25 % by citizenship; of unearned
// dollars 75 % shared again by lives over practices with KPI >= 75 % and citizenship 100 %, and
// 25 % reinvested.
Split Inspira() {
  return One(
      {.basis = SplitBasis::kWeights,
       .weight_name = "lives",
       .forfeit_to = ForfeitTo::kParent,
       .refinement = {
           .earned = {{.share = Rate::FromPercent(75), .by = {.fact = "kpi", .steps = {}}},
                      {.share = Rate::FromPercent(25), .by = {.fact = "citizenship", .steps = {}}}},
           .redistribution =
               Redistribution{.share = Rate::FromPercent(75),
                              .when = {{"kpi", Percent(75)}, {"citizenship", Ratio(1)}}}}});
}
Participant Practice(std::int64_t id, std::int64_t lives, Ratio kpi, Ratio citizenship) {
  return Member(id, Facts()
                        .SetCount("lives", lives)
                        .SetRatio("kpi", std::move(kpi))
                        .SetRatio("citizenship", std::move(citizenship)));
}

TEST(SplitTerms, InspiraFormulaToTheCent) {
  const auto shares = MustSplit(
      Inspira(),
      Root({Practice(1, 4'000, Percent(90), Ratio(1)), Practice(2, 3'000, Percent(75), Ratio(1)),
            Practice(3, 2'000, Percent(60), Ratio(1)),
            Practice(4, 1'000, Percent(95), Percent(50))}),
      Cents(1'000'000'00));
  // Potential 400,000, 300,000, 200,000 and 100,000; earned 92.5 %, 81.25 %, 70 % and 83.75 %:
  // 370,000 + 243,750 + 140,000 + 83,750 = 837,500; unearned 162,500. Of it 121,875 goes to
  // practices 1 and 2 by 4 : 3, that is 69,642.857... and 52,232.142..., and 40,625 is reinvested.
  EXPECT_EQ(AmountAt(shares, "900/1"), 370'000'00 + 69'642'86);
  EXPECT_EQ(AmountAt(shares, "900/2"), 243'750'00 + 52'232'14);
  EXPECT_EQ(AmountAt(shares, "900/3"), 140'000'00);
  EXPECT_EQ(AmountAt(shares, "900/4"), 83'750'00);
  EXPECT_EQ(AmountAt(shares, "900"), 40'625'00);
  EXPECT_THAT(At(shares, "900/3").notes, ElementsAre(ReasonCode::kForfeited));
  EXPECT_THAT(At(shares, "900/2").detail, HasSubstr("52,232.14 of what others forfeited"));
}

TEST(SplitTerms, NobodyMeetsTheMinimumAndAllOfItGoesWhereTheLevelSays) {
  Split split = Inspira();
  const Participant root =
      Root({Practice(1, 1, Ratio(7499, 10000), Ratio(1)), Practice(2, 1, Ratio(), Ratio())});
  EXPECT_EQ(AmountAt(MustSplit(split, root, Cents(100'00)), "900"), 50'00 + 9'38);
  split.levels[0].forfeit_to = ForfeitTo::kPayer;
  const auto shares = MustSplit(split, root, Cents(100'00));
  EXPECT_EQ(AmountAt(shares, "900/0"), 50'00 + 9'38);
  EXPECT_EQ(At(shares, "900/2").zero_reason, ReasonCode::kScoreZero);
}

TEST(SplitTerms, WhatIsSharedAgainStaysUnderTheCap) {
  Split split = Inspira();
  split.levels[0].cap = Cents(60'00);
  const auto shares =
      MustSplit(split, Root({Practice(1, 1, Ratio(1), Ratio(1)), Practice(2, 1, Ratio(), Ratio())}),
                Cents(100'00));
  EXPECT_EQ(AmountAt(shares, "900/1"), 60'00);  // 50.00 earned, 10.00 of 37.50 again
  EXPECT_EQ(AmountAt(shares, "900"), 40'00);
}

// --- Joiners and leavers ------------------------------------------------------------------------

Split Prorated(Proration proration, StandingDay standing = StandingDay::kServiceDate) {
  Split split = One({.basis = SplitBasis::kEqual, .refinement = {.proration = proration}});
  split.membership = Membership::kDuringPeriod;
  split.standing = standing;
  return split;
}

// feature:M10
TEST(SplitTerms, JoinersAndLeaversWeighByDaysOrMonths) {
  struct Case {
    Proration rule;
    std::string affiliation;
    Ratio part;
  };
  const std::vector<Case> cases = {
      {Proration::kDays, "physician:2020-01-01/-", Ratio(1)},
      {Proration::kDays, "physician:2025-01-01/2025-01-02", Ratio(1, 365)},
      {Proration::kDays, "physician:2025-12-31/-", Ratio(1, 365)},
      {Proration::kDays, "physician:2025-06-15/-", Ratio(200, 365)},
      {Proration::kDays, "physician:2025-06-30/-", Ratio(185, 365)},  // the last day of a month
      {Proration::kDays, "physician:2025-07-01/-", Ratio(184, 365)},
      {Proration::kDays, "physician:2020-01-01/2025-07-01", Ratio(181, 365)},
      // Two roles at once count once; a gap does not count.
      {Proration::kDays, "owner:2025-01-01/2025-03-01,physician:2025-02-01/2025-04-01",
       Ratio(90, 365)},
      {Proration::kMonthsOnFirstDay, "physician:2025-06-01/-", Ratio(7, 12)},
      {Proration::kMonthsOnFirstDay, "physician:2025-06-02/-", Ratio(6, 12)},
      {Proration::kMonthsOnFirstDay, "physician:2025-06-15/2025-07-01", Ratio(0)},
      {Proration::kMonthsOnFirstDay, "physician:2020-01-01/2025-06-02", Ratio(6, 12)},
      {Proration::kMonthsAnyDay, "physician:2025-06-15/-", Ratio(7, 12)},
      {Proration::kMonthsAnyDay, "physician:2025-06-30/2025-07-01", Ratio(1, 12)},
      {Proration::kMonthsAnyDay, "physician:2020-01-01/2025-06-01", Ratio(5, 12)}};
  for (const Case& test : cases) {
    const auto tree =
        BuildSplitTree(Prorated(test.rule), Root({Member(1, In(test.affiliation))}), Dates());
    ASSERT_TRUE(tree.ok()) << tree.status();
    EXPECT_EQ(tree->children[0].basis, test.part) << test.affiliation;
  }
}

TEST(SplitTerms, AReplacementTakesTheRestOfTheYear) {
  // One left with June, another came with July: 181 and 184 days.
  const auto shares = MustSplit(Prorated(Proration::kDays),
                                Root({Member(1, In("physician:2020-01-01/2025-07-01")),
                                      Member(2, In("physician:2025-07-01/-"))}),
                                Cents(365'00));
  EXPECT_EQ(AmountAt(shares, "900/1"), 181'00);
  EXPECT_EQ(AmountAt(shares, "900/2"), 184'00);
}

TEST(SplitTerms, EligibilityIsAskedOnTheDayTheTermsSay) {
  const Participant root = Root(
      {Member(1, In("physician:2020-01-01/-")), Member(2, In("physician:2020-01-01/2025-07-01"))});
  const Split on_service = Prorated(Proration::kNone, StandingDay::kServiceDate);
  EXPECT_EQ(AmountAt(MustSplit(on_service, root, Cents(100'00)), "900/2"), 50'00);
  const Split on_pay_date = Prorated(Proration::kNone, StandingDay::kPayDate);
  const auto paid = MustSplit(on_pay_date, root, Cents(100'00));
  EXPECT_EQ(AmountAt(paid, "900/1"), 100'00);
  EXPECT_EQ(At(paid, "900/2").zero_reason, ReasonCode::kStandingLost);
}

TEST(SplitTerms, TheSettlementDateIsAFactAndItsAbsenceBlocks) {
  Terms terms{.title = "settled"};
  Split split = One({});
  split.standing = StandingDay::kSettlementDate;
  terms.components = {{.rule = Basis{.kind = FixedAmount{Cents(100'00)}}, .clause = {}},
                      {.rule = RoundingRule{}, .clause = {}},
                      {.rule = split, .clause = {}}};
  const Facts left = Facts().SetDate("standing_to", MakeDate(2026, 2, 1));
  SettlementInput input{.terms = terms,
                        .facts = {},
                        .dates = {.period = kYear2025, .pay_date = MakeDate(2026, 3, 1)},
                        .party = Root({Member(1), Member(2, left)})};
  EXPECT_THAT(Settle(input).award.missing, HasSubstr("settlement_date"));
  input.facts.SetDate("settlement_date", MakeDate(2026, 1, 31));
  EXPECT_EQ(AmountAt(Settle(input).shares, "900/2"), 50'00);
  input.facts.SetDate("settlement_date", MakeDate(2026, 2, 1));
  EXPECT_EQ(At(Settle(input).shares, "900/2").zero_reason, ReasonCode::kStandingLost);
}

// --- Contradictions -----------------------------------------------------------------------------

TEST(SplitTerms, EachContradictionIsRefusedByName) {
  const struct {
    std::function<void(Split&)> change;
    std::string says;
  } cases[] = {
      {[](Split& s) { s.levels.clear(); }, "at least one level"},
      {[](Split& s) { s.levels[0].floor = Cents(2), s.levels[0].cap = Cents(1); },
       "a floor is above its cap"},
      {[](Split& s) { s.levels[0].cap = Cents(-1); }, "a cap is negative"},
      {[](Split& s) { s = ThreePools(), s.levels[0].pools[1].share = Rate::FromPercent(24); },
       "sum to 99 %, not to 100 %"},
      {[](Split& s) { s = ThreePools(), s.levels[0].keep = Rate(); }, "not to 100 %"},
      {[](Split& s) { s = ThreePools(), s.levels[0].pools[1].roles = {"physician"}; },
       "the role physician is in two pools"},
      {[](Split& s) { s = ThreePools(), s.levels[0].pools[1].roles.clear(); }, "nobody belongs"},
      {[](Split& s) { s = ThreePools(), s.levels[0].pools[2].kinds = {"alien"}; }, "alien"},
      {[](Split& s) { s = ThreePools(), s.levels[0].cap = Cents(1); }, "belong to the role pools"},
      {[](Split& s) { s = ThreePools(), s.levels[0].basis = SplitBasis::kEqual; },
       "the split is not by role pools"},
      {[](Split& s) { s = ThreePools(), s.levels[0].pools[0].basis = SplitBasis::kRolePools; },
       "no pools in it"},
      {[](Split& s) { s = Inspira(), s.levels[0].forfeit_to = ForfeitTo::kPool; },
       "cannot stay in the pool"},
      {[](Split& s) {
         s = Inspira(), s.levels[0].refinement.earned[0].share = Rate::FromPercent(70);
       },
       "sum to 95 %, not to 100 %"},
      {[](Split& s) {
         s.levels[0].refinement.quality =
             ScoreFactor{.fact = "q", .steps = {{Ratio(1), Ratio(1)}, {Ratio(1), Ratio(2)}}};
       },
       "steps must grow and not overlap"},
      {[](Split& s) { s.levels[0].refinement.proration = Proration::kDays; },
       "members of the whole period"},
      {[](Split& s) { s.levels[0].refinement.risk_name = "hcc"; }, "risk-weighted"},
      {[](Split& s) { s.levels[0].refinement.shares = {To(1, 1'000'000)}; },
       "not by stated percentages"},
      {[](Split& s) {
         s = Stated({To(1, 500'000), To(1, 500'000)});
       },
       "two percentages"},
      {[](Split& s) { s = Stated({To(1, 970'000)}); }, "sum to 97 %"},
      {[](Split& s) {
         s.levels[0].keep = Rate::FromPercent(95);
         s.levels[0].fixed_first = {{.label = "reserve", .amount = Rate::FromPercent(6)}};
       },
       "more than 100 %"},
      {[](Split& s) { s.levels[0].fixed_first = {{.label = "", .amount = Cents(1)}}; }, "label"},
      {[](Split& s) { s.levels.resize(63); }, "at most 62 levels"},
  };
  for (const auto& test : cases) {
    Split split = One({});
    test.change(split);
    EXPECT_THAT(StatusMessage(ValidateSplit(split)), HasSubstr(test.says));
  }
  EXPECT_EQ(ValidateSplit(ThreePools()), OkStatus());
  EXPECT_EQ(ValidateSplit(Inspira()), OkStatus());
}

TEST(SplitTerms, ComeBackFromBytesAndJson) {
  Split prorated = Prorated(Proration::kMonthsAnyDay);
  prorated.levels[0].fixed_first = {
      {.label = "a", .amount = Cents(1)},
      {.label = "b", .party = PartyId(7), .amount = Rate::FromPercent(1)},
      {.label = "c", .amount = "deficit"}};
  for (const Split& split : {ThreePools(), Inspira(), prorated, Stated({To(1, 999'500)})}) {
    Terms terms{.title = "t"};
    terms.components = {{.rule = Basis{.kind = FixedAmount{Cents(1)}}, .clause = {}},
                        {.rule = RoundingRule{}, .clause = {}},
                        {.rule = split, .clause = {}}};
    const auto back = DecodeTerms(EncodeTerms(terms));
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(*back, terms) << DescribeSplit(split);
    EXPECT_EQ(*TermsFromJson(TermsToJson(terms)), terms);
  }
}

TEST(Affiliation, TextComesBackAndOnlyThat) {
  const std::vector<RoleSpan> spans = {
      {"owner", DateRange::From(MakeDate(2025, 1, 1))},
      {"physician", DateRange::Between(MakeDate(2024, 1, 1), MakeDate(2025, 7, 1))}};
  EXPECT_EQ(*ParseAffiliation(FormatAffiliation(spans)), spans);
  for (const char* text : {"owner", "owner:2025-01-01", "owner:x/-", "O:2025-01-01/-",
                           "owner:2025-01-02/2025-01-02"}) {
    EXPECT_FALSE(ParseAffiliation(text).ok()) << text;
  }
}

}  // namespace
}  // namespace sluice::performance
