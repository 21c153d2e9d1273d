// What the contracts of a program forfeit goes to those of them that did well: the sharing of
// performance/quality/redistribution.h over the stored awards of a period.
//
//   1. Contracts whose terms have the same redistribute component share with one another, when the
//      newest award of each is computed. Until then nothing is shared, and what was shared stays.
//   2. A share is paid by a contract of the same program and party whose basis is a per cent of the
//      amount fact "redistributed": an award of its own, out of the pool that the forfeits went to.
//      Its fact is recorded here, zeros too; without such a contract the share is told as unpaid.
//   3. Only forfeits to the pool are shared. Score and release are those of the award's package,
//      which is replayed.
#pragma once

#include <cstdint>
#include <span>

#include "performance/program_run/detail_source.h"

namespace sluice::performance {

// Whether the terms pay a redistributed share: their awards are calculated after the sharing.
bool PaysRedistribution(const Terms& terms);

struct SharingOutcome {
  std::int64_t facts = 0;  // recorded now
  ContractTexts pending;   // contracts that the sharing waits for
  ContractTexts unpaid;    // shares that no contract pays
};

// `contracts` are all of the program in the period.
StatusOr<SharingOutcome> ShareForfeits(const DetailScope& scope,
                                       std::span<const DetailContract> contracts);

}  // namespace sluice::performance
