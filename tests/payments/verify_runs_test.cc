// The auditor finds what a superuser does to a released run, and names the first thing that is bad.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/ledger/verify.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class VerifyRunsTest : public RunFixture {
 protected:
  // Two shares with a withhold, one of them to a payee without an account, and a loss.
  RunId Released() {
    AddPaidPayee(10);
    AddPayee(11);
    AddPaidPayee(12);
    Fund(Dollars(1'000));
    const RunId run = Approved({Award(1, {{10, Dollars(100)}, {11, Dollars(50)}}, Dollars(15)),
                                Award(2, {{12, -Dollars(20)}})});
    const Status released = Releases()->Release(run, kService);
    EXPECT_TRUE(released.ok()) << released;
    return run;
  }

  LedgerVerifyReport Verify() {
    const auto report = VerifyLedger(db_.Verify().ForPayer(payer_), {});
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : LedgerVerifyReport{};
  }

  // What a superuser can do: triggers and foreign keys off, then a statement.
  void Tamper(const std::string& sql) {
    const pg::Query off{"test_triggers_off", "SET LOCAL session_replication_role = replica"};
    const std::string name = fmt::format("test_tamper_{}", ++tampers_);
    const pg::Query change{name.c_str(), sql.c_str()};
    const Status status = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(off);
      EXPECT_GT(tx.Execute(change), 0) << sql;
      return OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  void Script(const std::string& sql) {
    const Status status = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      tx.RunScript(sql);
      return OkStatus();
    });
    ASSERT_TRUE(status.ok()) << sql << ": " << status;
  }

 private:
  int tampers_ = 0;
};

TEST_F(VerifyRunsTest, ASoundRunIsCleanWhileItIsReleasedSettledAndClosed) {
  const RunId run = Released();
  LedgerVerifyReport report = Verify();
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_EQ(report.runs, 1);
  const auto releases = Releases();
  ASSERT_TRUE(releases->PostSettlement(run, MakeDate(2026, 10, 2), kService).ok());
  ASSERT_TRUE(releases->Close(run, kFirst).ok());
  EXPECT_THAT(Verify().findings, IsEmpty());
}

TEST_F(VerifyRunsTest, AVoidedPaymentAndALaterRunAreClean) {
  const PayeeId payee = AddPaidPayee(10);
  AddPaidPayee(11);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}, {11, Dollars(50)}})});
  ReleaseHooks hooks;
  hooks.reached = [&](std::string_view place) -> Status {
    if (place == "run.between_batches" && accounts_.contains(payee)) {
      Suspend(payee);
      accounts_.erase(payee);
    }
    return OkStatus();
  };
  ASSERT_TRUE(Releases(hooks)->Release(run, kService).ok());
  EXPECT_THAT(Verify().findings, IsEmpty());
}

