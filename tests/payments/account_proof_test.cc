// A bank account from its submission to the first payment, and what stops it on the way.
#include <gmock/gmock.h>

#include "core/calendar.h"
#include "hierarchy/contact_store.h"
#include "payments/notices/notice_service.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr pg::Query kChange{"test_insert_change", R"sql(
  INSERT INTO hierarchy.change (payer_id, change_number, recorded_at, source)
  VALUES ($1, 1, $2, 'test')
)sql"};
constexpr pg::Query kParty{"test_insert_party", R"sql(
  INSERT INTO hierarchy.party (payer_id, party_id, kind, change_number)
  VALUES ($1, $2, 3, 1)
)sql"};

class AccountProofTest : public RunFixture {
 protected:
  PayeeService Payees(AccountControls controls = {}) {
    return {db_.App(), payer_, *keys_, db_.Clock(), db_.Ids(), controls};
  }
  using RunFixture::Submit;
  StatusOr<BankAccount> Submit(PayeeId payee, const std::string& number,
                               const std::string& holder = "", Actor actor = kBankOffice) {
    const auto known = accounts_.find(payee);
    const BankAccountRequest request{
        .payee = payee,
        .account = known == accounts_.end() ? std::nullopt : std::optional(known->second.id),
        .details = {.routing_number = "091000019", .account_number = AccountNumber(number)},
        .effective_from = MakeDate(2026, 1, 1),
        .holder_name = holder};
    auto stored = Payees().SubmitBankAccounts(std::span(&request, 1), actor);
    if (!stored.ok()) return stored.status();
    return stored->front();
  }
  Status Change(const BankAccount& account, BankAccountCommand command, Actor actor, Date today) {
    const AccountVersion version{account.id, account.version};
    return Payees().ChangeBankAccounts(
        std::span(&version, 1), {.command = command, .reason = "test", .today = today}, actor);
  }
  BankAccountState StateOf(const BankAccount& account) {
    const auto all = Payees().Accounts(account.payee);
    for (const BankAccount& stored : *all) {
      if (stored.id == account.id && stored.version == account.version) return stored.state;
    }
    ADD_FAILURE() << "no such version";
    return {};
  }
};

// feature:M12
TEST_F(AccountProofTest, TheTableRefusesAnUnprovedAccountInUse) {
  const auto account = Submit(AddPayee(10), "550111222333");
  ASSERT_TRUE(account.ok());
  for (const int state : {2, 3}) {
    const Status forced = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      tx.RunScript(fmt::format(
          "UPDATE payments.bank_account SET state = {}, approved_by = 3 WHERE account_id = {}",
          state, account->id.Value()));
      return OkStatus();
    });
    EXPECT_THAT(StatusMessage(forced), HasSubstr("bank_account_proved"));
  }
  EXPECT_EQ(StateOf(*account), BankAccountState::kSubmitted);
}

// feature:M12
TEST_F(AccountProofTest, AnUnprovedAccountIsNeverPaid) {
  const PayeeId payee = AddPayee(10);
  const auto account = Submit(payee, "550111222333");
  ASSERT_TRUE(account.ok());
  const auto award = Award(1, {{.party = 10, .amount = Dollars(100)}});
  const RunId run = Open();
  const auto held = [&] {
    EXPECT_TRUE(Cycles().Calculate(run, std::vector{award}, kMaker).ok());
    return PayeeOf(run, payee).hold;
  };
  EXPECT_EQ(held(), HoldReason::kUnvalidated);
  ASSERT_TRUE(
      Change(*account, BankAccountCommand::kStartValidation, kBankOffice, kBusinessDate).ok());
  EXPECT_EQ(held(), HoldReason::kUnvalidated);
  const Status approved =
      Change(*account, BankAccountCommand::kApprove, kCompliance, kBusinessDate);
  EXPECT_THAT(StatusMessage(approved), HasSubstr("is not proved"));
  Prove(*account);
  ASSERT_TRUE(Change(*account, BankAccountCommand::kApprove, kCompliance, kBusinessDate).ok());
  EXPECT_EQ(held(), HoldReason::kUnvalidated);
  ASSERT_TRUE(Change(*account, BankAccountCommand::kActivate, kCompliance, kBusinessDate).ok());
  EXPECT_EQ(held(), HoldReason::kNone);
}

