// Statements against the ledger: booked once, matched, the rest listed.
#include "payments/inbound/bank_statements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/ledger/events.h"
#include "tests/inbound/bai2_sample.h"
#include "tests/inbound/inbound_fixture.h"

namespace sluice::payments {
namespace {

using testing::AccountOf;
using testing::AnswersOf;
using ::testing::HasSubstr;
using testing::SampleDebit;
using testing::WriteBai2;

constexpr const char* kNumber = "0099887766";

class BankStatementsTest : public InboundFixture {
 protected:
  void SetUp() override {
    InboundFixture::SetUp();
    statements_ =
        std::make_unique<BankStatements>(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids());
    const auto registered = statements_->Register(program_.book, program_.pool.bank_account,
                                                  AccountNumber(kNumber), kBankOffice);
    ASSERT_TRUE(registered.ok()) << StatusMessage(registered.status());
  }

  // A day's report of the deposit account, received and applied.
  AppliedItems Day(const std::vector<SampleDebit>& lines, const std::string& as_of = "261005",
                   std::int64_t opening = 0, const std::string& number = kNumber) {
    const ReceivedFile file =
        Receive(WriteBai2({AccountOf(number, opening, lines)}, as_of), "BAI" + as_of);
    EXPECT_EQ(file.file.state, InboundState::kStaged) << file.file.reason;
    return Apply();
  }
  Money Suspense() { return Balance(BankSuspenseAccount(program_.pool.bank_account)); }
  Money Cash() { return Balance(CashAccount(program_.pool.bank_account)); }
  std::size_t Open() { return statements_->Exceptions(kReturnDay)->size(); }

