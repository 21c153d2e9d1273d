// Transactions against a real server: what commits, what is undone, what is run again.
#include "core/pg/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "tests/pg/cutting_proxy.h"
#include "tests/support/test_database.h"

namespace sluice::pg {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::CuttingProxy;
using testing::TestDatabase;

constexpr Query kInsert{"test_insert", "INSERT INTO public.thing (id, value) VALUES ($1, $2)"};
constexpr Query kUpdate{"test_update", "UPDATE public.thing SET value = value + 1 WHERE id = $1"};
constexpr Query kCount{"test_count", "SELECT count(*) FROM public.thing"};
constexpr Query kValue{"test_value", "SELECT value FROM public.thing WHERE id = $1"};
constexpr Query kBackend{"test_backend", "SELECT pg_backend_pid()"};
constexpr Query kTerminate{"test_terminate", "SELECT pg_terminate_backend($1, 5000)"};
constexpr Query kSleep{"test_sleep", "SELECT pg_sleep(30)::text"};

class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest() {
    const Status made = db_.Admin().Transact([](Transaction& tx) -> Status {
      tx.RunScript(
          "CREATE TABLE public.thing (id bigint NOT NULL CONSTRAINT thing_once PRIMARY KEY,"
          " value bigint NOT NULL CONSTRAINT thing_positive CHECK (value > 0),"
          " late bigint CONSTRAINT thing_late UNIQUE DEFERRABLE INITIALLY DEFERRED);"
          "GRANT SELECT, INSERT, UPDATE ON public.thing TO sluice_app");
      return OkStatus();
    });
    EXPECT_TRUE(made.ok()) << made;
  }

  static Status Insert(const Database& database, std::int64_t id, std::int64_t value = 1) {
    return database.Transact([&](Transaction& tx) -> Status {
      tx.Execute(kInsert, id, value);
      return OkStatus();
    });
  }
  std::int64_t Count() const {
    return db_.Admin()
        .Transact([](Transaction& tx) -> StatusOr<std::int64_t> {
          return tx.Query(kCount).One<std::int64_t>();
        })
        .value();
  }
  static std::int32_t Backend(const Database& database) {
    return database
        .Transact([](Transaction& tx) -> StatusOr<std::int32_t> {
          return tx.Query(kBackend).One<std::int32_t>();
        })
        .value();
  }
  void Terminate(std::int32_t backend) const {
    const auto done = db_.Admin().Transact([&](Transaction& tx) -> StatusOr<bool> {
      return tx.Query(kTerminate, backend).One<bool>();
    });
    EXPECT_TRUE(done.value());
  }

  TestDatabase db_;
};

TEST_F(DatabaseTest, CommitsWhenTheWorkIsOk) {
  EXPECT_TRUE(Insert(db_.App(), 1).ok());
  EXPECT_EQ(Count(), 1);
}

TEST_F(DatabaseTest, UndoesWhenTheWorkIsNot) {
  const Status status = db_.App().Transact([](Transaction& tx) -> Status {
    EXPECT_EQ(tx.Execute(kInsert, std::int64_t{1}, std::int64_t{1}), 1);
    return FailedPrecondition("changed my mind");
  });
  EXPECT_EQ(StatusMessage(status), "changed my mind");
  EXPECT_EQ(Count(), 0);
}

TEST_F(DatabaseTest, UndoesWhenTheWorkThrows) {
  EXPECT_THROW(db_.App()
                   .Transact([](Transaction& tx) -> Status {
                     tx.Execute(kInsert, std::int64_t{1}, std::int64_t{1});
                     throw std::runtime_error("not ours");
                   })
                   .IgnoreError(),
               std::runtime_error);
  EXPECT_EQ(Count(), 0);
}

