// What is withheld from each payee, and what its reserve gives back when money is taken back: from
// the shares of an award to the cent in the ledger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/ledger/events.h"
#include "payments/withhold_forfeit.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;

Money Cents(std::int64_t cents) { return Money::FromCents(cents); }

class PayeeWithholdTest : public RunFixture {
 protected:
  // A share of a party after what is withheld from it.
  struct Net {
    std::int64_t party = 0;
    Money net;
    Money withheld;
  };
  static AwardToPay AwardOf(std::int64_t id, const std::vector<Net>& nets,
                            std::int32_t version = 1) {
    std::vector<ShareOf> shares;
    Money withheld;
    for (const Net& net : nets) {
      shares.push_back({net.party, net.net});
      withheld += net.withheld;
    }
    AwardToPay award = Award(id, std::move(shares), withheld, version);
    for (std::size_t i = 0; i < nets.size(); ++i) award.shares[i].withheld = nets[i].withheld;
    return award;
  }
  RunId Pay(const std::vector<AwardToPay>& awards) {
    const RunId run = Approved(awards, ++runs_);
    const Status released = Releases()->Release(run, kService);
    EXPECT_TRUE(released.ok()) << StatusMessage(released);
    EXPECT_TRUE(Releases()->PostSettlement(run, MakeDate(2026, 10, 2), kService).ok());
    EXPECT_TRUE(Releases()->Close(run, kFirst).ok());
    return run;
  }
  Money Reserve(PayeeId payee) { return Balance(WithholdReserveAccount(payee, 2025)); }
  Money Owed(PayeeId payee) { return Balance(PayeeReceivableAccount(payee)); }

  int runs_ = 0;
};

TEST_F(PayeeWithholdTest, EachShareFillsTheReserveOfItsOwnPayee) {
  const PayeeId first = AddPaidPayee(10);
  const PayeeId second = AddPaidPayee(11);
  Fund(Dollars(1'000));
  // In proportion to what they are paid it would be 6.00 and 4.00.
  const RunId run =
      Pay({AwardOf(1, {{10, Dollars(60), Dollars(1)}, {11, Dollars(40), Dollars(9)}})});
  EXPECT_EQ(Reserve(first), Dollars(1));
  EXPECT_EQ(Reserve(second), Dollars(9));
  EXPECT_EQ(PayeeOf(run, second).gross, Dollars(49));
  EXPECT_EQ(PayeeOf(run, second).net, Dollars(40));
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), Dollars(890));
  ExpectBooksInOrder();
}

TEST_F(PayeeWithholdTest, WhatIsTakenBackLeavesTheReserveAsFarAsItGoes) {
  struct Case {
    const char* name;
    Net taken;
    Money reserve;  // after it; 3.00 before
    Money owed;
  };
  const Case cases[] = {
      {"a part of the reserve", {10, -Cents(451), -Cents(9)}, Cents(291), Cents(451)},
      {"all of it", {10, -Dollars(97), -Dollars(3)}, Money(), Dollars(97)},
      {"more than it holds", {10, -Dollars(98), -Dollars(5)}, Money(), Dollars(100)},
  };
  std::int64_t party = 9;
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    const PayeeId payee = AddPaidPayee(++party);
    Fund(Dollars(1'000));
    Pay({AwardOf(party * 10, {{party, Dollars(147), Dollars(3)}})});
    ASSERT_EQ(Reserve(payee), Dollars(3));
    Net taken = test.taken;
    taken.party = party;
    const Money pool = Balance(PoolAccount(program_.pool.id));
    Pay({AwardOf(party * 10 + 1, {taken})});
    EXPECT_EQ(Reserve(payee), test.reserve);
    EXPECT_EQ(Owed(payee), test.owed);
    // What left the reserve is the pool's again; what is owed is not there yet.
    EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), pool + Dollars(3) - test.reserve);
    ExpectBooksInOrder();
  }
}

