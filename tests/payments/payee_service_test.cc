#include "payments/payee_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>

#include "tests/support/test_database.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;

constexpr Actor kBankOffice{UserId(1)};
constexpr Actor kCompliance{UserId(2)};

class PayeeServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/sluice-key-XXXXXX";
    directory_ = ::mkdtemp(name);
    auto keys = FileKeyProvider::Open(directory_ + "/kek");
    ASSERT_TRUE(keys.ok());
    keys_ = std::make_unique<FileKeyProvider>(*std::move(keys));
    payer_ = db_.NewPayer("Plan");
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  PayeeService Service() { return {db_.App(), payer_, *keys_, db_.Clock(), db_.Ids()}; }

  PayeeId AddPayee(std::int64_t party) {
    auto added = Service().AddPayees({Payee{.party = PartyId(party),
                                            .kind = PayeeKind::kOrganization,
                                            .name = "Lakeside Family Practice",
                                            .tin = "411234567",
                                            .npi = "1234567893",
                                            .provider = true}},
                                     kBankOffice);
    EXPECT_TRUE(added.ok()) << StatusMessage(added.status());
    return added->front().id;
  }
  BankAccount Submit(PayeeId payee, const std::string& number,
                     std::optional<BankAccountId> account = std::nullopt,
                     Date from = MakeDate(2026, 1, 1)) {
    const BankAccountRequest request{
        .payee = payee,
        .account = account,
        .details = {.routing_number = "091000019", .account_number = AccountNumber(number)},
        .effective_from = from};
    const auto stored = Service().SubmitBankAccounts(std::span(&request, 1), kBankOffice);
    EXPECT_TRUE(stored.ok()) << StatusMessage(stored.status());
    return stored->front();
  }
  Status Change(const BankAccount& account, BankAccountCommand command, Actor actor,
                Date today = MakeDate(2026, 10, 5)) {
    const AccountVersion version{account.id, account.version};
    return Service().ChangeBankAccounts(
        std::span(&version, 1), {.command = command, .reason = "test", .today = today}, actor);
  }
  // Being validated, and proved by a letter.
  void Prove(const BankAccount& account) {
    ASSERT_TRUE(Change(account, BankAccountCommand::kStartValidation, kBankOffice).ok());
    const AccountVersion version{account.id, account.version};
    const Status proved = Service().RecordProof(
        std::span(&version, 1), {.detail = "letter of the bank", .today = MakeDate(2026, 10, 1)},
        kCompliance);
    ASSERT_TRUE(proved.ok()) << StatusMessage(proved);
  }
  void Activate(const BankAccount& account) {
    Prove(account);
    const Date approved = MakeDate(2026, 10, 1);
    ASSERT_TRUE(Change(account, BankAccountCommand::kApprove, kCompliance, approved).ok());
    const Status active = Change(account, BankAccountCommand::kActivate, kCompliance);
    ASSERT_TRUE(active.ok()) << StatusMessage(active);
  }
  BankAccountState StateOf(const BankAccount& account) {
    const PayeeId payee = account.payee;
    const auto found =
        db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> StatusOr<BankAccountState> {
          for (const BankAccount& stored :
               LoadBankAccountsOfPayees(tx, payer_, std::span(&payee, 1))) {
            if (stored.id == account.id && stored.version == account.version) return stored.state;
          }
          return NotFound("no such version");
        });
    EXPECT_TRUE(found.ok());
    return *found;
  }

  ::sluice::testing::TestDatabase db_;
  PayerId payer_;
  std::string directory_;
  std::unique_ptr<FileKeyProvider> keys_;
};

TEST_F(PayeeServiceTest, ANewVersionSupersedesTheActiveOne) {
  const PayeeId payee = AddPayee(10);
  const BankAccount first = Submit(payee, "111122223333");
  Activate(first);
  EXPECT_EQ(StateOf(first), BankAccountState::kActive);
  const BankAccount second = Submit(payee, "444455556666", first.id);
  EXPECT_EQ(second.version, 2);
  EXPECT_EQ(StateOf(first), BankAccountState::kActive);
  Activate(second);
  EXPECT_EQ(StateOf(first), BankAccountState::kSuperseded);
  EXPECT_EQ(StateOf(second), BankAccountState::kActive);
  const BankAccount other = Submit(payee, "777788889999");
  Activate(other);
  EXPECT_EQ(StateOf(second), BankAccountState::kSuperseded);
}

