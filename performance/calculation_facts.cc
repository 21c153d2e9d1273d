// Reading facts and conditions while a calculation runs.
#include "performance/calculation.h"

namespace sluice::performance {
namespace {

template <typename T>
StatusOr<T> Need(StatusOr<std::optional<T>> found, std::string_view fact, std::string_view kind) {
  if (!found.ok()) return FailedPrecondition("{}", StatusMessage(found.status()));
  if (!found->has_value()) {
    return FailedPrecondition("{} (record this {} for the contract and period)", fact, kind);
  }
  return **std::move(found);
}

struct ConditionTester {
  const Calculation& calculation;
  std::vector<StepInput>& inputs;

  StatusOr<bool> operator()(const FlagIs& condition) const {
    ASSIGN_OR_RETURN(const bool flag,
                     Need<bool>(calculation.facts.Flag(condition.fact), condition.fact, "flag"));
    inputs.push_back({condition.fact, flag ? "yes" : "no"});
    // What the flag rests on, where whoever found it says so.
    const std::string detail = condition.fact + ".detail";
    if (const auto grounds = calculation.facts.Text(detail); grounds.ok() && *grounds) {
      inputs.push_back({detail, **grounds});
    }
    return flag == condition.value;
  }
  StatusOr<bool> operator()(const TextIsOneOf& condition) const {
    ASSIGN_OR_RETURN(
        const std::string text,
        Need<std::string>(calculation.facts.Text(condition.fact), condition.fact, "text"));
    inputs.push_back({condition.fact, text});
    for (const std::string& value : condition.values) {
      if (value == text) return true;
    }
    return false;
  }
  StatusOr<bool> operator()(const DateOnOrAfter& condition) const {
    ASSIGN_OR_RETURN(const Date date,
                     Need<Date>(calculation.facts.DateOf(condition.fact), condition.fact, "date"));
    inputs.push_back({condition.fact, FormatDate(date)});
    return date >= condition.date;
  }
  StatusOr<bool> operator()(const RatioCompares& condition) const {
    ASSIGN_OR_RETURN(const Ratio ratio, NeedRatio(calculation, condition.fact));
    inputs.push_back({condition.fact, ratio.ToString()});
    return condition.at_most ? ratio <= condition.threshold : ratio >= condition.threshold;
  }
  StatusOr<bool> operator()(const InContractYear& condition) const {
    return Holds(condition, calculation, inputs);
  }
};

}  // namespace

StatusOr<std::optional<Exact>> FindAmount(const Calculation& calculation, std::string_view fact) {
  const auto derived = calculation.derived.find(fact);
  if (derived != calculation.derived.end()) return std::optional<Exact>(derived->second);
  return calculation.facts.Amount(fact);
}

StatusOr<Exact> NeedAmount(const Calculation& calculation, std::string_view fact) {
  return Need<Exact>(FindAmount(calculation, fact), fact, "amount");
}

StatusOr<Ratio> NeedRatio(const Calculation& calculation, std::string_view fact) {
  return Need<Ratio>(calculation.facts.RatioOf(fact), fact, "ratio");
}

StatusOr<std::int64_t> NeedCount(const Calculation& calculation, std::string_view fact) {
  return Need<std::int64_t>(calculation.facts.Count(fact), fact, "count");
}

StatusOr<Ratio> NeedScore(const Calculation& calculation, std::string_view fact) {
  if (!fact.empty()) return NeedRatio(calculation, fact);
  if (!calculation.score) return FailedPrecondition("score (no score was computed before it)");
  return *calculation.score;
}

Status NeedAnnouncedTarget(const Calculation& calculation, Step& step) {
  const std::optional<Operations>& operations = calculation.terms.operations;
  if (!operations || !operations->target_announcement_required) return OkStatus();
  ASSIGN_OR_RETURN(const Date announced,
                   Need<Date>(calculation.facts.DateOf(kTargetAnnouncedOn), kTargetAnnouncedOn,
                              "date on which the target of the year was announced"));
  ASSIGN_OR_RETURN(const std::string source,
                   Need<std::string>(calculation.facts.Text(kTargetSource), kTargetSource,
                                     "source of the year's target"));
  step.inputs.push_back({std::string(kTargetAnnouncedOn), FormatDate(announced)});
  step.inputs.push_back({std::string(kTargetSource), source});
  return OkStatus();
}

StatusOr<bool> AllHold(const Calculation& calculation, const std::vector<Condition>& conditions,
                       std::vector<StepInput>& inputs) {
  for (const Condition& condition : conditions) {
    ASSIGN_OR_RETURN(const bool holds, std::visit(ConditionTester{calculation, inputs}, condition));
    if (!holds) return false;
  }
  return true;
}

}  // namespace sluice::performance
