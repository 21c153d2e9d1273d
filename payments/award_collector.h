// From stored awards to what a payment cycle collects, each with the explanation its payees read.
//
// Every award is replayed from its package before it is handed on: what is paid is what anybody can
// compute again. An award that does not replay to the same cents stops the cycle.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/date.h"
#include "core/status.h"
#include "payments/award_detail.h"
#include "payments/obligation.h"
#include "performance/package.h"
#include "performance/program.h"
#include "performance/program_service.h"
#include "performance/recalculation/recalculation_service.h"

namespace sluice::payments {

struct CollectedAwards {
  std::vector<AwardToPay> awards;  // computed ones, zeros included, by contract
  // Contracts without a result, and what they miss: nothing is paid for them.
  struct Blocked {
    ContractId contract;
    std::string holder;
    std::string missing;
  };
  std::vector<Blocked> blocked;
};

// The newest version of every award of the program and period. DataLoss names an award whose
// package does not replay, is another award's, or says other amounts than the stored award.
// With `changes`, an award in a later version says what changed it and by how much, version by
// version: that is what its payees read beside the difference that they are paid. With `details`,
// payees also read what the award is made of (award_detail.h).
StatusOr<CollectedAwards> CollectAwards(performance::ProgramService& programs,
                                        const performance::Program& program,
                                        const DateRange& period,
                                        performance::RecalculationService* changes = nullptr,
                                        const AwardDetails* details = nullptr);

// The steps of an award as a payee reads them.
std::vector<ExplanationStep> ExplainAward(const performance::Award& award);
// How the share at `position` came out of the award: one step per level of its path.
std::vector<ExplanationStep> ExplainShare(std::span<const performance::SplitShare> shares,
                                          std::size_t position);

}  // namespace sluice::payments
