// Use cases of activities: record and void events, run a period, ask for the lines.
//
//   1. Events are recorded all or nothing: one bad row refuses the call and is named.
//   2. A run records the totals and the hash of its lines as facts of the contract, and the sums of
//      each provider, practice and network as facts of the participants. ProgramService::Calculate
//      then makes the award; nothing about awards is special here.
//   3. A run that comes to the same lines stores nothing. After a void or a late event the facts
//      differ, and the award gets a version whose delta is what changed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "hierarchy/affiliations_over_time.h"
#include "hierarchy/graph.h"
#include "performance/activity/activity.h"
#include "performance/activity/activity_store.h"

namespace sluice::performance {

struct ActivityIntake {
  std::int64_t recorded = 0;   // new events and new versions
  std::int64_t unchanged = 0;  // equal to what is known
};

// Told what a call comes to, inside its transaction, before it commits.
using IntakeSeen = std::function<void(const ActivityIntake&)>;

struct ActivityRunRequest {
  ProgramId program;
  DateRange period;  // closed
  // Events recorded later are not seen. Unset: the service's clock.
  std::optional<Instant> known_at;
  // Only these contracts of the program. Unset: all.
  std::optional<std::vector<ContractId>> contracts;
  // When set, an event counts only if on its day of service the provider was within the practice,
  // and the practice within the contract's party; else its line is zero with
  // PARTY_NOT_ELIGIBLE.
  const hierarchy::AffiliationsOverTime* affiliations = nullptr;
  // By which of these products all coverage of a member on a day is excluded; empty: not so. Asked
  // for terms that exclude products, and required by them.
  std::function<std::string(std::int64_t, Date, const std::vector<std::string>&)> excluded_by =
      nullptr;
};

struct ActivityRunSummary {
  std::int64_t contracts = 0;  // with an activity basis in force
  std::int64_t runs = 0;       // stored now
  std::int64_t facts = 0;      // recorded now
  ActivityTotals total;        // over all contracts
  // Providers with events under a practice that is not below their contract's party: what they
  // earned is in the award, but no split reaches them.
  std::vector<std::pair<ContractId, ActivityPerformer>> unplaced;
};

class ActivityService {
 public:
  // As ProgramService: `database` acts for one payer.
  ActivityService(pg::Database database, Clock& clock, IdGenerator& ids)
      : database_(std::move(database)), clock_(clock), ids_(ids) {}

  // Adds events, or versions of known ones. InvalidArgument lists the bad rows (the first 20), each
  // with its field and rule; an event of the future is one. NotFound for an unknown contract.
  StatusOr<ActivityIntake> Record(ContractId contract, std::span<const ActivityEvent> events,
                                  const std::string& source, const IntakeSeen& seen = nullptr);
  // Adds a voided version of each. NotFound names an event that is not known.
  StatusOr<ActivityIntake> Void(ContractId contract, std::span<const std::int64_t> event_ids,
                                const std::string& source, const IntakeSeen& seen = nullptr);

  // Runs every contract of the program that has an activity basis in force on the period's first
  // day. The hierarchy tells whom the split will reach, so that who did nothing has a zero.
  StatusOr<ActivityRunSummary> Run(const ActivityRunRequest& request,
                                   const hierarchy::HierarchySnapshot& hierarchy);

  // The newest run of a period, and the run that an award's fact names.
  StatusOr<std::optional<StoredActivityRun>> Newest(ContractId contract, const DateRange& period);
  StatusOr<StoredActivityRun> RunOfLines(ContractId contract, const Digest& lines_sha256);
  StatusOr<std::vector<ActivityLine>> Lines(ContractId contract, std::int64_t run_id);

 private:
  pg::Database database_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::performance
