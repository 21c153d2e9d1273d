// SQL of the life of contracts and the mapping of its rows. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "performance/contracts/contract_version.h"
#include "performance/contracts/operating_calendar.h"

namespace sluice::performance {

// Locks the contract until the transaction ends: its moves are made one after the other. False when
// the payer has no such contract.
bool LockContract(pg::Transaction& tx, ContractId contract);

void InsertVersion(pg::Transaction& tx, const ContractVersion& version);
// By version. DataLoss names a version whose terms do not match their hash.
StatusOr<std::vector<ContractVersion>> LoadVersions(pg::Transaction& tx, ContractId contract);

void InsertMove(pg::Transaction& tx, ContractId contract, const ContractMove& move);
// By number.
std::vector<ContractMove> LoadMoves(pg::Transaction& tx, ContractId contract);

void InsertApprovers(pg::Transaction& tx, ContractId contract, std::int32_t version,
                     std::int32_t round, std::span<const UserId> approvers);
void InsertApproval(pg::Transaction& tx, ContractId contract, std::int32_t version,
                    std::int32_t round, const ContractApproval& approval);
ApprovalRound LoadRound(pg::Transaction& tx, ContractId contract, std::int32_t version,
                        std::int32_t round);

// Records the delegation as its next revision.
void InsertDelegation(pg::Transaction& tx, PayerId payer, const Delegation& delegation, Instant at);
// The latest revision of each of the payer, by id.
std::vector<Delegation> LoadDelegations(pg::Transaction& tx, PayerId payer);

void InsertSignature(pg::Transaction& tx, ContractId contract, std::int32_t version,
                     const ContractSignature& signature);
// By side. Not verified: the service does.
std::vector<ContractSignature> LoadSignatures(pg::Transaction& tx, ContractId contract,
                                              std::int32_t version);

struct DateDoneRow {
  DateDone done;
  UserId actor;
  std::string note;
  Instant at;
};
void InsertDateDone(pg::Transaction& tx, ContractId contract, const DateDoneRow& row);
std::vector<DateDone> LoadDatesDone(pg::Transaction& tx, ContractId contract);

// Whether the target of the performance year that holds the day is announced, with its source.
bool IsTargetAnnounced(pg::Transaction& tx, ContractId contract, Date on, Instant known_at);

}  // namespace sluice::performance
