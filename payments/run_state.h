// The states of a payment run, and the only moves between them.
//
// A run is one pass of a payment cycle through calculation, approval and release. A move that is
// not in the table does not exist, and a command without a rule is denied. From RELEASING a run
// only goes forward; what was wrong is corrected by a new run.
// Source: LEDGER_RELIABILITY_SECURITY 5.1.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/status.h"

namespace sluice::payments {

// The numbers are stored; they never change.
enum class RunState : std::int16_t {
  kOpen = 0,
  kCalculating = 1,
  kCalculated = 2,
  kInReview = 3,
  kApproved = 4,
  kReleasing = 5,
  kBlocked = 6,
  kReleased = 7,
  kSettling = 8,
  kClosed = 9,
  kVoid = 10,
};
inline constexpr int kRunStateCount = 11;

enum class RunCommand : std::int16_t {
  kCalculate = 0,  // starts a calculation, or takes over one whose worker was lost
  kFinishCalculation = 1,
  kEdit = 2,  // hold a payee, clear a hold, override: makes a new revision
  kSubmit = 3,
  kReturn = 4,       // back to the maker
  kApprove = 5,      // a vote that is not the last one needed
  kApproveLast = 6,  // the last vote needed: also takes the money from the pool on hold
  kWithdraw = 7,     // approved, but taken back: the hold is dropped
  kExpire = 8,       // the approval was not used in time
  kRelease = 9,
  kResume = 10,  // continues a release whose worker was lost
  kBlock = 11,
  kUnblock = 12,
  kFinishRelease = 13,
  kFileDelivered = 14,
  kClose = 15,
  kCancel = 16,
};
inline constexpr int kRunCommandCount = 17;

// One row of the table.
struct RunTransition {
  RunState from;
  RunCommand command;
  RunState to;
};

// Every move that exists.
std::span<const RunTransition> RunTransitions();

// "IN_REVIEW", as screens, events and messages write it.
std::string_view RunStateName(RunState state);
// "approve".
std::string_view RunCommandName(RunCommand command);

// The state after `command`, or none when the table has no such move.
std::optional<RunState> NextRunState(RunState from, RunCommand command);

// The same as a status: FailedPrecondition names the state, the command and what is possible.
StatusOr<RunState> ApplyRunCommand(RunState from, RunCommand command);

// False for CLOSED and VOID, which nothing leaves.
bool IsLive(RunState state);

}  // namespace sluice::payments
