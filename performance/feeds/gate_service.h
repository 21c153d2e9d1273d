// Use cases of data gates: demand, check at a calculation, override, and the answer a release asks
// for.
//
//   1. Check is called after a calculation. It records which deliveries each newest award version
//      was calculated with, unless that is recorded, and what every gate says of them.
//   2. RecordServiceLevels is called before one: it tells the contracts, as a flag fact for each
//      feed, whether the feed broke a gate. Terms may test the flag ("no downside while the claims
//      are late").
//   3. A release asks MayRelease. It refuses when a gate failed and nobody overrode it, and also
//      when the gates were not checked since the award was calculated: forgetting to check never
//      lets money go.
//   4. RecordInputs is called after one too, by a run that read the members itself: it records the
//      deliveries of every feed, gated or not, that each new version may have read.
//   5. An override is of one check, by one person, with a reason; a later calculation is checked
//      anew.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/feeds/gate.h"
#include "performance/feeds/gate_store.h"

namespace sluice::performance {

class GateService {
 public:
  // `database` acts for the payer. All outlive the service.
  GateService(pg::Database database, PayerId payer, Clock& clock, IdGenerator& ids)
      : database_(database.ForPayer(payer)), payer_(payer), clock_(clock), ids_(ids) {}

  // Adds a gate or changes it. NotFound for an unknown program or feed.
  Status Set(const DataGate& gate);
  // NotFound when the program has no such gate.
  Status Remove(ProgramId program, const std::string& gate);
  StatusOr<std::vector<DataGate>> Gates(ProgramId program);

  // Returns the checks, by gate; none when the program has no gates. `known_at` is set when the
  // awards were calculated again with what was known then and came out the same: the gates judge
  // the deliveries of that calculation.
  StatusOr<std::vector<GateCheck>> Check(ProgramId program, const DateRange& period,
                                         std::optional<Instant> known_at = std::nullopt);
  // Of the newest versions of the awards of some contracts, or of all, that have no inputs yet: the
  // newest accepted delivery of each period of each feed, received by the instant of the
  // calculation; of feeds other than facts and measures, also received by `read_at`. Returns how
  // many.
  StatusOr<std::int64_t> RecordInputs(
      ProgramId program, const DateRange& period, Instant read_at,
      const std::optional<std::vector<ContractId>>& contracts = std::nullopt);
  // Whether an award of the period was calculated since its gates were checked, or they never were.
  // A check again would end the overrides of the last one, so it is asked for only then.
  StatusOr<bool> NeedsCheck(ProgramId program, const DateRange& period);
  // Of some contracts, or of all. Returns how many facts changed.
  StatusOr<std::int64_t> RecordServiceLevels(
      ProgramId program, const DateRange& period,
      const std::optional<std::vector<ContractId>>& contracts = std::nullopt);

  // FailedPrecondition when the check passed or is overridden already; InvalidArgument for a
  // reason of fewer than 10 characters.
  Status Override(ProgramId program, std::int64_t check_id, UserId user,
                  const std::string& reason);
  StatusOr<std::vector<GateCheck>> Checks(ProgramId program, const DateRange& period);
  // The deliveries behind a version of an award.
  StatusOr<std::vector<CalculationInput>> Inputs(const AwardKey& award);

 private:
  pg::Database database_;
  PayerId payer_;
  Clock& clock_;
  IdGenerator& ids_;
};

// Whether the money of these award versions may go. FailedPrecondition names the gate, what it
// found and what to do. Asked within the transaction that starts the release.
Status MayRelease(pg::Transaction& tx, PayerId payer, ProgramId program,
                  std::span<const std::pair<AwardId, std::int32_t>> awards);

}  // namespace sluice::performance
