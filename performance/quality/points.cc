#include "performance/quality/points.h"

#include <algorithm>

#include "core/check.h"
#include "performance/percentile.h"

namespace sluice::performance {
namespace {

const Ratio kOne(1);

bool Reaches(const Ratio& rate, const Ratio& goal, bool lower_is_better) {
  return lower_is_better ? rate <= goal : rate >= goal;
}

Ratio Clamp(const Ratio& value, const Ratio& lowest, const Ratio& highest) {
  if (value < lowest) return lowest;
  return value > highest ? highest : value;
}

PointsEarned BelowThreshold(PointsEarned earned) {
  earned.points = Ratio();
  earned.zero = ReasonCode::kBelowThreshold;
  return earned;
}

// How far a percentile rank lies, for people: "75th percentile", "12.5th percentile".
std::string PercentileName(const Ratio& percentile) {
  return fmt::format("percentile {}", (percentile * Ratio(100)).ToString());
}

// floor(a), for numbers that are counts.
std::int64_t Floor(const Ratio& value) {
  mpz_class quotient;
  mpz_fdiv_q(quotient.get_mpz_t(), value.Numerator().get_mpz_t(), value.Denominator().get_mpz_t());
  CHECK(quotient.fits_slong_p());
  return quotient.get_si();
}

StatusOr<Ratio> BaseRate(const MeasureTerm& term, const Baseline& baseline, const Facts& facts,
                         const DateRange& period, std::optional<ReasonCode>& too_small) {
  if (!baseline.period.to || *baseline.period.to > period.from) {
    return FailedPrecondition(
        "baseline of {} (its period {} must end before the performance period {} begins)", term.id,
        baseline.period.ToString(), period.ToString());
  }
  if (baseline.rate) return *baseline.rate;
  const std::optional<MeasureResult> result = facts.FindMeasure(baseline.measure);
  if (!result) {
    return FailedPrecondition("measure {} (record the baseline result of {}, {})", baseline.measure,
                              term.id, baseline.period.ToString());
  }
  if (!result->reported || result->denominator.Sign() <= 0 ||
      result->denominator < Ratio(term.minimum_denominator)) {
    too_small = result->reported ? ReasonCode::kBelowMinimumDenominator : ReasonCode::kNotReported;
    return Ratio();
  }
  return result->numerator / result->denominator;
}

// The peers from worst to best.
StatusOr<std::vector<Ratio>> OrderedPeers(const MeasureTerm& term, const PercentilePoints& rule,
                                          const Facts& facts, const DateRange& period) {
  std::vector<Ratio> rates;
  if (rule.peers_fact.empty()) {
    const PeerRates* in_force = nullptr;
    for (const PeerRates& peers : rule.peers) {
      if (peers.from <= period.from) in_force = &peers;
    }
    if (in_force == nullptr) {
      return NotFound("peers of {} on {} (the table of {} has no row for the day)", term.id,
                      FormatDate(period.from), rule.peer_group);
    }
    rates = in_force->rates;
  } else {
    const auto text = facts.Text(rule.peers_fact);
    if (!text.ok()) return FailedPrecondition("{}", StatusMessage(text.status()));
    if (!*text) {
      return FailedPrecondition("{} (record the rates of the peer group {}, separated by blanks)",
                                rule.peers_fact, rule.peer_group);
    }
    std::string_view rest = **text;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      const StatusOr<Ratio> rate = Ratio::Parse(rest.substr(0, end));
      if (!rate.ok()) {
        return FailedPrecondition("{} (rates separated by one blank each; {})", rule.peers_fact,
                                  StatusMessage(rate.status()));
      }
      rates.push_back(*rate);
      rest = rest.substr(std::min(end + 1, rest.size()));
    }
    if (rates.empty()) {
      return FailedPrecondition("{} (the peer group {} has no rates)", rule.peers_fact,
                                rule.peer_group);
    }
  }
  std::sort(rates.begin(), rates.end());
  if (rule.lower_is_better) std::reverse(rates.begin(), rates.end());
  return rates;
}

struct Improvement {
  Ratio base;
  Ratio amount;                       // positive when the rate got better
  std::optional<ReasonCode> no_base;  // why there is nothing to improve on
};

StatusOr<Improvement> MeasureImprovement(const MeasureTerm& term, const ImprovementPoints& rule,
                                         const Ratio& rate, const Facts& facts,
                                         const DateRange& period) {
  Improvement improvement;
  ASSIGN_OR_RETURN(improvement.base,
                   BaseRate(term, rule.baseline, facts, period, improvement.no_base));
  if (improvement.no_base) return improvement;
  const Ratio gained = rule.lower_is_better ? improvement.base - rate : rate - improvement.base;
  switch (rule.kind) {
    case ImprovementKind::kDifference:
      improvement.amount = gained;
      return improvement;
    case ImprovementKind::kRelative:
      if (improvement.base.Sign() <= 0) {
        return FailedPrecondition(
            "baseline of {} (it is {}: improvement relative to it has no meaning; agree on a "
            "difference)",
            term.id, improvement.base.ToString());
      }
      improvement.amount = gained / improvement.base;
      return improvement;
    case ImprovementKind::kGapClosed: {
      const Ratio gap =
          rule.lower_is_better ? improvement.base - term.target : term.target - improvement.base;
      // A base at the target leaves no gap: it stays closed, or it is open again.
      if (gap.Sign() <= 0) {
        improvement.amount =
            Reaches(rate, term.target, rule.lower_is_better) ? rule.target : Ratio();
      } else {
        improvement.amount = gained / gap;
      }
      return improvement;
    }
  }
  return improvement;
}

// The rate at which the improvement is `amount`.
Ratio RateOfImprovement(const MeasureTerm& term, const ImprovementPoints& rule, const Ratio& base,
                        const Ratio& amount) {
  Ratio change = amount;
  if (rule.kind == ImprovementKind::kRelative) change = amount * base;
  if (rule.kind == ImprovementKind::kGapClosed) {
    const Ratio gap = rule.lower_is_better ? base - term.target : term.target - base;
    if (gap.Sign() <= 0) return term.target;
    change = amount * gap;
  }
  return rule.lower_is_better ? base - change : base + change;
}

struct Earner {
  const MeasureTerm& term;
  const Ratio& rate;
  const Facts& facts;
  const DateRange& period;

