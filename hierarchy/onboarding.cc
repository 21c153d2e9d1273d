#include "hierarchy/onboarding.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/check.h"

namespace sluice::hierarchy {
namespace {

constexpr std::array<std::string_view, 6> kStateNames = {"",          "draft",    "submitted",
                                                         "validated", "approved", "active"};
constexpr std::array<std::string_view, 7> kCommandNames = {
    "", "open", "submit", "validate", "approve", "activate", "return"};

struct Move {
  OnboardingState from;
  OnboardingCommand command;
  OnboardingState to;
};

constexpr std::array kMoves = {
    Move{OnboardingState::kDraft, OnboardingCommand::kSubmit, OnboardingState::kSubmitted},
    Move{OnboardingState::kSubmitted, OnboardingCommand::kValidate, OnboardingState::kValidated},
    Move{OnboardingState::kValidated, OnboardingCommand::kApprove, OnboardingState::kApproved},
    Move{OnboardingState::kApproved, OnboardingCommand::kActivate, OnboardingState::kActive},
    Move{OnboardingState::kSubmitted, OnboardingCommand::kReturn, OnboardingState::kDraft},
    Move{OnboardingState::kValidated, OnboardingCommand::kReturn, OnboardingState::kDraft},
    Move{OnboardingState::kApproved, OnboardingCommand::kReturn, OnboardingState::kDraft},
    Move{OnboardingState::kActive, OnboardingCommand::kReturn, OnboardingState::kDraft},
};

bool IsOrganization(PartyKind kind) {
  return kind != PartyKind::kProvider && kind != PartyKind::kOfficeEmployee &&
         kind != PartyKind::kLocation;
}

bool StandsAlone(PartyKind kind) {
  return kind == PartyKind::kPayer || kind == PartyKind::kEmployer || kind == PartyKind::kAco ||
         kind == PartyKind::kIpa;
}

bool HoldsAny(const Knowledge& known, PartyId party, Date day,
              std::initializer_list<IdentifierType> types) {
  return std::ranges::any_of(known.identifiers, [&](const PartyIdentifier& held) {
    return held.party == party && held.valid.Contains(day) &&
           std::ranges::count(types, held.identifier.type) > 0;
  });
}

// The detail that holds on the day, or the first one when all begin later.
const PartyDetail* DetailOn(const Knowledge& known, PartyId party, Date day) {
  const PartyDetail* best = nullptr;
  for (const PartyDetail& detail : known.details) {
    if (detail.party != party) continue;
    const bool better =
        best == nullptr ||
        (detail.valid_from <= day ? best->valid_from > day || detail.valid_from > best->valid_from
                                  : best->valid_from > day && detail.valid_from < best->valid_from);
    if (better) best = &detail;
  }
  return best;
}

}  // namespace

std::string_view OnboardingStateName(OnboardingState state) {
  const auto index = static_cast<std::size_t>(state);
  CHECK(index > 0 && index < kStateNames.size());
  return kStateNames[index];
}

std::string_view OnboardingCommandName(OnboardingCommand command) {
  const auto index = static_cast<std::size_t>(command);
  CHECK(index > 0 && index < kCommandNames.size());
  return kCommandNames[index];
}

StatusOr<OnboardingState> ApplyOnboarding(OnboardingState state, OnboardingCommand command) {
  CHECK(command != OnboardingCommand::kOpen);
  std::string allowed;
  for (const Move& move : kMoves) {
    if (move.from != state) continue;
    if (move.command == command) return move.to;
    allowed += allowed.empty() ? "" : ", ";
    allowed += OnboardingCommandName(move.command);
  }
  return FailedPrecondition("a case in state {} does not take '{}'; it takes: {}",
                            OnboardingStateName(state), OnboardingCommandName(command), allowed);
}

std::vector<std::string> OnboardingGaps(const Knowledge& known, PartyId party, Date day) {
  const auto found = std::ranges::find(known.parties, party, &Party::id);
  if (found == known.parties.end()) {
    return {fmt::format("party {} is not in the hierarchy; add it first", party)};
  }
  std::vector<std::string> gaps;
  const PartyKind kind = found->kind;
  if (NeedsNpi(kind) && !HoldsAny(known, party, day, {IdentifierType::kNpi})) {
    gaps.emplace_back("it has no NPI on the day; add the identifier");
  }
  if (IsOrganization(kind)) {
    if (!HoldsAny(known, party, day, {IdentifierType::kTin, IdentifierType::kNpi})) {
      gaps.emplace_back("it has neither a TIN nor an NPI on the day; add one");
    }
    const PartyDetail* const detail = DetailOn(known, party, day);
    if (detail == nullptr || detail->address.line1.empty() || detail->address.postal_code.empty()) {
      gaps.emplace_back("its address lacks the street or the ZIP code; remittances go there");
    }
  }
  const bool belongs = std::ranges::any_of(known.affiliations, [&](const Affiliation& edge) {
    return edge.child == party && edge.valid.Contains(day);
  });
  if (!StandsAlone(kind) && !belongs) {
    gaps.emplace_back("it belongs to nobody on the day; add its affiliation");
  }
  return gaps;
}

}  // namespace sluice::hierarchy
