// Use cases of programs: set them up, record what is known, calculate a period, explain and replay.
//
//   1. Each call is one transaction: all of it happens or nothing.
//   2. Calculating again with nothing changed stores nothing, and neither does a change that the
//      result does not show. When terms changed, or what other inputs came to, the award gets a new
//      version whose delta is what changed for the party.
//   3. A past calculation can be asked for again as it was known, and gives the same bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "hierarchy/graph.h"
#include "performance/award_store.h"
#include "performance/package.h"
#include "performance/program.h"

namespace sluice::performance {

struct CalculateRequest {
  ProgramId program;
  CalculationDates dates;
  // Facts and terms recorded later are not seen. Unset: the service's clock.
  std::optional<Instant> known_at;
  // Only these contracts of the program; others are neither read nor stored. Unset: all.
  std::optional<std::vector<ContractId>> contracts;
  // The hierarchy on other days of the period, for terms whose split takes whoever was a member on
  // any of them (performance/participants.h).
  std::span<const hierarchy::HierarchySnapshot> other_days = {};
  // Tells how far it is: contracts done, contracts in all. May be empty.
  std::function<void(std::int64_t, std::int64_t)> progress;
};

// What a calculation of a program came to. Amounts are over the newest versions, stored before or
// now; blocked awards count in `blocked` only.
struct CalculationSummary {
  std::int64_t contracts = 0;
  std::int64_t unchanged = 0;     // same input or same result as the stored version
  std::int64_t new_versions = 0;  // stored now
  std::int64_t blocked = 0;
  std::int64_t shares = 0;
  Money earned;  // sum of positive awards
  Money losses;  // sum of negative awards, negative
  Money recouped;
  Money withheld;
  Money forfeited;
  Money payable;
  Money delta;  // of the versions stored now
  std::map<ReasonCode, std::int64_t> zeros;
  // Contract and what it misses, for each blocked award.
  std::vector<std::pair<ContractId, std::string>> missing;
};

class ProgramService {
 public:
  // `database` acts for one payer (pg::Database::ForPayer). All are kept by reference or copied
  // handle, and outlive the service.
  ProgramService(pg::Database database, Clock& clock, IdGenerator& ids)
      : database_(std::move(database)), clock_(clock), ids_(ids) {}

  // Ids are the caller's. Repeating a call with the same content is ok and changes nothing; the
  // same id with other content is AlreadyExists.
  Status CreateProgram(const Program& program);
  // As above, for many. NotFound when a program is unknown.
  Status CreateContracts(std::span<const Contract> contracts);

  // Adds a version for each entry and returns the versions, in order. Terms equal to the newest
  // version with the same range and state get no new version. InvalidArgument names the contract
  // when terms break a rule of terms_validate.h; NotFound when a contract is unknown.
  StatusOr<std::vector<std::int32_t>> AddTerms(std::span<const NewTerms> terms);

  // Records facts about contracts and participants; returns how many. `source` names the file or
  // system they come from. A fact recorded again replaces what was known, from now on.
  StatusOr<std::int64_t> RecordFacts(std::span<const FactSet> sets, const std::string& source);
  // Facts that somebody from outside says, in a transaction of the caller's: those of them that say
  // something else than what is known are recorded, and counted. InvalidArgument for names that are
  // the system's own: overrides, and what an engine says of a contract.
  StatusOr<std::int64_t> RecordNewFacts(pg::Transaction& tx, std::span<const FactSet> sets,
                                        const std::string& source, Instant recorded_at);
  // Records that a fact of `which` (its facts are ignored) no longer holds.
  Status RetractFact(const FactSet& which, const std::string& name, const std::string& source);

  // Calculates every contract of the request whose range overlaps the period, in bounded memory.
  // What deductions left is recorded as facts of the period after it, of the same length
  // (CarriedInFact), so periods are calculated in their order.
  // The snapshot is of the hierarchy as the terms want it; its header is stored with each award.
  StatusOr<CalculationSummary> Calculate(const CalculateRequest& request,
                                         const hierarchy::HierarchySnapshot& hierarchy);

  // Calculates a stored version again from terms and facts as they were known to it, and writes its
  // package. The snapshot is the one the stored award names. Stores nothing.
  // The other days are those that the calculation was given.
  StatusOr<std::string> RecalculateAsKnown(
      const AwardKey& key, const hierarchy::HierarchySnapshot& hierarchy,
      std::span<const hierarchy::HierarchySnapshot> other_days = {});

  // What a contract's award for a period comes to from terms and facts as known at an instant.
  // Stores nothing. NotFound for an unknown contract.
  StatusOr<Award> AsKnown(ContractId contract, const CalculationDates& dates, Instant known_at,
                          const hierarchy::HierarchySnapshot& hierarchy,
                          std::span<const hierarchy::HierarchySnapshot> other_days = {});

  StatusOr<std::vector<Program>> Programs();
  StatusOr<std::vector<StoredAward>> Awards(ProgramId program, const DateRange& period);
  StatusOr<std::vector<StoredAward>> History(ContractId contract, const DateRange& period);
  StatusOr<std::vector<StoredShare>> Shares(std::span<const AwardKey> keys);
  // The stored replay package. NotFound when there is no such version.
  StatusOr<std::string> Package(const AwardKey& key);

 private:
  pg::Database database_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::performance
