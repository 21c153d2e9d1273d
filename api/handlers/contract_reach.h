// What of a contract's detail (its members, what was done for them and paid for it) a caller may
// see.
//
//   1. Whoever has the right over the whole payer sees all of it.
//   2. Everybody else sees what is of a practice in their tree that stands below the contract's
//   party
//      today by a way through the root of the tree: of two networks that share a practice, each
//      sees what is of its own contract. A provider sees their own, at whichever practice.
//   3. Who sees nothing of a contract does not learn whether there is one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/service/call.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::api {

class ContractReach {
 public:
  // NotFound for a contract that is not there; PermissionDenied for one of which the caller sees
  // nothing.
  static StatusOr<ContractReach> Of(Call& call, ContractId contract);
  // The same by a resource name that has the contract in it.
  static StatusOr<ContractReach> Of(Call& call, const std::string& name);

  ContractId Contract() const { return contract_; }
  PartyId Party() const { return party_; }
  bool IsWhole() const { return !among_; }
  // Whether the caller sees what is of the practice, else of the provider, else of the contract's
  // party.
  bool Shows(std::optional<PartyId> practice, std::optional<PartyId> provider = {}) const;

  // The same for SQL: COALESCE(practice, provider, party) among these, or the provider among the
  // roots. Unset: everything.
  const std::optional<std::vector<PartyId>>& Among() const { return among_; }
  const std::vector<PartyId>& Roots() const { return roots_; }

 private:
  ContractId contract_;
  PartyId party_;
  std::optional<std::vector<PartyId>> among_;  // ascending
  std::vector<PartyId> roots_;                 // ascending
};

// The roots of the trees that the caller sees; unset: all of the payer. Of what is of a contract as
// a whole, its party must be one of them.
std::optional<std::vector<PartyId>> RootsOf(const Call& call);

// "payers/pyr_1/contracts/ctr_2".
std::string NameOfContract(PayerId payer, ContractId contract);

}  // namespace sluice::api
