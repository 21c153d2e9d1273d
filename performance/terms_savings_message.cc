#include "performance/terms_savings_message.h"

namespace sluice::performance {
namespace {

template <typename Domain>
Status ReadEnum(int value, Domain last, std::string_view what, Domain& out) {
  if (value < 0 || value > static_cast<int>(last)) {
    return InvalidArgument("{} {} is not known to this version", what, value);
  }
  out = static_cast<Domain>(value);
  return OkStatus();
}

Status ReadRatio(const std::string& text, std::string_view what, Ratio& out) {
  StatusOr<Ratio> ratio = Ratio::Parse(text);
  if (!ratio.ok()) return Annotate(ratio.status(), what);
  out = *std::move(ratio);
  return OkStatus();
}

// --- Writing ------------------------------------------------------------------------------------

void Write(const SavingsDetail& detail, v1::SavingsDetail& out) {
  v1::Truncation& cut = *out.mutable_truncation();
  cut.set_rule(static_cast<v1::TruncationRule>(detail.truncation.rule));
  cut.set_threshold_cents(detail.truncation.threshold.Cents());
  cut.set_percentile(detail.truncation.percentile.ToFractionString());
  cut.set_definition(static_cast<v1::PercentileRule>(detail.truncation.definition));
  cut.set_population(detail.truncation.population);
  cut.set_annualize(detail.truncation.annualize);
  if (detail.stop_loss) {
    v1::StopLoss& stop_loss = *out.mutable_stop_loss();
    stop_loss.set_attachment_cents(detail.stop_loss->attachment.Cents());
    stop_loss.set_covered_millionths(detail.stop_loss->covered.Millionths());
    if (detail.stop_loss->maximum) {
      stop_loss.set_maximum_cents(detail.stop_loss->maximum->Cents());
    }
    stop_loss.set_pooling_charge_millionths(detail.stop_loss->pooling_charge.Millionths());
    stop_loss.set_charge_side(static_cast<v1::PoolingSide>(detail.stop_loss->charge_side));
  }
  if (detail.completion) {
    out.mutable_completion()->set_latest_months(detail.completion->latest_months);
    out.mutable_completion()->set_expected_below(
        detail.completion->expected_below.ToFractionString());
  }
  if (detail.exposure) {
    out.mutable_exposure()->set_last_joining_day(detail.exposure->last_joining_day);
    out.mutable_exposure()->set_waiting_months(detail.exposure->waiting_months);
    out.mutable_exposure()->set_reduced_months(detail.exposure->reduced_months);
    out.mutable_exposure()->set_reduced_weight(detail.exposure->reduced_weight.ToFractionString());
  }
  for (const std::string& product : detail.excluded_products) out.add_excluded_products(product);
}

void Write(const Trend& trend, v1::Trend& out) {
  out.set_rule(static_cast<v1::TrendRule>(trend.rule));
  out.set_growth_millionths(trend.growth.Millionths());
  out.set_national_weight(trend.national_weight.ToFractionString());
  out.set_national_weight_fact(trend.national_weight_fact);
  out.set_flat_share(trend.flat_share.ToFractionString());
}

void Write(const RiskAdjustment& risk, v1::RiskAdjustment& out) {
  out.set_base_years(risk.base_years);
  out.set_performance_year(risk.performance_year);
  out.set_cap(static_cast<v1::RiskCap>(risk.cap));
  out.set_highest_growth(risk.highest_growth.ToFractionString());
  out.set_add_demographic_growth(risk.add_demographic_growth);
  if (risk.lowest_fall) out.set_lowest_fall(risk.lowest_fall->ToFractionString());
}

void Write(const Rebase& rebase, v1::Rebase& out) {
  out.set_agreement_years(rebase.agreement_years);
  out.set_own_weight(rebase.own_weight.ToFractionString());
  out.set_regional_weight(rebase.regional_weight.ToFractionString());
  out.set_savings_returned(rebase.savings_returned.ToFractionString());
  out.set_lowest_change(rebase.lowest_change.ToFractionString());
  out.set_flag_decline(rebase.flag_decline.ToFractionString());
}

struct TargetWriter {
  v1::BenchmarkMinusActual& out;

