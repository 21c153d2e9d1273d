#include "performance/terms_quality_validate.h"

#include <algorithm>
#include <set>

#include "performance/program.h"
#include "performance/quality/points.h"

namespace sluice::performance {
namespace {

constexpr Rate kWhole = Rate::FromPercent(100);
const Ratio kOne(1);

// Where two entries of a table meet, the better one must lie further: no overlap, no gap.
bool Grows(const Ratio& from, const Ratio& to, bool lower_is_better) {
  return lower_is_better ? to < from : to > from;
}

Status CheckSteps(const std::vector<PointsStep>& steps, bool lower_is_better,
                  std::string_view what) {
  if (steps.empty()) return InvalidArgument("{} has no steps", what);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].points.Sign() < 0) return InvalidArgument("{} has negative points", what);
    if (i == 0) continue;
    if (!Grows(steps[i - 1].at, steps[i].at, lower_is_better)) {
      return InvalidArgument("{}: step {} does not lie past step {} (list them worst to best)",
                             what, i + 1, i);
    }
    if (steps[i].points < steps[i - 1].points) {
      return InvalidArgument("{}: step {} earns less than step {}", what, i + 1, i);
    }
  }
  if (steps.back().points.IsZero()) return InvalidArgument("{} earns nothing at its best", what);
  return OkStatus();
}

Status CheckBaseline(const Baseline& baseline, std::string_view what) {
  if (!baseline.period.to || baseline.period.IsEmpty()) {
    return InvalidArgument("{} needs a baseline period with a first and a last day", what);
  }
  if (baseline.measure.empty() == !baseline.rate.has_value()) {
    return InvalidArgument("{} needs a baseline measure or an agreed rate, and not both", what);
  }
  return OkStatus();
}

struct PointsRules {
  const MeasureTerm& term;
  const std::string what;

  Status operator()(const LinearPoints&) const { return HasScale(); }
  Status operator()(const TierPoints& r) const {
    return CheckSteps(r.steps, r.lower_is_better, what);
  }
  Status operator()(const StarPoints& r) const {
    if (r.cuts.empty()) return InvalidArgument("{} has no cut points", what);
    for (std::size_t i = 1; i < r.cuts.size(); ++i) {
      if (!Grows(r.cuts[i - 1], r.cuts[i], r.lower_is_better)) {
        return InvalidArgument("{}: the cut point of {} stars does not lie past that of {} stars",
                               what, i + 2, i + 1);
      }
    }
    return OkStatus();
  }
  Status operator()(const PercentilePoints& r) const {
    if (r.peer_group.empty()) return InvalidArgument("{} does not state its peer group", what);
    if (r.peers_fact.empty() == r.peers.empty()) {
      return InvalidArgument("{} needs the peers as a fact or as a dated table, and not both",
                             what);
    }
    for (std::size_t i = 0; i < r.peers.size(); ++i) {
      if (r.peers[i].rates.empty()) {
        return InvalidArgument("{}: its peers from {} have no rates", what,
                               FormatDate(r.peers[i].from));
      }
      if (i > 0 && r.peers[i].from <= r.peers[i - 1].from) {
        return InvalidArgument("{}: its tables of peers must have growing dates", what);
      }
    }
    RETURN_IF_ERROR(CheckSteps(r.steps, false, what));
    if (r.steps.front().at.Sign() < 0 || r.steps.back().at > kOne) {
      return InvalidArgument("{}: percentiles lie within 0 and 1", what);
    }
    return OkStatus();
  }
  Status operator()(const AttainOrImprove& r) const {
    RETURN_IF_ERROR(HasScale());
    if (r.full.Sign() <= 0 || r.attainment_span.Sign() <= 0 || r.improvement_span.Sign() <= 0) {
      return InvalidArgument("{}: full points and spans must be above zero", what);
    }
    if (r.improvement_most.Sign() < 0 || r.improvement_most > r.full) {
      return InvalidArgument("{}: improvement earns at most the full points", what);
    }
    return CheckBaseline(r.baseline, what);
  }
  Status operator()(const ImprovementPoints& r) const {
    if (r.target <= r.threshold) {
      return InvalidArgument("{}: the improvement target must be above its threshold", what);
    }
    return CheckBaseline(r.baseline, what);
  }
  Status operator()(const ReportingPoints& r) const {
    if (r.points.Sign() <= 0) return InvalidArgument("{}: reporting must earn points", what);
    return OkStatus();
  }

  Status HasScale() const {
    if (term.target == term.threshold) {
      return InvalidArgument("{} has the same threshold and target", what);
    }
    return OkStatus();
  }
};

Status CheckSmall(const MeasureTerm& term) {
  if ((term.small == SmallDenominator::kDefaultRate) != term.default_rate.has_value()) {
    return InvalidArgument("measure {} needs a default rate exactly when one may be used", term.id);
  }
  if ((term.small == SmallDenominator::kRollUp) == term.parent_measure.empty()) {
    return InvalidArgument("measure {} needs a parent's measure exactly when it rolls up", term.id);
  }
  return OkStatus();
}

