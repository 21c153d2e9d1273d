// Short ways to write terms and facts about quality, and to read their steps.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "performance/calculate.h"
#include "performance/facts.h"
#include "performance/terms.h"
#include "tests/performance/cited_steps.h"

namespace sluice::performance {

inline CalculationDates Year2026() {
  return {.period = DateRange::Year(2026), .pay_date = MakeDate(2027, 5, 3)};
}

// $1,000 times the score of these measures.
inline Terms ThousandTimes(Score score) {
  Terms terms{.title = "A thousand dollars times the score"};
  terms.components = {
      {.rule = Basis{.kind = FixedAmount{Money::FromCents(100'000)}}},
      {.rule = std::move(score), .clause = "quality exhibit 2"},
      {.rule = RateComponent{.cases = {{.rule = RateTimesScore{Rate::FromPercent(100)}}}}},
      {.rule = RoundingRule{}}};
  return NumberClauses(std::move(terms));
}

inline MeasureResult Result(std::int64_t numerator, std::int64_t denominator) {
  return MeasureResult{.numerator = Ratio(numerator), .denominator = Ratio(denominator)};
}

inline std::string Input(const Step& step, std::string_view name) {
  for (const StepInput& input : step.inputs) {
    if (input.name == name) return input.value;
  }
  return "-";
}

// The step of a component with a description, for instance of a measure or a domain.
inline const Step* FindStep(const Award& award, std::string_view component,
                            std::string_view description) {
  for (const Step& step : award.steps) {
    if (step.component == component && step.description == description) return &step;
  }
  return nullptr;
}

}  // namespace sluice::performance