  StatusOr<PointsEarned> operator()(const LinearPoints&) const {
    PointsEarned earned;
    earned.inputs = {{"threshold", term.threshold.ToString()}, {"target", term.target.ToString()}};
    // The sign of target - threshold turns the comparison round where lower is better.
    const Ratio raw = (rate - term.threshold) / (term.target - term.threshold);
    earned.attained = raw.Sign() >= 0;
    if (!earned.attained) return BelowThreshold(std::move(earned));
    earned.points =
        term.points_at_threshold + (kOne - term.points_at_threshold) * (raw > kOne ? kOne : raw);
    return earned;
  }

  StatusOr<PointsEarned> operator()(const TierPoints& rule) const {
    PointsEarned earned;
    std::size_t reached = 0;
    while (reached < rule.steps.size() &&
           Reaches(rate, rule.steps[reached].at, rule.lower_is_better)) {
      ++reached;
    }
    earned.attained = reached > 0;
    earned.inputs.push_back({"step", fmt::format("{} of {}{}", reached, rule.steps.size(),
                                                 rule.marginal ? ", marginal" : "")});
    if (!earned.attained) {
      earned.inputs.push_back({"first step", rule.steps.front().at.ToString()});
      return BelowThreshold(std::move(earned));
    }
    const PointsStep& step = rule.steps[reached - 1];
    earned.inputs.push_back({"step begins at", step.at.ToString()});
    earned.points = step.points;
    if (rule.marginal && reached < rule.steps.size()) {
      const PointsStep& next = rule.steps[reached];
      const Ratio way = (rate - step.at) / (next.at - step.at);
      earned.points = earned.points + (next.points - step.points) * way;
    }
    return earned;
  }

