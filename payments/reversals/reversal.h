// Takes an ACH payment back that should not have left so: the reversing entry. Values and rules.
//
//   1. Only for the reasons that Nacha permits: the payment was a duplicate, went to the wrong
//      receiver, had the wrong amount or the wrong date. Want of money is none of them.
//   2. The reversal settles within kReversalDays banking days after the payment settled; later, the
//      payee is asked, or what it owes is offset after notice.
//   3. It is the whole payment: the same amount, account, company id and kind of entry, as a debit
//      described REVERSAL. It is made out of the bytes that were sent, not of what is known now.
//   4. One person asks, another approves. The payee is told until the day it settles.
//   5. Nothing is money of ours before the bank credited it, and nothing is owed again before the
//      payee's bank can no longer return the entry for want of money (kReturnDays).
//   6. A payment is reversed once.
// Source: FORMATS 4 (reversal), LEDGER_RELIABILITY_SECURITY 2.4, 9.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "payments/approval.h"
#include "payments/disbursement.h"

namespace sluice::payments {

struct ReversalTag {
  static constexpr std::string_view kPrefix = "rvs";
};
using ReversalId = Id<ReversalTag>;

inline constexpr int kReversalDays = 5;
inline constexpr int kReturnDays = 2;

// The numbers are stored.
enum class ReversalReason : std::int16_t {
  kDuplicate = 1,
  kWrongReceiver = 2,
  kWrongAmount = 3,
  kWrongDate = 4,
};
// "duplicate", "wrong-receiver", "wrong-amount", "wrong-date".
std::string_view ReversalReasonName(ReversalReason reason);
// The reverse; InvalidArgument lists the permitted reasons.
StatusOr<ReversalReason> ParseReversalReason(std::string_view name);

enum class ReversalState : std::int16_t {
  kRequested = 0,
  kApproved = 1,
  kInFile = 2,
  kSent = 3,
  kCredited = 4,  // the bank gave us the money; it may still be returned
  kSettled = 5,   // the payment has come back
  kRejected = 6,  // by a person, or because the window closed before a file left
  kBounced = 7,   // the payee's bank returned the entry
};
std::string_view ReversalStateName(ReversalState state);
// Nothing more happens to it.
bool IsOver(ReversalState state);

struct Reversal {
  ReversalId id;
  DisbursementId payment;
  PayeeId payee;
  Money amount;
  ReversalReason reason{};
  std::optional<DisbursementId> duplicate_of;  // exactly for a duplicate
  std::string detail;                          // what went wrong, in words
  Date last_day{};                             // on which it may settle
  UserId requested_by;
  Instant requested_at;
  ReversalState state = ReversalState::kRequested;
  std::optional<UserId> decided_by;
  std::optional<PaymentFileId> file;
  std::optional<Date> effective_date;  // on which it settles
  std::optional<Date> credited_on;
  std::string result;
};

// The last day on which the reversal of a payment that settles on `settled_on` may settle.
Date LastReversalDay(Date settled_on);
// The first day on which a reversal that the bank credited is final.
Date ReversalFinalOn(Date credited_on);

struct ReversalRequest {
  DisbursementId payment;
  ReversalReason reason{};
  std::optional<DisbursementId> duplicate_of;
  std::string detail;
};
// Ok when `payment` may be reversed for this reason by a file that settles on `settles_on`.
// `twin` is the payment that it is said to be a duplicate of, if there is one. InvalidArgument for
// a request that makes no sense, FailedPrecondition for a payment that cannot be reversed: it is no
// ACH payment, did not leave, came back, or the window is closed.
Status CheckReversible(const ReversalRequest& request, const Disbursement& payment,
                       const std::optional<Disbursement>& twin, Date settles_on);
// Ok when this person may decide about it.
Status CheckMayDecide(const Reversal& reversal, Actor actor);

}  // namespace sluice::payments
