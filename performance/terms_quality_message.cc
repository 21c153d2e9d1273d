// The quality part of terms to and from its messages, field by field. What is absent in the domain
// is absent in the message, so that terms without it keep the bytes and the hash they always had.
#include "performance/terms_quality_message.h"

namespace sluice::performance {
namespace {

template <typename Domain>
StatusOr<Domain> ToEnum(int value, Domain last, std::string_view what) {
  if (value < 0 || value > static_cast<int>(last)) {
    return InvalidArgument("{} {} is not known to this version", what, value);
  }
  return static_cast<Domain>(value);
}

StatusOr<Ratio> ToRatio(const std::string& text, std::string_view what) {
  StatusOr<Ratio> ratio = Ratio::Parse(text);
  if (!ratio.ok()) return Annotate(ratio.status(), what);
  return ratio;
}

// An empty text is `absent`.
StatusOr<Ratio> ToRatioOr(const std::string& text, const Ratio& absent, std::string_view what) {
  if (text.empty()) return absent;
  return ToRatio(text, what);
}

StatusOr<std::optional<Ratio>> ToOptional(const std::string& text, std::string_view what) {
  if (text.empty()) return std::optional<Ratio>();
  ASSIGN_OR_RETURN(Ratio ratio, ToRatio(text, what));
  return std::optional<Ratio>(std::move(ratio));
}

std::string Text(const Ratio& ratio) { return ratio.ToFractionString(); }
std::string Text(const std::optional<Ratio>& ratio) { return ratio ? Text(*ratio) : ""; }
// Empty for the value that an empty text stands for.
std::string TextUnless(const Ratio& absent, const Ratio& ratio) {
  return ratio == absent ? "" : Text(ratio);
}

template <typename Repeated>
StatusOr<std::vector<PointsStep>> ReadSteps(const Repeated& messages) {
  std::vector<PointsStep> steps;
  for (const proto::PointsStep& m : messages) {
    PointsStep step;
    ASSIGN_OR_RETURN(step.at, ToRatio(m.at(), "step"));
    ASSIGN_OR_RETURN(step.points, ToRatio(m.points(), "points"));
    steps.push_back(std::move(step));
  }
  return steps;
}

template <typename Repeated>
void WriteSteps(const std::vector<PointsStep>& steps, Repeated* out) {
  for (const PointsStep& step : steps) {
    proto::PointsStep& added = *out->Add();
    added.set_at(Text(step.at));
    added.set_points(Text(step.points));
  }
}

StatusOr<Baseline> ReadBaseline(const proto::Baseline& m) {
  Baseline baseline{.measure = m.measure()};
  ASSIGN_OR_RETURN(baseline.period.from, ParseDate(m.period_from()));
  ASSIGN_OR_RETURN(baseline.period.to, ParseDate(m.period_to()));
  ASSIGN_OR_RETURN(baseline.rate, ToOptional(m.rate(), "baseline rate"));
  return baseline;
}

void WriteBaseline(const Baseline& baseline, proto::Baseline& out) {
  out.set_period_from(FormatDate(baseline.period.from));
  if (baseline.period.to) out.set_period_to(FormatDate(*baseline.period.to));
  out.set_measure(baseline.measure);
  out.set_rate(Text(baseline.rate));
}

StatusOr<PointsRule> ReadPercentile(const proto::PercentilePoints& m) {
  PercentilePoints rule{.peer_group = m.peer_group(),
                        .peers_fact = m.peers_fact(),
                        .lower_is_better = m.lower_is_better()};
  for (const proto::PeerRates& message : m.peers()) {
    PeerRates peers;
    ASSIGN_OR_RETURN(peers.from, ParseDate(message.from()));
    for (const std::string& text : message.rates()) {
      ASSIGN_OR_RETURN(Ratio rate, ToRatio(text, "peer rate"));
      peers.rates.push_back(std::move(rate));
    }
    rule.peers.push_back(std::move(peers));
  }
  ASSIGN_OR_RETURN(rule.method,
                   ToEnum(m.method(), PercentileMethod::kNearestRank, "percentile method"));
  ASSIGN_OR_RETURN(rule.ties, ToEnum(m.ties(), TieRule::kFallsShort, "tie rule"));
  ASSIGN_OR_RETURN(rule.steps, ReadSteps(m.steps()));
  return PointsRule(std::move(rule));
}

StatusOr<PointsRule> ReadAttainOrImprove(const proto::AttainOrImprove& m) {
  AttainOrImprove rule;
  ASSIGN_OR_RETURN(rule.full, ToRatio(m.full(), "full points"));
  ASSIGN_OR_RETURN(rule.attainment_span, ToRatio(m.attainment_span(), "attainment span"));
  ASSIGN_OR_RETURN(rule.attainment_start, ToRatio(m.attainment_start(), "attainment start"));
  ASSIGN_OR_RETURN(rule.improvement_span, ToRatio(m.improvement_span(), "improvement span"));
  ASSIGN_OR_RETURN(rule.improvement_start, ToRatio(m.improvement_start(), "improvement start"));
  ASSIGN_OR_RETURN(rule.improvement_most, ToRatio(m.improvement_most(), "most improvement"));
  ASSIGN_OR_RETURN(rule.baseline, ReadBaseline(m.baseline()));
  return PointsRule(std::move(rule));
}

StatusOr<PointsRule> ReadImprovement(const proto::ImprovementPoints& m) {
  ImprovementPoints rule{.lower_is_better = m.lower_is_better()};
  ASSIGN_OR_RETURN(rule.baseline, ReadBaseline(m.baseline()));
  ASSIGN_OR_RETURN(rule.kind, ToEnum(m.kind(), ImprovementKind::kGapClosed, "improvement kind"));
  ASSIGN_OR_RETURN(rule.threshold, ToRatio(m.threshold(), "improvement threshold"));
  ASSIGN_OR_RETURN(rule.target, ToRatio(m.target(), "improvement target"));
  return PointsRule(std::move(rule));
}

StatusOr<PointsRule> ReadPoints(const proto::PointsRule& m) {
  switch (m.rule_case()) {
    case proto::PointsRule::kTier: {
      TierPoints rule{.marginal = m.tier().marginal(),
                      .lower_is_better = m.tier().lower_is_better()};
      ASSIGN_OR_RETURN(rule.steps, ReadSteps(m.tier().steps()));
      return PointsRule(std::move(rule));
    }
    case proto::PointsRule::kStars: {
      StarPoints rule{.lower_is_better = m.stars().lower_is_better()};
      for (const std::string& text : m.stars().cuts()) {
        ASSIGN_OR_RETURN(Ratio cut, ToRatio(text, "cut point"));
        rule.cuts.push_back(std::move(cut));
      }
      return PointsRule(std::move(rule));
    }
    case proto::PointsRule::kPercentile:
      return ReadPercentile(m.percentile());
    case proto::PointsRule::kAttainOrImprove:
      return ReadAttainOrImprove(m.attain_or_improve());
    case proto::PointsRule::kImprovement:
      return ReadImprovement(m.improvement());
    case proto::PointsRule::kReporting: {
      ASSIGN_OR_RETURN(Ratio points, ToRatio(m.reporting().points(), "points for reporting"));
      return PointsRule(ReportingPoints{.points = std::move(points)});
    }
    case proto::PointsRule::RULE_NOT_SET:
      break;
  }
  return PointsRule(LinearPoints{});
}

struct PointsWriter {
  proto::MeasureExtension& extension;

