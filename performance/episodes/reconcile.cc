#include "performance/episodes/reconcile.h"

namespace sluice::performance {
namespace {

class Reconciler {
 public:
  Reconciler(const EpisodeSum& terms, const EpisodeTotals& totals, int year)
      : terms_(terms), totals_(totals), year_(year) {}

  StatusOr<EpisodeReconciliation> Run() {
    if (totals_.target.Sign() < 0) {
      return FailedPrecondition("{} (a sum of targets is not below zero, but {})", kEpisodeTarget,
                                totals_.target.ToString());
    }
    out_.sum = totals_.target - totals_.actual;
    Say("sum of target - actual",
        fmt::format("{} - {} = {}", totals_.target.ToString(), totals_.actual.ToString(),
                    out_.sum.ToString()));
    value_ = out_.sum;
    if (totals_.counted == 0) {
      Zero(ReasonCode::kNoEpisodes,
           fmt::format("{} opened, none counts", totals_.opened));
      return std::move(out_);
    }
    if (VolumeTooLow() && terms_.low_volume->effect == LowVolumeEffect::kNoResult) {
      Zero(ReasonCode::kBelowMinimumPanel, VolumeText());
      return std::move(out_);
    }
    if (VolumeTooLow() && value_.Sign() < 0) Zero(ReasonCode::kBelowMinimumPanel, VolumeText());
    RETURN_IF_ERROR(ApplyQuality());
    out_.after_quality = value_;
    RETURN_IF_ERROR(ApplyLimit());
    out_.after_limit = value_;
    ApplyPostEpisode();
    out_.result = value_;
    if (!value_.IsZero()) {
      out_.zero_reason.reset();
      out_.detail.clear();
    }
    return std::move(out_);
  }

 private:
  void Say(std::string name, std::string value) {
    out_.inputs.push_back({std::move(name), std::move(value)});
  }

  void Zero(ReasonCode reason, std::string detail) {
    value_ = Exact();
    if (out_.zero_reason) return;
    out_.zero_reason = reason;
    out_.detail = std::move(detail);
  }

  std::int64_t Volume() const {
    return terms_.low_volume->of_baseline ? totals_.baseline : totals_.counted;
  }
  bool VolumeTooLow() const { return terms_.low_volume && Volume() < terms_.low_volume->minimum; }
  std::string VolumeText() const {
    return fmt::format("{} episodes{}, of at least {}", Volume(),
                       terms_.low_volume->of_baseline ? " in the baseline" : "",
                       terms_.low_volume->minimum);
  }

  Status ApplyQuality() {
    if (!terms_.quality && terms_.target.discount_bands.empty()) return OkStatus();
    if (!totals_.quality_score) return FailedPrecondition("{}", kEpisodeQuality);
    const Ratio& score = *totals_.quality_score;
    if (!terms_.target.discount_bands.empty()) {
      const DiscountBand* band = FindDiscountBand(terms_.target, score);
      if (band == nullptr) {
        return FailedPrecondition("{} (no discount band reaches down to {})", kEpisodeQuality,
                                  score.ToString());
      }
      Say("discount by quality",
          fmt::format("{} at score {}", band->discount.ToString(), score.ToString()));
      if (band->no_gain && value_.Sign() > 0) {
        Zero(ReasonCode::kQualityStandardFailed,
             fmt::format("a score of {} earns no gain", score.ToString()));
      }
    }
    return terms_.quality ? AdjustByScore(*terms_.quality, score) : OkStatus();
  }

  Status AdjustByScore(const EpisodeQuality& quality, const Ratio& score) {
    if (score.Sign() < 0 || score > quality.maximum) {
      return FailedPrecondition("{} (must be 0 to {}, not {})", kEpisodeQuality,
                                quality.maximum.ToString(), score.ToString());
    }
    if (value_.IsZero()) return OkStatus();
    const bool gain = value_.Sign() > 0;
    const Ratio part = score / quality.maximum;
    const Ratio factor = gain ? Ratio(1) - Ratio(quality.gain_at_most) * (Ratio(1) - part)
                              : Ratio(1) - Ratio(quality.loss_at_most) * part;
    const Exact before = value_;
    value_ = value_ * factor;
    Say("quality",
        gain ? fmt::format("{} x (1 - {} x (1 - {}/{})) = {}", before.ToString(),
                           quality.gain_at_most.ToString(), score.ToString(),
                           quality.maximum.ToString(), value_.ToString())
             : fmt::format("{} x (1 - {} x {}/{}) = {}", before.ToString(),
                           quality.loss_at_most.ToString(), score.ToString(),
                           quality.maximum.ToString(), value_.ToString()));
    if (value_.IsZero()) {
      Zero(gain ? ReasonCode::kScoreZero : ReasonCode::kOneSidedNoLossOwed,
           "quality takes off all of it");
    }
    return OkStatus();
  }

  Status ApplyLimit() {
    if (terms_.limits.empty()) return OkStatus();
    const StopLimit* limit = FindStopLimit(terms_, year_);
    if (limit == nullptr) return NotFound("the stop limit of {}", year_);
    if (value_.IsZero()) return OkStatus();
    const bool gain = value_.Sign() > 0;
    const Rate rate = gain ? limit->gain : limit->loss;
    const Exact most = totals_.target * rate;
    Say(gain ? "stop-gain" : "stop-loss",
        fmt::format("{} of {} = {}", rate.ToString(), totals_.target.ToString(), most.ToString()));
    if (Abs(value_) <= most) return OkStatus();
    value_ = gain ? most : -most;
    out_.notes.push_back(gain ? ReasonCode::kPaymentLimit : ReasonCode::kLossLimitBenchmark);
    if (value_.IsZero()) {
      Zero(gain ? ReasonCode::kAnnualLimitUsed : ReasonCode::kOneSidedNoLossOwed,
           fmt::format("the limit of {} is zero", year_));
    }
    return OkStatus();
  }

  void ApplyPostEpisode() {
    if (!terms_.post_episode_days) return;
    const Exact above = totals_.post_spending - totals_.post_bound;
    out_.post_repaid = above.Sign() > 0 ? above : Exact();
    Say("post-episode spending above its bound",
        fmt::format("{} - {}: {} repaid", totals_.post_spending.ToString(),
                    totals_.post_bound.ToString(), out_.post_repaid.ToString()));
    if (out_.post_repaid.IsZero()) return;
    const bool had = !value_.IsZero();
    value_ = value_ - out_.post_repaid;
    if (had && value_.IsZero()) {
      Zero(ReasonCode::kNettedAgainstReceivable, "repaid for post-episode spending");
    }
  }

  const EpisodeSum& terms_;
  const EpisodeTotals& totals_;
  const int year_;
  EpisodeReconciliation out_;
  Exact value_;
};

}  // namespace

StatusOr<EpisodeReconciliation> ReconcileEpisodes(const EpisodeSum& terms,
                                                  const EpisodeTotals& totals, int year) {
  return Reconciler(terms, totals, year).Run();
}

}  // namespace sluice::performance
