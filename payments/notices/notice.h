// Notices: what is written to the contacts of payees, and what became of each message. Pure.
//
//   1. A notice is stored with what it tells of, in the same transaction, to the address that holds
//      then. It is sent afterwards.
//   2. No account number and no amount of a test is in a notice; an account has its last four
//      digits at most.
//   3. An address is data of a person. Lists, errors and logs show it masked.
// Source: LEDGER_RELIABILITY_SECURITY 8.3; PRODUCT P10, P17, M12.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "payments/bank_account.h"

namespace sluice::payments {

// The numbers are stored; they never change.
enum class NoticeKind : std::int16_t {
  kAccountChange = 1,  // another bank account was entered
  kOffset = 2,         // money is owed, and will be taken from later payments
  kTestDeposits = 3,   // two small deposits are on their way to a new account
  kReversal = 4,       // a payment to the account is taken back
};
// "account change", "offset", "test deposits", "reversal".
std::string_view NoticeKindName(NoticeKind kind);
// The subject of a message.
std::string_view NoticeSubject(NoticeKind kind);

enum class NoticeChannel : std::int16_t {
  kEmail = 1,
  kPhone = 2,  // a person calls
};

enum class NoticeState : std::int16_t {
  kWaits = 0,
  kSent = 1,
  kFailed = 2,   // the other side refuses it for good
  kSending = 3,  // begun; interrupted when it stays so
  kUnknown = 4,  // nobody knows whether it was taken; people decide
};
// "waits", "sent", "failed", "sending", "unknown".
std::string_view NoticeStateName(NoticeState state);

// The run that made a payee owe something, and how long nothing is taken after it was told.
struct OffsetCause {
  BookId book;
  RunId run;
  int notice_days = 0;
};

struct PayeeNotice {
  std::int64_t id = 0;
  NoticeKind kind = NoticeKind::kAccountChange;
  PayeeId payee;
  std::optional<BankAccountId> account = std::nullopt;  // of all kinds but an offset
  std::optional<std::int32_t> version = std::nullopt;   // of the account
  std::optional<OffsetCause> offset = std::nullopt;     // of an offset
  NoticeChannel channel = NoticeChannel::kEmail;
  std::string address;
  std::string recipient;
  std::string body;
  // As stored:
  NoticeState state = NoticeState::kWaits;
  std::string detail = {};  // what is known of the last attempt
  Instant recorded_at = {};
  std::optional<Instant> moved_at = std::nullopt;
};

// "f***@elm.example", "***0123".
std::string MaskedAddress(const PayeeNotice& notice);

// A new account: its last four digits, and that the old one is paid meanwhile.
std::string AccountChangeText(const BankAccount& account, std::string_view payee_name);
// What is owed, and from when it is taken.
std::string OffsetText(std::string_view payee_name, Money amount, int notice_days);
// That two deposits arrive, and what to do with their amounts; not the amounts.
std::string TestDepositsText(const BankAccount& account, std::string_view payee_name,
                             Date effective_date);
// Which payment is taken back, why, and on which day.
std::string ReversalText(std::string_view payee_name, std::string_view payment_key, Money amount,
                         std::string_view why, Date settles_on);

}  // namespace sluice::payments
