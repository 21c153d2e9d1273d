#include "performance/recalculation/change_queries.h"

#include <array>

namespace sluice::performance {
namespace {

constexpr pg::Query kAffiliations{"change_affiliations", R"sql(
  SELECT format('%s/%s/%s/%s/%s', n.parent_id, n.child_id, n.role, n.valid_from, n.change_number),
    6::smallint, 0::bigint, 0::bigint, n.parent_id,
    CASE
      WHEN b.change_number IS NULL OR b.withdrawn <> n.withdrawn
        OR b.valid_to IS NOT DISTINCT FROM n.valid_to THEN n.valid_from
      ELSE LEAST(COALESCE(b.valid_to, n.valid_to), COALESCE(n.valid_to, b.valid_to)) END,
    CASE
      WHEN b.change_number IS NULL THEN n.valid_to
      WHEN b.valid_to IS NULL OR n.valid_to IS NULL THEN NULL
      ELSE GREATEST(b.valid_to, n.valid_to) END,
    c.recorded_at, format('%s: a %s from %s', c.source, n.role, n.valid_from)
  FROM hierarchy.affiliation AS n
  JOIN hierarchy.change AS c
    ON c.payer_id = n.payer_id
    AND c.change_number = n.change_number
  LEFT JOIN LATERAL (
    SELECT p.change_number, p.valid_to, p.withdrawn
    FROM hierarchy.affiliation AS p
    WHERE p.payer_id = n.payer_id
      AND p.parent_id = n.parent_id
      AND p.child_id = n.child_id
      AND p.role = n.role
      AND p.valid_from = n.valid_from
      AND p.change_number < n.change_number
    ORDER BY p.change_number DESC
    LIMIT 1) AS b ON true
  WHERE n.payer_id = $1
    AND n.change_number > $2
    AND n.change_number <= $3
)sql"};

constexpr pg::Query kIdentifiers{"change_identifiers", R"sql(
  SELECT format('%s/%s/%s/%s/%s', n.type, n.scope, n.value, n.valid_from, n.change_number),
    7::smallint, 0::bigint, 0::bigint, n.party_id, n.valid_from, NULL::date, c.recorded_at,
    format('%s: an identifier from %s', c.source, n.valid_from)
  FROM hierarchy.party_identifier AS n
  JOIN hierarchy.change AS c
    ON c.payer_id = n.payer_id
    AND c.change_number = n.change_number
  WHERE n.payer_id = $1
    AND n.change_number > $2
    AND n.change_number <= $3
)sql"};

constexpr pg::Query kPartyDetails{"change_party_details", R"sql(
  SELECT format('%s/%s/%s', n.party_id, n.valid_from, n.change_number), 8::smallint, 0::bigint,
    0::bigint, n.party_id, n.valid_from, NULL::date, c.recorded_at,
    format('%s: name or address from %s', c.source, n.valid_from)
  FROM hierarchy.party_detail AS n
  JOIN hierarchy.change AS c
    ON c.payer_id = n.payer_id
    AND c.change_number = n.change_number
  WHERE n.payer_id = $1
    AND n.change_number > $2
    AND n.change_number <= $3
)sql"};

const std::array kQueries = {
    ChangeQuery{"affiliation", kAffiliations},
    ChangeQuery{"party_identifier", kIdentifiers},
    ChangeQuery{"party_detail", kPartyDetails},
};

}  // namespace

std::span<const ChangeQuery> HierarchyQueries() { return kQueries; }

}  // namespace sluice::performance
