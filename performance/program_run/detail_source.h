// A detail source brings what an award rests on up to date: it loads its inputs itself, runs its
// engine and records totals and the hash of its lines as facts of the contract.
//
//   1. Refreshing what has not changed records nothing.
//   2. What lacks for one contract is told in the outcome and never fails the others. A Status is
//      for what nobody's contract can get around: a stored row that cannot be read.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "hierarchy/affiliations_over_time.h"
#include "hierarchy/graph.h"
#include "performance/calculate.h"
#include "performance/program.h"
#include "performance/terms.h"

namespace sluice::performance {

// A contract to refresh, with the terms that are in force on the period's first day.
struct DetailContract {
  Contract contract;
  DateRange effective;  // of this version of the terms
  Terms terms;
};

// What a refresh may use. All of it outlives the refresh.
struct DetailScope {
  const pg::Database& database;  // acts for the payer
  PayerId payer;
  ProgramId program;
  CalculationDates dates;
  Instant known_at;  // members, claims, events, lists recorded later are not seen
  std::string actor;
  Clock& clock;
  IdGenerator& ids;
  // As known at `known_at`: the last day of the period, and all days.
  const hierarchy::HierarchySnapshot& hierarchy;
  const hierarchy::AffiliationsOverTime& affiliations;
  std::function<void(std::int64_t, std::int64_t)> progress;  // contracts done, in all; may be empty
};

using ContractTexts = std::vector<std::pair<ContractId, std::string>>;

struct DetailOutcome {
  std::int64_t rows = 0;  // details and facts stored now
  // What the source lacks, by contract; it blocks the award. A text may begin with a reason code of
  // a blocked award and ": ".
  ContractTexts missing;
  // Blocked by the engine itself, which recorded why.
  ContractTexts blocked;
  // Contracts that were left as they are, and why: nothing is missing.
  ContractTexts left;
};

class DetailSource {
 public:
  virtual ~DetailSource() = default;
  // "capitation": stable, a part of fact names.
  virtual std::string_view Name() const = 0;
  virtual bool Serves(const Terms& terms) const = 0;
  // `contracts` are served ones.
  virtual StatusOr<DetailOutcome> Refresh(const DetailScope& scope,
                                          std::span<const DetailContract> contracts) = 0;
};

// The kind of the basis of the terms when it is a `Kind`, or nullptr.
template <typename Kind>
const Kind* FindBasis(const Terms& terms) {
  if (terms.components.empty()) return nullptr;
  const auto* basis = std::get_if<Basis>(&terms.components.front().rule);
  return basis == nullptr ? nullptr : std::get_if<Kind>(&basis->kind);
}

}  // namespace sluice::performance
