// The statement of a withhold out of the ledger: what the book posted, to the cent, on a real
// database.
#include "payments/withhold_statement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/ledger/ledger_fixture.h"

namespace sluice::payments {
namespace {

using performance::WithholdAccountKey;
using performance::WithholdStatement;

constexpr int kYear = 2026;
const PayeeId kA(101);
const PayeeId kB(102);

class WithholdStatementTest : public LedgerTest {
 protected:
  void PostOn(Date day, const Lines& lines) {
    Journal journal = One(++number_, lines);
    journal.effective_date = day;
    const PostResult result = Post(journal);
    ASSERT_TRUE(result.Accepted()) << result.message;
  }
  // Money in the payees' payables, to withhold from: a funded pool and an approved, released run.
  void PayAll(std::int64_t each) {
    Fund(2 * each);
    const Date day = MakeDate(2026, 1, 2);
    PostOn(day, AccrueAward(kProgram, kContract, Cents(2 * each)));
    PostOn(day, ApproveHold(kPool, kRun, Cents(2 * each), std::nullopt));
    const HoldRef hold{HeaderOf(number_).id, 1};
    PostOn(day, ReleaseHold(kPool, kRun, Cents(2 * each), hold));
    for (const PayeeId payee : {kA, kB}) {
      PostOn(day, Recognize(kContract, payee, Funding{kPool, kRun}, Cents(each)));
    }
  }
  StatusOr<WithholdStatement> State(PayeeId payee, int year, Date as_of) {
    return app_.Transact([&](pg::Transaction& tx) {
      return StateReserve(tx, book_, terms_, WithholdAccountKey{payee, kProgram, year}, as_of);
    });
  }

  performance::Withhold terms_{
      .rate = Rate::FromPercent(10),
      .interest = performance::WithholdInterest{.annual = Rate::FromPercent(3)}};
  int number_ = 10;
};

// feature:M03
TEST_F(WithholdStatementTest, IsWhatTheBookPosted) {
  PayAll(1'000'000);
  PostOn(MakeDate(2026, 1, 2), Withhold(kA, kYear, Cents(100'000)));
  PostOn(MakeDate(2026, 7, 2), Withhold(kA, kYear, Cents(50'000)));
  PostOn(MakeDate(2026, 7, 2), Withhold(kB, kYear, Cents(70'000)));
  PostOn(MakeDate(2026, 9, 1), RestateWithhold({kA, kYear}, kProgram, kPool, Cents(10'000)));
  PostOn(MakeDate(2027, 1, 2), ReleaseWithhold(kA, kYear, Cents(112'000)));
  PostOn(MakeDate(2027, 1, 2), Join({ForfeitWithhold(kA, kYear, Cents(20'000)),
                                     ForfeitToPool(kYear, kPool, kProgram, Cents(20'000))}));
  const auto statement = State(kA, kYear, MakeDate(2027, 1, 2));
  ASSERT_TRUE(statement.ok()) << statement.status();
  EXPECT_EQ(statement->taken, Cents(140'000));  // 1,500.00 less the restated 100.00
  EXPECT_EQ(statement->released, Cents(112'000));
  EXPECT_EQ(statement->forfeited, Cents(20'000));
  EXPECT_EQ(statement->balance, Cents(8'000));
  EXPECT_EQ(statement->balance, Find(WithholdReserveAccount(kA, kYear))->counters.CreditBalance());
  EXPECT_EQ(statement->lines.size(), 5U);
  // 3 % on 1,000 for 181 days, on 1,500 for 61, on 1,400 for 123; 1,120 of 1,400 is released.
  const Exact accrued =
      (Exact(Cents(100'000)) * Ratio(181, 365) + Exact(Cents(150'000)) * Ratio(61, 365) +
       Exact(Cents(140'000)) * Ratio(123, 365)) *
      Rate::FromPercent(3);
  EXPECT_EQ(statement->interest_earned, accrued * Ratio(1120, 1400));
  // Each payee and year is an account of its own.
  EXPECT_EQ(State(kB, kYear, MakeDate(2027, 1, 2))->balance, Cents(70'000));
  EXPECT_EQ(State(kB, kYear + 1, MakeDate(2027, 1, 2)).status().code(),
            absl::StatusCode::kNotFound);
  const auto all = app_.Transact([&](pg::Transaction& tx) {
    return StateReserves(tx, book_, terms_, kProgram, MakeDate(2026, 12, 31));
  });
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0].key.payee, kA);
  EXPECT_EQ((*all)[0].balance, Cents(140'000));  // before the release of January
  EXPECT_EQ((*all)[1].balance, Cents(70'000));
}

// feature:M03
TEST_F(WithholdStatementTest, ReconcilesAfterAnyPostings) {
  const unsigned seed = 303;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  PayAll(10'000'000);
  std::int64_t balance = 0;
  Date day = MakeDate(2026, 2, 1);
  for (int i = 0; i < 40; ++i) {
    day += Days(pick(0, 20));
    const std::int64_t move = balance == 0 ? 0 : pick(0, 3);
    const std::int64_t cents = move == 0 ? pick(1, 90'000) : pick(1, balance);
    switch (move) {
      case 0:
        PostOn(day, Withhold(kA, kYear, Cents(cents)));
        break;
      case 1:
        PostOn(day, ReleaseWithhold(kA, kYear, Cents(cents)));
        break;
      case 2:
        PostOn(day, Join({ForfeitWithhold(kA, kYear, Cents(cents)),
                          ForfeitToPool(kYear, kPool, kProgram, Cents(cents))}));
        break;
      default:
        PostOn(day, RestateWithhold({kA, kYear}, kProgram, kPool, Cents(cents)));
    }
    balance += move == 0 ? cents : -cents;
    const auto statement = State(kA, kYear, day);
    ASSERT_TRUE(statement.ok()) << statement.status();
    EXPECT_EQ(statement->balance, Cents(balance));
    EXPECT_EQ(statement->taken - statement->released - statement->forfeited, Cents(balance));
    EXPECT_EQ(statement->balance,
              Find(WithholdReserveAccount(kA, kYear))->counters.CreditBalance());
  }
}

}  // namespace
}  // namespace sluice::payments
