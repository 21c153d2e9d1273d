// Quality measures as a detail source: the results of members, counted for each contract whose
// terms score measures.
//
// Results that a file states for the contract as a whole are facts already and stay as they are; a
// measure that nobody reported blocks the award by its name.
#pragma once

#include "performance/program_run/detail_source.h"

namespace sluice::performance {

class MeasureSource final : public DetailSource {
 public:
  std::string_view Name() const override { return "measure"; }
  bool Serves(const Terms& terms) const override;
  StatusOr<DetailOutcome> Refresh(const DetailScope& scope,
                                  std::span<const DetailContract> contracts) override;
};

}  // namespace sluice::performance
