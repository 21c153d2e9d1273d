// Migrations: each once, in order, guarded by its checksum; and the checks before a service starts.
#include "core/pg/migrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "core/pg/start_check.h"
#include "tests/support/test_database.h"

namespace sluice::pg {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Instant kNow = Instant::FromMicros(1'790'856'000'000'000);

class MigrateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!db_.IsIsolated()) GTEST_SKIP() << "skipped: needs a database of its own";
    known_.push_back({"9001_test_one", "CREATE TABLE core.one (id bigint PRIMARY KEY)"});
    known_.push_back({"9003_test_three", "CREATE TABLE core.three (id bigint PRIMARY KEY)"});
  }

  bool Exists(const std::string& table) const {
    return db_.Admin()
        .Transact([&](Transaction& tx) -> StatusOr<bool> {
          return tx
              .Query(Query{"migrate_test_exists", "SELECT to_regclass($1::text) IS NOT NULL"},
                     table)
              .One<bool>();
        })
        .value();
  }

  testing::TestDatabase db_;
  std::vector<Migration> known_ = EmbeddedMigrations();
};

TEST_F(MigrateTest, AppliesWhatIsMissingOnce) {
  EXPECT_THAT(Migrate(db_.Admin(), known_, kNow).value(),
              ElementsAre("9001_test_one", "9003_test_three"));
  EXPECT_TRUE(Exists("core.three"));
  EXPECT_THAT(Migrate(db_.Admin(), known_, kNow).value(), IsEmpty());
  EXPECT_TRUE(CheckSchemaVersion(db_.App(), known_).ok());
}

TEST_F(MigrateTest, TheOwnerOwnsWhatItMakes) {
  ASSERT_TRUE(Migrate(db_.Admin(), known_, kNow).ok());
  const auto owner = db_.Admin().Transact([](Transaction& tx) -> StatusOr<std::string> {
    return tx
        .Query(Query{"migrate_test_owner",
                     "SELECT relowner::regrole::text FROM pg_class WHERE relname = 'three'"})
        .One<std::string>();
  });
  EXPECT_EQ(*owner, "sluice_owner");
}

TEST_F(MigrateTest, RefusesAnEditedMigration) {
  ASSERT_TRUE(Migrate(db_.Admin(), known_, kNow).ok());
  known_.back().sql += "\n-- a harmless comment";
  const auto again = Migrate(db_.Admin(), known_, kNow);
  EXPECT_EQ(again.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(again.status()), HasSubstr("9003_test_three was edited"));
}

TEST_F(MigrateTest, RefusesADatabaseOfANewerProgram) {
  ASSERT_TRUE(Migrate(db_.Admin(), known_, kNow).ok());
  known_.pop_back();
  const auto older = Migrate(db_.Admin(), known_, kNow);
  EXPECT_THAT(StatusMessage(older.status()), HasSubstr("does not know"));
  EXPECT_FALSE(CheckSchemaVersion(db_.App(), known_).ok());
}

TEST_F(MigrateTest, RefusesAMigrationBeforeAnAppliedOne) {
  ASSERT_TRUE(Migrate(db_.Admin(), known_, kNow).ok());
  known_.insert(known_.end() - 1, {"9002_test_two", "CREATE TABLE core.two (id bigint)"});
  const auto late = Migrate(db_.Admin(), known_, kNow);
  EXPECT_THAT(StatusMessage(late.status()), HasSubstr("9002_test_two is not applied"));
  EXPECT_FALSE(Exists("core.two"));
}

TEST_F(MigrateTest, AFailedMigrationLeavesNothingOfItself) {
  known_.back().sql = "CREATE TABLE core.half (id bigint); SELECT 1 / 0";
  const auto failed = Migrate(db_.Admin(), known_, kNow);
  EXPECT_THAT(StatusMessage(failed.status()), HasSubstr("after 9001_test_one"));
  EXPECT_TRUE(Exists("core.one"));
  EXPECT_FALSE(Exists("core.half"));
  const Status behind = CheckSchemaVersion(db_.App(), known_);
  EXPECT_THAT(StatusMessage(behind), HasSubstr("lacks migration 9003_test_three"));
}

TEST_F(MigrateTest, SeveralProcessesMigrateOnce) {
  const Database second = Database::Open(db_.AdminOptions()).value();
  StatusOr<std::vector<std::string>> other;
  std::thread thread([&] { other = Migrate(second, known_, kNow); });
  const auto mine = Migrate(db_.Admin(), known_, kNow);
  thread.join();
  ASSERT_TRUE(mine.ok()) << mine.status();
  ASSERT_TRUE(other.ok()) << other.status();
  std::vector<std::string> all = *mine;
  all.insert(all.end(), other->begin(), other->end());
  EXPECT_THAT(all, ::testing::UnorderedElementsAre("9001_test_one", "9003_test_three"));
}

TEST_F(MigrateTest, StartsOnlyOnAServerThatKeepsItsPromises) {
  if (!db_.AppOptions().role.empty()) GTEST_SKIP() << "skipped: needs the embedded server";
  // The server of the tests is not durable, and the administrator is no role for a service.
  const Status app = CheckStart(db_.App());
  EXPECT_EQ(app.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(app), HasSubstr("fsync is off"));
  EXPECT_THAT(StatusMessage(app), HasSubstr("synchronous_commit is off"));
  EXPECT_TRUE(CheckStart(db_.App(), {.require_durable = false}).ok());
  const Status admin = CheckStart(db_.Admin(), {.require_durable = false});
  EXPECT_THAT(StatusMessage(admin), HasSubstr("is a superuser"));
  EXPECT_TRUE(
      CheckStart(db_.Admin(), {.require_durable = false, .require_plain_role = false}).ok());
  ASSERT_TRUE(Migrate(db_.Admin(), known_, kNow).ok());
  const Status newer = CheckStart(db_.App(), {.require_durable = false});
  EXPECT_THAT(StatusMessage(newer), HasSubstr("9001_test_one"));
}

}  // namespace
}  // namespace sluice::pg
