// Why an award pays more or less than the version before it: one line per cause, summing to the
// delta to the cent.
//
//   1. The order is that in which things were recorded. After each instant at which something was
//      recorded, the award is calculated as it was known then; the difference to the instant before
//      is the amount of what was recorded at it. So the amounts telescope: nothing is left over.
//   2. Changes cannot be told apart, and share one line, when they were recorded at one instant,
//      when the award had no result between them, or when they act only through a detail engine
//      (member-months, activities), which looks at all of them in one run.
//   3. What no known change explains (another day of the hierarchy, another pay date) has a line
//      without changes.
//   4. The amount of a change depends on the order; that is a property of what happened, not of the
//      method: a rate that is raised on a panel that has shrunk before is worth less.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/money.h"
#include "performance/recalculation/change_event.h"

namespace sluice::performance {

struct DeltaCause {
  Money amount;
  std::string cause;                  // for people
  std::vector<ChangeEventId> events;  // by id; none: rule 3

  friend bool operator==(const DeltaCause&, const DeltaCause&) = default;
};

// What the award was payable as known at an instant; nothing where it was blocked then.
struct PayableAt {
  Instant at;
  std::optional<Money> payable;
  // Nothing but what detail engines recorded of their lines.
  bool of_engine = false;
};

struct DeltaInput {
  Money before;  // payable of the version before
  // The version before calculated anew on the days of the new one; other than `before`, it gives
  // the first line.
  Money anew;
  Money after;   // payable of the version
  // The changes between the two versions, by (recorded_at, id).
  std::span<const ChangeEvent> events;
  // By time, one for each instant at which a change or an engine's facts were recorded.
  std::span<const PayableAt> states;
};

// Lines in the order of time. Their amounts sum to after - before. Each event is in exactly one;
// a line may be zero.
std::vector<DeltaCause> ExplainDelta(const DeltaInput& input);

}  // namespace sluice::performance
