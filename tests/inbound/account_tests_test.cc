// Prenotes and micro-deposits, from the request to what the bank answers.
#include <gmock/gmock.h>

#include <filesystem>

#include "payments/enrollment/account_test_service.h"
#include "payments/ledger/events.h"
#include "tests/inbound/inbound_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace testing;  // the bank simulator

class AccountTestsTest : public InboundFixture {
 protected:
  AccountTestService Tests() {
    return {db_.App(), db_.Files(), payer_, *keys_, db_.Clock(), db_.Ids()};
  }
  BankAccount Submitted(std::int64_t party, const std::string& number) {
    PayeeService service(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids());
    const BankAccountRequest request{
        .payee = AddPayee(party),
        .details = {.routing_number = "091000019", .account_number = AccountNumber(number)},
        .effective_from = MakeDate(2026, 1, 1)};
    const auto stored = service.SubmitBankAccounts(std::span(&request, 1), kBankOffice);
    EXPECT_TRUE(stored.ok()) << StatusMessage(stored.status());
    return stored->front();
  }
  void Ask(const BankAccount& account, AccountTestKind kind = AccountTestKind::kPrenote) {
    const AccountVersion version{account.id, account.version};
    const auto asked = Tests().Request(std::span(&version, 1), kind, kBankOffice);
    ASSERT_TRUE(asked.ok()) << StatusMessage(asked.status());
  }
  SentTests Send() {
    const auto sent = Tests().Send(program_, Settings(), kBusinessDate, kService);
    EXPECT_TRUE(sent.ok()) << StatusMessage(sent.status());
    if (!sent.ok() || !sent->has_value()) return {};
    entries_ = EntriesOf(DeliveredFiles().at((*sent)->file_name));
    return **sent;
  }
  AccountTest TestOf(const BankAccount& account) { return Tests().List(account.payee)->back(); }
  StatusOr<AccountTest> Confirm(const BankAccount& account, std::int64_t one, std::int64_t two) {
    auto answer = MicroAnswer(Money::FromCents(one), Money::FromCents(two));
    if (!answer.ok()) return answer.status();
    return Tests().Confirm({account.id, account.version}, *answer, kReturnDay, kService);
  }
  Status Approve(const BankAccount& account) {
    return ChangeAccount(account, BankAccountCommand::kApprove, kCompliance);
  }
};

// feature:M12
TEST_F(AccountTestsTest, APrenotePassesAfterItsBankingDays) {
  const BankAccount account = Submitted(10, "550111222333");
  Ask(account);
  EXPECT_EQ(AccountState(account.payee), BankAccountState::kValidating);
  const SentTests sent = Send();
  EXPECT_EQ(FormatDate(sent.effective_date), "2026-10-02");
  ASSERT_EQ(entries_.size(), 1U);
  EXPECT_EQ(entries_[0].code, "23");
  EXPECT_EQ(entries_[0].cents, 0);
  EXPECT_EQ(entries_[0].account, "550111222333");
  // Friday, and three banking days: Wednesday.
  EXPECT_EQ(TestOf(account).passes_on, MakeDate(2026, 10, 7));
  EXPECT_TRUE(Tests().Settle(MakeDate(2026, 10, 6), kService)->empty());
  EXPECT_THAT(StatusMessage(Approve(account)), HasSubstr("is not proved"));
  EXPECT_EQ(Tests().Settle(MakeDate(2026, 10, 7), kService)->size(), 1U);
  EXPECT_TRUE(Tests().Settle(MakeDate(2026, 10, 7), kService)->empty());
  EXPECT_TRUE(Approve(account).ok());
  EXPECT_TRUE(ChangeAccount(account, BankAccountCommand::kActivate, kCompliance).ok());
  ExpectBooksInOrder();
}

// feature:M12
TEST_F(AccountTestsTest, AReturnedPrenoteRejectsItsAccount) {
  const BankAccount good = Submitted(10, "550111222333");
  const BankAccount bad = Submitted(11, "550111222444");
  Ask(good);
  Ask(bad);
  Send();
  ASSERT_EQ(entries_.size(), 2U);
  Receive(Write(AnswersOf({{entries_[1], "R03"}})));
  const AppliedItems applied = Apply();
  EXPECT_EQ(applied.items, (ItemCounts{{ItemState::kApplied, 1}}));
  EXPECT_THAT(applied.moves.front().reason, HasSubstr("R03"));
  EXPECT_THAT(applied.moves.front().reason, Not(HasSubstr("550111222444")));
  EXPECT_EQ(AccountState(bad.payee), BankAccountState::kRejected);
  EXPECT_EQ(TestOf(bad).state, AccountTestState::kFailed);
  EXPECT_EQ(Tests().Settle(MakeDate(2026, 10, 7), kService)->size(), 1U);
  EXPECT_EQ(TestOf(good).state, AccountTestState::kPassed);
  // The same answer in another file changes nothing.
  Receive(Write(AnswersOf({{entries_[1], "R03"}, {entries_[1], "R04"}})), "RET2.ach");
  Apply();
  EXPECT_EQ(TestOf(bad).state, AccountTestState::kFailed);
}

