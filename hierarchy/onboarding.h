// Onboarding: how a party comes to be one that may be paid.
//
//   1. A case goes draft -> submitted -> validated -> approved -> active. It goes back to draft
//   from
//      everywhere, with a reason; so does an active party whose papers turn out wrong.
//   2. Validating is the system's: the party has what its kind needs. Submitting and approving are
//      done by two people.
//   3. A party with a case that is not active receives no payment. A party without a case was taken
//      over from a roster that the payer vouches for, and may be paid.
//   4. Events are added and never changed; the last one is the state.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "hierarchy/change.h"

namespace sluice::hierarchy {

// The numbers are stored and never reused.
enum class OnboardingState : std::int16_t {
  kDraft = 1,
  kSubmitted = 2,
  kValidated = 3,
  kApproved = 4,
  kActive = 5,
};
std::string_view OnboardingStateName(OnboardingState state);  // "draft"

enum class OnboardingCommand : std::int16_t {
  kOpen = 1,      // a new case, in draft
  kSubmit = 2,    // draft -> submitted
  kValidate = 3,  // submitted -> validated
  kApprove = 4,   // validated -> approved
  kActivate = 5,  // approved -> active
  kReturn = 6,    // any but draft -> draft
};
std::string_view OnboardingCommandName(OnboardingCommand command);  // "submit"

// FailedPrecondition names the state, the command and the commands that the state allows.
// Requires: command is not kOpen.
StatusOr<OnboardingState> ApplyOnboarding(OnboardingState state, OnboardingCommand command);

struct OnboardingEvent {
  PartyId party;
  std::int32_t sequence = 0;  // 1 opens the case
  OnboardingCommand command = OnboardingCommand::kOpen;
  OnboardingState state = OnboardingState::kDraft;  // afterward
  UserId actor;
  std::string reason;  // of kReturn; may be empty otherwise
  Instant recorded_at;

  friend bool operator==(const OnboardingEvent&, const OnboardingEvent&) = default;
};

// What the party lacks on the day to be onboarded; empty when nothing. Each entry says what to do.
// Organizations need a TIN or an NPI, an address with a ZIP code, and treating persons an NPI;
// everybody but payers, employers and networks needs to belong to somebody.
std::vector<std::string> OnboardingGaps(const Knowledge& known, PartyId party, Date day);

}  // namespace sluice::hierarchy
