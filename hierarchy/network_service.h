// Keeping the networks of contracts and the contacts of parties, and asking about them.
//
// Each call is one transaction. A question names a day, and may name an instant: "as of", "as
// known" (hierarchy/hierarchy_service.h).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "hierarchy/contact.h"
#include "hierarchy/hierarchy_service.h"
#include "hierarchy/network.h"

namespace sluice::hierarchy {

class NetworkService {
 public:
  // `database` acts for `payer`. The clock outlives the service.
  NetworkService(pg::Database database, PayerId payer, Clock& clock)
      : hierarchy_(database, clock), database_(std::move(database)), payer_(payer), clock_(clock) {}

  // Records a contact, or the next revision of one. InvalidArgument says what is wrong with it.
  Status RecordContact(UserId actor, const Contact& contact) const;
  // The active contacts of a party (unset: the payer) on a day.
  StatusOr<std::vector<Contact>> ContactsOn(PartyId party, Date on) const;

  // Records rules, each the next revision of its number, all or none. InvalidArgument names what is
  // wrong with one, also a party that is not there. Requires: the contract is the payer's.
  Status RecordRules(UserId actor, ContractId contract, std::span<const NetworkRule> rules) const;
  StatusOr<NetworkDefinition> Network(ContractId contract,
                                      std::optional<Instant> known_at = std::nullopt) const;
  // Whether a provider is in the network of a contract on a day, and why (hierarchy/network.h).
  StatusOr<NetworkDecision> Decide(ContractId contract, PartyId provider, const AsOf& as_of) const;

 private:
  HierarchyService hierarchy_;
  pg::Database database_;
  PayerId payer_;
  Clock& clock_;
};

}  // namespace sluice::hierarchy
