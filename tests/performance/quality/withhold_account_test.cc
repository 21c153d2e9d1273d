// The account of a withhold: what was taken is what was released, forfeited, expired or is left, to
// the cent; interest by the contract's day count, rounded once; releases by date and flag.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "performance/calculate.h"
#include "performance/withhold/account.h"
#include "tests/performance/terms_samples.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;

WithholdAccountKey Key() { return {PayeeId(7), ProgramId(1), 2026}; }

WithholdPost Post(Date date, WithholdMove move, std::int64_t cents) {
  return {.date = date, .move = move, .amount = Money::FromCents(cents), .reference = "ref"};
}

Withhold Rates() {
  return {.rate = Rate::FromPercent(5),
          .interest = WithholdInterest{.annual = Rate::FromPercent(4)}};
}

// feature:M03
TEST(WithholdAccount, StatesWhatBecameOfTheMoney) {
  // $1,000 on 1 January, $500 on 1 July; on 1 January $900 earned, $400 forfeited.
  const std::vector<WithholdPost> posts = {
      Post(MakeDate(2026, 1, 1), WithholdMove::kTaken, 100'000),
      Post(MakeDate(2026, 7, 1), WithholdMove::kTaken, 50'000),
      Post(MakeDate(2027, 1, 1), WithholdMove::kReleased, 90'000),
      Post(MakeDate(2027, 1, 1), WithholdMove::kForfeited, 40'000)};
  const auto statement = StateWithholdAccount(Rates(), Key(), posts, MakeDate(2027, 1, 1));
  ASSERT_TRUE(statement.ok()) << statement.status();
  EXPECT_EQ(statement->taken, Money::FromCents(150'000));
  EXPECT_EQ(statement->balance, Money::FromCents(20'000));
  // 1000 x 4 % x 365/365 + 500 x 4 % x 184/365 = 40 + 3680/365; six tenths... 900/1500 of it.
  const Exact all =
      Exact(Money::FromCents(4'000)) + Exact(Money::FromCents(2'000)) * Ratio(184, 365);
  EXPECT_EQ(statement->interest_earned, all * Ratio(900, 1500));
  EXPECT_EQ(statement->interest.ToString(), "30.05");  // 30.0493...
  EXPECT_EQ(statement->interest_accruing, all * Ratio(200, 1500));
  EXPECT_EQ(statement->lines[3].interest_lost, all * Ratio(400, 1500));
  EXPECT_THAT(ToText(*statement), HasSubstr("Taken: 1,500.00\nReleased: 900.00\nForfeited: 400.00\n"
                                            "Expired: 0.00\nBalance: 200.00\n"
                                            "Interest earned: 30.05"));
  // By 30/360 the half year is exactly a half.
  Withhold terms = Rates();
  terms.interest->day_count = DayCount::kThirty360;
  terms.interest->on_forfeited = true;
  const auto bond = StateWithholdAccount(terms, Key(), posts, MakeDate(2027, 1, 1));
  EXPECT_EQ(bond->interest_earned, Exact(Money::FromCents(5'000)) * Ratio(1300, 1500));
  EXPECT_EQ(bond->interest.ToString(), "43.33");
  // As of an earlier day the later postings have not happened.
  const auto earlier = StateWithholdAccount(Rates(), Key(), posts, MakeDate(2026, 6, 30));
  EXPECT_EQ(earlier->balance, Money::FromCents(100'000));
  EXPECT_TRUE(earlier->interest.IsZero());
}

TEST(WithholdAccount, DaysAreCountedByTheContract) {
  struct Row {
    Date from, to;
    Ratio actual, thirty;
  };
  for (const Row& row : std::vector<Row>{
           {MakeDate(2026, 1, 1), MakeDate(2026, 1, 1), Ratio(0), Ratio(0)},
           {MakeDate(2026, 1, 31), MakeDate(2026, 2, 28), Ratio(28, 365), Ratio(28, 360)},
           {MakeDate(2026, 1, 30), MakeDate(2026, 1, 31), Ratio(1, 365), Ratio(0)},
           {MakeDate(2028, 2, 28), MakeDate(2028, 3, 1), Ratio(2, 365), Ratio(3, 360)},
           {MakeDate(2026, 1, 1), MakeDate(2027, 1, 1), Ratio(1), Ratio(1)},
           {MakeDate(2028, 1, 1), MakeDate(2029, 1, 1), Ratio(366, 365), Ratio(1)}}) {
    EXPECT_EQ(YearFraction(row.from, row.to, DayCount::kActual365), row.actual);
    EXPECT_EQ(YearFraction(row.from, row.to, DayCount::kThirty360), row.thirty);
  }
}

TEST(WithholdAccount, NothingLeavesThatIsNotThere) {
  const Date day = MakeDate(2026, 5, 1);
  const auto over = StateWithholdAccount(
      Rates(), Key(),
      std::vector{Post(day, WithholdMove::kReleased, 101), Post(day, WithholdMove::kTaken, 100)},
      day);
  EXPECT_THAT(StatusMessage(over.status()), HasSubstr("1.01 of released on 2026-05-01"));
  // On one day what is taken comes first, so the whole can be released the same day.
  EXPECT_TRUE(StateWithholdAccount(Rates(), Key(),
                                   std::vector{Post(day, WithholdMove::kReleased, 100),
                                               Post(day, WithholdMove::kTaken, 100)},
                                   day)
                  .ok());
  EXPECT_FALSE(
      StateWithholdAccount(Rates(), Key(), std::vector{Post(day, WithholdMove::kTaken, 0)}, day)
          .ok());
  EXPECT_FALSE(StateWithholdAccount(Rates(), Key(),
                                    std::vector{Post(day, WithholdMove::kTaken, 100),
                                                Post(day, WithholdMove::kForfeited, -1)},
                                    day)
                   .ok());
  // A payment that was taken back gives back its withhold.
  const auto back = StateWithholdAccount(
      Rates(), Key(),
      std::vector{Post(day, WithholdMove::kTaken, 100), Post(day, WithholdMove::kTaken, -40)}, day);
  EXPECT_EQ(back->balance, Money::FromCents(60));
}

// feature:M03
TEST(WithholdAccount, ReleasesByDateAndFlag) {
  Withhold terms{.rate = Rate::FromPercent(5),
                 .forfeit_to = ForfeitTo::kParent,
                 .release_on = ReleaseOnDate{6, "reported_all"},
                 .expiry = WithholdExpiry{18, ForfeitTo::kPayer}};
  EXPECT_EQ(ReleaseDay(terms, 2026), MakeDate(2027, 7, 1));
  EXPECT_EQ(ExpiryDay(terms, 2026), MakeDate(2028, 7, 1));
  const Money balance = Money::FromCents(500);
  Facts facts;
  const auto decide = [&](Date on) { return DecideWithhold(terms, Key(), balance, facts, on); };
  // Before the day nothing is due; on it the flag must be known.
  EXPECT_TRUE(decide(MakeDate(2027, 6, 30))->posts.empty());
  EXPECT_THAT(StatusMessage(decide(MakeDate(2027, 7, 1)).status()), HasSubstr("reported_all"));
  facts.SetFlag("reported_all", true);
  auto decision = decide(MakeDate(2027, 7, 1));
  ASSERT_EQ(decision->posts.size(), 1U);
  EXPECT_EQ(decision->posts[0].move, WithholdMove::kReleased);
  EXPECT_EQ(decision->posts[0].amount, balance);
  EXPECT_EQ(decision->reason, std::nullopt);
  facts.SetFlag("reported_all", false);
  decision = decide(MakeDate(2027, 7, 1));
  EXPECT_EQ(decision->posts[0].move, WithholdMove::kForfeited);
  EXPECT_EQ(decision->to, ForfeitTo::kParent);
  EXPECT_EQ(decision->reason, ReasonCode::kForfeited);
  EXPECT_EQ(decision->detail, "reported_all does not hold");
  // What nobody decided expires on its day, flag or no flag.
  facts.Remove("reported_all");
  decision = decide(MakeDate(2028, 7, 1));
  EXPECT_EQ(decision->posts[0].move, WithholdMove::kExpired);
  EXPECT_EQ(decision->to, ForfeitTo::kPayer);
  EXPECT_EQ(decision->detail, "expired on 2028-07-01");
  // An empty account has nothing to decide.
  EXPECT_TRUE(DecideWithhold(terms, Key(), Money(), facts, MakeDate(2028, 7, 1))->posts.empty());
  // Without a date a settlement decides.
  terms.release_on.reset();
  terms.expiry.reset();
  EXPECT_TRUE(decide(MakeDate(2040, 1, 1))->posts.empty());
}

TEST(WithholdAccount, IsTakenFromTheStreamsAndTheBaseThatTheTermsName) {
  const Withhold terms{.rate = Rate::FromPercent(10), .streams = {"ccf"}};
  const Money payment = Money::FromCents(1'005);
  EXPECT_EQ(HoldBack(terms, "ccf", payment).posted, Money::FromCents(101));  // 1.005 up
  EXPECT_EQ(HoldBack(terms, "qip", payment).posted, Money());
  EXPECT_EQ(HoldBack(terms, "qip", payment).paid, payment);

  // Of the gross award, and never more than is left after an advance was recovered.
  Terms award{.title = "withhold of the gross award"};
  award.components = {{.rule = Basis{.kind = FixedAmount{Money::FromCents(100'000)}}},
                      {.rule = RoundingRule{}},
                      {.rule = Recoupment{.balance_fact = "advance"}},
                      {.rule = Withhold{.rate = Rate::FromPercent(10)}}};
  Facts facts;
  const CalculationDates dates{.period = DateRange::Year(2026), .pay_date = MakeDate(2027, 5, 3)};
  facts.SetAmount("advance", Money::FromCents(60'000));
  EXPECT_EQ(Calculate(award, facts, dates).withheld, Money::FromCents(4'000));
  std::get<Withhold>(award.components[3].rule).base = WithholdBase::kGross;
  EXPECT_EQ(Calculate(award, facts, dates).withheld, Money::FromCents(10'000));
  facts.SetAmount("advance", Money::FromCents(95'000));
  const Award most = Calculate(award, facts, dates);
  EXPECT_EQ(most.withheld, Money::FromCents(5'000));
  EXPECT_EQ(most.payable, Money());
  EXPECT_TRUE(most.payable_zero_reason.has_value());
}

// A random life of an account: taken = released + forfeited + expired + balance after every line;
// the interest equals one computed day by day, in another way than the account does.
// feature:M03
TEST(WithholdAccount, ReconcilesToTheCentOnAnyDay) {
  const unsigned seed = 20'260'303;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  for (int round = 0; round < 100; ++round) {
    Withhold terms = Rates();
    terms.interest->annual = Rate::FromMillionths(pick(1, 100'000));
    std::vector<WithholdPost> posts;
    std::vector<std::int64_t> moved(4, 0);
    Date day = MakeDate(2026, 1, 1);
    std::int64_t balance = 0;
    Exact per_day;  // accruing, summed day by day
    Exact earned;
    for (int i = 0; i < 25; ++i) {
      for (std::int64_t days = pick(1, 40); days > 0; --days) {
        day += Days(1);
        per_day =
            per_day + Exact(Money::FromCents(balance)) * terms.interest->annual * Ratio(1, 365);
      }
      const auto move = static_cast<WithholdMove>(balance == 0 ? 0 : pick(0, 3));
      const bool taken = move == WithholdMove::kTaken;
      const std::int64_t cents = taken ? pick(1, 100'000) : pick(1, balance);
      if (!taken) {
        const Exact part = per_day * Ratio(cents, balance);
        per_day = per_day - part;
        if (move == WithholdMove::kReleased) earned = earned + part;
      }
      balance += taken ? cents : -cents;
      moved[static_cast<std::size_t>(move)] += cents;
      posts.push_back(Post(day, move, cents));
    }
    std::shuffle(posts.begin(), posts.end(), random);  // the order of arrival does not matter
    const auto statement = StateWithholdAccount(terms, Key(), posts, day);
    ASSERT_TRUE(statement.ok()) << statement.status();
    EXPECT_EQ(statement->taken.Cents(), moved[0]);
    EXPECT_EQ(statement->released.Cents(), moved[1]);
    EXPECT_EQ(statement->forfeited.Cents(), moved[2]);
    EXPECT_EQ(statement->expired.Cents(), moved[3]);
    EXPECT_EQ(statement->balance.Cents(), moved[0] - moved[1] - moved[2] - moved[3]);
    EXPECT_EQ(statement->interest_earned, earned);
    EXPECT_EQ(statement->interest, Round(earned, Rounding::kHalfAwayFromZero));
    EXPECT_EQ(statement->interest_accruing, per_day);
  }
}

// The statement gives a settlement its facts, and a digest of what they rest on.
TEST(WithholdAccount, GivesTheSettlementItsFacts) {
  const auto statement = StateWithholdAccount(
      Rates(), Key(), std::vector{Post(MakeDate(2026, 2, 1), WithholdMove::kTaken, 1'234)},
      MakeDate(2027, 1, 1));
  Facts facts;
  statement->AddFacts(facts);
  EXPECT_EQ(**facts.Amount("withheld"), Exact(Money::FromCents(1'234)));
  EXPECT_EQ((**facts.Text("withhold_account_sha256")).size(), 64U);
  EXPECT_TRUE((**facts.Amount("withhold_interest")).IsZero());
}

}  // namespace
}  // namespace sluice::performance
