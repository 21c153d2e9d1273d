// Activities as a detail source: the events of the period, each with the affiliation on its day of
// service asked of the hierarchy.
#pragma once

#include "performance/program_run/detail_source.h"

namespace sluice::performance {

class ActivitySource final : public DetailSource {
 public:
  std::string_view Name() const override { return "activity"; }
  bool Serves(const Terms& terms) const override {
    return FindBasis<ActivitySum>(terms) != nullptr;
  }
  StatusOr<DetailOutcome> Refresh(const DetailScope& scope,
                                  std::span<const DetailContract> contracts) override;
};

}  // namespace sluice::performance
