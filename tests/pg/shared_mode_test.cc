// The test database on a server where its role may not make databases, as on Citus: all tests share
// one database, and each sees its own payer and nothing of the others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "core/pg/embedded.h"
#include "tests/support/test_database.h"

namespace sluice::testing {
namespace {

constexpr pg::Query kMakeRole{"test_make_role", R"sql(
  CREATE ROLE shared_tester LOGIN PASSWORD 'shared' NOSUPERUSER NOCREATEDB CREATEROLE BYPASSRLS
)sql"};
constexpr pg::Query kPayers{"test_payers", "SELECT payer_id FROM core.payer"};
constexpr pg::Query kWhoAmI{"test_who", "SELECT current_user::text || ' ' || current_database()"};

// A private server, named by the variable before the first TestDatabase looks for it.
class PrivateServer : public ::testing::Environment {
 public:
  void SetUp() override {
    directory_ = "/tmp/sluice-shared-test-XXXXXX";
    ASSERT_NE(mkdtemp(directory_.data()), nullptr);
    chmod(directory_.c_str(), 0711);  // the server's user passes through
    pg::EmbeddedOptions options;
    options.directory = directory_ + "/db";
    options.durable = false;
    options.shared_buffers_mb = 32;
    auto server = pg::EmbeddedServer::Start(options);
    ASSERT_TRUE(server.ok()) << StatusMessage(server.status());
    server_ = *std::move(server);
    pg::ConnectOptions admin = server_->Admin();
    admin.database = "postgres";
    const auto database = pg::Database::Open(admin);
    ASSERT_TRUE(database.ok()) << StatusMessage(database.status());
    const Status made = database->Transact([](pg::Transaction& tx) -> Status {
      tx.Execute(kMakeRole);
      return OkStatus();
    });
    ASSERT_TRUE(made.ok()) << StatusMessage(made);
    ASSERT_TRUE(pg::CreateDatabase(admin, "shared", "template0").ok());
    const Status owned = database->Transact([](pg::Transaction& tx) -> Status {
      tx.Execute(pg::Query{"test_own", "ALTER DATABASE shared OWNER TO shared_tester"});
      return OkStatus();
    });
    ASSERT_TRUE(owned.ok()) << StatusMessage(owned);
    const std::string uri = "host=" + server_->SocketDirectory() +
                            " port=5432 user=shared_tester password=shared dbname=shared";
    ASSERT_EQ(setenv("SLUICE_TEST_DATABASE_URL", uri.c_str(), 1), 0);
  }
  void TearDown() override {
    unsetenv("SLUICE_TEST_DATABASE_URL");
    server_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

 private:
  std::string directory_;
  std::unique_ptr<pg::EmbeddedServer> server_;
};

const ::testing::Environment* const kServer =
    ::testing::AddGlobalTestEnvironment(new PrivateServer);

std::vector<PayerId> PayersSeen(const pg::Database& database) {
  const auto seen = database.Transact([](pg::Transaction& tx) -> StatusOr<std::vector<PayerId>> {
    const pg::Result rows = tx.Query(kPayers);
    std::vector<PayerId> payers;
    for (int i = 0; i < rows.Size(); ++i) payers.push_back(rows[i].Get<PayerId>(0));
    return payers;
  });
  EXPECT_TRUE(seen.ok()) << StatusMessage(seen.status());
  return seen.value_or(std::vector<PayerId>{});
}

std::string WhoAmI(const pg::Database& database) {
  return database
      .Transact([](pg::Transaction& tx) -> StatusOr<std::string> {
        return tx.Query(kWhoAmI).One<std::string>();
      })
      .value();
}

TEST(SharedMode, EachTestSeesItsOwnPayerOnly) {
  TestDatabase first;
  TestDatabase second;
  EXPECT_FALSE(first.IsIsolated());
  const PayerId mine = first.NewPayer("Mine");
  const PayerId theirs = second.NewPayer("Theirs");
  EXPECT_NE(mine, theirs);
  EXPECT_THAT(PayersSeen(first.App().ForPayer(mine)), ::testing::ElementsAre(mine));
  EXPECT_THAT(PayersSeen(second.App().ForPayer(theirs)), ::testing::ElementsAre(theirs));
  EXPECT_THAT(PayersSeen(first.App()), ::testing::IsEmpty());
  // One database: whom row-level security does not bind sees both.
  EXPECT_THAT(PayersSeen(first.Admin()), ::testing::IsSupersetOf({mine, theirs}));
}

TEST(SharedMode, EachConnectionActsAsItsRole) {
  TestDatabase db;
  EXPECT_EQ(WhoAmI(db.App()), "sluice_app shared");
  EXPECT_EQ(WhoAmI(db.Files()), "sluice_files shared");
  EXPECT_EQ(WhoAmI(db.Verify()), "sluice_verify shared");
  EXPECT_EQ(WhoAmI(db.Admin()), "shared_tester shared");
}

// What an earlier test stored stays: ids of a later one are others.
TEST(SharedMode, IdsOfTwoTestsNeverMeet) {
  TestDatabase first;
  TestDatabase second;
  std::set<std::int64_t> ids;
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_TRUE(ids.insert(first.Ids().NextValue()).second);
    EXPECT_TRUE(ids.insert(second.Ids().NextValue()).second);
  }
  TestDatabase later;
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(ids.insert(later.Ids().NextValue()).second);
}

}  // namespace
}  // namespace sluice::testing
