// The articles of what becomes of an award: held back, and divided among members. Internal to the
// contract text.
#pragma once

#include "performance/contracts/clause_writer.h"

namespace sluice::performance {

// "a half going away from zero", by the field `mode`.
std::string RoundingWords(const TermReader& term);

void WriteHeldBack(const TermReader& withhold, std::string_view of);
void WriteSplit(const TermReader& split);

}  // namespace sluice::performance
