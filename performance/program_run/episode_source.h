// Episodes as a detail source: the claims of the payer's members, and what was agreed or measured
// outside as facts of the contract.
//
//   1. The entity is the contract's party and everybody below it, by their NPIs and TINs on the
//      last day of the period. Its claims open episodes.
//   2. Facts of the contract for the period, each read when the terms ask for it:
//        episode_baseline.own.470.2025, episode_baseline.regional.470.2025   amount: the mean
//        episode_baseline.own.470.2025.count                                 count: its episodes
//        episode_trend.KNS, episode_normalization.KNS                        ratio
//        episode_post_bound.KNS                                              amount, per episode
//        episode_quality_score                                               ratio
//   3. Bounds that are percentiles are of all episodes of the payer's members in the period, by
//      cell, before bounds.
//   4. A member overlaps with another program when a savings contract of the payer in another
//      program has it on a published list within the period. Contracts whose target is reduced by
//      what this bundle paid are told what that is (paid_in_episodes.h).
//   5. Budgets that are paid in advance are those of the episode table (episode_budgets.h), and the
//      engine runs when their settlement is final.
#pragma once

#include "performance/program_run/detail_source.h"

namespace sluice::performance {

class EpisodeSource final : public DetailSource {
 public:
  std::string_view Name() const override { return "episode"; }
  bool Serves(const Terms& terms) const override { return FindBasis<EpisodeSum>(terms) != nullptr; }
  StatusOr<DetailOutcome> Refresh(const DetailScope& scope,
                                  std::span<const DetailContract> contracts) override;
};

}  // namespace sluice::performance
