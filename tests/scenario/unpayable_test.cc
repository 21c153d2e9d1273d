// A cycle in which not everybody can be paid: who cannot is held with the reason, the others get
// their money, every file verifies, and what was held is paid once its cause is gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/cycle_report.h"
#include "payments/remittance/verify_files.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class UnpayableTest : public RunFixture {
 protected:
  // Releases, and reads the files with the independent reader.
  VerifyReport ReleaseAndVerify(RunId run) {
    const auto releases = Releases();
    const Status released = releases->Release(run, kService);
    EXPECT_TRUE(released.ok()) << StatusMessage(released);
    const std::vector<ReleasedRun> runs = {{releases.get(), run}};
    const auto report = MakeCycleReport(db_.App(), "Prairie Health Plan", "2025", runs);
    EXPECT_TRUE(report.ok()) << StatusMessage(report.status());
    EXPECT_TRUE(WriteCycleFiles(directory_ + "/out", *report).ok());
    const auto verified =
        VerifyDirectory(directory_ + "/out", VerifyOptions{.profile = Settings().bank});
    EXPECT_TRUE(verified.ok()) << StatusMessage(verified.status());
    for (const Finding& finding : verified->findings) ADD_FAILURE() << finding.ToString();
    return *verified;
  }
};

TEST_F(UnpayableTest, WhoCannotBePaidIsHeldWithTheReasonAndTheOthersArePaid) {
  AddPaidPayee(10);
  const PayeeId too_much = AddPaidPayee(11);
  const PayeeId no_account = AddPayee(12);
  AddPaidPayee(13);
  Fund(Dollars(300'000'000));
  // An ACH entry has ten digits for its amount: 99,999,999.99 fits and one cent more does not.
  const Money most = Money::FromCents(9'999'999'999);
  const RunId run = Approved({Award(
      1, {{10, most}, {11, most + Money::FromCents(1)}, {12, Dollars(50)}, {13, Dollars(40)}})});
  EXPECT_EQ(PayeeOf(run, too_much).hold, HoldReason::kAboveAchLimit);
  EXPECT_EQ(PayeeOf(run, no_account).hold, HoldReason::kNoBankAccount);

  const VerifyReport files = ReleaseAndVerify(run);
  EXPECT_EQ(files.ach_entries, 2);
  EXPECT_EQ(files.ach_credits, most + Dollars(40));
  EXPECT_EQ(files.ledger_total, most + Dollars(40));
  const auto summary = SummarizeRun(db_.App(), program_, run);
  ASSERT_TRUE(summary.ok()) << StatusMessage(summary.status());
  const std::string text = FormatRunSummaries(std::vector{*summary});
  EXPECT_THAT(text, AllOf(HasSubstr("ABOVE_ACH_LIMIT"), HasSubstr("100,000,000.00"),
                          HasSubstr("NO_BANK_ACCOUNT"), HasSubstr("50.00")));
  // Held money is owed and waits in the payee's own account.
  EXPECT_EQ(Balance(PayeePayableAccount(too_much)), Dollars(100'000'000));
  EXPECT_EQ(Balance(PayeePayableAccount(no_account)), Dollars(50));
  ExpectBooksInOrder();
}

TEST_F(UnpayableTest, AHeldPaymentIsPaidOnceItsCauseIsGone) {
  AddPaidPayee(10);
  const PayeeId late = AddPayee(12);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(60)}, {12, Dollars(50)}})});
  EXPECT_EQ(ReleaseAndVerify(run).ach_credits, Dollars(60));

  AddAccount(late, "550099887");
  const RunId next = Open(2, RunKind::kOffCycle);
  Approve(next, Submit(next, {}));
  const Status released = Releases()->Release(next, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  EXPECT_EQ(Balance(PayeePayableAccount(late)), Money());
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), Dollars(1'000 - 110));
  ExpectBooksInOrder();
}

TEST_F(UnpayableTest, AnUnfundedPoolIsRefusedWithItsNameAndWhatIsMissing) {
  AddPaidPayee(10);
  Fund(Money::FromCents(99'99));
  const RunId run = Open();
  const Digest digest = Submit(run, {Award(1, {{10, Dollars(100)}})});
  ASSERT_TRUE(Cycles().Approve(run, digest, {}, kFirst).ok());
  const auto refused = Cycles().Approve(run, digest, {}, kSecond);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(StatusMessage(refused.status())),
              AllOf(HasSubstr("pool main of Shared savings"), HasSubstr("short by $0.01")));
  // Nothing is half applied: no money is held, nothing is paid, and the run can still be approved.
  EXPECT_EQ(StateOf(run), RunState::kInReview);
  EXPECT_FALSE(Releases()->Release(run, kService).ok());
  EXPECT_TRUE(DeliveredFiles().empty());
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), Money::FromCents(99'99));
  ExpectBooksInOrder();

  Fund(Money::FromCents(1));
  ASSERT_TRUE(Cycles().Approve(run, digest, {}, kSecond).ok());
  EXPECT_EQ(ReleaseAndVerify(run).ach_credits, Dollars(100));
}

}  // namespace
}  // namespace sluice::payments