Status CheckToppedOut(const MeasureTerm& term) {
  int former = 0;
  for (const ToppedOut& topped : term.topped_out) {
    if (topped.from_year <= former) {
      return InvalidArgument("measure {}: the years in which it is topped out must grow", term.id);
    }
    former = topped.from_year;
    if (topped.points_cap &&
        (topped.points_cap->Sign() < 0 || *topped.points_cap > PossiblePoints(term.points))) {
      return InvalidArgument("measure {}: the cap of {} is not within its possible points", term.id,
                             topped.from_year);
    }
  }
  return OkStatus();
}

Status CheckMeasure(const MeasureTerm& term) {
  if (term.id.empty()) return InvalidArgument("a measure has no id");
  if (term.weight.Sign() <= 0) {
    return InvalidArgument("measure {} has a weight that is not above zero", term.id);
  }
  if (term.minimum_denominator < 0) {
    return InvalidArgument("measure {} has a negative minimum denominator", term.id);
  }
  if (term.points_at_threshold.Sign() < 0 || term.points_at_threshold > kOne) {
    return InvalidArgument("measure {} has points at threshold outside 0 to 1", term.id);
  }
  if (term.points_unit.Sign() < 0) {
    return InvalidArgument("measure {} rounds its points to a negative unit", term.id);
  }
  if (term.evidence && term.evidence->received_fact.empty()) {
    return InvalidArgument("measure {}: its evidence must name a date fact", term.id);
  }
  RETURN_IF_ERROR(std::visit(PointsRules{term, fmt::format("measure {}", term.id)}, term.points));
  RETURN_IF_ERROR(CheckSmall(term));
  return CheckToppedOut(term);
}

Status CheckReward(const ScoreDomain& domain, const Score& score) {
  if (!domain.reward) return OkStatus();
  if (score.method != ScoreMethod::kShareOfPossible) {
    return InvalidArgument("domain {}: a reward needs possible points to be a share of",
                           domain.name);
  }
  if (domain.reward->improved_fact.empty() || domain.reward->declined_fact.empty()) {
    return InvalidArgument("domain {}: its reward must name two count facts", domain.name);
  }
  return CheckSteps(domain.reward->steps, false, fmt::format("the reward of {}", domain.name));
}

Status CheckDomains(const Score& score) {
  std::set<std::string> names;
  Ratio weights;
  for (const ScoreDomain& domain : score.domains) {
    if (domain.name.empty()) return InvalidArgument("a domain has no name");
    if (!names.insert(domain.name).second) {
      return InvalidArgument("domain {} is listed twice", domain.name);
    }
    if (domain.weight.Sign() <= 0) {
      return InvalidArgument("domain {} has a weight that is not above zero", domain.name);
    }
    weights = weights + domain.weight;
    const auto count =
        std::count_if(score.measures.begin(), score.measures.end(),
                      [&](const MeasureTerm& term) { return term.domain == domain.name; });
    if (count == 0) return InvalidArgument("domain {} has no measure", domain.name);
    if (domain.minimum_measures < 1 || domain.minimum_measures > count) {
      return InvalidArgument("domain {} needs from 1 to {} measures, not {}", domain.name, count,
                             domain.minimum_measures);
    }
    RETURN_IF_ERROR(CheckReward(domain, score));
  }
  if (!score.domains.empty() && weights != kOne) {
    return InvalidArgument("the weights of the domains add up to {}, not 1", weights.ToString());
  }
  for (const MeasureTerm& term : score.measures) {
    if (score.domains.empty() ? !term.domain.empty() : !names.contains(term.domain)) {
      return InvalidArgument("measure {} is in the domain '{}', which the score does not list",
                             term.id, term.domain);
    }
  }
  return OkStatus();
}

const Score* ScoreBefore(const Terms& terms, std::size_t index) {
  for (std::size_t i = 0; i < index && i < terms.components.size(); ++i) {
    if (const auto* score = std::get_if<Score>(&terms.components[i].rule)) return score;
  }
  return nullptr;
}

}  // namespace

Status CheckScore(const Score& score) {
  if (score.measures.empty()) return InvalidArgument("a score needs at least one measure");
  std::set<std::string> seen;
  for (const MeasureTerm& term : score.measures) {
    RETURN_IF_ERROR(CheckMeasure(term));
    if (!seen.insert(term.id).second) return InvalidArgument("measure {} is listed twice", term.id);
    if (term.hold_harmless && !score.hold_harmless_from) {
      return InvalidArgument("measure {} is held harmless, but the score does not say from where",
                             term.id);
    }
  }
  RETURN_IF_ERROR(CheckDomains(score));
  if (score.scale.Sign() <= 0) return InvalidArgument("the scale of a score must be above zero");
  if (score.method == ScoreMethod::kMeanPoints && score.scale != kOne) {
    return InvalidArgument("a mean of points has no scale");
  }
  if (score.rounding_unit.Sign() < 0) {
    return InvalidArgument("a score is rounded to a negative unit");
  }
  if (!score.rounding_unit.IsZero() && score.method == ScoreMethod::kShareOfPossible &&
      (score.scale / score.rounding_unit).Denominator() != 1) {
    return InvalidArgument("the rounding unit {} does not divide the scale {}",
                           score.rounding_unit.ToString(), score.scale.ToString());
  }
  if (score.lowest && score.highest && *score.lowest > *score.highest) {
    return InvalidArgument("the lowest score is above the highest");
  }
  for (const ScoreAdjustment& adjustment : score.adjustments) {
    if (adjustment.fact.empty() || adjustment.name.empty()) {
      return InvalidArgument("an adjustment of the score needs a name and a fact");
    }
  }
  if (score.minimum_measures < 0 ||
      score.minimum_measures > static_cast<int>(score.measures.size())) {
    return InvalidArgument("the score needs {} measures and lists {}", score.minimum_measures,
                           score.measures.size());
  }
  return OkStatus();
}

