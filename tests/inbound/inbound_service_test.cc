// Returns from their bytes to the ledger: once each, whatever way they come.
#include "payments/inbound/inbound_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/calendar.h"
#include "tests/inbound/inbound_fixture.h"

namespace sluice::payments {
namespace {

using testing::AnswersOf;
using ::testing::HasSubstr;

class InboundServiceTest : public InboundFixture {};

// feature:M05
TEST_F(InboundServiceTest, AReturnPutsTheMoneyBackStopsTheAccountAndHoldsThePayee) {
  const RunId run = ReleaseThree();
  const Money payable = Balance(PayeePayableAccount(payees_[0]));
  const ReceivedFile file = Receive(Write(AnswersOf({{entries_[0], "R03"}})));
  EXPECT_EQ(file.file.state, InboundState::kStaged);
  EXPECT_EQ(file.items, (ItemCounts{{ItemState::kStaged, 1}}));
  const AppliedItems applied = Apply();
  EXPECT_EQ(applied.items, (ItemCounts{{ItemState::kApplied, 1}}));
  EXPECT_THAT(applied.moves.front().reason, HasSubstr("STOP, HOLD, re-enroll, REPAY"));

  const Disbursement back = PaymentOf(run, entries_[0]);
  EXPECT_EQ(back.state, DisbursementState::kReturned);
  EXPECT_EQ(Balance(PayeePayableAccount(back.payee)), payable + back.amount);
  // Either side: the notice came, the money did not yet.
  EXPECT_EQ(ReturnedItems(), -back.amount);
  EXPECT_EQ(AccountState(back.payee), BankAccountState::kSuspended);
  EXPECT_EQ(PaymentOf(run, entries_[1]).state, DisbursementState::kSettled);
  const auto returned = inbound_->ReturnedPayments();
  ASSERT_TRUE(returned.ok());
  ASSERT_EQ(returned->size(), 1U);
  EXPECT_EQ(returned->front().payment.code, "R03");
  EXPECT_EQ(inbound_->Show(file.file.id)->file.state, InboundState::kApplied);
  EXPECT_TRUE(inbound_->OpenItems(kReturnDay)->empty());
  ExpectBooksInOrder();
}

TEST_F(InboundServiceTest, AReturnMayComeBeforeSettlement) {
  const RunId run = ReleaseThree(false);
  Receive(Write(AnswersOf({{entries_[0], "R04"}})));
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kApplied, 1}}));
  EXPECT_EQ(PaymentOf(run, entries_[0]).state, DisbursementState::kReturned);
  // R04 stops the account and holds nobody.
  EXPECT_EQ(AccountState(PaymentOf(run, entries_[0]).payee), BankAccountState::kSuspended);
  const Status settled = releases_->PostSettlement(run, MakeDate(2026, 10, 5), kService);
  ASSERT_TRUE(settled.ok()) << StatusMessage(settled);
  EXPECT_TRUE(releases_->Close(run, kFirst).ok());
  ExpectBooksInOrder();
}

TEST_F(InboundServiceTest, TheSameBytesUnderAnyNameAreOneFile) {
  ReleaseThree();
  const std::string bytes = Write(AnswersOf({{entries_[0], "R02"}, {entries_[1], "R03"}}));
  const ReceivedFile first = Receive(bytes);
  EXPECT_FALSE(first.known_before);
  Apply();
  const Money back = ReturnedItems();
  const ReceivedFile renamed = Receive(bytes, "/bank/other/RET2.ach");
  EXPECT_TRUE(renamed.known_before);
  EXPECT_EQ(renamed.file.id, first.file.id);
  EXPECT_EQ(renamed.file.name, "RET1.ach");
  EXPECT_TRUE(Apply().moves.empty());
  EXPECT_EQ(ReturnedItems(), back);
  EXPECT_EQ(inbound_->Files()->size(), 1U);
  ExpectBooksInOrder();
}

