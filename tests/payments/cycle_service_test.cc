// From opening to approval, on a real database.
#include "payments/cycle_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;

class CycleServiceTest : public RunFixture {};

TEST_F(CycleServiceTest, CalculatingAccruesOnceAndIsRepeatable) {
  const PayeeId payee = AddPaidPayee(10);
  const RunId run = Open();
  const std::vector awards = {Award(1, {{10, Dollars(90)}}, Dollars(10))};
  ASSERT_TRUE(Cycles().Calculate(run, awards, kMaker).ok());
  ASSERT_TRUE(Cycles().Calculate(run, awards, kMaker).ok());
  EXPECT_EQ(Balance(ProgramObligationAccount(ContractId(1'000'001))), Dollars(100));
  EXPECT_EQ(PayeeOf(run, payee).gross, Dollars(100));
  EXPECT_EQ(PayeeOf(run, payee).withhold, Dollars(10));
  EXPECT_EQ(PayeeOf(run, payee).net, Dollars(90));
  EXPECT_EQ(Cycles().Find(run)->revision, 2);
}

TEST_F(CycleServiceTest, ANewAwardVersionReplacesWhatWasNotRecognized) {
  const PayeeId payee = AddPaidPayee(10);
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{Award(1, {{10, Dollars(90)}})}, kMaker).ok());
  ASSERT_TRUE(
      Cycles().Calculate(run, std::vector{Award(1, {{10, Dollars(70)}}, {}, 2)}, kMaker).ok());
  EXPECT_EQ(Balance(ProgramObligationAccount(ContractId(1'000'001))), Dollars(70));
  EXPECT_EQ(PayeeOf(run, payee).net, Dollars(70));
  const auto stale =
      Cycles().Calculate(run, std::vector{Award(1, {{10, Dollars(90)}}, {}, 1)}, kMaker);
  ASSERT_TRUE(stale.ok()) << StatusMessage(stale.status());  // version 1 is known; nothing is new
  AwardToPay forged = Award(1, {{10, Dollars(71)}}, {}, 2);
  forged.hash[5] = 1;
  EXPECT_THAT(StatusMessage(Cycles().Calculate(run, std::vector{forged}, kMaker).status()),
              HasSubstr("an award version never changes"));
}

TEST_F(CycleServiceTest, APartyWithoutAPayeeIsPaidThroughItsNearestAncestor) {
  const PayeeId practice = AddPaidPayee(20);
  AddPaidPayee(30);
  const RunId run = Open();
  ASSERT_TRUE(
      Cycles()
          .Calculate(run,
                     std::vector{Award(1, {{10, Dollars(5), {20, 30}}, {11, Dollars(7), {40}}})},
                     kMaker)
          .ok());
  EXPECT_EQ(PayeeOf(run, practice).net, Dollars(5));
  const auto plan = Cycles().Plan(run);
  ASSERT_EQ(plan->lines.size(), 2U);
  EXPECT_EQ(plan->lines[1].hold, HoldReason::kNoPayee);
  // Enrolled later, it is taken up by the next calculation.
  const PayeeId late = AddPaidPayee(11);
  ASSERT_TRUE(Cycles().Calculate(run, {}, kMaker).ok());
  EXPECT_EQ(PayeeOf(run, late).net, Dollars(7));
}

TEST_F(CycleServiceTest, TwoDistinctPeopleWhoEditedNothingApprove) {
  AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Open();
  const Digest digest = Submit(run, {Award(1, {{10, Dollars(100)}})});
  auto code = [&](Actor actor) { return Cycles().Approve(run, digest, {}, actor).status().code(); };
  EXPECT_EQ(code(kMaker), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code(kService), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code(kBankOffice), absl::StatusCode::kPermissionDenied);  // enrolled the account
  EXPECT_EQ(code(kCompliance), absl::StatusCode::kPermissionDenied);  // approved the account
  EXPECT_EQ(code(kFirst), absl::StatusCode::kOk);
  EXPECT_EQ(code(kFirst), absl::StatusCode::kPermissionDenied);  // one vote each
  EXPECT_EQ(StateOf(run), RunState::kInReview);
  EXPECT_EQ(code(kSecond), absl::StatusCode::kOk);
  EXPECT_EQ(StateOf(run), RunState::kApproved);
}

// The rules of approval again, below the service: what a compromised service could try by SQL.
TEST_F(CycleServiceTest, TheDatabaseRefusesForgedApprovals) {
  AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Open();
  const Digest digest = Submit(run, {Award(1, {{10, Dollars(100)}})});
  static constexpr pg::Query kInsert{
      "test_forge_approval",
      "INSERT INTO payments.run_approval (book_id, run_id, revision, approver_id, submitted_by, "
      "digest, assertion, recorded_at) VALUES ($1, $2, 1, $3, $4, $5, ''::bytea, $6)"};
  auto forge = [&](UserId approver, UserId submitter, const Digest& signed_digest) {
    return db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(kInsert, program_.book, run, approver, submitter, signed_digest,
                 db_.Clock().Now());
      return OkStatus();
    });
  };
  EXPECT_FALSE(forge(kMaker.user, kMaker.user, digest).ok());  // the submitter
  EXPECT_FALSE(forge(kMaker.user, UserId(50), digest).ok());   // with a forged submitter
  Digest other = digest;
  other[0] ^= 1U;
  EXPECT_FALSE(forge(kFirst.user, kMaker.user, other).ok());  // another digest
  EXPECT_TRUE(forge(kFirst.user, kMaker.user, digest).ok());
  EXPECT_FALSE(forge(kFirst.user, kMaker.user, digest).ok());  // twice
  static constexpr pg::Query kChange{"test_change_digest",
                                     "UPDATE payments.run_revision SET digest = digest"};
  EXPECT_FALSE(db_.App()
                   .ForPayer(payer_)
                   .Transact([&](pg::Transaction& tx) -> Status {
                     tx.Execute(kChange);
                     return OkStatus();
                   })
                   .ok());
}

