// The embedded server: made, reused, recovered after every kind of death, and never shared.
#include "core/pg/embedded.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/pg/connection.h"
#include "core/pg/migrate.h"
#include "core/pg/start_check.h"

namespace sluice::pg {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr const char* kHoldVariable = "SLUICE_TEST_HOLD_SERVER";
constexpr Instant kNow = Instant::FromMicros(1'790'856'000'000'000);

class Embedded : public ::testing::Test {
 protected:
  // One directory for all: initdb takes a second.
  static void SetUpTestSuite() {
    root_ = "/tmp/sluice-embedded-test-XXXXXX";
    ASSERT_NE(mkdtemp(root_.data()), nullptr);
    chmod(root_.c_str(), 0711);
  }
  static void TearDownTestSuite() { fs::remove_all(root_); }

  static EmbeddedOptions Options() {
    EmbeddedOptions options;
    options.directory = root_ + "/db";
    options.shared_buffers_mb = 32;
    return options;
  }
  static std::unique_ptr<EmbeddedServer> Start() {
    auto server = EmbeddedServer::Start(Options());
    EXPECT_TRUE(server.ok()) << server.status();
    return server.ok() ? *std::move(server) : nullptr;
  }

  static Status Run(const ConnectOptions& options, const std::string& sql) {
    ASSIGN_OR_RETURN(const Database database, Database::Open(options));
    return database.Transact([&](Transaction& tx) -> Status {
      tx.RunScript(sql);
      return OkStatus();
    });
  }
  // Stores a row, durably; the table is there after the first time.
  static Status Store(const EmbeddedServer& server) {
    return Run(server.Admin(),
               "CREATE TABLE IF NOT EXISTS public.kept (id bigint);"
               "INSERT INTO public.kept SELECT count(*) FROM public.kept");
  }
  static std::int64_t Stored(const EmbeddedServer& server) {
    return Database::Open(server.Admin())
        .value()
        .Transact([](Transaction& tx) -> StatusOr<std::int64_t> {
          return tx.Query(Query{"embedded_stored", "SELECT count(*) FROM public.kept"})
              .One<std::int64_t>();
        })
        .value();
  }

  // This program again, as a process that holds the server; waits until it does.
  static pid_t StartHolder() {
    int ready[2];
    EXPECT_EQ(pipe(ready), 0);
    const std::string value = Options().directory + ":" + std::to_string(ready[1]);
    const pid_t pid = fork();
    if (pid == 0) {
      setenv(kHoldVariable, value.c_str(), 1);
      execl("/proc/self/exe", "embedded_test", "--gtest_filter=Holder.HoldsAServerUntilKilled",
            nullptr);
      _exit(127);
    }
    close(ready[1]);
    char byte = 0;
    EXPECT_EQ(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
  }

  static std::string root_;
};

std::string Embedded::root_;

// A process that nobody has reaped yet still has a number, but no command line.
bool IsAlive(pid_t pid) {
  std::string line;
  std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/cmdline"), line);
  return !line.empty();
}

// Runs only as the child of a test below.
TEST(Holder, HoldsAServerUntilKilled) {
  const char* value = std::getenv(kHoldVariable);
  if (value == nullptr) GTEST_SKIP() << "skipped: a process for other tests";
  const std::string text = value;
  const std::size_t colon = text.rfind(':');
  EmbeddedOptions options;
  options.directory = text.substr(0, colon);
  options.shared_buffers_mb = 32;
  const auto server = EmbeddedServer::Start(options);
  ASSERT_TRUE(server.ok()) << server.status();
  const int ready = std::stoi(text.substr(colon + 1));
  ASSERT_EQ(write(ready, "r", 1), 1);
  for (;;) pause();
}

TEST_F(Embedded, IsMadeMigratedAndReused) {
  {
    const auto server = Start();
    ASSERT_NE(server, nullptr);
    const Database admin = Database::Open(server->Admin()).value();
    ASSERT_TRUE(Migrate(admin, EmbeddedMigrations(), kNow).ok());
    EXPECT_TRUE(CheckStart(Database::Open(server->App()).value()).ok())
        << CheckStart(Database::Open(server->App()).value());
    EXPECT_TRUE(CheckStart(Database::Open(server->Verify()).value()).ok());
    EXPECT_TRUE(CheckStart(Database::Open(server->Files()).value()).ok());
    EXPECT_TRUE(Store(*server).ok());
  }
  const auto again = Start();
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(Stored(*again), 1);
}

TEST_F(Embedded, KeepsPasswordsAndSocketPrivate) {
  std::string sockets;
  {
    const auto server = Start();
    ASSERT_NE(server, nullptr);
    struct stat info;
    ASSERT_EQ(stat((Options().directory + "/passwords").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U);
    sockets = server->SocketDirectory();
    ASSERT_EQ(stat(sockets.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700U);
    ConnectOptions without = server->Admin();
    without.password_file = "/dev/null";
    EXPECT_FALSE(Database::Open(without).ok());
  }
  EXPECT_FALSE(fs::exists(sockets));
}

TEST_F(Embedded, RecoversAfterItsPostmasterIsKilled) {
  std::int64_t stored = 0;
  {
    const auto server = Start();
    ASSERT_NE(server, nullptr);
    ASSERT_TRUE(Store(*server).ok());
    stored = Stored(*server);
    ASSERT_EQ(kill(server->ProcessId(), SIGKILL), 0);
    while (server->IsRunning()) poll(nullptr, 0, 5);
  }
  const auto again = Start();
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(Stored(*again), stored);
}

// After a crash, the server may give a transaction id a second time: an in-doubt COMMIT from before
// must not be answered with the fate of another transaction.
TEST_F(Embedded, ACrashMakesAnotherServerOfIt) {
  const auto server = Start();
  ASSERT_NE(server, nullptr);
  const ServerIdentity before = Connection::Connect(server->Admin())->Identity();
  EXPECT_EQ(Connection::Connect(server->App())->Identity(), before);
  const Database database = Database::Open(server->Admin()).value();
  const auto backend = database.Transact([](Transaction& tx) -> StatusOr<std::int32_t> {
    return tx.Query(Query{"embedded_backend", "SELECT pg_backend_pid()"}).One<std::int32_t>();
  });
  ASSERT_EQ(kill(*backend, SIGKILL), 0);
  while (!Database::Open(server->Admin()).ok()) poll(nullptr, 0, 10);  // it recovers by itself
  EXPECT_NE(Connection::Connect(server->Admin())->Identity(), before);
}

TEST_F(Embedded, RecoversAfterItsOwnerIsKilled) {
  const pid_t holder = StartHolder();
  ASSERT_EQ(kill(holder, SIGKILL), 0);
  ASSERT_EQ(waitpid(holder, nullptr, 0), holder);
  const auto again = Start();
  ASSERT_NE(again, nullptr);
  EXPECT_TRUE(Store(*again).ok());
}

TEST_F(Embedded, StopsAServerThatOutlivedItsOwner) {
  pid_t old = 0;
  const pid_t holder = StartHolder();
  std::ifstream(Options().directory + "/cluster/postmaster.pid") >> old;
  ASSERT_GT(old, 0);
  // A stopped postmaster cannot follow the signal that its owner's death sends.
  ASSERT_EQ(kill(old, SIGSTOP), 0);
  ASSERT_EQ(kill(holder, SIGKILL), 0);
  ASSERT_EQ(waitpid(holder, nullptr, 0), holder);
  ASSERT_TRUE(IsAlive(old));
  ASSERT_EQ(kill(old, SIGCONT), 0);
  const auto again = Start();
  ASSERT_NE(again, nullptr);
  EXPECT_FALSE(IsAlive(old));
  EXPECT_TRUE(Store(*again).ok());
}

TEST_F(Embedded, ASecondProcessIsToldWhoHasIt) {
  const pid_t holder = StartHolder();
  const auto second = EmbeddedServer::Start(Options());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(second.status()), HasSubstr("process " + std::to_string(holder)));
  EXPECT_THAT(StatusMessage(second.status()), HasSubstr(Options().directory));
  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);
}

TEST_F(Embedded, AnInterruptedInitdbIsDoneAgain) {
  EmbeddedOptions options = Options();
  options.directory = root_ + "/half";
  options.durable = false;
  fs::create_directories(options.directory + "/cluster.new/base");
  chmod(options.directory.c_str(), 0711);
  const auto server = EmbeddedServer::Start(options);
  EXPECT_TRUE(server.ok()) << server.status();
}

TEST_F(Embedded, AnotherMajorVersionIsRefused) {
  EmbeddedOptions options = Options();
  options.directory = root_ + "/old";
  fs::create_directories(options.directory + "/cluster");
  std::ofstream(options.directory + "/cluster/PG_VERSION") << "9.6\n";
  const auto server = EmbeddedServer::Start(options);
  EXPECT_THAT(StatusMessage(server.status()), HasSubstr("was made by PostgreSQL 9.6"));
}

TEST_F(Embedded, ADirectoryTheServerUserCannotReachIsNamed) {
  if (geteuid() != 0) GTEST_SKIP() << "skipped: only root runs the server as another user";
  const std::string closed = root_ + "/closed";
  fs::create_directories(closed);
  chmod(closed.c_str(), 0700);
  EmbeddedOptions options = Options();
  options.directory = closed + "/data";
  const auto server = EmbeddedServer::Start(options);
  EXPECT_EQ(server.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(server.status()), HasSubstr("under " + closed));
}

TEST_F(Embedded, AServerThatCannotStartShowsItsLog) {
  EmbeddedOptions options = Options();
  options.directory = root_ + "/broken";
  options.durable = false;
  { ASSERT_TRUE(EmbeddedServer::Start(options).ok()); }
  fs::remove(options.directory + "/cluster/global/pg_control");
  const auto server = EmbeddedServer::Start(options);
  EXPECT_EQ(server.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(server.status()), HasSubstr("could not find the database system"));
}

TEST_F(Embedded, MissingProgramsAreNamed) {
  EmbeddedOptions options = Options();
  options.directory = root_ + "/programs";
  options.bin_directory = "/nonexistent";
  const auto server = EmbeddedServer::Start(options);
  EXPECT_EQ(server.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(server.status()), HasSubstr("/nonexistent/initdb"));
}

}  // namespace
}  // namespace sluice::pg
