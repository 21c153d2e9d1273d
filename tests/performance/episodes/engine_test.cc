// What opens an episode, what belongs to it, what excludes it, and every edge of the sum's rules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "performance/calculate.h"
#include "performance/episodes/budget.h"
#include "performance/episodes/episodes.h"
#include "tests/performance/episodes/sample_episodes.h"

namespace sluice::performance {
namespace {

using testing::Amount;
using testing::AwardOf;
using testing::Day;
using testing::Dollars;
using testing::KneeInputs;
using testing::KneeTerms;
using testing::MemberWith;
using testing::Service;
using testing::Stay;
using ::testing::HasSubstr;
using ::testing::SizeIs;

EpisodeRun MustRun(const EpisodeSum& terms, const EpisodeInputs& inputs) {
  const auto run = RunEpisodes(terms, inputs);
  EXPECT_TRUE(run.ok()) << run.status();
  return run.value_or(EpisodeRun{});
}

// One member with a stay of February 10 to 12 for 1,000 and more claims.
EpisodeInputs OneMember(std::vector<MedicalClaimLine> more = {}) {
  more.push_back(Stay("A", Day(2, 10), Day(2, 12), Dollars(1'000)));
  return KneeInputs(Dollars(5'000), {MemberWith(1, std::move(more))});
}

EpisodeLine OnlyLine(const EpisodeSum& terms, const EpisodeInputs& inputs) {
  const EpisodeRun run = MustRun(terms, inputs);
  EXPECT_THAT(run.lines, SizeIs(1));
  return run.lines.empty() ? EpisodeLine{} : run.lines[0];
}

// --- Window and services ------------------------------------------------------------------------

TEST(EpisodeWindow, BothEdgeDaysAreInside) {
  EpisodeSum terms = KneeTerms();
  terms.definitions[0].days_before = 3;
  // February 7 to March 14: three days before the 10th to thirty after the 12th.
  const EpisodeLine line = OnlyLine(
      terms, OneMember({Service("out1", Day(2, 6), "99213", Dollars(1)),
                        Service("in1", Day(2, 7), "99213", Dollars(10)),
                        Service("in2", Day(3, 14), "99213", Dollars(100)),
                        Service("out2", Day(3, 15), "99213", Dollars(10'000))}));
  EXPECT_EQ(line.window, DateRange::Between(Day(2, 7), Day(3, 15)));
  EXPECT_EQ(line.spending, Amount("1110"));
  EXPECT_THAT(line.services, SizeIs(3));
}

TEST(EpisodeWindow, StayAcrossTheEndBelongsByItsFirstDayOrProrated) {
  EpisodeSum terms = KneeTerms();
  // Four days, of which March 13 and 14 are inside.
  const EpisodeInputs inputs =
      OneMember({Stay("R", Day(3, 13), Day(3, 16), Dollars(800), "560")});
  EXPECT_EQ(OnlyLine(terms, inputs).spending, Amount("1800"));
  terms.prorate_stays = true;
  EXPECT_EQ(OnlyLine(terms, inputs).spending, Amount("1400"));
}

TEST(EpisodeWindow, AnchorIsItsWholeClaim) {
  MedicalClaimLine second = Stay("A", Day(2, 9), Day(2, 14), Dollars(50), "");
  second.line_number = 2;
  const EpisodeLine line = OnlyLine(KneeTerms(), OneMember({second}));
  EXPECT_EQ(line.anchor_from, Day(2, 9));
  EXPECT_EQ(line.anchor_to, Day(2, 14));
  EXPECT_EQ(line.spending, Amount("1050"));
}

TEST(EpisodeServices, ExclusionWinsOverInclusionAndAnchorAlwaysBelongs) {
  EpisodeSum terms = KneeTerms();
  terms.definitions[0].included = {{ClaimCodeField::kProcedure, "97*"}};
  terms.definitions[0].excluded = {{ClaimCodeField::kProcedure, "97750"},
                                   {ClaimCodeField::kDrg, "470"}};
  const EpisodeLine line = OnlyLine(
      terms, OneMember({Service("a", Day(2, 20), "97110", Dollars(10)),
                        Service("b", Day(2, 20), "97750", Dollars(100)),
                        Service("c", Day(2, 20), "99213", Dollars(500))}));
  EXPECT_EQ(line.spending, Amount("1610"));
  EXPECT_EQ(line.excluded, Amount("600"));
  EXPECT_EQ(line.actual, Amount("1010"));
}

TEST(EpisodeServices, DeniedAndReversedLinesDoNotCount) {
  MedicalClaimLine denied = Service("a", Day(2, 20), "97110", Dollars(10));
  denied.status = ClaimStatus::kDenied;
  EXPECT_EQ(OnlyLine(KneeTerms(), OneMember({denied})).spending, Amount("1000"));
}

TEST(EpisodeServices, LineWithoutAmountBlocksInsideAndDoesNotMatterOutside) {
  MedicalClaimLine line = Service("X9", Day(2, 20), "97110", Money());
  line.allowed.reset();
  const auto run = RunEpisodes(KneeTerms(), OneMember({line}));
  EXPECT_EQ(run.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(run.status()), HasSubstr("X9"));
  line.service_from = line.service_to = Day(6, 1);
  EXPECT_TRUE(RunEpisodes(KneeTerms(), OneMember({line})).ok());
}

TEST(EpisodeAnchors, SecondAnchorInsideTheWindowOpensNone) {
  EpisodeInputs inputs = OneMember({Stay("B", Day(3, 14), Day(3, 15), Dollars(700))});
  const EpisodeLine line = OnlyLine(KneeTerms(), inputs);
  EXPECT_EQ(line.spending, Amount("1700"));
  // On the day after the window it opens one.
  inputs = OneMember({Stay("B", Day(3, 15), Day(3, 16), Dollars(700))});
  EXPECT_THAT(MustRun(KneeTerms(), inputs).lines, SizeIs(2));
}

TEST(EpisodeAnchors, DollarIsInOneEpisodeWhereWindowsWouldOverlap) {
  EpisodeSum terms = KneeTerms();
  terms.definitions[0].days_before = 10;
  const EpisodeRun run =
      MustRun(terms, OneMember({Service("s", Day(3, 12), "97110", Dollars(30)),
                                Stay("B", Day(3, 16), Day(3, 17), Dollars(700))}));
  ASSERT_THAT(run.lines, SizeIs(2));
  EXPECT_EQ(run.lines[1].window.from, Day(3, 15));
  EXPECT_EQ(run.lines[0].spending, Amount("1030"));
  EXPECT_EQ(run.lines[1].spending, Amount("700"));
}

TEST(EpisodeAnchors, OnlyTheEntitysClaimsOpenEpisodes) {
  EpisodeInputs inputs = OneMember();
  inputs.entity = {"1999999999"};
  EXPECT_EQ(MustRun(KneeTerms(), inputs).totals.opened, 0);
  inputs.entity = {"1000000004"};
  EXPECT_EQ(MustRun(KneeTerms(), inputs).totals.opened, 1);
}

TEST(EpisodeAnchors, PeriodIsByAnchorOrByTheWindowsLastDay) {
  EpisodeSum terms = KneeTerms();
  // December 1, 2025 and thirty days is December 31; one day later ends in 2026.
  const auto opened = [&](Date day) {
    const EpisodeMember member = MemberWith(1, {Stay("A", day, day, Dollars(1))});
    return MustRun(terms, KneeInputs(Dollars(1), {member})).totals.opened;
  };
  EXPECT_EQ(opened(MakeDate(2025, 12, 31)), 0);
  EXPECT_EQ(opened(MakeDate(2026, 1, 1)), 1);
  EXPECT_EQ(opened(MakeDate(2026, 12, 31)), 1);
  terms.period_day = EpisodePeriodDay::kWindowEnd;
  EXPECT_EQ(opened(MakeDate(2025, 12, 1)), 0);
  EXPECT_EQ(opened(MakeDate(2025, 12, 2)), 1);
  EXPECT_EQ(opened(MakeDate(2026, 12, 2)), 0);
}

// --- Interruption and overlap -------------------------------------------------------------------

// 900 below the target of 5,000: 1,000 of the services are in May, 3,000 in June, 100 in July.
TEST(EpisodeEngine, AResultIsOfTheDaysOfItsServices) {
  const EpisodeRun run = MustRun(
      KneeTerms(),
      KneeInputs(Dollars(5'000), {MemberWith(3, {Stay("A", Day(5, 30), Day(6, 2), Dollars(1'000)),
                                                 Service("B", Day(6, 1), "97110", Dollars(3'000)),
                                                 Service("C", Day(7, 1), "97110",
                                                         Dollars(100))})}));
  const EpisodeLine& line = run.lines.at(0);
  ASSERT_EQ(line.result, Amount("900"));
  const auto on = [&](int from, int to) {
    const std::vector<DateRange> days = {DateRange::Between(Day(from, 1), Day(to, 1))};
    return ResultOn(line, days);
  };
  EXPECT_EQ(on(5, 6), Exact(Dollars(900)) * Ratio(1'000, 4'100));
  EXPECT_EQ(on(6, 7), Exact(Dollars(900)) * Ratio(3'000, 4'100));
  EXPECT_EQ(on(5, 6) + on(6, 7) + on(7, 8), line.result);
  EXPECT_EQ(on(8, 9), Exact());
  // Days that are given twice count once.
  const std::vector<DateRange> twice = {DateRange::Between(Day(5, 1), Day(7, 1)),
                                        DateRange::Between(Day(6, 1), Day(8, 1))};
  EXPECT_EQ(ResultOn(line, twice), line.result);
  // Services that cost nothing: by the day of the anchor.
  EpisodeLine free = line;
  for (EpisodeServiceLine& service : free.services) service.amount = Exact();
  const std::vector<DateRange> may = {DateRange::Between(Day(5, 1), Day(6, 1))};
  const std::vector<DateRange> june = {DateRange::Between(Day(6, 1), Day(7, 1))};
  EXPECT_EQ(ResultOn(free, may), line.result);
  EXPECT_EQ(ResultOn(free, june), Exact());
  free.counted = false;
  EXPECT_EQ(ResultOn(free, may), Exact());
  EXPECT_EQ(BundleOf(PaidInEpisodes(ContractId(77))), ContractId(77));
  EXPECT_EQ(BundleOf("paid_in_episodes.by_hand"), std::nullopt);
}

TEST(EpisodeInterruptions, DeathInsideTheWindowExcludesAsTheTermsSay) {
  EpisodeSum terms = KneeTerms();
  EpisodeInputs inputs = OneMember();
  const auto counted = [&](Date death) {
    inputs.members[0].death = death;
    return OnlyLine(terms, inputs).counted;
  };
  EXPECT_FALSE(counted(Day(3, 14)));
  EXPECT_TRUE(counted(Day(3, 15)));
  EXPECT_EQ(MustRun(terms, inputs).reasons.size(), 0U);
  terms.death = EpisodeInterruption::kExcludeInAnchor;
  EXPECT_FALSE(counted(Day(2, 12)));
  EXPECT_TRUE(counted(Day(2, 13)));
  terms.death = EpisodeInterruption::kKeep;
  EXPECT_TRUE(counted(Day(2, 12)));
}

TEST(EpisodeInterruptions, ExcludedEpisodeSaysWhyAndIsInNoSum) {
  EpisodeInputs inputs = OneMember();
  inputs.members[0].death = Day(3, 1);
  const EpisodeRun run = MustRun(KneeTerms(), inputs);
  EXPECT_EQ(run.lines[0].reason, ReasonCode::kNotEligibleOnSnapshot);
  EXPECT_EQ(run.lines[0].detail, "died on 2026-03-01");
  EXPECT_EQ(run.totals.target, Exact());
  EXPECT_EQ(run.reasons.at(ReasonCode::kNotEligibleOnSnapshot), 1);
  const Award award = AwardOf(KneeTerms(), inputs);
  EXPECT_EQ(award.zero_reason, ReasonCode::kNoEpisodes);
  EXPECT_EQ(award.zero_detail, "1 opened, none counts");
}

TEST(EpisodeInterruptions, EveryDayOfTheWindowMustBeCovered) {
  EpisodeSum terms = KneeTerms();
  EpisodeInputs inputs = OneMember();
  const auto detail = [&](std::vector<DateRange> covered) {
    inputs.members[0].covered = std::move(covered);
    return OnlyLine(terms, inputs).detail;
  };
  // The window is February 10 to March 14, both days inside.
  EXPECT_EQ(detail({DateRange::Between(Day(2, 10), Day(3, 15))}), "");
  EXPECT_EQ(detail({DateRange::Between(Day(2, 10), Day(3, 14))}), "not covered on 2026-03-14");
  EXPECT_EQ(detail({DateRange::Between(Day(2, 11), Day(3, 15))}), "not covered on 2026-02-10");
  EXPECT_EQ(detail({DateRange::Between(Day(3, 2), Day(4, 1)),
                    DateRange::Between(Day(1, 1), Day(3, 1))}),
            "not covered on 2026-03-01");
  EXPECT_EQ(detail({DateRange::From(Day(3, 1)), DateRange::Between(Day(1, 1), Day(3, 1))}), "");
  terms.coverage_lost = EpisodeInterruption::kExcludeInAnchor;
  EXPECT_EQ(detail({DateRange::Between(Day(2, 10), Day(2, 13))}), "");
  EXPECT_EQ(detail({DateRange::Between(Day(2, 10), Day(2, 12))}), "not covered on 2026-02-12");
}

TEST(EpisodeInterruptions, KeptDeathEndsTheCoverageThatIsNeeded) {
  EpisodeSum terms = KneeTerms();
  terms.death = EpisodeInterruption::kKeep;
  EpisodeInputs inputs = OneMember();
  inputs.members[0].death = Day(3, 1);
  inputs.members[0].covered = {DateRange::Between(Day(1, 1), Day(3, 2))};
  EXPECT_TRUE(OnlyLine(terms, inputs).counted);
}

TEST(EpisodeOverlaps, OtherProgramHasTheDollarsOrIsToldTheResult) {
  EpisodeSum terms = KneeTerms();
  EpisodeInputs inputs = OneMember();
  inputs.members[0].overlap_program = "ACO 7";
  const EpisodeRun first = MustRun(terms, inputs);
  EXPECT_EQ(first.totals.overlap_result, Amount("4000"));
  EXPECT_EQ(first.totals.counted, 1);
  terms.overlap = EpisodeOverlap::kExcluded;
  const EpisodeRun excluded = MustRun(terms, inputs);
  EXPECT_EQ(excluded.lines[0].reason, ReasonCode::kOverlapOtherProgram);
  EXPECT_EQ(excluded.lines[0].detail, "ACO 7");
  EXPECT_EQ(excluded.totals.overlap_result, Exact());
}

// --- Bounds and prices --------------------------------------------------------------------------

TEST(EpisodeBounds, SpendingAtABoundStays) {
  EpisodeSum terms = KneeTerms();
  terms.definitions[0].winsorizing = {.low_amount = Dollars(500), .high_amount = Dollars(1'000)};
  const auto winsorized = [&](Money spent) {
    return OnlyLine(terms, KneeInputs(Dollars(1), {MemberWith(1, {Stay("A", Day(2, 1), Day(2, 1),
                                                                       spent)})}))
        .winsorized;
  };
  EXPECT_EQ(winsorized(Money::FromCents(999'99)), Amount("999.99"));
  EXPECT_EQ(winsorized(Dollars(1'000)), Amount("1000"));
  EXPECT_EQ(winsorized(Money::FromCents(1'000'01)), Amount("1000"));
  EXPECT_EQ(winsorized(Dollars(500)), Amount("500"));
  EXPECT_EQ(winsorized(Money::FromCents(499'99)), Amount("500"));
}

TEST(EpisodePrices, OwnAndRegionalMeansAreBlended) {
  EpisodeSum terms = KneeTerms();
  terms.target.own_share = Rate::FromPercent(25);
  EpisodeInputs inputs = OneMember();
  EXPECT_THAT(StatusMessage(RunEpisodes(terms, inputs).status()),
              HasSubstr("the own baseline of cell 470 in 2025"));
  inputs.baseline.push_back({"470", 2025, true, 4, Exact(Dollars(9'000))});
  EXPECT_EQ(OnlyLine(terms, inputs).target, Amount("6000"));  // 25 % of 9,000 + 75 % of 5,000
  EXPECT_EQ(MustRun(terms, inputs).totals.baseline, 4);
}

TEST(EpisodePrices, BaselineOfAYearIsTheMeanOfItsCountedEpisodes) {
  EpisodeInputs inputs = KneeInputs(
      Dollars(1), {MemberWith(1, {Stay("A", Day(2, 1), Day(2, 1), Dollars(100))}),
                   MemberWith(2, {Stay("B", Day(2, 1), Day(2, 1), Dollars(201))}),
                   MemberWith(3, {Stay("C", Day(2, 1), Day(2, 1), Dollars(9'999))})});
  inputs.members[2].death = Day(2, 2);
  const auto lines = CollectEpisodes(KneeTerms(), inputs);
  ASSERT_TRUE(lines.ok());
  EXPECT_THAT(BaselineOf(*lines, 2026, true),
              ::testing::ElementsAre(BaselineMean{"470", 2026, true, 2, Amount("301/2")}));
}

TEST(EpisodePrices, WhatIsMissingBlocksWithItsName) {
  const auto message = [](EpisodeSum terms, const EpisodeInputs& inputs) {
    return StatusMessage(RunEpisodes(terms, inputs).status());
  };
  EpisodeSum terms = KneeTerms();
  terms.target.risk_adjusted = true;
  EpisodeInputs no_risk = OneMember();
  no_risk.members[0].risk.reset();
  EXPECT_THAT(message(terms, no_risk), HasSubstr("the risk factor of member 1"));
  terms = KneeTerms();
  terms.target.trended = true;
  EXPECT_THAT(message(terms, OneMember()), HasSubstr("the trend of KNS"));
  terms = KneeTerms();
  terms.definitions[0].winsorizing.high_percentile = Ratio(99, 100);
  EXPECT_THAT(message(terms, OneMember()), HasSubstr("the reference spending of cell 470"));
  terms = KneeTerms();
  terms.post_episode_days = 30;
  EXPECT_THAT(message(terms, OneMember()), HasSubstr("post-episode spending of KNS"));
}

// --- The aggregate ------------------------------------------------------------------------------

TEST(EpisodeAggregate, OneEpisodeIsItsOwnSum) {
  EXPECT_EQ(AwardOf(KneeTerms(), OneMember()).amount.Cents(), 4'000'00);
}

TEST(EpisodeAggregate, NoEpisodeIsZeroWithItsReason) {
  const Award award = AwardOf(KneeTerms(), KneeInputs(Dollars(1), {}));
  EXPECT_EQ(award.status, AwardStatus::kComputed);
  EXPECT_EQ(award.amount, Money());
  EXPECT_EQ(award.zero_reason, ReasonCode::kNoEpisodes);
}

TEST(EpisodeAggregate, TargetMetExactlyIsNoSavings) {
  EpisodeInputs inputs = OneMember();
  inputs.baseline[0].mean = Exact(Dollars(1'000));
  EXPECT_EQ(OnlyLine(KneeTerms(), inputs).reason, ReasonCode::kNoSavings);
  EXPECT_EQ(AwardOf(KneeTerms(), inputs).zero_reason, ReasonCode::kNoSavings);
}

TEST(EpisodeAggregate, ExactlyAtTheStopLimitIsNotLimited) {
  EpisodeSum terms = KneeTerms();
  terms.limits = {{2026, Rate::FromPercent(10), Rate::FromPercent(20)}};
  struct Case {
    const char* actual;
    const char* result;
    std::vector<ReasonCode> notes;
  };
  for (const Case& c : std::vector<Case>{{"9000", "1000", {}},
                                         {"8999.99", "1000", {ReasonCode::kPaymentLimit}},
                                         {"12000", "-2000", {}},
                                         {"12000.01", "-2000", {ReasonCode::kLossLimitBenchmark}},
                                         {"11999.99", "-1999.99", {}}}) {
    const auto result = ReconcileEpisodes(
        terms,
        {.opened = 1, .counted = 1, .target = Amount("10000"), .actual = Amount(c.actual)}, 2026);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->result, Amount(c.result)) << c.actual;
    EXPECT_EQ(result->notes, c.notes) << c.actual;
  }
}

TEST(EpisodeAggregate, LowVolumeHasNoResultOrNoLoss) {
  EpisodeSum terms = KneeTerms();
  terms.low_volume = LowVolume{.minimum = 10};
  EpisodeTotals totals{.opened = 9, .counted = 9, .baseline = 10, .target = Amount("90"),
                       .actual = Amount("100")};
  auto result = ReconcileEpisodes(terms, totals, 2026);
  EXPECT_EQ(result->zero_reason, ReasonCode::kBelowMinimumPanel);
  EXPECT_EQ(result->result, Exact());
  terms.low_volume->of_baseline = true;  // ten: at the minimum it counts
  EXPECT_EQ(ReconcileEpisodes(terms, totals, 2026)->result, Amount("-10"));
  terms.low_volume = LowVolume{.minimum = 10, .effect = LowVolumeEffect::kNoLoss};
  EXPECT_EQ(ReconcileEpisodes(terms, totals, 2026)->zero_reason, ReasonCode::kBelowMinimumPanel);
  totals.actual = Amount("70");
  EXPECT_EQ(ReconcileEpisodes(terms, totals, 2026)->result, Amount("20"));
}

TEST(EpisodeAggregate, ScoreThatIsMissingOrOutOfRangeBlocks) {
  EpisodeSum terms = KneeTerms();
  terms.quality = EpisodeQuality{.gain_at_most = Rate::FromPercent(10)};
  EpisodeInputs inputs = OneMember();
  const Award missing = AwardOf(terms, inputs);
  EXPECT_EQ(missing.status, AwardStatus::kBlocked);
  EXPECT_THAT(missing.missing, HasSubstr("episode_quality_score"));
  inputs.quality_score = Ratio(101);
  EXPECT_EQ(AwardOf(terms, inputs).status, AwardStatus::kBlocked);
  inputs.quality_score = Ratio(100);
  EXPECT_EQ(AwardOf(terms, inputs).amount.Cents(), 4'000'00);
}

TEST(EpisodeAggregate, AnAwardWithoutARunIsBlocked) {
  const Award award = Calculate(testing::ContractOf(KneeTerms()), Facts(),
                                {.period = DateRange::Year(2026), .pay_date = Day(1, 1)});
  EXPECT_EQ(award.status, AwardStatus::kBlocked);
  EXPECT_THAT(award.missing, HasSubstr("episode_target"));
}

TEST(EpisodeAggregate, ProvidersAndTypesAddUpToTheTotals) {
  const EpisodeInputs inputs = KneeInputs(
      Dollars(500), {MemberWith(1, {Stay("A", Day(2, 1), Day(2, 1), Dollars(400))}),
                     MemberWith(2, {Stay("B", Day(2, 1), Day(2, 1), Dollars(700))})});
  const EpisodeRun run = MustRun(KneeTerms(), inputs);
  const auto sums = EpisodesByProvider(run.lines);
  ASSERT_THAT(sums, SizeIs(1));
  const ProviderEpisodes& sum = sums.at({"KNS", "1000000004"});
  EXPECT_EQ(sum.counted, 2);
  EXPECT_EQ(sum.within_target, 1);
  EXPECT_EQ(sum.target, run.totals.target);
  EXPECT_EQ(sum.actual, run.totals.actual);
}

// Members and claims in any order give the same lines, hash and totals; and the sum over lines,
// recomputed here in cents, is the total.
TEST(EpisodeProperties, OrderDoesNotMatterAndLinesAddUp) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  EpisodeInputs inputs = KneeInputs(Dollars(2'000), {});
  for (int m = 1; m <= 20; ++m) {
    std::vector<MedicalClaimLine> claims;
    for (int c = 0; c < 12; ++c) {
      const Date day = Day(1, 1) + Days{static_cast<int>(random() % 300)};
      const Money paid = Money::FromCents(static_cast<std::int64_t>(random() % 500'000));
      const std::string claim = fmt::format("{}-{}", m, c);
      claims.push_back(random() % 4 == 0 ? Stay(claim, day, day + Days{2}, paid)
                                         : Service(claim, day, "97110", paid));
    }
    inputs.members.push_back(MemberWith(m, claims));
  }
  const EpisodeRun run = MustRun(KneeTerms(), inputs);
  std::ranges::shuffle(inputs.members, random);
  for (EpisodeMember& member : inputs.members) std::ranges::shuffle(member.claims, random);
  EXPECT_EQ(MustRun(KneeTerms(), inputs), run);

  std::map<std::string, int> seen;
  Exact target;
  Exact actual;
  for (const EpisodeLine& line : run.lines) {
    Exact spending;
    for (const EpisodeServiceLine& service : line.services) {
      EXPECT_EQ(++seen[service.claim_number], 1) << "a dollar in two episodes";
      spending = spending + service.amount;
    }
    EXPECT_EQ(spending, line.spending);
    target = target + line.target;
    actual = actual + line.winsorized;
  }
  EXPECT_EQ(target, run.totals.target);
  EXPECT_EQ(actual, run.totals.actual);
}

// --- The budget ----------------------------------------------------------------------------------

// feature:E05
TEST(EpisodeBudget, IsSplitAheadAndOnlyTheDifferenceIsPostedLater) {
  const std::vector<BudgetParticipant> shares = {{PartyId(3), Ratio(1)},
                                                 {PartyId(1), Ratio(1)},
                                                 {PartyId(2), Ratio(1)}};
  const auto ahead = SplitBudget(Money::FromCents(100'00), shares, {});
  ASSERT_TRUE(ahead.ok());
  std::vector<PostedPart> posted;
  for (const BudgetPart& part : *ahead) {
    EXPECT_EQ(part.difference, part.due);
    posted.push_back({part.party, part.difference});
  }
  EXPECT_EQ((*ahead)[0].due.Cents(), 33'34);  // the cent goes to the lowest party
  EXPECT_EQ((*ahead)[2].due.Cents(), 33'33);

  const auto later = SplitBudget(Money::FromCents(103'00), shares, posted);
  Money sum;
  for (const BudgetPart& part : *later) sum += part.difference;
  EXPECT_EQ(sum.Cents(), 3'00);
  EXPECT_EQ((*later)[0].difference.Cents(), 1'00);
  EXPECT_EQ((*later)[1].difference.Cents(), 1'00);
  EXPECT_EQ((*later)[2].difference.Cents(), 1'00);
}

TEST(EpisodeBudget, WhoLeavesGivesBack) {
  const std::vector<BudgetParticipant> stays = {{PartyId(1), Ratio(2, 3)}};
  const std::vector<PostedPart> posted = {{PartyId(1), Dollars(60)}, {PartyId(2), Dollars(40)}};
  const auto parts = SplitBudget(Dollars(90), stays, posted);
  ASSERT_TRUE(parts.ok());
  EXPECT_EQ((*parts)[0].difference, Dollars(30));
  EXPECT_EQ((*parts)[1].difference, Dollars(-40));
  EXPECT_FALSE(SplitBudget(Dollars(1), {}, {}).ok());
  const std::vector<BudgetParticipant> twice = {{PartyId(1), Ratio(1)}, {PartyId(1), Ratio(1)}};
  EXPECT_FALSE(SplitBudget(Dollars(1), twice, {}).ok());
}

}  // namespace
}  // namespace sluice::performance