  StatusOr<PointsEarned> operator()(const StarPoints& rule) const {
    PointsEarned earned;
    std::int64_t stars = 1;
    for (const Ratio& cut : rule.cuts) {
      if (!Reaches(rate, cut, rule.lower_is_better)) break;
      ++stars;
    }
    earned.attained = stars > 1;
    earned.points = Ratio(stars);
    earned.inputs.push_back({"stars", fmt::format("{}", stars)});
    if (stars > 1) {
      earned.inputs.push_back(
          {"cut point", rule.cuts[static_cast<std::size_t>(stars - 2)].ToString()});
    }
    return earned;
  }

  StatusOr<PointsEarned> operator()(const PercentilePoints& rule) const {
    ASSIGN_OR_RETURN(const std::vector<Ratio> peers, OrderedPeers(term, rule, facts, period));
    PointsEarned earned;
    std::int64_t worse = 0;
    std::int64_t equal = 0;
    for (const Ratio& peer : peers) {
      if (peer == rate) ++equal;
      if (rule.lower_is_better ? peer > rate : peer < rate) ++worse;
    }
    const auto count = static_cast<std::int64_t>(peers.size());
    earned.inputs = {{"peer group", rule.peer_group},
                     {"peers", fmt::format("{}; {} worse, {} equal", count, worse, equal)},
                     {"percentile by", rule.method == PercentileMethod::kR7
                                           ? "R-7: linear between ranks at p x (n - 1)"
                                           : "nearest rank: ceil(p x n)"},
                     {"a rate equal to a percentile",
                      rule.ties == TieRule::kReaches ? "reaches it" : "falls short of it"}};
    const PointsStep* reached = nullptr;
    for (const PointsStep& step : rule.steps) {
      const Ratio cut = PercentileOf(peers, step.at, rule.method);
      const bool holds = rule.ties == TieRule::kReaches ? Reaches(rate, cut, rule.lower_is_better)
                                                        : !Reaches(cut, rate, rule.lower_is_better);
      earned.inputs.push_back({PercentileName(step.at), cut.ToString()});
      if (!holds) break;
      reached = &step;
    }
    earned.attained = reached != nullptr;
    if (reached == nullptr) return BelowThreshold(std::move(earned));
    earned.points = reached->points;
    return earned;
  }

  StatusOr<PointsEarned> operator()(const AttainOrImprove& rule) const {
    PointsEarned earned;
    const bool lower = term.LowerIsBetter();
    const Ratio way = (rate - term.threshold) / (term.target - term.threshold);
    earned.attained = way.Sign() >= 0;
    Ratio attainment;
    if (way >= kOne) {
      attainment = rule.full;
    } else if (earned.attained) {
      attainment = Clamp(rule.attainment_span * way + rule.attainment_start, Ratio(), rule.full);
    }
    std::optional<ReasonCode> too_small;
    ASSIGN_OR_RETURN(const Ratio base, BaseRate(term, rule.baseline, facts, period, too_small));
    Ratio improvement;
    std::string from = base.ToString();
    if (too_small) {
      from = std::string(ReasonName(*too_small));
    } else {
      const Ratio gained = lower ? base - rate : rate - base;
      const Ratio gap = lower ? base - term.target : term.target - base;
      if (gained.Sign() > 0 && gap.Sign() > 0) {
        improvement = Clamp(rule.improvement_span * (gained / gap) + rule.improvement_start,
                            Ratio(), rule.improvement_most);
      }
    }
    earned.inputs = {{"threshold", term.threshold.ToString()},
                     {"target", term.target.ToString()},
                     {"baseline", fmt::format("{}, {}", from, rule.baseline.period.ToString())},
                     {"attainment points", attainment.ToString()},
                     {"improvement points", improvement.ToString()}};
    earned.points = attainment > improvement ? attainment : improvement;
    if (earned.points.IsZero()) return BelowThreshold(std::move(earned));
    return earned;
  }