TEST_F(CycleServiceTest, AnUnfundedPoolIsNamedWithWhatIsMissing) {
  AddPaidPayee(10);
  Fund(Dollars(60));
  const RunId run = Open();
  const Digest digest = Submit(run, {Award(1, {{10, Dollars(100)}})});
  ASSERT_TRUE(Cycles().Approve(run, digest, {}, kFirst).ok());
  const auto refused = Cycles().Approve(run, digest, {}, kSecond);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(refused.status()), HasSubstr("pool main of Shared savings"));
  EXPECT_THAT(StatusMessage(refused.status()), HasSubstr("short by $40.00"));
  EXPECT_EQ(StateOf(run), RunState::kInReview);
  // The refused attempt stays refused; the next one is a new attempt.
  Fund(Dollars(40));
  const auto approved = Cycles().Approve(run, digest, {}, kSecond);
  ASSERT_TRUE(approved.ok()) << StatusMessage(approved.status());
  EXPECT_EQ(*approved, RunState::kApproved);
}

TEST_F(CycleServiceTest, AnEditAfterApprovalDropsTheHoldAndVoidsTheVotes) {
  const PayeeId payee = AddPaidPayee(10);
  const PayeeId other = AddPaidPayee(11);
  Fund(Dollars(100));
  const RunId run = Approved({Award(1, {{10, Dollars(60)}, {11, Dollars(40)}})});
  ASSERT_TRUE(Cycles().HoldPayee(run, payee, "ownership in doubt", kMaker).ok());
  EXPECT_EQ(StateOf(run), RunState::kCalculated);
  EXPECT_EQ(PayeeOf(run, payee).hold, HoldReason::kByPerson);
  EXPECT_TRUE(PayeeOf(run, other).IsPaid());
  EXPECT_EQ(Releases()->Release(run, kService).code(), absl::StatusCode::kFailedPrecondition);
  // The whole pool is free again: the hold was dropped.
  const auto digest = Cycles().Submit(run, kMaker);
  ASSERT_TRUE(digest.ok());
  Approve(run, *digest);
}

TEST_F(CycleServiceTest, AnApproverSignsWhatIsThereNow) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(100));
  const RunId run = Open();
  const Digest old = Submit(run, {Award(1, {{10, Dollars(60)}})});
  ASSERT_TRUE(Cycles().Return(run, "check practice 10", kFirst).ok());
  ASSERT_TRUE(Cycles().HoldPayee(run, payee, "checked: wrong", kMaker).ok());
  ASSERT_TRUE(Cycles().Submit(run, kMaker).ok());
  EXPECT_EQ(Cycles().Approve(run, old, {}, kFirst).status().code(), absl::StatusCode::kAborted);
}

TEST_F(CycleServiceTest, ACanceledRunGivesItsObligationsBack) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(100));
  const RunId run = Approved({Award(1, {{10, Dollars(60)}})});
  ASSERT_TRUE(Cycles().Cancel(run, "wrong period", kMaker).ok());
  EXPECT_EQ(StateOf(run), RunState::kVoid);
  const RunId next = Open(2);
  ASSERT_TRUE(Cycles().Calculate(next, {}, kMaker).ok());
  EXPECT_EQ(PayeeOf(next, payee).net, Dollars(60));
}

TEST_F(CycleServiceTest, AnApprovalThatIsNotUsedLapses) {
  AddPaidPayee(10);
  Fund(Dollars(100));
  const RunId run = Approved({Award(1, {{10, Dollars(60)}})});
  EXPECT_EQ(Cycles().Expire(run, kService).code(), absl::StatusCode::kFailedPrecondition);
  db_.Clock().AdvanceMicros(std::int64_t{30} * 86'400 * 1'000'000);
  EXPECT_THAT(StatusMessage(Releases()->Release(run, kService)), HasSubstr("lapsed"));
  const Status expired = Cycles().Expire(run, kService);
  EXPECT_TRUE(expired.ok()) << StatusMessage(expired);
  EXPECT_EQ(StateOf(run), RunState::kCalculated);
}

TEST_F(CycleServiceTest, OpeningTwiceGivesTheSameRunAndASecondOneWaits) {
  const RunId run = Open();
  EXPECT_EQ(Open(), run);
  const auto second = Cycles().Open({.name = "Shared savings 2025",
                                     .period = DateRange::Year(2025),
                                     .seq = 2,
                                     .business_date = kBusinessDate},
                                    kMaker);
  EXPECT_THAT(StatusMessage(second.status()), HasSubstr("regular run 1"));
}

}  // namespace
}  // namespace sluice::payments