TEST_F(VerifyRunsTest, AnApprovedRunIsHeldToItsApprovals) {
  AddPaidPayee(10);
  Fund(Dollars(1'000));
  Approved({Award(1, {{10, Dollars(100)}})});
  EXPECT_THAT(Verify().findings, IsEmpty());
  Tamper("DELETE FROM payments.run_approval WHERE approver_id = 12");
  const LedgerVerifyReport report = Verify();
  ASSERT_THAT(report.findings, SizeIs(1));
  EXPECT_EQ(report.findings[0].kind, LedgerFindingKind::kApprovalInvalid);
}

struct TamperCase {
  const char* name;
  const char* sql;
  LedgerFindingKind kind;
  const char* detail;
};

constexpr LedgerFindingKind kTie = LedgerFindingKind::kRunTieOut;
constexpr LedgerFindingKind kApproval = LedgerFindingKind::kApprovalInvalid;

const TamperCase kTampers[] = {
    {"an approval removed", "DELETE FROM payments.run_approval WHERE approver_id = 12", kApproval,
     "1 people approved it and 2 are needed"},
    {"an approval of something else",
     "UPDATE payments.run_approval SET digest = sha256('x') WHERE approver_id = 12", kApproval,
     "approved another digest"},
    {"the maker as approver", "UPDATE payments.run_revision SET submitted_by = 11", kApproval,
     "submitted it and approved it"},
    {"another maker", "UPDATE payments.run_revision SET submitted_by = 77", kApproval,
     "approved what another person had submitted"},
    {"an editor as approver",
     "INSERT INTO payments.run_editor SELECT book_id, run_id, revision, 12, 'x', recorded_at FROM "
     "payments.run_approval WHERE approver_id = 11",
     kApproval, "edited it and approved it"},
    {"more people needed", "UPDATE payments.run_revision SET required_approvals = 3", kApproval,
     "2 people approved it and 3 are needed"},
    {"another digest stored", "UPDATE payments.run_revision SET digest = sha256('x')", kApproval,
     "the digest differs"},
    {"another account paid", "UPDATE payments.run_payee SET account_version = account_version + 1",
     kApproval, "the digest differs"},
    {"another amount of a line",
     "UPDATE payments.run_line SET amount_cents = amount_cents + 1 WHERE posting = 1", kApproval,
     "the digest differs"},
    {"a line that is not in the ledger",
     "UPDATE payments.run_line SET amount_cents = amount_cents + 1 WHERE posting = 1", kTie,
     "what its lines recognize is"},
    {"another hold", "UPDATE payments.run_revision SET hold_cents = hold_cents + 1", kTie,
     "the hold that was approved is"},
    {"another withhold", "UPDATE payments.run_line SET withhold_cents = 0 WHERE posting = 1", kTie,
     "WITHHOLD in the ledger is 15.00, in the run 0.00"},
    {"another payment",
     "UPDATE payments.disbursement SET amount_cents = amount_cents + 100 WHERE amount_cents > 0",
     kTie, "the approved net is"},
    {"a payment removed", "DELETE FROM payments.disbursement WHERE amount_cents > 0", kTie,
     "DISBURSE in the ledger is 100.00, in the run 0.00"},
    {"an entry removed from the file", "DELETE FROM payments.file_entry", kTie,
     "is not in its file"},
    {"another amount in the file", "UPDATE payments.file_entry SET amount_cents = 1", kTie,
     "its entry is 0.01"},
    {"other bytes in the file",
     "UPDATE payments.payment_file_content AS c SET total_cents = 1 FROM payments.payment_file AS "
     "f WHERE f.book_id = c.book_id AND f.file_id = c.file_id AND f.kind = 1",
     kTie, "the sum of its entries is 100.00"},
    {"another amount on the remittance", "UPDATE payments.remittance SET bpr_cents = bpr_cents + 1",
     kTie, "is another amount on its remittance"},
    {"no remittance", "DELETE FROM payments.remittance", kTie, "has no remittance"},
    {"a loss that is forgotten", "UPDATE payments.run_payee SET recoup_cents = 0", kTie,
     "RECOUP in the ledger is 20.00, in the run 0.00"},
};

// What Released() stored and the cases change, put aside once and put back after each case.
constexpr const char* kTables[] = {"run_approval", "run_editor", "run_revision",
                                   "run_line",     "run_payee",  "disbursement",
                                   "file_entry",   "remittance", "payment_file_content"};

TEST_F(VerifyRunsTest, FindsAndNamesWhatWasDoneToAReleasedRun) {
  const RunId run = Released();
  ASSERT_THAT(Verify().findings, IsEmpty());
  for (const char* table : kTables) {
    Script(fmt::format("CREATE TABLE payments.kept_{0} AS SELECT * FROM payments.{0}", table));
  }
  for (const TamperCase& test : kTampers) {
    SCOPED_TRACE(test.name);
    Tamper(test.sql);
    const LedgerVerifyReport report = Verify();
    EXPECT_EQ(report.ExitCode(), 1);
    const auto found = std::ranges::find(report.findings, test.kind, &LedgerFinding::kind);
    ASSERT_NE(found, report.findings.end());
    EXPECT_GT(found->batch_seq, 0);
    EXPECT_THAT(found->ToString(), HasSubstr(fmt::format("{}: run {}: ", found->batch_seq, run)));
    EXPECT_THAT(found->detail, HasSubstr(test.detail));
    for (const char* table : kTables) {
      Script(fmt::format(
          "SET LOCAL session_replication_role = replica; DELETE FROM payments.{0}; INSERT INTO "
          "payments.{0} SELECT * FROM payments.kept_{0}",
          table));
    }
    ASSERT_THAT(Verify().findings, IsEmpty());
  }
}

}  // namespace
}  // namespace sluice::payments
