// What is known of a hierarchy, and a change to it.
//
//   1. A change adds: parties, details, and spans of identifiers and affiliations. It corrects by
//      saying a span again (same key, same first day) with another end, or withdrawn.
//   2. Changes of one payer are numbered 1, 2, 3, ... in the order they were recorded.
//   3. Every change passes CheckChange before it is stored; so what is known always keeps the
//      rules of hierarchy/party.h, identifier.h and affiliation.h, on every day.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "hierarchy/affiliation.h"
#include "hierarchy/graph.h"
#include "hierarchy/identifier.h"
#include "hierarchy/party.h"

namespace sluice::hierarchy {

struct ChangeSet {
  std::vector<Party> parties;
  std::vector<PartyDetail> details;
  std::vector<PartyIdentifier> identifiers;
  std::vector<Affiliation> affiliations;

  bool Empty() const {
    return parties.empty() && details.empty() && identifiers.empty() && affiliations.empty();
  }

  // A new party, its name and identifiers from a day on, without an end.
  void AddParty(Party party, std::string_view name, Date from,
                std::span<const Identifier> identifiers = {});
  void AddAffiliation(PartyId parent, PartyId child, std::string_view role, DateRange valid);
};

// Everything known at one change, for all days: the latest word on each span, without the
// withdrawn ones.
struct Knowledge {
  std::int64_t version = 0;  // the number of the last change; 0 is nothing yet
  std::vector<Party> parties;
  std::vector<PartyDetail> details;  // the latest word on each (party, day)
  std::vector<PartyIdentifier> identifiers;
  std::vector<Affiliation> affiliations;

  // The hierarchy on a day. A party without a name on the day, because its first detail starts
  // later, shows its earliest name.
  StatusOr<HierarchySnapshot> AsOf(Date day) const;
  // The latest name of a party and its id, for messages: "Northwest ACO (pty_...)".
  std::string NameOf(PartyId party) const;
};

// Why a change is refused. The names are stable: clients branch on them. Checked in this order.
enum class Problem {
  kDuplicate,               // the party or the span is given twice in one change
  kUnknownParty,            // neither known nor added by the change
  kBadName,                 // name or address has a wrong form
  kBadIdentifier,           // see MakeIdentifier
  kIdentifierConflict,      // two parties with one value, or one party with two values, on a day
  kNpiRequired,             // a provider is added without an NPI
  kKindNotAllowed,          // see MayContain
  kBadRole,                 // see CheckRole
  kEmptyRange,              // the end is not after the first day
  kNothingToWithdraw,       // the withdrawn span is not known
  kOverlappingAffiliation,  // two spans of one parent, child and role share a day
  kCycle,                   // on some day the hierarchy would contain itself
};

// "IDENTIFIER_CONFLICT".
std::string_view ProblemName(Problem problem);

struct Finding {
  Problem problem = Problem::kDuplicate;
  std::string message;
};

// Everything that is wrong with the change, at most `limit` findings; empty when it may be stored.
std::vector<Finding> CheckChange(const Knowledge& known, const ChangeSet& change,
                                 std::size_t limit = 20);

// What is known once the change, which passed CheckChange, is recorded as number `version`.
Knowledge Merge(const Knowledge& known, const ChangeSet& change, std::int64_t version);

}  // namespace sluice::hierarchy
