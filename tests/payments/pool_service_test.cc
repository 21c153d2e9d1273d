// Pools: what is free, transfers under dual control, and the deposits that fund them.
#include "payments/pools/pool_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/ledger/events.h"
#include "payments/pools/funding_match.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// feature:M02
TEST(MatchFunding, ByReferenceFirstThenByAmountAndDayAndNeverByGuess) {
  const Date day = MakeDate(2026, 10, 1);
  const auto deposit = [&](std::int64_t line, Money amount, const std::string& text) {
    return OpenDeposit{line, day, amount, text};
  };
  const auto expected = [&](std::int64_t id, Money amount, const std::string& reference, Date on) {
    return ExpectedFunding{id, on, amount, reference};
  };
  // The reference decides between two of one amount; what is left is then the only one.
  const auto both = MatchFunding(
      std::vector{deposit(1, Dollars(5), "wire"), deposit(2, Dollars(5), "ORIG acme-q3 wire")},
      std::vector{expected(7, Dollars(5), "ACME-Q3", day), expected(8, Dollars(5), "", day)});
  ASSERT_THAT(both, SizeIs(2));
  EXPECT_EQ(both[0].deposit, 1U);
  EXPECT_EQ(both[0].expected, 0U);
  EXPECT_EQ(both[0].rule, "reference");
  EXPECT_EQ(both[1].deposit, 0U);
  EXPECT_EQ(both[1].rule, "amount");
  // Two that fit: nobody chooses. Another amount, or too far from its day: no match.
  EXPECT_THAT(MatchFunding(std::vector{deposit(1, Dollars(5), ""), deposit(2, Dollars(5), "")},
                           std::vector{expected(7, Dollars(5), "", day)}),
              IsEmpty());
  EXPECT_THAT(MatchFunding(std::vector{deposit(1, Dollars(5), "ACME")},
                           std::vector{expected(7, Dollars(6), "ACME", day)}),
              IsEmpty());
  EXPECT_THAT(MatchFunding(std::vector{deposit(1, Dollars(5), "")},
                           std::vector{expected(7, Dollars(5), "", day + Days(5)),
                                       expected(8, Dollars(5), "", day + Days(40))}),
              SizeIs(1));
}

class PoolServiceTest : public RunFixture {
 protected:
  PoolService Pools() { return {db_.App(), payer_, program_.book, db_.Clock(), db_.Ids()}; }

  Pool AddPool(const std::string& name, std::optional<BankAccountId> account = std::nullopt) {
    const Pool pool{.id = db_.Ids().Next<PoolTag>(),
                    .book = program_.book,
                    .name = name,
                    .bank_account = account.value_or(program_.pool.bank_account)};
    const Status added = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      InsertPool(tx, pool);
      return OkStatus();
    });
    EXPECT_TRUE(added.ok()) << StatusMessage(added);
    return pool;
  }

  // A credit as the bank's statement brings it: a line and its cash journal.
  std::int64_t Deposit(Money amount, const std::string& reference) {
    const std::int64_t line = db_.Ids().NextValue();
    const Journal cash =
        MakeJournal({.id = DerivedUuid("test_line", std::vector{std::to_string(line)}),
                     .actor = kService.user,
                     .effective_date = kBusinessDate},
                    BankCredit(program_.pool.bank_account, amount));
    const Status stored = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      const BankLineRow row{.id = line,
                            .account = program_.pool.bank_account,
                            .as_of = kBusinessDate,
                            .type_code = "195",
                            .direction = BankDirection::kCredit,
                            .amount = amount,
                            .bank_reference = reference,
                            .occurrence = static_cast<std::int32_t>(++deposits_),
                            .journal_id = cash.id};
      InsertBankLines(tx, program_.book, {&row, 1}, db_.Clock().Now());
      return Ledger(db_.Clock()).PostIn(tx, program_.book, {&cash, 1}).status();
    });
    EXPECT_TRUE(stored.ok()) << StatusMessage(stored);
    return line;
  }

  PoolPosition PositionOf(PoolId pool) {
    const auto positions = Pools().Positions();
    EXPECT_TRUE(positions.ok());
    for (const PoolPosition& position : *positions) {
      if (position.pool.id == pool) return position;
    }
    return {};
  }

 private:
  int deposits_ = 0;
};

