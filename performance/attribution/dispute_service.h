// Use cases of disputes: draft, move, watch the clock, and say which calculations they touch.
//
// Every step is stored with actor and time, and a dispute is always read by playing its steps
// again. Of two steps at one time, one wins and the other is refused.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/attribution/dispute_store.h"

namespace sluice::performance {

// What somebody disputes. One request may hold many members: a bulk.
struct DisputeDraft {
  DisputeOperation operation = DisputeOperation::kAdd;
  ListEntry entry;
  std::string reason_code;
  std::vector<Evidence> evidence;
  std::optional<Money> provisional_effect;
  std::optional<DisputeId> id = {};  // chosen by the caller; unset: a new one
};

// What the action would make of the dispute at `action.at`, and as the hierarchy is known: the
// rules of Advance() and, for an acceptance, of entry_check.h.
StatusOr<Dispute> TryAction(pg::Transaction& tx, const Dispute& dispute,
                            const DisputeAction& action);

class DisputeService {
 public:
  // `database` acts for the payer. All outlive the service.
  DisputeService(pg::Database database, Clock& clock, IdGenerator& ids)
      : database_(std::move(database)), clock_(clock), ids_(ids) {}

  // Drafts disputes against the newest published version of the list, all or none, and gives their
  // ids. More than one get a bulk id. FailedPrecondition when no version is open or final;
  // InvalidArgument when an entry lies outside the period or a reason code is missing. An entry to
  // be added or changed is refused as in entry_check.h, here and when a person accepts it.
  StatusOr<std::vector<DisputeId>> Draft(ContractId contract, Date period_from,
                                         const std::vector<DisputeDraft>& drafts,
                                         const std::string& filer);
  // Takes a step now; `action.at` is not read. The clock's own steps are taken first, so that a
  // decision after the time is judged as such; they stand whatever becomes of the action.
  StatusOr<Dispute> Act(ContractId contract, DisputeId dispute, DisputeAction action);
  // A second filing of a rejected dispute, as a draft, under an id that the caller may choose.
  // AlreadyExists when there is one.
  StatusOr<DisputeId> FileAgain(ContractId contract, DisputeId rejected,
                                std::vector<Evidence> evidence,
                                std::optional<DisputeId> id = std::nullopt);
  // Takes the steps of the clock for every dispute of the list; gives the disputes that moved.
  StatusOr<std::vector<DisputeId>> RunClock(ContractId contract, Date period_from);

  StatusOr<Dispute> Find(ContractId contract, DisputeId dispute);
  StatusOr<std::vector<Dispute>> All(ContractId contract, Date period_from);

  // The stored calculations that the disputes touch: awards whose period overlaps an entry's days,
  // each once, first those of the contract, then those of the contracts that the member leaves or
  // joins. Recalculation finds the same by itself; this is for whoever wants to know before.
  StatusOr<std::vector<AffectedCalculation>> Affected(ContractId contract,
                                                      const std::vector<DisputeId>& disputes);
  // Notes that a version of an award came of disputes. Noting it again changes nothing.
  Status LinkToAward(ContractId contract, const std::vector<DisputeId>& disputes,
                     const AwardVersion& award);
  StatusOr<std::vector<AwardVersion>> AwardsOfDispute(ContractId contract, DisputeId dispute);
  StatusOr<std::vector<DisputeId>> DisputesOfAward(ContractId contract,
                                                   const AwardVersion& award);

 private:
  pg::Database database_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::performance
