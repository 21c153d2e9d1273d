// A benchmark from base years: what the people of a contract would have cost, by enrollment type.
//
// The order is: cost per person-year of each base year -> trended (and risk-adjusted) to the last
// one -> weighted -> regional adjustment -> prior savings -> updated to the performance year ->
// risk growth within its cap -> times person-years, summed over types. Nothing is rounded. Every
// input is a fact with a name and every operation is a step.
#pragma once

#include <string>
#include <vector>

#include "core/money.h"
#include "core/status.h"
#include "performance/award.h"
#include "performance/facts.h"
#include "performance/terms_savings.h"

namespace sluice::performance {

// One enrollment type; amounts are per person-year (member months / 12).
struct BenchmarkOfType {
  std::string type;
  Ratio person_years;     // of the performance year
  Exact historical;       // weighted base years, trended to the last one
  Exact regional;         // the regional adjustment, before prior savings
  Exact adjusted;         // historical, regional adjustment and prior savings
  Exact updated;          // in the performance year, before risk
  Ratio risk = Ratio(1);  // the risk ratio that counts, after the cap
  Exact amount;           // updated x risk
};

struct BenchmarkResult {
  std::vector<BenchmarkOfType> types;  // as in the terms; those without person-years left out
  Ratio person_years;
  Exact per_capita;  // zero without person-years
  Exact total;
  std::vector<Step> steps;  // component "benchmark"; the caller sets position and clause
};

// FailedPrecondition names the fact that is missing, of the wrong kind or impossible (a base year
// without member months). Requires: the terms are valid (performance/terms_validate.h).
StatusOr<BenchmarkResult> ComputeBenchmark(const HistoricalBenchmark& terms, const Facts& facts);

// "benchmark.by1.esrd.expenditure".
std::string BenchmarkFact(std::string_view year, std::string_view type, std::string_view item);

}  // namespace sluice::performance
