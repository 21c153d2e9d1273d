// What people decided about a list: accepted disputes, and entries put in or taken out by hand.
//
//   1. A decision holds for the days of one member in one plan, in every version of the list made
//      after it: claims that change do not undo it. Only a later decision about those days does.
//   2. Days that no decision is about are as the method has them.
//   3. The order in which decisions are given changes nothing: they count by their instant.
//
// Pure. Source: PRODUCT section 5.3.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/date.h"
#include "performance/attribution/dispute.h"
#include "performance/attribution/list.h"

namespace sluice::performance {

struct ListDecision {
  Instant at;
  std::int64_t number = 0;  // orders decisions of one instant: of a dispute its id, else the batch
  bool removes = false;
  // The days decided about and, unless they are taken out, who has them. The change type and
  // whether it is active are not read.
  ListEntry entry;

  friend bool operator==(const ListDecision&, const ListDecision&) = default;
};

// What the dispute came to; none unless it was accepted.
std::optional<ListDecision> DecisionOf(const Dispute& dispute);

// The entries once every decision is carried out, by key. An entry that loses some of its days
// keeps the others and names the dispute that took them.
std::vector<ListEntry> ApplyDecisions(std::vector<ListEntry> entries,
                                      std::vector<ListDecision> decisions);

// Makes `entries` the active entries of a list that is not final. InvalidArgument or
// FailedPrecondition as from AddEntry; the list may be half changed then.
Status SetActiveEntries(AttributionList& list, const std::vector<ListEntry>& entries);

}  // namespace sluice::performance
