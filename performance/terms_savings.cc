// The words of performance/terms_savings.h, and the digest of what is done to member cost.
#include "performance/terms_savings.h"

namespace sluice::performance {
namespace {

std::string_view Name(PercentileRule rule) {
  switch (rule) {
    case PercentileRule::kNearestRank:
      return "nearest rank";
    case PercentileRule::kInterpolated:
      return "R-7";
    case PercentileRule::kNextAbove:
      return "next value above";
  }
  return "";
}

std::string Describe(const Truncation& truncation) {
  std::string text;
  switch (truncation.rule) {
    case TruncationRule::kNone:
      return "not truncated";
    case TruncationRule::kFixed:
      text = fmt::format("truncated at {} a year", truncation.threshold);
      break;
    case TruncationRule::kPercentile:
      text = fmt::format("truncated at the percentile {} of {} ({})",
                         truncation.percentile.ToPercentString(), truncation.population,
                         Name(truncation.definition));
      break;
  }
  return text + (truncation.annualize ? ", parts of a year as whole ones" : "");
}

std::string Describe(const StopLoss& stop_loss) {
  std::string text = fmt::format("stop-loss: {} of the cost of one person above {}",
                                 stop_loss.covered.ToString(), stop_loss.attachment);
  if (stop_loss.maximum) text += fmt::format(", at most {}", *stop_loss.maximum);
  if (stop_loss.pooling_charge != UnitPrice()) {
    static constexpr std::string_view kSides[] = {"the actual cost", "the target",
                                                  "the actual cost and the base years"};
    text +=
        fmt::format(", for {} per member month added to {}", stop_loss.pooling_charge.ToString(),
                    kSides[static_cast<std::size_t>(stop_loss.charge_side)]);
  }
  return text;
}

std::string Describe(const Exposure& exposure) {
  std::string text =
      fmt::format("a month counts for who joined by day {}", exposure.last_joining_day);
  if (exposure.waiting_months > 0) {
    text += fmt::format(", the first {} months do not count", exposure.waiting_months);
  }
  if (exposure.reduced_months > 0) {
    text += fmt::format(", the next {} count {}", exposure.reduced_months,
                        exposure.reduced_weight.ToFractionString());
  }
  return text;
}

std::string Describe(const Trend& trend) {
  std::string text = "no trend";
  if (trend.rule == TrendRule::kStated) text = "the agreed trend";
  if (trend.rule == TrendRule::kBlended) {
    text = fmt::format("a trend blended by {} national",
                       trend.national_weight_fact.empty() ? trend.national_weight.ToPercentString()
                                                          : trend.national_weight_fact);
  }
  if (!trend.flat_share.IsZero()) {
    text += fmt::format(", {} of it by dollars", trend.flat_share.ToFractionString());
  }
  return text;
}

struct TargetText {
  std::string operator()(const HistoricalBenchmark& k) const {
    std::string years;
    for (const BaseYear& year : k.years) {
      if (!years.empty()) years += ", ";
      years += fmt::format("{} {}", year.name, year.weight.ToPercentString());
    }
    std::string text = fmt::format("base years {} with {}, updated by {}", years, Describe(k.trend),
                                   Describe(k.update));
    if (k.regional) {
      text += fmt::format(
          ", regional adjustment {} below and {} above within {} and -{}",
          k.regional->share_below.ToPercentString(), k.regional->share_above.ToPercentString(),
          k.regional->highest.ToPercentString(), k.regional->lowest.ToPercentString());
    }
    if (k.prior_savings) {
      text += fmt::format(", {} of prior savings", k.prior_savings->share.ToPercentString());
    }
    if (k.risk.performance_year) {
      text += k.risk.cap == RiskCap::kNone
                  ? ", risk-adjusted"
                  : fmt::format(", risk growth at most {}{} {}",
                                k.risk.add_demographic_growth ? "demographic + " : "",
                                k.risk.highest_growth.ToPercentString(),
                                k.risk.cap == RiskCap::kPerType ? "by type" : "over all types");
    }
    return text;
  }
  std::string operator()(const PerMemberTarget& k) const {
    return fmt::format("{} x {}", k.price_fact.empty() ? k.price.ToString() : k.price_fact,
                       k.count_fact);
  }
  std::string operator()(const StatedTarget& k) const { return k.fact; }
};

}  // namespace

Digest HashDetail(const SavingsDetail& detail) {
  CanonicalWriter writer("savings-detail-1");
  const Truncation& cut = detail.truncation;
  writer.U8(static_cast<std::uint8_t>(cut.rule))
      .Amount(cut.threshold)
      .Text(cut.percentile.ToFractionString())
      .U8(static_cast<std::uint8_t>(cut.definition))
      .Text(cut.population)
      .U8(cut.annualize ? 1 : 0);
  writer.U8(detail.stop_loss ? 1 : 0);
  if (detail.stop_loss) {
    writer.Amount(detail.stop_loss->attachment)
        .I64(detail.stop_loss->covered.Millionths())
        .OptionalI64(detail.stop_loss->maximum
                         ? std::optional<std::int64_t>(detail.stop_loss->maximum->Cents())
                         : std::nullopt)
        .I64(detail.stop_loss->pooling_charge.Millionths());
    // Only where it is not the first: terms that were hashed before keep their hash.
    if (detail.stop_loss->charge_side != PoolingSide::kActual) {
      writer.U8(static_cast<std::uint8_t>(detail.stop_loss->charge_side));
    }
  }
  writer.U8(detail.completion ? 1 : 0);
  if (detail.completion) {
    writer.I64(detail.completion->latest_months)
        .Text(detail.completion->expected_below.ToFractionString());
  }
  writer.U8(detail.exposure ? 1 : 0);
  if (detail.exposure) {
    writer.I64(detail.exposure->last_joining_day)
        .I64(detail.exposure->waiting_months)
        .I64(detail.exposure->reduced_months)
        .Text(detail.exposure->reduced_weight.ToFractionString());
  }
  // Nothing at all without them, so that the facts of other terms keep their digest.
  for (const std::string& product : detail.excluded_products) writer.Text(product);
  return writer.Hash();
}

std::string DescribeDetail(const SavingsDetail& detail) {
  std::string text = Describe(detail.truncation);
  if (detail.stop_loss) text += "; " + Describe(*detail.stop_loss);
  if (detail.completion) {
    text += fmt::format("; completed by age-to-age factors, with expected cost below {}",
                        detail.completion->expected_below.ToPercentString());
  }
  if (detail.exposure) text += "; " + Describe(*detail.exposure);
  for (const std::string& product : detail.excluded_products) text += "; without " + product;
  return text;
}

std::string DescribeBasis(const BenchmarkMinusActual& basis) {
  std::string text =
      fmt::format("{} ({}", basis.target_name, std::visit(TargetText{}, basis.target));
  for (const BenchmarkAdjustment& adjustment : basis.adjustments) {
    text += fmt::format("; {}", adjustment.name);
    if (const auto* price = std::get_if<PerMemberAdjustment>(&adjustment.kind)) {
      text += fmt::format(" {} x {}", price->price.ToString(), price->count_fact);
    } else if (const auto* discount = std::get_if<Discount>(&adjustment.kind)) {
      text += fmt::format(" less {}", discount->rate.ToString());
    } else if (const auto* paid = std::get_if<PaidElsewhere>(&adjustment.kind)) {
      for (const std::string& fact : paid->facts) text += " less " + fact;
    } else {
      const auto& withhold = std::get<QualityWithhold>(adjustment.kind);
      text +=
          fmt::format(" less {}, earned back by {}", withhold.rate.ToString(), withhold.score_fact);
    }
  }
  text += fmt::format(") minus {}", basis.actual_fact);
  if (basis.announcement) {
    text += fmt::format(", announced ({}, {})", basis.announcement->date_fact,
                        basis.announcement->source_fact);
  }
  if (basis.detail) text += "; cost " + DescribeDetail(*basis.detail);
  return text;
}

std::string DescribeCondition(const InContractYear& condition) {
  if (!condition.last) return fmt::format("agreement year {} or later", condition.first);
  if (*condition.last == condition.first) return fmt::format("agreement year {}", condition.first);
  return fmt::format("agreement years {} to {}", condition.first, *condition.last);
}

std::string DescribeRule(const Interim& rule) {
  return fmt::format("{} of the result until {} is final{}", rule.pay.ToString(), rule.stage_fact,
                     rule.upward_only ? ", no loss is collected before" : "");
}

std::string DescribeRule(const Delta& rule) {
  std::string text = "less what was paid:";
  for (const std::string& fact : rule.posted_facts) text += " " + fact;
  return text;
}

std::string DescribeRule(const CarryForward& rule) {
  std::string text =
      fmt::format("{}, at most {} of a gain", rule.balance_fact, rule.maximum.ToString());
  if (rule.carry_losses) text += "; a loss is added to it";
  if (rule.expires_after_years) {
    text += fmt::format("; expires after {} years", *rule.expires_after_years);
  }
  if (rule.yearly_interest != Rate()) {
    text += fmt::format("; {} interest a year", rule.yearly_interest.ToString());
  }
  return text;
}

}  // namespace sluice::performance
