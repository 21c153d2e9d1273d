// One contract, one period: the award and its shares down the hierarchy, from nothing but values.
//
// This is what a service stores and what a replay does again: both call Settle on the same input,
// and the same input gives the same bytes.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "performance/award.h"
#include "performance/calculate.h"
#include "performance/facts.h"
#include "performance/participants.h"
#include "performance/split.h"
#include "performance/terms.h"

namespace sluice::performance {

// A text among the facts that says that no day of the period has the contract in force, and why:
// "ended on 2026-07-01". The award is then zero, CONTRACT_NOT_IN_FORCE, whatever the terms say.
inline constexpr std::string_view kContractNotInForce = "contract_not_in_force";

// Texts among the facts whose name begins so say what a detail engine lacks for the period, and so
// block the award: "input_missing.capitation". A text that begins with a reason code of a blocked
// award and ": " blocks with that code, any other with MISSING_INPUT.
inline constexpr std::string_view kInputMissingPrefix = "input_missing.";

struct SettlementInput {
  // The terms in force on the first day of the period; none blocks the award.
  std::optional<Terms> terms;
  Facts facts;
  CalculationDates dates;
  // The contract's party, and below it everybody the split reaches. When the terms split and the
  // party is not in the hierarchy, no party, and what is missing as its name: it blocks the award.
  Participant party;

  friend bool operator==(const SettlementInput&, const SettlementInput&) = default;
};

struct Settlement {
  Award award;
  // The shares sum to award.payable: what is recouped or held back stays with the contract's party
  // and goes no further down. Without a split in the terms the party's own line is the only one.
  // None when the award is blocked.
  std::vector<SplitShare> shares;

  friend bool operator==(const Settlement&, const Settlement&) = default;
};

// A weight that is missing, or a tree that cannot be split, blocks the award with its name.
// Requires: terms, when set, pass ValidateTerms.
Settlement Settle(const SettlementInput& input);

}  // namespace sluice::performance
