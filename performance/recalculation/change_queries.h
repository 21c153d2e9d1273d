// The statements that find edits, by subject. Internal to the sources.
//
// Each gives the same columns: key, kind (a number of EditKind), contract, member, party (0 for
// none), first and last affected day (exclusive, NULL for none), recorded_at, cause.
#pragma once

#include <span>
#include <string_view>

#include "core/pg/database.h"

namespace sluice::performance {

struct ChangeQuery {
  std::string_view source;
  pg::Query query;
};

// $1, $2: recorded after and until; of "fact" $3: the sources of engines.
std::span<const ChangeQuery> AwardInputQueries();
std::span<const ChangeQuery> ContractDetailQueries();
// $1: payer; $2, $3: recorded after and until.
std::span<const ChangeQuery> MemberQueries();
// $1: payer; $2, $3: numbered above and up to.
std::span<const ChangeQuery> HierarchyQueries();

}  // namespace sluice::performance
