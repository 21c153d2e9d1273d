// Rows of payees, bank accounts and the vault. No rules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/bank_account.h"
#include "payments/bank_account_vault.h"
#include "payments/payee.h"
#include "payments/run_plan.h"

namespace sluice::payments {

// Who recorded something, and when.
struct Recorded {
  UserId by;
  Instant at;
};

void InsertPayees(pg::Transaction& tx, PayerId payer, std::span<const Payee> payees,
                  const Recorded& recorded);
std::vector<Payee> LoadPayees(pg::Transaction& tx, std::span<const PayeeId> ids);
// The payees of these that have a W-9 on file.
std::set<PayeeId> FindPayeesWithTaxForm(pg::Transaction& tx, std::span<const PayeeId> payees);
// Payee by party, for the parties that have one.
PayeeDirectory FindPayeesOfParties(pg::Transaction& tx, std::span<const PartyId> parties);

// A version with its sealed number.
struct SealedVersion {
  BankAccount account;
  SealedAccount sealed;
};
void InsertBankAccounts(pg::Transaction& tx, PayerId payer,
                        std::span<const SealedVersion> versions);
// Locks the rows, in order of account and version.
std::vector<BankAccount> LockBankAccounts(pg::Transaction& tx, PayerId payer,
                                          std::span<const BankAccountId> accounts);
std::vector<BankAccount> LoadBankAccountsOfPayees(pg::Transaction& tx, PayerId payer,
                                                  std::span<const PayeeId> payees);

struct BankAccountMove {
  BankAccountId account;
  std::int32_t version = 0;
  PayeeId payee;
  BankAccountState to{};
  std::optional<Date> hold_until = std::nullopt;  // of an approval
};
// Sets the states and appends one event each.
void MoveBankAccounts(pg::Transaction& tx, PayerId payer, std::span<const BankAccountMove> moves,
                      const std::string& reason, const Recorded& recorded);
// Users who changed, proved or approved bank data of these payees after the given instants.
struct ChangedSince {
  PayeeId payee;
  Instant since;
};
std::vector<UserId> FindBankDataChangers(pg::Transaction& tx, PayerId payer,
                                         std::span<const ChangedSince> payees);
// Payees that share an account, by blind index: (index, payees) where there are several.
struct SharedAccount {
  PayeeId payee;
  PayeeId other;
};
std::vector<SharedAccount> FindSharedAccounts(pg::Transaction& tx, PayerId payer);

// The sealed numbers of account versions. Only the role sluice_files may run it.
struct VaultRow {
  VaultSlot slot;
  SealedAccount sealed;
  AccountOwnership ownership{};
  AccountKind kind{};
};
struct AccountVersion {
  BankAccountId account;
  std::int32_t version = 0;
};
std::vector<VaultRow> LoadSealedAccounts(pg::Transaction& tx, PayerId payer,
                                         std::span<const AccountVersion> versions);

// Data keys as stored: wrapped.
struct WrappedKey {
  std::int64_t id = 0;
  DataKeyPurpose purpose{};
  std::string kek_id;
  Bytes wrapped;
};
std::vector<WrappedKey> LoadDataKeys(pg::Transaction& tx, PayerId payer);
// The key in force for a purpose.
std::optional<std::int64_t> FindCurrentKey(pg::Transaction& tx, PayerId payer,
                                           DataKeyPurpose purpose);
void InsertDataKey(pg::Transaction& tx, PayerId payer, const WrappedKey& key, Instant at);
// False when another process named a key first.
bool InsertCurrentKey(pg::Transaction& tx, PayerId payer, const WrappedKey& key);

}  // namespace sluice::payments
