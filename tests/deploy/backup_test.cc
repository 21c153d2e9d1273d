// Backup and restore as deploy/README.md describes them: a database with paid cycles is copied
// while it is in use, restored elsewhere, and its ledger and audit log verify there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "api/audit/audit_store.h"
#include "core/clock.h"
#include "core/pg/database.h"
#include "core/pg/embedded.h"
#include "tests/deploy/shell.h"
#include "tests/scenario/sluice_program.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace fs = std::filesystem;

class BackupTest : public ::testing::Test {
 protected:
  // A payer whose cycles are paid, and an audit log with a sealed event.
  static void SetUpTestSuite() {
    temp_.emplace();
    const Outcome demo = RunSluice(SmallDemo(At("data"), At("out")));
    ASSERT_EQ(demo.exit_code, 0) << demo.All();
    WriteAuditEvent();
    const Outcome sealed = RunSluice({"audit", "seal", "--data-dir", At("data")});
    ASSERT_EQ(sealed.exit_code, 0) << sealed.All();
    ASSERT_THAT(sealed.out, HasSubstr("sealed 1 event"));
  }
  static void TearDownTestSuite() { temp_.reset(); }

  // As the service records a call.
  static void WriteAuditEvent() {
    const auto server = pg::EmbeddedServer::Start({.directory = At("data") + "/postgres"});
    ASSERT_TRUE(server.ok()) << server.status();
    constexpr pg::Query kPayer{"test_payer", "SELECT payer_id FROM core.payer"};
    const auto payer = pg::Database::Open((*server)->Admin())
                           .value()
                           .Transact([&](pg::Transaction& tx) -> StatusOr<PayerId> {
                             return tx.Query(kPayer).One<PayerId>();
                           });
    ASSERT_TRUE(payer.ok()) << payer.status();
    SystemClock clock;
    IdGenerator ids(clock, 1);
    const Status written =
        pg::Database::Open((*server)->App())
            .value()
            .ForPayer(*payer)
            .Transact([&](pg::Transaction& tx) -> Status {
              api::InsertAuditEvent(tx, {.payer = *payer,
                                         .event_id = ids.NextValue(),
                                         .recorded_at = clock.Now(),
                                         .method = "sluice.payments.v1.RunService/ApproveRun",
                                         .resource = "runs/run_1",
                                         .request_id = "one"});
              return OkStatus();
            });
    ASSERT_TRUE(written.ok()) << written;
  }
  static std::string At(const std::string& name) { return temp_->Path(name); }
  static ShellOutcome Backup(const std::string& name) {
    return RunShell("deploy/backup " + At(name) + " --data-dir " + At("data") + " --keys-to " +
                    At(name + ".keys"));
  }
  static ShellOutcome Restore(const std::string& backup, const std::string& keys,
                              const std::string& to) {
    return RunShell("deploy/restore " + At(backup) + " --data-dir " + At(to) +
                    (keys.empty() ? "" : " --keys-from " + At(keys)));
  }
  // What the verifiers say of a data directory: chain heads, counts, and no findings.
  static std::string Verified(const std::string& data) {
    const Outcome ledger = RunSluice({"ledger", "verify", "--data-dir", At(data)});
    EXPECT_EQ(ledger.exit_code, 0) << ledger.All();
    EXPECT_THAT(ledger.out, AllOf(HasSubstr("no findings"), Not(HasSubstr("0 transfers"))));
    const Outcome audit = RunSluice({"audit", "verify", "--data-dir", At(data)});
    EXPECT_EQ(audit.exit_code, 0) << audit.All();
    EXPECT_THAT(audit.out, HasSubstr("0 findings"));
    return ledger.out + audit.out;
  }

  static inline std::optional<TempDir> temp_;
};

TEST_F(BackupTest, ADatabaseInUseIsRestoredElsewhereAndVerifies) {
  {
    const auto server = pg::EmbeddedServer::Start({.directory = At("data") + "/postgres"});
    ASSERT_TRUE(server.ok()) << server.status();
    const ShellOutcome backup = Backup("in-use");
    ASSERT_EQ(backup.exit_code, 0) << backup.text;
    EXPECT_TRUE((*server)->IsRunning());
  }
  EXPECT_FALSE(fs::exists(At("in-use/key-encryption.key"))) << "keys are kept apart";
  const ShellOutcome restore = Restore("in-use", "in-use.keys", "restored");
  ASSERT_EQ(restore.exit_code, 0) << restore.text;
  EXPECT_EQ(Verified("restored"), Verified("data"));
  EXPECT_EQ(ReadBytes(At("restored/key-encryption.key")), ReadBytes(At("data/key-encryption.key")));
}

TEST_F(BackupTest, ADatabaseAtRestIsBackedUpAndUsableAfterwards) {
  const ShellOutcome backup = Backup("at-rest");
  ASSERT_EQ(backup.exit_code, 0) << backup.text;
  Verified("data");
  const ShellOutcome again = Backup("at-rest");
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.text, HasSubstr("a backup never replaces another"));
  EXPECT_EQ(Restore("at-rest", "at-rest.keys", "data").exit_code, 1) << "over a database";

  const ShellOutcome without = Restore("at-rest", "", "no-keys");
  EXPECT_EQ(without.exit_code, 1);
  EXPECT_THAT(without.text, HasSubstr("name the folder with the keys"));
  temp_->Write("other.keys/key-encryption.key", std::string(32, 'k'));
  const ShellOutcome others = Restore("at-rest", "other.keys", "other-keys");
  EXPECT_EQ(others.exit_code, 1);
  EXPECT_THAT(others.text, HasSubstr("are not those of this backup"));
  EXPECT_FALSE(fs::exists(At("other-keys/postgres")));
}

TEST_F(BackupTest, ADamagedBackupIsNotRestored) {
  const ShellOutcome backup = Backup("damaged");
  ASSERT_EQ(backup.exit_code, 0) << backup.text;
  std::fstream page(At("damaged/cluster/base/1/1259"),
                    std::ios::in | std::ios::out | std::ios::binary);
  page.seekp(5'000);
  page.put('X').put('Y');
  page.close();
  const ShellOutcome restore = Restore("damaged", "damaged.keys", "from-damaged");
  EXPECT_EQ(restore.exit_code, 1);
  EXPECT_THAT(restore.text, AllOf(HasSubstr("base/1/1259"), HasSubstr("take an older backup")));
  EXPECT_FALSE(fs::exists(At("from-damaged/postgres")));
}

}  // namespace
}  // namespace sluice::testing
