// The score component: measures to one exact ratio.
#include "performance/calculation.h"

namespace sluice::performance {
namespace {

// (rate - threshold) / (target - threshold), cut to 0..1, lifted to begin at points_at_threshold.
// The sign of target - threshold turns the comparison round for measures where lower is better.
void ScoreLinear(const MeasureTerm& term, MeasureOutcome& outcome) {
  const Ratio raw = (*outcome.rate - term.threshold) / (term.target - term.threshold);
  outcome.at_threshold = raw.Sign() >= 0;
  if (!outcome.at_threshold) {
    outcome.reason = ReasonCode::kBelowThreshold;
    return;
  }
  const Ratio one(1);
  const Ratio clamped = raw > one ? one : raw;
  outcome.points = term.points_at_threshold + (one - term.points_at_threshold) * clamped;
}

// A line for people; the outcome was computed from `result`.
Step MeasureStep(const MeasureTerm& term, const MeasureResult& result,
                 const MeasureOutcome& outcome, const Step& parent) {
  Step step{.component = "measure",
            .position = parent.position,
            .clause = parent.clause,
            .description = term.id,
            .before = parent.before,
            .after = parent.before};
  if (result.reported) {
    step.inputs.push_back({"result", fmt::format("{} / {}", result.numerator.ToString(),
                                                 result.denominator.ToString())});
  }
  if (outcome.rate) step.inputs.push_back({"rate", outcome.rate->ToString()});
  step.inputs.push_back({"threshold", term.threshold.ToString()});
  step.inputs.push_back({"target", term.target.ToString()});
  step.inputs.push_back({"weight", term.weight.ToString()});
  if (outcome.counted) {
    step.inputs.push_back({"points", outcome.points.ToFractionString()});
    step.inputs.push_back({"weight x points", (term.weight * outcome.points).ToString()});
  }
  // The reason is why this measure earned nothing; the award's own reason is decided elsewhere.
  if (outcome.reason) step.detail = std::string(ReasonName(*outcome.reason));
  if (!outcome.counted) step.notes.push_back(ReasonCode::kReweighted);
  return step;
}

}  // namespace

StatusOr<MeasureOutcome> EvaluateMeasure(const Calculation& calculation, const MeasureTerm& term) {
  const std::optional<MeasureResult> result = calculation.facts.FindMeasure(term.id);
  if (!result) {
    return FailedPrecondition("measure {} (record its result, or that it was not reported)",
                              term.id);
  }
  MeasureOutcome outcome;
  if (!result->reported) {
    outcome.reported = false;
    outcome.reason = ReasonCode::kNotReported;
    return outcome;
  }
  // A denominator of zero has no rate, whatever minimum the contract names.
  if (result->denominator.Sign() <= 0 || result->denominator < Ratio(term.minimum_denominator)) {
    outcome.counted = term.small == SmallDenominator::kScoreZero;
    outcome.reason = ReasonCode::kBelowMinimumDenominator;
    return outcome;
  }
  outcome.rate = result->numerator / result->denominator;
  ScoreLinear(term, outcome);
  return outcome;
}

Status Apply(const Score& score, Calculation& calculation, Step& step) {
  step.description = "weighted mean of the measures";
  Ratio weights;
  Ratio points;
  for (const MeasureTerm& term : score.measures) {
    ASSIGN_OR_RETURN(const MeasureOutcome outcome, EvaluateMeasure(calculation, term));
    calculation.award.steps.push_back(
        MeasureStep(term, *calculation.facts.FindMeasure(term.id), outcome, step));
    if (!outcome.counted) {
      if (step.notes.empty()) step.notes.push_back(ReasonCode::kReweighted);
      continue;
    }
    weights = weights + term.weight;
    points = points + term.weight * outcome.points;
  }
  if (weights.IsZero()) {
    calculation.score = Ratio();
    step.reason = ReasonCode::kBelowMinimumDenominator;
    step.detail = "no measure has enough people to count";
    calculation.value = Exact();
    return OkStatus();
  }
  calculation.score = points / weights;
  step.inputs.push_back({"sum of weights", weights.ToString()});
  step.inputs.push_back({"sum of weight x points", points.ToString()});
  step.inputs.push_back({"score", calculation.score->ToString()});
  step.inputs.push_back({"score, exactly", calculation.score->ToFractionString()});
  return OkStatus();
}

}  // namespace sluice::performance
