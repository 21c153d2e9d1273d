// Whether a member may be put on a contract's list under a provider and a practice.
#pragma once

#include "core/date.h"
#include "core/pg/database.h"
#include "performance/attribution/list_store.h"

namespace sluice::performance {

// FailedPrecondition when, as the hierarchy is known now, the provider is not at the practice or
// the place is not the contract's party or below it: on the entry's first day, or on the last of
// its days until `today`. It names the parties and the day. An entry without provider and practice
// passes: the contract's party stands in.
Status CheckAffiliations(pg::Transaction& tx, const AttributedContract& contract,
                         const ListEntry& entry, Date today);

}  // namespace sluice::performance
