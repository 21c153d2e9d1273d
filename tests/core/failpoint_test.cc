// What a failpoint's text may say, and what it does.
#include "core/failpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace sluice {
namespace {

using ::testing::HasSubstr;

class FailpointTest : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_TRUE(ArmFailpoints("").ok()); }
};

TEST_F(FailpointTest, NothingArmedPasses) {
  EXPECT_TRUE(Failpoint("file.after_fsync").ok());
  // Not even the name is looked at: a release pays for no table.
  EXPECT_TRUE(Failpoint("no.such_place").ok());
}

TEST_F(FailpointTest, AnErrorHappensOnceAtItsVisit) {
  ASSERT_TRUE(ArmFailpoints("file.after_fsync:error:2,run.after_finish:error").ok());
  EXPECT_TRUE(Failpoint("file.after_fsync").ok());
  EXPECT_TRUE(Failpoint("file.after_mark").ok());
  const Status stopped = Failpoint("file.after_fsync");
  EXPECT_EQ(stopped.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(StatusMessage(stopped), HasSubstr("file.after_fsync"));
  EXPECT_TRUE(Failpoint("file.after_fsync").ok());
  EXPECT_FALSE(Failpoint("run.after_finish").ok());
}

TEST_F(FailpointTest, ASleepPasses) {
  ASSERT_TRUE(ArmFailpoints("pg.commit_sent:sleep=1").ok());
  EXPECT_TRUE(Failpoint("pg.commit_sent").ok());
}

using FailpointDeathTest = FailpointTest;

TEST_F(FailpointDeathTest, ACrashIsAKill) {
  EXPECT_EXIT(
      {
        if (ArmFailpoints("pg.after_commit:crash").ok()) (void)Failpoint("pg.after_commit");
        std::exit(0);
      },
      ::testing::KilledBySignal(SIGKILL), "");
}

TEST_F(FailpointTest, VisitsAreCounted) {
  CountFailpoints();
  (void)Failpoint("run.between_batches");
  (void)Failpoint("run.between_batches");
  EXPECT_EQ(FailpointVisits().at("run.between_batches"), 2);
}

TEST_F(FailpointTest, AWrongTextSaysWhatIsWrong) {
  const auto message = [](std::string_view spec) {
    const Status status = ArmFailpoints(spec);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << spec;
    return StatusMessage(status);
  };
  EXPECT_THAT(message("no.such_place:crash"), HasSubstr("no such place"));
  EXPECT_THAT(message("file.after_mark"), HasSubstr("no action"));
  EXPECT_THAT(message("file.after_mark:explode"), HasSubstr("no such action"));
  EXPECT_THAT(message("file.after_mark:crash:0"), HasSubstr("number from 1"));
  EXPECT_THAT(message("file.after_mark:crash:1:2"), HasSubstr("too many"));
  EXPECT_THAT(message("file.after_mark:sleep=soon"), HasSubstr("milliseconds"));
  EXPECT_THAT(message("file.after_mark:crash,,"), HasSubstr("NAME:crash|error|sleep=MS"));
}

TEST_F(FailpointTest, NoNameStandsTwice) {
  std::set<std::string_view> names;
  for (const FailpointPlace& place : Failpoints()) {
    EXPECT_TRUE(names.insert(place.name).second) << place.name;
    EXPECT_FALSE(place.meaning.empty()) << place.name;
  }
}

}  // namespace
}  // namespace sluice
