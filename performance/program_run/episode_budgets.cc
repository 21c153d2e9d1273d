#include "performance/program_run/episode_budgets.h"

#include <map>
#include <set>

#include "performance/episodes/episode_store.h"
#include "performance/program_run/run_facts.h"

namespace sluice::performance {
namespace {

bool SplitsByBudget(const Terms& terms) {
  const Split* split = FindSplit(terms);
  return split != nullptr && !split->levels.empty() &&
         split->levels.front().basis == SplitBasis::kWeights &&
         split->levels.front().weight_name == kEpisodeBudget;
}

// Those directly below the contract's party on the last day of the period.
std::set<PartyId> Below(const DetailScope& scope, PartyId party) {
  std::set<PartyId> below;
  if (scope.hierarchy.Find(party) == nullptr) return below;
  for (const hierarchy::SnapshotEdge& edge : scope.hierarchy.Children(party)) {
    below.insert(edge.child);
  }
  return below;
}

}  // namespace

StatusOr<BudgetOutcome> RecordBudgets(const DetailScope& scope, const DetailContract& contract) {
  const ContractId id = contract.contract.id;
  const DateRange& period = scope.dates.period;
  ASSIGN_OR_RETURN(const ContractFacts known,
                   FactsOf(scope.database, id, period, scope.clock.Now()));
  ASSIGN_OR_RETURN(const std::optional<std::string> stage, known.own.Text(kEpisodeStage));
  BudgetOutcome outcome{.rows = 0, .missing = {}, .final = stage == "final"};
  ASSIGN_OR_RETURN(const std::vector<EpisodeBudgetDue> dues,
                   scope.database.Transact(
                       {.read_only = true},
                       [&](pg::Transaction& tx) -> StatusOr<std::vector<EpisodeBudgetDue>> {
                         return BudgetDues(tx, id, period, scope.known_at);
                       }));
  Money budget;
  std::map<PartyId, Money> of_party;
  for (const EpisodeBudgetDue& due : dues) {
    if (due.party == PartyId()) {
      outcome.missing = fmt::format("the budget of episode {} (share it)", due.episode);
      return outcome;
    }
    budget += due.due;
    // Who shared an earlier round is due nothing of this one.
    if (!due.due.IsZero()) of_party[due.party] += due.due;
  }
  std::vector<FactChange> changes;
  changes.push_back({.set = {.contract = id, .period = period}, .gone = {}});
  changes.back().set.facts.SetAmount(kEpisodeBudget, budget);
  if (SplitsByBudget(contract.terms)) {
    const std::set<PartyId> below = Below(scope, contract.contract.party);
    for (const auto& [party, due] : of_party) {
      if (below.contains(party)) continue;
      outcome.missing = fmt::format("{} directly below {} (it shares {} of the budget)", party,
                                    contract.contract.party, due);
      return outcome;
    }
    for (const PartyId party : below) {
      FactChange change{.set = {.contract = id, .period = period, .party = party}, .gone = {}};
      change.set.facts.SetAmount(kEpisodeBudget, of_party[party]);
      changes.push_back(std::move(change));
    }
  }
  ASSIGN_OR_RETURN(outcome.rows,
                   RecordChanges(scope.database, changes, scope.clock, scope.ids,
                                 "episode budget"));
  return outcome;
}

}  // namespace sluice::performance