  void operator()(const HistoricalBenchmark& k) const {
    v1::HistoricalBenchmark& message = *out.mutable_historical();
    for (const BaseYear& year : k.years) {
      v1::BaseYear& added = *message.add_years();
      added.set_name(year.name);
      added.set_weight(year.weight.ToFractionString());
      added.set_growth_millionths(year.growth.Millionths());
    }
    for (const std::string& type : k.types) message.add_types(type);
    Write(k.trend, *message.mutable_trend());
    Write(k.update, *message.mutable_update());
    Write(k.risk, *message.mutable_risk());
    if (k.regional) {
      v1::RegionalAdjustment& regional = *message.mutable_regional();
      regional.set_share_below(k.regional->share_below.ToFractionString());
      regional.set_share_above(k.regional->share_above.ToFractionString());
      regional.set_highest(k.regional->highest.ToFractionString());
      regional.set_lowest(k.regional->lowest.ToFractionString());
    }
    if (k.prior_savings) {
      message.mutable_prior_savings()->set_share(k.prior_savings->share.ToFractionString());
      message.mutable_prior_savings()->set_highest(k.prior_savings->highest.ToFractionString());
    }
    if (k.rebase) Write(*k.rebase, *message.mutable_rebase());
  }
  void operator()(const PerMemberTarget& k) const {
    out.mutable_per_member()->set_price_millionths(k.price.Millionths());
    out.mutable_per_member()->set_price_fact(k.price_fact);
    out.mutable_per_member()->set_count_fact(k.count_fact);
  }
  void operator()(const StatedTarget& k) const { out.mutable_stated()->set_fact(k.fact); }
};

struct AdjustmentWriter {
  v1::BenchmarkAdjustment& out;

