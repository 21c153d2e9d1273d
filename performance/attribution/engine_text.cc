// Rows of the engine in words; declared in engine.h.
#include <fmt/format.h>

#include <array>

#include "performance/attribution/engine.h"

namespace sluice::performance {
namespace {

constexpr std::array<std::string_view, 11> kReasonNames = {
    "ATTRIBUTED",   "NOT_COVERED_AT_START",  "LOST_COVERAGE", "BELOW_MINIMUM_MONTHS",
    "NEW_MEMBER",   "AMBIGUOUS_AFFILIATION", "NO_CLAIMS",     "NO_QUALIFYING_SERVICE",
    "NO_CHOICE",    "DECEASED",              "NO_REQUIRED_SERVICE"};

}  // namespace

std::string_view UnattributedReasonName(UnattributedReason reason) {
  return kReasonNames.at(static_cast<std::size_t>(reason));
}

std::string Explain(const AttributionRow& row) {
  if (row.reason != UnattributedReason::kNone) {
    return fmt::format("unattributed: {}{}{}", UnattributedReasonName(row.reason),
                       row.detail.empty() ? "" : ": ", row.detail);
  }
  std::string text = fmt::format("step {} {}", row.to.step, StepKindName(row.to.kind));
  if (!row.to.winner) {
    return text + fmt::format(": {}", row.to.provider_npi.empty() ? row.to.practice_tin
                                                                  : row.to.provider_npi);
  }
  const Standing& won = *row.to.winner;
  text += fmt::format(": {} with {} in {} visits", won.key, won.dollars, won.visits);
  if (!row.to.runner_up) return text + ", without a rival";
  const Standing& next = *row.to.runner_up;
  return text + fmt::format(", before {} with {} in {} visits, by {}", next.key, next.dollars,
                            next.visits, TieBreakName(*row.to.decided_by));
}

}  // namespace sluice::performance