// feature:M12
TEST_F(AccountProofTest, WhoProvedAnAccountDoesNotApproveTheRunThatPaysIt) {
  const PayeeId payee = AddPayee(10);
  const auto account = Submit(payee, "550111222333");
  ASSERT_TRUE(account.ok());
  ASSERT_TRUE(
      Change(*account, BankAccountCommand::kStartValidation, kBankOffice, kBusinessDate).ok());
  const AccountVersion version{account->id, account->version};
  ASSERT_TRUE(
      Payees()
          .RecordProof(std::span(&version, 1), {.detail = "letter", .today = kBusinessDate}, kFirst)
          .ok());
  ASSERT_TRUE(Change(*account, BankAccountCommand::kApprove, kCompliance, kBusinessDate).ok());
  ASSERT_TRUE(Change(*account, BankAccountCommand::kActivate, kCompliance, kBusinessDate).ok());
  Fund(Dollars(1'000));
  const RunId run = Open();
  const Digest digest = Submit(run, {Award(1, {{.party = 10, .amount = Dollars(100)}})});
  EXPECT_EQ(Cycles().Approve(run, digest, {}, kFirst).status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(Cycles().Approve(run, digest, {}, kSecond).ok());
}

TEST_F(AccountProofTest, WhatIsStoppedLosesItsProof) {
  const PayeeId payee = AddPaidPayee(10);
  const BankAccount account = accounts_.at(payee);
  Suspend(payee);
  ASSERT_TRUE(
      Change(account, BankAccountCommand::kStartValidation, kBankOffice, kBusinessDate).ok());
  EXPECT_THAT(
      StatusMessage(Change(account, BankAccountCommand::kApprove, kCompliance, kBusinessDate)),
      HasSubstr("is not proved"));
}

// feature:M12
TEST_F(AccountProofTest, TheOldAccountReceivesUntilTheNewOneIsProvedAndItsHoldIsOver) {
  const PayeeId payee = AddPaidPayee(10);
  const BankAccount old = accounts_.at(payee);
  const auto change = Submit(payee, "990888777666");
  ASSERT_TRUE(change.ok());
  EXPECT_TRUE(change->needs_second);
  ASSERT_TRUE(
      Change(*change, BankAccountCommand::kStartValidation, kBankOffice, kBusinessDate).ok());
  Prove(*change);
  ASSERT_TRUE(Change(*change, BankAccountCommand::kApprove, kCompliance, kBusinessDate).ok());
  for (const int day : {0, 1, 2}) {
    EXPECT_THAT(StatusMessage(Change(*change, BankAccountCommand::kActivate, kCompliance,
                                     kBusinessDate + Days(day))),
                HasSubstr("2026-10-04"));
    EXPECT_EQ(StateOf(old), BankAccountState::kActive);
  }
  const RunId run = Open();
  const auto award = Award(1, {{.party = 10, .amount = Dollars(100)}});
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{award}, kMaker).ok());
  EXPECT_EQ(PayeeOf(run, payee).account_version, old.version);
  ASSERT_TRUE(
      Change(*change, BankAccountCommand::kActivate, kCompliance, kBusinessDate + Days(3)).ok());
  EXPECT_EQ(StateOf(old), BankAccountState::kSuperseded);
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{award}, kMaker).ok());
  EXPECT_EQ(PayeeOf(run, payee).account_version, change->version);
}

