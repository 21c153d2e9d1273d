// Use cases of overrides: propose, decide, withdraw, and what was calculated beside each.
//
// An override takes effect when the award is calculated again; a scan notices it like any other
// edit and queues that (recalculation_service.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/recalculation/override.h"

namespace sluice::performance {

struct NewOverride {
  ContractId contract;
  DateRange period;  // of the award
  PartyId party;     // unset: what the award pays in all
  PartyId under;     // the parent, where the party stands in several places
  Money amount;
  std::string reason;  // at least 10 characters
  OverrideId id = {};  // unset: a new one
};

// An override beside the newest version of the award.
struct OverrideView {
  AwardOverride entry;
  // What was calculated in the newest version; none where the override is not in it (yet).
  std::optional<Money> calculated_now;
};

// Beside the newest version of its award, in a transaction of the caller's. NotFound for an unknown
// one.
StatusOr<OverrideView> ViewOverride(pg::Transaction& tx, ContractId contract, OverrideId id);

class OverrideService {
 public:
  // `database` acts for the payer. All outlive the service.
  OverrideService(pg::Database database, Clock& clock, IdGenerator& ids)
      : database_(std::move(database)), clock_(clock), ids_(ids) {}

  // NotFound when there is no award or the party has no share of it; FailedPrecondition when the
  // award is blocked, when several shares would fit, or when the award as a whole is paid to payees
  // of member-months, each with an amount of its own; InvalidArgument without a reason.
  StatusOr<OverrideId> Propose(const NewOverride& entry, UserId author);
  // See CheckOverrideStep. NotFound for an unknown one.
  StatusOr<AwardOverride> Approve(ContractId contract, OverrideId id, UserId approver);
  StatusOr<AwardOverride> Reject(ContractId contract, OverrideId id, UserId actor,
                                 const std::string& reason);
  StatusOr<AwardOverride> Withdraw(ContractId contract, OverrideId id, UserId actor,
                                   const std::string& reason);

  // By id.
  StatusOr<std::vector<OverrideView>> List(ContractId contract, const DateRange& period);

 private:
  StatusOr<AwardOverride> Decide(ContractId contract, OverrideId id, OverrideStep step);

  pg::Database database_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::performance
