// The gap to the next goal, and the re-spread of what a program forfeits. Example 13.5 of the
// program mathematics from the payments to the last share. The parties are invented.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "performance/quality/gap_to_target.h"
#include "performance/quality/points.h"
#include "performance/quality/redistribution.h"
#include "performance/terms_validate.h"
#include "performance/withhold/account.h"
#include "tests/performance/quality/quality_samples.h"
#include "tests/performance/terms_samples.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;

const GoalGap* Find(const MeasureGap& gap, std::string_view goal) {
  for (const GoalGap& one : gap.goals) {
    if (one.goal == goal) return &one;
  }
  return nullptr;
}

// feature:P06
TEST(GapToTarget, NamesMembersAndDollars) {
  const auto gaps =
      GapsToTarget(QualityIncentiveTerms(), QualityIncentiveFacts(),
                   {.period = DateRange::Year(2026), .pay_date = MakeDate(2027, 5, 3)});
  ASSERT_TRUE(gaps.ok()) << gaps.status();
  ASSERT_EQ(gaps->size(), 6U);
  // CBP: 412 of 611, target 0.72: 439.92, so 28 more. With them its points are 1, and the score
  // grows by 3 x (1 - 1135/1833) / 10.
  const MeasureGap& cbp = (*gaps)[0];
  ASSERT_EQ(cbp.goals.size(), 1U);
  EXPECT_EQ(cbp.goals[0].goal, "target");
  EXPECT_EQ(cbp.goals[0].members, 28);
  const Exact gain =
      Exact(Money::FromCents(6'244'179)) * ((Ratio(1) - Ratio(1135, 1833)) * Ratio(3, 10));
  const Exact before = Exact(Money::FromCents(6'244'179)) * Ratio(3573870398576, 6850081341675);
  EXPECT_EQ(cbp.goals[0].dollars,
            Round(before + gain, Rounding::kHalfAwayFromZero) - Money::FromCents(3'257'755));
  // GSD, lower is better: 61 of 388, target 0.14: 54.32, so 7 fewer.
  const MeasureGap& gsd = (*gaps)[3];
  EXPECT_TRUE(gsd.lower_is_better);
  EXPECT_EQ(gsd.goals[0].members, 7);
  // PCR, observed to expected 1.08: 78.75 at the threshold, so 3 fewer, and 63.75 at the target.
  const MeasureGap& pcr = (*gaps)[4];
  EXPECT_EQ(Find(pcr, "threshold")->members, 3);
  EXPECT_EQ(Find(pcr, "target")->members, 18);
  // W30 has too few people for a gap.
  EXPECT_EQ((*gaps)[5].reason, ReasonCode::kBelowMinimumDenominator);
  EXPECT_TRUE((*gaps)[5].goals.empty());
}

// feature:P06
TEST(GapToTarget, AGoalOutOfReachSaysSo) {
  Terms terms =
      ThousandTimes({.measures = {{.id = "M", .threshold = Ratio(1, 2), .target = Ratio(11, 10)}}});
  Facts facts;
  facts.SetMeasure("M", Result(5, 10));
  const auto gaps = GapsToTarget(terms, facts, Year2026());
  ASSERT_TRUE(gaps.ok());
  // Exactly at the threshold: only the target lies ahead, and it takes more people than there are.
  ASSERT_EQ((*gaps)[0].goals.size(), 1U);
  EXPECT_EQ((*gaps)[0].goals[0].members, 6);
  EXPECT_FALSE((*gaps)[0].goals[0].reachable);
  EXPECT_EQ((*gaps)[0].goals[0].dollars, std::nullopt);
  facts.SetMeasure("M", MeasureResult{.reported = false});
  EXPECT_EQ((*GapsToTarget(terms, facts, Year2026()))[0].reason, ReasonCode::kNotReported);
}

