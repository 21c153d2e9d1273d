#include "hierarchy/onboarding_service.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "hierarchy/hierarchy_store.h"
#include "hierarchy/onboarding_store.h"

namespace sluice::hierarchy {
namespace {

// The party with what is known of it up to now, and its affiliations to those above it on the day.
Knowledge LoadCase(pg::Transaction& tx, PayerId payer, PartyId party, Date day) {
  const std::int64_t version = ReadHead(tx, payer).version;
  Knowledge known = LoadParties(tx, payer, version, {party});
  known.affiliations = LoadAffiliations(tx, payer, version, day, {party}, Direction::kToParents);
  return known;
}

// Who submitted the case the last time.
UserId SubmitterOf(const std::vector<OnboardingEvent>& events) {
  UserId submitter;
  for (const OnboardingEvent& event : events) {
    if (event.command == OnboardingCommand::kSubmit) submitter = event.actor;
  }
  return submitter;
}

}  // namespace

Status OnboardingService::Open(PayerId payer, PartyId party, UserId actor) const {
  const Instant now = clock_.Now();
  return database_.ForPayer(payer).Transact([&](pg::Transaction& tx) -> Status {
    const Knowledge known = LoadParties(tx, payer, ReadHead(tx, payer).version, {party});
    if (std::ranges::find(known.parties, party, &Party::id) == known.parties.end()) {
      return NotFound("party {} is not in the hierarchy; add it first", party);
    }
    if (!LoadOnboarding(tx, payer, party).empty()) return OkStatus();
    InsertOnboarding(tx, payer,
                     {.party = party, .sequence = 1, .actor = actor, .recorded_at = now});
    return OkStatus();
  });
}

StatusOr<OnboardingState> OnboardingService::Move(PayerId payer, PartyId party,
                                                  OnboardingCommand command, Date day, UserId actor,
                                                  const std::string& reason) const {
  if (command == OnboardingCommand::kReturn && reason.empty()) {
    return InvalidArgument("say why the case of party {} goes back to draft", party);
  }
  const Instant now = clock_.Now();
  return database_.ForPayer(payer).Transact([&](pg::Transaction& tx) -> StatusOr<OnboardingState> {
    const auto events = LoadOnboarding(tx, payer, party);
    if (events.empty()) return NotFound("party {} has no onboarding case; open one", party);
    auto next = ApplyOnboarding(events.back().state, command);
    if (!next.ok()) return Annotate(next.status(), fmt::format("party {}", party));
    if (command == OnboardingCommand::kValidate) {
      const auto gaps = LoadOnboardingGaps(tx, payer, party, day);
      if (!gaps.empty()) {
        return FailedPrecondition("party {} is not complete on {}: {}", party, FormatDate(day),
                                  fmt::join(gaps, "; "));
      }
    }
    if (command == OnboardingCommand::kApprove && SubmitterOf(events) == actor) {
      return FailedPrecondition(
          "the case of party {} was submitted by the same person; another one approves", party);
    }
    // A second writer of the same step fails at the key: AlreadyExists.
    InsertOnboarding(tx, payer,
                     {.party = party,
                      .sequence = events.back().sequence + 1,
                      .command = command,
                      .state = *next,
                      .actor = actor,
                      .reason = reason,
                      .recorded_at = now});
    return *next;
  });
}

StatusOr<std::optional<OnboardingState>> OnboardingService::State(PayerId payer,
                                                                  PartyId party) const {
  ASSIGN_OR_RETURN(const auto events, History(payer, party));
  if (events.empty()) return std::optional<OnboardingState>();
  return std::optional<OnboardingState>(events.back().state);
}

StatusOr<std::vector<OnboardingEvent>> OnboardingService::History(PayerId payer,
                                                                  PartyId party) const {
  return database_.ForPayer(payer).Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::vector<OnboardingEvent>> {
        return LoadOnboarding(tx, payer, party);
      });
}

std::vector<std::string> LoadOnboardingGaps(pg::Transaction& tx, PayerId payer, PartyId party,
                                            Date day) {
  return OnboardingGaps(LoadCase(tx, payer, party, day), party, day);
}

}  // namespace sluice::hierarchy
