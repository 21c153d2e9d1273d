#include "performance/program_run/activity_source.h"

#include "performance/activity/activity_service.h"

namespace sluice::performance {

StatusOr<DetailOutcome> ActivitySource::Refresh(const DetailScope& scope,
                                                std::span<const DetailContract> contracts) {
  std::vector<ContractId> ids;
  for (const DetailContract& contract : contracts) ids.push_back(contract.contract.id);
  ActivityService service(scope.database, scope.clock, scope.ids);
  ASSIGN_OR_RETURN(const ActivityRunSummary summary,
                   service.Run({.program = scope.program,
                                .period = scope.dates.period,
                                .known_at = scope.known_at,
                                .contracts = ids,
                                .affiliations = &scope.affiliations},
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
