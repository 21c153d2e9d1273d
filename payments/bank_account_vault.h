// The vault: bank account numbers, sealed so that only the file builder reads them.
//
//   1. AES-256-GCM under the payer's data key. The sealed bytes are bound to payer, payee, account,
//      version and key: a row that was moved to another payee or account does not open.
//   2. AccountSealer seals and cannot open; it is what the service holds. AccountOpener opens; it
//   is
//      made by the file builder, whose database role alone may read the ciphertext.
//   3. The blind index is an HMAC of routing and account number: it finds the same account at two
//      payees without opening either.
// Source: LEDGER_RELIABILITY_SECURITY 8.1.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/crypto.h"
#include "core/id.h"
#include "core/status.h"
#include "payments/key_provider.h"
#include "payments/ledger/account.h"
#include "payments/remittance/outbound_payment.h"

namespace sluice::payments {

// The row that sealed bytes belong to.
struct VaultSlot {
  PayerId payer;
  PayeeId payee;
  BankAccountId account;
  std::int32_t version = 1;
};

// An account in the clear. It has no text form.
struct BankAccountDetails {
  std::string routing_number;  // 9 digits
  AccountNumber account_number;
};

// InvalidArgument when the routing number's check digit or prefix is wrong, or the account number
// is not 1 to 17 letters and digits. The message shows the routing number, never the account.
Status CheckBankAccountDetails(const BankAccountDetails& details);

struct SealedAccount {
  std::int64_t key_id = 0;
  Bytes nonce;  // 12
  Bytes ciphertext;
  Bytes tag;  // 16
  std::int64_t index_key_id = 0;
  Digest blind_index{};
  std::string last4;
};

class AccountSealer {
 public:
  AccountSealer(DataKey seal_key, DataKey index_key);

  // InvalidArgument as CheckBankAccountDetails says.
  StatusOr<SealedAccount> Seal(const VaultSlot& slot, const BankAccountDetails& details) const;
  Digest BlindIndex(const BankAccountDetails& details) const;

 private:
  DataKey seal_key_;
  DataKey index_key_;
};

class AccountOpener {
 public:
  // All data keys of the payer, so that rows under an older key still open.
  explicit AccountOpener(std::vector<DataKey> keys);

  // DataLoss when the row is not the one it was sealed for, or was changed.
  StatusOr<BankAccountDetails> Open(const VaultSlot& slot, const SealedAccount& sealed) const;

 private:
  std::map<std::int64_t, DataKey> keys_;
};

}  // namespace sluice::payments
