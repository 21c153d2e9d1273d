#include "payments/run_state.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/check.h"

namespace sluice::payments {
namespace {

using enum RunState;
using C = RunCommand;

constexpr std::array kTransitions = {
    RunTransition{kOpen, C::kCalculate, kCalculating},
    RunTransition{kOpen, C::kCancel, kVoid},
    // A calculation whose worker was lost is taken over: the fence shuts the old worker out.
    RunTransition{kCalculating, C::kCalculate, kCalculating},
    RunTransition{kCalculating, C::kFinishCalculation, kCalculated},
    RunTransition{kCalculating, C::kCancel, kVoid},
    RunTransition{kCalculated, C::kCalculate, kCalculating},
    RunTransition{kCalculated, C::kEdit, kCalculated},
    RunTransition{kCalculated, C::kSubmit, kInReview},
    RunTransition{kCalculated, C::kCancel, kVoid},
    RunTransition{kInReview, C::kReturn, kCalculated},
    RunTransition{kInReview, C::kApprove, kInReview},
    RunTransition{kInReview, C::kApproveLast, kApproved},
    RunTransition{kInReview, C::kCancel, kVoid},
    RunTransition{kApproved, C::kEdit, kCalculated},
    RunTransition{kApproved, C::kWithdraw, kCalculated},
    RunTransition{kApproved, C::kExpire, kCalculated},
    RunTransition{kApproved, C::kRelease, kReleasing},
    RunTransition{kApproved, C::kCancel, kVoid},
    RunTransition{kReleasing, C::kResume, kReleasing},
    RunTransition{kReleasing, C::kBlock, kBlocked},
    RunTransition{kReleasing, C::kFinishRelease, kReleased},
    RunTransition{kBlocked, C::kUnblock, kReleasing},
    RunTransition{kReleased, C::kFileDelivered, kSettling},
    RunTransition{kSettling, C::kClose, kClosed},
};

constexpr std::array<std::string_view, kRunStateCount> kStateNames = {
    "OPEN",    "CALCULATING", "CALCULATED", "IN_REVIEW", "APPROVED", "RELEASING",
    "BLOCKED", "RELEASED",    "SETTLING",   "CLOSED",    "VOID"};

constexpr std::array<std::string_view, kRunCommandCount> kCommandNames = {
    "calculate", "finish calculation", "edit",           "submit",  "return", "approve",
    "approve",   "withdraw",           "expire",         "release", "resume", "block",
    "unblock",   "finish release",     "file delivered", "close",   "cancel"};

}  // namespace

std::span<const RunTransition> RunTransitions() { return kTransitions; }

std::string_view RunStateName(RunState state) {
  const auto index = static_cast<std::size_t>(state);
  CHECK(index < kStateNames.size());
  return kStateNames[index];
}

std::string_view RunCommandName(RunCommand command) {
  const auto index = static_cast<std::size_t>(command);
  CHECK(index < kCommandNames.size());
  return kCommandNames[index];
}

std::optional<RunState> NextRunState(RunState from, RunCommand command) {
  const auto found = std::ranges::find_if(kTransitions, [&](const RunTransition& row) {
    return row.from == from && row.command == command;
  });
  if (found == kTransitions.end()) return std::nullopt;
  return found->to;
}

StatusOr<RunState> ApplyRunCommand(RunState from, RunCommand command) {
  if (const auto next = NextRunState(from, command)) return *next;
  std::string possible;
  for (const RunTransition& row : kTransitions) {
    if (row.from != from) continue;
    const std::string_view name = RunCommandName(row.command);
    if (possible.find(name) != std::string::npos) continue;
    if (!possible.empty()) possible += ", ";
    possible += name;
  }
  return FailedPrecondition("cannot {} a run that is {}; possible now: {}", RunCommandName(command),
                            RunStateName(from), possible.empty() ? "nothing" : possible);
}

bool IsLive(RunState state) { return state != kClosed && state != kVoid; }

}  // namespace sluice::payments
