#include "performance/recalculation/change_queries.h"

#include <array>

namespace sluice::performance {
namespace {

constexpr pg::Query kMemberDetails{"change_member_details", R"sql(
  SELECT format('%s/%s/%s', n.member_id, n.valid_from, n.batch_id), 1::smallint, 0::bigint,
    n.member_id, 0::bigint, n.valid_from,
    (SELECT min(l.valid_from)
     FROM performance.member_detail AS l
     WHERE l.payer_id = n.payer_id
       AND l.member_id = n.member_id
       AND l.valid_from > n.valid_from),
    n.recorded_at, format('details of member %s', n.member_id)
  FROM performance.member_detail AS n
  WHERE n.payer_id = $1
    AND n.recorded_at > $2
    AND n.recorded_at <= $3
)sql"};

constexpr pg::Query kCoverage{"change_coverage", R"sql(
  SELECT format('%s/%s/%s/%s/%s/%s', n.member_id, n.line_of_business, n.product, n.plan,
                n.valid_from, n.batch_id), 2::smallint, 0::bigint,
    n.member_id, 0::bigint,
    CASE
      WHEN b.recorded_at IS NULL OR b.withdrawn <> n.withdrawn
        OR b.valid_to IS NOT DISTINCT FROM n.valid_to THEN n.valid_from
      ELSE LEAST(COALESCE(b.valid_to, n.valid_to), COALESCE(n.valid_to, b.valid_to)) END,
    CASE
      WHEN b.recorded_at IS NULL THEN n.valid_to
      WHEN b.valid_to IS NULL OR n.valid_to IS NULL THEN NULL
      ELSE GREATEST(b.valid_to, n.valid_to) END,
    n.recorded_at, format('coverage of member %s from %s%s', n.member_id, n.valid_from,
                          CASE n.retro_reason WHEN '' THEN '' ELSE ': ' || n.retro_reason END)
  FROM performance.coverage_span AS n
  LEFT JOIN LATERAL (
    SELECT p.recorded_at, p.valid_to, p.withdrawn
    FROM performance.coverage_span AS p
    WHERE p.payer_id = n.payer_id
      AND p.member_id = n.member_id
      AND p.line_of_business = n.line_of_business
      AND p.product = n.product
      AND p.plan = n.plan
      AND p.valid_from = n.valid_from
      AND (p.recorded_at, p.batch_id) < (n.recorded_at, n.batch_id)
    ORDER BY p.recorded_at DESC, p.batch_id DESC
    LIMIT 1) AS b ON true
  WHERE n.payer_id = $1
    AND n.recorded_at > $2
    AND n.recorded_at <= $3
)sql"};

constexpr pg::Query kChoices{"change_provider_choices", R"sql(
  SELECT format('%s/%s/%s/%s', n.member_id, n.kind, n.valid_from, n.batch_id), 3::smallint,
    0::bigint, n.member_id, n.provider_id, n.valid_from,
    CASE WHEN b.recorded_at IS NOT NULL AND b.valid_to IS NULL THEN NULL
      WHEN n.valid_to IS NULL THEN NULL
      ELSE GREATEST(n.valid_to, b.valid_to) END,
    n.recorded_at, format('provider of member %s from %s', n.member_id, n.valid_from)
  FROM performance.provider_choice AS n
  LEFT JOIN LATERAL (
    SELECT p.recorded_at, p.valid_to
    FROM performance.provider_choice AS p
    WHERE p.payer_id = n.payer_id
      AND p.member_id = n.member_id
      AND p.kind = n.kind
      AND p.valid_from = n.valid_from
      AND (p.recorded_at, p.batch_id) < (n.recorded_at, n.batch_id)
    ORDER BY p.recorded_at DESC, p.batch_id DESC
    LIMIT 1) AS b ON true
  WHERE n.payer_id = $1
    AND n.recorded_at > $2
    AND n.recorded_at <= $3
)sql"};

constexpr pg::Query kRiskScores{"change_risk_scores", R"sql(
  SELECT format('%s/%s/%s/%s/%s', n.member_id, n.model, n.model_version, n.period_from,
                n.batch_id), 16::smallint, 0::bigint, n.member_id, 0::bigint, n.period_from,
    n.period_to, n.recorded_at, format('risk score of member %s by %s', n.member_id, n.model)
  FROM performance.risk_score AS n
  WHERE n.payer_id = $1
    AND n.recorded_at > $2
    AND n.recorded_at <= $3
)sql"};

constexpr pg::Query kMedicalClaims{"change_medical_claims", R"sql(
  SELECT format('%s/%s', n.batch_id, n.member_id), 19::smallint, 0::bigint, n.member_id, 0::bigint,
    min(n.service_from), max(n.service_from) + 1, n.recorded_at,
    format('%s medical claim lines', count(*))
  FROM performance.medical_claim AS n
  WHERE n.payer_id = $1
    AND n.recorded_at > $2
    AND n.recorded_at <= $3
  GROUP BY n.batch_id, n.member_id, n.recorded_at
)sql"};

constexpr pg::Query kPharmacyClaims{"change_pharmacy_claims", R"sql(
  SELECT format('%s/%s', n.batch_id, n.member_id), 19::smallint, 0::bigint, n.member_id, 0::bigint,
    min(n.dispensed_on), max(n.dispensed_on) + 1, n.recorded_at,
    format('%s pharmacy claim lines', count(*))
  FROM performance.pharmacy_claim AS n
  WHERE n.payer_id = $1
    AND n.recorded_at > $2
    AND n.recorded_at <= $3
  GROUP BY n.batch_id, n.member_id, n.recorded_at
)sql"};

const std::array kQueries = {
    ChangeQuery{"member_detail", kMemberDetails},
    ChangeQuery{"coverage_span", kCoverage},
    ChangeQuery{"provider_choice", kChoices},
    ChangeQuery{"risk_score", kRiskScores},
    ChangeQuery{"medical_claim", kMedicalClaims},
    ChangeQuery{"pharmacy_claim", kPharmacyClaims},
};

}  // namespace

std::span<const ChangeQuery> MemberQueries() { return kQueries; }

}  // namespace sluice::performance
