// The components that work on the exact amount: basis, rate, corridor, reduction, cap, floor,
// relief.
#include "performance/attribution_facts.h"
#include "performance/calculation.h"
#include "performance/statutory.h"

namespace sluice::performance {
namespace {

struct BasisReader {
  Calculation& calculation;
  Step& step;

  StatusOr<Exact> operator()(const TargetMinusActual& kind) const {
    ASSIGN_OR_RETURN(const Exact target, NeedAmount(calculation, kind.target_fact));
    ASSIGN_OR_RETURN(const Exact actual, NeedAmount(calculation, kind.actual_fact));
    step.description = fmt::format("{} minus {}", kind.target_fact, kind.actual_fact);
    step.inputs.push_back({kind.target_fact, target.ToString()});
    step.inputs.push_back({kind.actual_fact, actual.ToString()});
    return target - actual;
  }
  StatusOr<Exact> operator()(const WithheldBalance& kind) const {
    ASSIGN_OR_RETURN(const Exact balance, NeedAmount(calculation, kind.fact));
    // What was posted is whole cents; a fraction here would break released + forfeited = posted.
    const Money posted = Round(balance, Rounding::kHalfAwayFromZero);
    if (Exact(posted) != balance || balance.Sign() < 0) {
      return FailedPrecondition("{} (the posted balance is whole cents and not negative, not {})",
                                kind.fact, balance.ToString());
    }
    step.description = "what was posted to the withhold account";
    step.inputs.push_back({kind.fact, posted.ToString()});
    return balance;
  }
  StatusOr<Exact> operator()(const PercentOfFact& kind) const {
    ASSIGN_OR_RETURN(const Exact whole, NeedAmount(calculation, kind.fact));
    step.description = fmt::format("{} of {}", kind.rate.ToString(), kind.fact);
    step.inputs.push_back({kind.fact, whole.ToString()});
    return whole * kind.rate;
  }
  StatusOr<Exact> operator()(const FixedAmount& kind) const {
    step.description = "agreed amount";
    return Exact(kind.amount);
  }
  StatusOr<Exact> operator()(const PriceTimesCount& kind) const {
    ASSIGN_OR_RETURN(const std::int64_t count, NeedCount(calculation, kind.count_fact));
    step.description = fmt::format("{} for each of {}", kind.price.ToString(), kind.count_fact);
    step.inputs.push_back({kind.count_fact, fmt::format("{}", count)});
    return Exact(kind.price, count);
  }
  StatusOr<Exact> operator()(const ActivitySum& kind) const {
    return ReadBasis(kind, calculation, step);
  }
  StatusOr<Exact> operator()(const EpisodeSum& kind) const {
    return ReadBasis(kind, calculation, step);
  }
  StatusOr<Exact> operator()(const BenchmarkMinusActual& kind) const {
    return ReadBasis(kind, calculation, step);
  }
  StatusOr<Exact> operator()(const MemberMonthSum& kind) const {
    return ReadBasis(kind, calculation, step);
  }
};

struct RateReader {
  const Calculation& calculation;
  Step& step;

  StatusOr<Ratio> operator()(const FixedRate& rule) const { return Ratio(rule.rate); }
  StatusOr<Ratio> operator()(const RateTimesScore& rule) const {
    ASSIGN_OR_RETURN(const Ratio score, NeedScore(calculation, rule.score_fact));
    step.inputs.push_back({"maximum", rule.maximum.ToString()});
    step.inputs.push_back({"score", score.ToString()});
    return Ratio(rule.maximum) * score;
  }
  StatusOr<Ratio> operator()(const ComplementOfScore& rule) const {
    ASSIGN_OR_RETURN(const Ratio score, NeedScore(calculation, rule.score_fact));
    step.inputs.push_back({"maximum share", rule.maximum.ToString()});
    step.inputs.push_back({"score", score.ToString()});
    const Ratio share = Ratio(1) - Ratio(rule.maximum) * score;
    step.inputs.push_back({"1 - maximum x score", share.ToPercentString()});
    const Ratio lowest(rule.lowest);
    const Ratio highest(rule.highest);
    if (share >= lowest && share <= highest) return share;
    step.notes.push_back(ReasonCode::kRateClamped);
    return share < lowest ? lowest : highest;
  }
  StatusOr<Ratio> operator()(const RateByScore& rule) const {
    return ReadRateByScore(rule, calculation, step);
  }
};

// The side's value with a new magnitude.
Exact WithMagnitude(const Exact& value, const Exact& magnitude) {
  return value.Sign() < 0 ? -magnitude : magnitude;
}

struct LimitReader {
  const Calculation& calculation;
  Step& step;
  const Limit& limit;

