// The score component: measures to points, points to one exact ratio, by domains where there are
// any; and what reads a score: the rate on a curve, the redistribution's rule.
#include <algorithm>

#include "performance/calculation.h"
#include "performance/quality/points.h"

namespace sluice::performance {
namespace {

// A line for people.
Step MeasureStep(const MeasureTerm& term, const std::optional<MeasureResult>& result,
                 const MeasureOutcome& outcome, const Step& parent) {
  Step step{.component = "measure",
            .position = parent.position,
            .clause = parent.clause,
            .description = term.id,
            .before = parent.before,
            .after = parent.before};
  if (result && result->reported) {
    step.inputs.push_back({"result", fmt::format("{} / {}", result->numerator.ToString(),
                                                 result->denominator.ToString())});
  }
  if (outcome.rate) step.inputs.push_back({"rate", outcome.rate->ToString()});
  step.inputs.insert(step.inputs.end(), outcome.inputs.begin(), outcome.inputs.end());
  step.inputs.push_back({"weight", term.weight.ToString()});
  if (outcome.counted) {
    step.inputs.push_back({"points", outcome.points.ToFractionString()});
    if (outcome.possible != Ratio(1)) {
      step.inputs.push_back({"possible points", outcome.possible.ToFractionString()});
    }
    step.inputs.push_back({"weight x points", (term.weight * outcome.points).ToString()});
  }
  // The reason is why this measure earned nothing; the award's own reason is decided elsewhere.
  if (outcome.reason) step.detail = std::string(ReasonName(*outcome.reason));
  step.notes = outcome.notes;
  if (!outcome.counted) step.notes.push_back(ReasonCode::kReweighted);
  return step;
}

void AddNote(Step& step, ReasonCode note) {
  if (std::find(step.notes.begin(), step.notes.end(), note) == step.notes.end()) {
    step.notes.push_back(note);
  }
}

bool IsTooSmall(const MeasureResult& result, const MeasureTerm& term) {
  // A denominator of zero has no rate, whatever minimum the contract names.
  return result.denominator.Sign() <= 0 || result.denominator < Ratio(term.minimum_denominator);
}

// Sets the rate that a measure with too few people counts with, or that it does not count.
Status ResolveSmall(const Calculation& calculation, const MeasureTerm& term,
                    MeasureOutcome& outcome) {
  outcome.reason = ReasonCode::kBelowMinimumDenominator;
  switch (term.small) {
    case SmallDenominator::kDropAndReweight:
      outcome.counted = false;
      return OkStatus();
    case SmallDenominator::kScoreZero:
      return OkStatus();
    case SmallDenominator::kDefaultRate:
      outcome.rate = term.default_rate;
      outcome.inputs.push_back({"too few people", "the default rate counts"});
      outcome.reason.reset();
      return OkStatus();
    case SmallDenominator::kRollUp:
      break;
  }
  const std::optional<MeasureResult> parent = calculation.facts.FindMeasure(term.parent_measure);
  if (!parent) {
    return FailedPrecondition("measure {} (record the result of the parent, to which {} rolls up)",
                              term.parent_measure, term.id);
  }
  if (!parent->reported || IsTooSmall(*parent, term)) {
    outcome.counted = false;
    return OkStatus();
  }
  outcome.rate = parent->numerator / parent->denominator;
  outcome.inputs.push_back(
      {"too few people; the parent's result",
       fmt::format("{} / {}", parent->numerator.ToString(), parent->denominator.ToString())});
  outcome.notes.push_back(ReasonCode::kRolledUp);
  outcome.reason.reset();
  return OkStatus();
}

StatusOr<bool> EvidenceIsLate(const Calculation& calculation, const MeasureTerm& term,
                              MeasureOutcome& outcome) {
  if (!term.evidence) return false;
  const auto received = calculation.facts.DateOf(term.evidence->received_fact);
  if (!received.ok()) return FailedPrecondition("{}", StatusMessage(received.status()));
  if (!*received) {
    return FailedPrecondition("{} (record when the evidence of {} was received)",
                              term.evidence->received_fact, term.id);
  }
  outcome.inputs.push_back({"evidence received", FormatDate(**received)});
  outcome.inputs.push_back({"last day", FormatDate(term.evidence->last_day)});
  return **received > term.evidence->last_day;
}

struct Evaluated {
  const MeasureTerm* term;
  MeasureOutcome outcome;
};

// Points of a group of measures.
struct Tally {
  int scored = 0;
  Ratio weights;   // of the scored measures, times their possible points where those count
  Ratio points;    // weight x points
  Ratio rewarded;  // points that a reward added
  bool capped = false;
  std::optional<Ratio> score;  // none: too few scored measures
  std::vector<StepInput> inputs;
};

struct ScoreResult {
  std::vector<Tally> domains;  // in the order of the terms
  Tally total;
  std::optional<Ratio> score;  // with adjustments, rounding and limits; none: nothing is scored
  std::vector<StepInput> inputs;
};

bool IsIn(const ScoreDomain& domain, const MeasureTerm& term) { return term.domain == domain.name; }

Tally Add(const Score& score, const std::vector<Evaluated>& measures, const ScoreDomain* domain,
          bool with_hold_harmless) {
  Tally tally;
  for (const Evaluated& measure : measures) {
    if (domain != nullptr && !IsIn(*domain, *measure.term)) continue;
    if (!measure.outcome.counted || (!with_hold_harmless && measure.term->hold_harmless)) continue;
    ++tally.scored;
    const bool mean = score.method == ScoreMethod::kMeanPoints;
    tally.weights = tally.weights +
                    (mean ? measure.term->weight : measure.term->weight * measure.outcome.possible);
    tally.points = tally.points + measure.term->weight * measure.outcome.points;
  }
  return tally;
}

Status AddReward(const Calculation& calculation, const DomainReward& reward, Tally& tally) {
  ASSIGN_OR_RETURN(const std::int64_t improved, NeedCount(calculation, reward.improved_fact));
  ASSIGN_OR_RETURN(const std::int64_t declined, NeedCount(calculation, reward.declined_fact));
  const Ratio share = Ratio(improved - declined) / Ratio(tally.scored);
  for (const PointsStep& step : reward.steps) {
    if (share >= step.at) tally.rewarded = step.points;
  }
  tally.inputs.push_back(
      {"significantly improved, declined", fmt::format("{}, {}", improved, declined)});
  tally.inputs.push_back({"improvement reward", tally.rewarded.ToString()});
  return OkStatus();
}

// The score of one group: nothing when it has too few scored measures and leaves the score.
Status Finish(const Calculation& calculation, const Score& score, const ScoreDomain* domain,
              Tally& tally) {
  const int minimum = domain != nullptr ? std::max(domain->minimum_measures, 1) : 1;
  if (tally.scored < minimum) {
    if (domain != nullptr && domain->small_is_zero) tally.score = Ratio();
    return OkStatus();
  }
  if (domain != nullptr && domain->reward) {
    RETURN_IF_ERROR(AddReward(calculation, *domain->reward, tally));
  }
  Ratio points = tally.points + tally.rewarded;
  // A reward lifts a domain to at most all of its possible points.
  if (score.method == ScoreMethod::kShareOfPossible && points > tally.weights) {
    points = tally.weights;
    tally.capped = true;
  }
  tally.score = points / tally.weights;
  return OkStatus();
}

// Adjustments, the one rounding, the limits.
StatusOr<Ratio> Adjust(const Calculation& calculation, const Score& score, Ratio value,
                       std::vector<StepInput>& inputs) {
  if (score.scale != Ratio(1)) {
    value = value * score.scale;
    inputs.push_back({fmt::format("of {}", score.scale.ToString()), value.ToString()});
  }
  for (const ScoreAdjustment& adjustment : score.adjustments) {
    ASSIGN_OR_RETURN(const Ratio amount, NeedRatio(calculation, adjustment.fact));
    value = value + amount;
    inputs.push_back({adjustment.name, amount.ToString()});
  }
  if (!score.rounding_unit.IsZero()) {
    inputs.push_back({"before rounding", value.ToString()});
    value = RoundHalfUp(value, score.rounding_unit);
  }
  if (score.lowest && value < *score.lowest) value = *score.lowest;
  if (score.highest && value > *score.highest) value = *score.highest;
  return value;
}

// One pass over the measures, with or without those that are held harmless.
StatusOr<ScoreResult> Compute(const Calculation& calculation, const Score& score,
                              const std::vector<Evaluated>& measures, bool with_hold_harmless) {
  ScoreResult result;
  std::optional<Ratio> mean;
  result.total = Add(score, measures, nullptr, with_hold_harmless);
  if (score.domains.empty()) {
    RETURN_IF_ERROR(Finish(calculation, score, nullptr, result.total));
    mean = result.total.score;
  } else {
    Ratio weights;
    Ratio sum;
    for (const ScoreDomain& domain : score.domains) {
      Tally tally = Add(score, measures, &domain, with_hold_harmless);
      RETURN_IF_ERROR(Finish(calculation, score, &domain, tally));
      if (tally.score) {
        weights = weights + domain.weight;
        sum = sum + domain.weight * *tally.score;
      }
      result.domains.push_back(std::move(tally));
    }
    if (!weights.IsZero()) mean = sum / weights;
  }
  if (!mean || result.total.scored < score.minimum_measures) return result;
  ASSIGN_OR_RETURN(result.score, Adjust(calculation, score, *mean, result.inputs));
  return result;
}

// Whether the score is better off without the measures that are held harmless.
StatusOr<bool> DropsHoldHarmless(const Calculation& calculation, const Score& score,
                                 const std::vector<Evaluated>& measures) {
  if (!score.hold_harmless_from) return false;
  ASSIGN_OR_RETURN(const ScoreResult with, Compute(calculation, score, measures, true));
  ASSIGN_OR_RETURN(const ScoreResult without, Compute(calculation, score, measures, false));
  return without.score && *without.score >= *score.hold_harmless_from && with.score &&
         *with.score < *without.score;
}

Step DomainStep(const ScoreDomain& domain, const Tally& tally, const Step& parent) {
  Step step{.component = "domain",
            .position = parent.position,
            .clause = parent.clause,
            .description = domain.name,
            .before = parent.before,
            .after = parent.before};
  step.inputs.push_back({"scored measures", fmt::format("{}", tally.scored)});
  step.inputs.push_back({"points", tally.points.ToString()});
  step.inputs.insert(step.inputs.end(), tally.inputs.begin(), tally.inputs.end());
  step.inputs.push_back({"possible", tally.weights.ToString()});
  step.inputs.push_back({"weight", domain.weight.ToString()});
  if (tally.score) {
    step.inputs.push_back({"score", tally.score->ToString()});
    step.inputs.push_back({"score, exactly", tally.score->ToFractionString()});
  } else {
    step.detail = std::string(ReasonName(ReasonCode::kBelowMinimumDenominator));
    step.notes.push_back(ReasonCode::kReweighted);
  }
  if (tally.capped) step.notes.push_back(ReasonCode::kCapApplied);
  return step;
}

void Describe(const Score& score, const ScoreResult& result, bool possible_differ, Step& step) {
  if (score.domains.empty()) {
    step.inputs.push_back({possible_differ && score.method == ScoreMethod::kShareOfPossible
                               ? "sum of weight x possible points"
                               : "sum of weights",
                           result.total.weights.ToString()});
    step.inputs.push_back({"sum of weight x points", result.total.points.ToString()});
  }
  step.inputs.insert(step.inputs.end(), result.inputs.begin(), result.inputs.end());
  step.inputs.push_back({"score", result.score->ToString()});
  step.inputs.push_back({"score, exactly", result.score->ToFractionString()});
}

}  // namespace

StatusOr<MeasureOutcome> EvaluateMeasure(const Calculation& calculation, const MeasureTerm& term) {
  MeasureOutcome outcome;
  outcome.possible = PossiblePoints(term.points);
  const DateRange& period = calculation.dates.period;
  const ToppedOut* topped = FindToppedOut(term, YearOf(period.from));
  if (topped != nullptr && !topped->points_cap) {
    outcome.counted = false;
    outcome.excluded = true;
    outcome.reason = ReasonCode::kToppedOut;
    return outcome;
  }
  const std::optional<MeasureResult> result = calculation.facts.FindMeasure(term.id);
  if (!result) {
    return FailedPrecondition("measure {} (record its result, or that it was not reported)",
                              term.id);
  }
  if (!result->reported) {
    outcome.reported = false;
    outcome.reason = ReasonCode::kNotReported;
    return outcome;
  }
  ASSIGN_OR_RETURN(const bool late, EvidenceIsLate(calculation, term, outcome));
  if (late) {
    outcome.reported = false;
    outcome.reason = ReasonCode::kEvidenceLate;
    return outcome;
  }
  if (IsTooSmall(*result, term)) {
    RETURN_IF_ERROR(ResolveSmall(calculation, term, outcome));
    if (!outcome.rate) return outcome;
  } else {
    outcome.rate = result->numerator / result->denominator;
  }
  ASSIGN_OR_RETURN(PointsEarned earned, EarnPoints(term, *outcome.rate, calculation.facts, period));
  outcome.at_threshold = earned.attained;
  outcome.points = std::move(earned.points);
  outcome.reason = earned.zero;
  outcome.inputs.insert(outcome.inputs.end(), earned.inputs.begin(), earned.inputs.end());
  outcome.notes.insert(outcome.notes.end(), earned.notes.begin(), earned.notes.end());
  return outcome;
}

Status Apply(const Score& score, Calculation& calculation, Step& step) {
  step.description =
      score.domains.empty() ? "weighted mean of the measures" : "weighted mean of the domains";
  std::vector<Evaluated> measures;
  bool possible_differ = false;
  for (const MeasureTerm& term : score.measures) {
    ASSIGN_OR_RETURN(MeasureOutcome outcome, EvaluateMeasure(calculation, term));
    possible_differ = possible_differ || outcome.possible != Ratio(1);
    measures.push_back({&term, std::move(outcome)});
  }
  ASSIGN_OR_RETURN(const bool dropped, DropsHoldHarmless(calculation, score, measures));
  for (Evaluated& measure : measures) {
    if (dropped && measure.term->hold_harmless && measure.outcome.counted) {
      measure.outcome.counted = false;
      measure.outcome.inputs.push_back({"held harmless", "the score is higher without it"});
    }
    if (!measure.outcome.counted) AddNote(step, ReasonCode::kReweighted);
    for (const ReasonCode note : measure.outcome.notes) AddNote(step, note);
    calculation.award.steps.push_back(MeasureStep(
        *measure.term, calculation.facts.FindMeasure(measure.term->id), measure.outcome, step));
  }
  ASSIGN_OR_RETURN(const ScoreResult result, Compute(calculation, score, measures, true));
  for (std::size_t i = 0; i < result.domains.size(); ++i) {
    const Tally& tally = result.domains[i];
    if (tally.score) calculation.domain_scores[score.domains[i].name] = *tally.score;
    Step domain_step = DomainStep(score.domains[i], tally, step);
    for (const ReasonCode note : domain_step.notes) AddNote(step, note);
    calculation.award.steps.push_back(std::move(domain_step));
  }
  if (!result.score) {
    calculation.score = Ratio();
    step.reason = ReasonCode::kBelowMinimumDenominator;
    step.detail = score.minimum_measures > 0
                      ? fmt::format("{} scored measures, {} required", result.total.scored,
                                    score.minimum_measures)
                      : "no measure has enough people to count";
    calculation.value = Exact();
    return OkStatus();
  }
  calculation.score = result.score;
  Describe(score, result, possible_differ, step);
  return OkStatus();
}

StatusOr<Ratio> ReadRateByScore(const RateByScore& rule, const Calculation& calculation,
                                Step& step) {
  ASSIGN_OR_RETURN(const Ratio score, NeedScore(calculation, rule.score_fact));
  step.inputs.push_back({"score", score.ToString()});
  Ratio start = rule.from;
  for (const CurvePiece& piece : rule.pieces) {
    if (score < rule.from) break;
    if (score > piece.up_to || (score == piece.up_to && !piece.including)) {
      start = piece.up_to;
      continue;
    }
    const Ratio way = (score - start) / (piece.up_to - start);
    Ratio rate = Ratio(piece.at_start) + (Ratio(piece.at_end) - Ratio(piece.at_start)) * way;
    step.inputs.push_back(
        {"piece", fmt::format("{} to {}: {} to {}", start.ToString(), piece.up_to.ToString(),
                              piece.at_start.ToString(), piece.at_end.ToString())});
    if (rate.Sign() <= 0 || rule.gain_factor_fact.empty()) return rate;
    ASSIGN_OR_RETURN(Ratio factor, NeedRatio(calculation, rule.gain_factor_fact));
    if (factor.Sign() < 0) {
      return FailedPrecondition("{} (a factor is not negative)", rule.gain_factor_fact);
    }
    if (rule.gain_factor_most && factor > *rule.gain_factor_most) {
      factor = *rule.gain_factor_most;
      step.notes.push_back(ReasonCode::kRateClamped);
    }
    step.inputs.push_back({"rate before scaling", rate.ToPercentString()});
    step.inputs.push_back({rule.gain_factor_fact, factor.ToString()});
    return rate * factor;
  }
  return FailedPrecondition("score (the curve runs from {} to {}; the score is {})",
                            rule.from.ToString(), rule.pieces.back().up_to.ToString(),
                            score.ToString());
}

Status Apply(const Redistribute& rule, Calculation& calculation, Step& step) {
  step.description =
      fmt::format("{} of what the program forfeits goes to scores of at least {}, by {}",
                  rule.share.ToString(), rule.minimum_score.ToString(), rule.weight_fact);
  ASSIGN_OR_RETURN(const Ratio score, NeedScore(calculation, ""));
  step.inputs.push_back({"score", score.ToString()});
  if (score < rule.minimum_score) {
    step.detail = std::string(ReasonName(ReasonCode::kBelowThreshold));
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const std::int64_t weight, NeedCount(calculation, rule.weight_fact));
  step.inputs.push_back({rule.weight_fact, fmt::format("{}", weight)});
  step.detail = "takes part";
  return OkStatus();
}

}  // namespace sluice::performance