// Closing k members reaches the goal, k - 1 does not: for every rule, at random.
// feature:P06
TEST(GapToTarget, OneMemberFewerFallsShort) {
  const unsigned seed = 60'606;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  int checked = 0;
  for (int round = 0; round < 400; ++round) {
    const bool lower = pick(0, 1) == 1;
    const std::int64_t low = pick(1, 97);
    const std::int64_t high = pick(low + 1, 98);
    const Ratio worse(lower ? high : low, 99);
    const Ratio better(lower ? low : high, 99);
    MeasureTerm term{.id = "M"};
    switch (pick(0, 3)) {
      case 0:
        term.threshold = worse;
        term.target = better;
        break;
      case 1:
        term.points = TierPoints{.steps = {{worse, Ratio(1)}, {better, Ratio(2)}},
                                 .marginal = pick(0, 1) == 1,
                                 .lower_is_better = lower};
        break;
      case 2:
        term.points = StarPoints{.cuts = {worse, better}, .lower_is_better = lower};
        break;
      default:
        term.points = PercentilePoints{.peer_group = "g",
                                       .peers = {{MakeDate(2026, 1, 1), {worse, better}}},
                                       .method = PercentileMethod::kNearestRank,
                                       .ties = TieRule::kFallsShort,
                                       .lower_is_better = lower,
                                       .steps = {{Ratio(1, 2), Ratio(1)}, {Ratio(1), Ratio(2)}}};
    }
    const std::int64_t people = pick(1, 300);
    MeasureResult result = Result(pick(0, people), people);
    Facts facts;
    facts.SetMeasure("M", result);
    const auto gaps = GapsToTarget(ThousandTimes({.measures = {term}}), facts, Year2026());
    ASSERT_TRUE(gaps.ok()) << gaps.status();
    for (const GoalGap& goal : (*gaps)[0].goals) {
      const auto reaches = [&](std::int64_t members) {
        const Ratio closed =
            lower ? result.numerator - Ratio(members) : result.numerator + Ratio(members);
        // Cross-multiplied on its own, without the engine's rate.
        const Ratio wanted = goal.goal_rate * result.denominator;
        if (goal.exceed) return lower ? closed < wanted : closed > wanted;
        return lower ? closed <= wanted : closed >= wanted;
      };
      EXPECT_GE(goal.members, 1);
      EXPECT_TRUE(reaches(goal.members)) << round;
      EXPECT_FALSE(reaches(goal.members - 1)) << round;
      if (!goal.reachable) continue;
      ++checked;
      // And the engine agrees that the points are more there than one member before.
      const auto points = [&](std::int64_t members) {
        const Ratio change(lower ? -members : members);
        return EarnPoints(term, (result.numerator + change) / result.denominator, facts,
                          Year2026().period)
            ->points;
      };
      if (!std::holds_alternative<LinearPoints>(term.points)) {
        EXPECT_GT(points(goal.members), points(goal.members - 1)) << round;
      }
      ASSERT_TRUE(goal.dollars.has_value());
      EXPECT_GE(*goal.dollars, Money());
    }
  }
  EXPECT_GT(checked, 200);
}

// ---- Redistribution. ----

RedistributionParty Party(std::int64_t id, std::int64_t forfeited_cents, std::optional<Ratio> score,
                          std::optional<std::int64_t> months) {
  return {.contract = ContractId(id),
          .forfeited = Money::FromCents(forfeited_cents),
          .score = std::move(score),
          .weight = months};
}