TEST_F(InboundServiceTest, AnOverlappingFileAddsOnlyWhatIsNew) {
  ReleaseThree();
  Receive(Write(AnswersOf({{entries_[0], "R02"}, {entries_[1], "R03"}})));
  Apply();
  const ReceivedFile overlap =
      Receive(Write(AnswersOf({{entries_[0], "R02"}, {entries_[1], "R03"}, {entries_[2], "R20"}})));
  EXPECT_EQ(overlap.items, (ItemCounts{{ItemState::kStaged, 1}, {ItemState::kDuplicate, 2}}));
  Apply();
  EXPECT_EQ(ReturnedItems(), -Dollars(270));
  ExpectBooksInOrder();
}

TEST_F(InboundServiceTest, ATruncatedFileThenTheWhole) {
  ReleaseThree();
  testing::SampleFile file = AnswersOf({{entries_[0], "R02"}, {entries_[1], "R03"}});
  const std::string whole = Write(file);
  // Cut inside the second batch: its own control is missing, and so is the file's.
  const std::string cut = whole.substr(0, whole.find("\n5200", whole.find("\n8200")) + 286);
  const ReceivedFile truncated = Receive(cut, "CUT.ach");
  EXPECT_EQ(truncated.items, (ItemCounts{{ItemState::kStaged, 1}, {ItemState::kQuarantined, 1}}));
  EXPECT_FALSE(truncated.faults.empty());
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kApplied, 1}}));
  const ReceivedFile again = Receive(whole, "WHOLE.ach");
  EXPECT_EQ(again.items, (ItemCounts{{ItemState::kStaged, 1}, {ItemState::kDuplicate, 1}}));
  EXPECT_EQ(ItemsOf(truncated)[1].state, ItemState::kReplaced);
  Apply();
  EXPECT_EQ(ReturnedItems(), -Dollars(190));
  EXPECT_TRUE(inbound_->OpenItems(kReturnDay)->empty());
  ExpectBooksInOrder();
}

TEST_F(InboundServiceTest, WhatHasNoCounterpartWaitsInSuspenseWithItsAge) {
  ReleaseThree();
  testing::BankEntry stranger = entries_[0];
  stranger.trace = "091000019999999";
  testing::BankEntry other_amount = entries_[1];
  other_amount.cents += 1;
  testing::BankEntry other_bank = entries_[2];
  other_bank.rdfi = "12100024";
  testing::BankEntry other_company = entries_[2];
  other_company.company_id = "1999999999";
  Receive(Write(AnswersOf(
      {{stranger, "R03"}, {other_amount, "R03"}, {other_bank, "R03"}, {other_company, "R03"}})));
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kSuspense, 4}}));
  EXPECT_TRUE(Apply().moves.empty());  // looked for again; nothing new
  const auto open = inbound_->OpenItems(AddBankingDays(MakeDate(2026, 10, 1), 7));
  ASSERT_TRUE(open.ok());
  ASSERT_EQ(open->size(), 4U);
  EXPECT_EQ(open->front().banking_days_old, 7);
  EXPECT_THAT((*open)[0].item.reason, HasSubstr("no payment of ours has trace 091000019999999"));
  EXPECT_THAT((*open)[1].item.reason, HasSubstr("amount"));
  EXPECT_THAT((*open)[2].item.reason, HasSubstr("RDFI"));
  EXPECT_THAT((*open)[3].item.reason, HasSubstr("company id"));
  EXPECT_EQ(ReturnedItems(), Money{});

  const InboundItemRow& first = open->front().item;
  EXPECT_FALSE(inbound_->Resolve(first.file, first.item_no, "", kFirst).ok());
  EXPECT_EQ(inbound_->Resolve(first.file, first.item_no, "x", kService).code(),
            absl::StatusCode::kPermissionDenied);
  ASSERT_TRUE(inbound_->Resolve(first.file, first.item_no, "bank took it back", kFirst).ok());
  EXPECT_EQ(inbound_->Resolve(first.file, first.item_no, "again", kFirst).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(inbound_->OpenItems(kReturnDay)->size(), 3U);
}

