// A contract in a transaction, with its versions and moves. Internal to the service.
#pragma once

#include <string>
#include <vector>

#include "core/pg/database.h"
#include "performance/contracts/contract_service.h"

namespace sluice::performance {

struct ContractService::Opened {
  Contract contract;
  std::vector<ContractVersion> versions;  // 1, 2, 3, ...
  std::vector<ContractMove> moves;

  ContractState StateOf(std::int32_t version) const;
  // NotFound names the contract. Version 0 is the newest.
  StatusOr<const ContractVersion*> Find(std::int32_t version) const;
  // The version that is active, or nullptr.
  const ContractVersion* Active() const;
  // Who wrote the version, or one before it since a version was last active.
  std::vector<UserId> AuthorsOf(std::int32_t version) const;
  // The number of the move that last submitted the version.
  std::int32_t RoundOf(std::int32_t version) const;

  // Checks the move, stores it and keeps it here.
  Status Move(pg::Transaction& tx, ContractMove move);
};

}  // namespace sluice::performance
