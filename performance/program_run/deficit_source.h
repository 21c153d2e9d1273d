// The deficit account of a party as an input of its award, and what the award books into it.
//
// Before: interest and expiry through the pay date are booked, and the balance without the award's
// own bookings becomes the fact that the carry-forward component reads. A party without an account
// keeps a balance that somebody recorded; otherwise it is zero, because the account is the truth.
// After: what the newest version of the award recovered or carried is booked, once.
#pragma once

#include <span>

#include "performance/program_run/detail_source.h"

namespace sluice::performance {

class DeficitSource final : public DetailSource {
 public:
  std::string_view Name() const override { return "deficit"; }
  bool Serves(const Terms& terms) const override;
  StatusOr<DetailOutcome> Refresh(const DetailScope& scope,
                                  std::span<const DetailContract> contracts) override;
};

// Books the newest awards of the contracts. Those that are blocked are left; what could not be
// booked is told.
StatusOr<ContractTexts> BookDeficits(const DetailScope& scope,
                                     std::span<const DetailContract> contracts);

}  // namespace sluice::performance
