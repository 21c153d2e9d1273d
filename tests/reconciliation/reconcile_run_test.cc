// The three-way match of stored runs, and that a run which does not match does not close.
#include "payments/reconciliation/reconcile_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/inbound/bank_statements.h"
#include "payments/run_store.h"
#include "tests/inbound/bai2_sample.h"
#include "tests/inbound/inbound_fixture.h"

namespace sluice::payments {
namespace {

using testing::AccountOf;
using testing::AnswersOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::SampleDebit;
using testing::WriteBai2;

constexpr const char* kNumber = "0099887766";
const SampleDebit kDeposit{"142", 1'000'00, "DEP1", "", "FUNDING"};

class ReconcileRunTest : public InboundFixture {
 protected:
  void SetUp() override {
    InboundFixture::SetUp();
    BankStatements statements(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids());
    ASSERT_TRUE(statements
                    .Register(program_.book, program_.pool.bank_account, AccountNumber(kNumber),
                              kBankOffice)
                    .ok());
  }

  void Day(const std::vector<SampleDebit>& lines, const std::string& as_of = "261005") {
    Receive(WriteBai2({AccountOf(kNumber, 0, lines)}, as_of), "BAI" + as_of);
    Apply();
  }
  ThreeWayMatch Reconciled(RunId run) {
    auto match =
        db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> StatusOr<ThreeWayMatch> {
          return ReconcileRun(tx, *FindRun(tx, program_.book, run), program_.pool.bank_account);
        });
    EXPECT_TRUE(match.ok()) << StatusMessage(match.status());
    return match.ok() ? *match : ThreeWayMatch{};
  }
  std::string Gaps(RunId run) {
    std::string text;
    for (const ThreeWayGap& gap : Reconciled(run).gaps) text += gap.what + "\n";
    return text;
  }
  // What a superuser can do.
  void Tamper(const char* name, const char* sql) {
    const pg::Query off{"test_triggers_off", "SET LOCAL session_replication_role = replica"};
    const Status status = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(off);
      EXPECT_GT(tx.Execute(pg::Query{name, sql}), 0) << sql;
      return OkStatus();
    });
    ASSERT_TRUE(status.ok()) << StatusMessage(status);
  }
  void ExpectWhole(RunId run, Money sum) {
    const ThreeWayMatch match = Reconciled(run);
    EXPECT_THAT(Gaps(run), IsEmpty());
    EXPECT_EQ(match.matched, static_cast<std::int64_t>(match.rows.size()));
    EXPECT_EQ(match.deposit, sum);
    EXPECT_EQ(match.remittance, sum);
    EXPECT_EQ(match.ledger, sum);
    const Status closed = releases_->Close(run, kFirst);
    EXPECT_TRUE(closed.ok()) << StatusMessage(closed);
  }
};

// PRODUCT P4: 100 %, or the cycle does not close.
TEST_F(ReconcileRunTest, WhatTheStatementSettledMatches) {
  const RunId run = ReleaseThree(false);
  EXPECT_THAT(Gaps(run), HasSubstr("the bank has shown 0.00 of file"));
  EXPECT_THAT(Gaps(run), HasSubstr("270.00 of file"));
  EXPECT_EQ(Reconciled(run).matched, 0);
  Day({kDeposit, {"466", 270'00, "ACH1", "", ""}});
  ExpectWhole(run, Dollars(270));
}

TEST_F(ReconcileRunTest, WhatWasSettledByHandMatchesAlsoWhenTheStatementComes) {
  const RunId run = ReleaseThree(true);
  EXPECT_THAT(Gaps(run), IsEmpty());
  Day({kDeposit, {"466", 270'00, "ACH1", "", ""}});
  ExpectWhole(run, Dollars(270));
}

TEST_F(ReconcileRunTest, ASettlementInPartsMatches) {
  const RunId run = ReleaseThree(false);
  Day({kDeposit, {"466", 200'00, "A", "", ""}, {"466", 70'00, "B", "", ""}});
  ExpectWhole(run, Dollars(270));
}

TEST_F(ReconcileRunTest, ASettlementLessAReturnThatTheBankKeptMatches) {
  const RunId run = ReleaseThree(false);
  Receive(testing::Write(AnswersOf({{entries_[0], "R02"}})));
  Apply();
  const Money back = PaymentOf(run, entries_[0]).amount;
  Day({kDeposit, {"466", (Dollars(270) - back).Cents(), "NET", "", ""}});
  ExpectWhole(run, Dollars(270));
}

TEST_F(ReconcileRunTest, ARunWithoutMoneyMatches) {
  AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, -Dollars(30)}})});
  releases_ = Releases();
  ASSERT_TRUE(releases_->Release(run, kService).ok());
  ASSERT_TRUE(releases_->PostSettlement(run, MakeDate(2026, 10, 5), kService).ok());
  EXPECT_EQ(Reconciled(run).rows.size(), 1U);
  ExpectWhole(run, Money{});
}

// PRODUCT P4: 100 %, or the cycle does not close.
TEST_F(ReconcileRunTest, ARunOfWhichOneSideIsMissingDoesNotClose) {
  const RunId run = ReleaseThree(false);
  Day({kDeposit, {"466", 270'00, "ACH1", "", ""}});
  Tamper("test_undeliver", "UPDATE payments.payment_file SET state = 4 WHERE kind IN (2, 3, 4)");
  Status closed = releases_->Close(run, kFirst);
  EXPECT_THAT(StatusMessage(closed), HasSubstr("is not reconciled, 0 of 3 payments match"));
  EXPECT_THAT(StatusMessage(closed), HasSubstr("remittance: no 835 and no statement of payment"));
  EXPECT_EQ(StateOf(run), RunState::kSettling);
  Tamper("test_deliver", "UPDATE payments.payment_file SET state = 3 WHERE kind IN (2, 3, 4)");

  Tamper("test_other_remittance",
         "UPDATE payments.remittance SET bpr_cents = bpr_cents + 1 WHERE bpr_cents = 9000");
  EXPECT_THAT(StatusMessage(releases_->Close(run, kFirst)),
              HasSubstr("says 90.01 instead of 90.00"));
  Tamper("test_same_remittance",
         "UPDATE payments.remittance SET bpr_cents = bpr_cents - 1 WHERE bpr_cents = 9001");

  Tamper("test_less_at_the_bank",
         "UPDATE payments.bank_line_match SET amount_cents = 26999 "
         "WHERE kind = 1");
  EXPECT_THAT(StatusMessage(releases_->Close(run, kFirst)),
              HasSubstr("the bank has shown 269.99 of file"));
  Tamper("test_all_at_the_bank",
         "UPDATE payments.bank_line_match SET amount_cents = 27000 "
         "WHERE kind = 1");

  Tamper("test_other_entry",
         "UPDATE payments.file_entry SET amount_cents = 8001 WHERE amount_cents = 8000");
  EXPECT_THAT(StatusMessage(releases_->Close(run, kFirst)),
              HasSubstr("of 80.00 is 80.01 in its bank file"));
  Tamper("test_same_entry",
         "UPDATE payments.file_entry SET amount_cents = 8000 WHERE amount_cents = 8001");
  closed = releases_->Close(run, kFirst);
  EXPECT_TRUE(closed.ok()) << StatusMessage(closed);
}

}  // namespace
}  // namespace sluice::payments
