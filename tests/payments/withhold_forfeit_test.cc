// Forfeited withholds in a real book: once, in difference, all or nothing.
#include "payments/withhold_forfeit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

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
  // Less than before would take from the pool: nobody does that on the side.
  const Status less = Forfeits({Of(1, payee, Dollars(5), 4)});
  EXPECT_EQ(less.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(StatusMessage(less)),
              AllOf(HasSubstr("forfeits 5.00"), HasSubstr("7.00 was")));
  EXPECT_EQ(Reserve(payee), Dollars(3));
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