TEST_F(PayeeServiceTest, WhoSubmittedAnAccountDoesNotApproveIt) {
  const BankAccount account = Submit(AddPayee(10), "111122223333");
  Prove(account);
  EXPECT_EQ(Change(account, BankAccountCommand::kApprove, kBankOffice).code(),
            absl::StatusCode::kPermissionDenied);
}

TEST_F(PayeeServiceTest, AnAccountIsNotUsedBeforeItsDate) {
  const BankAccount account =
      Submit(AddPayee(10), "111122223333", std::nullopt, MakeDate(2026, 11, 1));
  Prove(account);
  ASSERT_TRUE(Change(account, BankAccountCommand::kApprove, kCompliance).ok());
  EXPECT_THAT(StatusMessage(Change(account, BankAccountCommand::kActivate, kCompliance)),
              HasSubstr("2026-11-01"));
}

TEST_F(PayeeServiceTest, APartyHasOnePayeeForEachParentAndRole) {
  AddPayee(10);
  const auto add = [&](PartyId under, const std::string& role) {
    return Service()
        .AddPayees({Payee{.party = PartyId(10),
                          .name = "Again",
                          .tin = "411234567",
                          .under = under,
                          .role = role}},
                   kBankOffice)
        .status()
        .code();
  };
  EXPECT_EQ(add({}, ""), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(add(PartyId(20), ""), absl::StatusCode::kOk);
  EXPECT_EQ(add(PartyId(20), "physician"), absl::StatusCode::kOk);
  EXPECT_EQ(add(PartyId(20), "physician"), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(add({}, "physician"), absl::StatusCode::kOk);
  EXPECT_EQ(add(PartyId(10), ""), absl::StatusCode::kInvalidArgument);
}

TEST_F(PayeeServiceTest, OnlyTheFileBuildersRoleReadsCiphertext) {
  const BankAccount account = Submit(AddPayee(10), "111122223333");
  const AccountVersion version{account.id, account.version};
  auto load = [&](const pg::Database& database) {
    return database.ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<VaultRow>> {
          return LoadSealedAccounts(tx, payer_, std::span(&version, 1));
        });
  };
  EXPECT_FALSE(load(db_.App()).ok());
  EXPECT_FALSE(load(db_.Verify()).ok());
  const auto rows = load(db_.Files());
  ASSERT_TRUE(rows.ok()) << StatusMessage(rows.status());
  ASSERT_EQ(rows->size(), 1U);
  auto keys = UnwrapDataKeys(db_.Files(), payer_, *keys_);
  ASSERT_TRUE(keys.ok()) << StatusMessage(keys.status());
  const auto opened =
      AccountOpener(*std::move(keys)).Open(rows->front().slot, rows->front().sealed);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->account_number.Reveal(), "111122223333");
}

// A superuser who points a payee's row at another payee's sealed number gets no payment out of it.
TEST_F(PayeeServiceTest, ASwappedRowDoesNotOpen) {
  const BankAccount mine = Submit(AddPayee(10), "111122223333");
  const BankAccount theirs = Submit(AddPayee(11), "444455556666");
  static constexpr pg::Query kDisable{
      "test_disable", "ALTER TABLE payments.bank_account_secret DISABLE TRIGGER ALL"};
  static constexpr pg::Query kSwap{
      "test_swap",
      "UPDATE payments.bank_account_secret AS a SET ciphertext = b.ciphertext, nonce = b.nonce || "
      "''::bytea, tag = b.tag, key_id = b.key_id FROM payments.bank_account_secret AS b "
      "WHERE a.account_id = $1 AND b.account_id = $2"};
  static constexpr pg::Query kDrop{"test_drop",
                                   "ALTER TABLE payments.bank_account_secret DROP CONSTRAINT "
                                   "bank_account_secret_payer_id_key_id_nonce_key"};
  const Status swapped = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
    tx.Execute(kDisable);
    tx.Execute(kDrop);
    EXPECT_EQ(tx.Execute(kSwap, theirs.id, mine.id), 1);
    return OkStatus();
  });
  ASSERT_TRUE(swapped.ok()) << StatusMessage(swapped);
  const AccountVersion version{theirs.id, theirs.version};
  const auto rows = db_.Files().ForPayer(payer_).Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::vector<VaultRow>> {
        return LoadSealedAccounts(tx, payer_, std::span(&version, 1));
      });
  ASSERT_TRUE(rows.ok() && rows->size() == 1);
  auto keys = UnwrapDataKeys(db_.Files(), payer_, *keys_);
  ASSERT_TRUE(keys.ok());
  EXPECT_EQ(AccountOpener(*std::move(keys))
                .Open(rows->front().slot, rows->front().sealed)
                .status()
                .code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(PayeeServiceTest, TheSameAccountAtTwoPayeesIsFound) {
  const BankAccount mine = Submit(AddPayee(10), "111122223333");
  const BankAccount theirs = Submit(AddPayee(11), "111122223333");
  Submit(AddPayee(12), "999999999999");
  const auto shared = Service().FindShared();
  ASSERT_TRUE(shared.ok());
  ASSERT_EQ(shared->size(), 1U);
  EXPECT_EQ(shared->front().payee, mine.payee);
  EXPECT_EQ(shared->front().other, theirs.payee);
}

TEST_F(PayeeServiceTest, AnotherPayerSeesNothing) {
  const PayeeId payee = AddPayee(10);
  const PayerId other = db_.NewPayer("Other plan");
  const auto seen =
      db_.App().ForPayer(other).Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<Payee>> {
        return LoadPayees(tx, std::span(&payee, 1));
      });
  ASSERT_TRUE(seen.ok());
  EXPECT_TRUE(seen->empty());
}

