// Notices of change: proposed, never applied by themselves, never printed.
#include "payments/inbound/change_notice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/inbound/inbound_fixture.h"

namespace sluice::payments {
namespace {

using testing::AnswersOf;
using testing::Fill;
using ::testing::HasSubstr;
using ::testing::Not;

class ChangeNoticeTest : public InboundFixture {
 protected:
  std::vector<AccountChangeNotice> Notices() {
    return *db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<AccountChangeNotice>> {
          return LoadAccountChangeNotices(tx, payer_);
        });
  }
  BankAccountDetails Details(const AccountVersion& version, PayeeId payee) {
    const auto keys = UnwrapDataKeys(db_.Files(), payer_, *keys_);
    const auto rows = *db_.Files().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<VaultRow>> {
          return LoadSealedAccounts(tx, payer_, std::span(&version, 1));
        });
    const auto opened = AccountOpener(*keys).Open({payer_, payee, version.account, version.version},
                                                  rows.at(0).sealed);
    EXPECT_TRUE(opened.ok());
    return *opened;
  }
  AppliedItems Notice(const std::string& code, const std::string& corrected,
                      std::size_t entry = 0) {
    Receive(Write(AnswersOf({{entries_[entry], code, corrected}})),
            code + corrected.substr(0, 3) + ".ach");
    return Apply();
  }
};

// feature:M05
TEST_F(ChangeNoticeTest, ACorrectedAccountIsProposedAndTheOldOneStays) {
  const RunId run = ReleaseThree();
  const Disbursement payment = PaymentOf(run, entries_[0]);
  const AppliedItems applied = Notice("C01", "777000111222");
  EXPECT_EQ(applied.items, (ItemCounts{{ItemState::kApplied, 1}}));
  EXPECT_THAT(applied.moves.front().reason, HasSubstr("version 2"));
  EXPECT_THAT(applied.moves.front().reason, Not(HasSubstr("777000111222")));
  // Received on Thursday, October 1: six banking days later.
  EXPECT_EQ(applied.moves.front().due_on, MakeDate(2026, 10, 9));
  EXPECT_EQ(AccountState(payment.payee, 1), BankAccountState::kActive);
  EXPECT_EQ(AccountState(payment.payee, 2), BankAccountState::kSubmitted);
  const BankAccountDetails old = Details({payment.account, 1}, payment.payee);
  const BankAccountDetails proposed = Details({payment.account, 2}, payment.payee);
  EXPECT_EQ(proposed.account_number.Reveal(), "777000111222");
  EXPECT_EQ(proposed.routing_number, old.routing_number);
  ASSERT_EQ(Notices().size(), 1U);
  EXPECT_EQ(Notices()[0].proposed_version, 2);
  EXPECT_EQ(PaymentOf(run, entries_[0]).state, DisbursementState::kSettled);
  // It goes the way of every change: a second person.
  PayeeService service(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids());
  const AccountVersion version{payment.account, 2};
  const auto change = [&](BankAccountCommand command, Actor actor) {
    return service.ChangeBankAccounts(
        std::span(&version, 1), {.command = command, .reason = "NOC", .today = kReturnDay}, actor);
  };
  ASSERT_TRUE(change(BankAccountCommand::kStartValidation, kBankOffice).ok());
  EXPECT_EQ(change(BankAccountCommand::kApprove, kService).code(),
            absl::StatusCode::kPermissionDenied);  // who proposed it
  EXPECT_EQ(change(BankAccountCommand::kApprove, kCompliance).code(),
            absl::StatusCode::kFailedPrecondition);  // nothing proves it
  const Status proved =
      service.RecordProof(std::span(&version, 1),
                          {.detail = "the bank's own notice", .today = kReturnDay}, kCompliance);
  EXPECT_TRUE(proved.ok()) << StatusMessage(proved);
  EXPECT_TRUE(change(BankAccountCommand::kApprove, kCompliance).ok());
  // A change waits for its hold, also this one; the old account is paid until then.
  EXPECT_FALSE(change(BankAccountCommand::kActivate, kCompliance).ok());
  const Status active = service.ChangeBankAccounts(
      std::span(&version, 1),
      {.command = BankAccountCommand::kActivate, .reason = "NOC", .today = kReturnDay + Days(3)},
      kCompliance);
  EXPECT_TRUE(active.ok()) << StatusMessage(active);
  EXPECT_EQ(AccountState(payment.payee, 1), BankAccountState::kSuperseded);
}

