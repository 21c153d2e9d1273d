// Use cases of onboarding cases: open, move, look at. Each is one transaction.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "hierarchy/onboarding.h"

namespace sluice::hierarchy {

class OnboardingService {
 public:
  // The clock must outlive the service.
  OnboardingService(pg::Database database, Clock& clock)
      : database_(std::move(database)), clock_(clock) {}

  // Opens a case in draft: from now on the party is not paid until it is active. Opening again is
  // ok and changes nothing. NotFound when the payer has no such party.
  Status Open(PayerId payer, PartyId party, UserId actor) const;

  // FailedPrecondition: the state does not take the command; kValidate while something is missing
  // on `day` (all of it is named); kApprove by the person who submitted. InvalidArgument: kReturn
  // without a reason. NotFound: no case. AlreadyExists: somebody else moved the case at the same
  // time.
  StatusOr<OnboardingState> Move(PayerId payer, PartyId party, OnboardingCommand command, Date day,
                                 UserId actor, const std::string& reason = "") const;

  // Unset when the party has no case.
  StatusOr<std::optional<OnboardingState>> State(PayerId payer, PartyId party) const;
  StatusOr<std::vector<OnboardingEvent>> History(PayerId payer, PartyId party) const;

 private:
  pg::Database database_;
  Clock& clock_;
};

// What the party lacks on the day, as the last change of the hierarchy has it; see OnboardingGaps.
std::vector<std::string> LoadOnboardingGaps(pg::Transaction& tx, PayerId payer, PartyId party,
                                            Date day);

}  // namespace sluice::hierarchy
