#include "performance/benchmark.h"

namespace sluice::performance {
namespace {

constexpr std::string_view kPerformanceYear = "py";

Ratio PersonYears(const Ratio& member_months) { return member_months / Ratio(12); }

Ratio Growth(Rate rate) { return Ratio(1) + Ratio(rate); }

class Builder {
 public:
  Builder(const HistoricalBenchmark& terms, const Facts& facts) : terms_(terms), facts_(facts) {}

  StatusOr<BenchmarkResult> Run() {
    for (const std::string& type : terms_.types) {
      ASSIGN_OR_RETURN(const Ratio months, Months(kPerformanceYear, type));
      if (months.Sign() < 0) {
        return FailedPrecondition("{} (member months are not negative)",
                                  BenchmarkFact(kPerformanceYear, type, "member_months"));
      }
      if (months.IsZero()) {
        // Nobody of the type: it has no part in the total, and nothing else is asked about it.
        Step step = NewStep(fmt::format("{}: no member months in the year", type), Exact());
        AddStep(std::move(step), Exact());
        continue;
      }
      result_.types.push_back({.type = type, .person_years = PersonYears(months)});
      result_.person_years = result_.person_years + PersonYears(months);
    }
    for (BenchmarkOfType& type : result_.types) RETURN_IF_ERROR(History(type));
    RETURN_IF_ERROR(Adjust());
    for (BenchmarkOfType& type : result_.types) RETURN_IF_ERROR(Update(type));
    RETURN_IF_ERROR(Risk());
    Total();
    return std::move(result_);
  }

 private:
  template <typename T>
  StatusOr<T> Need(StatusOr<std::optional<T>> found, const std::string& fact,
                   std::string_view kind) {
    if (!found.ok()) return FailedPrecondition("{}", StatusMessage(found.status()));
    if (!found->has_value()) {
      return FailedPrecondition("{} (record this {} for the contract and period)", fact, kind);
    }
    return **std::move(found);
  }
  StatusOr<Exact> Amount(const std::string& fact) {
    return Need<Exact>(facts_.Amount(fact), fact, "amount");
  }
  StatusOr<Ratio> PositiveRatio(const std::string& fact) {
    ASSIGN_OR_RETURN(Ratio ratio, Need<Ratio>(facts_.RatioOf(fact), fact, "ratio"));
    if (ratio.Sign() <= 0) return FailedPrecondition("{} (must be more than zero)", fact);
    return ratio;
  }
  // A count; or a ratio, where months of new members weigh less.
  StatusOr<Ratio> Months(std::string_view year, std::string_view type) {
    const std::string fact = BenchmarkFact(year, type, "member_months");
    return Need<Ratio>(facts_.RatioOf(fact), fact, "count");
  }
  const std::string& LastYear() const { return terms_.years.back().name; }

  static Step NewStep(std::string description, const Exact& before) {
    return Step{.component = "benchmark", .description = std::move(description), .before = before};
  }
  void AddStep(Step step, const Exact& after) {
    step.after = after;
    result_.steps.push_back(std::move(step));
  }

  StatusOr<Ratio> NationalWeight(const Trend& trend, Step& step) {
    Ratio weight = trend.national_weight;
    std::string name = "national weight";
    if (!trend.national_weight_fact.empty()) {
      name = trend.national_weight_fact;
      ASSIGN_OR_RETURN(weight, Need<Ratio>(facts_.RatioOf(name), name, "ratio"));
      if (weight.Sign() < 0 || weight > Ratio(1)) {
        return FailedPrecondition("{} (a weight is within 0 and 1)", name);
      }
    }
    step.inputs.push_back({name, weight.ToPercentString()});
    return weight;
  }

  // Growth by the blend of nation and region, from `year` (or to it, for the performance year).
  StatusOr<Ratio> BlendedGrowth(const Trend& trend, std::string_view year, const std::string& type,
                                Step& step) {
    ASSIGN_OR_RETURN(const Ratio weight, NationalWeight(trend, step));
    Ratio growth;
    // A side without weight is not asked for.
    if (weight.Sign() > 0) {
      const std::string fact = BenchmarkFact(year, type, "national_growth");
      ASSIGN_OR_RETURN(const Ratio national, PositiveRatio(fact));
      step.inputs.push_back({fact, national.ToString()});
      growth = growth + weight * national;
    }
    if (weight < Ratio(1)) {
      const std::string fact = BenchmarkFact(year, type, "regional_growth");
      ASSIGN_OR_RETURN(const Ratio regional, PositiveRatio(fact));
      step.inputs.push_back({fact, regional.ToString()});
      growth = growth + (Ratio(1) - weight) * regional;
    }
    return growth;
  }