Status CheckScoreIsShare(const Terms& terms, std::size_t index) {
  const Score* score = ScoreBefore(terms, index);
  if (score != nullptr && !score->IsShare()) {
    return InvalidArgument(
        "the score is not a share of 1, so a rate cannot be multiplied by it; use a curve over the "
        "score");
  }
  return OkStatus();
}

Status CheckScoreAtLeast(const ScoreAtLeast& test, const Terms& terms, std::size_t index) {
  const Score* score = ScoreBefore(terms, index);
  if (score == nullptr) return InvalidArgument("a gate on the score needs it before the gate");
  if (test.domain.empty()) return OkStatus();
  for (const ScoreDomain& domain : score->domains) {
    if (domain.name == test.domain) return OkStatus();
  }
  return InvalidArgument("the score has no domain '{}'", test.domain);
}

Status CheckAttainedInEachDomain(const AttainedInEachDomain& test, const Terms& terms) {
  if (test.minimum < 1) return InvalidArgument("a count gate needs a minimum of at least 1");
  const Score* score = ScoreBefore(terms, terms.components.size());
  if (score == nullptr || score->domains.empty()) {
    return InvalidArgument("a gate on domains needs a score with domains");
  }
  return OkStatus();
}

Status CheckRateByScore(const RateByScore& rate, const Terms& terms, std::size_t index) {
  if (rate.score_fact.empty() && ScoreBefore(terms, index) == nullptr) {
    return InvalidArgument("a rate that names no score fact needs a score component before it");
  }
  if (rate.pieces.empty()) return InvalidArgument("a curve needs at least one piece");
  const auto* basis = std::get_if<Basis>(&terms.components.front().rule);
  const bool withheld = basis != nullptr && std::holds_alternative<WithheldBalance>(basis->kind);
  Ratio former = rate.from;
  for (const CurvePiece& piece : rate.pieces) {
    if (piece.up_to <= former) return InvalidArgument("the pieces of a curve must grow");
    former = piece.up_to;
    for (const Rate edge : {piece.at_start, piece.at_end}) {
      if (edge < Rate::FromPercent(-100))
        return InvalidArgument("a curve takes at most the whole: -100 %");
      if (withheld && (edge < Rate() || edge > kWhole)) {
        return InvalidArgument("of a withheld balance from 0 % to 100 % is earned, not {}",
                               edge.ToString());
      }
    }
  }
  if (!rate.pieces.back().including) {
    return InvalidArgument("the last piece of a curve includes its end");
  }
  if (withheld && !rate.gain_factor_fact.empty()) {
    return InvalidArgument("a withheld balance is not scaled: more could be earned than is there");
  }
  if (rate.gain_factor_most && rate.gain_factor_most->Sign() <= 0) {
    return InvalidArgument("the most that a curve is scaled by must be above zero");
  }
  return OkStatus();
}

Status CheckRedistribute(const Redistribute& rule) {
  if (rule.weight_fact.empty()) return InvalidArgument("a redistribution must name a weight");
  if (rule.minimum_score.Sign() < 0) return InvalidArgument("a minimum score is negative");
  if (rule.most && *rule.most <= Money()) {
    return InvalidArgument("the most that a contract receives must be more than zero");
  }
  return OkStatus();
}

Status CheckWithhold(const Withhold& withhold) {
  for (const std::string& stream : withhold.streams) {
    const auto known = PaymentStreams();
    if (std::find(known.begin(), known.end(), stream) == known.end()) {
      return InvalidArgument("there is no payment stream '{}' to withhold from", stream);
    }
  }
  if (withhold.interest &&
      (withhold.interest->annual <= Rate() || withhold.interest->annual > kWhole)) {
    return InvalidArgument("interest must be above 0 % and at most 100 % a year, not {}",
                           withhold.interest->annual.ToString());
  }
  const int release = withhold.release_on ? withhold.release_on->months_after_year : 0;
  if (release < 0) return InvalidArgument("a withhold is released before its year ends");
  if (withhold.expiry && withhold.expiry->months_after_year <= release) {
    return InvalidArgument("a withhold expires after its release, not before");
  }
  return OkStatus();
}

Status CheckWithholdOfAward(const Withhold& withhold) {
  if (!withhold.streams.empty()) {
    return InvalidArgument("the withhold of an award is of its own stream and names none");
  }
  return OkStatus();
}

}  // namespace sluice::performance