  proto::PointsRule& Out() const { return *extension.mutable_points(); }
  void operator()(const LinearPoints&) const {}
  void operator()(const TierPoints& r) const {
    proto::TierPoints& out = *Out().mutable_tier();
    WriteSteps(r.steps, out.mutable_steps());
    out.set_marginal(r.marginal);
    out.set_lower_is_better(r.lower_is_better);
  }
  void operator()(const StarPoints& r) const {
    proto::StarPoints& out = *Out().mutable_stars();
    for (const Ratio& cut : r.cuts) out.add_cuts(Text(cut));
    out.set_lower_is_better(r.lower_is_better);
  }
  void operator()(const PercentilePoints& r) const {
    proto::PercentilePoints& out = *Out().mutable_percentile();
    out.set_peer_group(r.peer_group);
    out.set_peers_fact(r.peers_fact);
    for (const PeerRates& peers : r.peers) {
      proto::PeerRates& added = *out.add_peers();
      added.set_from(FormatDate(peers.from));
      for (const Ratio& rate : peers.rates) added.add_rates(Text(rate));
    }
    out.set_method(static_cast<proto::PercentileMethod>(r.method));
    out.set_ties(static_cast<proto::TieRule>(r.ties));
    out.set_lower_is_better(r.lower_is_better);
    WriteSteps(r.steps, out.mutable_steps());
  }
  void operator()(const AttainOrImprove& r) const {
    proto::AttainOrImprove& out = *Out().mutable_attain_or_improve();
    out.set_full(Text(r.full));
    out.set_attainment_span(Text(r.attainment_span));
    out.set_attainment_start(Text(r.attainment_start));
    out.set_improvement_span(Text(r.improvement_span));
    out.set_improvement_start(Text(r.improvement_start));
    out.set_improvement_most(Text(r.improvement_most));
    WriteBaseline(r.baseline, *out.mutable_baseline());
  }
  void operator()(const ImprovementPoints& r) const {
    proto::ImprovementPoints& out = *Out().mutable_improvement();
    WriteBaseline(r.baseline, *out.mutable_baseline());
    out.set_kind(static_cast<proto::ImprovementKind>(r.kind));
    out.set_threshold(Text(r.threshold));
    out.set_target(Text(r.target));
    out.set_lower_is_better(r.lower_is_better);
  }
  void operator()(const ReportingPoints& r) const {
    Out().mutable_reporting()->set_points(Text(r.points));
  }
};

Status ReadExtension(const proto::MeasureExtension& m, MeasureTerm& term) {
  ASSIGN_OR_RETURN(term.points, ReadPoints(m.points()));
  term.domain = m.domain();
  ASSIGN_OR_RETURN(term.default_rate, ToOptional(m.default_rate(), "default rate"));
  term.parent_measure = m.parent_measure();
  for (const proto::ToppedOut& message : m.topped_out()) {
    ToppedOut topped{.from_year = message.from_year()};
    ASSIGN_OR_RETURN(topped.points_cap, ToOptional(message.points_cap(), "points cap"));
    term.topped_out.push_back(std::move(topped));
  }
  ASSIGN_OR_RETURN(term.points_unit, ToRatioOr(m.points_unit(), Ratio(), "points unit"));
  term.hold_harmless = m.hold_harmless();
  if (m.has_evidence()) {
    MeasureEvidence evidence{.received_fact = m.evidence().received_fact()};
    ASSIGN_OR_RETURN(evidence.last_day, ParseDate(m.evidence().last_day()));
    term.evidence = std::move(evidence);
  }
  return OkStatus();
}

void WriteExtension(const MeasureTerm& term, proto::MeasureExtension& out) {
  std::visit(PointsWriter{out}, term.points);
  out.set_domain(term.domain);
  out.set_default_rate(Text(term.default_rate));
  out.set_parent_measure(term.parent_measure);
  for (const ToppedOut& topped : term.topped_out) {
    proto::ToppedOut& added = *out.add_topped_out();
    added.set_from_year(topped.from_year);
    added.set_points_cap(Text(topped.points_cap));
  }
  out.set_points_unit(TextUnless(Ratio(), term.points_unit));
  out.set_hold_harmless(term.hold_harmless);
  if (term.evidence) {
    out.mutable_evidence()->set_received_fact(term.evidence->received_fact);
    out.mutable_evidence()->set_last_day(FormatDate(term.evidence->last_day));
  }
}

StatusOr<MeasureTerm> ReadMeasure(const proto::MeasureTerm& m) {
  MeasureTerm term{.id = m.id(), .minimum_denominator = m.minimum_denominator()};
  ASSIGN_OR_RETURN(term.threshold, ToRatio(m.threshold(), "threshold"));
  ASSIGN_OR_RETURN(term.target, ToRatio(m.target(), "target"));
  ASSIGN_OR_RETURN(term.weight, ToRatio(m.weight(), "weight"));
  ASSIGN_OR_RETURN(term.small,
                   ToEnum(m.small(), SmallDenominator::kRollUp, "small denominator rule"));
  ASSIGN_OR_RETURN(term.points_at_threshold,
                   ToRatio(m.points_at_threshold(), "points at threshold"));
  if (m.has_extension()) RETURN_IF_ERROR(ReadExtension(m.extension(), term));
  return term;
}

void WriteMeasure(const MeasureTerm& term, proto::MeasureTerm& out) {
  out.set_id(term.id);
  out.set_threshold(Text(term.threshold));
  out.set_target(Text(term.target));
  out.set_weight(Text(term.weight));
  out.set_minimum_denominator(term.minimum_denominator);
  out.set_small(static_cast<proto::SmallDenominator>(term.small));
  out.set_points_at_threshold(Text(term.points_at_threshold));
  proto::MeasureExtension extension;
  WriteExtension(term, extension);
  if (extension.ByteSizeLong() > 0) *out.mutable_extension() = std::move(extension);
}

Status ReadExtension(const proto::ScoreExtension& m, Score& score) {
  for (const proto::ScoreDomain& message : m.domains()) {
    ScoreDomain domain{.name = message.name(),
                       .minimum_measures = message.minimum_measures(),
                       .small_is_zero = message.small_is_zero()};
    ASSIGN_OR_RETURN(domain.weight, ToRatio(message.weight(), "domain weight"));
    if (message.has_reward()) {
      DomainReward reward{.improved_fact = message.reward().improved_fact(),
                          .declined_fact = message.reward().declined_fact()};
      ASSIGN_OR_RETURN(reward.steps, ReadSteps(message.reward().steps()));
      domain.reward = std::move(reward);
    }
    score.domains.push_back(std::move(domain));
  }
  ASSIGN_OR_RETURN(score.method, ToEnum(m.method(), ScoreMethod::kMeanPoints, "score method"));
  ASSIGN_OR_RETURN(score.scale, ToRatioOr(m.scale(), Ratio(1), "scale"));
  for (const proto::ScoreAdjustment& message : m.adjustments()) {
    score.adjustments.push_back({.name = message.name(), .fact = message.fact()});
  }
  ASSIGN_OR_RETURN(score.rounding_unit, ToRatioOr(m.rounding_unit(), Ratio(), "rounding unit"));
  ASSIGN_OR_RETURN(score.lowest, ToOptional(m.lowest(), "lowest score"));
  ASSIGN_OR_RETURN(score.highest, ToOptional(m.highest(), "highest score"));
  ASSIGN_OR_RETURN(score.hold_harmless_from, ToOptional(m.hold_harmless_from(), "hold harmless"));
  score.minimum_measures = m.minimum_measures();
  return OkStatus();
}

void WriteExtension(const Score& score, proto::ScoreExtension& out) {
  for (const ScoreDomain& domain : score.domains) {
    proto::ScoreDomain& added = *out.add_domains();
    added.set_name(domain.name);
    added.set_weight(Text(domain.weight));
    added.set_minimum_measures(domain.minimum_measures);
    added.set_small_is_zero(domain.small_is_zero);
    if (!domain.reward) continue;
    added.mutable_reward()->set_improved_fact(domain.reward->improved_fact);
    added.mutable_reward()->set_declined_fact(domain.reward->declined_fact);
    WriteSteps(domain.reward->steps, added.mutable_reward()->mutable_steps());
  }
  out.set_method(static_cast<proto::ScoreMethod>(score.method));
  out.set_scale(TextUnless(Ratio(1), score.scale));
  for (const ScoreAdjustment& adjustment : score.adjustments) {
    proto::ScoreAdjustment& added = *out.add_adjustments();
    added.set_name(adjustment.name);
    added.set_fact(adjustment.fact);
  }
  out.set_rounding_unit(TextUnless(Ratio(), score.rounding_unit));
  out.set_lowest(Text(score.lowest));
  out.set_highest(Text(score.highest));
  out.set_hold_harmless_from(Text(score.hold_harmless_from));
  out.set_minimum_measures(score.minimum_measures);
}

}  // namespace

StatusOr<Rule> ReadScore(const proto::Score& message) {
  Score score;
  for (const proto::MeasureTerm& m : message.measures()) {
    StatusOr<MeasureTerm> term = ReadMeasure(m);
    if (!term.ok()) return Annotate(term.status(), fmt::format("measure {}", m.id()));
    score.measures.push_back(*std::move(term));
  }
  if (message.has_extension()) RETURN_IF_ERROR(ReadExtension(message.extension(), score));
  return Rule(std::move(score));
}

StatusOr<GateTest> ReadScoreAtLeast(const proto::ScoreAtLeast& message) {
  ScoreAtLeast test{.domain = message.domain()};
  ASSIGN_OR_RETURN(test.minimum, ToRatio(message.minimum(), "minimum score"));
  return GateTest(std::move(test));
}

StatusOr<RateRule> ReadRateByScore(const proto::RateByScore& message) {
  RateByScore rate{.score_fact = message.score_fact(),
                   .gain_factor_fact = message.gain_factor_fact()};
  ASSIGN_OR_RETURN(rate.from, ToRatio(message.from(), "start of a curve"));
  for (const proto::CurvePiece& m : message.pieces()) {
    CurvePiece piece{.including = m.including(),
                     .at_start = Rate::FromMillionths(m.at_start_millionths()),
                     .at_end = Rate::FromMillionths(m.at_end_millionths())};
    ASSIGN_OR_RETURN(piece.up_to, ToRatio(m.up_to(), "end of a piece"));
    rate.pieces.push_back(std::move(piece));
  }
  ASSIGN_OR_RETURN(rate.gain_factor_most, ToOptional(message.gain_factor_most(), "most"));
  return RateRule(std::move(rate));
}

StatusOr<Rule> ReadRedistribute(const proto::Redistribute& message) {
  Redistribute rule{.weight_fact = message.weight_fact(),
                    .share = Rate::FromMillionths(message.share_millionths())};
  ASSIGN_OR_RETURN(rule.minimum_score, ToRatio(message.minimum_score(), "minimum score"));
  if (message.has_most_cents()) rule.most = Money::FromCents(message.most_cents());
  return Rule(std::move(rule));
}

void WriteScore(const Score& score, proto::Score& out) {
  for (const MeasureTerm& term : score.measures) WriteMeasure(term, *out.add_measures());
  proto::ScoreExtension extension;
  WriteExtension(score, extension);
  if (extension.ByteSizeLong() > 0) *out.mutable_extension() = std::move(extension);
}

void WriteScoreAtLeast(const ScoreAtLeast& test, proto::ScoreAtLeast& out) {
  out.set_minimum(Text(test.minimum));
  out.set_domain(test.domain);
}

void WriteRateByScore(const RateByScore& rate, proto::RateByScore& out) {
  out.set_score_fact(rate.score_fact);
  out.set_from(Text(rate.from));
  for (const CurvePiece& piece : rate.pieces) {
    proto::CurvePiece& added = *out.add_pieces();
    added.set_up_to(Text(piece.up_to));
    added.set_including(piece.including);
    added.set_at_start_millionths(piece.at_start.Millionths());
    added.set_at_end_millionths(piece.at_end.Millionths());
  }
  out.set_gain_factor_fact(rate.gain_factor_fact);
  out.set_gain_factor_most(Text(rate.gain_factor_most));
}

void WriteRedistribute(const Redistribute& rule, proto::Redistribute& out) {
  out.set_minimum_score(Text(rule.minimum_score));
  out.set_weight_fact(rule.weight_fact);
  out.set_share_millionths(rule.share.Millionths());
  if (rule.most) out.set_most_cents(rule.most->Cents());
}

}  // namespace sluice::performance