TEST_F(AccountTestsTest, ANoticeOfChangeEndsATestAndALateReturnStopsTheAccount) {
  const BankAccount corrected = Submitted(10, "550111222333");
  const BankAccount late = Submitted(11, "550111222444");
  Ask(corrected);
  Ask(late);
  Send();
  Receive(Write(AnswersOf({{entries_[0], "C01", "777000111222"}})));
  const AppliedItems applied = Apply();
  EXPECT_THAT(applied.moves.front().reason, HasSubstr("C01"));
  EXPECT_THAT(applied.moves.front().reason, Not(HasSubstr("777000111222")));
  EXPECT_EQ(AccountState(corrected.payee), BankAccountState::kRejected);
  ASSERT_EQ(Tests().Settle(MakeDate(2026, 10, 7), kService)->size(), 1U);
  ASSERT_TRUE(Approve(late).ok());
  ASSERT_TRUE(ChangeAccount(late, BankAccountCommand::kActivate, kCompliance).ok());
  Receive(Write(AnswersOf({{entries_[1], "R02"}})), "LATE.ach");
  EXPECT_THAT(Apply().moves.front().reason, HasSubstr("is stopped"));
  EXPECT_EQ(AccountState(late.payee), BankAccountState::kSuspended);
}

// feature:M12
TEST_F(AccountTestsTest, MicroDepositsPassWhenThePayeeNamesBoth) {
  Fund(Dollars(10));
  const BankAccount account = Submitted(10, "550111222333");
  Ask(account, AccountTestKind::kMicroDeposits);
  EXPECT_EQ(Confirm(account, 1, 2).status().code(), absl::StatusCode::kFailedPrecondition);
  Send();
  ASSERT_EQ(entries_.size(), 2U);
  const std::int64_t one = entries_[0].cents, two = entries_[1].cents;
  EXPECT_NE(one, two);
  for (const BankEntry& entry : entries_) {
    EXPECT_EQ(entry.code, "22");
    EXPECT_GE(entry.cents, 1);
    EXPECT_LE(entry.cents, 99);
  }
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), Dollars(10) - Money::FromCents(one + two));
  EXPECT_TRUE(Tests().Settle(MakeDate(2026, 12, 1), kService)->empty());  // silence is no answer
  EXPECT_FALSE(Confirm(account, one, 100).ok());
  const auto wrong = Confirm(account, one, two == 99 ? 98 : two + 1);
  ASSERT_TRUE(wrong.ok());
  EXPECT_EQ(wrong->result, "1 of 3 answers were wrong");
  EXPECT_THAT(StatusMessage(Approve(account)), HasSubstr("is not proved"));
  const auto right = Confirm(account, two, one);  // in any order
  ASSERT_TRUE(right.ok());
  EXPECT_EQ(right->state, AccountTestState::kPassed);
  EXPECT_TRUE(Approve(account).ok());
  ExpectBooksInOrder();
}

// feature:M12
TEST_F(AccountTestsTest, AfterThreeWrongAnswersTheAccountIsRejected) {
  Fund(Dollars(10));
  const BankAccount account = Submitted(10, "550111222333");
  Ask(account, AccountTestKind::kMicroDeposits);
  Send();
  const std::int64_t one = entries_[0].cents, two = entries_[1].cents;
  const std::int64_t off = two == 99 ? 98 : two + 1;
  for (int attempt = 1; attempt <= kMostAttempts; ++attempt) {
    ASSERT_TRUE(Confirm(account, one, off).ok());
  }
  EXPECT_EQ(AccountState(account.payee), BankAccountState::kRejected);
  EXPECT_FALSE(Confirm(account, one, two).ok());
}

// The service sees neither the sealed amounts nor the bytes of the file.
TEST_F(AccountTestsTest, TheServiceCannotReadTheAmounts) {
  const Status read = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
    tx.RunScript("SELECT ciphertext FROM payments.account_test");
    return OkStatus();
  });
  EXPECT_THAT(StatusMessage(read), HasSubstr("permission denied"));
}

TEST_F(AccountTestsTest, AVersionHasOneTestAtATimeAndAFileIsSentOnce) {
  const BankAccount account = Submitted(10, "550111222333");
  Ask(account);
  const AccountVersion version{account.id, account.version};
  EXPECT_EQ(Tests()
                .Request(std::span(&version, 1), AccountTestKind::kPrenote, kBankOffice)
                .status()
                .code(),
            absl::StatusCode::kAlreadyExists);
  Send();
  const auto again = Tests().Send(program_, Settings(), kBusinessDate, kService);
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->has_value());
  EXPECT_EQ(DeliveredFiles().size(), 1U);
}

// The program stopped after the file was marked, and the bank had taken it by then.
TEST_F(AccountTestsTest, AFileOfUnknownOutcomeIsNotSentAgain) {
  Ask(Submitted(10, "550111222333"));
  const SentTests sent = Send();
  const Status back = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
    tx.RunScript("UPDATE payments.side_file SET state = 2");
    tx.RunScript("UPDATE payments.account_test SET state = 1, passes_on = NULL");
    return OkStatus();
  });
  ASSERT_TRUE(back.ok()) << StatusMessage(back);
  // The file lies there: what the rename did is found.
  ASSERT_TRUE(Tests().Send(program_, Settings(), kBusinessDate, kService).ok());
  ASSERT_TRUE(db_.Admin()
                  .Transact([&](pg::Transaction& tx) -> Status {
                    tx.RunScript("UPDATE payments.side_file SET state = 2");
                    return OkStatus();
                  })
                  .ok());
  std::filesystem::remove(directory_ + "/out/" + sent.file_name);
  EXPECT_THAT(StatusMessage(Tests().Send(program_, Settings(), kBusinessDate, kService).status()),
              HasSubstr("is unknown"));
  EXPECT_TRUE(DeliveredFiles().empty());
}

}  // namespace
}  // namespace sluice::payments
