// What proves a bank account, how long a change is held, and the alerts about one: values.
//
//   1. Only a proved version is approved, and only an approved one is paid; the table refuses the
//      rest. A version that is stopped loses its proof.
//   2. A change waits for its hold, however it was proved; the old account is paid until then.
//   3. Notices (payments/notices) go to the addresses that were known before the change: those of
//      the contacts now, and those that they had kNoticeLookBackDays before.
// Source: LEDGER_RELIABILITY_SECURITY 8.3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "payments/bank_account.h"

namespace sluice::payments {

inline constexpr int kNoticeLookBackDays = 30;

// The numbers are stored.
enum class AccountProofKind : std::int16_t {
  kPrenote = 1,        // an entry of zero was not answered within its banking days
  kMicroDeposits = 2,  // the payee named two small amounts
  kBankLetter = 3,     // a letter or voided check, and a call back to a number on file
  kConversion = 4,     // paid without a return by the payer's former system
};
// "prenote", "micro-deposits", "bank letter", "conversion".
std::string_view AccountProofKindName(AccountProofKind kind);
// Of those that a person records: bank letter and conversion.
StatusOr<AccountProofKind> ParseRecordedProof(std::string_view name);

struct AccountProof {
  BankAccountId account;
  std::int32_t version = 0;
  PayeeId payee;
  AccountProofKind kind = AccountProofKind::kPrenote;
  std::string detail;
  Date proved_on{};
};

// How changes of accounts are guarded at a payer.
struct AccountControls {
  int hold_days = 3;  // calendar days from the approval of a change to its first use: 0 to 30
};

// The first day on which a version may be used that is approved today.
std::optional<Date> HoldUntil(const BankAccount& account, const AccountControls& controls,
                              Date today);

enum class AccountAlertKind : std::int16_t {
  kShared = 1,
  kNobodyToTell = 2,
  kContactsChanged = 3,
};
std::string_view AccountAlertKindName(AccountAlertKind kind);
struct AccountAlert {
  std::int64_t id = 0;
  AccountAlertKind kind = AccountAlertKind::kShared;
  PayeeId payee;
  BankAccountId account;
  std::int32_t version = 0;
  std::optional<PayeeId> other;
  std::string detail;
  Instant raised_at;
  std::optional<UserId> cleared_by;
};

}  // namespace sluice::payments
