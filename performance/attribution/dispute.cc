#include "performance/attribution/dispute.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr std::array<std::string_view, 10> kStates = {
    "",         "drafted",  "filed",   "under_review", "info_requested",
    "accepted", "rejected", "overdue", "applied",      "withdrawn"};
constexpr std::array<std::string_view, 10> kEvents = {
    "",       "file",       "assign",         "ask",     "answer", "accept",
    "reject", "clock_ends", "list_published", "withdraw"};
constexpr std::array<std::string_view, 4> kOperations = {"", "add", "remove", "change"};

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

Instant After(Instant start, std::int64_t days) {
  return Instant::FromMicros(start.Micros() + days * kMicrosPerDay);
}

struct Transition {
  DisputeState from;
  DisputeEvent event;
  DisputeState to;
};
constexpr std::array<Transition, 13> kTransitions = {{
    {DisputeState::kDrafted, DisputeEvent::kFile, DisputeState::kFiled},
    {DisputeState::kFiled, DisputeEvent::kAssign, DisputeState::kUnderReview},
    {DisputeState::kFiled, DisputeEvent::kClockEnds, DisputeState::kOverdue},
    {DisputeState::kUnderReview, DisputeEvent::kAsk, DisputeState::kInfoRequested},
    {DisputeState::kInfoRequested, DisputeEvent::kAnswer, DisputeState::kUnderReview},
    {DisputeState::kUnderReview, DisputeEvent::kAccept, DisputeState::kAccepted},
    {DisputeState::kUnderReview, DisputeEvent::kReject, DisputeState::kRejected},
    {DisputeState::kUnderReview, DisputeEvent::kClockEnds, DisputeState::kOverdue},
    {DisputeState::kOverdue, DisputeEvent::kAccept, DisputeState::kAccepted},
    {DisputeState::kOverdue, DisputeEvent::kReject, DisputeState::kRejected},
    {DisputeState::kAccepted, DisputeEvent::kListPublished, DisputeState::kApplied},
    {DisputeState::kDrafted, DisputeEvent::kWithdraw, DisputeState::kWithdrawn},
    {DisputeState::kFiled, DisputeEvent::kWithdraw, DisputeState::kWithdrawn},
}};

Status NeedText(const std::string& text, DisputeEvent event, std::string_view what) {
  if (!text.empty()) return OkStatus();
  return InvalidArgument("to {} a dispute, give {}", DisputeEventName(event), what);
}

// What the event needs beside the state.
Status CheckAction(const Dispute& dispute, const DisputeAction& action) {
  const DisputeRules& rules = dispute.rules;
  const std::optional<Instant> end = ClockEnd(dispute, action.at);
  const bool is_over = end && action.at >= *end;
  switch (action.event) {
    case DisputeEvent::kFile:
      RETURN_IF_ERROR(NeedText(dispute.reason_code, action.event, "a reason code"));
      if (action.at >= After(dispute.window_from, rules.filing_days)) {
        return FailedPrecondition("dispute {}: the window of {} days from {} is over", dispute.id,
                                  rules.filing_days, dispute.window_from.ToString());
      }
      return OkStatus();
    case DisputeEvent::kAssign:
      if (!action.due) return InvalidArgument("to assign a dispute, give a due day");
      return NeedText(action.owner, action.event, "an owner");
    case DisputeEvent::kAsk:
    case DisputeEvent::kAccept:
    case DisputeEvent::kReject:
      RETURN_IF_ERROR(NeedText(action.reason, action.event, "a reason"));
      if (action.event == DisputeEvent::kReject) {
        RETURN_IF_ERROR(NeedText(action.rule, action.event, "the rule it rests on"));
      }
      if (is_over && dispute.state == DisputeState::kUnderReview) {
        return FailedPrecondition("dispute {}: the clock ended {}; record that first", dispute.id,
                                  end->ToString());
      }
      if (dispute.state == DisputeState::kOverdue && rules.silence_accepts &&
          action.event == DisputeEvent::kReject) {
        return FailedPrecondition("dispute {}: silence accepted it; it cannot be rejected now",
                                  dispute.id);
      }
      return OkStatus();
    case DisputeEvent::kClockEnds:
      if (!is_over) {
        return FailedPrecondition("dispute {}: the clock ends {}, not yet", dispute.id,
                                  end ? end->ToString() : "after filing");
      }
      return OkStatus();
    case DisputeEvent::kListPublished:
      if (action.list_version <= dispute.against_version) {
        return InvalidArgument("dispute {} is against version {}; it lands in a later one",
                               dispute.id, dispute.against_version);
      }
      return OkStatus();
    case DisputeEvent::kAnswer:
    case DisputeEvent::kWithdraw:
      return OkStatus();
  }
  CHECK(false);
  return OkStatus();
}

// What people can do in the state; the clock and a list move disputes by themselves.
std::string PossibleFrom(DisputeState state) {
  std::string events;
  for (const Transition& transition : kTransitions) {
    if (transition.from != state || transition.event == DisputeEvent::kClockEnds) continue;
    if (transition.event == DisputeEvent::kListPublished) {
      return "the next published list applies it";
    }
    events += events.empty() ? "possible: " : ", ";
    events += DisputeEventName(transition.event);
  }
  return events.empty() ? "it is closed" : events;
}

}  // namespace