  // Growth from base year `index` to the last one.
  StatusOr<Ratio> BaseGrowth(std::size_t index, const std::string& type, Step& step) {
    if (index + 1 == terms_.years.size() || terms_.trend.rule == TrendRule::kNone) return Ratio(1);
    if (terms_.trend.rule == TrendRule::kBlended) {
      return BlendedGrowth(terms_.trend, terms_.years[index].name, type, step);
    }
    Ratio growth(1);
    for (std::size_t i = index; i + 1 < terms_.years.size(); ++i) {
      growth = growth * Growth(terms_.years[i].growth);
    }
    return growth;
  }

  StatusOr<Ratio> RiskRatio(std::string_view to, std::string_view from, const std::string& type,
                            std::string_view item, Step& step) {
    const std::string later = BenchmarkFact(to, type, item);
    const std::string earlier = BenchmarkFact(from, type, item);
    ASSIGN_OR_RETURN(const Ratio numerator, PositiveRatio(later));
    ASSIGN_OR_RETURN(const Ratio denominator, PositiveRatio(earlier));
    step.inputs.push_back({later, numerator.ToString()});
    step.inputs.push_back({earlier, denominator.ToString()});
    return numerator / denominator;
  }

  Status History(BenchmarkOfType& type) {
    Step step = NewStep(
        fmt::format("{}: base years to {}, weighted, per person-year", type.type, LastYear()),
        Exact());
    for (std::size_t i = 0; i < terms_.years.size(); ++i) {
      const BaseYear& year = terms_.years[i];
      const std::string cost_fact = BenchmarkFact(year.name, type.type, "expenditure");
      const std::string months_fact = BenchmarkFact(year.name, type.type, "member_months");
      ASSIGN_OR_RETURN(const Exact cost, Amount(cost_fact));
      ASSIGN_OR_RETURN(const Ratio months, Months(year.name, type.type));
      if (months.Sign() <= 0) {
        return FailedPrecondition("{} (must be more than zero to take cost per person)",
                                  months_fact);
      }
      step.inputs.push_back({cost_fact, cost.ToString()});
      step.inputs.push_back({months_fact, months.ToFractionString()});
      const Exact per_person = cost * (Ratio(1) / PersonYears(months));
      ASSIGN_OR_RETURN(Ratio factor, BaseGrowth(i, type.type, step));
      if (terms_.risk.base_years && i + 1 < terms_.years.size()) {
        ASSIGN_OR_RETURN(const Ratio risk,
                         RiskRatio(LastYear(), year.name, type.type, "risk", step));
        factor = factor * risk;
      }
      const Exact trended = per_person * factor;
      step.inputs.push_back({fmt::format("{} x {} x weight {}", year.name, factor.ToString(),
                                         year.weight.ToFractionString()),
                             fmt::format("{} -> {}", per_person.ToString(), trended.ToString())});
      type.historical = type.historical + trended * year.weight;
    }
    type.adjusted = type.historical;
    AddStep(std::move(step), type.historical);
    return OkStatus();
  }

  StatusOr<Exact> National(const BenchmarkOfType& type) {
    const std::string fact = BenchmarkFact(LastYear(), type.type, "national");
    ASSIGN_OR_RETURN(const Exact national, Amount(fact));
    if (national.Sign() <= 0) return FailedPrecondition("{} (must be more than zero)", fact);
    return national;
  }

