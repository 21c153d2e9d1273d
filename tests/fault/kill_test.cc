// A release that dies at every named place and at random moments: nobody could tell afterwards.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "core/failpoint.h"
#include "tests/fault/kill_rounds.h"

namespace sluice::payments {
namespace {

class KillTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { rounds_ = std::make_unique<KillRounds>(); }
  static void TearDownTestSuite() { rounds_.reset(); }
  void SetUp() override { ASSERT_EQ(rounds_->Problem(), ""); }

  static inline std::unique_ptr<KillRounds> rounds_;
};

// A place that the work never passes would be a test that cannot fail.
// feature:M14
TEST_F(KillTest, TheWorkPassesEveryFailpoint) {
  std::size_t passable = 0;
  for (const FailpointPlace& place : Failpoints()) {
    if (!KillRounds::CanPass(place.name)) {
      std::cout << "skipped: " << place.name << ", there is no OpenSSH server\n";
      continue;
    }
    ++passable;
    EXPECT_TRUE(std::ranges::count(rounds_->Places(), place.name) == 1) << place.name;
  }
  EXPECT_EQ(rounds_->Places().size(), passable);
  EXPECT_NE(rounds_->Undisturbed().find("run CLOSED"), std::string::npos);
  EXPECT_NE(rounds_->Undisturbed().find(" RETURNED\n"), std::string::npos);
}

// feature:M14
TEST_F(KillTest, ACrashAtEveryFailpointChangesNothing) {
  rounds_->PassFailpoints("crash");
  EXPECT_EQ(rounds_->Problem(), "");
}

// feature:M14
TEST_F(KillTest, AnErrorAtEveryFailpointChangesNothing) {
  rounds_->PassFailpoints("error");
  EXPECT_EQ(rounds_->Problem(), "");
}

// feature:M14
TEST_F(KillTest, TenKillsAtRandomMomentsChangeNothing) {
  const char* const given = std::getenv("SLUICE_SEED");
  const std::uint64_t seed = given != nullptr ? std::stoull(given) : 20'261'001;
  std::cout << "SLUICE_SEED=" << seed << "\n";
  // All but the last: after one process of the server was killed, PostgreSQL can hang for half a
  // minute when it is told to stop. The soak has time for it.
  rounds_->KillAtRandom(10, seed, std::span(kVictims).first(kVictims.size() - 1));
  EXPECT_EQ(rounds_->Problem(), "");
  EXPECT_EQ(rounds_->Kills(), 10);
}

}  // namespace
}  // namespace sluice::payments
