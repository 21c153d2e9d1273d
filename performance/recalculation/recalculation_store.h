// SQL of change events, what was decided about them, the queue, and the causes of deltas. No rules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "performance/award_store.h"
#include "performance/recalculation/change_event.h"
#include "performance/recalculation/change_rules.h"
#include "performance/recalculation/delta_cause.h"

namespace sluice::performance {

struct RecalculationTag { static constexpr std::string_view kPrefix = "rcl"; };
using RecalculationId = Id<RecalculationTag>;

// --- Rules and watermarks ---

struct StoredChangeRules {
  std::int32_t version = 0;
  std::string content;
};
std::optional<StoredChangeRules> NewestChangeRules(pg::Transaction& tx, PayerId payer);
void InsertChangeRules(pg::Transaction& tx, PayerId payer, const StoredChangeRules& rules,
                       const std::string& actor, Instant recorded_at);

struct Watermark {
  Instant seen_until;
  std::int64_t seen_version = 0;
};
// Locks it, and makes it when it is the first time: one scan of a source at a time.
Watermark LockWatermark(pg::Transaction& tx, PayerId payer, std::string_view source);
void MoveWatermark(pg::Transaction& tx, PayerId payer, std::string_view source,
                   const Watermark& watermark);

// --- Events and decisions ---

// Adds those whose source and key are not known; gives the ids of the added ones.
std::vector<ChangeEventId> InsertEvents(pg::Transaction& tx, PayerId payer,
                                        std::span<const ChangeEvent> events);
// By (recorded_at, id).
std::vector<ChangeEvent> EventsById(pg::Transaction& tx, PayerId payer,
                                    std::span<const ChangeEventId> ids);
std::vector<ChangeEvent> EventsBetween(pg::Transaction& tx, PayerId payer, Instant after,
                                       Instant until);

// What was decided about an event and a calculation.
struct ChangeDecision {
  ChangeEventId event;
  ContractId contract;
  ProgramId program;
  DateRange period;  // that the event touches
  DateRange target;  // of the calculation that is run for it
  Judgment judgment;
  std::optional<RecalculationId> recalculation;  // when queued
  std::int32_t rules_version = 0;
  Instant recorded_at;  // of the event
  Instant decided_at;

  friend bool operator==(const ChangeDecision&, const ChangeDecision&) = default;
};
void InsertDecisions(pg::Transaction& tx, std::span<const ChangeDecision> decisions);
// By contract and period.
std::vector<ChangeDecision> DecisionsOfEvents(pg::Transaction& tx,
                                              std::span<const ContractId> contracts,
                                              std::span<const ChangeEventId> events);
// Events that touch a calculation, or for which it is run, recorded in (after, until]; each once.
std::vector<ChangeEventId> EventsOfTarget(pg::Transaction& tx, ContractId contract,
                                          const DateRange& period, Instant after, Instant until);

// --- Calculations ---

// What was calculated for the contracts, by contract and period.
std::vector<KnownCalculation> CalculationsOf(pg::Transaction& tx,
                                             std::span<const ContractId> contracts);
// Contracts of the transaction's payer, by id.
std::vector<ContractId> ContractsOfPayer(pg::Transaction& tx, PayerId payer);
std::vector<ContractId> ContractsOfParties(pg::Transaction& tx, PayerId payer,
                                           std::span<const PartyId> parties);
// Those of them whose episodes were run.
std::vector<ContractId> EpisodeContracts(pg::Transaction& tx,
                                         std::span<const ContractId> contracts);
// The last month that was run of each contract with member-months.
std::map<ContractId, Month> LastRunMonths(pg::Transaction& tx,
                                          std::span<const ContractId> contracts);
// When detail engines recorded facts of the contract and period, in (after, until], by time.
std::vector<Instant> EngineInstants(pg::Transaction& tx, ContractId contract,
                                    const DateRange& period, Instant after, Instant until);

// --- Queue ---

enum class RecalculationState : std::int16_t {
  kQueued = 0,
  kRunning = 1,
  kDone = 2,
  kFailed = 3,
};
struct QueuedRecalculation {
  RecalculationId id;
  ContractId contract;
  ProgramId program;
  DateRange period;
  Instant queued_at;
  RecalculationState state = RecalculationState::kQueued;
  std::int32_t attempts = 0;
  Instant started_at;  // of the last attempt; what was recorded by then was seen
  std::optional<Instant> finished_at;
  std::int32_t new_versions = 0;
  Money delta;
  std::string detail;  // why it failed, or what it came to
};
// Queues a calculation, or finds it among those that wait. Gives its id.
RecalculationId Enqueue(pg::Transaction& tx, const QueuedRecalculation& item);

struct Lease {
  std::int64_t worker = 0;
  Instant now;
  Instant until;
};
// Takes up to `limit` that wait, or whose lease is over, in the order of the queue. Two workers
// never take the same; a calculation that another worker runs is left until that is done.
std::vector<QueuedRecalculation> Claim(pg::Transaction& tx, std::span<const ContractId> contracts,
                                       const Lease& lease, std::int32_t limit);
// False when the lease was lost to another worker meanwhile: nothing is stored then.
bool FinishRecalculation(pg::Transaction& tx, const QueuedRecalculation& item,
                         std::int64_t worker);
// Gives a claimed one back, to be taken at once.
void ReleaseRecalculation(pg::Transaction& tx, const QueuedRecalculation& item,
                          std::int64_t worker, Instant now);
// By queued_at.
std::vector<QueuedRecalculation> RecalculationsOf(pg::Transaction& tx,
                                                  std::span<const ContractId> contracts,
                                                  std::optional<RecalculationState> state);

// --- Causes ---

// Versions after the first without stored causes, oldest first.
std::vector<std::int32_t> UnexplainedVersions(pg::Transaction& tx, ContractId contract,
                                              const DateRange& period);
// Stores them unless the version has its causes.
void InsertCauses(pg::Transaction& tx, const AwardKey& award, std::span<const DeltaCause> causes,
                  Instant recorded_at);
// In order. Empty for a first version, and for one that was not explained.
std::vector<DeltaCause> CausesOf(pg::Transaction& tx, const AwardKey& award);
// The award versions that each event is a cause of.
std::map<ChangeEventId, std::vector<AwardKey>> AwardsOfEvents(
    pg::Transaction& tx, std::span<const ContractId> contracts,
    std::span<const ChangeEventId> events);

}  // namespace sluice::performance
