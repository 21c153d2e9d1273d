// SQL of contacts and of the rules of networks, and the mapping of their rows. No rules.
#pragma once

#include <span>
#include <vector>

#include "core/pg/database.h"
#include "hierarchy/contact.h"
#include "hierarchy/network.h"

namespace sluice::hierarchy {

// Who records something, and when.
struct RecordedBy {
  UserId actor;
  Instant at;
};

// Records the contact, which passed CheckContact, as its next revision.
void InsertContact(pg::Transaction& tx, PayerId payer, const Contact& contact,
                   const RecordedBy& by);
// The latest revision of every contact of these parties known at the instant, withdrawn ones too.
// An unset party is the payer itself.
std::vector<Contact> LoadContacts(pg::Transaction& tx, PayerId payer,
                                  std::span<const PartyId> parties, Instant known_at);

// Records the rule as its next revision.
void InsertNetworkRule(pg::Transaction& tx, PayerId payer, ContractId contract,
                       const NetworkRule& rule, const RecordedBy& by);
// The latest revision of every rule of the contract known at the instant, without the withdrawn.
NetworkDefinition LoadNetwork(pg::Transaction& tx, PayerId payer, ContractId contract,
                              Instant known_at);

}  // namespace sluice::hierarchy
