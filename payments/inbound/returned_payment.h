// A payment that came back: what follows, and how it may be paid again. Pure.
//
//   1. A payment comes back once. A second return of it is not applied: a person asks our bank to
//      dishonor it (R67), within five banking days.
//   2. What the table of codes says happens with the return: the account is stopped, the payee
//      held.
//   3. It is paid again only after a person said so, by another account or the corrected one, as a
//      new payment with a new trace and TRN; its obligations link it to the first. Compliance,
//      fraud, estate and duplicate cases take two people.
// Source: FORMATS 6, LEDGER_RELIABILITY_SECURITY 6.1, 6.2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "payments/approval.h"
#include "payments/disbursement.h"
#include "payments/inbound/inbound_file.h"
#include "payments/inbound/return_codes.h"
#include "payments/payee_hold.h"

namespace sluice::payments {

// The numbers are stored.
enum class ReturnedState : std::int16_t {
  kOpen = 0,
  kPayAgain = 1,   // cleared: the next run pays it
  kClosed = 2,     // not to be paid again
  kUnapplied = 3,  // the banks agree that it did not come back (return_dispute.h)
};
std::string_view ReturnedStateName(ReturnedState state);

// The code of a payment that we took back ourselves (reversal_apply.h); it has no file.
inline constexpr std::string_view kReversedCode = "REVERSED";

struct ReturnedPayment {
  DisbursementId disbursement;
  BookId home;  // of the file
  InboundFileId file;
  std::int32_t item_no = 0;
  PayeeId payee;
  std::string code;
  ReturnActions actions;
  bool rejected = false;  // refused by our bank before it left, not returned
  Money amount;
  Uuid journal_id{};
  Date returned_on{};
  ReturnedState state = ReturnedState::kOpen;
  std::string decision;
  UserId recorded_by;
  Instant recorded_at;
};

// What to do with an item that is about a payment of ours.
enum class ReturnOutcome {
  kPost,
  kPostReject,
  kAlreadyApplied,
  kSecondReturn,
  kSuspense,
  kWorkItem,
  kNoted
};
struct ReturnDecision {
  ReturnOutcome outcome = ReturnOutcome::kSuspense;
  std::string reason;  // for the item
};
// Of a return or a reject; disputes of returns are return_dispute.h's. `earlier` is the return that
// was applied to the payment before, if any.
ReturnDecision DecideReturn(const InboundItemRow& item, const Disbursement& payment,
                            const std::optional<ReturnedPayment>& earlier);

// What follows from a return or a reject.
ReturnActions ActionsOf(const InboundItemRow& item);
// The hold that the actions ask for; none when they ask for none.
std::optional<PayeeHoldKind> HoldOf(ReturnActions actions);
// Ok when these people may clear the payment to be paid again, or close it.
Status CheckMayDecide(const ReturnedPayment& payment, Actor first,
                      const std::optional<Actor>& second);

}  // namespace sluice::payments
