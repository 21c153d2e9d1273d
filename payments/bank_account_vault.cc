#include "payments/bank_account_vault.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "payments/remittance/bank_profile.h"

namespace sluice::payments {
namespace {

constexpr std::size_t kRoutingDigits = 9;
constexpr std::size_t kMaxAccountCharacters = 17;

bool IsAccountCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

Bytes Aad(const VaultSlot& slot, std::int64_t key_id) {
  return CanonicalWriter("sluice.bank.v1")
      .I64(slot.payer.Value())
      .I64(slot.payee.Value())
      .I64(slot.account.Value())
      .I64(slot.version)
      .I64(key_id)
      .Data();
}

// Routing number and account number: the routing number has a fixed length, so no separator.
SecretString Plaintext(const BankAccountDetails& details) {
  std::string text = details.routing_number;
  text += details.account_number.Reveal();
  return SecretString(std::move(text));
}

}  // namespace

Status CheckBankAccountDetails(const BankAccountDetails& details) {
  if (!IsPayeeRoutingNumber(details.routing_number)) {
    return InvalidArgument(
        "routing number {} is not one a payee can have: nine digits with a right check digit",
        details.routing_number);
  }
  const std::string_view number = details.account_number.Reveal();
  if (number.empty() || number.size() > kMaxAccountCharacters ||
      !std::ranges::all_of(number, IsAccountCharacter)) {
    return InvalidArgument("an account number has 1 to {} letters and digits",
                           kMaxAccountCharacters);
  }
  return OkStatus();
}

AccountSealer::AccountSealer(DataKey seal_key, DataKey index_key)
    : seal_key_(std::move(seal_key)), index_key_(std::move(index_key)) {
  CHECK(seal_key_.purpose == DataKeyPurpose::kSeal);
  CHECK(index_key_.purpose == DataKeyPurpose::kBlindIndex);
}

StatusOr<SealedAccount> AccountSealer::Seal(const VaultSlot& slot,
                                            const BankAccountDetails& details) const {
  RETURN_IF_ERROR(CheckBankAccountDetails(details));
  const SecretString plaintext = Plaintext(details);
  const Bytes sealed =
      sluice::Seal(seal_key_.key, AsBytes(plaintext.Reveal()), Aad(slot, seal_key_.id));
  const auto nonce_end = sealed.begin() + kSealNonceSize;
  const auto tag_begin = sealed.end() - kSealTagSize;
  return SealedAccount{.key_id = seal_key_.id,
                       .nonce = Bytes(sealed.begin(), nonce_end),
                       .ciphertext = Bytes(nonce_end, tag_begin),
                       .tag = Bytes(tag_begin, sealed.end()),
                       .index_key_id = index_key_.id,
                       .blind_index = BlindIndex(details),
                       .last4 = std::string(details.account_number.LastFour())};
}

Digest AccountSealer::BlindIndex(const BankAccountDetails& details) const {
  const SecretString plaintext = Plaintext(details);
  return HmacSha256(index_key_.key.Reveal(), AsBytes(plaintext.Reveal()));
}

AccountOpener::AccountOpener(std::vector<DataKey> keys) {
  for (DataKey& key : keys) {
    const std::int64_t id = key.id;
    keys_.emplace(id, std::move(key));
  }
}

StatusOr<BankAccountDetails> AccountOpener::Open(const VaultSlot& slot,
                                                 const SealedAccount& sealed) const {
  const auto key = keys_.find(sealed.key_id);
  if (key == keys_.end()) {
    return DataLoss("bank account {} version {} is sealed under key {}, which this payer lacks",
                    slot.account, slot.version, sealed.key_id);
  }
  Bytes bytes = sealed.nonce;
  bytes.insert(bytes.end(), sealed.ciphertext.begin(), sealed.ciphertext.end());
  bytes.insert(bytes.end(), sealed.tag.begin(), sealed.tag.end());
  const auto opened = sluice::Open(key->second.key, bytes, Aad(slot, sealed.key_id));
  if (!opened.ok() || opened->Reveal().size() <= kRoutingDigits) {
    return DataLoss(
        "bank account {} version {} of payee {} does not open: the row was changed or moved",
        slot.account, slot.version, slot.payee);
  }
  const auto& text = opened->Reveal();
  const auto split = text.begin() + kRoutingDigits;
  return BankAccountDetails{.routing_number = std::string(text.begin(), split),
                            .account_number = AccountNumber(std::string(split, text.end()))};
}

}  // namespace sluice::payments
