#include "performance/program_run/activity_source.h"

#include <set>

#include "performance/activity/activity_service.h"
#include "performance/program_run/excluded_coverage.h"

namespace sluice::performance {

StatusOr<DetailOutcome> ActivitySource::Refresh(const DetailScope& scope,
                                                std::span<const DetailContract> contracts) {
  std::vector<ContractId> ids;
  std::set<std::string> products;
  for (const DetailContract& contract : contracts) {
    ids.push_back(contract.contract.id);
    const ActivitySum& activity = *FindBasis<ActivitySum>(contract.terms);
    products.insert(activity.excluded_products.begin(), activity.excluded_products.end());
  }
  const DateRange days{ActivityWindowStart(scope.dates.period), scope.dates.period.to};
  ASSIGN_OR_RETURN(const CoverageOfMembers coverage,
                   CoverageOfProducts(scope, days, std::vector(products.begin(), products.end())));
  ActivityService service(scope.database, scope.clock, scope.ids);
  ASSIGN_OR_RETURN(const ActivityRunSummary summary,
                   service.Run({.program = scope.program,
                                .period = scope.dates.period,
                                .known_at = scope.known_at,
                                .contracts = ids,
                                .affiliations = &scope.affiliations,
                                .excluded_by =
                                    [&](std::int64_t member, Date day,
                                        const std::vector<std::string>& excluded) {
                                      const auto found = coverage.find(member);
                                      if (found == coverage.end()) return std::string();
                                      return ExcludedOn(found->second, day, excluded);
                                    }},
                               scope.hierarchy));
  if (scope.progress) scope.progress(summary.contracts, summary.contracts);
  DetailOutcome outcome{.rows = summary.runs + summary.facts};
  for (const auto& [contract, performer] : summary.unplaced) {
    outcome.left.emplace_back(contract,
                              fmt::format("{} under {} is not below the contract's party at the "
                                          "end of the period: no split reaches it",
                                          performer.provider, performer.practice));
  }
  return outcome;
}

}  // namespace sluice::performance
