// What the commands on contracts share. Internal to them.
#pragma once

#include <string>

#include "api/command_line.h"
#include "payments/pool_funding.h"
#include "performance/contracts/contract_service.h"

namespace CLI {
class App;
}

namespace sluice::api {

// The service with what it asks of payments.
class Contracts {
 public:
  explicit Contracts(Session& session)
      : service_(session.Database(), session.Payer(), session.Clock(), session.Ids(), funding_) {}
  performance::ContractService* operator->() { return &service_; }

 private:
  payments::PoolFunding funding_;
  performance::ContractService service_;
};

// Which version of which contract; version 0 is the newest.
struct ContractOptions {
  std::string contract;
  std::int32_t version = 0;
  std::string user;    // --as
  std::string reason;  // --reason or --comment
};

// Adds the contract's id and --version.
void AddContractOption(CLI::App& command, ContractOptions& options);
// Adds --as and the text that says why, under `reason_name`.
void AddActor(CLI::App& command, ContractOptions& options, const std::string& reason_name,
              const std::string& help);

// "3 of ctr_..., Two-sided shared savings 2026: draft, sha256 0123456789abcdef...".
std::string OneLine(const performance::ContractFile& file);

}  // namespace sluice::api
