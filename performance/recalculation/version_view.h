// The versions of an award as people read them beside one another.
//
//   1. A version stays what it was calculated to be; what became of it follows from the others, so
//      it is told here and is no part of the award.
//   2. A computed version after the first computed one is RESTATED.
//   3. What a version moves is its delta. Of a version that a newer one replaces nothing more is
//      due: SUPERSEDED. What it moved is in the newer one's net. NO_CHANGE: it pays what the
//      version before it does.
#pragma once

#include <optional>
#include <vector>

#include "core/money.h"
#include "performance/award.h"
#include "performance/program.h"
#include "performance/recalculation/delta_cause.h"

namespace sluice::performance {

struct VersionView {
  StoredAward award;
  std::vector<ReasonCode> notes;  // of the award, and RESTATED
  // What the award pays by this version; zero once a newer one counts.
  Money due;
  // When nothing is due, or nothing else than before. None of a blocked version: it has no result.
  std::optional<ReasonCode> reason;
  std::vector<DeltaCause> causes;  // of the delta; filled in by whoever has them
};

// `history` is every version of one award, oldest first.
std::vector<VersionView> ViewVersions(const std::vector<StoredAward>& history);

}  // namespace sluice::performance
