// Which terms of shared savings make sense.
#include <set>

#include "performance/excluded_products.h"
#include "performance/terms_savings.h"

namespace sluice::performance {
namespace {

constexpr Rate kWhole = Rate::FromPercent(100);

Status NeedName(std::string_view name, std::string_view what) {
  if (name.empty()) return InvalidArgument("{} must name a fact", what);
  return OkStatus();
}

Status NeedShare(Rate rate, std::string_view what) {
  if (rate <= Rate() || rate > kWhole) {
    return InvalidArgument("{} must be above 0 % and at most 100 %, not {}", what, rate.ToString());
  }
  return OkStatus();
}

Status NeedWeight(const Ratio& ratio, std::string_view what) {
  if (ratio.Sign() < 0 || ratio > Ratio(1)) {
    return InvalidArgument("{} must be within 0 and 1, not {}", what, ratio.ToString());
  }
  return OkStatus();
}

// A part of the name of a fact.
Status NeedWord(const std::string& word, std::string_view what) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (word.empty()) return InvalidArgument("{} has no name", what);
  for (const char c : word) {
    if (!allowed(c)) {
      return InvalidArgument("{} '{}' may hold only lower-case letters, digits, '_' and '-'", what,
                             word);
    }
  }
  return OkStatus();
}

Status CheckTrend(const Trend& trend, std::string_view what) {
  RETURN_IF_ERROR(NeedWeight(trend.national_weight, fmt::format("the weight of {}", what)));
  RETURN_IF_ERROR(NeedWeight(trend.flat_share, fmt::format("the flat share of {}", what)));
  if (trend.growth <= Rate::FromPercent(-100)) {
    return InvalidArgument("the growth of {} must be above -100 %", what);
  }
  return OkStatus();
}

Status CheckRisk(const RiskAdjustment& risk) {
  if (risk.cap == RiskCap::kNone) return OkStatus();
  if (!risk.performance_year) {
    return InvalidArgument("a cap on risk growth needs risk adjustment of the performance year");
  }
  if (risk.highest_growth.Sign() < 0) return InvalidArgument("the highest risk growth is negative");
  if (risk.lowest_fall) RETURN_IF_ERROR(NeedWeight(*risk.lowest_fall, "the lowest fall of risk"));
  return OkStatus();
}

Status CheckRebase(const Rebase& rebase) {
  if (rebase.agreement_years < 1) return InvalidArgument("an agreement has at least one year");
  RETURN_IF_ERROR(NeedWeight(rebase.own_weight, "the own weight of a re-basing"));
  RETURN_IF_ERROR(NeedWeight(rebase.regional_weight, "the regional weight of a re-basing"));
  if (rebase.own_weight + rebase.regional_weight > Ratio(1)) {
    return InvalidArgument("the weights of a re-basing sum to more than 1");
  }
  RETURN_IF_ERROR(NeedWeight(rebase.savings_returned, "the saving that a re-basing returns"));
  if (rebase.lowest_change <= Ratio(-1)) {
    return InvalidArgument("the lowest change of a re-basing must be above -1");
  }
  return NeedWeight(rebase.flag_decline, "the decline that is flagged");
}

struct TargetRules {
  Status operator()(const HistoricalBenchmark& k) const {
    if (k.years.empty()) return InvalidArgument("a benchmark needs at least one base year");
    Ratio sum;
    std::set<std::string> names = {"py"};
    for (const BaseYear& year : k.years) {
      RETURN_IF_ERROR(NeedWord(year.name, "a base year"));
      if (!names.insert(year.name).second) {
        return InvalidArgument("the year '{}' is listed twice ('py' is the performance year)",
                               year.name);
      }
      if (year.weight.Sign() < 0)
        return InvalidArgument("base year {}: negative weight", year.name);
      if (year.growth <= Rate::FromPercent(-100)) {
        return InvalidArgument("base year {}: growth must be above -100 %", year.name);
      }
      sum = sum + year.weight;
    }
    if (sum != Ratio(1)) {
      return InvalidArgument("the weights of the base years sum to {}, not 1",
                             sum.ToFractionString());
    }
    if (k.types.empty()) return InvalidArgument("a benchmark needs at least one enrollment type");
    std::set<std::string> types;
    for (const std::string& type : k.types) {
      RETURN_IF_ERROR(NeedWord(type, "an enrollment type"));
      if (!types.insert(type).second) return InvalidArgument("the type '{}' is listed twice", type);
    }
    RETURN_IF_ERROR(CheckTrend(k.trend, "the trend"));
    if (!k.trend.flat_share.IsZero()) {
      return InvalidArgument("only the update grows by dollars, not the trend of base years");
    }
    RETURN_IF_ERROR(CheckTrend(k.update, "the update"));
    RETURN_IF_ERROR(CheckRisk(k.risk));
    if (k.regional) {
      RETURN_IF_ERROR(NeedWeight(k.regional->share_below, "the share of a regional adjustment"));
      RETURN_IF_ERROR(NeedWeight(k.regional->share_above, "the share of a regional adjustment"));
      RETURN_IF_ERROR(NeedWeight(k.regional->highest, "the cap of a regional adjustment"));
      RETURN_IF_ERROR(NeedWeight(k.regional->lowest, "the cap of a regional adjustment"));
    }
    if (k.prior_savings) {
      RETURN_IF_ERROR(NeedWeight(k.prior_savings->share, "the share of prior savings"));
      RETURN_IF_ERROR(NeedWeight(k.prior_savings->highest, "the cap of prior savings"));
    }
    if (k.rebase) return CheckRebase(*k.rebase);
    return OkStatus();
  }
  Status operator()(const PerMemberTarget& k) const {
    if (k.price_fact.empty() && k.price <= UnitPrice()) {
      return InvalidArgument("a target per member needs a price above zero, or a fact with it");
    }
    if (!k.price_fact.empty() && k.price != UnitPrice()) {
      return InvalidArgument("a target per member has either a price or the fact {}", k.price_fact);
    }
    return NeedName(k.count_fact, "a target per member");
  }
  Status operator()(const StatedTarget& k) const { return NeedName(k.fact, "a stated target"); }
};

struct AdjustmentRules {
  Status operator()(const PerMemberAdjustment& k) const {
    if (k.price == UnitPrice()) return InvalidArgument("a price of zero adjusts nothing");
    return NeedName(k.count_fact, "an adjustment per member");
  }
  Status operator()(const Discount& k) const { return NeedShare(k.rate, "a discount"); }
  Status operator()(const QualityWithhold& k) const {
    RETURN_IF_ERROR(NeedShare(k.rate, "a quality withhold"));
    return NeedName(k.score_fact, "a quality withhold");
  }
  Status operator()(const PaidElsewhere& k) const {
    if (k.facts.empty()) return InvalidArgument("what was paid elsewhere needs a fact");
    std::set<std::string> seen;
    for (const std::string& fact : k.facts) {
      RETURN_IF_ERROR(NeedName(fact, "what was paid elsewhere"));
      if (!seen.insert(fact).second) return InvalidArgument("{} would be taken off twice", fact);
    }
    return OkStatus();
  }
};

// A target that is made of base years is lowered by the cover already.
Status CheckPoolingSide(const StopLoss& stop_loss, bool historical) {
  if (stop_loss.pooling_charge == UnitPrice()) return OkStatus();
  const bool both = stop_loss.charge_side == PoolingSide::kActualAndBaseYears;
  if (historical && !both) {
    return InvalidArgument(
        "a pooling charge beside a historical benchmark is added to the base years too, whose cost "
        "is cut by the same stop-loss: on one side alone it would count twice");
  }
  if (!historical && both) {
    return InvalidArgument("a pooling charge on base years needs a historical benchmark");
  }
  return OkStatus();
}

}  // namespace

