#include "performance/quality/describe.h"

#include <vector>

namespace sluice::performance {
namespace {

std::string Join(const std::vector<std::string>& parts, std::string_view glue) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += glue;
    out += part;
  }
  return out;
}

std::string Steps(const std::vector<PointsStep>& steps) {
  std::vector<std::string> parts;
  for (const PointsStep& step : steps) {
    parts.push_back(fmt::format("{} at {}", step.points.ToString(), step.at.ToString()));
  }
  return Join(parts, ", ");
}

std::string Text(const Baseline& baseline) {
  return fmt::format("{} in {}", baseline.rate ? baseline.rate->ToString() : baseline.measure,
                     baseline.period.ToString());
}

struct PointsText {
  const MeasureTerm& term;

  std::string operator()(const LinearPoints&) const {
    return fmt::format("from {} to {}", term.threshold.ToString(), term.target.ToString());
  }
  std::string operator()(const TierPoints& r) const {
    return fmt::format("by {}table: {}", r.marginal ? "marginal " : "", Steps(r.steps));
  }
  std::string operator()(const StarPoints& r) const {
    std::vector<std::string> cuts;
    for (const Ratio& cut : r.cuts) cuts.push_back(cut.ToString());
    return fmt::format("stars at {}", Join(cuts, ", "));
  }
  std::string operator()(const PercentilePoints& r) const {
    return fmt::format("by percentile ({}{}) of {}: {}",
                       r.method == PercentileMethod::kR7 ? "R-7" : "nearest rank",
                       r.ties == TieRule::kReaches ? "" : ", to be exceeded", r.peer_group,
                       Steps(r.steps));
  }
  std::string operator()(const AttainOrImprove& r) const {
    return fmt::format("the better of attainment from {} to {} and improvement over {}",
                       term.threshold.ToString(), term.target.ToString(), Text(r.baseline));
  }
  std::string operator()(const ImprovementPoints& r) const {
    static constexpr std::string_view kKinds[] = {"difference", "relative change", "gap closed"};
    return fmt::format("improvement ({}) from {} to {} over {}",
                       kKinds[static_cast<std::size_t>(r.kind)], r.threshold.ToString(),
                       r.target.ToString(), Text(r.baseline));
  }
  std::string operator()(const ReportingPoints& r) const {
    return fmt::format("{} for reporting", r.points.ToString());
  }
};

std::string SmallText(const MeasureTerm& term) {
  switch (term.small) {
    case SmallDenominator::kDropAndReweight:
      return "";
    case SmallDenominator::kScoreZero:
      return " else zero";
    case SmallDenominator::kDefaultRate:
      return fmt::format(" else {}", term.default_rate->ToString());
    case SmallDenominator::kRollUp:
      return fmt::format(" else {}", term.parent_measure);
  }
  return "";
}

std::string_view Place(ForfeitTo to) {
  static constexpr std::string_view kPlaces[] = {"the pool", "the parent", "the payer"};
  return kPlaces[static_cast<std::size_t>(to)];
}

}  // namespace

std::string DescribeMeasure(const MeasureTerm& term) {
  std::string text = fmt::format("{} {}, weight {}, at least {}{}", term.id,
                                 std::visit(PointsText{term}, term.points), term.weight.ToString(),
                                 term.minimum_denominator, SmallText(term));
  if (!term.points_unit.IsZero()) {
    text += fmt::format(", points to {}", term.points_unit.ToString());
  }
  for (const ToppedOut& topped : term.topped_out) {
    text += topped.points_cap ? fmt::format(", from {} at most {}", topped.from_year,
                                            topped.points_cap->ToString())
                              : fmt::format(", from {} not counted", topped.from_year);
  }
  if (term.evidence) {
    text += fmt::format(", evidence by {}", FormatDate(term.evidence->last_day));
  }
  return text;
}

std::string DescribeScore(const Score& score) {
  std::vector<std::string> parts;
  for (const ScoreDomain& domain : score.domains) {
    std::vector<std::string> measures;
    for (const MeasureTerm& term : score.measures) {
      if (term.domain == domain.name) measures.push_back(DescribeMeasure(term));
    }
    parts.push_back(fmt::format("{} {}: {}", domain.name, domain.weight.ToPercentString(),
                                Join(measures, "; ")));
  }
  if (score.domains.empty()) {
    for (const MeasureTerm& term : score.measures) parts.push_back(DescribeMeasure(term));
  }
  std::string text = Join(parts, "; ");
  if (score.method == ScoreMethod::kMeanPoints) text = "mean of points: " + text;
  for (const ScoreAdjustment& adjustment : score.adjustments) {
    text += fmt::format("; plus {}", adjustment.name);
  }
  if (!score.rounding_unit.IsZero()) {
    text += fmt::format("; to {}", score.rounding_unit.ToString());
  }
  return text;
}

std::string DescribeCurve(const RateByScore& rate) {
  std::vector<std::string> parts;
  for (const CurvePiece& piece : rate.pieces) {
    parts.push_back(fmt::format(
        "{} {} {}{}", piece.including ? "up to" : "below", piece.up_to.ToString(),
        piece.at_start.ToString(),
        piece.at_end == piece.at_start ? "" : fmt::format(" to {}", piece.at_end.ToString())));
  }
  const std::string scaled =
      rate.gain_factor_fact.empty() ? "" : fmt::format(", gains x {}", rate.gain_factor_fact);
  return fmt::format("by {}: {}{}", rate.score_fact.empty() ? "score" : rate.score_fact,
                     Join(parts, ", "), scaled);
}

std::string DescribeRedistribution(const Redistribute& rule) {
  return fmt::format("{} of what the program forfeits to scores of at least {}, by {}",
                     rule.share.ToString(), rule.minimum_score.ToString(), rule.weight_fact);
}

std::string DescribeWithhold(const Withhold& withhold) {
  std::string text = withhold.rate.ToString();
  if (withhold.base == WithholdBase::kGross) text += " of gross";
  if (!withhold.streams.empty()) text += " of " + Join(withhold.streams, ", ");
  if (withhold.release_on) {
    text +=
        fmt::format(", released {} months after the year", withhold.release_on->months_after_year);
    if (!withhold.release_on->flag_fact.empty()) {
      text += fmt::format(" when {}", withhold.release_on->flag_fact);
    }
  }
  if (withhold.interest) {
    text +=
        fmt::format(", interest {} {}", withhold.interest->annual.ToString(),
                    withhold.interest->day_count == DayCount::kActual365 ? "act/365" : "30/360");
  }
  if (withhold.expiry) {
    text += fmt::format(", expires {} months after the year to {}",
                        withhold.expiry->months_after_year, Place(withhold.expiry->to));
  }
  return text;
}

}  // namespace sluice::performance
