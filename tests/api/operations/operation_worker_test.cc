// Operations that two servers share: one that stops in the middle is followed by the other, and
// changes nothing when it comes back late.
#include "api/operations/operation_worker.h"

#include <gmock/gmock.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include <future>

#include "api/audit/audit_store.h"
#include "api/handlers/run_jobs.h"
#include "api/handlers/run_messages.h"
#include "api/handlers/run_rounds.h"
#include "api/operations/operation_store.h"
#include "api/operations/schedule.h"
#include "payments/release_service.h"
#include "sluice/payments/v1/run.pb.h"
#include "tests/payments/run_fixture.h"

namespace sluice::api {
namespace {

using google::protobuf::Any;
using payments::Dollars;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kMethod[] = "sluice.test.Service/Work";
constexpr char kRelease[] = "sluice.payments.v1.RunService/ReleaseRun";
constexpr std::int64_t kOneSecond = 1'000'000;

constexpr pg::Query kReasons{"test_audit_reasons", R"sql(
  SELECT reason FROM core.audit_event WHERE method = $1 ORDER BY event_id
)sql"};

class OperationWorkerTest : public payments::RunFixture {
 protected:
  OperationWorker Server(const std::string& name, Jobs jobs) {
    return OperationWorker({.database = db_.App(),
                            .payer = payer_,
                            .clock = db_.Clock(),
                            .ids = db_.Ids(),
                            .lease = {.holder = name}},
                           std::move(jobs));
  }
  template <typename Work>
  auto Within(Work&& work) {
    return db_.App().ForPayer(payer_).Transact(std::forward<Work>(work));
  }
  OperationId Begin(const std::string& method = kMethod, const std::string& job = "a job",
                    const std::string& request = "") {
    const Operation operation{.id = db_.Ids().Next<OperationTag>(),
                              .method = method,
                              .target = "payers/x",
                              .job = job,
                              .actor = {UserId(77)},
                              .request = request,
                              .created_at = db_.Clock().Now()};
    const auto stored = Within([&](pg::Transaction& tx) -> StatusOr<bool> {
      return InsertOperation(tx, payer_, operation);
    });
    EXPECT_TRUE(stored.value());
    return operation.id;
  }
  Operation Find(OperationId id) {
    return Within([&](pg::Transaction& tx) -> StatusOr<Operation> {
             return FindOperation(tx, payer_, id).value();
           })
        .value();
  }
  std::vector<std::string> ReasonsOf(const std::string& method) {
    return Within([&](pg::Transaction& tx) -> StatusOr<std::vector<std::string>> {
             return tx.Query(kReasons, method).All<std::string>();
           })
        .value();
  }
  // Something that a job writes.
  Status Write(const pg::Database& database, const std::string& what) {
    return database.Transact([&](pg::Transaction& tx) -> Status {
      InsertAuditEvent(tx, {.payer = payer_,
                            .event_id = db_.Ids().NextValue(),
                            .recorded_at = db_.Clock().Now(),
                            .actor = UserId(77),
                            .method = "test/written",
                            .resource = "",
                            .reason = what});
      return OkStatus();
    });
  }
  static StatusOr<Any> Nothing() { return Any(); }
  static std::string ErrorOf(const Operation& operation) {
    google::rpc::Status status;
    EXPECT_TRUE(status.ParseFromString(operation.result));
    return status.message();
  }
  ReleaseDeskParts Desk() { return {db_.Files(), Settings(), *keys_}; }
};

TEST_F(OperationWorkerTest, WhoComesBackLateChangesNothing) {
  const OperationId id = Begin();
  OperationWorker second = Server("second", {{kMethod, [&](JobContext& job) -> StatusOr<Any> {
                                                RETURN_IF_ERROR(Write(job.Database(), "second"));
                                                return Nothing();
                                              }}});
  Status late, progress;
  OperationWorker first = Server("first", {{kMethod, [&](JobContext& job) -> StatusOr<Any> {
                                              RETURN_IF_ERROR(Write(job.Database(), "first"));
                                              // Nobody takes what somebody works on.
                                              EXPECT_FALSE(second.RunOne().value());
                                              // It is paused for longer than its lease.
                                              db_.Clock().AdvanceMicros(61 * kOneSecond);
                                              EXPECT_TRUE(second.RunOne().value());
                                              late = Write(job.Database(), "late");
                                              progress = job.Report("late");
                                              return Nothing();
                                            }}});
  EXPECT_TRUE(first.RunOne().value());
  EXPECT_EQ(late.code(), absl::StatusCode::kAborted);
  EXPECT_THAT(StatusMessage(late), HasSubstr("taken over"));
  EXPECT_EQ(progress.code(), absl::StatusCode::kAborted);
  EXPECT_THAT(ReasonsOf("test/written"), ElementsAre("first", "second"));
  const Operation ended = Find(id);
  EXPECT_EQ(ended.state, OperationState::kSucceeded);
  EXPECT_EQ(ended.attempts, 2);
  EXPECT_EQ(ended.phase, "");
  // It ended once.
  EXPECT_THAT(ReasonsOf(kMethod), ElementsAre(HasSubstr("ended: done")));
  EXPECT_FALSE(first.RunOne().value());
}

TEST_F(OperationWorkerTest, AWriteProlongsTheLease) {
  Begin();
  OperationWorker second = Server("second", {{kMethod, [](JobContext&) { return Nothing(); }}});
  OperationWorker first = Server("first", {{kMethod, [&](JobContext& job) -> StatusOr<Any> {
                                              db_.Clock().AdvanceMicros(40 * kOneSecond);
                                              RETURN_IF_ERROR(job.Report("step", 1, 3));
                                              db_.Clock().AdvanceMicros(40 * kOneSecond);
                                              EXPECT_FALSE(second.RunOne().value());
                                              return Nothing();
                                            }}});
  EXPECT_TRUE(first.RunOne().value());
}

TEST_F(OperationWorkerTest, AServerThatStopsGivesItsWorkBackAtOnce) {
  const OperationId id = Begin();
  std::stop_source stop;
  OperationWorker first = Server("first", {{kMethod, [&](JobContext& job) -> StatusOr<Any> {
                                              RETURN_IF_ERROR(job.Report("half", 1, 2));
                                              stop.request_stop();
                                              RETURN_IF_ERROR(job.GoOn());
                                              return Nothing();
                                            }}});
  EXPECT_TRUE(first.RunOne(stop.get_token()).value());
  EXPECT_FALSE(Find(id).HasEnded());
  EXPECT_EQ(Find(id).phase, "half");
  OperationWorker second = Server("second", {{kMethod, [](JobContext&) { return Nothing(); }}});
  EXPECT_TRUE(second.RunOne().value());
  EXPECT_EQ(Find(id).state, OperationState::kSucceeded);
}

TEST_F(OperationWorkerTest, WhatTheEnvironmentRefusesIsTriedAgainAFewTimes) {
  const OperationId id = Begin();
  int begun = 0;
  OperationWorker server = Server("server", {{kMethod, [&](JobContext&) -> StatusOr<Any> {
                                                ++begun;
                                                return Unavailable("the bank does not answer");
                                              }}});
  EXPECT_TRUE(server.RunOne().value());
  EXPECT_FALSE(server.RunOne().value());  // not at once
  for (int i = 0; i < 10; ++i) {
    db_.Clock().AdvanceMicros(60 * kOneSecond);
    EXPECT_TRUE(server.RunOne().ok());
  }
  EXPECT_EQ(begun, 5);
  EXPECT_EQ(Find(id).state, OperationState::kFailed);
  EXPECT_EQ(ErrorOf(Find(id)), "the bank does not answer");
}

TEST_F(OperationWorkerTest, WhatIsOurFaultSaysOnlyWhereTheLogHasIt) {
  const OperationId id = Begin();
  OperationWorker server = Server("server", {{kMethod, [&](JobContext&) -> StatusOr<Any> {
                                                return DataLoss("account 123 does not open");
                                              }}});
  EXPECT_TRUE(server.RunOne().value());
  EXPECT_EQ(Find(id).state, OperationState::kFailed);
  EXPECT_THAT(ErrorOf(Find(id)), HasSubstr(id.ToString()));
  EXPECT_THAT(ErrorOf(Find(id)), ::testing::Not(HasSubstr("123")));
}

TEST_F(OperationWorkerTest, AServerTakesOnlyWhatItHasAJobFor) {
  Begin("sluice.test.Service/Other");
  OperationWorker server = Server("server", {{kMethod, [](JobContext&) { return Nothing(); }}});
  EXPECT_FALSE(server.RunOne().value());
}

TEST_F(OperationWorkerTest, ThreadsWorkUntilTheServerStops) {
  const OperationId id = Begin();
  std::promise<void> begun;
  {
    const OperationWorkers workers({.database = db_.App(),
                                    .payer = payer_,
                                    .clock = db_.Clock(),
                                    .ids = db_.Ids(),
                                    .lease = {.holder = "server"}},
                                   {{kMethod,
                                     [&](JobContext&) {
                                       begun.set_value();
                                       return Nothing();
                                     }}},
                                   {.threads = 2, .look_every = std::chrono::milliseconds(10)});
    begun.get_future().wait();
  }
  EXPECT_EQ(Find(id).state, OperationState::kSucceeded);
}

// A release in three batches, whose worker is paused after the first one. Test T4 of the design.
// feature:M08
TEST_F(OperationWorkerTest, APausedReleaseIsFinishedByAnotherServerAndPaysOnce) {
  Fund(Dollars(5'000));
  std::vector<ShareOf> shares;
  for (std::int64_t party = 10; party < 15; ++party) {
    AddPaidPayee(party);
    shares.push_back({.party = party, .amount = Dollars(100)});
  }
  const payments::RunId run = Approved({Award(1, shares)});
  const RunPlace place{program_.program, Cycles().Find(run)->cycle, run};
  payments::v1::ReleaseRunRequest request;
  request.set_name(fmt::format("payers/{}/programs/{}/cycles/{}/runs/{}", payer_, place.program,
                               place.cycle, run));
  request.set_etag(Within([&](pg::Transaction& tx) {
                     return LoadRunMessage(tx, payer_, place, Locked::kNo);
                   })->etag());
  const OperationId id = Begin(kRelease, JobOfRun(run), request.SerializeAsString());

  OperationWorker second = Server("second", RunJobs(Desk()));
  Status paused;
  OperationWorker first =
      Server("first", {{kRelease, [&](JobContext& job) -> StatusOr<Any> {
                          bool once = true;
                          payments::ReleaseHooks hooks;
                          hooks.reached = [&](std::string_view where) -> Status {
                            if (where != "run.between_batches" || !once) return OkStatus();
                            once = false;
                            EXPECT_FALSE(second.RunOne().value());
                            db_.Clock().AdvanceMicros(61 * kOneSecond);
                            EXPECT_TRUE(second.RunOne().value());
                            return OkStatus();
                          };
                          payments::ReleaseService releases(job.Database(), db_.Files(), program_,
                                                            Settings(), *keys_, job.Clock(),
                                                            job.Ids(), hooks);
                          paused = releases.Release(run, job.Actor());
                          return paused;
                        }}});
  EXPECT_TRUE(first.RunOne().value());
  EXPECT_EQ(paused.code(), absl::StatusCode::kAborted) << StatusMessage(paused);
  EXPECT_EQ(Find(id).state, OperationState::kSucceeded) << ErrorOf(Find(id));
  EXPECT_EQ(StateOf(run), payments::RunState::kSettling);
  EXPECT_EQ(Balance(payments::PoolAccount(program_.pool.id)), Dollars(4'500));
  ExpectBooksInOrder();
}

TEST_F(OperationWorkerTest, ARoundIsDoneByOneServerAtATime) {
  int rounds = 0;
  const auto server = [&](const std::string& name) {
    return Schedule({.database = db_.App(),
                     .payer = payer_,
                     .clock = db_.Clock(),
                     .name = "cycles",
                     .holder = name,
                     .every = std::chrono::seconds(60),
                     .work = [this, &rounds, name](const pg::Database& database) {
                       ++rounds;
                       return Write(database, name);
                     }});
  };
  Schedule first = server("first");
  Schedule second = server("second");
  EXPECT_TRUE(first.RunIfDue().value());
  EXPECT_FALSE(second.RunIfDue().value());
  EXPECT_FALSE(first.RunIfDue().value());
  db_.Clock().AdvanceMicros(61 * kOneSecond);
  EXPECT_TRUE(second.RunIfDue().value());
  EXPECT_EQ(rounds, 2);
  EXPECT_THAT(ReasonsOf("test/written"), ElementsAre("first", "second"));
}

// feature:M17
TEST_F(OperationWorkerTest, ARoundReleasesWhatIsDueAndLeavesWhatAnOperationWorksOn) {
  Fund(Dollars(5'000));
  AddPaidPayee(10);
  const payments::RunId run = Approved({Award(1, {{.party = 10, .amount = Dollars(100)}})});
  const RunRoundParts parts{payer_, kService.user, db_.Clock(), db_.Ids(), Desk()};
  const OperationId id = Begin(kRelease, JobOfRun(run));
  EXPECT_THAT(RunRound(db_.App(), parts).value(), IsEmpty());
  EXPECT_EQ(StateOf(run), payments::RunState::kApproved);
  OperationWorker server = Server(
      "server",
      {{kRelease, [](JobContext&) -> StatusOr<Any> { return FailedPrecondition("not today"); }}});
  ASSERT_TRUE(server.RunOne().value());
  EXPECT_EQ(Find(id).state, OperationState::kFailed);
  const auto lines = RunRound(db_.App(), parts);
  ASSERT_TRUE(lines.ok()) << StatusMessage(lines.status());
  ASSERT_EQ(lines->size(), 1U);
  EXPECT_EQ(lines->front().outcome, payments::TickOutcome::kDone) << lines->front().what;
  EXPECT_EQ(StateOf(run), payments::RunState::kSettling);
}

}  // namespace
}  // namespace sluice::api
