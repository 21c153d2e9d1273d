// A demo that loses its database or its life in the middle, and two on one data directory. The next
// run recovers by itself and gives the bytes of an undisturbed one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <optional>

#include "tests/scenario/sluice_program.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class InterruptionTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    temp_.emplace();
    const Outcome whole = Run();
    ASSERT_EQ(whole.exit_code, 0) << whole.All();
    undisturbed_ = ReadTree(temp_->Path("out"));
    ASSERT_GT(undisturbed_.size(), 17U);
  }
  static void TearDownTestSuite() { temp_.reset(); }

  static std::vector<std::string> Arguments() {
    return SmallDemo(temp_->Path("data"), temp_->Path("out"));
  }
  static Outcome Run() { return RunSluice(Arguments()); }

  static void ExpectNextRunIsWhole() {
    const Outcome next = Run();
    EXPECT_EQ(next.exit_code, 0) << next.All();
    EXPECT_THAT(Differences(undisturbed_, ReadTree(temp_->Path("out"))), IsEmpty());
    const Outcome ledger = RunSluice({"ledger", "verify", "--data-dir", temp_->Path("data")});
    EXPECT_EQ(ledger.exit_code, 0) << ledger.All();
  }

  static inline std::optional<TempDir> temp_;
  static inline std::map<std::string, std::string> undisturbed_;
};

// A step of the demo, as its progress names it.
class KilledAtStep : public InterruptionTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(KilledAtStep, TheDatabaseIsMissedAndTheNextRunIsWhole) {
  RunningSluice demo(Arguments());
  ASSERT_TRUE(demo.WaitFor(GetParam()));
  const pid_t postmaster = PostmasterOf(temp_->Path("data"));
  ASSERT_GT(postmaster, 1);
  ASSERT_EQ(kill(postmaster, SIGKILL), 0);
  const Outcome broken = demo.Finish();
  EXPECT_EQ(broken.exit_code, 2) << broken.All();
  EXPECT_THAT(broken.err, AllOf(HasSubstr("\nsluice: "), HasSubstr("database")));
  EXPECT_THAT(broken.out, IsEmpty()) << "no summary of what did not happen";
  ExpectNextRunIsWhole();
}

TEST_P(KilledAtStep, TheProgramDiesAndTheNextRunIsWhole) {
  RunningSluice demo(Arguments());
  ASSERT_TRUE(demo.WaitFor(GetParam()));
  demo.Kill();
  EXPECT_EQ(demo.Finish().exit_code, 128 + SIGKILL);
  ExpectNextRunIsWhole();
}

INSTANTIATE_TEST_SUITE_P(Steps, KilledAtStep,
                         ::testing::Values("enrolling payees",
                                           "Medicare ACO Shared Savings 2025: releasing"));

TEST_F(InterruptionTest, ASecondProcessIsToldWhichOneHasTheDirectory) {
  RunningSluice first(Arguments());
  ASSERT_TRUE(first.WaitFor("onboarding the hierarchy"));
  const Outcome second = RunSluice(SmallDemo(temp_->Path("data"), temp_->Path("second")));
  EXPECT_EQ(second.exit_code, 2) << second.All();
  EXPECT_THAT(second.err, AllOf(HasSubstr("is in use by process " + std::to_string(first.Pid())),
                                HasSubstr("another data directory")));
  const Outcome undisturbed = first.Finish();
  EXPECT_EQ(undisturbed.exit_code, 0) << undisturbed.All();
  EXPECT_THAT(Differences(undisturbed_, ReadTree(temp_->Path("out"))), IsEmpty());
}

}  // namespace
}  // namespace sluice::testing
