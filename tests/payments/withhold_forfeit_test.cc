// Forfeited withholds in a real book: once, in difference, all or nothing.
#include "payments/withhold_forfeit.h"

#include <gtest/gtest.h>

#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

class WithholdForfeitTest : public RunFixture {
 protected:
  // A payee whose award of 2025 left `withheld` in the reserve of this book.
  PayeeId PayeeWithReserve(std::int64_t party, Money withheld) {
    const PayeeId payee = AddPaidPayee(party);
    Fund(Dollars(1'000));
    const RunId run =
        Approved({Award(party, {{party, Dollars(100)}}, withheld)}, static_cast<int>(party));
    Pay(run);
    EXPECT_EQ(Balance(WithholdReserveAccount(payee, 2025)), withheld);
    return payee;
  }
  // Releases the run and closes it, so that another one can be opened.
  void Pay(RunId run) {
    const Status released = Releases()->Release(run, kService);
    ASSERT_TRUE(released.ok()) << StatusMessage(released);
    ASSERT_TRUE(Releases()->PostSettlement(run, MakeDate(2026, 10, 2), kService).ok());
    ASSERT_TRUE(Releases()->Close(run, kFirst).ok());
  }
  Status Forfeits(const std::vector<Forfeit>& forfeits) {
    return PostForfeits(Ledger(db_.Clock()), db_.App().ForPayer(payer_), program_, forfeits,
                        kBusinessDate, kMaker.user);
  }
  static Forfeit Of(std::int64_t award, PayeeId payee, Money amount, std::int32_t version = 1) {
    return {.award = AwardId(award + 500),
            .version = version,
            .payee = payee,
            .performance_year = 2025,
            .amount = amount};
  }
  Money Reserve(PayeeId payee) { return Balance(WithholdReserveAccount(payee, 2025)); }
  Money Pool() { return Balance(PoolAccount(program_.pool.id)); }
};

TEST_F(WithholdForfeitTest, GoesBackToThePoolOnce) {
  const PayeeId payee = PayeeWithReserve(1, Dollars(10));
  const Money pool = Pool();
  const std::vector<Forfeit> forfeits = {Of(1, payee, Dollars(4))};
  for (int i = 0; i < 2; ++i) {
    const Status posted = Forfeits(forfeits);
    ASSERT_TRUE(posted.ok()) << StatusMessage(posted);
    EXPECT_EQ(Reserve(payee), Dollars(6));
    EXPECT_EQ(Pool(), pool + Dollars(4));
    EXPECT_EQ(Balance(ForfeitedWithholdAccount(2025)), Money());
  }
  ExpectBooksInOrder();
}

TEST_F(WithholdForfeitTest, ALaterVersionPostsTheDifference) {
  const PayeeId payee = PayeeWithReserve(1, Dollars(10));
  ASSERT_TRUE(Forfeits({Of(1, payee, Dollars(4))}).ok());
  ASSERT_TRUE(Forfeits({Of(1, payee, Dollars(7), 2)}).ok());
  EXPECT_EQ(Reserve(payee), Dollars(3));
  ASSERT_TRUE(Forfeits({Of(1, payee, Dollars(7), 2)}).ok());
  ASSERT_TRUE(Forfeits({Of(1, payee, Dollars(7), 3)}).ok());
  EXPECT_EQ(Reserve(payee), Dollars(3));
  ExpectBooksInOrder();
}

// A restated score: what was taken too much goes back to the reserve, out of the pool.
TEST_F(WithholdForfeitTest, AVersionThatForfeitsLessGivesBack) {
  const PayeeId payee = PayeeWithReserve(1, Dollars(10));
  const Money pool = Pool();
  ASSERT_TRUE(Forfeits({Of(1, payee, Dollars(7))}).ok());
  for (int i = 0; i < 2; ++i) {
    const Status less = Forfeits({Of(1, payee, Dollars(5), 2)});
    ASSERT_TRUE(less.ok()) << StatusMessage(less);
    EXPECT_EQ(Reserve(payee), Dollars(5));
    EXPECT_EQ(Pool(), pool + Dollars(5));
  }
  ASSERT_TRUE(Forfeits({Of(1, payee, Dollars(6), 3)}).ok());
  EXPECT_EQ(Reserve(payee), Dollars(4));
  ASSERT_TRUE(Forfeits({Of(1, payee, Money(), 4)}).ok());
  EXPECT_EQ(Reserve(payee), Dollars(10));
  EXPECT_EQ(Pool(), pool);
  EXPECT_EQ(Balance(ForfeitedWithholdAccount(2025)), Money());
  ExpectBooksInOrder();
}

// The payer's part is kept from the pool until a file gives it back to the funder.
TEST_F(WithholdForfeitTest, WhatThePayerGetsIsNotThePoolsToSpend) {
  const PayeeId payee = PayeeWithReserve(1, Dollars(10));
  const Money pool = Pool();
  Forfeit forfeit = Of(1, payee, Dollars(4));
  forfeit.to = performance::ForfeitTo::kPayer;
  ASSERT_TRUE(Forfeits({forfeit}).ok());
  EXPECT_EQ(Reserve(payee), Dollars(6));
  EXPECT_EQ(Pool(), pool);
  EXPECT_EQ(Balance(ForfeitedWithholdAccount(2025)), Dollars(4));
  forfeit.version = 2;
  forfeit.amount = Dollars(1);
  ASSERT_TRUE(Forfeits({forfeit}).ok());
  EXPECT_EQ(Reserve(payee), Dollars(9));
  EXPECT_EQ(Balance(ForfeitedWithholdAccount(2025)), Dollars(1));
  ExpectBooksInOrder();
}

TEST_F(WithholdForfeitTest, DatesOfTheTermsSettleTheReserves) {
  const PayeeId kept = PayeeWithReserve(1, Dollars(10));
  const PayeeId lost = PayeeWithReserve(2, Dollars(3));
  const Money pool = Pool();
  performance::Withhold terms{.rate = Rate::FromPercent(10), .released_by = "the flag"};
  terms.release_on = performance::ReleaseOnDate{.months_after_year = 10, .flag_fact = "earned"};
  const Ledger ledger(db_.Clock());
  const auto settle = [&](Date on, bool with_facts = true) {
    return SettleReserves(
        ledger, db_.App().ForPayer(payer_), program_, terms,
        [&](const performance::WithholdAccountKey& key) {
          performance::Facts facts;
          if (with_facts) facts.SetFlag("earned", key.payee == kept);
          return facts;
        },
        on, kMaker.user);
  };
  // Ten months after 2025: November 2026 begins.
  const auto early = settle(MakeDate(2026, 10, 31));
  ASSERT_TRUE(early.ok()) << early.status();
  EXPECT_TRUE(early->posted.empty() && early->release.empty());
  EXPECT_EQ(settle(MakeDate(2026, 11, 1), false).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Reserve(lost), Dollars(3));
  const auto due = settle(MakeDate(2026, 11, 1));
  ASSERT_TRUE(due.ok()) << due.status();
  ASSERT_EQ(due->posted.size(), 1U);
  EXPECT_EQ(due->posted[0].key.payee, lost);
  ASSERT_EQ(due->release.size(), 1U);
  EXPECT_EQ(due->release[0].post.amount, Dollars(10));
  EXPECT_EQ(Reserve(lost), Money());
  EXPECT_EQ(Pool(), pool + Dollars(3));
  const auto again = settle(MakeDate(2026, 11, 1));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->posted.empty());
  // What nobody released expires, to the payer.
  terms.expiry = performance::WithholdExpiry{.months_after_year = 12,
                                             .to = performance::ForfeitTo::kPayer};
  const auto expired = settle(MakeDate(2027, 1, 1));
  ASSERT_TRUE(expired.ok()) << expired.status();
  ASSERT_EQ(expired->posted.size(), 1U);
  EXPECT_EQ(expired->posted[0].post.move, performance::WithholdMove::kExpired);
  EXPECT_EQ(Reserve(kept), Money());
  EXPECT_EQ(Balance(ForfeitedWithholdAccount(2025)), Dollars(10));
  ExpectBooksInOrder();
}

TEST_F(WithholdForfeitTest, AReserveThatIsTooSmallRefusesAllAndUsesUpNoId) {
  const PayeeId rich = PayeeWithReserve(1, Dollars(10));
  const PayeeId poor = PayeeWithReserve(2, Dollars(3));
  const Money pool = Pool();
  const std::vector<Forfeit> forfeits = {Of(1, rich, Dollars(10)), Of(2, poor, Dollars(5))};
  const Status refused = Forfeits(forfeits);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition) << StatusMessage(refused);
  EXPECT_EQ(Reserve(rich), Dollars(10));
  EXPECT_EQ(Reserve(poor), Dollars(3));
  EXPECT_EQ(Pool(), pool);
  // What was missing is withheld later: the same forfeits are posted then.
  Pay(Approved({Award(3, {{2, Dollars(20)}}, Dollars(2))}, 3));
  const Status posted = Forfeits(forfeits);
  EXPECT_TRUE(posted.ok()) << StatusMessage(posted);
  EXPECT_EQ(Reserve(rich), Money());
  EXPECT_EQ(Reserve(poor), Money());
  ExpectBooksInOrder();
}

TEST_F(WithholdForfeitTest, NothingAndLessThanNothing) {
  const PayeeId payee = PayeeWithReserve(1, Dollars(10));
  EXPECT_TRUE(Forfeits({}).ok());
  EXPECT_TRUE(Forfeits({Of(1, payee, Money())}).ok());
  const Status negative = Forfeits({Of(1, payee, Dollars(-1))});
  EXPECT_EQ(negative.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Reserve(payee), Dollars(10));
}

TEST_F(WithholdForfeitTest, AnotherPayerHasNoSuchBook) {
  const PayeeId payee = PayeeWithReserve(1, Dollars(10));
  const std::vector<Forfeit> forfeits = {Of(1, payee, Dollars(4))};
  const PayerId other = db_.NewPayer("Other");
  const Status refused = PostForfeits(Ledger(db_.Clock()), db_.App().ForPayer(other), program_,
                                      forfeits, kBusinessDate, kMaker.user);
  EXPECT_EQ(refused.code(), absl::StatusCode::kNotFound) << StatusMessage(refused);
  EXPECT_EQ(Reserve(payee), Dollars(10));
}

}  // namespace
}  // namespace sluice::payments
