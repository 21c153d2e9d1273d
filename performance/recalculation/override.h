// The life of an override: proposed by one person, approved or rejected by another, withdrawn.
//
//   proposed  approve  -> in effect    by somebody else than its author
//   proposed  reject   -> rejected     by anybody; withdrawn by its author
//   in effect withdraw -> withdrawn    with a reason
//
// What an override does to an award is in performance/award_override.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/award_override.h"

namespace sluice::performance {

enum class OverrideState : std::uint8_t { kProposed, kInEffect, kRejected, kWithdrawn };
// "proposed", "in effect", ...
std::string_view OverrideStateName(OverrideState state);

// The numbers are stored and never reused.
enum class OverrideMove : std::int16_t { kApprove = 1, kReject = 2, kWithdraw = 3 };

struct OverrideStep {
  OverrideMove move = OverrideMove::kApprove;
  UserId actor;
  std::string reason;  // of a rejection and a withdrawal
  Instant at;

  friend bool operator==(const OverrideStep&, const OverrideStep&) = default;
};

struct AwardOverride {
  OverrideId id;
  ContractId contract;
  DateRange period;  // closed
  PartyId party;     // unset: the award
  PartyId under;     // unset: wherever the party stands
  Money calculated;  // when it was proposed
  Money amount;
  std::string reason;
  UserId author;
  Instant proposed_at;
  std::vector<OverrideStep> steps;  // in order

  OverrideState State() const;
  friend bool operator==(const AwardOverride&, const AwardOverride&) = default;
};

// Whether the step may be taken. PermissionDenied when the author would approve; FailedPrecondition
// names the state; InvalidArgument when a reason of 10 characters is missing.
Status CheckOverrideStep(const AwardOverride& entry, const OverrideStep& step);

}  // namespace sluice::performance
