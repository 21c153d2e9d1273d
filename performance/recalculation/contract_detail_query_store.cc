#include "performance/recalculation/change_queries.h"

#include <array>

namespace sluice::performance {
namespace {

// When nothing but the last day differs, the days between are affected; else both ranges.
constexpr pg::Query kPanelSpans{"change_panel_spans", R"sql(
  SELECT format('%s/%s/%s/%s', s.contract_id, s.member_id, s.span_id, s.recorded_at), 13::smallint,
    s.contract_id, s.member_id, s.payee_party_id, s.affected_from, s.affected_to, s.recorded_at,
    format('panel: member %s, learned on %s', s.member_id, s.learned_on)
  FROM (
    SELECT n.contract_id, n.member_id, n.span_id, n.recorded_at, n.payee_party_id, n.learned_on,
      CASE
        WHEN b.recorded_at IS NULL THEN n.valid_from
        WHEN b.same AND b.valid_from = n.valid_from
          THEN LEAST(COALESCE(b.valid_to, n.valid_to), COALESCE(n.valid_to, b.valid_to))
        ELSE LEAST(b.valid_from, n.valid_from) END AS affected_from,
      CASE
        WHEN b.recorded_at IS NULL THEN n.valid_to
        WHEN b.valid_to IS NULL OR n.valid_to IS NULL THEN NULL
        ELSE GREATEST(b.valid_to, n.valid_to) END AS affected_to,
      b.recorded_at IS NOT NULL AND b.same AND b.valid_from = n.valid_from
        AND b.valid_to IS NOT DISTINCT FROM n.valid_to AS unchanged,
      b.recorded_at IS NULL AND n.retracted AS never
    FROM performance.panel_span AS n
    LEFT JOIN LATERAL (
      SELECT p.recorded_at, p.valid_from, p.valid_to,
        (p.payee_party_id, p.birth_date, p.sex, p.retracted, p.product, p.region, p.tier)
          = (n.payee_party_id, n.birth_date, n.sex, n.retracted, n.product, n.region, n.tier)
          AND p.risk_millionths IS NOT DISTINCT FROM n.risk_millionths AS same
      FROM performance.panel_span AS p
      WHERE p.contract_id = n.contract_id
        AND p.member_id = n.member_id
        AND p.span_id = n.span_id
        AND p.recorded_at < n.recorded_at
      ORDER BY p.recorded_at DESC
      LIMIT 1) AS b ON true
    WHERE n.recorded_at > $1
      AND n.recorded_at <= $2) AS s
  WHERE NOT s.unchanged
    AND NOT s.never
    AND EXISTS (
      SELECT 1
      FROM performance.award AS a
      WHERE a.contract_id = s.contract_id
        AND (s.affected_to IS NULL OR a.period_from < s.affected_to)
        AND a.period_to > s.affected_from
        AND a.known_at < s.recorded_at)
)sql"};

constexpr pg::Query kPremiums{"change_panel_premiums", R"sql(
  SELECT format('%s/%s/%s/%s', n.contract_id, n.member_id, n.month, n.recorded_at), 14::smallint,
    n.contract_id, n.member_id, 0::bigint, n.month, (n.month + interval '1 month')::date,
    n.recorded_at, format('premium: member %s in %s', n.member_id, to_char(n.month, 'YYYY-MM'))
  FROM performance.panel_premium AS n
  LEFT JOIN LATERAL (
    SELECT p.premium_cents
    FROM performance.panel_premium AS p
    WHERE p.contract_id = n.contract_id
      AND p.member_id = n.member_id
      AND p.month = n.month
      AND p.recorded_at < n.recorded_at
    ORDER BY p.recorded_at DESC
    LIMIT 1) AS b ON true
  WHERE n.recorded_at > $1
    AND n.recorded_at <= $2
    AND b.premium_cents IS DISTINCT FROM n.premium_cents
    AND EXISTS (
      SELECT 1
      FROM performance.award AS a
      WHERE a.contract_id = n.contract_id
        AND a.period_from < n.month + interval '1 month'
        AND a.period_to > n.month
        AND a.known_at < n.recorded_at)
)sql"};

// Means hold until the month of the next ones.
constexpr pg::Query kFactors{"change_panel_factors", R"sql(
  SELECT format('%s/%s/%s/%s', n.contract_id, n.payee_party_id, n.from_month, n.recorded_at),
    15::smallint, n.contract_id, 0::bigint, n.payee_party_id, n.from_month,
    (SELECT min(l.from_month)
     FROM performance.panel_factor AS l
     WHERE l.contract_id = n.contract_id
       AND l.payee_party_id = n.payee_party_id
       AND l.from_month > n.from_month),
    n.recorded_at, format('risk means from %s', to_char(n.from_month, 'YYYY-MM'))
  FROM performance.panel_factor AS n
  LEFT JOIN LATERAL (
    SELECT p.panel_mean_millionths, p.plan_mean_millionths
    FROM performance.panel_factor AS p
    WHERE p.contract_id = n.contract_id
      AND p.payee_party_id = n.payee_party_id
      AND p.from_month = n.from_month
      AND p.recorded_at < n.recorded_at
    ORDER BY p.recorded_at DESC
    LIMIT 1) AS b ON true
  WHERE n.recorded_at > $1
    AND n.recorded_at <= $2
    AND (b.panel_mean_millionths, b.plan_mean_millionths)
      IS DISTINCT FROM (n.panel_mean_millionths, n.plan_mean_millionths)
    AND EXISTS (
      SELECT 1
      FROM performance.award AS a
      WHERE a.contract_id = n.contract_id
        AND a.period_to > n.from_month
        AND a.known_at < n.recorded_at)
)sql"};

// Keys and caps of activities are by calendar year: an event may count or not for what it uses up.
constexpr pg::Query kActivities{"change_activities", R"sql(
  SELECT format('%s/%s/%s', s.contract_id, s.event_id, s.recorded_at), s.kind, s.contract_id,
    s.member_id, s.practice_id, s.affected_from, s.affected_to, s.recorded_at, s.cause
  FROM (
    SELECT n.contract_id, n.event_id, n.recorded_at, n.member_id, n.practice_id,
      (CASE WHEN n.voided AND NOT COALESCE(b.voided, true) THEN 18 ELSE 17 END)::smallint AS kind,
      LEAST(n.service_date, b.service_date) AS affected_from,
      (date_trunc('year', GREATEST(n.service_date, b.service_date)::timestamp)
        + interval '1 year')::date AS affected_to,
      format('activity %s of %s %s', n.event_id, n.service_date,
             CASE WHEN n.voided THEN 'voided' WHEN b.recorded_at IS NULL THEN 'added'
               ELSE 'corrected' END) AS cause
    FROM performance.activity_event AS n
    LEFT JOIN LATERAL (
      SELECT p.recorded_at, p.service_date, p.voided
      FROM performance.activity_event AS p
      WHERE p.contract_id = n.contract_id
        AND p.event_id = n.event_id
        AND p.recorded_at < n.recorded_at
      ORDER BY p.recorded_at DESC
      LIMIT 1) AS b ON true
    WHERE n.recorded_at > $1
      AND n.recorded_at <= $2) AS s
  WHERE EXISTS (
    SELECT 1
    FROM performance.award AS a
    WHERE a.contract_id = s.contract_id
      AND a.period_from < s.affected_to
      AND a.period_to > s.affected_from
      AND a.known_at < s.recorded_at)
)sql"};

// A version that was published, and what was changed in a published one. An entry that is as it was
// in the version before is no change. A changed entry may have had any last day.
constexpr pg::Query kLists{"change_attribution_lists", R"sql(
  SELECT format('%s/%s/%s/%s', e.contract_id, e.period_from, e.version, e.known_from),
    4::smallint, e.contract_id, 0::bigint, 0::bigint, min(e.valid_from),
    max(CASE WHEN e.change_type = 2 THEN e.period_to ELSE e.valid_to END), e.known_from,
    format('attribution list, version %s: %s %s', e.version, count(DISTINCT e.member_id),
           CASE count(DISTINCT e.member_id) WHEN 1 THEN 'member' ELSE 'members' END)
  FROM (
    SELECT n.contract_id, n.period_from, l.period_to, n.version, n.member_id, n.valid_from,
      n.valid_to, n.change_type, GREATEST(n.recorded_at, o.recorded_at) AS known_from
    FROM performance.attribution_entry AS n
    JOIN performance.attribution_list AS l
      ON l.contract_id = n.contract_id
      AND l.period_from = n.period_from
      AND l.version = n.version
    JOIN performance.attribution_list_status AS o
      ON o.contract_id = n.contract_id
      AND o.period_from = n.period_from
      AND o.version = n.version
      AND o.status = 2
    WHERE GREATEST(n.recorded_at, o.recorded_at) > $1
      AND GREATEST(n.recorded_at, o.recorded_at) <= $2
      AND n.change_type <> 3) AS e
  WHERE EXISTS (
    SELECT 1
    FROM performance.award AS a
    WHERE a.contract_id = e.contract_id
      AND a.period_from < e.period_to
      AND a.period_to > e.period_from
      AND a.known_at < e.known_from)
  GROUP BY e.contract_id, e.period_from, e.version, e.known_from
)sql"};

// 5: accepted. The other contracts of the member are found by the caller.
constexpr pg::Query kDisputes{"change_disputes", R"sql(
  SELECT format('%s/%s/%s', v.contract_id, v.dispute_id, v.sequence), 5::smallint, v.contract_id,
    d.member_id, COALESCE(d.practice_id, d.provider_id, 0), d.valid_from, d.valid_to, v.at,
    format('dispute about member %s accepted: %s', d.member_id, v.reason)
  FROM performance.dispute_event AS v
  JOIN performance.dispute AS d
    ON d.contract_id = v.contract_id
    AND d.dispute_id = v.dispute_id
  WHERE v.at > $1
    AND v.at <= $2
    AND v.state = 5
)sql"};

// Results are of the period that begins on a day, whatever its end.
constexpr pg::Query kMeasureResults{"change_measure_results", R"sql(
  SELECT format('%s/%s/%s', n.contract_id, n.period_from, n.recorded_at), 22::smallint,
    n.contract_id, 0::bigint, 0::bigint, n.period_from, n.period_from + 1, n.recorded_at,
    format('results of %s %s: %s', count(DISTINCT n.member_id),
           CASE count(DISTINCT n.member_id) WHEN 1 THEN 'member' ELSE 'members' END,
           left(string_agg(DISTINCT n.measure_id, ', ' ORDER BY n.measure_id), 200))
  FROM performance.member_measure AS n
  LEFT JOIN LATERAL (
    SELECT p.met
    FROM performance.member_measure AS p
    WHERE p.contract_id = n.contract_id
      AND p.period_from = n.period_from
      AND p.member_id = n.member_id
      AND p.measure_id = n.measure_id
      AND p.recorded_at < n.recorded_at
    ORDER BY p.recorded_at DESC
    LIMIT 1) AS b ON true
  WHERE n.recorded_at > $1
    AND n.recorded_at <= $2
    AND b.met IS DISTINCT FROM n.met
    AND EXISTS (
      SELECT 1
      FROM performance.award AS a
      WHERE a.contract_id = n.contract_id
        AND a.period_from = n.period_from
        AND a.known_at < n.recorded_at)
  GROUP BY n.contract_id, n.period_from, n.recorded_at
)sql"};

const std::array kQueries = {
    ChangeQuery{"panel_span", kPanelSpans},
    ChangeQuery{"panel_premium", kPremiums},
    ChangeQuery{"panel_factor", kFactors},
    ChangeQuery{"activity_event", kActivities},
    ChangeQuery{"member_measure", kMeasureResults},
    ChangeQuery{"attribution_list", kLists},
    ChangeQuery{"dispute", kDisputes},
};

}  // namespace

std::span<const ChangeQuery> ContractDetailQueries() { return kQueries; }

}  // namespace sluice::performance