// feature:M12
TEST_F(AccountProofTest, EveryChangeNeedsASecondPersonAndAFirstAccountOfLowRiskDoesNot) {
  const PayeeId payee = AddPayee(10);
  const auto first = Submit(payee, "550111222333");
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->risk_score, 30);
  EXPECT_FALSE(first->needs_second);
  const auto prove = [&](const BankAccount& account, Actor actor) {
    EXPECT_TRUE(
        Change(account, BankAccountCommand::kStartValidation, kBankOffice, kBusinessDate).ok());
    const AccountVersion version{account.id, account.version};
    return Payees().RecordProof(std::span(&version, 1),
                                {.detail = "letter", .today = kBusinessDate}, actor);
  };
  ASSERT_TRUE(prove(*first, kBankOffice).ok());
  ASSERT_TRUE(Change(*first, BankAccountCommand::kApprove, kBankOffice, kBusinessDate).ok());
  ASSERT_TRUE(Change(*first, BankAccountCommand::kActivate, kBankOffice, kBusinessDate).ok());
  accounts_[payee] = *first;
  const auto change = Submit(payee, "990888777666");
  ASSERT_TRUE(change.ok());
  EXPECT_EQ(prove(*change, kBankOffice).code(), absl::StatusCode::kPermissionDenied);
  // The table says so, too.
  const Status forced = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
    tx.RunScript(fmt::format(
        "UPDATE payments.bank_account SET approved_by = submitted_by WHERE version = {}",
        change->version));
    return OkStatus();
  });
  EXPECT_THAT(StatusMessage(forced), HasSubstr("bank_account_second_person"));
}

// Whoever gets a "first" account in beside one that is used by now has made a change.
TEST_F(AccountProofTest, TwoFirstAccountsAreNotBothFirst) {
  const PayeeId payee = AddPayee(10);
  const auto one = Submit(payee, "550111222333");
  const auto two = Submit(payee, "550111222444");
  ASSERT_TRUE(one.ok() && two.ok());
  for (const auto* account : {&*one, &*two}) {
    ASSERT_TRUE(
        Change(*account, BankAccountCommand::kStartValidation, kBankOffice, kBusinessDate).ok());
    Prove(*account);
    ASSERT_TRUE(Change(*account, BankAccountCommand::kApprove, kCompliance, kBusinessDate).ok());
  }
  ASSERT_TRUE(Change(*one, BankAccountCommand::kActivate, kCompliance, kBusinessDate).ok());
  EXPECT_THAT(
      StatusMessage(Change(*two, BankAccountCommand::kActivate, kCompliance, kBusinessDate)),
      HasSubstr("submit it again as a change"));
  EXPECT_EQ(StateOf(*one), BankAccountState::kActive);
}

TEST_F(AccountProofTest, AnAccountOfSomebodyElseThanTheTaxpayerIsNotApproved) {
  const PayeeId payee = AddPayee(10);
  const auto account = Submit(payee, "550111222333", "Harbor Holdings LLC");
  ASSERT_TRUE(account.ok());
  EXPECT_THAT(account->risk_reasons, HasSubstr("another name"));
  ASSERT_TRUE(
      Change(*account, BankAccountCommand::kStartValidation, kBankOffice, kBusinessDate).ok());
  Prove(*account);
  EXPECT_THAT(
      StatusMessage(Change(*account, BankAccountCommand::kApprove, kCompliance, kBusinessDate)),
      HasSubstr("Harbor Holdings LLC"));
}

// feature:M12
TEST_F(AccountProofTest, OneAccountAtTwoPayeesRaisesAnAlert) {
  const PayeeId one = AddPayee(10);
  const PayeeId two = AddPayee(11);
  ASSERT_TRUE(Submit(one, "550111222333").ok());
  EXPECT_TRUE(Payees().Alerts()->empty());
  const auto shared = Submit(two, "550111222333");
  ASSERT_TRUE(shared.ok());
  EXPECT_TRUE(shared->needs_second);  // it is another taxpayer's
  const auto alerts = Payees().Alerts();
  ASSERT_EQ(alerts->size(), 1U);
  EXPECT_EQ(alerts->front().kind, AccountAlertKind::kShared);
  EXPECT_EQ(alerts->front().other, one);
  EXPECT_THAT(alerts->front().detail, Not(HasSubstr("550111222333")));
  ASSERT_TRUE(
      Payees().ClearAlert(alerts->front().id, "one practice, two tax ids", kCompliance).ok());
  EXPECT_FALSE(Payees().ClearAlert(alerts->front().id, "again", kCompliance).ok());
  EXPECT_TRUE(Payees().Alerts()->empty());
}