  // Nothing when the reference is absent and the contract leaves the limit out then.
  StatusOr<std::optional<Exact>> operator()(const FixedLimit& fixed) const {
    const Exact amount(fixed.amount);
    step.inputs.push_back({"limit", amount.ToString()});
    return std::optional<Exact>(amount);
  }
  StatusOr<std::optional<Exact>> operator()(const ShareOfFact& share) const {
    const std::string name = fmt::format("{} of {}", share.rate.ToString(), share.fact);
    const auto reference = FindAmount(calculation, share.fact);
    if (!reference.ok()) return FailedPrecondition("{}", StatusMessage(reference.status()));
    if (!*reference) {
      if (limit.when_absent == WhenAbsent::kBlock) {
        return NotFound("{} (a limit depends on it and could bind)", share.fact);
      }
      step.inputs.push_back({name, "not known; this limit is left out"});
      return std::optional<Exact>();
    }
    const Exact amount = **reference * share.rate;
    step.inputs.push_back({name, amount.ToString()});
    return std::optional<Exact>(amount);
  }
};

StatusOr<std::optional<Exact>> ReadLimit(const Limit& limit, const Calculation& calculation,
                                         Step& step) {
  return std::visit(LimitReader{calculation, step, limit}, limit.amount);
}

struct ReliefReader {
  const Calculation& calculation;
  Step& step;

