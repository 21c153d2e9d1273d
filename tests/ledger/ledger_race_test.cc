// Many threads on one book: one effect per id, no deadlock, the same balances as a model, and
// nothing half done when a backend dies.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>

#include "payments/ledger/ledger_writer.h"
#include "payments/ledger/verify.h"
#include "tests/ledger/ledger_fixture.h"

namespace sluice::payments {
namespace {

class RaceTest : public LedgerTest {
 protected:
  void ExpectClean() {
    const auto report = VerifyLedger(db_.Verify().ForPayer(payer_), {});
    ASSERT_TRUE(report.ok()) << report.status();
    for (const LedgerFinding& finding : report->findings) ADD_FAILURE() << finding.ToString();
  }
  std::int64_t Deadlocks() {
    constexpr pg::Query kDeadlocks{"test_deadlocks", R"sql(
      SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()
    )sql"};
    return *db_.Admin().Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
      return tx.Query(kDeadlocks).One<std::int64_t>();
    });
  }
};

template <typename Work>
void InThreads(int count, const Work& work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
  for (std::thread& thread : threads) thread.join();
}

TEST_F(RaceTest, FiftyThreadsWithOneIdHaveOneEffectAndEqualAnswers) {
  Fund(1'000);
  const Journal journal = One(3, DefundPool(kPool, PaymentFileId(1), Cents(400)));
  std::atomic<int> accepted = 0;
  std::atomic<int> fresh = 0;
  InThreads(50, [&](int) {
    const std::vector<Journal> journals = {journal};
    const auto results = ledger_.Post(app_, book_, journals);
    ASSERT_TRUE(results.ok()) << results.status();
    if (results->front().Accepted()) ++accepted;
    if (!results->front().replayed) ++fresh;
  });
  EXPECT_EQ(accepted, 50);
  EXPECT_EQ(fresh, 1);
  EXPECT_EQ(Find(PoolAccount(kPool))->counters.debits_posted, Cents(400));
  EXPECT_EQ(Deadlocks(), 0);
  ExpectClean();
}

TEST_F(RaceTest, TwoHoldsOverOnePoolExactlyOneWins) {
  Fund(10'000);
  int won = 0;
  for (int round = 0; round < 20; ++round) {
    const Money pool = Find(PoolAccount(kPool))->counters.CreditBalance();
    std::array<PostResult, 2> results;
    InThreads(2, [&](int i) {
      const int number = 100 + round * 10 + i;
      const RunId run(number);
      const std::vector<Journal> journals = {
          One(number, ApproveHold(kPool, run, pool, std::nullopt))};
      const auto posted = ledger_.Post(app_, book_, journals);
      ASSERT_TRUE(posted.ok()) << posted.status();
      results[static_cast<std::size_t>(i)] = posted->front();
    });
    ASSERT_NE(results[0].Accepted(), results[1].Accepted()) << "round " << round;
    ++won;
    const int winner = 100 + round * 10 + (results[0].Accepted() ? 0 : 1);
    EXPECT_EQ(results[results[0].Accepted() ? 1 : 0].status, PostStatus::kExceedsCredits);
    ASSERT_TRUE(Post(One(winner + 5, DropHold(kPool, RunId(winner), pool,
                                              HoldRef{HeaderOf(winner).id, 1}, DropReason::kVoid)))
                    .Accepted());
  }
  EXPECT_EQ(won, 20);
  ExpectClean();
}

// Transfers around a ring of pools, in random order from many threads, through the writer.
TEST_F(RaceTest, RingsInRandomOrderEqualTheModel) {
  const char* given = std::getenv("SLUICE_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::stoul(given)) : 77U;
  SCOPED_TRACE(fmt::format("SLUICE_SEED={}", seed));
  constexpr int kPools = 5;
  constexpr int kThreads = 6;
  constexpr int kEach = 60;
  std::vector<Journal> funding = {One(1, BankCredit(kBank, Cents(kPools * 1'000)))};
  for (int p = 0; p < kPools; ++p) {
    funding.push_back(
        One(2 + p, FundPool(BankSuspenseAccount(kBank), PoolId(p + 1), Cents(1'000))));
  }
  ASSERT_TRUE(RequireAccepted(PostAll(funding)).ok());
  std::array<std::atomic<std::int64_t>, kPools> model{};
  std::atomic<int> accepted = 0;
  std::atomic<int> refused = 0;
  {
    LedgerWriter writer(app_, db_.Clock(), book_);
    InThreads(kThreads, [&](int thread) {
      std::mt19937 random(seed + static_cast<unsigned>(thread));
      for (int i = 0; i < kEach; ++i) {
        const auto from = static_cast<int>(random() % kPools);
        const int to = (from + 1) % kPools;
        const auto cents = static_cast<std::int64_t>(1 + random() % 900);
        const auto journal = One(1'000 + thread * kEach + i,
                                 PoolTransfer({PoolId(from + 1), PoolId(to + 1)}, Cents(cents)));
        // Half go through the writer and half past it: both take the same locks.
        const std::vector<Journal> journals = {journal};
        StatusOr<PostResult> result = PostResult{};
        if (i % 2 == 0) {
          result = writer.Post(journal);
        } else {
          const auto posted = ledger_.Post(app_, book_, journals);
          ASSERT_TRUE(posted.ok()) << posted.status();
          result = posted->front();
        }
        ASSERT_TRUE(result.ok()) << result.status();
        ++(result->Accepted() ? accepted : refused);
        if (!result->Accepted()) continue;
        model[static_cast<std::size_t>(from)] -= cents;
        model[static_cast<std::size_t>(to)] += cents;
      }
    });
  }
  EXPECT_EQ(accepted + refused, kThreads * kEach);
  EXPECT_GT(accepted, kEach);
  EXPECT_GT(refused, 0);
  for (int p = 0; p < kPools; ++p) {
    EXPECT_EQ(Find(PoolAccount(PoolId(p + 1)))->counters.CreditBalance().Cents(),
              1'000 + model[static_cast<std::size_t>(p)]);
  }
  EXPECT_EQ(Deadlocks(), 0);
  EXPECT_LT(Count("batch"), 1 + kThreads * kEach) << "the writer coalesces what waits";
  ExpectClean();
}

TEST_F(RaceTest, KilledBackendsLeaveNothingHalfDone) {
  Fund(1'000'000);
  constexpr pg::Query kKill{"test_kill", R"sql(
    SELECT count(pg_terminate_backend(pid))
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend' AND state <> 'idle'
  )sql"};
  std::atomic<bool> done = false;
  std::int64_t kills = 0;
  std::thread killer([&] {
    while (!done && kills < 60) {
      const auto killed = db_.Admin().Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
        return tx.Query(kKill).One<std::int64_t>();
      });
      if (killed.ok()) kills += *killed;
      std::this_thread::yield();
    }
  });
  std::int64_t expected = 0;
  for (int batch = 0; batch < 30; ++batch) {
    std::vector<Journal> journals;
    for (int i = 0; i < 100; ++i) {
      journals.push_back(
          One(1'000 + batch * 100 + i, DefundPool(kPool, PaymentFileId(1), Cents(1))));
    }
    // Whatever the outcome was, the same ids are sent again until there is an answer.
    StatusOr<std::vector<PostResult>> results = Unavailable("not sent yet");
    for (int attempt = 0; attempt < 2'000 && !results.ok(); ++attempt) {
      results = ledger_.Post(app_, book_, journals);
    }
    if (!results.ok()) ADD_FAILURE() << results.status();
    expected += 100;
  }
  done = true;
  killer.join();
  EXPECT_GT(kills, 0) << "nothing was killed, so nothing was proved";
  EXPECT_EQ(Find(PoolAccount(kPool))->counters.debits_posted, Cents(expected));
  EXPECT_EQ(Count("journal"), expected + 2);
  ExpectClean();
}

TEST_F(RaceTest, TheServiceCannotChangeOrRemoveWhatIsAppended) {
  Fund(1'000);
  const struct {
    const char* name;
    const char* sql;
  } statements[] = {
      {"g1", "UPDATE payments.transfer SET amount_cents = 1"},
      {"g2", "DELETE FROM payments.transfer"},
      {"g3", "UPDATE payments.journal SET outcome = 0"},
      {"g4", "DELETE FROM payments.journal"},
      {"g5", "UPDATE payments.batch SET hash = hash"},
      {"g6", "UPDATE payments.account SET owner_key = 'x'"},
      {"g7", "DELETE FROM payments.balance_after"},
      {"g8", "TRUNCATE payments.transfer CASCADE"},
      {"g9", "UPDATE payments.account_balance SET limit_kind = 0"},
      {"g10", "DELETE FROM payments.book_head"},
  };
  for (const auto& statement : statements) {
    const pg::Query query{statement.name, statement.sql};
    for (const pg::Database& db : {app_, db_.Verify().ForPayer(payer_), db_.Admin()}) {
      // The administrator may update the newest state; the triggers stop him elsewhere.
      if (&db != &app_ && std::string_view(statement.name) == "g9") continue;
      const Status status = db.Transact([&](pg::Transaction& tx) -> Status {
        tx.Execute(query);
        return OkStatus();
      });
      EXPECT_FALSE(status.ok()) << statement.sql;
    }
  }
  EXPECT_EQ(Find(PoolAccount(kPool))->counters.credits_posted, Cents(1'000));
}

}  // namespace
}  // namespace sluice::payments
