#include "performance/recalculation/change_queries.h"

#include <array>

namespace sluice::performance {
namespace {

constexpr pg::Query kFacts{"change_facts", R"sql(
  SELECT format('%s/%s/%s/%s', f.contract_id, f.period_from, f.period_to, f.batch_id),
    11::smallint, f.contract_id, 0::bigint,
    (CASE WHEN count(DISTINCT f.party_id) = 1 THEN min(f.party_id) ELSE 0 END)::bigint,
    f.period_from, f.period_to, f.recorded_at,
    format('%s %s from %s: %s', count(*), CASE count(*) WHEN 1 THEN 'fact' ELSE 'facts' END,
           f.source, left(string_agg(DISTINCT f.name, ', ' ORDER BY f.name), 200))
  FROM performance.fact AS f
  LEFT JOIN LATERAL (
    SELECT p.kind, p.value
    FROM performance.fact AS p
    WHERE p.contract_id = f.contract_id
      AND p.period_from = f.period_from
      AND p.period_to = f.period_to
      AND p.party_id = f.party_id
      AND p.under_id = f.under_id
      AND p.name = f.name
      AND (p.recorded_at, p.batch_id) < (f.recorded_at, f.batch_id)
    ORDER BY p.recorded_at DESC, p.batch_id DESC
    LIMIT 1) AS b ON true
  WHERE f.recorded_at > $1
    AND f.recorded_at <= $2
    AND f.source <> ALL ($3::text[])
    AND (b.kind IS DISTINCT FROM f.kind OR b.value IS DISTINCT FROM f.value)
    AND EXISTS (
      SELECT 1
      FROM performance.award AS a
      WHERE a.contract_id = f.contract_id
        AND a.period_from = f.period_from
        AND a.period_to = f.period_to
        AND a.known_at < f.recorded_at)
  GROUP BY f.contract_id, f.period_from, f.period_to, f.batch_id, f.recorded_at, f.source
)sql"};

// Approved, or withdrawn after that.
constexpr pg::Query kOverrides{"change_overrides", R"sql(
  SELECT format('%s/%s/%s', s.contract_id, s.override_id, s.sequence), 12::smallint, s.contract_id,
    0::bigint, o.party_id, o.period_from, o.period_to, s.at,
    format('override %s: %s', CASE s.step WHEN 1 THEN 'approved' ELSE 'withdrawn' END,
           CASE s.step WHEN 1 THEN o.reason ELSE s.reason END)
  FROM performance.award_override_step AS s
  JOIN performance.award_override AS o
    ON o.contract_id = s.contract_id
    AND o.override_id = s.override_id
  WHERE s.at > $1
    AND s.at <= $2
    AND (s.step = 1 OR s.sequence = 2)
)sql"};

constexpr pg::Query kTerms{"change_terms", R"sql(
  SELECT format('%s/%s', t.contract_id, t.version), 9::smallint, t.contract_id, 0::bigint,
    0::bigint, t.effective_from, t.effective_to, t.recorded_at,
    format('version %s of the terms: %s', t.version, t.title)
  FROM performance.terms AS t
  WHERE t.recorded_at > $1
    AND t.recorded_at <= $2
    AND EXISTS (
      SELECT 1
      FROM performance.award AS a
      WHERE a.contract_id = t.contract_id
        AND a.period_from >= t.effective_from
        AND (t.effective_to IS NULL OR a.period_from < t.effective_to)
        AND a.known_at < t.recorded_at)
)sql"};

// 6 active again, 7 settled, 8 renewed, 9 ended.
constexpr pg::Query kMoves{"change_contract_moves", R"sql(
  SELECT format('%s/%s', m.contract_id, m.move_number), 10::smallint, m.contract_id, 0::bigint,
    0::bigint, m.effective_on, NULL::date, m.moved_at,
    format('the contract is %s as of %s', CASE m.to_state WHEN 6 THEN 'active' WHEN 7 THEN 'settled'
           WHEN 8 THEN 'renewed' ELSE 'ended' END, m.effective_on)
  FROM performance.contract_move AS m
  WHERE m.moved_at > $1
    AND m.moved_at <= $2
    AND m.to_state IN (6, 7, 8, 9)
    AND EXISTS (
      SELECT 1
      FROM performance.award AS a
      WHERE a.contract_id = m.contract_id
        AND a.period_from >= m.effective_on
        AND a.known_at < m.moved_at)
)sql"};

// What an award booked is an input of those of the same account that are paid later. Interest and
// expiry are booked by the run that reads them.
constexpr pg::Query kDeficits{"change_deficits", R"sql(
  SELECT format('%s/%s/%s/%s', e.program_id, e.party_id, e.entry_no, c.contract_id), 20::smallint,
    c.contract_id, 0::bigint, 0::bigint, e.effective_on + 1, NULL::date, e.recorded_at,
    format('deficit account: %s as of %s', CASE e.kind WHEN 0 THEN 'a loss carried'
           WHEN 1 THEN 'recovered' WHEN 2 THEN 'interest' WHEN 3 THEN 'expired'
           ELSE 'moved to a successor' END, e.effective_on)
  FROM performance.deficit_entry AS e
  JOIN performance.contract AS c
    ON c.program_id = e.program_id
    AND c.party_id = e.party_id
  WHERE e.recorded_at > $1
    AND e.recorded_at <= $2
    AND EXISTS (
      SELECT 1
      FROM performance.award AS a
      WHERE a.contract_id = c.contract_id
        AND a.pay_date > e.effective_on
        AND a.known_at < e.recorded_at)
)sql"};

// Whether data came in time, and whether its gates hold, are facts of the contracts that ask.
constexpr pg::Query kDeliveries{"change_deliveries", R"sql(
  SELECT DISTINCT format('%s/%s', d.delivery_id, a.contract_id), 21::smallint, a.contract_id,
    0::bigint, 0::bigint, d.period_from, d.period_to, d.received_at,
    format('version %s of the delivery of %s from %s', d.version, d.feed, d.period_from)
  FROM performance.feed_delivery AS d
  JOIN performance.award AS a
    ON a.period_from < d.period_to
    AND a.period_to > d.period_from
    AND a.known_at < d.received_at
  WHERE d.received_at > $1
    AND d.received_at <= $2
    AND d.version > 0
    AND EXISTS (
      SELECT 1
      FROM performance.fact AS f
      WHERE f.contract_id = a.contract_id
        AND f.period_from = a.period_from
        AND f.period_to = a.period_to
        AND f.source IN ('data delivery', 'data gates'))
)sql"};

const std::array kQueries = {
    ChangeQuery{"fact", kFacts},
    ChangeQuery{"terms", kTerms},
    ChangeQuery{"contract_move", kMoves},
    ChangeQuery{"override", kOverrides},
    ChangeQuery{"deficit_entry", kDeficits},
    ChangeQuery{"feed_delivery", kDeliveries},
};

}  // namespace

std::span<const ChangeQuery> AwardInputQueries() { return kQueries; }

}  // namespace sluice::performance
