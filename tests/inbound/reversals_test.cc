// Payments taken back by a reversing entry: from the request to the bank's money, and what happens
// when the payee's bank refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/enrollment/account_proof_store.h"
#include "payments/inbound/bank_statements.h"
#include "payments/inbound/reversal_apply.h"
#include "payments/ledger/events.h"
#include "payments/reversals/reversal_service.h"
#include "tests/inbound/bai2_sample.h"
#include "tests/inbound/inbound_fixture.h"

namespace sluice::payments {
namespace {

using testing::AccountOf;
using testing::AnswersOf;
using testing::BankEntry;
using ::testing::HasSubstr;
using testing::SampleDebit;
using testing::WriteBai2;

constexpr const char* kDepositNumber = "0099887766";
const Date kTuesday = MakeDate(2026, 10, 6);  // the payments settled on Friday

class ReversalsTest : public InboundFixture {
 protected:
  void SetUp() override {
    InboundFixture::SetUp();
    BankStatements statements(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids());
    ASSERT_TRUE(statements
                    .Register(program_.book, program_.pool.bank_account,
                              AccountNumber(kDepositNumber), kBankOffice)
                    .ok());
    run_ = ReleaseThree();
    paid_ = PaymentOf(run_, entries_[0]);
  }

  ReversalService Desk() {
    return {db_.App(), db_.Files(), program_, *keys_, db_.Clock(), db_.Ids()};
  }
  ReversalRequest Wrong(DisbursementId payment) const {
    return {.payment = payment,
            .reason = ReversalReason::kWrongAmount,
            .detail = "the award was of another year"};
  }
  ReversalId Ask(const ReversalRequest& request) {
    const auto id = Desk().Request(request, kTuesday, kMaker);
    EXPECT_TRUE(id.ok()) << StatusMessage(id.status());
    return id.ok() ? *id : ReversalId();
  }
  std::optional<SentReversals> Send(Date today = kTuesday) {
    const auto sent = Desk().Send(Settings(), today, kService);
    EXPECT_TRUE(sent.ok()) << StatusMessage(sent.status());
    return sent.ok() ? *sent : std::nullopt;
  }
  // Asked for, approved and sent: the entry as the payee's bank sees it.
  BankEntry Reverse(DisbursementId payment) {
    EXPECT_TRUE(Desk().Approve(Ask(Wrong(payment)), kTuesday, kSecond).ok());
    const auto sent = Send();
    EXPECT_TRUE(sent.has_value());
    return testing::EntriesOf(DeliveredFiles().at(sent->file_name)).front();
  }
  Reversal Only() {
    const auto all = Desk().List(/*all=*/true);
    EXPECT_TRUE(all.ok());
    EXPECT_EQ(all->size(), 1U);
    return all->front();
  }
  void Day(const std::vector<SampleDebit>& lines, const std::string& as_of) {
    const ReceivedFile file =
        Receive(WriteBai2({AccountOf(kDepositNumber, 0, lines)}, as_of), "BAI" + as_of);
    ASSERT_EQ(file.file.state, InboundState::kStaged) << file.file.reason;
    Apply();
  }
  std::vector<Reversal> Settle(Date today) {
    const auto settled =
        SettleReversals(db_.App(), program_, db_.Clock(), db_.Ids(), today, kService);
    EXPECT_TRUE(settled.ok()) << StatusMessage(settled.status());
    return settled.ok() ? *settled : std::vector<Reversal>();
  }
  DisbursementState PaymentState() { return PaymentOf(run_, entries_[0]).state; }
  Money OwedToPayee() { return Balance(PayeePayableAccount(paid_.payee)); }
  Money Suspense() { return Balance(BankSuspenseAccount(program_.pool.bank_account)); }

