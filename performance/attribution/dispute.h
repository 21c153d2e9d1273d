// A dispute about the attribution of one member: its states, its clock, its evidence.
//
//   drafted       file      -> filed           the clock starts
//   filed         assign    -> under_review    with an owner and a due day
//   under_review  ask       -> info_requested  the ball is with the filer: the clock pauses
//   info_requested answer   -> under_review    the clock goes on
//   under_review  accept    -> accepted        with a reason
//   under_review  reject    -> rejected        with a reason and the rule; re-filed at most once
//   filed, under_review  clock ends -> overdue escalated; the contract says whether silence accepts
//   overdue       accept, reject               the late decision, or silence
//   accepted      published -> applied         in which version of the list
//   drafted, filed withdraw -> withdrawn
//
//   1. Every other event is refused with FailedPrecondition and changes nothing.
//   2. Every step is kept with actor and time. Time does not run backward.
//   3. A decision after the clock has ended is refused until that is recorded: where silence
//      accepts, a late rejection must not undo it.
//
// Source: PRODUCT section 5.3. Two things are ours: the ways out of overdue, because an escalated
// dispute still needs an answer; and that the clock ends for a dispute nobody was assigned, because
// the payer must not be able to stop it by assigning nobody.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/attribution/list.h"

namespace sluice::performance {

// The numbers are stored and never reused.
enum class DisputeState : std::int16_t {
  kDrafted = 1,
  kFiled = 2,
  kUnderReview = 3,
  kInfoRequested = 4,
  kAccepted = 5,
  kRejected = 6,
  kOverdue = 7,
  kApplied = 8,
  kWithdrawn = 9,
};
enum class DisputeEvent : std::int16_t {
  kFile = 1,
  kAssign = 2,
  kAsk = 3,
  kAnswer = 4,
  kAccept = 5,
  kReject = 6,
  kClockEnds = 7,
  kListPublished = 8,
  kWithdraw = 9,
};
enum class DisputeOperation : std::int16_t { kAdd = 1, kRemove = 2, kChange = 3 };

// "under_review"; "clock_ends"; "remove".
std::string_view DisputeStateName(DisputeState state);
std::string_view DisputeEventName(DisputeEvent event);
std::string_view DisputeOperationName(DisputeOperation operation);

// What the contract says.
struct DisputeRules {
  std::int32_t filing_days = 60;    // after the list was published, or the dispute rejected
  std::int32_t decision_days = 30;  // of the payer, from filing, pauses not counted
  bool silence_accepts = false;
};

struct Evidence {
  std::string kind;       // "claim", "chart", "signed choice"
  std::string reference;  // where it is kept
  Digest sha256{};

  friend bool operator==(const Evidence&, const Evidence&) = default;
};

// What somebody does. Only the fields that the event needs are read.
struct DisputeAction {
  DisputeEvent event = DisputeEvent::kFile;
  Instant at;
  std::string actor;
  std::string reason;               // accept, reject, ask
  std::string rule;                 // reject: the rule cited
  std::string owner;                // assign
  std::optional<Date> due;          // assign
  std::vector<Evidence> evidence;   // file, answer
  std::int32_t list_version = 0;    // list published

  friend bool operator==(const DisputeAction&, const DisputeAction&) = default;
};

struct Dispute {
  DisputeId id;
  ContractId contract;
  DateRange period;                  // of the list
  std::int32_t against_version = 0;  // of the list
  Instant window_from;  // filing counts from here: the list's publication, or the rejection
  DisputeOperation operation = DisputeOperation::kAdd;
  // The days in dispute, and who should have them or have them no longer. The change type, the
  // activity and the basis are not read.
  ListEntry entry;
  std::string reason_code;
  std::string filer;
  std::optional<std::int64_t> bulk_id;    // filed together
  std::optional<DisputeId> refiled_from;  // the rejected one before it
  std::optional<Money> provisional_effect;
  DisputeRules rules;  // of the contract when it was drafted; a later change does not reach it

  DisputeState state = DisputeState::kDrafted;
  std::optional<Instant> clock_started;
  std::int64_t paused_micros = 0;         // pauses that are over
  std::optional<Instant> paused_since;    // while the ball is with the filer
  std::string owner;
  std::optional<Date> due;
  std::string decision_reason;
  std::string decision_rule;
  std::optional<std::int32_t> applied_in_version;
  std::vector<Evidence> evidence;
  std::vector<DisputeAction> history;  // every step so far, in order

  friend bool operator==(const Dispute&, const Dispute&) = default;
};

// The dispute after the action. FailedPrecondition when the state does not allow it, the filing
// window is over, or the clock is past; InvalidArgument when a field that the event needs is empty
// or the action is before the last one.
StatusOr<Dispute> Advance(const Dispute& dispute, const DisputeAction& action);

// When the payer's time is over, were the ball with the payer from `now` on. None before filing.
std::optional<Instant> ClockEnd(const Dispute& dispute, Instant now);

// What the clock alone does by `now`: nothing, overdue, or overdue and accepted by silence.
std::vector<DisputeAction> ClockActions(const Dispute& dispute, Instant now);

// The dispute as it stands at `now`, with what the clock alone has done by then.
StatusOr<Dispute> AsOfClock(const Dispute& dispute, Instant now);

// A draft of the same matter with new evidence. FailedPrecondition unless the dispute was rejected
// and is no re-filing itself; InvalidArgument when there is no evidence it did not have.
StatusOr<Dispute> Refile(const Dispute& rejected, DisputeId id, std::vector<Evidence> evidence);

}  // namespace sluice::performance
