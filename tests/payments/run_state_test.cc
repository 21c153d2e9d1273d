#include "payments/run_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>

#include "payments/approval.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;

// The table of the design, typed once more: what is not here must be denied.
std::map<std::pair<std::string, RunCommand>, std::string> Expected() {
  using enum RunCommand;
  return {
      {{"OPEN", kCalculate}, "CALCULATING"},
      {{"CALCULATING", kCalculate}, "CALCULATING"},
      {{"CALCULATED", kCalculate}, "CALCULATING"},
      {{"CALCULATING", kFinishCalculation}, "CALCULATED"},
      {{"CALCULATED", kEdit}, "CALCULATED"},
      {{"APPROVED", kEdit}, "CALCULATED"},
      {{"CALCULATED", kSubmit}, "IN_REVIEW"},
      {{"IN_REVIEW", kReturn}, "CALCULATED"},
      {{"IN_REVIEW", kApprove}, "IN_REVIEW"},
      {{"IN_REVIEW", kApproveLast}, "APPROVED"},
      {{"APPROVED", kWithdraw}, "CALCULATED"},
      {{"APPROVED", kExpire}, "CALCULATED"},
      {{"APPROVED", kRelease}, "RELEASING"},
      {{"RELEASING", kResume}, "RELEASING"},
      {{"RELEASING", kBlock}, "BLOCKED"},
      {{"BLOCKED", kUnblock}, "RELEASING"},
      {{"RELEASING", kFinishRelease}, "RELEASED"},
      {{"RELEASED", kFileDelivered}, "SETTLING"},
      {{"SETTLING", kClose}, "CLOSED"},
      {{"OPEN", kCancel}, "VOID"},
      {{"CALCULATING", kCancel}, "VOID"},
      {{"CALCULATED", kCancel}, "VOID"},
      {{"IN_REVIEW", kCancel}, "VOID"},
      {{"APPROVED", kCancel}, "VOID"},
  };
}

TEST(RunState, EveryStateAndCommandIsAllowedOrDeniedAsTheTableSays) {
  const auto expected = Expected();
  int allowed = 0;
  for (int s = 0; s < kRunStateCount; ++s) {
    for (int c = 0; c < kRunCommandCount; ++c) {
      const auto from = static_cast<RunState>(s);
      const auto command = static_cast<RunCommand>(c);
      const auto found = expected.find({std::string(RunStateName(from)), command});
      const auto next = NextRunState(from, command);
      SCOPED_TRACE(fmt::format("{} {}", RunStateName(from), RunCommandName(command)));
      ASSERT_EQ(next.has_value(), found != expected.end());
      const auto applied = ApplyRunCommand(from, command);
      ASSERT_EQ(applied.ok(), next.has_value());
      if (next) {
        EXPECT_EQ(RunStateName(*next), found->second);
        ++allowed;
      } else {
        EXPECT_EQ(applied.status().code(), absl::StatusCode::kFailedPrecondition);
      }
    }
  }
  EXPECT_EQ(allowed, static_cast<int>(expected.size()));
  EXPECT_EQ(RunTransitions().size(), expected.size());
}

TEST(RunState, NothingLeavesClosedOrVoid) {
  for (const RunTransition& row : RunTransitions()) EXPECT_TRUE(IsLive(row.from));
}

TEST(RunState, FromReleasingARunOnlyGoesForward) {
  const std::set<RunState> before = {RunState::kOpen,       RunState::kCalculating,
                                     RunState::kCalculated, RunState::kInReview,
                                     RunState::kApproved,   RunState::kVoid};
  for (const RunTransition& row : RunTransitions()) {
    if (row.from >= RunState::kReleasing && row.from != RunState::kVoid) {
      EXPECT_FALSE(before.contains(row.to)) << RunStateName(row.from);
    }
  }
}

TEST(RunState, ARefusalSaysWhatIsPossible) {
  const auto refused = ApplyRunCommand(RunState::kInReview, RunCommand::kRelease);
  EXPECT_THAT(StatusMessage(refused.status()),
              HasSubstr("cannot release a run that is IN_REVIEW; possible now: return, approve"));
}

ApprovalContext Context() {
  ApprovalContext context;
  context.submitted_by = UserId(1);
  context.editors = {UserId(1), UserId(2)};
  context.bank_data_changers = {UserId(3)};
  context.digest[0] = 7;
  return context;
}

TEST(Approval, OnlyAPersonWhoTouchedNothingApproves) {
  const ApprovalContext context = Context();
  const Digest seen = context.digest;
  EXPECT_FALSE(CheckApprover(context, {UserId(1)}, seen).ok());         // submitted it
  EXPECT_FALSE(CheckApprover(context, {UserId(2)}, seen).ok());         // edited it
  EXPECT_FALSE(CheckApprover(context, {UserId(3)}, seen).ok());         // changed bank data
  EXPECT_FALSE(CheckApprover(context, {UserId(4), false}, seen).ok());  // a service
  EXPECT_TRUE(CheckApprover(context, {UserId(4)}, seen).ok());
}

TEST(Approval, OnePersonHasOneVoteAndSignsWhatIsThere) {
  ApprovalContext context = Context();
  const Digest seen = context.digest;
  context.votes = {{UserId(4), Instant{}}};
  EXPECT_EQ(CheckApprover(context, {UserId(4)}, seen).code(), absl::StatusCode::kPermissionDenied);
  Digest other = seen;
  other[31] = 1;
  EXPECT_EQ(CheckApprover(context, {UserId(5)}, other).code(), absl::StatusCode::kAborted);
}

TEST(Approval, ReleaseNeedsAllVotesAndSomebodyWhoEditedNothing) {
  ApprovalContext context = Context();
  context.votes = {{UserId(4), Instant{}}};
  EXPECT_FALSE(CheckReleaser(context, {UserId(9), false}, 2).ok());
  context.votes.push_back({UserId(5), Instant{}});
  EXPECT_TRUE(CheckReleaser(context, {UserId(9), false}, 2).ok());
  EXPECT_TRUE(CheckReleaser(context, {UserId(5)}, 2).ok());
  EXPECT_FALSE(CheckReleaser(context, {UserId(2)}, 2).ok());
  EXPECT_FALSE(CheckReleaser(context, {UserId(9), false}, 3).ok());
}

TEST(Approval, TiersRaiseTheNumberOfPeople) {
  const ApprovalTiers tiers{.three_from = Money::FromCents(100),
                            .four_from = Money::FromCents(200)};
  EXPECT_EQ(RequiredApprovals(Money::FromCents(99), tiers), 2);
  EXPECT_EQ(RequiredApprovals(Money::FromCents(100), tiers), 3);
  EXPECT_EQ(RequiredApprovals(Money::FromCents(200), tiers), 4);
  EXPECT_EQ(RequiredApprovals(Money::FromCents(1'000'000), ApprovalTiers{}), 2);
}

}  // namespace
}  // namespace sluice::payments
