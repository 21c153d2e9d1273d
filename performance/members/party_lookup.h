// Whose a number is and who belongs to whom on a day, as the payer's hierarchy says now.
//
// Reads the hierarchy as of one version, chosen when the lookup is made, and remembers its answers:
// a file asks the same of thousands of rows. For one transaction.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "hierarchy/identifier.h"

namespace sluice::performance {

class PartyLookup {
 public:
  PartyLookup(pg::Transaction& tx, PayerId payer);

  // The party that has the identifier on the day.
  std::optional<PartyId> Find(const hierarchy::Identifier& identifier, Date on);
  // Whether the child is affiliated with the parent itself on the day.
  bool IsUnder(PartyId child, PartyId parent, Date on);
  // Whether the provider is at the practice, directly or at one of its locations.
  bool WorksAt(PartyId provider, PartyId practice, Date on);
  // Whether the party is the ancestor, or anywhere below it.
  bool IsWithin(PartyId party, PartyId ancestor, Date on);

 private:
  const std::set<PartyId>& ParentsOf(PartyId child, Date on);

  pg::Transaction& tx_;
  PayerId payer_;
  std::int64_t version_;
  std::map<std::pair<hierarchy::Identifier, Date>, std::optional<PartyId>> parties_;
  std::map<std::pair<PartyId, Date>, std::set<PartyId>> parents_;
};

}  // namespace sluice::performance