  StatusOr<PointsEarned> operator()(const ImprovementPoints& rule) const {
    PointsEarned earned;
    ASSIGN_OR_RETURN(const Improvement improvement,
                     MeasureImprovement(term, rule, rate, facts, period));
    if (improvement.no_base) {
      earned.inputs.push_back({"baseline", fmt::format("{}, {}", ReasonName(*improvement.no_base),
                                                       rule.baseline.period.ToString())});
      earned.zero = improvement.no_base;
      return earned;
    }
    earned.inputs = {{"baseline", fmt::format("{}, {}", improvement.base.ToString(),
                                              rule.baseline.period.ToString())},
                     {"improvement", improvement.amount.ToString()},
                     {"improvement threshold", rule.threshold.ToString()},
                     {"improvement target", rule.target.ToString()}};
    const Ratio raw = (improvement.amount - rule.threshold) / (rule.target - rule.threshold);
    earned.attained = raw.Sign() >= 0;
    if (!earned.attained) return BelowThreshold(std::move(earned));
    earned.points =
        term.points_at_threshold + (kOne - term.points_at_threshold) * (raw > kOne ? kOne : raw);
    return earned;
  }

  StatusOr<PointsEarned> operator()(const ReportingPoints& rule) const {
    PointsEarned earned;
    earned.attained = true;
    earned.points = rule.points;
    earned.inputs.push_back({"points for", "reporting, whatever the rate"});
    return earned;
  }
};

struct GoalFinder {
  const MeasureTerm& term;
  const Ratio& rate;
  const Facts& facts;
  const DateRange& period;

  using Result = StatusOr<std::vector<Goal>>;

  Result operator()(const LinearPoints&) const {
    return std::vector<Goal>{{.rate = term.threshold, .name = "threshold"},
                             {.rate = term.target, .name = "target"}};
  }
  Result operator()(const TierPoints& rule) const {
    std::vector<Goal> goals;
    for (std::size_t i = 0; i < rule.steps.size(); ++i) {
      goals.push_back({.rate = rule.steps[i].at, .name = fmt::format("step {}", i + 1)});
    }
    return goals;
  }
  Result operator()(const StarPoints& rule) const {
    std::vector<Goal> goals;
    for (std::size_t i = 0; i < rule.cuts.size(); ++i) {
      goals.push_back({.rate = rule.cuts[i], .name = fmt::format("{} stars", i + 2)});
    }
    return goals;
  }
  Result operator()(const PercentilePoints& rule) const {
    ASSIGN_OR_RETURN(const std::vector<Ratio> peers, OrderedPeers(term, rule, facts, period));
    std::vector<Goal> goals;
    for (const PointsStep& step : rule.steps) {
      goals.push_back({.rate = PercentileOf(peers, step.at, rule.method),
                       .exceed = rule.ties == TieRule::kFallsShort,
                       .name = PercentileName(step.at)});
    }
    return goals;
  }
  Result operator()(const AttainOrImprove& rule) const {
    std::vector<Goal> goals = {{.rate = term.threshold, .name = "threshold"},
                               {.rate = term.target, .name = "target"}};
    std::optional<ReasonCode> too_small;
    ASSIGN_OR_RETURN(const Ratio base, BaseRate(term, rule.baseline, facts, period, too_small));
    // Improvement earns from the point on where span x way + start leaves zero.
    if (!too_small && rule.improvement_span.Sign() > 0) {
      const Ratio way = Clamp(-rule.improvement_start / rule.improvement_span, Ratio(), kOne);
      goals.push_back({.rate = base + (term.target - base) * way,
                       .exceed = true,
                       .name = "improvement over the baseline"});
    }
    return goals;
  }
  Result operator()(const ImprovementPoints& rule) const {
    ASSIGN_OR_RETURN(const Improvement improvement,
                     MeasureImprovement(term, rule, rate, facts, period));
    if (improvement.no_base) return std::vector<Goal>();
    return std::vector<Goal>{
        {.rate = RateOfImprovement(term, rule, improvement.base, rule.threshold),
         .name = "improvement threshold"},
        {.rate = RateOfImprovement(term, rule, improvement.base, rule.target),
         .name = "improvement target"}};
  }
  Result operator()(const ReportingPoints&) const { return std::vector<Goal>(); }
};

}  // namespace

