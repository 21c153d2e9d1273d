// Budgets of bundles that are paid in advance (EpisodePayment::kBudget): what the episode table
// says that is due of them, as facts of the contract and of those who share it.
//
//   1. The budget of a period is that of the episodes that opened in it, by the newest round of
//      each. None opened: zero. One whose budget nobody shares yet blocks the award by its id.
//   2. Where the first level of the split weighs by the budget, each party directly below the
//      contract's party has what it is due as a fact; who shares nothing has zero. A party that
//      shares but is not directly below would give its money to the others: it blocks.
//   3. The engine runs when the stage of the settlement is final; before, claims are not in.
#pragma once

#include <string>

#include "performance/program_run/detail_source.h"

namespace sluice::performance {

struct BudgetOutcome {
  std::int64_t rows = 0;  // facts recorded now
  std::string missing;    // what lacks; empty: nothing
  bool final = false;     // the settlement is final: the engine has to run
};

// Requires: the basis of the contract is an EpisodeSum with EpisodePayment::kBudget.
StatusOr<BudgetOutcome> RecordBudgets(const DetailScope& scope, const DetailContract& contract);

}  // namespace sluice::performance
