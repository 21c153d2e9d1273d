// Which open lines wait by themselves, and why: a person holds them, or another contract pays the
// same activity of a member in the same period. The cap of a program is applied by the plan.
//
// A duplicate holds the lines of its practice or provider in the award; where none of them has a
// line of its own, all lines of the award. It ends when a person accepts it, or a calculation
// without the duplicate replaces the award.
#pragma once

#include <map>
#include <span>
#include <string>

#include "core/pg/database.h"
#include "payments/line_decision.h"
#include "payments/obligation_store.h"

namespace sluice::payments {

struct LineHold {
  HoldReason reason{};
  std::string note;  // for the person who decides
};

// By line. `open` are lines of `book`, recognized or not; a recognized one is held by persons only.
std::map<ObligationId, LineHold> FindLineHolds(pg::Transaction& tx, PayerId payer, BookId book,
                                               std::span<const ObligationRow> open,
                                               const LineDecisions& decisions);

}  // namespace sluice::payments
