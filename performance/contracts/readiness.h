// What a contract still needs before it may become active: all of it at once, each with what to do.
//
// Pure: the service gathers what is known and asks.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "hierarchy/contact.h"
#include "hierarchy/graph.h"
#include "performance/contracts/contract_version.h"
#include "performance/program.h"

namespace sluice::performance {

// The names never change: clients branch on them. Checked in this order.
enum class ReadinessProblem : std::uint8_t {
  kTermsInvalid = 0,        // a rule of performance/terms_validate.h is broken
  kOutsideContract = 1,     // the version's days are not within the contract's
  kNotSigned = 2,           // a side has not signed these terms
  kNoContact = 3,           // a side has no active contact
  kTargetNotAnnounced = 4,  // the terms have a target, and its year no announcement
  kSplitReachesNobody = 5,  // a generation of the split has no member, or the party is not known
  kNoSchedule = 6,          // no payment has a due date
  kNotFunded = 7,           // no pool is named, or there is no such pool
  kNoClause = 8,            // a component does not name the clause that it implements
};
// "NO_CONTACT".
std::string_view ProblemName(ReadinessProblem problem);

struct ReadinessFinding {
  ReadinessProblem problem{};
  std::string message;  // what is missing, and what to do
};

struct ReadinessInput {
  const Contract& contract;
  const ContractVersion& version;
  std::span<const ContractSignature> signatures;
  std::span<const hierarchy::Contact> contacts;  // of the payer and of the contract's party
  const hierarchy::HierarchySnapshot& hierarchy;
  bool target_announced = false;  // for the year that the version begins in, with a source
  bool pool_exists = false;       // the pool that the terms name
  Date today{};
};

// Empty when the version may become active.
std::vector<ReadinessFinding> CheckReadiness(const ReadinessInput& input);
// FailedPrecondition with every finding, one per line, or OK.
Status ReadinessStatus(std::span<const ReadinessFinding> findings);

// Whether the terms measure against a target that has to be announced.
bool HasTarget(const Terms& terms);

}  // namespace sluice::performance
