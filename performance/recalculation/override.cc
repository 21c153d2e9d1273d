#include "performance/recalculation/override.h"

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kShortestReason = 10;

}  // namespace

std::string_view OverrideStateName(OverrideState state) {
  switch (state) {
    case OverrideState::kProposed:
      return "proposed";
    case OverrideState::kInEffect:
      return "in effect";
    case OverrideState::kRejected:
      return "rejected";
    case OverrideState::kWithdrawn:
      return "withdrawn";
  }
  CHECK(false);
}

OverrideState AwardOverride::State() const {
  if (steps.empty()) return OverrideState::kProposed;
  switch (steps.back().move) {
    case OverrideMove::kApprove:
      return OverrideState::kInEffect;
    case OverrideMove::kReject:
      return OverrideState::kRejected;
    case OverrideMove::kWithdraw:
      return OverrideState::kWithdrawn;
  }
  CHECK(false);
}

Status CheckOverrideStep(const AwardOverride& entry, const OverrideStep& step) {
  const OverrideState state = entry.State();
  const bool open = state == OverrideState::kProposed;
  const bool allowed =
      open || (state == OverrideState::kInEffect && step.move == OverrideMove::kWithdraw);
  if (!allowed) {
    return FailedPrecondition("override {} is {}; propose another one", entry.id,
                              OverrideStateName(state));
  }
  if (step.actor == UserId()) return InvalidArgument("override {}: who decides?", entry.id);
  if (step.move == OverrideMove::kApprove) {
    if (step.actor != entry.author) return OkStatus();
    return PermissionDenied("override {}: {} entered it; somebody else approves it", entry.id,
                            entry.author);
  }
  if (step.reason.size() < kShortestReason) {
    return InvalidArgument("override {}: give a reason of at least {} characters", entry.id,
                           kShortestReason);
  }
  return OkStatus();
}

}  // namespace sluice::performance
