// What runs a calculation again: the edge between the queue and the engines.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "hierarchy/graph.h"
#include "hierarchy/hierarchy_service.h"
#include "performance/calculate.h"
#include "performance/program_run/program_run.h"
#include "performance/program_service.h"

namespace sluice::performance {

// Calculations of one program and period, with the dates of their newest awards: running again does
// not move the pay date.
struct RecalculationTarget {
  ProgramId program;
  CalculationDates dates;
  std::vector<ContractId> contracts;
};

class Recalculator {
 public:
  virtual ~Recalculator() = default;

  // Brings details and awards of these contracts, and no others, up to what is known now. What is
  // as it was stores nothing. What one contract lacks blocks its award and is no failure. Tells
  // what was calculated and could not be booked.
  virtual StatusOr<ContractTexts> Run(const RecalculationTarget& target) = 0;

  // What a contract's award came to as known at an instant, from facts, terms and hierarchy; stores
  // nothing. Engines are not run: their facts count from when they were recorded.
  virtual StatusOr<Award> AsKnown(ContractId contract, const CalculationDates& dates,
                                  Date hierarchy_as_of, Instant known_at) = 0;
};

// The one job from what is known to stored awards (performance/program_run).
class ProgramRecalculator final : public Recalculator {
 public:
  // Gives a run of the program the sources that it does not bring along, such as what its ledger
  // knows.
  using Prepare = std::function<void(ProgramRun&, ProgramId)>;

  // All outlive it.
  ProgramRecalculator(const pg::Database& database, PayerId payer, Clock& clock, IdGenerator& ids,
                      Prepare prepare = nullptr);

  StatusOr<ContractTexts> Run(const RecalculationTarget& target) override;
  StatusOr<Award> AsKnown(ContractId contract, const CalculationDates& dates, Date hierarchy_as_of,
                          Instant known_at) override;

 private:
  // One snapshot for each day and version; the last few are kept.
  StatusOr<const hierarchy::HierarchySnapshot*> Hierarchy(Date as_of, std::int64_t version);
  // The hierarchy on the other days of the period, where the contract's terms ask for them.
  StatusOr<std::vector<hierarchy::HierarchySnapshot>> OtherDays(ContractId contract,
                                                                const DateRange& period,
                                                                Date as_of, Instant known_at);

  pg::Database database_;
  PayerId payer_;
  Clock& clock_;
  IdGenerator& ids_;
  Prepare prepare_;
  hierarchy::HierarchyService hierarchy_;
  ProgramService programs_;
  std::map<std::pair<Date, std::int64_t>, hierarchy::HierarchySnapshot> snapshots_;
};

}  // namespace sluice::performance