  std::unique_ptr<BankStatements> statements_;
};

// The deposit of the fixture is in the ledger: its line explains it and books nothing.
const SampleDebit kDeposit{"142", 1'000'00, "DEP1", "", "FUNDING"};

// feature:M04
// feature:M05
TEST_F(BankStatementsTest, ADebitOfTheFileSettlesItsPayments) {
  const RunId run = ReleaseThree(false);
  const AppliedItems applied = Day({kDeposit, {"466", 270'00, "ACH1", "", "ACH SETTLEMENT"}});
  EXPECT_EQ(applied.items.size(), 1U);
  EXPECT_EQ(Cash(), Dollars(730));
  EXPECT_EQ(Suspense(), Money{});
  EXPECT_EQ(Open(), 0U);
  for (const Disbursement& row : PaymentsOf(run)) {
    EXPECT_EQ(row.state, DisbursementState::kSettled);
  }
  EXPECT_TRUE(releases_->Close(run, kFirst).ok());
  const auto positions = statements_->Positions();
  ASSERT_TRUE(positions.ok());
  ASSERT_EQ(positions->size(), 1U);
  EXPECT_EQ(positions->front().ledger_cash, Dollars(730));
  EXPECT_EQ(positions->front().difference, Money{});
  EXPECT_EQ(positions->front().statement->closing, Dollars(730));
  EXPECT_EQ(positions->front().account.last4, "7766");
  ExpectBooksInOrder();
}

TEST_F(BankStatementsTest, ALineOfMoneyThatIsBookedAlreadyBooksNothing) {
  ReleaseThree(true);  // the settlement was posted by hand
  Day({kDeposit, {"466", 270'00, "ACH1", "", ""}});
  EXPECT_EQ(Cash(), Dollars(730));
  EXPECT_EQ(Open(), 0U);
  ExpectBooksInOrder();
}

TEST_F(BankStatementsTest, TheSameLinesInAnotherStatementAreBookedOnce) {
  ReleaseThree(false);
  const std::vector<SampleDebit> lines = {
      kDeposit, {"475", 7'00, "CK", "", ""}, {"475", 7'00, "CK", "", ""}};
  Day(lines);
  EXPECT_EQ(Cash(), Dollars(986));
  // The next report repeats the day and adds a third equal check.
  std::vector<SampleDebit> more = lines;
  more.push_back({"475", 7'00, "CK", "", "again"});
  const ReceivedFile file = Receive(WriteBai2({AccountOf(kNumber, 0, more)}, "261005"), "AGAIN");
  EXPECT_EQ(file.items.at(ItemState::kDuplicate), 4);  // three lines and the opening balance
  Apply();
  EXPECT_EQ(Cash(), Dollars(979));
  EXPECT_EQ(Open(), 3U);
  EXPECT_EQ(Suspense(), -Dollars(21));
  ExpectBooksInOrder();
}

TEST_F(BankStatementsTest, AReturnedCreditComesHomeBeforeOrAfterItsNotice) {
  const RunId run = ReleaseThree(true);
  const Money first = PaymentOf(run, entries_[0]).amount;
  const Money second = PaymentOf(run, entries_[1]).amount;
  Receive(testing::Write(AnswersOf({{entries_[0], "R02"}})));
  Apply();
  EXPECT_EQ(ReturnedItems(), -first);
  // Both credits on one day; the notice of the second comes a day later.
  Day({{"257", first.Cents(), "R1", "", ""}, {"257", second.Cents(), "R2", "", ""}}, "261006");
  EXPECT_EQ(ReturnedItems(), Money{});
  EXPECT_EQ(Suspense(), second);
  EXPECT_EQ(Open(), 1U);
  Receive(testing::Write(AnswersOf({{entries_[1], "R03"}})), "RET2.ach");
  Apply();
  EXPECT_EQ(ReturnedItems(), Money{});
  EXPECT_EQ(Suspense(), Money{});
  EXPECT_EQ(Open(), 0U);
  ExpectBooksInOrder();
}

TEST_F(BankStatementsTest, ABankMaySettleAFileInPartsOrSeveralReturnsAtOnce) {
  const RunId run = ReleaseThree(false);
  Day({kDeposit, {"466", 200'00, "A", "", ""}, {"466", 70'00, "B", "", ""}});
  EXPECT_EQ(Open(), 0U);
  EXPECT_EQ(PaymentOf(run, entries_[0]).state, DisbursementState::kSettled);
  Receive(testing::Write(AnswersOf({{entries_[0], "R02"}, {entries_[1], "R02"}})));
  Apply();
  const Money both = PaymentOf(run, entries_[0]).amount + PaymentOf(run, entries_[1]).amount;
  Day({{"168", both.Cents(), "RETURNS", "", ""}}, "261006", 730'00);
  EXPECT_EQ(ReturnedItems(), Money{});
  EXPECT_EQ(Open(), 0U);
  ExpectBooksInOrder();
}

TEST_F(BankStatementsTest, ABankMayKeepReturnsOutOfASettlement) {
  const RunId run = ReleaseThree(false);
  Receive(testing::Write(AnswersOf({{entries_[0], "R02"}})));
  Apply();
  const Money back = PaymentOf(run, entries_[0]).amount;
  Day({kDeposit, {"466", (Dollars(270) - back).Cents(), "NET", "", ""}});
  EXPECT_EQ(Open(), 0U);
  EXPECT_EQ(ReturnedItems(), Money{});
  EXPECT_EQ(Suspense(), Money{});
  EXPECT_EQ(PaymentOf(run, entries_[1]).state, DisbursementState::kSettled);
  EXPECT_EQ(PaymentOf(run, entries_[0]).state, DisbursementState::kReturned);
  EXPECT_EQ(Cash(), Dollars(730) + back);
  EXPECT_TRUE(releases_->Close(run, kFirst).ok());
  ExpectBooksInOrder();
}

TEST_F(BankStatementsTest, WhatNothingExplainsIsListedWithItsAge) {
  Day({{"451", 12'34, "X", "", "SOMEBODY 123456789"}}, "261002");
  const auto open = statements_->Exceptions(kReturnDay);
  ASSERT_TRUE(open.ok());
  ASSERT_EQ(open->size(), 1U);
  EXPECT_EQ(open->front().banking_days_old, 2);
  EXPECT_EQ(open->front().line.information, "SOMEBODY *6789");
  const auto positions = statements_->Positions();
  EXPECT_EQ(positions->front().unmatched_debits, Money::FromCents(12'34));
  EXPECT_EQ(Suspense(), -Money::FromCents(12'34));
}

TEST_F(BankStatementsTest, AnAccountThatIsNotOursWaitsUntilItIsRegistered) {
  const AppliedItems applied = Day({{"466", 5'00, "", "", ""}}, "261005", 0, "555444333");
  EXPECT_EQ(applied.items.size(), 1U);
  EXPECT_TRUE(applied.items.contains(ItemState::kSuspense));
  EXPECT_THAT(applied.moves.front().reason, HasSubstr("4333"));
  EXPECT_TRUE(Apply().moves.empty());
  const auto other = db_.Ids().Next<BankAccountTag>();
  EXPECT_EQ(statements_->Register(program_.book, other, AccountNumber("99887766"), kBankOffice)
                .status()
                .code(),
            absl::StatusCode::kAlreadyExists);  // leading zeros are no difference
  ASSERT_TRUE(
      statements_->Register(program_.book, other, AccountNumber("555444333"), kBankOffice).ok());
  EXPECT_TRUE(Apply().items.contains(ItemState::kApplied));
  EXPECT_EQ(Balance(BankSuspenseAccount(other)), -Dollars(5));
}

TEST_F(BankStatementsTest, BadAndUnbookedReportsPostNothing) {
  std::string bytes = WriteBai2({AccountOf(kNumber, 0, {{"466", 5'00, "", "", ""}})}, "261005");
  bytes[bytes.find("49,") + 3] ^= 1;
  EXPECT_EQ(Receive(bytes, "BAD").file.state, InboundState::kQuarantined);
  Receive(WriteBai2({AccountOf(kNumber, 0, {{"466", 6'00, "", "", ""}})}, "261005", '1', "4"),
          "SAMEDAY");
  EXPECT_TRUE(Apply().moves.empty());
  EXPECT_EQ(Cash(), Money{});
}

TEST_F(BankStatementsTest, AnAnswerToARemittanceMarksItsFile) {
  const RunId run = ReleaseThree(false);
  const auto files = *db_.App().ForPayer(payer_).Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::vector<PaymentFile>> {
        return LoadFiles(tx, program_.book, run);
      });
  const auto sent = std::ranges::find(files, FileKind::k835, &PaymentFile::kind);
  ASSERT_NE(sent, files.end());
  const auto answer = [](std::int64_t control, const char* verdict, const char* accepted) {
    return fmt::format(
        "ISA*00*          *00*          *ZZ*CLEARINGHOUSE  *ZZ*PRAIRIE        *261002*0600*^*00501*"
        "000000111*0*T*:~GS*FA*CLEARINGHOUSE*PRAIRIE*20261002*0600*7*X*005010X231A1~"
        "ST*999*0001*005010X231A1~AK1*HP*{}*005010X221A1~AK2*835*0001~IK5*{}~AK9*{}*1*1*{}~"
        "SE*6*0001~GE*1*7~IEA*1*000000111~",
        control, verdict, verdict, accepted);
  };
  Receive(answer(sent->control_number + 500, "A", "1"), "OTHER.999");
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kSuspense, 1}}));
  Receive(answer(sent->control_number, "A", "1"), "GOOD.999");
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kApplied, 1}}));
  const auto state = [&] {
    return *db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> StatusOr<FileState> {
      return LockFile(tx, program_.book, sent->id)->state;
    });
  };
  EXPECT_EQ(state(), FileState::kAcked);
  Receive(answer(sent->control_number, "R", "0"), "BAD.999");
  const AppliedItems refused = Apply();
  EXPECT_EQ(refused.items, (ItemCounts{{ItemState::kWorkItem, 1}}));
  EXPECT_THAT(refused.moves.front().reason, HasSubstr("the same TRN"));
}

}  // namespace
}  // namespace sluice::payments