  Status Regional(BenchmarkOfType& type) {
    const RegionalAdjustment& rule = *terms_.regional;
    const std::string fact = BenchmarkFact(LastYear(), type.type, "regional");
    ASSIGN_OR_RETURN(const Exact regional, Amount(fact));
    ASSIGN_OR_RETURN(const Exact national, National(type));
    const Exact gap = regional - type.historical;
    const Ratio& share = gap.Sign() > 0 ? rule.share_below : rule.share_above;
    Step step =
        NewStep(fmt::format("{}: {} of (regional - own)", type.type, share.ToPercentString()),
                type.historical);
    type.regional = gap * share;
    step.inputs.push_back({fact, regional.ToString()});
    step.inputs.push_back({"regional - own", gap.ToString()});
    step.inputs.push_back({"adjustment", type.regional.ToString()});
    const Exact highest = national * rule.highest;
    const Exact lowest = -(national * rule.lowest);
    if (type.regional > highest) {
      type.regional = highest;
      step.notes.push_back(ReasonCode::kCapApplied);
    } else if (type.regional < lowest) {
      type.regional = lowest;
      step.notes.push_back(ReasonCode::kFloorApplied);
    }
    step.inputs.push_back(
        {"bounds", fmt::format("{} to {}", lowest.ToString(), highest.ToString())});
    type.adjusted = type.historical + type.regional;
    AddStep(std::move(step), type.adjusted);
    return OkStatus();
  }

  // The regional adjustment and what was saved before. 42 CFR 425.658: the larger of the two, or
  // an offset to a negative regional adjustment; compared over all types by the last base year.
  Status Adjust() {
    if (terms_.regional) {
      for (BenchmarkOfType& type : result_.types) RETURN_IF_ERROR(Regional(type));
    }
    if (!terms_.prior_savings || result_.types.empty()) return OkStatus();
    const std::string fact = "benchmark.prior_savings";
    ASSIGN_OR_RETURN(const Exact average, Amount(fact));
    Ratio years;
    Exact regional;
    Exact national;
    Exact before;
    for (const BenchmarkOfType& type : result_.types) {
      ASSIGN_OR_RETURN(const Ratio months, Months(LastYear(), type.type));
      ASSIGN_OR_RETURN(const Exact of_type, National(type));
      years = years + PersonYears(months);
      regional = regional + type.regional * PersonYears(months);
      national = national + of_type * PersonYears(months);
      before = before + type.adjusted * PersonYears(months);
    }
    const Ratio each = Ratio(1) / years;
    regional = regional * each;
    before = before * each;
    Exact saved = average.Sign() > 0 ? average * terms_.prior_savings->share : Exact();
    Step step = NewStep("prior savings against the regional adjustment, all types", before);
    step.inputs.push_back({fact, average.ToString()});
    step.inputs.push_back({"regional adjustment, all types", regional.ToString()});
    const Exact most = national * each * terms_.prior_savings->highest;
    if (saved > most) {
      saved = most;
      step.notes.push_back(ReasonCode::kCapApplied);
    }
    step.inputs.push_back({"prior savings that count", saved.ToString()});
    const Exact extra = regional.Sign() < 0 ? saved : saved > regional ? saved - regional : Exact();
    step.inputs.push_back({"added to each person-year", extra.ToString()});
    for (BenchmarkOfType& type : result_.types) type.adjusted = type.adjusted + extra;
    AddStep(std::move(step), before + extra);
    return OkStatus();
  }

  Status Update(BenchmarkOfType& type) {
    const Trend& update = terms_.update;
    type.updated = type.adjusted;
    if (update.rule == TrendRule::kNone && update.flat_share.IsZero()) return OkStatus();
    Step step = NewStep(fmt::format("{}: {} to the performance year", type.type, LastYear()),
                        type.adjusted);
    Ratio growth(1);
    if (update.rule == TrendRule::kStated) growth = Growth(update.growth);
    if (update.rule == TrendRule::kBlended && update.flat_share < Ratio(1)) {
      ASSIGN_OR_RETURN(growth, BlendedGrowth(update, kPerformanceYear, type.type, step));
    }
    step.inputs.push_back({"growth", growth.ToString()});
    type.updated = type.adjusted * growth;
    if (!update.flat_share.IsZero()) {
      const std::string fact = BenchmarkFact(kPerformanceYear, type.type, "flat_growth");
      ASSIGN_OR_RETURN(const Exact flat, Amount(fact));
      step.inputs.push_back({fact, flat.ToString()});
      step.inputs.push_back({"share that grows by dollars", update.flat_share.ToFractionString()});
      type.updated = type.updated * (Ratio(1) - update.flat_share) +
                     (type.adjusted + flat) * update.flat_share;
    }
    AddStep(std::move(step), type.updated);
    return OkStatus();
  }

