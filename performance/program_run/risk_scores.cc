#include "performance/program_run/risk_scores.h"

#include <fmt/format.h>

#include <set>

namespace sluice::performance {
namespace {

std::string ModelOf(const RiskScore& score) {
  return score.model_version.empty() ? score.model
                                     : fmt::format("{} {}", score.model, score.model_version);
}

}  // namespace

StatusOr<std::vector<RiskScore>> ScoresOfModel(std::vector<RiskScore> scores, const Facts& facts) {
  ASSIGN_OR_RETURN(const std::optional<std::string> wanted, facts.Text(kRiskModelFact));
  std::set<std::string> models;
  for (const RiskScore& score : scores) models.insert(ModelOf(score));
  if (!wanted && models.size() > 1) {
    return FailedPrecondition("{} (members have scores of {} and {}; record which one counts)",
                              kRiskModelFact, *models.begin(), *models.rbegin());
  }
  if (wanted) {
    std::erase_if(scores, [&](const RiskScore& score) { return ModelOf(score) != *wanted; });
  }
  return scores;
}

}  // namespace sluice::performance