std::string_view DisputeStateName(DisputeState state) {
  return kStates.at(static_cast<std::size_t>(state));
}

std::string_view DisputeEventName(DisputeEvent event) {
  return kEvents.at(static_cast<std::size_t>(event));
}

std::string_view DisputeOperationName(DisputeOperation operation) {
  return kOperations.at(static_cast<std::size_t>(operation));
}

StatusOr<Dispute> Advance(const Dispute& dispute, const DisputeAction& action) {
  const auto transition = std::ranges::find_if(kTransitions, [&](const Transition& t) {
    return t.from == dispute.state && t.event == action.event;
  });
  if (transition == kTransitions.end()) {
    return FailedPrecondition("dispute {} is {}: {} is not possible then; {}", dispute.id,
                              DisputeStateName(dispute.state), DisputeEventName(action.event),
                              PossibleFrom(dispute.state));
  }
  RETURN_IF_ERROR(NeedText(action.actor, action.event, "the actor"));
  if (!dispute.history.empty() && action.at < dispute.history.back().at) {
    return InvalidArgument("dispute {}: {} is before its last step, {}", dispute.id,
                           action.at.ToString(), dispute.history.back().at.ToString());
  }
  RETURN_IF_ERROR(CheckAction(dispute, action));
  Dispute next = dispute;
  next.state = transition->to;
  next.history.push_back(action);
  next.evidence.insert(next.evidence.end(), action.evidence.begin(), action.evidence.end());
  if (action.event == DisputeEvent::kFile) next.clock_started = action.at;
  if (action.event == DisputeEvent::kAssign) {
    next.owner = action.owner;
    next.due = action.due;
  }
  if (action.event == DisputeEvent::kAsk) next.paused_since = action.at;
  if (action.event == DisputeEvent::kAnswer) {
    next.paused_micros += action.at.Micros() - dispute.paused_since->Micros();
    next.paused_since.reset();
  }
  if (action.event == DisputeEvent::kAccept || action.event == DisputeEvent::kReject) {
    next.decision_reason = action.reason;
    next.decision_rule = action.rule;
  }
  if (action.event == DisputeEvent::kListPublished) next.applied_in_version = action.list_version;
  return next;
}

std::optional<Instant> ClockEnd(const Dispute& dispute, Instant now) {
  if (!dispute.clock_started) return std::nullopt;
  std::int64_t paused = dispute.paused_micros;
  if (dispute.paused_since) {
    paused += std::max<std::int64_t>(0, now.Micros() - dispute.paused_since->Micros());
  }
  const Instant unpaused = After(*dispute.clock_started, dispute.rules.decision_days);
  return Instant::FromMicros(unpaused.Micros() + paused);
}

std::vector<DisputeAction> ClockActions(const Dispute& dispute, Instant now) {
  std::vector<DisputeAction> actions;
  const std::optional<Instant> end = ClockEnd(dispute, now);
  const bool is_waiting =
      dispute.state == DisputeState::kFiled || dispute.state == DisputeState::kUnderReview;
  if (is_waiting && end && now >= *end) {
    actions.push_back({.event = DisputeEvent::kClockEnds, .at = now, .actor = "clock"});
  }
  const bool is_overdue = !actions.empty() || dispute.state == DisputeState::kOverdue;
  if (is_overdue && dispute.rules.silence_accepts) {
    actions.push_back({.event = DisputeEvent::kAccept,
                       .at = now,
                       .actor = "clock",
                       .reason = "the time for an answer is over; under the contract silence "
                                 "accepts"});
  }
  return actions;
}

StatusOr<Dispute> AsOfClock(const Dispute& dispute, Instant now) {
  Dispute seen = dispute;
  for (const DisputeAction& action : ClockActions(dispute, now)) {
    ASSIGN_OR_RETURN(seen, Advance(seen, action));
  }
  return seen;
}

StatusOr<Dispute> Refile(const Dispute& rejected, DisputeId id, std::vector<Evidence> evidence) {
  if (rejected.state != DisputeState::kRejected) {
    return FailedPrecondition("dispute {} is {}; only a rejected one is filed again", rejected.id,
                              DisputeStateName(rejected.state));
  }
  if (rejected.refiled_from) {
    return FailedPrecondition("dispute {} was filed again once already", rejected.id);
  }
  const bool has_new = std::ranges::any_of(evidence, [&](const Evidence& piece) {
    return std::ranges::find(rejected.evidence, piece.sha256, &Evidence::sha256) ==
           rejected.evidence.end();
  });
  if (!has_new) {
    return InvalidArgument("dispute {}: filing again needs evidence it did not have", rejected.id);
  }
  Dispute draft{.id = id,
                .contract = rejected.contract,
                .period = rejected.period,
                .against_version = rejected.against_version,
                .window_from = rejected.history.back().at,
                .operation = rejected.operation,
                .entry = rejected.entry,
                .reason_code = rejected.reason_code,
                .filer = rejected.filer,
                .bulk_id = rejected.bulk_id,
                .refiled_from = rejected.id,
                .provisional_effect = rejected.provisional_effect,
                .rules = rejected.rules};
  draft.evidence = std::move(evidence);
  return draft;
}

}  // namespace sluice::performance