TEST_F(ChangeNoticeTest, RoutingNumberAndKindOfAccount) {
  const RunId run = ReleaseThree();
  Notice("C03", "121000248   888000111");
  const Disbursement first = PaymentOf(run, entries_[0]);
  EXPECT_EQ(Details({first.account, 2}, first.payee).routing_number, "121000248");
  EXPECT_EQ(Details({first.account, 2}, first.payee).account_number.Reveal(), "888000111");
  EXPECT_EQ(Notice("C05", "32", 1).items, (ItemCounts{{ItemState::kApplied, 1}}));
  const Disbursement second = PaymentOf(run, entries_[1]);
  EXPECT_EQ(Details({second.account, 2}, second.payee).account_number.Reveal(),
            Details({second.account, 1}, second.payee).account_number.Reveal());
}

TEST_F(ChangeNoticeTest, TheSameNoticeTwiceProposesOnce) {
  const RunId run = ReleaseThree();
  Notice("C01", "777000111222");
  const Disbursement payment = PaymentOf(run, entries_[0]);
  const Status undone = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
    tx.RunScript("UPDATE payments.inbound_item SET state = 0");
    return OkStatus();
  });
  ASSERT_TRUE(undone.ok());
  const AppliedItems again = Apply();
  EXPECT_EQ(again.items, (ItemCounts{{ItemState::kApplied, 1}}));
  EXPECT_THAT(again.moves.front().reason, HasSubstr("already"));
  EXPECT_EQ(Notices().size(), 1U);
  const auto versions = *db_.App().ForPayer(payer_).Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::vector<BankAccount>> {
        const std::vector<PayeeId> payees{payment.payee};
        return LoadBankAccountsOfPayees(tx, payer_, payees);
      });
  EXPECT_EQ(versions.size(), 2U);
}

TEST_F(ChangeNoticeTest, WhatAPersonHasToReadIsAWorkItem) {
  const RunId run = ReleaseThree();
  EXPECT_EQ(Notice("C04", "OTHER NAME LLC").items, (ItemCounts{{ItemState::kWorkItem, 1}}));
  EXPECT_EQ(Notice("C02", "123456789", 1).items, (ItemCounts{{ItemState::kWorkItem, 1}}));
  EXPECT_EQ(Notice("C92", "X", 1).items, (ItemCounts{{ItemState::kWorkItem, 1}}));
  EXPECT_EQ(AccountState(PaymentOf(run, entries_[0]).payee), BankAccountState::kActive);
  EXPECT_EQ(Notice("C14", "IAT", 2).items, (ItemCounts{{ItemState::kWorkItem, 1}}));
  EXPECT_EQ(AccountState(PaymentOf(run, entries_[2]).payee), BankAccountState::kSuspended);
}

TEST_F(ChangeNoticeTest, NothingIsProposedForDataThatStandOrAnAccountThatIsGone) {
  const RunId run = ReleaseThree();
  EXPECT_EQ(Notice("C01", entries_[0].account).items, (ItemCounts{{ItemState::kNoted, 1}}));
  AddAccount(PaymentOf(run, entries_[1]).payee, "444555666");
  EXPECT_EQ(Notice("C01", "777000111222", 1).items, (ItemCounts{{ItemState::kNoted, 1}}));
}

}  // namespace
}  // namespace sluice::payments
