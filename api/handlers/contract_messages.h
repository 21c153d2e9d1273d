// Contracts and their versions as the contract of the API writes them.
//
//   1. Who sees a part of the payer sees of a contract what was approved once: a model, a draft or
//      a version in review is the payer's own work.
#pragma once

#include <string>
#include <vector>

#include "api/handlers/contract_list_store.h"
#include "api/service/call.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "performance/contracts/contract_version.h"
#include "sluice/performance/v1/contract.pb.h"

namespace sluice::api {

// What "payers/p/contracts/c/versions/v" names; version 0 is the newest ("latest").
struct VersionPlace {
  ContractId contract;
  std::int32_t version = 0;
};
// InvalidArgument says which part is none.
StatusOr<VersionPlace> VersionPlaceOf(const std::string& name);

// The numbers of states and sides are those that are stored.
performance::v1::Contract ContractMessage(const Call& call, const ContractRow& row);
StatusOr<performance::v1::Contract> LoadContractMessage(pg::Transaction& tx, const Call& call,
                                                        ContractId contract);

// The versions that the caller may see, by version. NotFound for a contract without life cycle.
StatusOr<std::vector<performance::ContractFile>> LoadFilesFor(pg::Transaction& tx, const Call& call,
                                                              ContractId contract);
// One of them.
StatusOr<performance::ContractFile> LoadFileFor(pg::Transaction& tx, const Call& call,
                                                const VersionPlace& place);
performance::v1::ContractVersion VersionMessage(PayerId payer,
                                                const performance::ContractFile& file);
StatusOr<performance::v1::ContractVersion> LoadVersionMessage(pg::Transaction& tx, const Call& call,
                                                              const VersionPlace& place);

// Changes with every version and every move.
std::string ContractEtag(ContractId contract, const std::vector<performance::ContractMove>& moves);

performance::v1::Terms TermsMessage(const performance::Terms& terms);
// InvalidArgument names the rule that they break.
StatusOr<performance::Terms> ReadTermsMessage(const performance::v1::Terms& terms);

}  // namespace sluice::api
