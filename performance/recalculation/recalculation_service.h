// Use cases of changes that correct themselves: notice, decide what is run again, run it, say why.
//
//   1. Scan looks through every source for what was recorded since the last scan. Nothing has to
//      announce its edits. A row whose transaction took long is still found: each scan looks back
//      over the last hour again, and what is known already is no second event.
//   2. Each event is decided for each calculation that it touches: queued, frozen (PERIOD_FROZEN),
//      run by no rule, left to the next run, or seen already. The decision and its reason are kept.
//   3. Work takes calculations off the queue under a lease and runs exactly those contracts and
//      periods. A changed result is a new version of the award; the same result stores nothing.
//      Versions that no cycle has paid net by themselves: a cycle collects the newest.
//   4. Every new version gets its causes (delta_cause.h). They sum to its delta to the cent.
//   5. Nothing that was calculated or paid before is touched; asked for as known then, it gives the
//      same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/recalculation/change_source_store.h"
#include "performance/recalculation/recalculation_store.h"
#include "performance/recalculation/recalculator.h"
#include "performance/recalculation/version_view.h"

namespace sluice::performance {

// An edit that no source holds, or that must not wait for a scan.
struct NewChange {
  EditKind kind = EditKind::kFact;
  std::string source;      // who says so: "operator", a system
  std::string source_key;  // unique in the source; recording it again is the same event
  std::optional<ContractId> contract;  // at least one of these three
  std::optional<std::int64_t> member;
  std::optional<PartyId> party;
  DateRange affected;
  std::string cause;
};

struct ScanSummary {
  std::int64_t events = 0;  // noticed now
  // Decisions, one for each event and calculation that it touches.
  std::int64_t queued = 0;
  std::int64_t frozen = 0;
  std::int64_t no_rule = 0;
  std::int64_t next_run = 0;
  std::int64_t seen = 0;
};

struct WorkOptions {
  std::int32_t limit = 256;  // calculations taken at once
  std::int64_t lease_seconds = 900;
  std::int32_t most_attempts = 5;
};

struct WorkSummary {
  std::int64_t calculations = 0;  // run
  std::int64_t new_versions = 0;
  std::int64_t unchanged = 0;  // calculations that came to the same
  Money delta;
  // Those that failed, with the reason; failed for good when it has been tried too often.
  std::vector<std::pair<QueuedRecalculation, std::string>> failures;
};

class RecalculationService {
 public:
  // All outlive the service.
  RecalculationService(const pg::Database& database, PayerId payer, Clock& clock, IdGenerator& ids)
      : database_(database.ForPayer(payer)), payer_(payer), clock_(clock), ids_(ids) {}

  // Adds a version of the rules and returns its number. InvalidArgument as ParseChangeRules.
  StatusOr<std::int32_t> SetRules(const std::string& toml, const std::string& actor);
  // The newest, or the default ones.
  StatusOr<ChangeRules> Rules();

  StatusOr<ScanSummary> Scan();
  // The same in one transaction of the caller's, with ScanOptions(): all of it, or nothing.
  StatusOr<ScanSummary> ScanIn(pg::Transaction& tx);
  // A scan reads much and stores little; it is not bounded by the time of one statement.
  static pg::TransactOptions ScanOptions();
  // InvalidArgument when a field is missing. AlreadyExists when the source's key is known.
  StatusOr<ChangeEventId> Record(const NewChange& change);

  // Runs what is queued until nothing is left to take. Several may work at once.
  StatusOr<WorkSummary> Work(Recalculator& recalculator, const WorkOptions& options = {});

  // Scans and works until nothing follows from what came of it: what an award forfeits, carries or
  // owes is an input of others. `scanned` gets the sum of the scans.
  StatusOr<WorkSummary> Correct(Recalculator& recalculator, const WorkOptions& options = {},
                                ScanSummary* scanned = nullptr);

  StatusOr<std::vector<ChangeEvent>> Events(Instant after, Instant until);
  StatusOr<std::optional<ChangeEvent>> Find(ChangeEventId event);
  StatusOr<std::vector<ChangeDecision>> Decisions(ChangeEventId event);
  StatusOr<std::vector<QueuedRecalculation>> Queue(
      std::optional<RecalculationState> state = std::nullopt);
  // Every version of an award with what became of it and why, oldest first.
  StatusOr<std::vector<VersionView>> Versions(ContractId contract, const DateRange& period);
  // Why a version differs from the one before; empty for a first version.
  StatusOr<std::vector<DeltaCause>> Causes(const AwardKey& award);
  // The award versions that an event changed.
  StatusOr<std::vector<AwardKey>> AwardsOf(ChangeEventId event);

 private:
  StatusOr<bool> WorkOnce(Recalculator& recalculator, const WorkOptions& options,
                          WorkSummary& summary);
  Status Finish(Recalculator& recalculator, QueuedRecalculation item, const Status& outcome,
                std::int64_t worker, const WorkOptions& options, WorkSummary& summary);
  // Stores the causes of every version of the calculation that has none.
  Status ExplainVersions(Recalculator& recalculator, const QueuedRecalculation& item,
                         WorkSummary& summary, QueuedRecalculation& result);
  StatusOr<std::vector<DeltaCause>> Explain(Recalculator& recalculator, const StoredAward& before,
                                            const StoredAward& after);

  pg::Database database_;
  PayerId payer_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::performance
