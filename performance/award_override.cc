#include "performance/award_override.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr std::string_view kAmount = "override.amount";
constexpr std::string_view kReason = "override.reason";
constexpr std::string_view kAuthor = "override.entered_by";
constexpr std::string_view kApprover = "override.approved_by";
constexpr std::string_view kId = "override.id";

void RemoveOverrideFacts(Facts& facts) {
  std::vector<std::string> names;
  for (const auto& [name, value] : facts.Values()) {
    if (name.starts_with(kOverridePrefix)) names.push_back(name);
  }
  for (const std::string& name : names) facts.Remove(name);
}

struct Found {
  Money amount;
  std::string id, reason, author, approver;
};

std::string TextOf(const Facts& facts, std::string_view name) {
  const StatusOr<std::optional<std::string>> text = facts.Text(name);
  return text.ok() ? text->value_or("") : "";
}

std::optional<Found> FindIn(const Facts& facts) {
  const StatusOr<std::optional<Exact>> amount = facts.Amount(kAmount);
  if (!amount.ok() || !*amount) return std::nullopt;
  return Found{.amount = Round(**amount, Rounding::kHalfAwayFromZero),
               .id = TextOf(facts, kId),
               .reason = TextOf(facts, kReason),
               .author = TextOf(facts, kAuthor),
               .approver = TextOf(facts, kApprover)};
}

Step StepOf(const Found& found, Money calculated, const std::string& what, int position) {
  Step step{.component = "override",
            .position = position,
            .description = "override of " + what,
            .inputs = {{"override", found.id},
                       {"calculated", calculated.ToString()},
                       {"overridden", found.amount.ToString()},
                       {"entered by", found.author},
                       {"approved by", found.approver}},
            .before = Exact(calculated),
            .after = Exact(found.amount),
            .detail = found.reason};
  step.notes.push_back(ReasonCode::kOverridden);
  return step;
}

// Adds the step and the difference, and says anew why an amount is zero.
void Enter(const Found& found, Money calculated, const std::string& what, Award& award) {
  const int position = award.steps.empty() ? 1 : award.steps.back().position + 1;
  award.steps.push_back(StepOf(found, calculated, what, position));
  const Money difference = found.amount - calculated;
  award.amount += difference;
  award.payable += difference;
  if (std::ranges::find(award.notes, ReasonCode::kOverridden) == award.notes.end()) {
    award.notes.push_back(ReasonCode::kOverridden);
  }
  if (difference.IsZero()) return;
  award.zero_reason.reset();
  award.zero_detail.clear();
  award.payable_zero_reason.reset();
  if (award.amount.IsZero()) {
    award.zero_reason = ReasonCode::kOverriddenToZero;
    award.zero_detail = found.reason;
  } else if (award.payable.IsZero()) {
    award.payable_zero_reason = ReasonCode::kOverriddenToZero;
  }
}

// The next party above a line; unset for the contract's party.
PartyId Above(std::span<const SplitShare> shares, const SplitShare& share) {
  std::int32_t position = share.parent_position;
  while (position >= 0) {
    const SplitShare& above = shares[static_cast<std::size_t>(position)];
    if (above.party != PartyId()) return above.party;
    position = above.parent_position;
  }
  return PartyId();
}

bool Fits(std::span<const SplitShare> shares, const SplitShare& share, PartyId party,
          PartyId under) {
  return share.kind == ShareKind::kParty && share.party == party &&
         (under == PartyId() || Above(shares, share) == under);
}

struct PlacedOverride {
  PartyId party;
  PartyId under;
  Found found;
};

void Collect(const Participant& participant, PartyId under, std::vector<PlacedOverride>& out) {
  // The contract's own line carries the facts of its party as a participant.
  if (std::optional<Found> found = FindIn(participant.facts)) {
    const bool known = std::ranges::any_of(
        out, [&](const PlacedOverride& other) { return other.found.id == found->id; });
    if (!known) out.push_back({participant.party, under, *std::move(found)});
  }
  for (const Participant& child : participant.children) Collect(child, participant.party, out);
}

}  // namespace

void SetOverrideFacts(std::span<const OverrideInEffect> overrides, Facts& own,
                      ParticipantFacts& participants) {
  RemoveOverrideFacts(own);
  for (auto& [key, facts] : participants) RemoveOverrideFacts(facts);
  for (const OverrideInEffect& entry : overrides) {
    Facts& facts =
        entry.party == PartyId() ? own : participants[{entry.party, entry.under}];
    facts.SetAmount(kAmount, entry.amount);
    facts.SetText(kId, entry.id.ToString());
    facts.SetText(kReason, entry.reason);
    facts.SetText(kAuthor, entry.author.ToString());
    facts.SetText(kApprover, entry.approver.ToString());
  }
}

void OverrideAward(const SettlementInput& input, Award& award) {
  if (award.status == AwardStatus::kBlocked) return;
  const std::optional<Found> found = FindIn(input.facts);
  if (found) Enter(*found, award.payable, "what is payable", award);
}

void OverrideShares(const SettlementInput& input, Settlement& settlement) {
  std::vector<PlacedOverride> overrides;
  Collect(input.party, PartyId(), overrides);
  for (const PlacedOverride& placed : overrides) {
    std::vector<SplitShare>& shares = settlement.shares;
    const SplitShare* line = FindOverridable(shares, placed.party, placed.under);
    if (line == nullptr) continue;  // it no longer has a share; the service lists it as idle
    SplitShare& share = shares[static_cast<std::size_t>(line->position)];
    const Money calculated = share.amount;
    const Money difference = placed.found.amount - calculated;
    share.amount = placed.found.amount;
    share.notes.push_back(ReasonCode::kOverridden);
    share.detail += fmt::format("{}overridden, calculated {}: {}", share.detail.empty() ? "" : "; ",
                                calculated, placed.found.reason);
    if (!difference.IsZero()) {
      share.zero_reason.reset();
      if (share.amount.IsZero()) share.zero_reason = ReasonCode::kOverriddenToZero;
    }
    for (std::int32_t at = share.position; at >= 0;
         at = shares[static_cast<std::size_t>(at)].parent_position) {
      shares[static_cast<std::size_t>(at)].received += difference;
    }
    Enter(placed.found, calculated, "the share of " + share.label, settlement.award);
  }
}

const SplitShare* FindOverridable(std::span<const SplitShare> shares, PartyId party,
                                  PartyId under) {
  for (const SplitShare& share : shares) {
    if (Fits(shares, share, party, under)) return &share;
  }
  return nullptr;
}

std::int64_t CountOverridable(std::span<const SplitShare> shares, PartyId party, PartyId under) {
  return std::ranges::count_if(
      shares, [&](const SplitShare& share) { return Fits(shares, share, party, under); });
}

const Step* FindOverrideStep(const Award& award, OverrideId id) {
  const StepInput wanted{"override", id.ToString()};
  for (const Step& step : award.steps) {
    if (step.component == "override" && !step.inputs.empty() && step.inputs.front() == wanted) {
      return &step;
    }
  }
  return nullptr;
}

}  // namespace sluice::performance