Status ValidateDetail(const SavingsDetail& detail) {
  const Truncation& cut = detail.truncation;
  if (cut.rule == TruncationRule::kFixed && cut.threshold <= Money()) {
    return InvalidArgument("cost is truncated at an amount above zero");
  }
  if (cut.rule == TruncationRule::kPercentile) {
    if (cut.percentile.Sign() <= 0 || cut.percentile >= Ratio(1)) {
      return InvalidArgument("a percentile is between 0 and 1, not {}", cut.percentile.ToString());
    }
    if (cut.population.empty()) {
      return InvalidArgument("a percentile needs its population: whose cost it is taken of");
    }
  }
  if (detail.stop_loss) {
    if (detail.stop_loss->attachment <= Money()) {
      return InvalidArgument("stop-loss attaches at an amount above zero");
    }
    RETURN_IF_ERROR(NeedShare(detail.stop_loss->covered, "what stop-loss covers"));
    if (detail.stop_loss->maximum && *detail.stop_loss->maximum <= Money()) {
      return InvalidArgument("the most that stop-loss covers must be above zero");
    }
    if (detail.stop_loss->pooling_charge < UnitPrice()) {
      return InvalidArgument("a pooling charge is not negative");
    }
  }
  if (detail.completion) {
    if (detail.completion->latest_months < 0) {
      return InvalidArgument("completion factors are taken over a count of months, or 0 for all");
    }
    RETURN_IF_ERROR(NeedWeight(detail.completion->expected_below,
                               "the factor below which expected cost stands in"));
  }
  RETURN_IF_ERROR(CheckExcludedProducts(detail.excluded_products));
  if (!detail.exposure) return OkStatus();
  const Exposure& exposure = *detail.exposure;
  if (exposure.last_joining_day < 1 || exposure.last_joining_day > 31) {
    return InvalidArgument("the last joining day is within 1 and 31");
  }
  if (exposure.waiting_months < 0 || exposure.reduced_months < 0) {
    return InvalidArgument("months of waiting or of a reduced weight are not negative");
  }
  return NeedWeight(exposure.reduced_weight, "a reduced weight");
}