TEST_F(InboundServiceTest, ASecondReturnOfOnePaymentIsNotAppliedAgain) {
  ReleaseThree();
  Receive(Write(AnswersOf({{entries_[0], "R02"}})));
  Apply();
  Receive(Write(AnswersOf({{entries_[1], "R03"}, {entries_[0], "R04"}})), "RET2.ach");
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kApplied, 1}, {ItemState::kWorkItem, 1}}));
  EXPECT_EQ(ReturnedItems(), -Dollars(190));
  const auto open = inbound_->OpenItems(kReturnDay);
  ASSERT_EQ(open->size(), 1U);
  EXPECT_THAT(open->front().item.reason, HasSubstr("ask the bank to dishonor this one (R67)"));
  EXPECT_EQ(open->front().item.due_on, AddBankingDays(kReturnDay, 5));
  // Twice in one file is no better.
  Receive(Write(AnswersOf({{entries_[2], "R02"}, {entries_[2], "R02"}})), "RET3.ach");
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kApplied, 1}, {ItemState::kWorkItem, 1}}));
  EXPECT_EQ(ReturnedItems(), -Dollars(270));
  ExpectBooksInOrder();
}

TEST_F(InboundServiceTest, AnInterruptedApplyGoesOnWhereItStopped) {
  const RunId run = ReleaseThree();
  const ReceivedFile file = Receive(Write(AnswersOf({{entries_[0], "R02"}, {entries_[1], "R03"}})));
  Apply();
  // As if the process had died between the book's transaction and the items' own.
  const Status undone = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
    tx.RunScript(
        "UPDATE payments.inbound_item SET state = 0; "
        "UPDATE payments.inbound_file SET state = 1");
    return OkStatus();
  });
  ASSERT_TRUE(undone.ok());
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kApplied, 2}}));
  EXPECT_EQ(ReturnedItems(), -Dollars(190));
  EXPECT_EQ(PaymentOf(run, entries_[0]).state, DisbursementState::kReturned);
  EXPECT_EQ(inbound_->Show(file.file.id)->file.state, InboundState::kApplied);
  ExpectBooksInOrder();
}

TEST_F(InboundServiceTest, AFileStoredButNotReadIsReadWhenItComesAgain) {
  ReleaseThree();
  const std::string bytes = Write(AnswersOf({{entries_[0], "R02"}}));
  Receive(bytes);
  const Status undone = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
    tx.RunScript(
        "DELETE FROM payments.inbound_item; DELETE FROM payments.inbound_fault; "
        "UPDATE payments.inbound_file SET state = 0");
    return OkStatus();
  });
  ASSERT_TRUE(undone.ok());
  EXPECT_TRUE(Apply().moves.empty());
  const ReceivedFile again = Receive(bytes);
  EXPECT_TRUE(again.known_before);
  EXPECT_EQ(again.items, (ItemCounts{{ItemState::kStaged, 1}}));
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kApplied, 1}}));
}

TEST_F(InboundServiceTest, BadFilesAreKeptAndPostNothing) {
  ReleaseThree();
  std::string totals = Write(AnswersOf({{entries_[0], "R02"}}));
  totals[totals.find("\n8200") + 1 + 43] ^= 1;
  EXPECT_EQ(Receive(totals, "TOTALS.ach").file.state, InboundState::kQuarantined);
  EXPECT_EQ(Receive("GIF89a", "PIC.gif").file.state, InboundState::kQuarantined);
  EXPECT_EQ(Receive(Write(testing::SampleFile{}), "EMPTY.ach").file.state, InboundState::kEmpty);
  EXPECT_EQ(Receive("ACKNOWLEDGEMENT OF ACH FILE DEPOSITS\n", "FED.txt").file.state,
            InboundState::kForPeople);
  EXPECT_EQ(inbound_->Receive("NONE", "", kService).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(Apply().moves.empty());
  EXPECT_EQ(ReturnedItems(), Money{});
  EXPECT_EQ(inbound_->OpenItems(kReturnDay)->size(), 1U);  // the quarantined entry
  // The good file replaces the bad one.
  Receive(Write(AnswersOf({{entries_[0], "R02"}})), "GOOD.ach");
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kApplied, 1}}));
  EXPECT_TRUE(inbound_->OpenItems(kReturnDay)->empty());
}

TEST_F(InboundServiceTest, AnUnknownCodeTakesTheMoneyAndStopsTheAccount) {
  const RunId run = ReleaseThree();
  const ReceivedFile file = Receive(Write(AnswersOf({{entries_[0], "R97"}})));
  EXPECT_FALSE(file.faults.empty());
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kApplied, 1}}));
  EXPECT_EQ(ReturnedItems(), -PaymentOf(run, entries_[0]).amount);
  EXPECT_EQ(AccountState(PaymentOf(run, entries_[0]).payee), BankAccountState::kSuspended);
}

