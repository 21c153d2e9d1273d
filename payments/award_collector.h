// From stored awards of a program and period to what a cycle collects.
//
//   1. Blocked awards are left out: they have no result yet. Awards of zero are collected with
//   their
//      reason and no shares, so that the cycle can say why nothing is paid.
//   2. What a split gives back to the payer is owed to nobody and makes no share.
//   3. The explanation travels along: the steps of the award, and for each share how it came about.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/pg/database.h"
#include "payments/obligation.h"
#include "performance/program.h"

namespace sluice::payments {

// How parties and contracts are called on statements.
struct CollectorNames {
  std::function<std::string(PartyId)> party;
  // A contract as its holder knows it: "A1001". May be empty: then the contract's id.
  std::function<std::string(ContractId)> contract;
};

// The newest version of every award of the program and period, by contract. `database` acts for
// the payer. NotFound when there is no such program.
StatusOr<std::vector<AwardToPay>> CollectAwards(const pg::Database& database, ProgramId program,
                                                const DateRange& period,
                                                const CollectorNames& names);

// One award with its shares; pure.
AwardToPay MakeAwardToPay(const performance::StoredAward& award,
                          const std::vector<performance::SplitShare>& shares,
                          const std::string& program_name, const CollectorNames& names);

// The steps of ToText(Award), one per component that did something: what it does, the value it
// left, and what it read.
std::vector<ExplanationStep> StepsOfExplanation(std::string_view text);

}  // namespace sluice::payments
