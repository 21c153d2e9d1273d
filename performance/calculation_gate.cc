// The gate component: pass, or fail and be zero, scaled or noted.
#include "performance/calculation.h"
#include "performance/statutory.h"

namespace sluice::performance {
namespace {

struct ResolvedThreshold {
  Ratio value;
  std::string source;  // "elected", "table of 9,139", "fixed"
};

StatusOr<ResolvedThreshold> LookUp(const TableThreshold& table, const Calculation& calculation) {
  ASSIGN_OR_RETURN(const std::int64_t count, NeedCount(calculation, table.count_fact));
  if (const std::optional<Ratio> rate = FindMinimumRate(table.table, count)) {
    return ResolvedThreshold{*rate, fmt::format("{} of {} people", table.table, count)};
  }
  if (!table.below_table_fact.empty()) {
    const auto stated = calculation.facts.RatioOf(table.below_table_fact);
    if (!stated.ok()) return FailedPrecondition("{}", StatusMessage(stated.status()));
    if (*stated) {
      return ResolvedThreshold{
          **stated, fmt::format("as stated: {} has no row for {} people", table.table, count)};
    }
  }
  return NotFound("{} for {} people (the table has no row; state the rate as a fact)", table.table,
                  count);
}

struct ThresholdResolver {
  const Calculation& calculation;

  StatusOr<ResolvedThreshold> operator()(const FixedThreshold& fixed) const {
    return ResolvedThreshold{fixed.value, "fixed"};
  }
  StatusOr<ResolvedThreshold> operator()(const TableThreshold& table) const {
    return LookUp(table, calculation);
  }
  StatusOr<ResolvedThreshold> operator()(const ElectedThreshold& elected) const {
    ASSIGN_OR_RETURN(const Ratio election, NeedRatio(calculation, elected.elected_fact));
    for (const Ratio& allowed : elected.elections) {
      if (allowed == election) return ResolvedThreshold{election, "elected"};
    }
    return LookUp(elected.table, calculation);
  }
};

struct GateTester {
  const Calculation& calculation;
  Step& step;

  StatusOr<bool> operator()(const ConditionsHold& test) const {
    return AllHold(calculation, test.conditions, step.inputs);
  }

  StatusOr<bool> operator()(const ValueAtLeast& test) const {
    ASSIGN_OR_RETURN(const Exact reference, NeedAmount(calculation, test.reference_fact));
    if (reference.Sign() <= 0) {
      return FailedPrecondition("{} (must be more than zero to measure a rate by it)",
                                test.reference_fact);
    }
    ASSIGN_OR_RETURN(const ResolvedThreshold threshold,
                     std::visit(ThresholdResolver{calculation}, test.threshold));
    const Exact magnitude = Abs(calculation.value);
    step.inputs.push_back({test.reference_fact, reference.ToString()});
    step.inputs.push_back({"rate", (magnitude / reference).ToPercentString()});
    step.inputs.push_back({"minimum rate", threshold.value.ToPercentString()});
    step.inputs.push_back({"minimum rate from", threshold.source});
    // Cross-multiplied: never a quotient, so that equality is exact. Equality passes.
    return magnitude >= reference * threshold.value;
  }

  StatusOr<bool> operator()(const AllReported&) const {
    std::string missing;
    for (const MeasureTerm& term : FindScore(calculation.terms)->measures) {
      ASSIGN_OR_RETURN(const MeasureOutcome outcome, EvaluateMeasure(calculation, term));
      if (outcome.reported || outcome.excluded) continue;
      missing += missing.empty() ? term.id : ", " + term.id;
    }
    step.inputs.push_back({"not reported", missing.empty() ? "none" : missing});
    if (!missing.empty()) step.detail = missing;
    return missing.empty();
  }

  StatusOr<bool> operator()(const CountAtThreshold& test) const {
    int scored = 0;
    int reached = 0;
    for (const MeasureTerm& term : FindScore(calculation.terms)->measures) {
      ASSIGN_OR_RETURN(const MeasureOutcome outcome, EvaluateMeasure(calculation, term));
      if (!outcome.counted) continue;
      ++scored;
      if (outcome.at_threshold) ++reached;
    }
    step.inputs.push_back(
        {"measures at threshold", fmt::format("{} of {} scored", reached, scored)});
    step.inputs.push_back({"required", fmt::format("{}", test.minimum)});
    return reached >= test.minimum;
  }

