// A database whose disk is full, for its tables or for its log: the work is refused, nothing is
// half done, and it goes on once there is room.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "tests/fault/kill_rounds.h"
#include "tests/fault/paid_cycle.h"

namespace sluice::payments {
namespace {

namespace fs = std::filesystem;

// The server reads the name of the flag when it starts; the flag itself comes and goes.
class DatabaseFullTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { rounds_ = std::make_unique<KillRounds>(); }
  static void TearDownTestSuite() { rounds_.reset(); }
  void SetUp() override {
    ASSERT_EQ(rounds_->Problem(), "");
    // Where the server's user may read it; memory may forbid programs.
    fs::copy_file(SLUICE_FULL_DISK_LIBRARY, library_);
    fs::permissions(library_, fs::perms{0755});
  }
  void TearDown() override { unsetenv("SLUICE_FULL_DISK"); }

  std::unique_ptr<PaidCycle> Open(const std::string& directory, const std::string& flag) {
    setenv("SLUICE_FULL_DISK", flag.c_str(), 1);
    setenv("LD_PRELOAD", library_.c_str(), 1);
    auto cycle = PaidCycle::Open(directory);
    unsetenv("LD_PRELOAD");
    EXPECT_TRUE(cycle.ok()) << StatusMessage(cycle.status());
    return cycle.ok() ? *std::move(cycle) : nullptr;
  }
  // The cycle ends as if nothing had happened.
  void ExpectUndisturbed(PaidCycle& cycle) {
    const Status worked = cycle.Work();
    ASSERT_TRUE(worked.ok()) << StatusMessage(worked);
    const auto left = cycle.Observe();
    ASSERT_TRUE(left.ok()) << StatusMessage(left.status());
    EXPECT_TRUE(*left == rounds_->Undisturbed()) << *left;
  }

  static inline std::unique_ptr<KillRounds> rounds_;
  FaultDirectory place_{FaultDirectory::Place::kDisk};
  std::string library_ = place_.Path("full_disk.so");
};

// feature:M14
TEST_F(DatabaseFullTest, TablesThatCannotGrowRefuseTheWork) {
  const std::string flag = place_.Path("data");
  const auto cycle = Open(rounds_->FreshCopy(), flag);
  ASSERT_NE(cycle, nullptr);
  const auto before = cycle->Observe();
  ASSERT_TRUE(before.ok()) << StatusMessage(before.status());
  std::ofstream(flag) << "full";
  const Status refused = cycle->Work();
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable) << StatusMessage(refused);
  EXPECT_NE(StatusMessage(refused).find("out of disk"), std::string::npos)
      << StatusMessage(refused);
  // What committed before the disk was full is whole: money, ledger, files.
  const auto during = cycle->Observe();
  EXPECT_TRUE(during.ok()) << StatusMessage(during.status());
  EXPECT_FALSE(cycle->Work().ok()) << "still full";
  fs::remove(flag);
  ExpectUndisturbed(*cycle);
}

// PostgreSQL stops when it cannot write its log. What was acknowledged is in it.
// feature:M14
TEST_F(DatabaseFullTest, ALogThatCannotGrowStopsTheServerAndLosesNothing) {
  const std::string flag = place_.Path("wal");
  const std::string directory = rounds_->FreshCopy();
  {
    const auto cycle = Open(directory, flag);
    ASSERT_NE(cycle, nullptr);
    std::ofstream(flag) << "full";
    const Status refused = cycle->Work();
    EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable) << StatusMessage(refused);
    fs::remove(flag);
  }
  const auto cycle = Open(directory, flag);
  ASSERT_NE(cycle, nullptr);
  ExpectUndisturbed(*cycle);
}

}  // namespace
}  // namespace sluice::payments
