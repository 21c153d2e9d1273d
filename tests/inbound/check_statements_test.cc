// Statements against the register of checks: each check is paid by its own line, and what does not
// fit is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/checks/check_service.h"
#include "payments/inbound/bank_statements.h"
#include "payments/ledger/events.h"
#include "tests/inbound/bai2_sample.h"
#include "tests/inbound/inbound_fixture.h"

namespace sluice::payments {
namespace {

using testing::AccountOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::SampleDebit;
using testing::WriteBai2;

constexpr const char* kNumber = "0099887766";
const SampleDebit kDeposit{"142", 1'000'00, "DEP1", "", "FUNDING"};

class CheckStatementsTest : public InboundFixture {
 protected:
  void SetUp() override {
    InboundFixture::SetUp();
    auto layout = LoadCheckLayout("deploy/config/checks/csv.toml");
    ASSERT_TRUE(layout.ok());
    layout_ = *layout;
    program_.plan.pays_by_check = true;
    releases_ = ByLayout();
    statements_ =
        std::make_unique<BankStatements>(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids());
    ASSERT_TRUE(statements_
                    ->Register(program_.book, program_.pool.bank_account, AccountNumber(kNumber),
                               kBankOffice)
                    .ok());
    ASSERT_TRUE(Checks().AddStock(program_.pool.bank_account, 1001, 1099, kMaker).ok());
  }

  std::unique_ptr<ReleaseService> ByLayout(ReleaseHooks hooks = {}) {
    ReleaseSettings settings = Settings();
    settings.check_layout = layout_;
    return std::make_unique<ReleaseService>(db_.App(), db_.Files(), program_, settings, *keys_,
                                            db_.Clock(), db_.Ids(), std::move(hooks));
  }
  CheckService Checks() { return {db_.App(), payer_, program_.book, db_.Clock()}; }