  RunId run_;
  Disbursement paid_;
};

const SampleDebit kCredit{"142", 100'00, "REV1", "", "REVERSAL"};

// feature:M05
TEST_F(ReversalsTest, TheSameEntryLeavesAsADebitAndThePayeeIsTold) {
  const ReversalId id = Ask(Wrong(paid_.id));
  EXPECT_TRUE(absl::IsPermissionDenied(Desk().Approve(id, kTuesday, kMaker)));
  EXPECT_EQ(Send(), std::nullopt) << "nobody approved it";
  ASSERT_TRUE(Desk().Approve(id, kTuesday, kSecond).ok());
  const auto sent = Send();
  ASSERT_TRUE(sent.has_value());
  EXPECT_EQ(sent->total, Dollars(100));
  EXPECT_EQ(sent->effective_date, MakeDate(2026, 10, 7));
  const std::string bytes = DeliveredFiles().at(sent->file_name);
  EXPECT_THAT(bytes, HasSubstr("REVERSAL  "));
  const auto reversing = testing::EntriesOf(bytes);
  ASSERT_EQ(reversing.size(), 1U);
  const BankEntry& entry = reversing.front();
  EXPECT_EQ(entry.code, "27");
  EXPECT_EQ(entries_[0].code, "22");
  EXPECT_EQ(entry.account, entries_[0].account);
  EXPECT_EQ(entry.rdfi, entries_[0].rdfi);
  EXPECT_EQ(entry.cents, entries_[0].cents);
  EXPECT_EQ(entry.identification, entries_[0].identification);
  EXPECT_EQ(entry.name, entries_[0].name);
  EXPECT_EQ(entry.company_id, entries_[0].company_id);
  EXPECT_EQ(entry.sec, entries_[0].sec);
  EXPECT_NE(entry.trace, entries_[0].trace);

  EXPECT_EQ(Only().state, ReversalState::kSent);
  EXPECT_EQ(Send(), std::nullopt) << "it left once";
  const auto alerts = *db_.App().ForPayer(payer_).Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::vector<AccountAlert>> {
        return LoadAlerts(tx, payer_, true);
      });
  ASSERT_FALSE(alerts.empty());
  EXPECT_THAT(alerts.back().detail, HasSubstr("tell the payee of the reversal of payment"));
  EXPECT_EQ(OwedToPayee(), Money{});
  EXPECT_EQ(ReturnedItems(), Money{});
}

TEST_F(ReversalsTest, TheMoneyIsOwedAgainOnceTheBankCanNoLongerTakeItBack) {
  Reverse(paid_.id);
  Day({kCredit}, "261007");
  EXPECT_EQ(Only().state, ReversalState::kCredited);
  EXPECT_EQ(ReturnedItems(), Dollars(100));
  EXPECT_EQ(Suspense(), Money{});
  EXPECT_EQ(OwedToPayee(), Money{});
  EXPECT_TRUE(Settle(MakeDate(2026, 10, 8)).empty()) << "it may still be returned";
  EXPECT_EQ(PaymentState(), DisbursementState::kSettled);

  EXPECT_EQ(Settle(MakeDate(2026, 10, 9)).size(), 1U);
  EXPECT_EQ(PaymentState(), DisbursementState::kReturned);
  EXPECT_EQ(OwedToPayee(), Dollars(100));
  EXPECT_EQ(ReturnedItems(), Money{});
  EXPECT_TRUE(Settle(MakeDate(2026, 10, 9)).empty());
  ExpectBooksInOrder();

  // Like any payment that came back, it waits for a person; its money is not due from the bank.
  const auto open = inbound_->ReturnedPayments();
  ASSERT_TRUE(open.ok());
  ASSERT_EQ(open->size(), 1U);
  EXPECT_EQ(open->front().payment.code, kReversedCode);
  Day({{"142", 100'00, "OTHER", "", "SOMETHING ELSE"}}, "261009");
  EXPECT_EQ(Suspense(), Dollars(100));
}

TEST_F(ReversalsTest, AnEntryThatBouncesLeavesThePaymentAsItWas) {
  const BankEntry entry = Reverse(paid_.id);
  Receive(Write(AnswersOf({{entry, "R01"}})), "R01.ach");
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kApplied, 1}}));
  EXPECT_EQ(Only().state, ReversalState::kBounced);
  EXPECT_THAT(Only().result, HasSubstr("R01"));
  EXPECT_EQ(PaymentState(), DisbursementState::kSettled);
  EXPECT_EQ(OwedToPayee(), Money{});
  EXPECT_TRUE(absl::IsAlreadyExists(Desk().Request(Wrong(paid_.id), kTuesday, kMaker).status()));
}

TEST_F(ReversalsTest, WhatWasCreditedForABouncedEntryIsTakenBackByTheBank) {
  const BankEntry entry = Reverse(paid_.id);
  Day({kCredit}, "261007");
  Receive(Write(AnswersOf({{entry, "R01"}})), "R01.ach");
  Apply();
  EXPECT_EQ(Only().state, ReversalState::kBounced);
  EXPECT_TRUE(Settle(MakeDate(2026, 10, 9)).empty());
  EXPECT_EQ(ReturnedItems(), Dollars(100));
  Day({{"555", 100'00, "RET1", "", "RETURN OF REVERSAL"}}, "261008");
  EXPECT_EQ(ReturnedItems(), Money{});
  EXPECT_EQ(Suspense(), Money{});
  EXPECT_EQ(PaymentState(), DisbursementState::kSettled);
  ExpectBooksInOrder();
}

TEST_F(ReversalsTest, WhatIsLateOrCameBackByItselfDoesNotLeave) {
  const DisbursementId second = PaymentOf(run_, entries_[1]).id;
  const ReversalId late = Ask(Wrong(paid_.id));
  const ReversalId back = Ask(Wrong(second));
  ASSERT_TRUE(Desk().Approve(late, kTuesday, kSecond).ok());
  ASSERT_TRUE(Desk().Approve(back, kTuesday, kSecond).ok());
  Receive(Write(AnswersOf({{entries_[1], "R03"}})));
  Apply();
  // The fifth banking day after October 2 is the 9th: a file of that day settles on the 13th.
  EXPECT_EQ(Send(MakeDate(2026, 10, 9)), std::nullopt);
  const auto all = Desk().List(/*all=*/true);
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0].state, ReversalState::kRejected);
  EXPECT_THAT((*all)[0].result, HasSubstr("not sent in time to settle by 2026-10-09"));
  EXPECT_EQ((*all)[1].state, ReversalState::kRejected);

  EXPECT_THAT(StatusMessage(Desk().Request(Wrong(second), kTuesday, kMaker).status()),
              HasSubstr("there is nothing to reverse"));
  EXPECT_THAT(
      StatusMessage(Desk().Request(Wrong(paid_.id), MakeDate(2026, 10, 9), kMaker).status()),
      HasSubstr("may be reversed until 2026-10-09"));
}

TEST_F(ReversalsTest, TheDatabaseKeepsTheTwoPeopleAndTheWindow) {
  Ask(Wrong(paid_.id));
  const auto refused = [&](const char* statement) {
    return !db_.Admin()
                .Transact([&](pg::Transaction& tx) -> Status {
                  tx.RunScript(statement);
                  return OkStatus();
                })
                .ok();
  };
  EXPECT_TRUE(refused(
      "UPDATE payments.reversal SET state = 1, decided_by = requested_by, decided_at = now()"));
  EXPECT_TRUE(refused("UPDATE payments.reversal SET file_id = 1, effective_date = last_day + 1"));
  EXPECT_TRUE(refused("UPDATE payments.reversal SET state = 5"));
  EXPECT_TRUE(refused("UPDATE payments.reversal SET duplicate_of = disbursement_id"));
}

}  // namespace
}  // namespace sluice::payments
