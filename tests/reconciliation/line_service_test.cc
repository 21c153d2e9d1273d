// Lines that nothing explains, worked by people: owners, splits by one and by two.
#include "payments/reconciliation/line_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/inbound/bank_statements.h"
#include "payments/ledger/events.h"
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

class LineServiceTest : public InboundFixture {
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
    Receive(WriteBai2({AccountOf(kNumber, 0, lines)}, as_of),
            fmt::format("BAI{}-{}", as_of, ++days_));
    Apply();
  }
  LineService Lines() { return {db_.App(), payer_, program_.book, db_.Clock(), db_.Ids()}; }
  std::vector<LineException> Exceptions() {
    auto list = Lines().Exceptions(kReturnDay);
    EXPECT_TRUE(list.ok()) << StatusMessage(list.status());
    return list.ok() ? *list : std::vector<LineException>();
  }
  BankLineId LineOf(Money amount) {
    for (const LineException& entry : Exceptions()) {
      if (entry.open.line.amount == amount) return entry.id;
    }
    ADD_FAILURE() << "no open line of " << amount.ToString();
    return {};
  }
  std::string FileNameOf(RunId run) {
    std::string name;
    const auto files = db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<PaymentFile>> {
          return LoadFiles(tx, program_.book, run);
        });
    for (const PaymentFile& file : *files) {
      if (file.kind == FileKind::kAch) name = file.name;
    }
    return name;
  }
  StatusOr<SplitOutcome> Split(BankLineId line, std::vector<SplitPart> parts,
                               Actor actor = kFirst) {
    return Lines().Split({line, std::move(parts), "the bank said so"}, actor);
  }
  Money Suspense() { return Balance(BankSuspenseAccount(program_.pool.bank_account)); }
  Money Pool() { return Balance(PoolAccount(program_.pool.id)); }

  int days_ = 0;
};