  // The bounds of risk growth when demographic risk grew by `demographic`.
  Ratio HighestRisk(const Ratio& demographic) const {
    const Ratio base = terms_.risk.add_demographic_growth ? demographic : Ratio(1);
    return base + terms_.risk.highest_growth;
  }
  Ratio BoundedRisk(const Ratio& ratio, const Ratio& demographic, Step& step) const {
    if (terms_.risk.cap == RiskCap::kNone) return ratio;
    const Ratio highest = HighestRisk(demographic);
    step.inputs.push_back({"highest risk ratio", highest.ToString()});
    if (ratio > highest) {
      step.notes.push_back(ReasonCode::kCapApplied);
      return highest;
    }
    if (!terms_.risk.lowest_fall) return ratio;
    const Ratio lowest = Ratio(1) - *terms_.risk.lowest_fall;
    step.inputs.push_back({"lowest risk ratio", lowest.ToString()});
    if (ratio >= lowest) return ratio;
    step.notes.push_back(ReasonCode::kFloorApplied);
    return lowest;
  }

  Status Risk() {
    if (!terms_.risk.performance_year) {
      for (BenchmarkOfType& type : result_.types) type.amount = type.updated;
      return OkStatus();
    }
    const bool per_type = terms_.risk.cap == RiskCap::kPerType;
    Exact dollars;
    Exact with_risk;
    Exact with_demographics;
    for (BenchmarkOfType& type : result_.types) {
      Step step = NewStep(fmt::format("{}: risk against {}", type.type, LastYear()), type.updated);
      ASSIGN_OR_RETURN(type.risk, RiskRatio(kPerformanceYear, LastYear(), type.type, "risk", step));
      Ratio demographic(1);
      if (terms_.risk.cap != RiskCap::kNone && terms_.risk.add_demographic_growth) {
        ASSIGN_OR_RETURN(demographic, RiskRatio(kPerformanceYear, LastYear(), type.type,
                                                "demographic_risk", step));
      }
      if (per_type) type.risk = BoundedRisk(type.risk, demographic, step);
      step.inputs.push_back({"risk ratio", type.risk.ToString()});
      type.amount = type.updated * type.risk;
      const Exact weight = type.updated * type.person_years;
      dollars = dollars + weight;
      with_risk = with_risk + weight * type.risk;
      with_demographics = with_demographics + weight * demographic;
      AddStep(std::move(step), type.amount);
    }
    if (terms_.risk.cap != RiskCap::kAggregate || dollars.Sign() <= 0) return OkStatus();
    Step step = NewStep("risk of all types, by benchmark dollars", with_risk);
    const Ratio ratio = with_risk / dollars;
    step.inputs.push_back({"risk ratio of all types", ratio.ToString()});
    const Ratio bounded = BoundedRisk(ratio, with_demographics / dollars, step);
    if (bounded != ratio) {
      for (BenchmarkOfType& type : result_.types) {
        type.risk = type.risk * (bounded / ratio);
        type.amount = type.updated * type.risk;
      }
    }
    AddStep(std::move(step), dollars * bounded);
    return OkStatus();
  }

  void Total() {
    Step step = NewStep("updated benchmark: per person-year x person-years, all types", Exact());
    for (const BenchmarkOfType& type : result_.types) {
      result_.total = result_.total + type.amount * type.person_years;
      step.inputs.push_back({type.type, fmt::format("{} x {}", type.amount.ToString(),
                                                    type.person_years.ToFractionString())});
    }
    if (!result_.person_years.IsZero()) {
      result_.per_capita = result_.total * (Ratio(1) / result_.person_years);
    }
    step.inputs.push_back({"person-years", result_.person_years.ToFractionString()});
    step.inputs.push_back({"per capita", result_.per_capita.ToString()});
    AddStep(std::move(step), result_.total);
  }

  const HistoricalBenchmark& terms_;
  const Facts& facts_;
  BenchmarkResult result_;
};

}  // namespace

std::string BenchmarkFact(std::string_view year, std::string_view type, std::string_view item) {
  return fmt::format("benchmark.{}.{}.{}", year, type, item);
}

StatusOr<BenchmarkResult> ComputeBenchmark(const HistoricalBenchmark& terms, const Facts& facts) {
  return Builder(terms, facts).Run();
}

}  // namespace sluice::performance
