// Use case of quality measures: from the results of members to the measure facts of contracts.
//
//   1. A run counts the results of a period for every contract of a program and records numerator
//      and denominator as facts of the contract, so that ProgramService::Calculate scores them.
//   2. Counts that are known already are not recorded again: a run without news changes nothing.
//   3. A measure that no result speaks of gets no fact. It is missing, and blocks an award that
//      asks for it; it is never read as nobody.
//   4. Contracts are taken in groups of some, one transaction each; a run that was cut off is run
//      again. Results stream by COPY: memory does not grow with the members.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::performance {

struct MeasureRequest {
  ProgramId program;
  DateRange period;  // closed; results are those with its first day
  // Results recorded later are not seen. Unset: the service's clock.
  std::optional<Instant> known_at;
  // Only these contracts of the program. Unset: all.
  std::optional<std::vector<ContractId>> contracts;
  // Tells how far it is: contracts done, contracts in all. May be empty.
  std::function<void(std::int64_t, std::int64_t)> progress;
};

struct MeasureSummary {
  std::int64_t contracts = 0;
  std::int64_t results = 0;   // members counted, once for each measure
  std::int64_t measures = 0;  // of contracts
  std::int64_t recorded = 0;  // of those, new or changed
};

class MeasureService {
 public:
  // `database` acts for one payer. Clock and ids outlive the service.
  MeasureService(pg::Database database, Clock& clock, IdGenerator& ids)
      : database_(std::move(database)), clock_(clock), ids_(ids) {}

  // NotFound when the program is not known, InvalidArgument for a period without an end or a
  // known_at in the future.
  StatusOr<MeasureSummary> Count(const MeasureRequest& request);

 private:
  pg::Database database_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::performance