  // Two payees without an account get checks 1001 and 1002, a third one is paid 80 by ACH.
  RunId ApproveTwoChecks(Money first = Dollars(100), Money second = Dollars(90)) {
    const PayeeId one = AddPayee(10);
    const PayeeId two = AddPayee(11);
    AddPaidPayee(12);
    Fund(Dollars(1'000));
    const RunId run = Open();
    const std::vector awards = {Award(1, {{10, first}, {11, second}, {12, Dollars(80)}})};
    EXPECT_TRUE(Cycles().Calculate(run, awards, kMaker).ok());
    for (const PayeeId payee : {one, two}) {
      const Status chosen = Cycles().PayByCheck(run, payee, "no account yet", kMaker);
      EXPECT_TRUE(chosen.ok()) << StatusMessage(chosen);
    }
    const auto digest = Cycles().Submit(run, kMaker);
    EXPECT_TRUE(digest.ok());
    Approve(run, *digest);
    return run;
  }
  RunId ReleaseTwoChecks(Money first = Dollars(100), Money second = Dollars(90)) {
    const RunId run = ApproveTwoChecks(first, second);
    const Status released = releases_->Release(run, kService);
    EXPECT_TRUE(released.ok()) << StatusMessage(released);
    return run;
  }

  AppliedItems Day(const std::vector<SampleDebit>& lines, const std::string& as_of = "261005") {
    const ReceivedFile file = Receive(WriteBai2({AccountOf(kNumber, 0, lines)}, as_of),
                                      fmt::format("BAI{}-{}", as_of, ++days_));
    EXPECT_EQ(file.file.state, InboundState::kStaged) << file.file.reason;
    return Apply();
  }
  // "CHECK_VOID" and the like, of the open lines by day.
  std::vector<std::string> Exceptions() {
    std::vector<std::string> names;
    const auto open = statements_->Exceptions(kReturnDay);
    EXPECT_TRUE(open.ok());
    for (const UnmatchedLine& line : *open) names.emplace_back(line.name);
    std::ranges::sort(names);
    return names;
  }
  CheckState StateOfCheck(std::int64_t number) {
    const auto found = Checks().Find(number);
    EXPECT_TRUE(found.ok()) << StatusMessage(found.status());
    return found->check.state;
  }
  Money InTransit(std::int64_t number) {
    return Balance(InTransitAccount(Checks().Find(number)->check.file));
  }
  Money Suspense() { return Balance(BankSuspenseAccount(program_.pool.bank_account)); }
  Money Cash() { return Balance(CashAccount(program_.pool.bank_account)); }

  CheckLayout layout_;
  std::unique_ptr<BankStatements> statements_;
  int days_ = 0;
};

// feature:R06
// feature:M05
TEST_F(CheckStatementsTest, TheBankPaysEachCheckAndThenTheRunCloses) {
  const RunId run = ReleaseTwoChecks();
  Day({kDeposit, {"466", 80'00, "ACH1", "", ""}, {"475", 100'00, "CK1", "0000001001", ""}});
  EXPECT_EQ(StateOfCheck(1001), CheckState::kPaid);
  EXPECT_EQ(StateOfCheck(1002), CheckState::kOutstanding);
  EXPECT_EQ(InTransit(1001), Dollars(90));
  EXPECT_EQ(Suspense(), Money{});
  const auto history = Checks().Find(1001);
  EXPECT_EQ(history->events.back().happened_on, MakeDate(2026, 10, 5));
  EXPECT_TRUE(history->events.back().journal_id.has_value());
  EXPECT_THAT(StatusMessage(releases_->Close(run, kFirst)), HasSubstr("payment 1002 of run"));

  Day({{"475", 90'00, "CK2", "1002", ""}}, "261006");
  EXPECT_EQ(StateOfCheck(1002), CheckState::kPaid);
  EXPECT_EQ(InTransit(1001), Money{});
  EXPECT_EQ(Cash(), Dollars(730));
  EXPECT_THAT(Exceptions(), IsEmpty());
  for (const Disbursement& row : PaymentsOf(run)) {
    EXPECT_EQ(row.state, DisbursementState::kSettled) << row.payment_key;
  }
  const Status closed = releases_->Close(run, kFirst);
  EXPECT_TRUE(closed.ok()) << StatusMessage(closed);
  EXPECT_TRUE(Apply().moves.empty());
  ExpectBooksInOrder();
}

TEST_F(CheckStatementsTest, WhatDoesNotFitIsNamedAndPaysNothing) {
  const RunId run = ReleaseTwoChecks();
  const AppliedItems applied = Day({{"475", 100'05, "B1", "1001", ""},
                                    {"475", 100'00, "B2", "7777", ""},
                                    {"475", 90'00, "B3", "", "CHECK"}});
  EXPECT_THAT(Exceptions(),
              ElementsAre("CHECK_UNKNOWN", "CHECK_WITHOUT_NUMBER", "CHECK_WRONG_AMOUNT"));
  EXPECT_THAT(applied.moves.back().reason, HasSubstr("CHECK_WITHOUT_NUMBER"));
  EXPECT_EQ(StateOfCheck(1001), CheckState::kOutstanding);
  EXPECT_EQ(InTransit(1001), Dollars(190));
  // Money left the bank, and nobody knows for what: it is in suspense.
  EXPECT_EQ(Suspense(), -Money::FromCents(290'05));
  const auto open = statements_->Exceptions(kReturnDay);
  const auto wrong =
      std::ranges::find(*open, std::string_view("CHECK_WRONG_AMOUNT"), &UnmatchedLine::name);
  EXPECT_THAT(wrong->what, HasSubstr("check 1001 is of 100.00, and the bank paid 100.05"));
  EXPECT_EQ(wrong->banking_days_old, 1);
  EXPECT_FALSE(releases_->Close(run, kFirst).ok());
  ExpectBooksInOrder();
}

// feature:R06
TEST_F(CheckStatementsTest, AVoidAndAStaleCheckThatArePaidAreNamed) {
  const RunId run = ReleaseTwoChecks();
  ASSERT_TRUE(Checks()
                  .Void({.number = 1001,
                         .reason = "lost in the mail",
                         .on = kBusinessDate,
                         .first = kFirst,
                         .second = kSecond})
                  .ok());
  const auto stale = Checks().MarkStale(MakeDate(2027, 6, 1), kService);
  ASSERT_TRUE(stale.ok());
  ASSERT_EQ(stale->size(), 1U);
  Day({{"466", 80'00, "ACH1", "", ""},
       {"475", 100'00, "B1", "1001", ""},
       {"475", 90'00, "B2", "1002", ""}});
  EXPECT_THAT(Exceptions(), ElementsAre("CHECK_STALE", "CHECK_VOID"));
  EXPECT_EQ(StateOfCheck(1001), CheckState::kVoid);
  EXPECT_EQ(StateOfCheck(1002), CheckState::kStale);
  EXPECT_EQ(Suspense(), -Dollars(190));
  // Every payment is terminal and nothing is in transit; the run waits for the exceptions.
  const Status closed = releases_->Close(run, kFirst);
  EXPECT_THAT(StatusMessage(closed), HasSubstr("CHECK_VOID of 2026-10-05, 100.00: check 1001"));
  EXPECT_THAT(StatusMessage(closed), HasSubstr("CHECK_STALE of 2026-10-05, 90.00: check 1002"));
  ExpectBooksInOrder();
}

TEST_F(CheckStatementsTest, ACheckIsPaidOnce) {
  const RunId run = ReleaseTwoChecks();
  Day({{"475", 100'00, "B1", "1001", ""}, {"475", 100'00, "B2", "1001", ""}});
  EXPECT_EQ(StateOfCheck(1001), CheckState::kPaid);
  EXPECT_THAT(Exceptions(), ElementsAre("CHECK_PAID_TWICE"));
  Day({{"475", 100'00, "B3", "1001", ""}}, "261006");
  EXPECT_THAT(Exceptions(), ElementsAre("CHECK_PAID_TWICE", "CHECK_PAID_TWICE"));
  EXPECT_EQ(Suspense(), -Dollars(200));
  EXPECT_EQ(InTransit(1001), Dollars(90));
  EXPECT_FALSE(releases_->Close(run, kFirst).ok());
  ExpectBooksInOrder();
}

// The keys, whatever the program does.
TEST_F(CheckStatementsTest, TheDatabaseRefusesASecondLineForACheck) {
  ReleaseTwoChecks();
  Day({{"475", 100'00, "B1", "1001", ""}, {"475", 100'00, "B2", "1001", ""}});
  const auto open = statements_->Exceptions(kReturnDay);
  ASSERT_EQ(open->size(), 1U);
  const CheckRow check = Checks().Find(1001)->check;
  const Status again = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
    const LineMatchRow row{.line = open->front().line.id,
                           .kind = BankTargetKind::kCheck,
                           .target = check.disbursement.Value(),
                           .amount = check.amount,
                           .rule = "by force"};
    InsertLineMatches(tx, program_.book, std::span(&row, 1), {kMaker.user, db_.Clock().Now()});
    return OkStatus();
  });
  EXPECT_FALSE(again.ok());
}

// A paid check is never an ACH file of its amount, sent or settled by hand; nor the reverse.
TEST_F(CheckStatementsTest, APaidCheckIsNeverAFileOfItsAmount) {
  const RunId run = ReleaseTwoChecks();
  Day({{"475", 80'00, "B1", "5001", ""}, {"451", 100'00, "B2", "1001", "CHECK 1001"}});
  EXPECT_EQ(PaymentsOf(run).size(), 3U);
  for (const Disbursement& row : PaymentsOf(run)) {
    EXPECT_EQ(row.state, DisbursementState::kSent) << row.payment_key;
  }
  EXPECT_EQ(StateOfCheck(1001), CheckState::kOutstanding);
  ASSERT_TRUE(releases_->PostSettlement(run, MakeDate(2026, 10, 5), kService).ok());
  Apply();
  EXPECT_THAT(Exceptions(), ElementsAre("CHECK_UNKNOWN", "UNMATCHED"));
  EXPECT_EQ(Suspense(), -Dollars(180));
  // The bank's own line of the file explains the journal that was posted by hand.
  Day({{"466", 80'00, "ACH1", "", ""}});
  EXPECT_THAT(Exceptions(), ElementsAre("CHECK_UNKNOWN", "UNMATCHED"));
  EXPECT_EQ(Suspense(), -Dollars(180));
  ExpectBooksInOrder();
}

// Two checks of one amount and no bank reference: the next report lists them the other way round.
TEST_F(CheckStatementsTest, AReportThatListsTheDaysChecksInAnotherOrderIsUnderstood) {
  ReleaseTwoChecks(Dollars(100), Dollars(100));
  Day({{"475", 100'00, "", "1001", ""}});
  Day({{"475", 100'00, "", "1002", ""}, {"475", 100'00, "", "1001", ""}});
  EXPECT_EQ(StateOfCheck(1001), CheckState::kPaid);
  EXPECT_EQ(StateOfCheck(1002), CheckState::kPaid);
  EXPECT_THAT(Exceptions(), IsEmpty());
  EXPECT_EQ(Cash(), Dollars(800));
  EXPECT_EQ(Suspense(), Money{});
  ExpectBooksInOrder();
}

// Before the file of issued checks was delivered: it waits, and is paid when it was.
TEST_F(CheckStatementsTest, ACheckPaidBeforeItsFileLeftWaitsForIt) {
  const RunId run = ApproveTwoChecks();
  const auto stopped = ByLayout({.reached = [&](std::string_view at) -> Status {
    return at == "file.after_build" ? Unavailable("the power went") : OkStatus();
  }});
  EXPECT_FALSE(stopped->Release(run, kService).ok());
  Day({{"475", 100'00, "B1", "1001", ""}});
  EXPECT_THAT(Exceptions(), ElementsAre("CHECK_NOT_SENT"));
  EXPECT_EQ(StateOfCheck(1001), CheckState::kOutstanding);
  ASSERT_TRUE(releases_->Resume(run, kService).ok());
  EXPECT_THAT(Exceptions(), ElementsAre("CHECK_PAID"));  // fits; not applied yet
  Apply();
  EXPECT_EQ(StateOfCheck(1001), CheckState::kPaid);
  EXPECT_THAT(Exceptions(), IsEmpty());
  ExpectBooksInOrder();
}

}  // namespace
}  // namespace sluice::payments
