// The episode basis of terms to and from its protobuf message.
#include "performance/terms_message.h"

namespace sluice::performance {
namespace {

template <typename Domain>
StatusOr<Domain> Known(int value, Domain last, std::string_view what) {
  if (value < 0 || value > static_cast<int>(last)) {
    return InvalidArgument("{} {} is not known to this version", what, value);
  }
  return static_cast<Domain>(value);
}

// A ratio in the one spelling that stored terms have.
StatusOr<Ratio> ReadRatio(const std::string& text) {
  ASSIGN_OR_RETURN(Ratio ratio, Ratio::Parse(text));
  if (ratio.ToFractionString() != text) {
    return InvalidArgument("the ratio '{}' is not in lowest terms", text);
  }
  return ratio;
}

void Write(const ClaimCode& code, proto::ClaimCode& out) {
  out.set_field(static_cast<proto::ClaimCodeField>(code.field));
  out.set_code(code.code);
}

StatusOr<ClaimCode> Read(const proto::ClaimCode& m) {
  ClaimCode code{.code = m.code()};
  ASSIGN_OR_RETURN(code.field, Known(m.field(), ClaimCodeField::kPlaceOfService, "code field"));
  return code;
}

void Write(const Winsorizing& w, proto::Winsorizing& out) {
  if (w.low_percentile) out.set_low_percentile(w.low_percentile->ToFractionString());
  if (w.high_percentile) out.set_high_percentile(w.high_percentile->ToFractionString());
  out.set_definition(static_cast<proto::PercentileDefinition>(w.definition));
  if (w.low_amount) out.set_low_amount_cents(w.low_amount->Cents());
  if (w.high_amount) out.set_high_amount_cents(w.high_amount->Cents());
}

StatusOr<Winsorizing> Read(const proto::Winsorizing& m) {
  Winsorizing w;
  if (!m.low_percentile().empty()) {
    ASSIGN_OR_RETURN(w.low_percentile, ReadRatio(m.low_percentile()));
  }
  if (!m.high_percentile().empty()) {
    ASSIGN_OR_RETURN(w.high_percentile, ReadRatio(m.high_percentile()));
  }
  ASSIGN_OR_RETURN(w.definition, Known(m.definition(), PercentileDefinition::kNextAbove,
                                       "definition of a percentile"));
  if (m.has_low_amount_cents()) w.low_amount = Money::FromCents(m.low_amount_cents());
  if (m.has_high_amount_cents()) w.high_amount = Money::FromCents(m.high_amount_cents());
  return w;
}

void Write(const EpisodeDefinition& definition, proto::EpisodeDefinition& out) {
  out.set_type(definition.type);
  out.set_name(definition.name);
  for (const EpisodeAnchor& anchor : definition.anchors) {
    proto::EpisodeAnchor& added = *out.add_anchors();
    Write(anchor.code, *added.mutable_code());
    added.set_cell(anchor.cell);
  }
  out.set_days_before(definition.days_before);
  out.set_days_after(definition.days_after);
  for (const ClaimCode& code : definition.included) Write(code, *out.add_included());
  for (const ClaimCode& code : definition.excluded) Write(code, *out.add_excluded());
  Write(definition.winsorizing, *out.mutable_winsorizing());
  out.set_discount_millionths(definition.discount.Millionths());
}

StatusOr<EpisodeDefinition> Read(const proto::EpisodeDefinition& m) {
  EpisodeDefinition definition{.type = m.type(),
                               .name = m.name(),
                               .days_before = m.days_before(),
                               .days_after = m.days_after(),
                               .discount = Rate::FromMillionths(m.discount_millionths())};
  for (const proto::EpisodeAnchor& anchor : m.anchors()) {
    ASSIGN_OR_RETURN(ClaimCode code, Read(anchor.code()));
    definition.anchors.push_back({.code = std::move(code), .cell = anchor.cell()});
  }
  for (const proto::ClaimCode& message : m.included()) {
    ASSIGN_OR_RETURN(ClaimCode code, Read(message));
    definition.included.push_back(std::move(code));
  }
  for (const proto::ClaimCode& message : m.excluded()) {
    ASSIGN_OR_RETURN(ClaimCode code, Read(message));
    definition.excluded.push_back(std::move(code));
  }
  ASSIGN_OR_RETURN(definition.winsorizing, Read(m.winsorizing()));
  return definition;
}

void Write(const TargetPrice& target, proto::TargetPrice& out) {
  for (const BaselineYear& year : target.baseline) {
    proto::BaselineYear& added = *out.add_baseline();
    added.set_year(year.year);
    added.set_weight_millionths(year.weight.Millionths());
  }
  out.set_own_share_millionths(target.own_share.Millionths());
  out.set_risk_adjusted(target.risk_adjusted);
  out.set_trended(target.trended);
  if (target.trend_limit) out.set_trend_limit_millionths(target.trend_limit->Millionths());
  out.set_normalized(target.normalized);
  if (target.normalization_limit) {
    out.set_normalization_limit_millionths(target.normalization_limit->Millionths());
  }
  for (const DiscountBand& band : target.discount_bands) {
    proto::DiscountBand& added = *out.add_discount_bands();
    added.set_from(band.from.ToFractionString());
    added.set_above(band.above);
    added.set_discount_millionths(band.discount.Millionths());
    added.set_no_gain(band.no_gain);
  }
}

StatusOr<TargetPrice> Read(const proto::TargetPrice& m) {
  TargetPrice target{.own_share = Rate::FromMillionths(m.own_share_millionths()),
                     .risk_adjusted = m.risk_adjusted(),
                     .trended = m.trended(),
                     .normalized = m.normalized()};
  for (const proto::BaselineYear& year : m.baseline()) {
    target.baseline.push_back(
        {.year = year.year(), .weight = Rate::FromMillionths(year.weight_millionths())});
  }
  if (m.has_trend_limit_millionths()) {
    target.trend_limit = Rate::FromMillionths(m.trend_limit_millionths());
  }
  if (m.has_normalization_limit_millionths()) {
    target.normalization_limit = Rate::FromMillionths(m.normalization_limit_millionths());
  }
  for (const proto::DiscountBand& message : m.discount_bands()) {
    DiscountBand band{.above = message.above(),
                      .discount = Rate::FromMillionths(message.discount_millionths()),
                      .no_gain = message.no_gain()};
    ASSIGN_OR_RETURN(band.from, ReadRatio(message.from()));
    target.discount_bands.push_back(std::move(band));
  }
  return target;
}

}  // namespace

void WriteEpisodes(const EpisodeSum& episodes, proto::EpisodeSum& out) {
  for (const EpisodeDefinition& definition : episodes.definitions) {
    Write(definition, *out.add_definitions());
  }
  Write(episodes.target, *out.mutable_target());
  if (episodes.quality) {
    out.mutable_quality()->set_maximum(episodes.quality->maximum.ToFractionString());
    out.mutable_quality()->set_gain_at_most_millionths(
        episodes.quality->gain_at_most.Millionths());
    out.mutable_quality()->set_loss_at_most_millionths(
        episodes.quality->loss_at_most.Millionths());
  }
  for (const StopLimit& limit : episodes.limits) {
    proto::StopLimit& added = *out.add_limits();
    added.set_from_year(limit.from_year);
    added.set_gain_millionths(limit.gain.Millionths());
    added.set_loss_millionths(limit.loss.Millionths());
  }
  if (episodes.low_volume) {
    out.mutable_low_volume()->set_minimum(episodes.low_volume->minimum);
    out.mutable_low_volume()->set_of_baseline(episodes.low_volume->of_baseline);
    out.mutable_low_volume()->set_effect(
        static_cast<proto::LowVolumeEffect>(episodes.low_volume->effect));
  }
  out.set_overlap(static_cast<proto::EpisodeOverlap>(episodes.overlap));
  out.set_death(static_cast<proto::EpisodeInterruption>(episodes.death));
  out.set_coverage_lost(static_cast<proto::EpisodeInterruption>(episodes.coverage_lost));
  out.set_period_day(static_cast<proto::EpisodePeriodDay>(episodes.period_day));
  out.set_prorate_stays(episodes.prorate_stays);
  if (episodes.post_episode_days) out.set_post_episode_days(*episodes.post_episode_days);
  out.set_payment(static_cast<proto::EpisodePayment>(episodes.payment));
}

StatusOr<EpisodeSum> ReadEpisodes(const proto::EpisodeSum& m) {
  EpisodeSum episodes{.prorate_stays = m.prorate_stays()};
  for (const proto::EpisodeDefinition& message : m.definitions()) {
    ASSIGN_OR_RETURN(EpisodeDefinition definition, Read(message));
    episodes.definitions.push_back(std::move(definition));
  }
  ASSIGN_OR_RETURN(episodes.target, Read(m.target()));
  if (m.has_quality()) {
    EpisodeQuality quality{
        .gain_at_most = Rate::FromMillionths(m.quality().gain_at_most_millionths()),
        .loss_at_most = Rate::FromMillionths(m.quality().loss_at_most_millionths())};
    ASSIGN_OR_RETURN(quality.maximum, ReadRatio(m.quality().maximum()));
    episodes.quality = std::move(quality);
  }
  for (const proto::StopLimit& limit : m.limits()) {
    episodes.limits.push_back({.from_year = limit.from_year(),
                               .gain = Rate::FromMillionths(limit.gain_millionths()),
                               .loss = Rate::FromMillionths(limit.loss_millionths())});
  }
  if (m.has_low_volume()) {
    LowVolume low{.minimum = m.low_volume().minimum(),
                  .of_baseline = m.low_volume().of_baseline()};
    ASSIGN_OR_RETURN(low.effect, Known(m.low_volume().effect(), LowVolumeEffect::kNoLoss,
                                       "effect of low volume"));
    episodes.low_volume = low;
  }
  ASSIGN_OR_RETURN(episodes.overlap,
                   Known(m.overlap(), EpisodeOverlap::kExcluded, "overlap rule"));
  ASSIGN_OR_RETURN(episodes.death, Known(m.death(), EpisodeInterruption::kExcludeInAnchor,
                                         "rule for a death"));
  ASSIGN_OR_RETURN(episodes.coverage_lost,
                   Known(m.coverage_lost(), EpisodeInterruption::kExcludeInAnchor,
                         "rule for lost coverage"));
  ASSIGN_OR_RETURN(episodes.period_day,
                   Known(m.period_day(), EpisodePeriodDay::kWindowEnd, "day of the period"));
  if (m.has_post_episode_days()) episodes.post_episode_days = m.post_episode_days();
  ASSIGN_OR_RETURN(episodes.payment,
                   Known(m.payment(), EpisodePayment::kBudget, "payment of episodes"));
  return episodes;
}

}  // namespace sluice::performance
