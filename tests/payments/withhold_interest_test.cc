// Interest on withheld money: stated by the account, paid with the release, an expense of the
// payer.
#include "payments/withhold_interest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "payments/withhold_statement.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using performance::WithholdAccountKey;
using performance::WithholdMove;
using performance::WithholdPost;
using ::testing::HasSubstr;

// 4 % a year, on the days there are over 365.
performance::Withhold FourPercent() {
  return {.rate = Rate::FromPercent(10),
          .interest = performance::WithholdInterest{.annual = Rate::FromPercent(4)}};
}

class WithholdInterestTest : public RunFixture {
 protected:
  RunId Pay(std::int32_t seq, Date business_date, const std::vector<AwardToPay>& awards) {
    // A service releases on the day, not before.
    db_.Clock().Set(std::max(db_.Clock().Now(), Instant::AtMidnight(business_date)));
    const auto run = Cycles().Open({.name = "Shared savings 2025",
                                    .period = DateRange::Year(2025),
                                    .kind = seq == 1 ? RunKind::kRegular : RunKind::kOffCycle,
                                    .seq = seq,
                                    .business_date = business_date},
                                   kMaker);
    EXPECT_TRUE(run.ok()) << StatusMessage(run.status());
    const auto totals = Cycles().Calculate(run->id, awards, kMaker);
    EXPECT_TRUE(totals.ok()) << StatusMessage(totals.status());
    Approve(run->id, *Cycles().Submit(run->id, kMaker));
    const Status released = Releases()->Release(run->id, kService);
    EXPECT_TRUE(released.ok()) << StatusMessage(released);
    EXPECT_TRUE(Releases()->PostSettlement(run->id, business_date + Days(1), kService).ok());
    EXPECT_TRUE(Releases()->Close(run->id, kFirst).ok());
    return run->id;
  }
  static AwardToPay Release(std::int64_t id, std::int64_t party, Money amount,
                            std::int32_t version = 1) {
    AwardToPay award = Award(id, {{party, amount}}, {}, version);
    award.releases_withhold = true;
    award.released_under = FourPercent();
    return award;
  }
  Money Reserve(PayeeId payee) { return Balance(WithholdReserveAccount(payee, 2025)); }
  Money Stated(PayeeId payee, Date as_of) {
    const auto statement = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) {
      return StateReserve(tx, program_.book, FourPercent(),
                          WithholdAccountKey{payee, program_.program, 2025}, as_of);
    });
    EXPECT_TRUE(statement.ok()) << StatusMessage(statement.status());
    return statement->interest;
  }

  const Date withheld_on_ = MakeDate(2026, 1, 5);
  const Date released_on_ = MakeDate(2027, 1, 5);  // 365 days later
};

