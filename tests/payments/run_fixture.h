// A payer with one program, a funded pool, payees with active bank accounts, and awards: what the
// tests of cycles and releases start from.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "payments/cycle_service.h"
#include "payments/payee_service.h"
#include "payments/release_service.h"
#include "tests/support/test_database.h"

namespace sluice::payments {

inline Money Dollars(std::int64_t dollars) { return Money::FromCents(dollars * 100); }

class RunFixture : public ::testing::Test {
 protected:
  static constexpr Actor kMaker{UserId(1)};
  static constexpr Actor kBankOffice{UserId(2)};
  static constexpr Actor kCompliance{UserId(3)};
  static constexpr Actor kFirst{UserId(11)};
  static constexpr Actor kSecond{UserId(12)};
  static constexpr Actor kService{UserId(99), false};
  static inline const Date kBusinessDate = MakeDate(2026, 10, 1);

  RunFixture() = default;
  // A program of another VBPR stream.
  explicit RunFixture(std::string stream) : stream_(std::move(stream)) {}

  void SetUp() override;
  void TearDown() override;

  // Enrolls a provider organization as the payee of a party, without a W-9.
  // Under a parent and in a role, for that part of its work.
  PayeeId EnrollPayee(std::int64_t party, PartyId under = {}, const std::string& role = "");
  void RecordTaxForm(PayeeId payee);
  // With a W-9.
  PayeeId AddPayee(std::int64_t party);
  BankAccount AddAccount(PayeeId payee, const std::string& number);
  // A payee with an active account.
  PayeeId AddPaidPayee(std::int64_t party, PartyId under = {}, const std::string& role = "");
  Status ChangeAccount(const BankAccount& account, BankAccountCommand command, Actor actor);
  // By a letter of the bank.
  void Prove(const BankAccount& account);
  void Suspend(PayeeId payee);
  void Fund(Money amount);

  struct ShareOf {
    std::int64_t party = 0;
    Money amount;
    std::vector<std::int64_t> ancestors = {};
  };
  static AwardToPay Award(std::int64_t id, std::vector<ShareOf> shares, Money withheld = Money{},
                          std::int32_t version = 1);

  CycleService Cycles();
  std::unique_ptr<ReleaseService> Releases(ReleaseHooks hooks = {});
  ReleaseSettings Settings() const;

  RunId Open(std::int32_t seq = 1, RunKind kind = RunKind::kRegular);
  // Opens, calculates and submits; returns the digest.
  Digest Submit(RunId run, const std::vector<AwardToPay>& awards);
  // All of it up to APPROVED.
  RunId Approved(const std::vector<AwardToPay>& awards, std::int32_t seq = 1);
  void Approve(RunId run, const Digest& digest);

  RunPayee PayeeOf(RunId run, PayeeId payee);
  // Signed balance on the account's normal side; zero when it is not open.
  Money Balance(const AccountKey& account);
  RunState StateOf(RunId run);
  // Final files by name.
  std::map<std::string, std::string> DeliveredFiles() const;
  // Identities F and C of the ledger, and that nothing is pending.
  void ExpectBooksInOrder();

  std::string stream_ = "ssl";
  ::sluice::testing::TestDatabase db_;
  PayerId payer_;
  ProgramPayments program_;
  std::string directory_;
  std::unique_ptr<FileKeyProvider> keys_;
  std::map<PayeeId, BankAccount> accounts_;
  int next_account_ = 1000;
};

}  // namespace sluice::payments
