// Two people, or two of anything, at the same thing at once: one run, one file, one payment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <latch>
#include <set>
#include <thread>

#include "payments/disbursement_store.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;

class OperatorsTest : public RunFixture {
 protected:
  template <typename Load>
  auto Rows(const Load& load) {
    using Loaded = std::invoke_result_t<Load, pg::Transaction&>;
    auto rows = db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<Loaded> { return load(tx); });
    EXPECT_TRUE(rows.ok()) << StatusMessage(rows.status());
    return *std::move(rows);
  }
  std::vector<Disbursement> PaymentsOf(RunId run) {
    return Rows([&](pg::Transaction& tx) { return LoadDisbursements(tx, program_.book, run); });
  }
  std::vector<PaymentFile> FilesOf(RunId run) {
    return Rows([&](pg::Transaction& tx) { return LoadFiles(tx, program_.book, run); });
  }

  // What two get that do the same at the same moment.
  static std::array<Status, 2> Both(const std::function<Status()>& work) {
    std::array<Status, 2> results;
    std::latch start(2);
    std::array<std::thread, 2> threads;
    for (std::size_t i = 0; i < 2; ++i) {
      threads[i] = std::thread([&, i] {
        start.arrive_and_wait();
        results[i] = work();
      });
    }
    for (std::thread& thread : threads) thread.join();
    return results;
  }
};

// feature:M14
TEST_F(OperatorsTest, TwoWhoReleaseOneRunReleaseItOnce) {
  for (std::int64_t party = 10; party < 14; ++party) AddPaidPayee(party);
  Fund(Dollars(10'000));
  std::set<std::int64_t> traces;
  constexpr std::int32_t kRounds = 5;
  for (std::int32_t round = 1; round <= kRounds; ++round) {
    const RunId run = Approved(
        {Award(round,
               {{10, Dollars(100)}, {11, Dollars(90)}, {12, Dollars(80)}, {13, Dollars(70)}})},
        round);
    const auto results = Both([&] { return Releases()->Release(run, kService); });
    ASSERT_NE(results[0].ok(), results[1].ok())
        << StatusMessage(results[0]) << " / " << StatusMessage(results[1]);
    const Status& refused = results[results[0].ok() ? 1 : 0];
    EXPECT_TRUE(refused.code() == absl::StatusCode::kFailedPrecondition ||
                refused.code() == absl::StatusCode::kAborted)
        << StatusMessage(refused);
    EXPECT_EQ(StateOf(run), RunState::kSettling);
    EXPECT_EQ(PaymentsOf(run).size(), 4U);
    const auto files = FilesOf(run);
    EXPECT_EQ(files.size(), 5U);
    EXPECT_TRUE(traces.insert(files.front().first_trace).second);
    EXPECT_EQ(Balance(InTransitAccount(files.front().id)), Dollars(340));
    EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), Dollars(10'000 - 340 * round));
    // Two who settle post one settlement; two who close it close it once.
    const auto settled =
        Both([&] { return Releases()->PostSettlement(run, MakeDate(2026, 10, 2), kService); });
    EXPECT_TRUE(settled[0].ok() && settled[1].ok())
        << StatusMessage(settled[0]) << " / " << StatusMessage(settled[1]);
    EXPECT_EQ(Balance(CashAccount(program_.pool.bank_account)), Dollars(10'000 - 340 * round));
    const auto closed = Both([&] { return Releases()->Close(run, kFirst); });
    EXPECT_NE(closed[0].ok(), closed[1].ok());
    EXPECT_EQ(StateOf(run), RunState::kClosed);
  }
  ExpectBooksInOrder();
}

// feature:M14
TEST_F(OperatorsTest, TwoWhoOpenOneRunGetOneRun) {
  std::mutex mutex;
  std::set<RunId> runs;
  const auto results = Both([&]() -> Status {
    ASSIGN_OR_RETURN(const payments::Run run, Cycles().Open({.name = "Shared savings 2025",
                                                             .period = DateRange::Year(2025),
                                                             .business_date = kBusinessDate},
                                                            kMaker));
    const std::lock_guard lock(mutex);
    runs.insert(run.id);
    return OkStatus();
  });
  // One may be told that the other was first; nobody gets a second run.
  EXPECT_TRUE(results[0].ok() || results[1].ok())
      << StatusMessage(results[0]) << " / " << StatusMessage(results[1]);
  EXPECT_EQ(runs.size(), 1U);
}

// Whatever the program gets wrong, the database has one live payment of an obligation.
// feature:M14
TEST_F(OperatorsTest, ASecondLivePaymentOfAnObligationIsRefusedByTheDatabase) {
  AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}})});
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  const std::vector<DisbursementId> paid = {PaymentsOf(run).front().id};
  std::vector<Claim> claims =
      Rows([&](pg::Transaction& tx) { return LoadLiveClaims(tx, program_.book, paid); });
  ASSERT_EQ(claims.size(), 1U);
  claims.front().attempt_no = 2;
  const Status second = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
    InsertClaims(tx, program_.book, claims);
    return OkStatus();
  });
  EXPECT_EQ(second.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(StatusMessage(second), HasSubstr("obligation_claim_live"));
}

}  // namespace
}  // namespace sluice::payments
