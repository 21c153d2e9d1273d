// Capitation as a detail source: the panel out of published attribution lists and what is known of
// the members, then a run of the month.
//
//   1. A contract with a published list has its panel from it (panel_projection.h); only
//      differences are recorded. One without any list has the panel that was recorded by hand or by
//      file; one that has neither is blocked.
//   2. The payee of a member is the party directly below the contract's party through which its
//      practice (or provider) belongs to it on the last attributed day within the period; without
//      practice and provider the contract's party.
//   3. Premiums and risk means are facts of capitation_service.h; what lacks blocks by its name.
//   4. A month before the last one that was run is left alone: its changes are posted by the later
//      run.
#pragma once

#include "performance/program_run/detail_source.h"

namespace sluice::performance {

class CapitationSource final : public DetailSource {
 public:
  std::string_view Name() const override { return "capitation"; }
  bool Serves(const Terms& terms) const override { return FindMemberMonthSum(terms) != nullptr; }
  StatusOr<DetailOutcome> Refresh(const DetailScope& scope,
                                  std::span<const DetailContract> contracts) override;
};

}  // namespace sluice::performance
