// The state machine of a dispute, exactly as the table has it, and its clock.
#include "performance/attribution/dispute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/performance/attribution/attribution_samples.h"

namespace sluice::performance {
namespace {

using testing::Day2026;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const DisputeRules kRules{.filing_days = 60, .decision_days = 30, .silence_accepts = false};

Instant Noon(unsigned month, unsigned day) {
  return Instant::FromMicros(Instant::AtMidnight(Day2026(month, day)).Micros() +
                             12LL * 3'600'000'000);
}

Dispute Draft() {
  return {.id = DisputeId(77),
          .contract = ContractId(5),
          .period = DateRange::Year(2026),
          .against_version = 1,
          .window_from = Noon(1, 1),
          .operation = DisputeOperation::kRemove,
          .entry = {.member_id = 7,
                    .plan = "gold",
                    .attributed = {Day2026(1, 1), MakeDate(2027, 1, 1)},
                    .provider = std::nullopt,
                    .practice = std::nullopt,
                    .location = std::nullopt,
                    .basis = {},
                    .dispute = std::nullopt},
          .reason_code = "not_my_patient",
          .filer = "portal:anna",
          .rules = kRules};
}

DisputeAction Act(DisputeEvent event, Instant at) {
  return {.event = event,
          .at = at,
          .actor = "user",
          .reason = "because",
          .rule = "2.1",
          .owner = "bob",
          .due = Day2026(2, 1),
          .list_version = 2};
}

// Goes through the events, a day apart from January 2.
StatusOr<Dispute> Through(const std::vector<DisputeEvent>& events, bool silence_accepts = false) {
  Dispute dispute = Draft();
  dispute.rules.silence_accepts = silence_accepts;
  unsigned day = 2;
  for (const DisputeEvent event : events) {
    Instant at = Noon(1, day++);
    if (event == DisputeEvent::kClockEnds) at = *ClockEnd(dispute, at);
    if (!dispute.history.empty()) at = std::max(at, dispute.history.back().at);
    ASSIGN_OR_RETURN(dispute, Advance(dispute, Act(event, at)));
  }
  return dispute;
}

using E = DisputeEvent;
using S = DisputeState;

// feature:A04
TEST(Dispute, OnlyTheTableMovesIt) {
  const std::map<S, std::vector<E>> ways = {
      {S::kDrafted, {}},
      {S::kFiled, {E::kFile}},
      {S::kUnderReview, {E::kFile, E::kAssign}},
      {S::kInfoRequested, {E::kFile, E::kAssign, E::kAsk}},
      {S::kAccepted, {E::kFile, E::kAssign, E::kAccept}},
      {S::kRejected, {E::kFile, E::kAssign, E::kReject}},
      {S::kOverdue, {E::kFile, E::kAssign, E::kClockEnds}},
      {S::kApplied, {E::kFile, E::kAssign, E::kAccept, E::kListPublished}},
      {S::kWithdrawn, {E::kFile, E::kWithdraw}}};
  const std::map<std::pair<S, E>, S> table = {
      {{S::kDrafted, E::kFile}, S::kFiled},
      {{S::kFiled, E::kAssign}, S::kUnderReview},
      {{S::kFiled, E::kClockEnds}, S::kOverdue},
      {{S::kUnderReview, E::kAsk}, S::kInfoRequested},
      {{S::kInfoRequested, E::kAnswer}, S::kUnderReview},
      {{S::kUnderReview, E::kAccept}, S::kAccepted},
      {{S::kUnderReview, E::kReject}, S::kRejected},
      {{S::kUnderReview, E::kClockEnds}, S::kOverdue},
      {{S::kOverdue, E::kAccept}, S::kAccepted},
      {{S::kOverdue, E::kReject}, S::kRejected},
      {{S::kAccepted, E::kListPublished}, S::kApplied},
      {{S::kDrafted, E::kWithdraw}, S::kWithdrawn},
      {{S::kFiled, E::kWithdraw}, S::kWithdrawn}};
  for (const auto& [state, way] : ways) {
    const auto dispute = Through(way);
    ASSERT_TRUE(dispute.ok()) << dispute.status();
    ASSERT_EQ(dispute->state, state);
    ASSERT_THAT(dispute->history, SizeIs(way.size()));
    for (int number = 1; number <= 9; ++number) {
      const auto event = static_cast<E>(number);
      Instant at = Noon(1, 20);
      if (event == E::kClockEnds && dispute->clock_started) {
        at = ClockEnd(*dispute, at).value();
      }
      if (!dispute->history.empty()) at = std::max(at, dispute->history.back().at);
      const auto next = Advance(*dispute, Act(event, at));
      const auto expected = table.find({state, event});
      if (expected == table.end()) {
        EXPECT_EQ(next.status().code(), absl::StatusCode::kFailedPrecondition)
            << DisputeStateName(state) << " " << DisputeEventName(event);
      } else {
        ASSERT_TRUE(next.ok()) << DisputeStateName(state) << " " << DisputeEventName(event) << " "
                               << next.status();
        EXPECT_EQ(next->state, expected->second);
      }
    }
  }
}

// feature:A04
TEST(Dispute, ClockPausesOnlyWhileTheBallIsWithTheFiler) {
  Dispute dispute = *Through({E::kFile, E::kAssign});  // filed January 2, noon
  EXPECT_EQ(ClockEnd(dispute, Noon(1, 3)), Noon(2, 1));
  dispute = *Advance(dispute, Act(E::kAsk, Noon(1, 10)));
  EXPECT_EQ(ClockEnd(dispute, Noon(1, 15)), Noon(2, 6));
  EXPECT_THAT(ClockActions(dispute, Noon(12, 1)), IsEmpty());
  dispute = *Advance(dispute, Act(E::kAnswer, Noon(1, 17)));
  EXPECT_EQ(ClockEnd(dispute, Noon(1, 20)), Noon(2, 8));
  dispute = *Advance(dispute, Act(E::kAsk, Noon(2, 1)));
  dispute = *Advance(dispute, Act(E::kAnswer, Noon(2, 4)));
  EXPECT_EQ(ClockEnd(dispute, Noon(2, 5)), Noon(2, 11));
  const Instant just_before = Instant::FromMicros(Noon(2, 11).Micros() - 1);
  EXPECT_FALSE(Advance(dispute, Act(E::kClockEnds, just_before)).ok());
  EXPECT_TRUE(Advance(dispute, Act(E::kReject, just_before)).ok());
  EXPECT_FALSE(Advance(dispute, Act(E::kReject, Noon(2, 11))).ok());
  EXPECT_TRUE(Advance(dispute, Act(E::kClockEnds, Noon(2, 11))).ok());
}

TEST(Dispute, SilenceAcceptsWhereTheContractSaysSo) {
  ASSERT_THAT(ClockActions(*Through({E::kFile, E::kAssign}), Noon(2, 1)), SizeIs(1));
  const Dispute dispute = *Through({E::kFile, E::kAssign}, true);
  const auto actions = ClockActions(dispute, Noon(2, 1));
  ASSERT_THAT(actions, SizeIs(2));
  const Dispute overdue = *Advance(dispute, actions[0]);
  EXPECT_FALSE(Advance(overdue, Act(E::kReject, Noon(2, 1))).ok());
  const Dispute accepted = *Advance(overdue, actions[1]);
  EXPECT_EQ(accepted.state, S::kAccepted);
  EXPECT_THAT(accepted.decision_reason, HasSubstr("silence"));
}

// Assigning nobody does not stop the clock.
TEST(Dispute, ClockEndsForADisputeThatNobodyWasAssigned) {
  const Dispute waiting = *Through({E::kFile});  // filed January 2, noon
  EXPECT_THAT(ClockActions(waiting, Instant::FromMicros(Noon(2, 1).Micros() - 1)), IsEmpty());
  ASSERT_THAT(ClockActions(waiting, Noon(2, 1)), SizeIs(1));
  const Dispute overdue = *Advance(waiting, ClockActions(waiting, Noon(2, 1))[0]);
  EXPECT_EQ(overdue.state, S::kOverdue);
  EXPECT_THAT(ClockActions(overdue, Noon(2, 2)), IsEmpty());

  Dispute silent = *Through({E::kFile}, true);
  for (const DisputeAction& action : ClockActions(silent, Noon(2, 1))) {
    silent = *Advance(silent, action);
  }
  EXPECT_EQ(silent.state, S::kAccepted);
}

TEST(Dispute, FilingHasAWindow) {
  // 60 days after January 1 is March 2.
  const Instant end = Noon(3, 2);
  EXPECT_TRUE(
      Advance(Draft(), Act(E::kFile, Instant::FromMicros(end.Micros() - 1))).ok());
  EXPECT_EQ(Advance(Draft(), Act(E::kFile, end)).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(Dispute, EachEventNeedsItsWords) {
  struct Case {
    std::vector<E> way;
    E event;
    std::function<void(DisputeAction&)> strip;
  };
  const std::vector<Case> cases = {
      {{E::kFile}, E::kAssign, [](auto& a) { a.owner.clear(); }},
      {{E::kFile}, E::kAssign, [](auto& a) { a.due.reset(); }},
      {{E::kFile, E::kAssign}, E::kAsk, [](auto& a) { a.reason.clear(); }},
      {{E::kFile, E::kAssign}, E::kAccept, [](auto& a) { a.reason.clear(); }},
      {{E::kFile, E::kAssign}, E::kReject, [](auto& a) { a.rule.clear(); }},
      {{E::kFile, E::kAssign}, E::kReject, [](auto& a) { a.actor.clear(); }},
      {{E::kFile, E::kAssign}, E::kReject, [](auto& a) { a.at = Noon(1, 1); }},
      {{E::kFile, E::kAssign, E::kAccept}, E::kListPublished, [](auto& a) { a.list_version = 1; }},
  };
  for (const Case& c : cases) {
    const Dispute dispute = *Through(c.way);
    DisputeAction action = Act(c.event, Noon(1, 20));
    EXPECT_TRUE(Advance(dispute, action).ok());
    c.strip(action);
    EXPECT_EQ(Advance(dispute, action).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(Dispute, RejectedIsFiledAgainOnceWithNewEvidence) {
  const Evidence old{"chart", "doc-1", Sha256(AsBytes("one"))};
  const Evidence fresh{"claim", "doc-2", Sha256(AsBytes("two"))};
  Dispute dispute = Draft();
  DisputeAction file = Act(E::kFile, Noon(1, 2));
  file.evidence = {old};
  dispute = *Advance(dispute, file);
  dispute = *Advance(dispute, Act(E::kAssign, Noon(1, 3)));
  EXPECT_FALSE(Refile(dispute, DisputeId(78), {fresh}).ok());
  dispute = *Advance(dispute, Act(E::kReject, Noon(1, 30)));
  EXPECT_EQ(Refile(dispute, DisputeId(78), {old}).status().code(),
            absl::StatusCode::kInvalidArgument);
  Dispute again = *Refile(dispute, DisputeId(78), {old, fresh});
  EXPECT_EQ(again.refiled_from, dispute.id);
  EXPECT_EQ(again.window_from, Noon(1, 30));
  again = *Advance(again, Act(E::kFile, Noon(3, 5)));
  again = *Advance(again, Act(E::kAssign, Noon(3, 6)));
  again = *Advance(again, Act(E::kReject, Noon(3, 7)));
  EXPECT_EQ(Refile(again, DisputeId(79), {{"x", "doc-3", Sha256(AsBytes("three"))}})
                .status()
                .code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace sluice::performance
