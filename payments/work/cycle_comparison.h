// A run against the last one that paid: per payee and stream, with what explains the difference.
//
//   1. Compared is what each run calculated, held lines included; what was only carried from an
//      earlier run is left out.
//   2. The causes of a difference add up to it, to the cent. Each is a contract that is new or
//      gone, an award that changed, a share of the same award that changed, or lines of another
//      kind: restatements, released withholds, interest.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/money.h"
#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/obligation.h"

namespace sluice::payments {

// What one run calculated for a payee out of one contract, by kind of line; net of withholds.
struct ComparedLine {
  PayeeId payee;
  std::string stream;  // VBPR code
  ContractId contract;
  std::string contract_name;
  ObligationComponent component = ObligationComponent::kShare;
  Money amount;
  Money award;  // of the contract, gross
};

struct ComparisonCause {
  ContractId contract;
  Money amount;  // its part of the difference; not zero
  std::string text;
};

struct PayeeComparison {
  PayeeId payee;
  std::string name;
  std::string stream;
  Money before;
  Money now;
  std::vector<ComparisonCause> causes;  // by contract

  Money Difference() const { return now - before; }
};

// By payee and stream, those in either run. Names are left empty.
std::vector<PayeeComparison> CompareRuns(std::span<const ComparedLine> before,
                                         std::span<const ComparedLine> now);

struct CycleComparison {
  Run run;
  std::optional<Run> previous;  // the regular run of the last cycle that was released; none: first
  std::string previous_cycle;   // its name
  std::vector<PayeeComparison> payees;
};
// NotFound when there is no such run; FailedPrecondition when it was not calculated yet.
StatusOr<CycleComparison> CompareWithLast(const pg::Database& database,
                                          const ProgramPayments& program, RunId run);

}  // namespace sluice::payments
