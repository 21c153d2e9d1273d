#include "performance/episodes/budget.h"

#include <map>

namespace sluice::performance {

StatusOr<std::vector<BudgetPart>> SplitBudget(Money due,
                                              std::span<const BudgetParticipant> participants,
                                              std::span<const PostedPart> posted) {
  std::map<PartyId, Ratio> weights;
  Ratio total;
  for (const BudgetParticipant& participant : participants) {
    if (participant.weight.Sign() < 0) {
      return InvalidArgument("the weight of {} is below zero", participant.party);
    }
    if (!weights.emplace(participant.party, participant.weight).second) {
      return InvalidArgument("{} shares the budget twice; give it one weight", participant.party);
    }
    total = total + participant.weight;
  }
  if (total.IsZero()) return InvalidArgument("nobody shares the budget: all weights are zero");
  std::vector<Ratio> in_order;
  for (const auto& [party, weight] : weights) in_order.push_back(weight);
  const std::vector<Money> shares = Allocate(due, in_order);
  std::map<PartyId, BudgetPart> parts;
  std::size_t next = 0;
  for (const auto& [party, weight] : weights) {
    parts[party] = {.party = party, .due = shares[next++]};
  }
  for (const PostedPart& part : posted) {
    BudgetPart& found = parts[part.party];
    found.party = part.party;
    found.posted += part.amount;
  }
  std::vector<BudgetPart> out;
  for (auto& [party, part] : parts) {
    part.difference = part.due - part.posted;
    out.push_back(part);
  }
  return out;
}

}  // namespace sluice::performance