// feature:M01
TEST_F(PoolServiceTest, AvailableIsTheBalanceLessWhatApprovedRunsHold) {
  AddPaidPayee(10);
  Fund(Dollars(1'000));
  Approved({Award(1, {{10, Dollars(300)}})});
  const PoolPosition position = PositionOf(program_.pool.id);
  EXPECT_EQ(position.balance, Dollars(1'000));
  EXPECT_EQ(position.held, Dollars(300));
  EXPECT_EQ(position.available, Dollars(700));

  // What is held is not moved away from under the run.
  const Pool other = AddPool("reserve");
  const auto asked = Pools().RequestTransfer({program_.pool.id, other.id}, Dollars(701),
                                             "start of the year", kMaker);
  ASSERT_TRUE(asked.ok()) << StatusMessage(asked.status());
  EXPECT_THAT(StatusMessage(Pools().ApproveTransfer(*asked, kFirst)),
              HasSubstr("needs 701.00 and the pool has 700.00 free"));
  EXPECT_EQ(Pools().ApproveTransfer(*asked, kFirst).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(PositionOf(other.id).balance, Money{});
}

TEST_F(PoolServiceTest, ATransferTakesTwoPeople) {
  Fund(Dollars(1'000));
  const Pool other = AddPool("reserve");
  const PoolMove move{program_.pool.id, other.id};
  EXPECT_FALSE(Pools().RequestTransfer(move, Money{}, "why", kMaker).ok());
  EXPECT_FALSE(Pools().RequestTransfer(move, Dollars(1), "", kMaker).ok());
  EXPECT_FALSE(Pools().RequestTransfer({other.id, other.id}, Dollars(1), "why", kMaker).ok());
  EXPECT_FALSE(Pools().RequestTransfer(move, Dollars(1), "why", kService).ok());
  const Pool elsewhere = AddPool("elsewhere", db_.Ids().Next<BankAccountTag>());
  EXPECT_THAT(StatusMessage(
                  Pools()
                      .RequestTransfer({program_.pool.id, elsewhere.id}, Dollars(1), "why", kMaker)
                      .status()),
              HasSubstr("different bank accounts"));

  const auto asked = Pools().RequestTransfer(move, Dollars(400), "start of the year", kMaker);
  ASSERT_TRUE(asked.ok());
  EXPECT_EQ(Pools().ApproveTransfer(*asked, kMaker).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Pools().ApproveTransfer(*asked, kService).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(PositionOf(other.id).balance, Money{});
  const Status approved = Pools().ApproveTransfer(*asked, kFirst);
  ASSERT_TRUE(approved.ok()) << StatusMessage(approved);
  EXPECT_EQ(PositionOf(program_.pool.id).balance, Dollars(600));
  EXPECT_EQ(PositionOf(other.id).balance, Dollars(400));
  EXPECT_EQ(Pools().ApproveTransfer(*asked, kSecond).code(), absl::StatusCode::kFailedPrecondition);

  // The table refuses the same person, too.
  const auto again = Pools().RequestTransfer(move, Dollars(1), "more", kMaker);
  ASSERT_TRUE(again.ok());
  EXPECT_THROW(
      {
        const Status stored =
            db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
              DecidePoolTransfer(tx, program_.book, *again, PoolTransferState::kPosted, "x",
                                 {kMaker.user, db_.Clock().Now()});
              return OkStatus();
            });
        if (!stored.ok()) throw std::runtime_error(StatusMessage(stored));
      },
      std::exception);
  ASSERT_TRUE(Pools().RejectTransfer(*again, "not this year", kFirst).ok());
  EXPECT_THAT(*Pools().Transfers(false), IsEmpty());
  EXPECT_THAT(*Pools().Transfers(true), SizeIs(2));
  ExpectBooksInOrder();
}

// feature:M02
TEST_F(PoolServiceTest, ADepositFundsThePoolThatExpectsItAndTheRestIsListed) {
  const Pool other = AddPool("reserve");
  const auto expected =
      Pools().ExpectFunding(other.id, Dollars(500), kBusinessDate, "EMPLOYER-7", kMaker);
  ASSERT_TRUE(expected.ok()) << StatusMessage(expected.status());
  EXPECT_THAT(PositionOf(other.id).expected, SizeIs(1));
  Deposit(Dollars(500), "WIRE EMPLOYER-7 OCT");
  const std::int64_t unknown = Deposit(Dollars(90), "WHO IS THIS");
  const auto matched = Pools().MatchDeposits(kService);
  ASSERT_TRUE(matched.ok()) << StatusMessage(matched.status());
  ASSERT_THAT(*matched, SizeIs(1));
  EXPECT_EQ((*matched)[0].rule, "reference");
  EXPECT_EQ(PositionOf(other.id).balance, Dollars(500));
  EXPECT_THAT(PositionOf(other.id).expected, IsEmpty());
  EXPECT_EQ(Balance(BankSuspenseAccount(program_.pool.bank_account)), Dollars(90));
  EXPECT_THAT(*Pools().MatchDeposits(kService), IsEmpty());

  const auto left = Pools().Unmatched(kBusinessDate + Days(7));
  ASSERT_TRUE(left.ok());
  ASSERT_THAT(*left, SizeIs(1));
  EXPECT_EQ((*left)[0].line.id, unknown);
  EXPECT_EQ((*left)[0].banking_days_old, 5);
  // An instruction given later takes it; one that is withdrawn does not.
  const auto wrong = Pools().ExpectFunding(other.id, Dollars(90), kBusinessDate, "", kMaker);
  ASSERT_TRUE(wrong.ok());
  ASSERT_TRUE(Pools().WithdrawFunding(*wrong, kMaker).ok());
  EXPECT_THAT(*Pools().MatchDeposits(kService), IsEmpty());
  ASSERT_TRUE(Pools().ExpectFunding(program_.pool.id, Dollars(90), kBusinessDate, "", kMaker).ok());
  EXPECT_THAT(*Pools().MatchDeposits(kService), SizeIs(1));
  EXPECT_THAT(*Pools().Unmatched(kBusinessDate), IsEmpty());
  ExpectBooksInOrder();
}

}  // namespace
}  // namespace sluice::payments
