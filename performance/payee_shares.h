// The shares of an award whose basis sums member-months: each payee is owed its own lines less its
// own deductions, and divides that by the split of the terms.
//
// A payee is the contract's party, directly below it, or a party that was when it earned its lines.
// A share may be negative while another is positive: a member who moved is taken back from one
// payee and paid to the other. A negative share is a receivable that the payee's next payment is
// offset against (CARRIED_FORWARD).
#pragma once

#include <span>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/participants.h"
#include "performance/split.h"
#include "performance/terms.h"

namespace sluice::performance {

// Lines as SplitAward gives them, from position 0, the contract's party. What each payee is owed is
// its fact kPayeeNetFact; without it a participant has no member-months. `split`, when there is
// one, is for what is below the payees, and asks for the dates. InvalidArgument when the payees are
// not owed `payable` in all; FailedPrecondition when a weight below a payee is missing.
StatusOr<std::vector<SplitShare>> PayeeShares(const Participant& party, Money payable,
                                              const Split* split, const SplitDates& dates);

// The tree that PayeeShares walks: the party, everybody directly below it, whoever else the lines
// name as payee (it left, and is still owed or owes), and below them whom the split reaches. Fails
// as ParticipantsUnder and ParticipantsOf do.
StatusOr<Participant> PayeesUnder(const Split* split, const HierarchyView& view, PartyId party,
                                  const ParticipantFacts& facts, const DateRange& period);

// What was withheld of each line of PayeeShares, by position: of each payee what its fact
// "deducted.withhold" says, negative where it gives back, divided over the payee's lines by what
// they are paid. Where none is paid, it stands at the payee itself. Fails when a fact is no amount.
StatusOr<std::vector<Money>> WithheldOfPayees(const Participant& party,
                                              std::span<const SplitShare> shares);

}  // namespace sluice::performance
