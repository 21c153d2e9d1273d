// Until when contracts are in force, by their life cycle (performance/contracts). No rules.
//
// A contract without a life cycle, made by the program service alone, has no end here: its own
// range of days is all that bounds it.
#pragma once

#include <map>
#include <span>
#include <string>

#include "core/pg/database.h"
#include "performance/program.h"

namespace sluice::performance {

struct ContractEnd {
  Date until{};       // the first day on which it is not in force
  std::string state;  // "settled", "renewed" or "ended"
};

// The contracts whose latest move known at the instant took them out of force. One that was
// reopened, or never was active, is not among them.
std::map<ContractId, ContractEnd> ContractEnds(pg::Transaction& tx,
                                               std::span<const ContractId> contracts,
                                               Instant known_at);

}  // namespace sluice::performance