TEST_F(InboundServiceTest, ARejectOfOurBankIsStillOwed) {
  const RunId run = ReleaseThree(false);
  const Money in_file = Balance(InTransitAccount(*PaymentOf(run, entries_[0]).file));
  const testing::BankEntry& entry = entries_[0];
  testing::SampleFile file{
      .batches = {{.service = "220",
                   .company_id = entry.company_id,
                   .odfi = entry.odfi,
                   .entries = {{.code = "22",
                                .rdfi = entry.rdfi,
                                .cents = entry.cents,
                                .identification = entry.identification,
                                .trace = "REJ06030" + entry.trace.substr(8)}}}}};
  Receive(Write(file), "REJ.ach");
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kApplied, 1}}));
  const Disbursement refused = PaymentOf(run, entry);
  EXPECT_EQ(refused.state, DisbursementState::kRejected);
  EXPECT_EQ(Balance(InTransitAccount(*refused.file)), in_file - refused.amount);
  EXPECT_EQ(Balance(PayeePayableAccount(refused.payee)), refused.amount);
  EXPECT_EQ(ReturnedItems(), Money{});
  ASSERT_TRUE(releases_->PostSettlement(run, MakeDate(2026, 10, 5), kService).ok());
  EXPECT_EQ(Balance(CashAccount(program_.pool.bank_account)),
            Dollars(1'000 - 270) + refused.amount);
  EXPECT_TRUE(releases_->Close(run, kFirst).ok());
  ExpectBooksInOrder();
}

TEST_F(InboundServiceTest, AReturnedPaymentIsPaidAgainByAnotherAccountAndLinkedToTheFirst) {
  const RunId run = ReleaseThree();
  Receive(Write(AnswersOf({{entries_[0], "R03"}})));
  Apply();
  const Disbursement first = PaymentOf(run, entries_[0]);
  // Not decided: the next run does not know of it.
  const RunId idle = Open(2, RunKind::kReissue);
  ASSERT_TRUE(Cycles().Calculate(idle, {}, kMaker).ok());
  EXPECT_TRUE(Cycles().Plan(idle)->payees.empty());
  ASSERT_TRUE(Cycles().Cancel(idle, "nothing to pay", kMaker).ok());

  EXPECT_EQ(inbound_->DecideReturned(program_.book, first.id, {.note = "x"}, kService).code(),
            absl::StatusCode::kPermissionDenied);
  const Status decided =
      inbound_->DecideReturned(program_.book, first.id, {.note = "new account"}, kFirst);
  ASSERT_TRUE(decided.ok()) << StatusMessage(decided);
  EXPECT_EQ(inbound_->DecideReturned(program_.book, first.id, {.note = "again"}, kFirst).code(),
            absl::StatusCode::kFailedPrecondition);
  // Cleared, but the account is still stopped.
  const RunId held = Open(3, RunKind::kReissue);
  ASSERT_TRUE(Cycles().Calculate(held, {}, kMaker).ok());
  EXPECT_EQ(PayeeOf(held, first.payee).hold, HoldReason::kSuspended);
  ASSERT_TRUE(Cycles().Cancel(held, "no account", kMaker).ok());

  AddAccount(first.payee, "123450001");
  const RunId again = Open(4, RunKind::kReissue);
  Approve(again, Submit(again, {}));
  const Status released = Releases()->Release(again, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  const auto paid = PaymentsOf(again);
  ASSERT_EQ(paid.size(), 1U);
  EXPECT_EQ(paid.front().amount, first.amount);
  EXPECT_NE(paid.front().payment_key, first.payment_key);
  EXPECT_EQ(paid.front().account_version, 2);
  EXPECT_EQ(*inbound_->PaymentChain(program_.book, paid.front().id),
            (std::vector{first.id, paid.front().id}));
  EXPECT_EQ(Balance(PayeePayableAccount(first.payee)), Money{});
  ExpectBooksInOrder();
}

TEST_F(InboundServiceTest, AComplianceCaseTakesTwoPeopleAndHoldsThePayeeInEveryProgram) {
  const RunId run = ReleaseThree();
  Receive(Write(AnswersOf({{entries_[0], "R16"}})));
  Apply();
  const Disbursement back = PaymentOf(run, entries_[0]);
  AddAccount(back.payee, "123450002");
  // New money is recognized and waits: the hold is the payee's, not the payment's.
  const RunId next = Open(2, RunKind::kOffCycle);
  const auto party =
      static_cast<std::int64_t>(std::ranges::find(payees_, back.payee) - payees_.begin() + 10);
  ASSERT_TRUE(Cycles().Calculate(next, std::vector{Award(2, {{party, Dollars(7)}})}, kMaker).ok());
  EXPECT_EQ(PayeeOf(next, back.payee).hold, HoldReason::kSanction);
  EXPECT_THAT(PayeeOf(next, back.payee).hold_note, HasSubstr("R16"));

  const InboundService::Decision alone{.note = "cleared by compliance"};
  EXPECT_EQ(inbound_->DecideReturned(program_.book, back.id, alone, kFirst).code(),
            absl::StatusCode::kPermissionDenied);
  InboundService::Decision both = alone;
  both.second = kFirst;
  EXPECT_EQ(inbound_->DecideReturned(program_.book, back.id, both, kFirst).code(),
            absl::StatusCode::kPermissionDenied);
  both.second = kSecond;
  ASSERT_TRUE(inbound_->DecideReturned(program_.book, back.id, both, kFirst).ok());
  ASSERT_TRUE(Cycles().Calculate(next, {}, kMaker).ok());
  EXPECT_EQ(PayeeOf(next, back.payee).hold, HoldReason::kNone);
  EXPECT_EQ(PayeeOf(next, back.payee).net, back.amount + Dollars(7));
}

TEST_F(InboundServiceTest, AHoldPlacedAfterTheApprovalStopsTheRelease) {
  const RunId run = ReleaseThree();
  const Disbursement back = PaymentOf(run, entries_[1]);
  const auto party =
      static_cast<std::int64_t>(std::ranges::find(payees_, back.payee) - payees_.begin() + 10);
  const RunId next = Open(2, RunKind::kOffCycle);
  Approve(next, Submit(next, {Award(2, {{party, Dollars(7)}, {10, Dollars(5)}})}));
  Receive(Write(AnswersOf({{entries_[1], "R23"}})));  // refused by the receiver: HOLD, no STOP
  Apply();
  EXPECT_EQ(AccountState(back.payee), BankAccountState::kActive);
  ASSERT_TRUE(Releases()->Release(next, kService).ok());
  for (const Disbursement& row : PaymentsOf(next)) EXPECT_NE(row.payee, back.payee);
  EXPECT_EQ(Balance(PayeePayableAccount(back.payee)), back.amount + Dollars(7));
  ExpectBooksInOrder();
}

TEST_F(InboundServiceTest, WhatWasOffsetOnAPaymentThatCameBackStaysOffset) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  // A loss of 30 becomes a receivable with the first run, and is offset by the second.
  const RunId loss = Approved({Award(1, {{10, -Dollars(30)}})});
  ASSERT_TRUE(Releases()->Release(loss, kService).ok());
  const RunId run = Approved({Award(2, {{10, Dollars(100)}})}, 2);
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  const auto paid = PaymentsOf(run);
  ASSERT_EQ(paid.size(), 1U);
  EXPECT_EQ(paid.front().amount, Dollars(70));
  Receive(Write(AnswersOf({{testing::EntriesOf(AchBytes()).at(0), "R02"}})));
  EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kApplied, 1}}));
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Dollars(70));
  ASSERT_TRUE(
      inbound_->DecideReturned(program_.book, paid.front().id, {.note = "new account"}, kFirst)
          .ok());
  AddAccount(payee, "123450003");
  const RunId again = Open(1, RunKind::kReissue);
  Approve(again, Submit(again, {}));
  EXPECT_EQ(PayeeOf(again, payee).net, Dollars(70));
  const Status released = Releases()->Release(again, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  EXPECT_EQ(PaymentsOf(again).at(0).amount, Dollars(70));
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Money{});
  EXPECT_EQ(Balance(PayeeReceivableAccount(payee)), Money{});
  ExpectBooksInOrder();
}

}  // namespace
}  // namespace sluice::payments
