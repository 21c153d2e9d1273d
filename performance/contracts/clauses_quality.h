// The article of the quality score, and of a rate that follows it. Internal to the contract text.
#pragma once

#include <string>

#include "performance/contracts/clause_writer.h"

namespace sluice::performance {

void WriteScore(const TermReader& score);
// "the rate that the curve of this Article gives for the Quality Score", and the curve's sentences.
std::string CurveWords(const TermReader& curve);
// "Quality Score", or the fact that stands in for it.
std::string ScoreName(const TermReader& rule);

}  // namespace sluice::performance
