#include "payments/bank_account_vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The type of an account number has no text form: the compiler refuses to print it.
template <typename T>
concept Streams = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!Streams<AccountNumber>);
static_assert(!Streams<BankAccountDetails>);
static_assert(!Streams<SecretKey>);

const DataKey kSealKey{11, DataKeyPurpose::kSeal, RandomKey()};
const DataKey kIndexKey{12, DataKeyPurpose::kBlindIndex, RandomKey()};
const VaultSlot kSlot{PayerId(1), PayeeId(2), BankAccountId(3), 4};

BankAccountDetails Details(std::string account = "000123456789") {
  return {.routing_number = "091000019", .account_number = AccountNumber(std::move(account))};
}

TEST(Vault, WhatIsSealedOpensInItsOwnRow) {
  const auto sealed = AccountSealer(kSealKey, kIndexKey).Seal(kSlot, Details());
  ASSERT_TRUE(sealed.ok());
  EXPECT_EQ(sealed->last4, "6789");
  const auto opened = AccountOpener({kSealKey}).Open(kSlot, *sealed);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->routing_number, "091000019");
  EXPECT_EQ(opened->account_number.Reveal(), "000123456789");
}

TEST(Vault, ARowMovedAnywhereElseDoesNotOpen) {
  const auto sealed = AccountSealer(kSealKey, kIndexKey).Seal(kSlot, Details());
  ASSERT_TRUE(sealed.ok());
  const AccountOpener opener({kSealKey});
  VaultSlot other = kSlot;
  other.payee = PayeeId(99);
  EXPECT_EQ(opener.Open(other, *sealed).status().code(), absl::StatusCode::kDataLoss);
  other = kSlot;
  other.account = BankAccountId(99);
  EXPECT_FALSE(opener.Open(other, *sealed).ok());
  other = kSlot;
  other.version = 5;
  EXPECT_FALSE(opener.Open(other, *sealed).ok());
  other = kSlot;
  other.payer = PayerId(99);
  EXPECT_FALSE(opener.Open(other, *sealed).ok());
}

TEST(Vault, AnyChangedByteIsFound) {
  const auto sealed = AccountSealer(kSealKey, kIndexKey).Seal(kSlot, Details());
  ASSERT_TRUE(sealed.ok());
  const AccountOpener opener({kSealKey});
  for (Bytes SealedAccount::*part :
       {&SealedAccount::nonce, &SealedAccount::ciphertext, &SealedAccount::tag}) {
    for (std::size_t i = 0; i < ((*sealed).*part).size(); ++i) {
      SealedAccount changed = *sealed;
      (changed.*part)[i] ^= 1U;
      EXPECT_FALSE(opener.Open(kSlot, changed).ok());
    }
  }
  SealedAccount other_key = *sealed;
  other_key.key_id = 12;
  EXPECT_FALSE(opener.Open(kSlot, other_key).ok());
}

TEST(Vault, NoncesDifferAndTheBlindIndexFindsTheSameAccount) {
  const AccountSealer sealer(kSealKey, kIndexKey);
  const auto one = sealer.Seal(kSlot, Details());
  const auto two = sealer.Seal({PayerId(1), PayeeId(7), BankAccountId(8), 1}, Details());
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_NE(one->nonce, two->nonce);
  EXPECT_NE(one->ciphertext, two->ciphertext);
  EXPECT_EQ(one->blind_index, two->blind_index);
  EXPECT_NE(one->blind_index, sealer.BlindIndex(Details("000123456780")));
}

TEST(Vault, AWrongRoutingNumberIsRefusedAndTheAccountIsNotShown) {
  const AccountSealer sealer(kSealKey, kIndexKey);
  BankAccountDetails wrong = Details();
  wrong.routing_number = "091000018";
  const auto refused = sealer.Seal(kSlot, wrong);
  EXPECT_THAT(StatusMessage(refused.status()), HasSubstr("routing number 091000018"));
  const auto bad_account = sealer.Seal(kSlot, Details("12-34567"));
  EXPECT_EQ(bad_account.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(StatusMessage(bad_account.status()), Not(HasSubstr("34567")));
  EXPECT_FALSE(sealer.Seal(kSlot, Details("")).ok());
  EXPECT_FALSE(sealer.Seal(kSlot, Details("123456789012345678")).ok());
}

class KeyFile : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/sluice-key-XXXXXX";
    directory_ = ::mkdtemp(name);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::string Path() const { return directory_ + "/kek"; }

 private:
  std::string directory_;
};

TEST_F(KeyFile, IsMadeOnceForItsOwnerAndReadAgain) {
  const auto first = FileKeyProvider::Open(Path());
  ASSERT_TRUE(first.ok()) << StatusMessage(first.status());
  struct stat info {};
  ASSERT_EQ(::stat(Path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  const auto second = FileKeyProvider::Open(Path());
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(first->KekId(), second->KekId());

  const SecretKey key = RandomKey();
  const auto wrapped = first->Wrap(key, DataKeyAad(PayerId(1), 5, DataKeyPurpose::kSeal));
  ASSERT_TRUE(wrapped.ok());
  const auto opened = second->Unwrap(*wrapped, DataKeyAad(PayerId(1), 5, DataKeyPurpose::kSeal));
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->Reveal(), key.Reveal());
  EXPECT_FALSE(second->Unwrap(*wrapped, DataKeyAad(PayerId(2), 5, DataKeyPurpose::kSeal)).ok());
}

TEST_F(KeyFile, ThatOthersMayReadIsRefused) {
  ASSERT_TRUE(FileKeyProvider::Open(Path()).ok());
  ::chmod(Path().c_str(), 0640);
  const auto refused = FileKeyProvider::Open(Path());
  EXPECT_THAT(StatusMessage(refused.status()), HasSubstr("chmod 600"));
}

TEST_F(KeyFile, ThatIsDamagedIsRefused) {
  ASSERT_TRUE(FileKeyProvider::Open(Path()).ok());
  std::filesystem::resize_file(Path(), 31);
  EXPECT_EQ(FileKeyProvider::Open(Path()).status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace sluice::payments
