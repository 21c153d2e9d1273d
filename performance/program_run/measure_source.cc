#include "performance/program_run/measure_source.h"

#include <algorithm>

#include "performance/quality/measure_service.h"

namespace sluice::performance {

bool MeasureSource::Serves(const Terms& terms) const {
  return std::ranges::any_of(terms.components, [](const Component& component) {
    return std::holds_alternative<Score>(component.rule);
  });
}

StatusOr<DetailOutcome> MeasureSource::Refresh(const DetailScope& scope,
                                               std::span<const DetailContract> contracts) {
  std::vector<ContractId> ids;
  for (const DetailContract& contract : contracts) ids.push_back(contract.contract.id);
  MeasureService service(scope.database, scope.clock, scope.ids);
  ASSIGN_OR_RETURN(const MeasureSummary summary, service.Count({.program = scope.program,
                                                                .period = scope.dates.period,
                                                                .known_at = scope.known_at,
                                                                .contracts = ids,
                                                                .progress = scope.progress}));
  return DetailOutcome{.rows = summary.recorded};
}

}  // namespace sluice::performance
