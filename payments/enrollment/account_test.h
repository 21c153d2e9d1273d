// Tests of bank accounts through the bank: prenotes and micro-deposits. Values and rules.
//
//   1. A prenote is an entry of zero. It passes when its banking days are over and nothing came
//      back; that does not prove whose account it is, so name and TIN are compared, too.
//   2. Micro-deposits are two different amounts below a dollar. They pass when the payee names
//   both,
//      in any order, in at most kMostAttempts answers. Nobody of the payer sees the amounts: they
//      are sealed when they are drawn, and only the file builder opens them.
//   3. Whatever comes back ends the test: the version is rejected, or stopped where it is in use.
// Source: FORMATS 4.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/secret.h"
#include "core/status.h"
#include "payments/bank_account.h"
#include "payments/bank_account_vault.h"
#include "payments/disbursement.h"

namespace sluice::payments {

inline constexpr int kPrenoteBankingDays = 3;
inline constexpr int kMostAttempts = 3;

// The numbers are stored.
enum class AccountTestKind : std::int16_t { kPrenote = 1, kMicroDeposits = 2 };
std::string_view AccountTestKindName(AccountTestKind kind);
// "prenote", "micro-deposits".
StatusOr<AccountTestKind> ParseAccountTestKind(std::string_view name);

enum class AccountTestState : std::int16_t {
  kWaits = 0,  // for the next file
  kInFile = 1,
  kSent = 2,
  kPassed = 3,
  kFailed = 4,
};
std::string_view AccountTestStateName(AccountTestState state);

struct AccountTest {
  std::int64_t id = 0;
  BankAccountId account;
  std::int32_t version = 0;
  PayeeId payee;
  AccountTestKind kind = AccountTestKind::kPrenote;
  AccountTestState state = AccountTestState::kWaits;
  int attempts = 0;
  std::optional<PaymentFileId> file;
  std::optional<Date> passes_on;  // a prenote, when nothing comes back until then
  std::string result;
};

// The first day on which a prenote that settles on the day has passed.
Date PrenotePassesOn(Date effective_date);

// Two amounts of 1 to 99 cents, the smaller one first. They have no text form.
using MicroAmounts = Secret<std::array<std::int64_t, 2>>;
MicroAmounts DrawMicroAmounts();
// The answer of a payee in its one order. InvalidArgument for what cannot be an answer.
StatusOr<MicroAmounts> MicroAnswer(Money one, Money other);
// The same for the same test and amounts; not to be reversed without the key.
Digest MicroAmountsIndex(const DataKey& index_key, PayerId payer, std::int64_t test,
                         const MicroAmounts& amounts);

}  // namespace sluice::payments
