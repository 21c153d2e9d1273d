// The basis of a bundle: the totals that the episode engine recorded, reconciled.
#include "performance/calculation.h"
#include "performance/episodes/reconcile.h"

namespace sluice::performance {
namespace {

StatusOr<EpisodeTotals> ReadTotals(const EpisodeSum& kind, const Calculation& calculation) {
  EpisodeTotals totals;
  ASSIGN_OR_RETURN(totals.target, NeedAmount(calculation, kEpisodeTarget));
  ASSIGN_OR_RETURN(totals.actual, NeedAmount(calculation, kEpisodeActual));
  ASSIGN_OR_RETURN(totals.opened, NeedCount(calculation, kEpisodeOpened));
  ASSIGN_OR_RETURN(totals.counted, NeedCount(calculation, kEpisodeCounted));
  if (kind.low_volume && kind.low_volume->of_baseline) {
    ASSIGN_OR_RETURN(totals.baseline, NeedCount(calculation, kEpisodeBaseline));
  }
  if (kind.post_episode_days) {
    ASSIGN_OR_RETURN(totals.post_spending, NeedAmount(calculation, kEpisodePost));
    ASSIGN_OR_RETURN(totals.post_bound, NeedAmount(calculation, kEpisodePostBound));
  }
  if (kind.quality || !kind.target.discount_bands.empty()) {
    ASSIGN_OR_RETURN(totals.quality_score, NeedRatio(calculation, kEpisodeQuality));
  }
  return totals;
}

// Whether the budget is still the one that was agreed in advance.
StatusOr<bool> IsBudgetInAdvance(const EpisodeSum& kind, const Calculation& calculation,
                                 Step& step) {
  if (kind.payment != EpisodePayment::kBudget) return false;
  const auto found = calculation.facts.Text(kEpisodeStage);
  if (!found.ok()) return FailedPrecondition("{}", StatusMessage(found.status()));
  const std::string stage = found->value_or("");
  if (stage != "interim" && stage != "final") {
    return FailedPrecondition("{} (must be 'interim' or 'final', not '{}')", kEpisodeStage, stage);
  }
  step.inputs.push_back({std::string(kEpisodeStage), stage});
  return stage == "interim";
}

StatusOr<Exact> ReadBudget(const Calculation& calculation, Step& step) {
  ASSIGN_OR_RETURN(const Exact budget, NeedAmount(calculation, kEpisodeBudget));
  if (budget.Sign() < 0) {
    return FailedPrecondition("{} (a budget is not below zero)", kEpisodeBudget);
  }
  step.inputs.push_back({std::string(kEpisodeBudget), budget.ToString()});
  if (budget.IsZero()) step.reason = ReasonCode::kNoEpisodes;
  return budget;
}

}  // namespace

StatusOr<Exact> ReadBasis(const EpisodeSum& kind, const Calculation& calculation, Step& step) {
  step.description = DescribeEpisodes(kind);
  ASSIGN_OR_RETURN(const bool in_advance, IsBudgetInAdvance(kind, calculation, step));
  if (in_advance) return ReadBudget(calculation, step);
  ASSIGN_OR_RETURN(const EpisodeTotals totals, ReadTotals(kind, calculation));
  // Without the hash of the lines nobody could say which episodes the sum is of.
  const auto lines = calculation.facts.Text(kEpisodeLines);
  if (!lines.ok()) return FailedPrecondition("{}", StatusMessage(lines.status()));
  if (!*lines) return FailedPrecondition("{} (run the episodes of the period)", kEpisodeLines);
  step.inputs.push_back(
      {"episodes", fmt::format("{} counted of {} opened", totals.counted, totals.opened)});
  step.inputs.push_back({std::string(kEpisodeLines), **lines});
  if (kind.payment == EpisodePayment::kProspective) {
    step.inputs.push_back({std::string(kEpisodeTarget), totals.target.ToString()});
    if (totals.counted == 0) step.reason = ReasonCode::kNoEpisodes;
    return totals.counted == 0 ? Exact() : totals.target;
  }
  ASSIGN_OR_RETURN(const EpisodeReconciliation result,
                   ReconcileEpisodes(kind, totals, YearOf(calculation.dates.period.from)));
  step.inputs.insert(step.inputs.end(), result.inputs.begin(), result.inputs.end());
  step.notes = result.notes;
  if (kind.payment == EpisodePayment::kBudget) {
    const Exact due = totals.actual + result.result;
    step.inputs.push_back({"actual + result", due.ToString()});
    step.detail = result.detail;
    if (due.IsZero()) step.reason = result.zero_reason.value_or(ReasonCode::kNoEpisodes);
    return due;
  }
  step.reason = result.zero_reason;
  step.detail = result.detail;
  return result.result;
}

}  // namespace sluice::performance
