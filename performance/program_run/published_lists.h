// The attribution lists that a calculation may use: of each period the newest version that was
// published, as known at an instant. A draft is nobody's panel yet.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/pg/database.h"
#include "performance/attribution/list_store.h"

namespace sluice::performance {

// By the first day of the period.
std::vector<StoredList> PublishedLists(pg::Transaction& tx, ContractId contract, Instant known_at);

// The one whose period holds all days of `period`, or nullptr.
const StoredList* ListOf(const std::vector<StoredList>& lists, const DateRange& period);

// The active entries of all lists by member, each member's by first day and plan.
std::map<std::int64_t, std::vector<ListEntry>> ActiveEntries(const std::vector<StoredList>& lists);

// How many of them have a month in the period: the fact of attribution_facts.h.
std::int64_t AttributedMembers(const std::map<std::int64_t, std::vector<ListEntry>>& entries,
                               const DateRange& period);

}  // namespace sluice::performance
