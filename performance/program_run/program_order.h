// The order in which programs of a payer run: one whose settlement takes off what the bundles of
// another paid (PaidElsewhere) waits for it.
//
// The order is total. A program runs as soon as all that it waits for have run; of several that
// could, the one with the lowest id; of one program, its periods by their first day, then their
// end. So the same programs always run in the same order, however they are given.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "performance/program_run/program_run.h"

namespace sluice::performance {

struct ProgramNeeds {
  ProgramId program;
  std::string name;
  std::set<ProgramId> after;  // those that are not listed do not matter
};

// FailedPrecondition names the programs of a circle, in its order. Requires: no program twice.
StatusOr<std::vector<ProgramId>> OrderPrograms(std::span<const ProgramNeeds> programs);

// The requests in that order, by the terms in force on the first day of each period as known now.
// NotFound for an unknown program.
StatusOr<std::vector<ProgramRunRequest>> InOrder(const pg::Database& database,
                                                 std::vector<ProgramRunRequest> requests,
                                                 Instant now);

}  // namespace sluice::performance
