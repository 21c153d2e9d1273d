// SQL of disputes: the matter, each step, the evidence, and the awards they led to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/pg/database.h"
#include "performance/attribution/dispute.h"

namespace sluice::performance {

// A calculation whose contract and period a dispute touches.
struct AffectedCalculation {
  ContractId contract;
  ProgramId program;
  DateRange period;
  AwardId award;
  std::int32_t version = 0;  // the newest stored

  friend bool operator==(const AffectedCalculation&, const AffectedCalculation&) = default;
};

struct AwardVersion {
  AwardId award;
  std::int32_t version = 0;

  friend bool operator==(const AwardVersion&, const AwardVersion&) = default;
};

// The draft and the evidence that came with it.
void InsertDispute(pg::Transaction& tx, const Dispute& dispute, Instant recorded_at);
// The last step of the history. pg::Error (unique violation) when another step came first.
void InsertDisputeStep(pg::Transaction& tx, const Dispute& dispute);

// The dispute with all its steps; none when unknown. DataLoss when a step does not follow from
// those before it.
StatusOr<std::optional<Dispute>> ReadDispute(pg::Transaction& tx, ContractId contract,
                                             DisputeId dispute);
// All disputes of a contract, by id.
StatusOr<std::vector<Dispute>> ReadDisputesOf(pg::Transaction& tx, ContractId contract);
// All disputes about the list of a period, by id.
StatusOr<std::vector<Dispute>> ReadDisputes(pg::Transaction& tx, ContractId contract,
                                            Date period_from);

// The newest award versions of the contract whose period overlaps the days, by period.
std::vector<AffectedCalculation> FindAffected(pg::Transaction& tx, ContractId contract,
                                              const DateRange& days);
// The contracts, but for its own, that have the member on a list on a day the dispute is about,
// or whose party is above the provider or practice that it names on the first of them: those that
// the member leaves or joins. By id.
std::vector<ContractId> OtherContractsOf(pg::Transaction& tx, const Dispute& dispute);
// Disputes about a day of the period that were accepted or applied in (after, until], by id.
std::vector<DisputeId> DisputesMoved(pg::Transaction& tx, ContractId contract,
                                     const DateRange& period, Instant after, Instant until);
void LinkAward(pg::Transaction& tx, ContractId contract, DisputeId dispute,
               const AwardVersion& award, Instant recorded_at);
std::vector<AwardVersion> AwardsOf(pg::Transaction& tx, ContractId contract, DisputeId dispute);
std::vector<DisputeId> DisputesOf(pg::Transaction& tx, ContractId contract,
                                  const AwardVersion& award);

}  // namespace sluice::performance
