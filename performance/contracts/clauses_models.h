// The articles of what a payment is calculated from: member-months, activities, episodes, a
// computed benchmark; and of what is done to a settlement besides. Internal to the contract text.
#pragma once

#include "performance/contracts/clause_writer.h"

namespace sluice::performance {

// Sentences after "The Settlement Value begins as ...": of the chosen kind of basis. False when the
// kind has no words here.
bool WriteModelBasis(const std::string& kind, const TermReader& term);

// Two of them, each in a file of its own.
void WriteEpisodes(const TermReader& sum);
void WriteBenchmark(const TermReader& basis);

void WriteAdjustment(const TermReader& adjustment);
void WriteInterim(const TermReader& interim);
void WriteDelta(const TermReader& delta);
void WriteCarryForward(const TermReader& carry);
void WriteRedistribute(const TermReader& redistribute);

}  // namespace sluice::performance
