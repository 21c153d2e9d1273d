// A journal: one business event under one id chosen by the client, applied whole or not at all.
//
//   1. A journal is a list of transfers; each transfer debits one account and credits another by
//      the same positive amount, so no line can be unbalanced.
//   2. The id is for ever: the same id with the same body gives the stored answer, with another
//      body ID_REUSED, and an id that was refused stays refused. Trying again takes a new id.
//   3. Nothing is edited. A correction is a new journal that names the one it corrects.
//   4. Server-made ids come from DerivedUuid (core/bytes.h) over what the journal is about, so that
//      a restarted job computes the same ids.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "payments/ledger/account.h"

namespace sluice::payments {

// Business events; the builders of events.h say what each posts. The numbers are stored.
enum class Event : std::int16_t {
  kBankCredit = 1,
  kBankDebit = 2,
  kFundPool = 3,
  kPoolInterest = 4,
  kDefundPool = 5,
  kBankFee = 6,
  kAccrueAward = 7,
  kApproveHold = 8,
  kReleaseHold = 9,
  kDropHold = 10,
  kRecognize = 11,
  kAdvance = 12,
  kWithhold = 13,
  kOffset = 14,
  kTaxWithhold = 15,
  kDisburse = 16,
  kSettle = 17,
  kSettleNetted = 18,
  kBankReject = 19,
  kVoidDisbursement = 20,
  kReturnNotice = 21,
  kReturnCash = 22,
  kReissue = 23,
  kReleaseWithhold = 24,
  kForfeitWithhold = 25,
  kForfeitToPool = 26,
  kRecoup = 27,
  kRefund = 28,
  kRefundBounced = 29,
  kWriteOff = 30,
  kVoidObligation = 31,
  kRestateUnpaid = 32,
  kRestateWithhold = 33,
  kMisdirected = 34,
  kPoolTransfer = 35,
  kInterbookOut = 36,
  kInterbookIn = 37,
  kInterbookCashOut = 38,
  kInterbookCashIn = 39,
  kRemitTax = 40,
  kUnclaimed = 41,
  kClaimed = 42,
  kEscheat = 43,
  kCloseYear = 44,
  kSetLimit = 45,
};
inline constexpr int kEventCount = 45;

// "FUND_POOL". Requires: a known event.
std::string_view EventName(Event event);
bool IsKnown(Event event);

// What a transfer does to the counters.
enum class TransferKind : std::int16_t {
  kPosted = 0,         // moves the posted counters
  kPending = 1,        // a hold: moves the pending counters only
  kPostPending = 2,    // resolves a hold: posts `amount` of it and releases the rest
  kVoidPending = 3,    // resolves a hold: releases it whole
  kExpirePending = 4,  // resolves a hold at or after its expiry: releases it whole
};
std::string_view TransferKindName(TransferKind kind);

// A hold, by the journal that made it and the line in it, counted from 1.
struct HoldRef {
  Uuid journal_id{};
  std::int32_t line = 1;
  friend auto operator<=>(const HoldRef&, const HoldRef&) = default;
};

// One line of a journal.
struct Transfer {
  TransferKind kind = TransferKind::kPosted;
  Event event{};  // the row of the posting table that this line belongs to
  AccountKey debit;
  AccountKey credit;
  Money amount;                       // > 0; for a void or an expiry the amount of the hold
  std::optional<Instant> expires_at;  // kPending only; none means the hold does not expire
  std::optional<HoldRef> hold;        // the resolving kinds only; the accounts equal the hold's

  friend bool operator==(const Transfer&, const Transfer&) = default;
};

// SET_LIMIT: the overdraft an account may have from now on, >= 0.
struct LimitChange {
  AccountKey account;
  Money overdraft;
  friend bool operator==(const LimitChange&, const LimitChange&) = default;
};

struct Journal {
  Uuid id{};
  Event event{};                 // the first event, when there are several
  std::int64_t source_id = 0;    // the business object: award, run, file, bank line ...
  UserId actor;                  // the person or service account that caused it
  std::optional<Uuid> corrects;  // the journal that this one corrects in full
  Date effective_date{};         // business date; may lie in the past, not in a closed period
  std::vector<Transfer> transfers;
  std::optional<LimitChange> limit;  // SET_LIMIT only, which has no transfers
};

// A batch holds at most this many transfers, hence so does a journal.
inline constexpr int kMaxBatchTransfers = 8'000;
// One transfer moves at most ten trillion dollars; sums of counters then cannot overflow in
// practice, and if they do the process stops.
inline constexpr Money kMaxTransfer = Money::FromCents(1'000'000'000'000'000);

// The canonical bytes of everything but the id. Their SHA-256 is the body hash that decides whether
// a repeated id carries the same request.
Bytes EncodeBody(const Journal& journal);
// The reverse, for a stored refusal. `id` becomes the journal's id. DataLoss when the bytes are not
// a body.
StatusOr<Journal> DecodeBody(const Uuid& id, ByteView body);

// Each field in which two bodies differ, as "line 3: amount_cents stored 1200, sent 1300".
std::vector<std::string> DifferingFields(const Journal& stored, const Journal& sent);

}  // namespace sluice::payments