StatusOr<PointsEarned> EarnPoints(const MeasureTerm& term, const Ratio& rate, const Facts& facts,
                                  const DateRange& period) {
  ASSIGN_OR_RETURN(PointsEarned earned, std::visit(Earner{term, rate, facts, period}, term.points));
  if (!term.points_unit.IsZero()) {
    const Ratio rounded = RoundHalfUp(earned.points, term.points_unit);
    if (rounded != earned.points) {
      earned.inputs.push_back({"points before rounding", earned.points.ToString()});
      earned.points = rounded;
      if (rounded.IsZero()) earned.zero = ReasonCode::kRoundedToZero;
    }
  }
  const ToppedOut* topped = FindToppedOut(term, YearOf(period.from));
  if (topped != nullptr && topped->points_cap && earned.points > *topped->points_cap) {
    earned.inputs.push_back({"points before the cap", earned.points.ToString()});
    earned.points = *topped->points_cap;
    earned.notes.push_back(ReasonCode::kCapApplied);
    if (earned.points.IsZero()) earned.zero = ReasonCode::kToppedOut;
  }
  return earned;
}

Ratio PossiblePoints(const PointsRule& rule) {
  struct Visitor {
    Ratio operator()(const LinearPoints&) const { return kOne; }
    Ratio operator()(const TierPoints& r) const { return r.steps.back().points; }
    Ratio operator()(const StarPoints& r) const {
      return Ratio(static_cast<std::int64_t>(r.cuts.size()) + 1);
    }
    Ratio operator()(const PercentilePoints& r) const { return r.steps.back().points; }
    Ratio operator()(const AttainOrImprove& r) const { return r.full; }
    Ratio operator()(const ImprovementPoints&) const { return kOne; }
    Ratio operator()(const ReportingPoints& r) const { return r.points; }
  };
  return std::visit(Visitor{}, rule);
}

bool LowerIsBetter(const MeasureTerm& term) {
  struct Visitor {
    const MeasureTerm& term;
    bool operator()(const LinearPoints&) const { return term.LowerIsBetter(); }
    bool operator()(const TierPoints& r) const { return r.lower_is_better; }
    bool operator()(const StarPoints& r) const { return r.lower_is_better; }
    bool operator()(const PercentilePoints& r) const { return r.lower_is_better; }
    bool operator()(const AttainOrImprove&) const { return term.LowerIsBetter(); }
    bool operator()(const ImprovementPoints& r) const { return r.lower_is_better; }
    bool operator()(const ReportingPoints&) const { return false; }
  };
  return std::visit(Visitor{term}, term.points);
}

const ToppedOut* FindToppedOut(const MeasureTerm& term, int year) {
  const ToppedOut* found = nullptr;
  for (const ToppedOut& topped : term.topped_out) {
    if (topped.from_year <= year) found = &topped;
  }
  return found;
}

Ratio RoundHalfUp(const Ratio& value, const Ratio& unit) {
  if (unit.IsZero()) return value;
  return Ratio(Floor(value / unit + Ratio(1, 2))) * unit;
}

StatusOr<std::vector<Goal>> GoalsAhead(const MeasureTerm& term, const Ratio& rate,
                                       const Facts& facts, const DateRange& period) {
  ASSIGN_OR_RETURN(std::vector<Goal> goals,
                   std::visit(GoalFinder{term, rate, facts, period}, term.points));
  const bool lower = LowerIsBetter(term);
  std::erase_if(goals, [&](const Goal& goal) {
    return goal.exceed ? !Reaches(goal.rate, rate, lower) : Reaches(rate, goal.rate, lower);
  });
  std::stable_sort(goals.begin(), goals.end(), [&](const Goal& a, const Goal& b) {
    return lower ? a.rate > b.rate : a.rate < b.rate;
  });
  return goals;
}

Ratio PercentileOf(const std::vector<Ratio>& ordered, const Ratio& percentile,
                   PercentileMethod method) {
  const PercentilePlace place = method == PercentileMethod::kNearestRank
                                    ? NearestRank(ordered.size(), percentile)
                                    : Interpolated(ordered.size(), percentile);
  return ValueAt<Ratio>(ordered, place);
}

}  // namespace sluice::performance