  void operator()(const PerMemberAdjustment& k) const {
    out.mutable_per_member()->set_price_millionths(k.price.Millionths());
    out.mutable_per_member()->set_count_fact(k.count_fact);
  }
  void operator()(const Discount& k) const {
    out.mutable_discount()->set_rate_millionths(k.rate.Millionths());
  }
  void operator()(const QualityWithhold& k) const {
    out.mutable_quality_withhold()->set_rate_millionths(k.rate.Millionths());
    out.mutable_quality_withhold()->set_score_fact(k.score_fact);
  }
  void operator()(const PaidElsewhere& k) const {
    for (const std::string& fact : k.facts) out.mutable_paid_elsewhere()->add_facts(fact);
  }
};

// --- Reading ------------------------------------------------------------------------------------

StatusOr<SavingsDetail> Read(const v1::SavingsDetail& m) {
  SavingsDetail detail;
  const v1::Truncation& cut = m.truncation();
  RETURN_IF_ERROR(
      ReadEnum(cut.rule(), TruncationRule::kPercentile, "truncation rule", detail.truncation.rule));
  detail.truncation.threshold = Money::FromCents(cut.threshold_cents());
  RETURN_IF_ERROR(ReadRatio(cut.percentile(), "percentile", detail.truncation.percentile));
  RETURN_IF_ERROR(ReadEnum(cut.definition(), PercentileRule::kNextAbove, "percentile rule",
                           detail.truncation.definition));
  detail.truncation.population = cut.population();
  detail.truncation.annualize = cut.annualize();
  if (m.has_stop_loss()) {
    detail.stop_loss = StopLoss{
        .attachment = Money::FromCents(m.stop_loss().attachment_cents()),
        .covered = Rate::FromMillionths(m.stop_loss().covered_millionths()),
        .pooling_charge = UnitPrice::FromMillionths(m.stop_loss().pooling_charge_millionths())};
    RETURN_IF_ERROR(ReadEnum(m.stop_loss().charge_side(), PoolingSide::kActualAndBaseYears,
                             "side of a pooling charge", detail.stop_loss->charge_side));
    if (m.stop_loss().has_maximum_cents()) {
      detail.stop_loss->maximum = Money::FromCents(m.stop_loss().maximum_cents());
    }
  }
  if (m.has_completion()) {
    detail.completion = Completion{.latest_months = m.completion().latest_months()};
    RETURN_IF_ERROR(ReadRatio(m.completion().expected_below(), "completion factor",
                              detail.completion->expected_below));
  }
  if (m.has_exposure()) {
    detail.exposure = Exposure{.last_joining_day = m.exposure().last_joining_day(),
                               .waiting_months = m.exposure().waiting_months(),
                               .reduced_months = m.exposure().reduced_months()};
    RETURN_IF_ERROR(ReadRatio(m.exposure().reduced_weight(), "reduced weight",
                              detail.exposure->reduced_weight));
  }
  detail.excluded_products.assign(m.excluded_products().begin(), m.excluded_products().end());
  return detail;
}

StatusOr<Trend> Read(const v1::Trend& m) {
  Trend trend{.growth = Rate::FromMillionths(m.growth_millionths()),
              .national_weight_fact = m.national_weight_fact()};
  RETURN_IF_ERROR(ReadEnum(m.rule(), TrendRule::kBlended, "trend rule", trend.rule));
  RETURN_IF_ERROR(ReadRatio(m.national_weight(), "national weight", trend.national_weight));
  RETURN_IF_ERROR(ReadRatio(m.flat_share(), "flat share", trend.flat_share));
  return trend;
}

StatusOr<RiskAdjustment> Read(const v1::RiskAdjustment& m) {
  RiskAdjustment risk{.base_years = m.base_years(),
                      .performance_year = m.performance_year(),
                      .add_demographic_growth = m.add_demographic_growth()};
  RETURN_IF_ERROR(ReadEnum(m.cap(), RiskCap::kAggregate, "risk cap", risk.cap));
  RETURN_IF_ERROR(ReadRatio(m.highest_growth(), "highest growth", risk.highest_growth));
  if (!m.lowest_fall().empty()) {
    RETURN_IF_ERROR(ReadRatio(m.lowest_fall(), "lowest fall", risk.lowest_fall.emplace()));
  }
  return risk;
}

StatusOr<Rebase> Read(const v1::Rebase& m) {
  Rebase rebase{.agreement_years = m.agreement_years()};
  RETURN_IF_ERROR(ReadRatio(m.own_weight(), "own weight", rebase.own_weight));
  RETURN_IF_ERROR(ReadRatio(m.regional_weight(), "regional weight", rebase.regional_weight));
  RETURN_IF_ERROR(ReadRatio(m.savings_returned(), "saving returned", rebase.savings_returned));
  RETURN_IF_ERROR(ReadRatio(m.lowest_change(), "lowest change", rebase.lowest_change));
  RETURN_IF_ERROR(ReadRatio(m.flag_decline(), "flagged decline", rebase.flag_decline));
  return rebase;
}

StatusOr<HistoricalBenchmark> Read(const v1::HistoricalBenchmark& m) {
  HistoricalBenchmark benchmark{.types = {m.types().begin(), m.types().end()}};
  for (const v1::BaseYear& message : m.years()) {
    BaseYear year{.name = message.name(),
                  .growth = Rate::FromMillionths(message.growth_millionths())};
    RETURN_IF_ERROR(ReadRatio(message.weight(), "weight of a base year", year.weight));
    benchmark.years.push_back(std::move(year));
  }
  ASSIGN_OR_RETURN(benchmark.trend, Read(m.trend()));
  ASSIGN_OR_RETURN(benchmark.update, Read(m.update()));
  ASSIGN_OR_RETURN(benchmark.risk, Read(m.risk()));
  if (m.has_regional()) {
    RegionalAdjustment& regional = benchmark.regional.emplace();
    RETURN_IF_ERROR(ReadRatio(m.regional().share_below(), "share below", regional.share_below));
    RETURN_IF_ERROR(ReadRatio(m.regional().share_above(), "share above", regional.share_above));
    RETURN_IF_ERROR(ReadRatio(m.regional().highest(), "highest adjustment", regional.highest));
    RETURN_IF_ERROR(ReadRatio(m.regional().lowest(), "lowest adjustment", regional.lowest));
  }
  if (m.has_prior_savings()) {
    PriorSavings& prior = benchmark.prior_savings.emplace();
    RETURN_IF_ERROR(ReadRatio(m.prior_savings().share(), "share of prior savings", prior.share));
    RETURN_IF_ERROR(ReadRatio(m.prior_savings().highest(), "cap of prior savings", prior.highest));
  }
  if (m.has_rebase()) {
    ASSIGN_OR_RETURN(benchmark.rebase, Read(m.rebase()));
  }
  return benchmark;
}

StatusOr<BenchmarkAdjustment> Read(const v1::BenchmarkAdjustment& m) {
  BenchmarkAdjustment adjustment{.name = m.name(), .clause = m.clause()};
  switch (m.kind_case()) {
    case v1::BenchmarkAdjustment::kPerMember:
      adjustment.kind =
          PerMemberAdjustment{.price = UnitPrice::FromMillionths(m.per_member().price_millionths()),
                              .count_fact = m.per_member().count_fact()};
      return adjustment;
    case v1::BenchmarkAdjustment::kDiscount:
      adjustment.kind = Discount{.rate = Rate::FromMillionths(m.discount().rate_millionths())};
      return adjustment;
    case v1::BenchmarkAdjustment::kQualityWithhold:
      adjustment.kind =
          QualityWithhold{.rate = Rate::FromMillionths(m.quality_withhold().rate_millionths()),
                          .score_fact = m.quality_withhold().score_fact()};
      return adjustment;
    case v1::BenchmarkAdjustment::kPaidElsewhere:
      adjustment.kind = PaidElsewhere{
          .facts = {m.paid_elsewhere().facts().begin(), m.paid_elsewhere().facts().end()}};
      return adjustment;
    case v1::BenchmarkAdjustment::KIND_NOT_SET:
      break;
  }
  return InvalidArgument("an adjustment has no kind that this version knows");
}

Status ReadTarget(const v1::BenchmarkMinusActual& m, BenchmarkMinusActual& basis) {
  switch (m.target_case()) {
    case v1::BenchmarkMinusActual::kHistorical: {
      ASSIGN_OR_RETURN(basis.target, Read(m.historical()));
      return OkStatus();
    }
    case v1::BenchmarkMinusActual::kPerMember:
      basis.target =
          PerMemberTarget{.price = UnitPrice::FromMillionths(m.per_member().price_millionths()),
                          .price_fact = m.per_member().price_fact(),
                          .count_fact = m.per_member().count_fact()};
      return OkStatus();
    case v1::BenchmarkMinusActual::kStated:
      basis.target = StatedTarget{.fact = m.stated().fact()};
      return OkStatus();
    case v1::BenchmarkMinusActual::TARGET_NOT_SET:
      break;
  }
  return InvalidArgument("the benchmark has no target that this version knows");
}

}  // namespace

void WriteSavings(const BenchmarkMinusActual& basis, v1::BenchmarkMinusActual& out) {
  std::visit(TargetWriter{out}, basis.target);
  for (const BenchmarkAdjustment& adjustment : basis.adjustments) {
    v1::BenchmarkAdjustment& added = *out.add_adjustments();
    added.set_name(adjustment.name);
    added.set_clause(adjustment.clause);
    std::visit(AdjustmentWriter{added}, adjustment.kind);
  }
  if (basis.announcement) {
    v1::Announcement& announcement = *out.mutable_announcement();
    announcement.set_date_fact(basis.announcement->date_fact);
    announcement.set_source_fact(basis.announcement->source_fact);
    if (basis.announcement->latest_day) {
      announcement.set_latest_day(*basis.announcement->latest_day);
    }
  }
  out.set_target_name(basis.target_name);
  out.set_actual_fact(basis.actual_fact);
  if (basis.detail) Write(*basis.detail, *out.mutable_detail());
}

void WriteSavings(const InContractYear& condition, v1::InContractYear& out) {
  out.set_start_fact(condition.start_fact);
  out.set_first(condition.first);
  if (condition.last) out.set_last(*condition.last);
}

void WriteSavings(const Interim& rule, v1::Interim& out) {
  out.set_stage_fact(rule.stage_fact);
  out.set_pay_millionths(rule.pay.Millionths());
  out.set_upward_only(rule.upward_only);
}

void WriteSavings(const Delta& rule, v1::Delta& out) {
  for (const std::string& fact : rule.posted_facts) out.add_posted_facts(fact);
}

void WriteSavings(const CarryForward& rule, v1::CarryForward& out) {
  out.set_balance_fact(rule.balance_fact);
  out.set_maximum_millionths(rule.maximum.Millionths());
  out.set_carry_losses(rule.carry_losses);
  if (rule.expires_after_years) out.set_expires_after_years(*rule.expires_after_years);
  out.set_yearly_interest_millionths(rule.yearly_interest.Millionths());
}

StatusOr<BenchmarkMinusActual> ReadSavings(const v1::BenchmarkMinusActual& m) {
  BenchmarkMinusActual basis{.target_name = m.target_name(), .actual_fact = m.actual_fact()};
  RETURN_IF_ERROR(ReadTarget(m, basis));
  for (const v1::BenchmarkAdjustment& message : m.adjustments()) {
    ASSIGN_OR_RETURN(BenchmarkAdjustment adjustment, Read(message));
    basis.adjustments.push_back(std::move(adjustment));
  }
  if (m.has_announcement()) {
    basis.announcement = Announcement{.date_fact = m.announcement().date_fact(),
                                      .source_fact = m.announcement().source_fact()};
    if (m.announcement().has_latest_day()) {
      basis.announcement->latest_day = m.announcement().latest_day();
    }
  }
  if (m.has_detail()) {
    ASSIGN_OR_RETURN(basis.detail, Read(m.detail()));
  }
  return basis;
}

InContractYear ReadSavings(const v1::InContractYear& m) {
  InContractYear condition{.start_fact = m.start_fact(), .first = m.first()};
  if (m.has_last()) condition.last = m.last();
  return condition;
}

Interim ReadSavings(const v1::Interim& m) {
  return Interim{.stage_fact = m.stage_fact(),
                 .pay = Rate::FromMillionths(m.pay_millionths()),
                 .upward_only = m.upward_only()};
}

Delta ReadSavings(const v1::Delta& m) {
  return Delta{.posted_facts = {m.posted_facts().begin(), m.posted_facts().end()}};
}

CarryForward ReadSavings(const v1::CarryForward& m) {
  CarryForward rule{.balance_fact = m.balance_fact(),
                    .maximum = Rate::FromMillionths(m.maximum_millionths()),
                    .carry_losses = m.carry_losses(),
                    .yearly_interest = Rate::FromMillionths(m.yearly_interest_millionths())};
  if (m.has_expires_after_years()) rule.expires_after_years = m.expires_after_years();
  return rule;
}

}  // namespace sluice::performance