TEST_F(LineServiceTest, AnOpenLineHasAnAgeAndAnOwner) {
  Day({{"451", 12'34, "X", "", "SOMEBODY"}}, "261002");
  const BankLineId line = LineOf(Money::FromCents(12'34));
  EXPECT_FALSE(Exceptions().front().owner.has_value());
  ASSERT_TRUE(Lines().Assign(line, {kMaker.user, "ask the bank"}, kFirst).ok());
  ASSERT_TRUE(Lines().Assign(line, {kSecond.user, "it is yours"}, kFirst).ok());
  const auto list = Exceptions();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list.front().owner->owner, kSecond.user);
  EXPECT_EQ(list.front().owner->note, "it is yours");
  EXPECT_EQ(list.front().open.banking_days_old, 2);
  EXPECT_EQ(list.front().open.name, "UNMATCHED");
  EXPECT_EQ(Lines().Assign(BankLineId(77), {kMaker.user, ""}, kFirst).code(),
            absl::StatusCode::kNotFound);
}

// One debit is a file and a fee that the bank took with it.
TEST_F(LineServiceTest, ALineIsSplitOverAFileAndAFeeByTwoPeople) {
  const RunId run = ReleaseThree(false);
  Day({kDeposit, {"466", 273'50, "SUM", "", ""}});
  const BankLineId line = LineOf(Money::FromCents(273'50));
  const std::string file = FileNameOf(run);
  const Money pool = Pool();
  const auto asked = Split(line, {{BankTargetKind::kFile, file, Dollars(270)},
                                  {BankTargetKind::kFee, "main", Money::FromCents(3'50)}});
  ASSERT_TRUE(asked.ok()) << StatusMessage(asked.status());
  EXPECT_FALSE(asked->posted);
  EXPECT_EQ(Exceptions().front().waiting, asked->id);
  EXPECT_EQ(PaymentOf(run, entries_[0]).state, DisbursementState::kSent);
  EXPECT_EQ(Lines().Approve(asked->id, kFirst).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Lines().Approve(asked->id, kService).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Split(line, {{BankTargetKind::kFee, "main", Money::FromCents(273'50)}}).status().code(),
            absl::StatusCode::kAlreadyExists);

  const Status approved = Lines().Approve(asked->id, kSecond);
  ASSERT_TRUE(approved.ok()) << StatusMessage(approved);
  EXPECT_THAT(Exceptions(), IsEmpty());
  EXPECT_EQ(Suspense(), Money{});
  EXPECT_EQ(Pool(), pool - Money::FromCents(3'50));
  EXPECT_EQ(PaymentOf(run, entries_[0]).state, DisbursementState::kSettled);
  EXPECT_EQ(Lines().Approve(asked->id, kSecond).code(), absl::StatusCode::kNotFound);
  const Status closed = releases_->Close(run, kFirst);
  EXPECT_TRUE(closed.ok()) << StatusMessage(closed);
  ExpectBooksInOrder();
}

// The bank took a file and its correction apart: one person says so, and no journal is needed for
// the line against the line.
TEST_F(LineServiceTest, ALineAgainstALineAndAFileInParts) {
  const RunId run = ReleaseThree(false);
  Day({kDeposit, {"466", 271'00, "SUM", "", ""}, {"399", 1'00, "BACK", "", "CORRECTION"}});
  const BankLineId back = LineOf(Dollars(1));
  const auto posted =
      Split(LineOf(Dollars(271)), {{BankTargetKind::kFile, FileNameOf(run), Dollars(270)},
                                   {BankTargetKind::kLine, back.ToString(), Dollars(1)}});
  ASSERT_TRUE(posted.ok()) << StatusMessage(posted.status());
  EXPECT_TRUE(posted->posted);
  EXPECT_THAT(Exceptions(), IsEmpty());
  EXPECT_EQ(Suspense(), Money{});
  const Status closed = releases_->Close(run, kFirst);
  EXPECT_TRUE(closed.ok()) << StatusMessage(closed);
  ExpectBooksInOrder();
}

TEST_F(LineServiceTest, AFileMaySettleInPartsByPeople) {
  const RunId run = ReleaseThree(false);
  Day({kDeposit, {"466", 200'00, "A", "", ""}});
  const std::string file = FileNameOf(run);
  ASSERT_TRUE(Split(LineOf(Dollars(200)), {{BankTargetKind::kFile, file, Dollars(200)}}).ok());
  EXPECT_EQ(PaymentOf(run, entries_[0]).state, DisbursementState::kSent);
  Day({{"466", 70'00, "B", "", ""}}, "261006");
  EXPECT_THAT(Exceptions(), IsEmpty());  // what is left of the file matches by itself
  EXPECT_EQ(PaymentOf(run, entries_[0]).state, DisbursementState::kSettled);
  const Status closed = releases_->Close(run, kFirst);
  EXPECT_TRUE(closed.ok()) << StatusMessage(closed);
  ExpectBooksInOrder();
}

TEST_F(LineServiceTest, ACreditIsReturnsAndMoneyForThePool) {
  const RunId run = ReleaseThree(true);
  Receive(testing::Write(AnswersOf({{entries_[0], "R02"}})));
  Apply();
  const Disbursement returned = PaymentOf(run, entries_[0]);
  Day({kDeposit, {"466", 270'00, "ACH", "", ""}, {"168", 500'00, "SUM", "", ""}});
  const Money rest = Dollars(500) - returned.amount;
  const auto asked = Split(LineOf(Dollars(500)),
                           {{BankTargetKind::kReturned, returned.payment_key, returned.amount},
                            {BankTargetKind::kPool, "main", rest}});
  ASSERT_TRUE(asked.ok()) << StatusMessage(asked.status());
  const Money pool = Pool();
  ASSERT_TRUE(Lines().Approve(asked->id, kSecond).ok());
  EXPECT_EQ(Pool(), pool + rest);
  EXPECT_EQ(ReturnedItems(), Money{});
  EXPECT_EQ(Suspense(), Money{});
  ExpectBooksInOrder();
}

// A payee cashed what it is not owed: it owes it.
TEST_F(LineServiceTest, WhatAPayeeGotAndIsNotOwedItOwes) {
  ReleaseThree(true);
  Day({kDeposit, {"466", 270'00, "ACH", "", ""}, {"475", 40'00, "CK", "9", ""}});
  const PayeeId payee = payees_[0];
  const auto asked =
      Split(LineOf(Dollars(40)), {{BankTargetKind::kOverpaid, payee.ToString(), Dollars(40)}});
  ASSERT_TRUE(asked.ok()) << StatusMessage(asked.status());
  EXPECT_FALSE(asked->posted);
  ASSERT_TRUE(Lines().Approve(asked->id, kSecond).ok());
  EXPECT_EQ(Balance(PayeeReceivableAccount(payee)), Dollars(40));
  EXPECT_EQ(Suspense(), Money{});
  Day({{"142", 40'00, "PAID BACK", "", ""}}, "261006");
  const auto back =
      Split(LineOf(Dollars(40)), {{BankTargetKind::kRefund, payee.ToString(), Dollars(40)}});
  ASSERT_TRUE(back.ok()) << StatusMessage(back.status());
  ASSERT_TRUE(Lines().Approve(back->id, kSecond).ok());
  EXPECT_EQ(Balance(PayeeReceivableAccount(payee)), Money{});
  ExpectBooksInOrder();
}

TEST_F(LineServiceTest, WhatDoesNotAddUpIsRefusedAndChangesNothing) {
  const RunId run = ReleaseThree(false);
  Day({kDeposit, {"466", 280'00, "SUM", "", ""}});
  const BankLineId line = LineOf(Dollars(280));
  const std::string file = FileNameOf(run);
  EXPECT_THAT(StatusMessage(Split(line, {{BankTargetKind::kFile, file, Dollars(280)}}).status()),
              HasSubstr("270.00 of it are open, not 280.00"));
  EXPECT_THAT(StatusMessage(Split(line, {{BankTargetKind::kFile, file, Dollars(270)}}).status()),
              HasSubstr("add up to 270.00, and the line is of 280.00"));
  EXPECT_THAT(StatusMessage(Split(line, {{BankTargetKind::kFile, "x.ach", Dollars(280)}}).status()),
              HasSubstr("nothing of that kind and name is open"));
  EXPECT_EQ(Split(line, {{BankTargetKind::kFile, file, Dollars(270)}}, kService).status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Split(BankLineId(5), {{BankTargetKind::kFile, file, Dollars(5)}}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(Suspense(), -Dollars(280));
  EXPECT_EQ(Lines().Waiting()->size(), 0U);
}

TEST_F(LineServiceTest, ARejectedSplitMakesRoomForAnother) {
  Day({{"698", 5'00, "FEE", "", ""}});
  const BankLineId line = LineOf(Dollars(5));
  Fund(Dollars(100));
  const std::vector<SplitPart> fee = {{BankTargetKind::kFee, "main", Dollars(5)}};
  const auto first = Split(line, fee);
  ASSERT_TRUE(first.ok()) << StatusMessage(first.status());
  EXPECT_EQ(Lines().Reject(first->id, "", kSecond).code(), absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(Lines().Reject(first->id, "ask for a receipt", kSecond).ok());
  EXPECT_EQ(Lines().Approve(first->id, kSecond).code(), absl::StatusCode::kNotFound);
  const auto second = Split(line, fee);
  ASSERT_TRUE(second.ok()) << StatusMessage(second.status());
  ASSERT_TRUE(Lines().Approve(second->id, kSecond).ok());
  EXPECT_EQ(Suspense(), Money{});
  ExpectBooksInOrder();
}

// The keys, whatever the program does.
TEST_F(LineServiceTest, TheDatabaseRefusesMoneyMovedByOnePerson) {
  Day({{"698", 5'00, "FEE", "", ""}});
  const BankLineId line = LineOf(Dollars(5));
  const auto insert = [&](bool two_people, UserId decided_by) {
    const Recorded asked{kFirst.user, db_.Clock().Now()};
    return db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      const LineSplitRow row{.id = db_.Ids().Next<LineSplitTag>(),
                             .line = line,
                             .two_people = two_people,
                             .reason = "by force",
                             .requested = asked,
                             .parts = {{BankTargetKind::kFee, "main", Dollars(5)}}};
      InsertLineSplit(tx, program_.book, row);
      DecideLineSplit(tx, program_.book, row.id, LineSplitState::kPosted, "",
                      {decided_by, db_.Clock().Now()});
      return OkStatus();
    });
  };
  EXPECT_FALSE(insert(false, kSecond.user).ok());  // the part needs two
  EXPECT_FALSE(insert(true, kFirst.user).ok());    // and they are not two
  EXPECT_TRUE(insert(true, kSecond.user).ok());
}

}  // namespace
}  // namespace sluice::payments