// feature:M03
TEST_F(WithholdInterestTest, ARunThatReleasesPaysTheInterestThatTheStatementStates) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(20'000));
  Pay(1, withheld_on_, {Award(1, {{10, Dollars(9'000)}}, Dollars(1'000))});
  ASSERT_EQ(Reserve(payee), Dollars(1'000));
  const Money pool = Balance(PoolAccount(program_.pool.id));
  const Money expense = Balance(ProgramExpenseAccount(program_.program));

  // 600.00 x 4 % x 365 / 365; the rest stays and goes on accruing.
  const RunId run = Pay(2, released_on_, {Release(2, 10, Dollars(600))});
  EXPECT_EQ(PayeeOf(run, payee).net, Dollars(624));
  EXPECT_EQ(Reserve(payee), Dollars(400));
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), pool - Dollars(24));
  EXPECT_EQ(Balance(ProgramExpenseAccount(program_.program)), expense + Dollars(24));
  EXPECT_EQ(Stated(payee, released_on_), Dollars(24));
  bool in_835 = false;
  bool in_statement = false;
  for (const auto& [name, bytes] : DeliveredFiles()) {
    in_835 |= name.ends_with(".835") && bytes.find("*L6:") != std::string::npos;
    in_statement |= name.ends_with("statements.csv") &&
                    bytes.find("Interest on 600.00 that was withheld") != std::string::npos;
  }
  EXPECT_TRUE(in_835);
  EXPECT_TRUE(in_statement);
  ExpectBooksInOrder();

  // 146 days later: 400.00 x 4 % x 511 / 365 = 22.40.
  const RunId last = Pay(3, released_on_ + Days(146), {Release(3, 10, Dollars(400))});
  EXPECT_EQ(PayeeOf(last, payee).net, Money::FromCents(422'40));
  EXPECT_EQ(Stated(payee, released_on_ + Days(146)), Money::FromCents(46'40));
  EXPECT_EQ(Reserve(payee), Money());
  ExpectBooksInOrder();
}

// The same version again, and another one before it was paid, owe the interest once; what was paid
// of it is not asked back.
TEST_F(WithholdInterestTest, InterestIsOwedOnceAndNotTakenBack) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(20'000));
  Pay(1, withheld_on_, {Award(1, {{10, Dollars(9'000)}}, Dollars(1'000))});
  const auto run = Cycles().Open({.name = "Shared savings 2025",
                                  .period = DateRange::Year(2025),
                                  .kind = RunKind::kOffCycle,
                                  .seq = 2,
                                  .business_date = released_on_},
                                 kMaker);
  ASSERT_TRUE(run.ok());
  for (const AwardToPay& award : {Release(2, 10, Dollars(500)), Release(2, 10, Dollars(500)),
                                  Release(2, 10, Dollars(1'000), 2)}) {
    ASSERT_TRUE(Cycles().Calculate(run->id, std::vector{award}, kMaker).ok());
  }
  EXPECT_EQ(PayeeOf(run->id, payee).net, Dollars(1'040));
  ASSERT_TRUE(Cycles().Cancel(run->id, "again below", kMaker).ok());
  EXPECT_EQ(PayeeOf(Pay(3, released_on_, {}), payee).net, Dollars(1'040));

  const RunId later = Pay(4, released_on_ + Days(1), {Release(2, 10, Dollars(900), 3)});
  EXPECT_EQ(PayeeOf(later, payee).recoup, Dollars(100));
  ExpectBooksInOrder();
}

TEST(InterestOnRelease, IsWhatTheAccountEarnsMore) {
  const WithholdAccountKey key{PayeeId(1), ProgramId(2), 2025};
  const std::vector<WithholdPost> posts = {
      {.date = MakeDate(2026, 1, 5), .amount = Dollars(1'000)}};
  struct Case {
    std::int64_t released;
    Date on;
    std::int64_t cents;
  };
  const Case cases[] = {
      {1'000, MakeDate(2026, 1, 5), 0},      // on the day it was withheld
      {1'000, MakeDate(2026, 1, 6), 11},     // 0.1095...
      {1'000, MakeDate(2027, 1, 5), 40'00},  //
      {1, MakeDate(2026, 1, 6), 0},
      {1'000, MakeDate(2025, 12, 31), 0},  // before: on the day of the posting
  };
  for (const Case& test : cases) {
    const auto owed = InterestOnRelease(FourPercent(), key, posts, Dollars(test.released), test.on);
    ASSERT_TRUE(owed.ok()) << StatusMessage(owed.status());
    EXPECT_EQ(owed->Cents(), test.cents) << FormatDate(test.on);
  }
  performance::Withhold none = FourPercent();
  none.interest.reset();
  EXPECT_EQ(*InterestOnRelease(none, key, posts, Dollars(1), MakeDate(2027, 1, 5)), Money());
  EXPECT_THAT(StatusMessage(
                  InterestOnRelease(FourPercent(), key, posts, Dollars(1'001), MakeDate(2027, 1, 5))
                      .status()),
              HasSubstr("is more than the"));
}

}  // namespace
}  // namespace sluice::payments