// COMMIT of a failed transaction succeeds with the tag ROLLBACK: it must not look like success.
TEST_F(DatabaseTest, ASwallowedErrorIsNoSuccess) {
  const Status status = db_.App().Transact([](Transaction& tx) -> Status {
    tx.Execute(kInsert, std::int64_t{1}, std::int64_t{1});
    try {
      tx.Execute(kInsert, std::int64_t{1}, std::int64_t{1});
    } catch (const Error&) {
      // What the rules forbid.
    }
    return OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists) << status;
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(Insert(db_.App(), 2).ok());
}

TEST_F(DatabaseTest, NamesTheConstraintAndNoValue) {
  ASSERT_TRUE(Insert(db_.App(), 777123).ok());
  const Status twice = Insert(db_.App(), 777123);
  EXPECT_EQ(twice.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(StatusMessage(twice), HasSubstr("thing_once"));
  EXPECT_THAT(StatusMessage(twice), Not(HasSubstr("777123")));
  const Status negative = Insert(db_.App(), 2, -777123);
  EXPECT_EQ(negative.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(negative), HasSubstr("thing_positive"));
  EXPECT_THAT(StatusMessage(negative), Not(HasSubstr("777123")));
  const Status bad = db_.App().Transact([](Transaction& tx) -> Status {
    tx.Query(Query{"test_cast", "SELECT $1::text::bigint"}, "secret words");
    return OkStatus();
  });
  EXPECT_EQ(bad.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(StatusMessage(bad), Not(HasSubstr("secret")));
}

TEST_F(DatabaseTest, AnErrorAtCommitIsCertain) {
  const Status status = db_.Admin().Transact([](Transaction& tx) -> Status {
    tx.RunScript("INSERT INTO public.thing VALUES (1, 1, 5), (2, 1, 5)");
    return OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists) << status;
  EXPECT_THAT(StatusMessage(status), HasSubstr("thing_late"));
  EXPECT_EQ(Count(), 0);
}

TEST_F(DatabaseTest, RunsAgainAfterASerializationFailure) {
  ASSERT_TRUE(Insert(db_.App(), 1, 1).ok());
  int runs = 0;
  const Status status = db_.App().Transact(
      TransactOptions{.isolation = Isolation::kRepeatableRead}, [&](Transaction& tx) -> Status {
        ++runs;
        tx.Query(kValue, std::int64_t{1});
        if (runs == 1) {
          // Somebody else changes the row after our snapshot.
          RETURN_IF_ERROR(db_.App().Transact([](Transaction& other) -> Status {
            other.Execute(kUpdate, std::int64_t{1});
            return OkStatus();
          }));
        }
        tx.Execute(kUpdate, std::int64_t{1});
        return OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, 2);
  const auto value = db_.App().Transact([](Transaction& tx) -> StatusOr<std::int64_t> {
    return tx.Query(kValue, std::int64_t{1}).One<std::int64_t>();
  });
  EXPECT_EQ(*value, 3);
}

TEST_F(DatabaseTest, GivesUpAfterFiveMoreRuns) {
  int runs = 0;
  const Status status = db_.App().Transact([&](Transaction& tx) -> Status {
    ++runs;
    tx.RunScript("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$");
    return OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted) << status;
  EXPECT_EQ(runs, 6);
}

TEST_F(DatabaseTest, RunsAgainAfterADeadlock) {
  ASSERT_TRUE(Insert(db_.App(), 1).ok());
  ASSERT_TRUE(Insert(db_.App(), 2).ok());
  std::barrier both(2);
  std::atomic<int> runs = 0;
  const auto update = [&](std::int64_t first, std::int64_t second) {
    bool met = false;
    return db_.App().Transact([&](Transaction& tx) -> Status {
      ++runs;
      tx.Execute(kUpdate, first);
      if (!met) both.arrive_and_wait();
      met = true;
      tx.Execute(kUpdate, second);
      return OkStatus();
    });
  };
  Status other;
  std::thread thread([&] { other = update(2, 1); });
  const Status mine = update(1, 2);
  thread.join();
  EXPECT_TRUE(mine.ok()) << mine;
  EXPECT_TRUE(other.ok()) << other;
  EXPECT_GE(runs, 3);
}

TEST_F(DatabaseTest, RunsAgainWhenTheConnectionIsLostBeforeCommit) {
  int runs = 0;
  const Status status = db_.App().Transact([&](Transaction& tx) -> Status {
    ++runs;
    tx.Execute(kInsert, std::int64_t{1}, std::int64_t{1});
    if (runs == 1) Terminate(tx.Query(kBackend).One<std::int32_t>());
    tx.Execute(kInsert, std::int64_t{2}, std::int64_t{1});
    return OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Count(), 2);
}

// What stands around the work of a transaction is part of it.
class Within : public DatabaseTest {
 protected:
  Database Around(Status before, Status after) {
    return db_.App().Within({.before =
                                 [this, before](Transaction& tx) {
                                   tx.Execute(kInsert, std::int64_t{100 + ++begun_},
                                              std::int64_t{1});
                                   return before;
                                 },
                             .after =
                                 [this, after](Transaction& tx) {
                                   seen_ = tx.Query(kCount).One<std::int64_t>();
                                   return after;
                                 }});
  }

  std::int64_t begun_ = 0;
  std::int64_t seen_ = 0;
};

TEST_F(Within, WhatStandsAroundCommitsWithTheWork) {
  EXPECT_TRUE(Insert(Around(OkStatus(), OkStatus()), 1).ok());
  EXPECT_EQ(seen_, 2);
  EXPECT_EQ(Count(), 2);
}

TEST_F(Within, ARefusalBeforeOrAfterUndoesAll) {
  EXPECT_EQ(Insert(Around(Aborted("not so"), OkStatus()), 1).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(seen_, 0);  // neither the work nor what follows it began
  EXPECT_EQ(Insert(Around(OkStatus(), Aborted("not so")), 1).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Count(), 0);
}

TEST_F(Within, ARefusalOfTheWorkLeavesNothingOfWhatStandsAround) {
  const Status refused = Around(OkStatus(), OkStatus()).Transact([](Transaction&) -> Status {
    return FailedPrecondition("no");
  });
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Count(), 0);
}

TEST_F(Within, AReadStandsAlone) {
  const auto count =
      Around(Aborted("never asked"), OkStatus())
          .Transact({.read_only = true}, [](Transaction& tx) -> StatusOr<std::int64_t> {
            return tx.Query(kCount).One<std::int64_t>();
          });
  EXPECT_EQ(count.value(), 0);
  EXPECT_EQ(begun_, 0);
}

TEST_F(DatabaseTest, AStatementMadeForOneCallTakesItsValuesApart) {
  ASSERT_TRUE(Insert(db_.App(), 1, 7).ok());
  ASSERT_TRUE(Insert(db_.App(), 2, 8).ok());
  const auto read = [&](const std::string& condition, std::vector<EncodedValue> values) {
    return db_.App().Transact([&](Transaction& tx) -> StatusOr<std::vector<std::int64_t>> {
      return tx.QueryOnce("SELECT id FROM public.thing WHERE " + condition + " ORDER BY id", values)
          .All<std::int64_t>();
    });
  };
  EXPECT_EQ(read("TRUE", {}).value(), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(
      read("value > $1 AND id <> $2", {Encode(std::int64_t{7}), Encode(std::int64_t{9})}).value(),
      (std::vector<std::int64_t>{2}));
  // What looks like SQL is a value.
  EXPECT_EQ(read("id::text = $1", {Encode(std::string("1' OR 'x' = 'x"))}).value(),
            std::vector<std::int64_t>{});
}

TEST_F(DatabaseTest, StopsAStatementAtItsTimeout) {
  const Status status = db_.App().Transact(
      TransactOptions{.statement_timeout = std::chrono::milliseconds(50)},
      [](Transaction& tx) -> Status {
        tx.Query(kSleep);
        return OkStatus();
      });
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded) << status;
}

TEST_F(DatabaseTest, StopsWaitingForALock) {
  ASSERT_TRUE(Insert(db_.App(), 1).ok());
  const Status outer = db_.App().Transact([&](Transaction& tx) -> Status {
    tx.Execute(kUpdate, std::int64_t{1});
    const Status inner = db_.App().Transact(
        TransactOptions{.statement_timeout = std::chrono::milliseconds(300),
                        .lock_timeout = std::chrono::milliseconds(20)},
        [](Transaction& other) -> Status {
          other.Execute(kUpdate, std::int64_t{1});
          return OkStatus();
        });
    EXPECT_EQ(inner.code(), absl::StatusCode::kAborted) << inner;
    return OkStatus();
  });
  EXPECT_TRUE(outer.ok()) << outer;
}

// A stopped server closes nothing: only our own deadline ends the wait.
TEST_F(DatabaseTest, DoesNotWaitForeverForAServerThatHangs) {
  if (!db_.IsIsolated()) GTEST_SKIP() << "skipped: needs the embedded server";
  ConnectOptions options = db_.AppOptions();
  options.pool_size = 1;
  const Database database = Database::Open(options).value();
  const pid_t backend = Backend(database);
  if (kill(backend, SIGSTOP) != 0) GTEST_SKIP() << "skipped: may not stop the server's process";
  const Status status = database.Transact(
      TransactOptions{.statement_timeout = std::chrono::milliseconds(100)},
      [](Transaction& tx) -> Status {
        tx.Query(kCount);
        return OkStatus();
      });
  kill(backend, SIGCONT);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
}

TEST_F(DatabaseTest, ReplacesAPooledConnectionThatWasClosed) {
  ConnectOptions options = db_.AppOptions();
  options.pool_size = 1;
  const Database database = Database::Open(options).value();
  Terminate(Backend(database));
  EXPECT_TRUE(Insert(database, 1).ok());
}

TEST_F(DatabaseTest, APoolThatIsBusySaysSo) {
  ConnectOptions options = db_.AppOptions();
  options.pool_size = 1;
  options.connect_timeout = std::chrono::milliseconds(50);
  const Database database = Database::Open(options).value();
  const Status status = database.Transact([&](Transaction&) { return Insert(database, 1); });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_THAT(StatusMessage(status), HasSubstr("all 1 connections"));
}

TEST_F(DatabaseTest, ThreadsShareAPool) {
  ConnectOptions options = db_.AppOptions();
  options.pool_size = 3;
  const Database database = Database::Open(options).value();
  std::vector<std::thread> threads;
  for (std::int64_t t = 0; t < 8; ++t) {
    threads.emplace_back([&database, t] {
      for (std::int64_t i = 0; i < 20; ++i) EXPECT_TRUE(Insert(database, 100 * t + i).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Count(), 160);
}

TEST_F(DatabaseTest, ScopeEndsWithItsTransaction) {
  ConnectOptions options = db_.AppOptions();
  options.pool_size = 1;
  const Database database = Database::Open(options).value();
  constexpr Query kScope{"test_scope", R"sql(
    SELECT current_setting('sluice.payer_id', true) || ' ' ||
           current_setting('sluice.user_id', true)
  )sql"};
  const auto scope = [&](const Database& scoped) {
    return scoped
        .Transact([&](Transaction& tx) -> StatusOr<std::string> {
          return tx.Query(kScope).One<std::string>();
        })
        .value();
  };
  EXPECT_EQ(scope(database.ForPayer(PayerId(7)).AsUser(UserId(9))), "7 9");
  EXPECT_EQ(scope(database), " ");
}

TEST_F(DatabaseTest, RowsOfAnotherPayerAreInvisible) {
  const PayerId first = db_.NewPayer("First");
  const PayerId second = db_.NewPayer("Second");
  constexpr Query kNames{"test_names", "SELECT name FROM core.payer"};
  const auto names = [&](const Database& database) {
    return database
        .Transact([&](Transaction& tx) -> StatusOr<std::vector<std::string>> {
          return tx.Query(kNames).All<std::string>();
        })
        .value();
  };
  EXPECT_THAT(names(db_.App().ForPayer(first)), ::testing::ElementsAre("First"));
  EXPECT_THAT(names(db_.Verify().ForPayer(second)), ::testing::ElementsAre("Second"));
  EXPECT_THAT(names(db_.App()), ::testing::IsEmpty());
  // Nor can one payer's transaction store a row of another.
  const Status foreign = db_.App().ForPayer(first).Transact([](Transaction& tx) -> Status {
    tx.Execute(Query{"test_foreign", "INSERT INTO core.payer VALUES (999, 'X', '123456789')"});
    return OkStatus();
  });
  EXPECT_EQ(foreign.code(), absl::StatusCode::kPermissionDenied) << foreign;
}

TEST_F(DatabaseTest, TheServiceMayNotChangeWhatIsAppendOnly) {
  const PayerId payer = db_.NewPayer("Plan");
  for (const char* sql : {"DELETE FROM core.payer", "UPDATE core.payer SET name = 'x'",
                          "TRUNCATE core.payer", "DROP TABLE core.payer"}) {
    const Status status = db_.App().ForPayer(payer).Transact([&](Transaction& tx) -> Status {
      tx.RunScript(sql);
      return OkStatus();
    });
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << sql << ": " << status;
  }
}

TEST_F(DatabaseTest, AServerThatIsNotThereIsUnavailable) {
  const auto database = Database::Open({.uri = "host=/nonexistent user=nobody dbname=none"});
  EXPECT_EQ(database.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(StatusMessage(database.status()), HasSubstr("/nonexistent"));
}

class InDoubt : public DatabaseTest {
 protected:
  void SetUp() override {
    if (!db_.AppOptions().uri.starts_with("host=/")) {
      GTEST_SKIP() << "skipped: the proxy stands before the embedded server only";
    }
    proxy_ = std::make_unique<CuttingProxy>(db_.AppOptions());
    database_ = Database::Open(proxy_->Options()).value();
  }

  std::unique_ptr<CuttingProxy> proxy_;
  std::optional<Database> database_;
};

TEST_F(InDoubt, ALostAnswerIsNotRunAgain) {
  int runs = 0;
  proxy_->CutNext(CuttingProxy::Cut::kAfterDelivery);
  const Status status = database_->Transact([&](Transaction& tx) -> Status {
    ++runs;
    tx.Execute(kInsert, std::int64_t{1}, std::int64_t{1});
    return OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(proxy_->Cuts(), 1);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(Count(), 1);
}

TEST_F(InDoubt, ALostCommitIsRunAgain) {
  int runs = 0;
  proxy_->CutNext(CuttingProxy::Cut::kBeforeDelivery);
  const Status status = database_->Transact([&](Transaction& tx) -> Status {
    ++runs;
    tx.Execute(kInsert, std::int64_t{1}, std::int64_t{1});
    return OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Count(), 1);
}

// The server still holds the transaction open: the verdict comes when its session ends.
TEST_F(InDoubt, AnOpenTransactionIsWaitedFor) {
  int runs = 0;
  proxy_->CutNext(CuttingProxy::Cut::kOnlyOurSide);
  const Status status = database_->Transact(
      TransactOptions{.idle_timeout = std::chrono::milliseconds(500)},
      [&](Transaction& tx) -> Status {
        ++runs;
        tx.Execute(kInsert, std::int64_t{1}, std::int64_t{1});
        return OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Count(), 1);
}

TEST_F(InDoubt, WithoutAVerdictTheOutcomeIsUnknown) {
  ConnectOptions options = proxy_->Options();
  options.verdict_timeout = std::chrono::milliseconds(300);
  const Database database = Database::Open(options).value();
  proxy_->RefuseAfterCut();
  proxy_->CutNext(CuttingProxy::Cut::kAfterDelivery);
  int runs = 0;
  const Status status = database.Transact([&](Transaction& tx) -> Status {
    ++runs;
    tx.Execute(kInsert, std::int64_t{1}, std::int64_t{1});
    return OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(StatusMessage(status), HasSubstr("outcome unknown"));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(Count(), 1);
}

TEST_F(InDoubt, AReadThatIsCutIsRunAgain) {
  proxy_->CutNext(CuttingProxy::Cut::kAfterDelivery);
  int runs = 0;
  const Status status =
      database_->Transact(TransactOptions{.read_only = true}, [&](Transaction& tx) -> Status {
        ++runs;
        tx.Query(kCount);
        return OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, 2);
}

}  // namespace
}  // namespace sluice::pg
