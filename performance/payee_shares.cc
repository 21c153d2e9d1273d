#include "performance/payee_shares.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/check.h"
#include "performance/member_month_facts.h"

namespace sluice::performance {
namespace {

// Nothing when the participant has no member-months.
StatusOr<std::optional<Money>> NetOf(const Participant& participant) {
  ASSIGN_OR_RETURN(const std::optional<Exact> net, participant.facts.Amount(kPayeeNetFact));
  if (!net) return std::optional<Money>();
  return std::optional<Money>(Round(*net, Rounding::kHalfAwayFromZero));
}

// The payee's share and what is below it, as a split of its own.
StatusOr<std::vector<SplitShare>> SharesOf(const Participant& payee,
                                           const std::optional<Money>& net, const Split* split,
                                           const SplitDates& dates) {
  SplitNode tree{.node_id = payee.party.Value(), .party = payee.party, .label = payee.name};
  LossSplit losses = LossSplit::kKeptByParty;
  if (split != nullptr) {
    ASSIGN_OR_RETURN(tree, BuildSplitTree(*split, payee, dates));
    losses = split->losses;
  }
  ASSIGN_OR_RETURN(std::vector<SplitShare> shares, SplitAward(net.value_or(Money()), tree, losses));
  SplitShare& own = shares.front();
  if (!net) {
    own.zero_reason = ReasonCode::kNoMemberMonths;
  } else if (net->IsZero()) {
    own.zero_reason = ReasonCode::kNoChange;
    own.detail = "its lines and deductions net to zero";
  } else if (*net < Money()) {
    own.notes.push_back(ReasonCode::kCarriedForward);
    own.detail = "a receivable: its next payment is offset";
  }
  return shares;
}

// Moves the lines of a payee below the party's line.
void Append(std::vector<SplitShare> shares, std::vector<SplitShare>& lines) {
  const auto offset = static_cast<std::int32_t>(lines.size());
  for (SplitShare& line : shares) {
    line.position += offset;
    line.parent_position = line.parent_position < 0 ? 0 : line.parent_position + offset;
    line.path = fmt::format("{}/{}", lines.front().path, line.path);
    lines.push_back(std::move(line));
  }
}

StatusOr<Money> WithheldOf(const Participant& participant) {
  ASSIGN_OR_RETURN(const std::optional<Exact> amount,
                   participant.facts.Amount(DeductedFact("withhold")));
  return amount ? Round(*amount, Rounding::kHalfAwayFromZero) : Money();
}

// Whoever has lines and is not directly below the party any more.
void AddFormerPayees(const hierarchy::HierarchySnapshot& snapshot, const ParticipantFacts& facts,
                     Participant& root) {
  for (const auto& [key, of_party] : facts) {
    if (key.under != PartyId() || key.party == root.party || !of_party.Has(kPayeeNetFact)) continue;
    const bool known = std::ranges::any_of(
        root.children, [&](const Participant& child) { return child.party == key.party; });
    if (known) continue;
    const hierarchy::SnapshotParty* found = snapshot.Find(key.party);
    root.children.push_back({.party = key.party,
                             .name = found == nullptr ? key.party.ToString() : found->name,
                             .facts = of_party,
                             .children = {}});
  }
  std::ranges::sort(root.children, {}, &Participant::party);
}

}  // namespace

StatusOr<std::vector<SplitShare>> PayeeShares(const Participant& party, Money payable,
                                              const Split* split, const SplitDates& dates) {
  ASSIGN_OR_RETURN(const std::optional<Money> own, NetOf(party));
  SplitShare root{.kind = ShareKind::kParty, .node_id = party.party.Value(), .party = party.party};
  root.label = party.name;
  root.path = std::to_string(root.node_id);
  root.weight = Ratio(1);
  root.exact = Exact(payable);
  root.received = payable;
  root.amount = own.value_or(Money());
  if (root.amount.IsZero()) root.zero_reason = ReasonCode::kZeroWeight;
  if (root.amount < Money()) root.notes.push_back(ReasonCode::kCarriedForward);

  Money total = root.amount;
  std::vector<SplitShare> lines = {std::move(root)};
  for (const Participant& payee : party.children) {
    ASSIGN_OR_RETURN(const std::optional<Money> net, NetOf(payee));
    total += net.value_or(Money());
    ASSIGN_OR_RETURN(std::vector<SplitShare> shares, SharesOf(payee, net, split, dates));
    Append(std::move(shares), lines);
  }
  if (total != payable) {
    return InvalidArgument(
        "the payees are owed {}, the award pays {}: a payee with member-months is not the "
        "contract's party nor directly below it",
        total, payable);
  }
  RETURN_IF_ERROR(CheckSplit(payable, lines));
  return lines;
}

StatusOr<Participant> PayeesUnder(const Split* split, const HierarchyView& view, PartyId party,
                                  const ParticipantFacts& facts, const DateRange& period) {
  ASSIGN_OR_RETURN(Participant root, ParticipantsUnder(view.on_day, party, 1, facts));
  AddFormerPayees(view.on_day, facts, root);
  if (split == nullptr) return root;
  for (Participant& payee : root.children) {
    if (view.on_day.Find(payee.party) == nullptr) continue;
    ASSIGN_OR_RETURN(Participant below, ParticipantsOf(*split, view, payee.party, facts, period));
    payee.children = std::move(below.children);
  }
  return root;
}

StatusOr<std::vector<Money>> WithheldOfPayees(const Participant& party,
                                              std::span<const SplitShare> shares) {
  std::vector<Money> withheld(shares.size());
  if (shares.empty()) return withheld;
  ASSIGN_OR_RETURN(withheld.front(), WithheldOf(party));
  std::size_t line = 1;
  for (const Participant& payee : party.children) {
    if (line == shares.size()) break;
    CHECK(shares[line].party == payee.party && shares[line].parent_position == 0);
    const std::size_t first = line++;
    while (line < shares.size() && shares[line].parent_position != 0) ++line;
    ASSIGN_OR_RETURN(const Money amount, WithheldOf(payee));
    if (amount.IsZero()) continue;
    std::vector<std::int64_t> weights;
    for (std::size_t i = first; i < line; ++i) {
      const std::int64_t cents = shares[i].amount.Cents();
      weights.push_back(cents < 0 ? -cents : cents);
    }
    if (std::ranges::max(weights) == 0) weights.front() = 1;
    std::ranges::copy(Allocate(amount, weights),
                      withheld.begin() + static_cast<std::ptrdiff_t>(first));
  }
  return withheld;
}

}  // namespace sluice::performance
