// What bundles paid for the members of another program's settlement, as facts of that settlement.
//
//   1. Terms that take it off (PaidElsewhere) name the fact of each bundle. What counts is the part
//      of the bundle's results that is of services on days of the settlement's period on which its
//      list has the member: the periods of the two need not be the same.
//   2. The bundle's runs must hold every day of the period on which its contract is in force; else
//      the settlement is blocked by the fact's name. Of an episode the newest run counts whose
//      period its day is in.
//   3. A settlement that was calculated before is told when its bundle is run again.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "performance/program_run/detail_source.h"

namespace sluice::performance {

// The facts of what bundles paid that the terms take off, and the contract of each bundle.
std::map<std::string, ContractId> BundlesTakenOff(const Terms& terms);

class PaidInEpisodesSource final : public DetailSource {
 public:
  std::string_view Name() const override { return "paid_in_episodes"; }
  bool Serves(const Terms& terms) const override { return !BundlesTakenOff(terms).empty(); }
  StatusOr<DetailOutcome> Refresh(const DetailScope& scope,
                                  std::span<const DetailContract> contracts) override;
};

// Records what `bundle` paid for the settlement's members in each period of which it has an award,
// when these days overlap. Returns how many facts changed.
StatusOr<std::int64_t> TellSettlement(const DetailScope& scope, ContractId settlement,
                                      ContractId bundle, const DateRange& days);

}  // namespace sluice::performance
