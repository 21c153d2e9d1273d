// What the golden statements have in common: every step of an award names the clause behind it.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "performance/award.h"
#include "performance/terms.h"

namespace sluice::performance {

// Gives a component without a clause its place in the contract, "section 3".
inline Terms NumberClauses(Terms terms) {
  int number = 0;
  for (Component& component : terms.components) {
    ++number;
    if (component.clause.empty()) component.clause = fmt::format("section {}", number);
  }
  return terms;
}

// The steps that name none, as "component: description".
inline std::vector<std::string> UncitedSteps(const Award& award) {
  std::vector<std::string> uncited;
  for (const Step& step : award.steps) {
    if (!step.component.empty() && step.clause.empty()) {
      uncited.push_back(fmt::format("{}: {}", step.component, step.description));
    }
  }
  return uncited;
}

}  // namespace sluice::performance
