#include "hierarchy/affiliation_store.h"

namespace sluice::hierarchy {
namespace {

constexpr pg::Query kFindAffiliation{"hierarchy_find_affiliation", R"sql(
  SELECT a.valid_to
  FROM (
    SELECT valid_to, withdrawn
    FROM hierarchy.affiliation
    WHERE payer_id = $1 AND change_number <= $2 AND parent_id = $3 AND child_id = $4 AND role = $5
      AND valid_from = $6
    ORDER BY change_number DESC
    LIMIT 1
  ) AS a
  WHERE NOT a.withdrawn
)sql"};

}  // namespace

std::optional<Affiliation> FindAffiliation(pg::Transaction& tx, PayerId payer, std::int64_t version,
                                           const AffiliationKey& which) {
  const pg::Result found =
      tx.Query(kFindAffiliation, payer, version, which.parent, which.child, which.role, which.from);
  if (found.Empty()) return std::nullopt;
  return Affiliation{.parent = which.parent,
                     .child = which.child,
                     .role = which.role,
                     .valid = {which.from, found[0].Get<std::optional<Date>>(0)}};
}

}  // namespace sluice::hierarchy