TEST_F(PayeeServiceTest, OneBadRowStoresNothing) {
  const auto refused = Service().AddPayees(
      {Payee{.party = PartyId(20), .name = "Good", .tin = "411234567"},
       Payee{.party = PartyId(21), .name = "Bad", .tin = "411234567", .npi = "1234567890"}},
      kBankOffice);
  EXPECT_THAT(StatusMessage(refused.status()), HasSubstr("NPI 1234567890"));
  const PartyId party(20);
  const auto found =
      db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> StatusOr<std::size_t> {
        return FindPayeesOfParties(tx, std::span(&party, 1)).All().size();
      });
  EXPECT_EQ(found.value_or(9), 0U);
}

// feature:H09
TEST_F(PayeeServiceTest, ATaxFormIsRecordedOnceAndNeverOfADayToCome) {
  const PayeeId payee = AddPayee(7);
  const auto with = [&] {
    return *db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> StatusOr<std::size_t> {
      return FindPayeesWithTaxForm(tx, std::span(&payee, 1)).size();
    });
  };
  EXPECT_EQ(with(), 0U);
  const Date today = db_.Clock().Now().UtcDate();
  TaxForm form{.payee = payee, .certified_on = today + Days(1)};
  EXPECT_THAT(StatusMessage(Service().RecordTaxForms(std::span(&form, 1), kBankOffice)),
              HasSubstr("a day to come"));
  form = {.payee = PayeeId(4), .certified_on = today};
  EXPECT_EQ(Service().RecordTaxForms(std::span(&form, 1), kBankOffice).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(with(), 0U);
  form = {.payee = payee, .certified_on = today};
  for (int i = 0; i < 2; ++i) {
    const Status recorded = Service().RecordTaxForms(std::span(&form, 1), kBankOffice);
    ASSERT_TRUE(recorded.ok()) << StatusMessage(recorded);
    EXPECT_EQ(with(), 1U);
  }
}

// feature:H08
TEST(PayeeDirectory, TheNarrowestPayeeOfAPartyIsFound) {
  PayeeDirectory payees;
  const PartyId doctor(7), here(10), there(11);
  EXPECT_EQ(payees.Find({doctor, here, "physician"}), std::nullopt);
  payees.Add({doctor, {}, ""}, PayeeId(1));
  payees.Add({doctor, {}, "owner"}, PayeeId(2));
  payees.Add({doctor, here, ""}, PayeeId(3));
  payees.Add({doctor, here, "physician"}, PayeeId(4));
  EXPECT_EQ(payees.Find({doctor, here, "physician"}), PayeeId(4));
  EXPECT_EQ(payees.Find({doctor, here, "owner"}), PayeeId(3));
  EXPECT_EQ(payees.Find({doctor, there, "owner"}), PayeeId(2));
  EXPECT_EQ(payees.Find({doctor, there, "physician"}), PayeeId(1));
  EXPECT_EQ(payees.Find({PartyId(8), here, ""}), std::nullopt);
}

}  // namespace
}  // namespace sluice::payments
