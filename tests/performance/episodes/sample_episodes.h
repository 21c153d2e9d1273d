// Members, claims and terms of bundles that several tests use. All parties and amounts are made up;
// the parameters are those that public programs have, as parameters.
#pragma once

#include <string>
#include <vector>

#include "performance/episodes/episodes.h"
#include "performance/terms.h"

namespace sluice::performance::testing {

Money Dollars(std::int64_t dollars);
Exact Amount(const std::string& text);
Date Day(int month, unsigned day);  // of 2026

// A final professional line of one day.
MedicalClaimLine Service(const std::string& claim, Date day, const std::string& procedure,
                         Money allowed);
// A final institutional line with DRG 470.
MedicalClaimLine Stay(const std::string& claim, Date from, Date to, Money allowed,
                      const std::string& drg = "470");
// Covered from 2020 on, risk 1.
EpisodeMember MemberWith(std::int64_t id, std::vector<MedicalClaimLine> claims);

// Knee replacements: DRG 470, 30 days after, no bounds, no discount, baseline 2025.
EpisodeSum KneeTerms();
// The period 2026, the regional mean of cell 470 in 2025.
EpisodeInputs KneeInputs(Money mean, std::vector<EpisodeMember> members);

// A whole contract around the basis: rounding after it.
Terms ContractOf(const EpisodeSum& episodes);
// Runs the engine and calculates the award of its facts, for the year of the inputs' period.
Award AwardOf(const EpisodeSum& episodes, const EpisodeInputs& inputs);

}  // namespace sluice::performance::testing