// Example 13.5 end to end: payments, withhold account, settlement, forfeits, shares, awards.
// feature:C17
TEST(Redistribution, TheWorkedExampleEndToEnd) {
  Terms terms = QualityIncentiveTerms();
  terms.components.push_back({.rule = Redistribute{.minimum_score = Ratio(4, 5)}});
  ASSERT_EQ(ValidateTerms(terms), OkStatus());
  const CalculationDates dates = Year2026();

  // Each payment posts its own rounded withhold.
  const WithholdAccountKey key{PayeeId(7), ProgramId(1), 2026};
  std::vector<WithholdPost> posts;
  const std::vector<std::int64_t> payments = {31'284'517, 29'841'066, 30'597'729, 33'160'285};
  for (unsigned quarter = 0; quarter < 4; ++quarter) {
    posts.push_back(
        {.date = MakeDate(2026, 3 * quarter + 3, 15),
         .amount =
             HoldBack(*terms.payment_withhold, "qip", Money::FromCents(payments[quarter])).posted,
         .reference = fmt::format("Q{}", quarter + 1)});
  }
  const auto account = StateWithholdAccount(*terms.payment_withhold, key, posts, dates.pay_date);
  ASSERT_TRUE(account.ok()) << account.status();
  EXPECT_EQ(account->balance.ToString(), "62,441.79");

  // The settlement reads the account, and posts what it decided.
  Facts facts = QualityIncentiveFacts();
  account->AddFacts(facts);
  const Award award = Calculate(terms, facts, dates);
  ASSERT_EQ(award.status, AwardStatus::kComputed) << award.missing;
  EXPECT_EQ(award.released.ToString(), "32,577.55");
  EXPECT_EQ(award.forfeited.ToString(), "29,864.24");
  EXPECT_EQ(award.steps.back().component, "redistribute");
  EXPECT_EQ(award.steps.back().detail, "BELOW_THRESHOLD");
  for (WithholdPost& post : PostsOfAward(award, dates.pay_date, "settlement")) {
    posts.push_back(std::move(post));
  }
  const auto closed = StateWithholdAccount(*terms.payment_withhold, key, posts, dates.pay_date);
  ASSERT_TRUE(closed.ok());
  EXPECT_TRUE(closed->balance.IsZero());
  EXPECT_EQ(closed->taken, closed->released + closed->forfeited);

  // Three groups did well; the one that forfeited and one without a score take no part.
  const std::vector<RedistributionParty> parties = {
      Party(40, 0, Ratio(4, 5), 9'633),  // Northside, exactly at 0.80
      Party(10, award.forfeited.Cents(), award.score, 52'000),
      Party(20, 0, Ratio(91, 100), 41'217),  // Harbor IPA
      Party(30, 0, Ratio(85, 100), 18'904),  // Mill Creek
      Party(50, 0, std::nullopt, std::nullopt)};
  const auto shared = RedistributeForfeits(*FindRedistribute(terms), parties);
  ASSERT_TRUE(shared.ok()) << shared.status();
  EXPECT_EQ(shared->lines[0].reason, ReasonCode::kBelowThreshold);
  // The document prints the exact shares to the nearest millionth: 17,646.506008.
  EXPECT_EQ(shared->lines[1].exact, Exact(Money::FromCents(2'986'424)) * Ratio(41'217, 69'754));
  EXPECT_EQ(shared->lines[1].amount.ToString(), "17,646.51");
  EXPECT_EQ(shared->lines[2].amount.ToString(), "8,093.49");
  EXPECT_EQ(shared->lines[3].amount.ToString(), "4,124.24");
  EXPECT_EQ(shared->lines[4].reason, ReasonCode::kNotReported);
  EXPECT_EQ(shared->distributed.ToString(), "29,864.24");
  EXPECT_TRUE(shared->remainder.IsZero());
  EXPECT_THAT(ToText(*shared), HasSubstr("Distributed: 29,864.24\nStays in the pool: 0.00"));

  // A share is an award of its own, with its explanation.
  Terms high{.title = "High performer pool"};
  high.components = {
      {.rule = Basis{.kind = PercentOfFact{Rate::FromPercent(100), std::string(kRedistributedFact)},
                     .zero_reason = ReasonCode::kPoolEmpty}},
      {.rule = RoundingRule{}}};
  ASSERT_EQ(ValidateTerms(high), OkStatus());
  Facts harbor;
  harbor.SetAmount(kRedistributedFact, shared->lines[1].amount);
  EXPECT_EQ(Calculate(high, harbor, dates).payable.ToString(), "17,646.51");
}

// feature:C17
TEST(Redistribution, WhatNobodyMayHaveStaysInThePool) {
  Redistribute rule{.minimum_score = Ratio(4, 5)};
  auto result = RedistributeForfeits(
      rule, std::vector{Party(1, 1'000, Ratio(1, 2), 5), Party(2, 0, Ratio(9, 10), 0)});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->remainder, Money::FromCents(1'000));
  EXPECT_EQ(result->lines[1].reason, ReasonCode::kZeroWeight);
  // A half is offered, and one contract takes at most $3.
  rule.share = Rate::FromPercent(50);
  rule.most = Money::FromCents(300);
  result = RedistributeForfeits(
      rule, std::vector{Party(1, 1'001, Ratio(1, 2), 5), Party(2, 0, Ratio(9, 10), 3),
                        Party(3, 0, Ratio(1), 1)});
  EXPECT_EQ(result->offered, Money::FromCents(500));
  EXPECT_EQ(result->lines[1].amount, Money::FromCents(300));
  EXPECT_TRUE(result->lines[1].limited);
  EXPECT_EQ(result->lines[2].amount, Money::FromCents(125));
  EXPECT_EQ(result->remainder, Money::FromCents(576));
  // Who takes part must have a weight; a contract stands once.
  EXPECT_THAT(
      StatusMessage(
          RedistributeForfeits(rule, std::vector{Party(2, 0, Ratio(1), std::nullopt)}).status()),
      HasSubstr("member_months of contract"));
  EXPECT_FALSE(
      RedistributeForfeits(rule, std::vector{Party(2, 0, Ratio(1), 1), Party(2, 0, Ratio(1), 1)})
          .ok());
}

// Shares and remainder are the pool, whatever the order of the contracts.
// feature:C17
TEST(Redistribution, AddsUpToThePoolInAnyOrder) {
  const unsigned seed = 171'717;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  for (int round = 0; round < 200; ++round) {
    Redistribute rule{.minimum_score = Ratio(pick(0, 10), 10),
                      .share = Rate::FromMillionths(pick(1, 1'000'000))};
    if (pick(0, 1) == 1) rule.most = Money::FromCents(pick(1, 5'000));
    std::vector<RedistributionParty> parties;
    Money forfeited;
    for (std::int64_t id = 1; id <= pick(1, 12); ++id) {
      parties.push_back(Party(id, pick(0, 3) * pick(0, 99'999), Ratio(pick(0, 10), 10),
                              pick(0, 4) * pick(0, 10'000)));
      forfeited += parties.back().forfeited;
    }
    const auto result = RedistributeForfeits(rule, parties);
    ASSERT_TRUE(result.ok()) << result.status();
    Money shares;
    for (const RedistributionLine& line : result->lines) {
      shares += line.amount;
      EXPECT_EQ(line.amount.IsZero(), line.reason.has_value());
      if (rule.most) {
        EXPECT_LE(line.amount, *rule.most);
      }
      // Within a cent of the exact share, unless it was cut.
      if (!line.limited) {
        EXPECT_LT(Abs(Exact(line.amount) - line.exact), Exact(Money::FromCents(1)));
      }
    }
    EXPECT_EQ(result->forfeited, forfeited);
    EXPECT_EQ(shares + result->remainder, forfeited);
    EXPECT_GE(result->remainder, Money());
    std::shuffle(parties.begin(), parties.end(), random);
    EXPECT_EQ(ToText(*RedistributeForfeits(rule, parties)), ToText(*result));
  }
}

}  // namespace
}  // namespace sluice::performance
