// SQL of single affiliations. No rules. Those of many parties are in hierarchy_store.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "hierarchy/affiliation.h"

namespace sluice::hierarchy {

// What names a span for ever.
struct AffiliationKey {
  PartyId parent;
  PartyId child;
  std::string role;
  Date from{};

  friend bool operator==(const AffiliationKey&, const AffiliationKey&) = default;
};

// The latest word on a span; none when it is not known or was withdrawn.
std::optional<Affiliation> FindAffiliation(pg::Transaction& tx, PayerId payer, std::int64_t version,
                                           const AffiliationKey& which);

}  // namespace sluice::hierarchy