  StatusOr<Exact> operator()(const ReliefAmount& kind) const {
    ASSIGN_OR_RETURN(Exact amount, NeedAmount(calculation, kind.fact));
    step.inputs.push_back({kind.fact, amount.ToString()});
    if (!kind.portion_fact.empty()) {
      ASSIGN_OR_RETURN(const Ratio portion, NeedRatio(calculation, kind.portion_fact));
      step.inputs.push_back({kind.portion_fact, portion.ToFractionString()});
      amount = amount * portion;
    }
    return amount;
  }
  StatusOr<Exact> operator()(const ReliefFraction& kind) const {
    ASSIGN_OR_RETURN(const Ratio fraction, NeedRatio(calculation, kind.fact));
    step.inputs.push_back({kind.fact, fraction.ToPercentString()});
    return Abs(calculation.value) * fraction;
  }
};

// A target for members nobody has is not met or missed by anybody.
bool ComparesCost(const Basis& basis) {
  return std::holds_alternative<BenchmarkMinusActual>(basis.kind) ||
         std::holds_alternative<TargetMinusActual>(basis.kind);
}

// What an empty attribution list says about the basis.
Status StateAttributed(const Basis& basis, Calculation& calculation, Step& step) {
  const auto members = calculation.facts.Count(kAttributedMembersFact);
  if (!members.ok()) return FailedPrecondition("{}", StatusMessage(members.status()));
  if (*members != 0) return OkStatus();
  if (ComparesCost(basis)) calculation.value = Exact();
  // Lines of earlier months that net to zero have a reason of their own.
  if (!calculation.value.IsZero() || step.reason == ReasonCode::kNoChange) return OkStatus();
  step.inputs.push_back({std::string(kAttributedMembersFact), "0"});
  step.reason = ReasonCode::kNoAttributedMembers;
  return OkStatus();
}

}  // namespace

Status Apply(const Basis& basis, Calculation& calculation, Step& step) {
  ASSIGN_OR_RETURN(calculation.value, std::visit(BasisReader{calculation, step}, basis.kind));
  RETURN_IF_ERROR(StateAttributed(basis, calculation, step));
  // A kind that knows better why it is zero has said so.
  if (calculation.value.IsZero() && !step.reason) step.reason = basis.zero_reason;
  return OkStatus();
}

Status Apply(const RateComponent& rate, Calculation& calculation, Step& step) {
  const Ratio& factor = calculation.IsLoss() ? calculation.loss_factor : calculation.gain_factor;
  for (const RateCase& option : rate.cases) {
    ASSIGN_OR_RETURN(const bool holds, AllHold(calculation, option.when, step.inputs));
    if (!holds) continue;
    ASSIGN_OR_RETURN(const Ratio base, std::visit(RateReader{calculation, step}, option.rule));
    if (option.note) step.notes.push_back(*option.note);
    if (factor != Ratio(1)) {
      step.inputs.push_back({"rate before the factor", base.ToPercentString()});
      step.inputs.push_back({"factor", factor.ToFractionString()});
    }
    const Ratio effective = base * factor;
    step.description = fmt::format("{} of the {}", effective.ToPercentString(),
                                   calculation.IsLoss() ? "loss" : "gain");
    step.inputs.push_back({"rate", effective.ToPercentString()});
    calculation.value = calculation.value * effective;
    if (calculation.value.IsZero()) {
      // A curve may cross zero in the middle: a score that is neither rewarded nor fined.
      const bool neutral = std::holds_alternative<RateByScore>(option.rule) && !factor.IsZero();
      step.reason = neutral ? rate.otherwise : ReasonCode::kScoreZero;
    }
    return OkStatus();
  }
  step.description = "no rate: none of its conditions holds";
  step.reason = rate.otherwise;
  calculation.value = Exact();
  return OkStatus();
}

Status Apply(const Corridor& corridor, Calculation& calculation, Step& step) {
  ASSIGN_OR_RETURN(const Exact reference, NeedAmount(calculation, corridor.reference_fact));
  if (reference.Sign() <= 0) {
    return FailedPrecondition("{} (must be more than zero to measure bands by it)",
                              corridor.reference_fact);
  }
  step.description = fmt::format("marginal bands of {}", corridor.reference_fact);
  step.inputs.push_back({corridor.reference_fact, reference.ToString()});
  const Exact magnitude = Abs(calculation.value);
  Exact from;
  Exact shared;
  int number = 0;
  for (const Band& band : corridor.bands) {
    ++number;
    if (magnitude <= from) break;
    const Exact end = band.up_to ? reference * *band.up_to : magnitude;
    const Exact slice = (magnitude < end ? magnitude : end) - from;
    shared = shared + slice * band.share;
    step.inputs.push_back({fmt::format("band {}", number),
                           fmt::format("{} x {} = {}", slice.ToString(), band.share.ToString(),
                                       (slice * band.share).ToString())});
    from = end;
  }
  calculation.value = WithMagnitude(calculation.value, shared);
  if (calculation.value.IsZero()) step.reason = ReasonCode::kCorridorDeadBand;
  return OkStatus();
}

Status Apply(const Reduction& reduction, Calculation& calculation, Step& step) {
  Date pay_date = calculation.dates.pay_date;
  if (!reduction.first_pay_date_fact.empty()) {
    const auto first = calculation.facts.DateOf(reduction.first_pay_date_fact);
    if (!first.ok()) return FailedPrecondition("{}", StatusMessage(first.status()));
    if (*first) {
      pay_date = **first;
      step.detail = "cut as the first payment of the period was";
    }
  }
  const std::optional<Rate> rate = FindRate(reduction.table, pay_date);
  if (!rate) {
    return NotFound("{} on {} (the table has no row for the pay date)", reduction.table,
                    FormatDate(pay_date));
  }
  step.description = fmt::format("{}, {}", reduction.table, rate->ToString());
  step.inputs.push_back({"pay date", FormatDate(pay_date)});
  step.inputs.push_back({"reduction", rate->ToString()});
  if (*rate == Rate()) return OkStatus();
  calculation.value = calculation.value * (Ratio(1) - Ratio(*rate));
  if (reduction.note) step.notes.push_back(*reduction.note);
  return OkStatus();
}

Status Apply(const Cap& cap, Calculation& calculation, Step& step) {
  step.description = calculation.IsLoss() ? "loss limit" : "payment limit";
  const Exact magnitude = Abs(calculation.value);
  std::optional<Exact> smallest;
  const Limit* binding = nullptr;
  bool any_holds = false;
  for (const Limit& limit : cap.limits) {
    ASSIGN_OR_RETURN(const bool holds, AllHold(calculation, limit.when, step.inputs));
    if (!holds) continue;
    any_holds = true;
    ASSIGN_OR_RETURN(const std::optional<Exact> amount, ReadLimit(limit, calculation, step));
    if (!amount) continue;
    if (!smallest || *amount < *smallest) {
      smallest = amount;
      binding = &limit;
    }
  }
  if (!any_holds) {
    return NotFound(
        "a limit for this case (none of the cap's conditions holds; the terms must "
        "state one)");
  }
  if (!smallest || magnitude <= *smallest) return OkStatus();
  // A negative reference cannot turn a gain into a loss: the least that a limit leaves is nothing.
  const Exact limited = smallest->Sign() < 0 ? Exact() : *smallest;
  calculation.value = WithMagnitude(calculation.value, limited);
  step.notes.push_back(binding->note);
  if (calculation.value.IsZero()) {
    step.reason = ReasonCode::kAnnualLimitUsed;
    step.detail = "the limit is zero";
  }
  return OkStatus();
}

Status Apply(const Floor& floor, Calculation& calculation, Step& step) {
  step.description = "guaranteed minimum";
  ASSIGN_OR_RETURN(const bool holds, AllHold(calculation, floor.limit.when, step.inputs));
  if (!holds) return OkStatus();
  ASSIGN_OR_RETURN(const std::optional<Exact> amount, ReadLimit(floor.limit, calculation, step));
  if (!amount || Abs(calculation.value) >= *amount) return OkStatus();
  calculation.value = WithMagnitude(calculation.value, *amount);
  step.notes.push_back(floor.limit.note);
  return OkStatus();
}

Status Apply(const Relief& relief, Calculation& calculation, Step& step) {
  step.description = "disaster relief";
  ASSIGN_OR_RETURN(const Exact amount, std::visit(ReliefReader{calculation, step}, relief.kind));
  if (amount.Sign() < 0) {
    return FailedPrecondition("relief (the amount is {}; write relief as a positive amount)",
                              amount.ToString());
  }
  if (amount.IsZero()) return OkStatus();
  const Exact owed = Abs(calculation.value);
  if (amount >= owed) {
    calculation.value = Exact();
    step.reason = ReasonCode::kReliefAbsorbedLoss;
    return OkStatus();
  }
  calculation.value = calculation.value + amount;
  step.notes.push_back(ReasonCode::kReliefPartial);
  return OkStatus();
}

}  // namespace sluice::performance