  StatusOr<bool> operator()(const InStanding& test) const {
    const Date day = test.day == StandingDay::kPayDate
                         ? calculation.dates.pay_date
                         : calculation.dates.period.to.value() - Days(1);
    const auto from = calculation.facts.DateOf(test.from_fact);
    const auto to = calculation.facts.DateOf(test.to_fact);
    if (!from.ok()) return FailedPrecondition("{}", StatusMessage(from.status()));
    if (!to.ok()) return FailedPrecondition("{}", StatusMessage(to.status()));
    if (!*from)
      return FailedPrecondition("{} (record since when the party is in standing)", test.from_fact);
    step.inputs.push_back({"day", FormatDate(day)});
    step.inputs.push_back({test.from_fact, FormatDate(**from)});
    if (*to) step.inputs.push_back({test.to_fact, FormatDate(**to)});
    return **from <= day && (!*to || day < **to);
  }

  StatusOr<bool> operator()(const NeverPasses&) const { return false; }

  StatusOr<bool> operator()(const ScoreAtLeast& test) const {
    ASSIGN_OR_RETURN(const Ratio score, NeedScore(calculation, ""));
    if (test.domain.empty()) {
      step.inputs.push_back({"score", score.ToString()});
      step.inputs.push_back({"minimum score", test.minimum.ToString()});
      return score >= test.minimum;
    }
    const auto found = calculation.domain_scores.find(test.domain);
    // A domain that left the score for lack of measures has nothing to fall short with.
    const bool scored = found != calculation.domain_scores.end();
    step.inputs.push_back({test.domain, scored ? found->second.ToString() : "not scored"});
    step.inputs.push_back({"minimum score", test.minimum.ToString()});
    return !scored || found->second >= test.minimum;
  }

  StatusOr<bool> operator()(const AttainedInEachDomain& test) const {
    const Score& score = *FindScore(calculation.terms);
    std::string failed;
    for (const ScoreDomain& domain : score.domains) {
      int scored = 0;
      int reached = 0;
      for (const MeasureTerm& term : score.measures) {
        if (term.domain != domain.name) continue;
        ASSIGN_OR_RETURN(const MeasureOutcome outcome, EvaluateMeasure(calculation, term));
        if (!outcome.counted) continue;
        ++scored;
        if (outcome.at_threshold) ++reached;
      }
      step.inputs.push_back({domain.name, fmt::format("{} of {} scored", reached, scored)});
      if (scored < domain.minimum_measures && !domain.small_is_zero) continue;
      if (reached < test.minimum) failed += failed.empty() ? domain.name : ", " + domain.name;
    }
    step.inputs.push_back({"required in each", fmt::format("{}", test.minimum)});
    if (!failed.empty()) step.detail = failed;
    return failed.empty();
  }

  StatusOr<bool> operator()(const PayDateReached& test) const {
    step.inputs.push_back({"pay date", FormatDate(calculation.dates.pay_date)});
    step.inputs.push_back({"from", FormatDate(test.date)});
    return calculation.dates.pay_date >= test.date;
  }
};

// Whether a factor rescues the failed gate; it waits for the next rate on this side.
StatusOr<bool> TryFactors(const OnFail& on_fail, Calculation& calculation, Step& step) {
  for (const FailFactor& factor : on_fail.factors) {
    if (!calculation.IsOnSide(factor.side)) continue;
    ASSIGN_OR_RETURN(const bool holds, AllHold(calculation, factor.when, step.inputs));
    if (!holds) continue;
    Ratio& pending = calculation.IsLoss() ? calculation.loss_factor : calculation.gain_factor;
    Ratio multiplier = factor.factor;
    if (factor.times_score) {
      ASSIGN_OR_RETURN(const Ratio score, NeedScore(calculation, ""));
      step.inputs.push_back({"score", score.ToString()});
      multiplier = multiplier * score;
    }
    pending = pending * multiplier;
    step.inputs.push_back({"rate factor", multiplier.ToFractionString()});
    step.detail = fmt::format("failed; the exception applies: the rate is multiplied by {}",
                              multiplier.ToFractionString());
    if (factor.note) step.notes.push_back(*factor.note);
    return true;
  }
  return false;
}

}  // namespace

Status Apply(const Gate& gate, Calculation& calculation, Step& step) {
  step.description = gate.name;
  ASSIGN_OR_RETURN(const bool passes, std::visit(GateTester{calculation, step}, gate.test));
  if (passes) {
    step.detail = "pass";
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const bool rescued, TryFactors(gate.on_fail, calculation, step));
  if (rescued) return OkStatus();
  if (gate.on_fail.note_only) {
    step.notes.push_back(*gate.on_fail.note_only);
    return OkStatus();
  }
  step.reason = calculation.IsLoss() ? gate.on_fail.loss_reason : gate.on_fail.gain_reason;
  step.detail = step.detail.empty() ? gate.name : fmt::format("{}: {}", gate.name, step.detail);
  calculation.value = Exact();
  return OkStatus();
}

}  // namespace sluice::performance