Status ValidateBasis(const BenchmarkMinusActual& basis) {
  RETURN_IF_ERROR(std::visit(TargetRules{}, basis.target));
  for (const BenchmarkAdjustment& adjustment : basis.adjustments) {
    if (adjustment.name.empty()) return InvalidArgument("an adjustment needs a name");
    RETURN_IF_ERROR(Annotate(std::visit(AdjustmentRules{}, adjustment.kind), adjustment.name));
  }
  if (basis.announcement) {
    RETURN_IF_ERROR(NeedName(basis.announcement->date_fact, "an announcement"));
    RETURN_IF_ERROR(NeedName(basis.announcement->source_fact, "an announcement"));
  }
  RETURN_IF_ERROR(NeedName(basis.target_name, "the benchmark"));
  RETURN_IF_ERROR(NeedName(basis.actual_fact, "the actual"));
  if (basis.target_name == basis.actual_fact) {
    return InvalidArgument("the benchmark and the actual have one name, {}", basis.target_name);
  }
  if (const auto* stated = std::get_if<StatedTarget>(&basis.target);
      stated != nullptr && stated->fact == basis.target_name) {
    return InvalidArgument("the stated target {} and the benchmark made of it need two names",
                           stated->fact);
  }
  if (!basis.detail) return OkStatus();
  RETURN_IF_ERROR(ValidateDetail(*basis.detail));
  if (!basis.detail->stop_loss) return OkStatus();
  return CheckPoolingSide(*basis.detail->stop_loss,
                          std::holds_alternative<HistoricalBenchmark>(basis.target));
}

Status ValidateCondition(const InContractYear& condition) {
  if (condition.first < 1) return InvalidArgument("years of an agreement are counted from 1");
  if (condition.last && *condition.last < condition.first) {
    return InvalidArgument("years {} to {} of an agreement: the last is before the first",
                           condition.first, *condition.last);
  }
  return NeedName(condition.start_fact, "the year of an agreement");
}

Status ValidateRule(const Interim& rule) {
  RETURN_IF_ERROR(NeedShare(rule.pay, "an interim share"));
  return NeedName(rule.stage_fact, "an interim settlement");
}

Status ValidateRule(const Delta& rule) {
  if (rule.posted_facts.empty()) return InvalidArgument("a delta needs a fact with what was paid");
  std::set<std::string> seen;
  for (const std::string& fact : rule.posted_facts) {
    RETURN_IF_ERROR(NeedName(fact, "a delta"));
    if (!seen.insert(fact).second) return InvalidArgument("{} would be taken off twice", fact);
  }
  return OkStatus();
}

Status ValidateRule(const CarryForward& rule) {
  RETURN_IF_ERROR(NeedName(rule.balance_fact, "a deficit"));
  RETURN_IF_ERROR(NeedShare(rule.maximum, "the most that is recovered"));
  if (rule.expires_after_years && *rule.expires_after_years < 1) {
    return InvalidArgument("a deficit expires after at least one year");
  }
  if (rule.yearly_interest < Rate() || rule.yearly_interest > kWhole) {
    return InvalidArgument("interest on a deficit is within 0 % and 100 % a year");
  }
  return OkStatus();
}

}  // namespace sluice::performance