// The whole month is negative: once it stopped the contracts of the program that pay.
TEST_F(PayeeWithholdTest, AnAwardThatOnlyTakesBackStopsNoOther) {
  const PayeeId left = AddPaidPayee(10);
  const PayeeId paid = AddPaidPayee(11);
  Fund(Dollars(1'000));
  Pay({AwardOf(1, {{10, Dollars(49), Dollars(1)}})});
  const RunId run =
      Pay({AwardOf(2, {{10, -Cents(2'460), -Cents(50)}}), Award(3, {{11, Dollars(40)}})});
  EXPECT_EQ(PayeeOf(run, left).recoup, Cents(2'460));
  EXPECT_EQ(PayeeOf(run, paid).net, Dollars(40));
  EXPECT_EQ(Reserve(left), Cents(50));
  // The notice says what was taken back, what the reserve gave and what is left to be taken.
  bool found = false;
  for (const auto& [name, bytes] : DeliveredFiles()) {
    if (!name.ends_with("statements.csv") || bytes.find("-25.10") == std::string::npos) continue;
    found = true;
    EXPECT_THAT(bytes, HasSubstr("WITHHOLD_RELEASE"));
    EXPECT_THAT(bytes, HasSubstr("0.50"));
    EXPECT_THAT(bytes, HasSubstr("24.60"));
  }
  EXPECT_TRUE(found);
  ExpectBooksInOrder();
}

TEST_F(PayeeWithholdTest, AShareWithheldInFullIsKeptInTheReserveWithANotice) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(100));
  const RunId run = Pay({AwardOf(1, {{10, Money(), Dollars(5)}})});
  EXPECT_EQ(Reserve(payee), Dollars(5));
  EXPECT_EQ(PayeeOf(run, payee).net, Money());
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Money());
  EXPECT_FALSE(DeliveredFiles().empty());
  ExpectBooksInOrder();
  // Nothing of it is open: the next run has nothing to carry.
  const auto totals = Cycles().Calculate(Open(2, RunKind::kOffCycle), {}, kMaker);
  ASSERT_TRUE(totals.ok());
  EXPECT_EQ(totals->lines, 0);
}

// A later version of an award, paid already, posts the difference of each share and its withhold.
TEST_F(PayeeWithholdTest, ARestatementMovesTheReserveByItsDifference) {
  struct Case {
    const char* name;
    Net before, after;
    Money reserve, paid, owed;  // after both
  };
  const Case cases[] = {
      {"less, in proportion",
       {0, Dollars(98), Dollars(2)},
       {0, Dollars(49), Dollars(1)},
       Dollars(1),
       Dollars(98),
       Dollars(49)},
      {"more, in proportion",
       {0, Dollars(98), Dollars(2)},
       {0, Dollars(147), Dollars(3)},
       Dollars(3),
       Dollars(147),
       Money()},
      {"less withheld of the same",
       {0, Dollars(98), Dollars(2)},
       {0, Dollars(99), Dollars(1)},
       Dollars(1),
       Dollars(99),
       Money()},
      {"less, and much less withheld",
       {0, Dollars(80), Dollars(20)},
       {0, Dollars(85), Dollars(10)},
       Dollars(10),
       Dollars(85),
       Money()},
      {"taken back after all",
       {0, Dollars(98), Dollars(2)},
       {0, -Dollars(49), -Dollars(1)},
       Money(),
       Dollars(98),
       Dollars(148)},
  };
  std::int64_t party = 9;
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    const PayeeId payee = AddPaidPayee(++party);
    Fund(Dollars(1'000));
    Net before = test.before;
    Net after = test.after;
    before.party = after.party = party;
    const auto paid_by = [&](RunId run) { return PayeeOf(run, payee).net; };
    Money paid = paid_by(Pay({AwardOf(party, {before})}));
    const RunId second = Pay({AwardOf(party, {after}, 2)});
    paid += paid_by(second);
    EXPECT_EQ(Reserve(payee), test.reserve);
    EXPECT_EQ(paid, test.paid);
    EXPECT_EQ(Owed(payee), test.owed);
    ExpectBooksInOrder();
    // The same version again adds nothing.
    const RunId third = Open(++runs_, RunKind::kOffCycle);
    const auto again = Cycles().Calculate(third, std::vector{AwardOf(party, {after}, 2)}, kMaker);
    ASSERT_TRUE(again.ok()) << StatusMessage(again.status());
    EXPECT_EQ(again->lines, 0);
    ASSERT_TRUE(Cycles().Cancel(third, "nothing to pay", kMaker).ok());
  }
}

// Two awards of one run, and one that was replaced before it was paid, promise a reserve once.
TEST_F(PayeeWithholdTest, AReserveIsPromisedOnce) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  Pay({AwardOf(1, {{10, Dollars(297), Dollars(3)}})});
  const RunId run = Open(++runs_, RunKind::kOffCycle);
  const Net back{10, -Dollars(98), -Dollars(2)};
  ASSERT_TRUE(
      Cycles().Calculate(run, std::vector{AwardOf(2, {back}), AwardOf(3, {back})}, kMaker).ok());
  // 2.00 and the 1.00 that is left.
  EXPECT_EQ(PayeeOf(run, payee).recoup, Dollars(197));
  ASSERT_TRUE(Cycles()
                  .Calculate(run, std::vector{AwardOf(2, {back}, 2), AwardOf(3, {back}, 2)}, kMaker)
                  .ok());
  EXPECT_EQ(PayeeOf(run, payee).recoup, Dollars(197));
}

TEST_F(PayeeWithholdTest, WhatDoesNotAddUpIsRefused) {
  AwardToPay award = AwardOf(1, {{10, Dollars(60), Dollars(1)}, {11, Dollars(40), Dollars(9)}});
  award.withheld = Dollars(9);
  EXPECT_THAT(StatusMessage(CheckAwardToPay(award)),
              HasSubstr("of the shares 10.00 is withheld, of the award 9.00"));
  award.shares[1].withheld.reset();
  EXPECT_THAT(StatusMessage(CheckAwardToPay(award)), HasSubstr("1 of 2 shares say"));
  EXPECT_THAT(StatusMessage(CheckAwardToPay(AwardOf(1, {{10, Money(), Money()}}))),
              HasSubstr("must be left out"));
  EXPECT_THAT(StatusMessage(CheckAwardToPay(Award(1, {{10, -Dollars(5)}}, -Dollars(1)))),
              HasSubstr("no share says to whom"));
}

}  // namespace
}  // namespace sluice::payments
