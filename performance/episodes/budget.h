// The budget of a bundle over those who share it, and what is left to post when it changes.
#pragma once

#include <span>
#include <vector>

#include "core/id.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::performance {

struct BudgetParticipant {
  PartyId party;
  Ratio weight;  // its share is weight / sum of weights; not negative
};

// What a participant is due, has had, and gets (or gives back) now.
struct BudgetPart {
  PartyId party;
  Money due;
  Money posted;      // before
  Money difference;  // due - posted

  friend bool operator==(const BudgetPart&, const BudgetPart&) = default;
};

struct PostedPart {
  PartyId party;
  Money amount;
};

// Splits `due` by weight, to the cent, ties to the lowest party, and compares with what was posted.
// The dues sum to `due`, the differences to `due` less all that was posted. Who was paid but shares
// no longer is due nothing and gives it back. With nothing posted this is the prospective split.
// Lines are by party. InvalidArgument names a party that is listed twice, a negative weight, or
// that all weights are zero.
StatusOr<std::vector<BudgetPart>> SplitBudget(Money due,
                                              std::span<const BudgetParticipant> participants,
                                              std::span<const PostedPart> posted);

}  // namespace sluice::performance