// feature:M12
TEST_F(AccountProofTest, AChangeIsToldToTheContactsKnownBeforeIt) {
  const PayeeId payee = AddPaidPayee(10);
  const auto contact = [&](const std::string& email, std::int64_t id, Date known) {
    const Status stored = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      hierarchy::InsertContact(tx, payer_,
                               {.id = hierarchy::ContactId(id),
                                .party = PartyId(10),
                                .kind = hierarchy::ContactKind::kFinance,
                                .name = "Office",
                                .email = email,
                                .valid = {.from = MakeDate(2026, 1, 1)}},
                               {kMaker.user, Instant::AtMidnight(known)});
      return OkStatus();
    });
    ASSERT_TRUE(stored.ok()) << StatusMessage(stored);
  };
  const Status party = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
    tx.Execute(kChange, payer_, db_.Clock().Now());
    tx.Execute(kParty, payer_, PartyId(10));
    return OkStatus();
  });
  ASSERT_TRUE(party.ok()) << StatusMessage(party);
  contact("old@practice.example", 1, MakeDate(2026, 3, 1));
  contact("new@practice.example", 1, MakeDate(2026, 10, 1));  // this morning
  // Within a day of a change of contacts no bank account is changed.
  EXPECT_THAT(StatusMessage(Submit(payee, "990888777666").status()), HasSubstr("within a day"));
  db_.Clock().Set(Instant::AtMidnight(MakeDate(2026, 10, 3)));
  const auto change = Submit(payee, "990888777666");
  ASSERT_TRUE(change.ok()) << StatusMessage(change.status());
  NoticeService office(db_.App(), payer_, db_.Clock());
  const auto notices = office.List(false);
  ASSERT_EQ(notices->size(), 2U);
  EXPECT_EQ((*notices)[0].address, "old@practice.example");
  EXPECT_EQ((*notices)[1].address, "new@practice.example");
  EXPECT_THAT((*notices)[0].body, HasSubstr("ending 7666"));
  EXPECT_THAT((*notices)[0].body, Not(HasSubstr("990888777666")));
}

TEST_F(AccountProofTest, AChangeOfWhichNobodyCanBeToldRaisesAnAlert) {
  const PayeeId payee = AddPaidPayee(10);
  ASSERT_TRUE(Submit(payee, "990888777666").ok());
  const auto alerts = Payees().Alerts();
  ASSERT_EQ(alerts->size(), 1U);
  EXPECT_EQ(alerts->front().kind, AccountAlertKind::kNobodyToTell);
}

// feature:M12
TEST_F(AccountProofTest, TheDirectoryNamesTheBankAndRefusesWhatItDoesNotHave) {
  std::string row(155, ' ');
  row.replace(0, 9, "091000019");
  row[19] = '1';
  row.replace(20, 6, "000000");
  row.replace(26, 9, "000000000");
  row.replace(35, 10, "FIRST BANK");
  const PayeeId payee = AddPayee(10);
  ASSERT_EQ(Payees().ImportInstitutions("fedach.txt", row, MakeDate(2026, 9, 1), kMaker).value(),
            1);
  EXPECT_TRUE(Payees().ImportInstitutions("again.txt", row, MakeDate(2026, 9, 2), kMaker).ok());
  const auto account = Submit(payee, "550111222333");
  ASSERT_TRUE(account.ok());
  EXPECT_EQ(account->institution_name, "FIRST BANK");
  EXPECT_EQ(account->risk_score, 20);
  row.replace(0, 9, "021000021");
  ASSERT_TRUE(Payees().ImportInstitutions("newer.txt", row, MakeDate(2026, 10, 1), kMaker).ok());
  EXPECT_THAT(StatusMessage(Submit(payee, "550111222334").status()),
              HasSubstr("not in the directory of 2026-10-01"));
}

}  // namespace
}  // namespace sluice::payments
