#include "performance/members/coverage_refresh_store.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kSpansOfFeed{"member_spans_of_feed", R"sql(
  SELECT n.member_id, n.line_of_business, n.product, n.plan, n.valid_from, n.valid_to,
         n.retro_reason, n.batch_id = ANY ($4::bigint[]), b.recorded_at IS NOT NULL, b.valid_to,
         COALESCE(b.withdrawn, false), COALESCE(b.retro_reason, '')
  FROM (
    SELECT DISTINCT ON (t.member_id, t.line_of_business, t.product, t.plan, t.valid_from)
      t.member_id, t.line_of_business, t.product, t.plan, t.valid_from, t.valid_to, t.withdrawn,
      t.retro_reason, t.batch_id
    FROM performance.coverage_span AS t
    WHERE t.payer_id = $1
      AND t.member_id = ANY ($2::bigint[])
    ORDER BY t.member_id, t.line_of_business, t.product, t.plan, t.valid_from,
             t.recorded_at DESC, t.batch_id DESC) AS n
  LEFT JOIN LATERAL (
    SELECT t.recorded_at, t.valid_to, t.withdrawn, t.retro_reason
    FROM performance.coverage_span AS t
    WHERE t.payer_id = $1
      AND t.member_id = n.member_id
      AND t.line_of_business = n.line_of_business
      AND t.product = n.product
      AND t.plan = n.plan
      AND t.valid_from = n.valid_from
      AND t.batch_id <> ALL ($4::bigint[])
    ORDER BY t.recorded_at DESC, t.batch_id DESC
    LIMIT 1) AS b ON true
  WHERE NOT n.withdrawn
    AND n.batch_id = ANY ($3::bigint[])
    AND n.valid_from < $6
    AND (n.valid_to IS NULL OR n.valid_to > $5)
  ORDER BY n.member_id, n.line_of_business, n.product, n.plan, n.valid_from
)sql"};

}  // namespace

std::vector<SpanOfFeed> SpansOfFeed(pg::Transaction& tx, PayerId payer,
                                    std::span<const std::int64_t> members,
                                    std::span<const std::int64_t> batches,
                                    std::span<const std::int64_t> superseded,
                                    const DateRange& period) {
  const pg::Result rows =
      tx.Query(kSpansOfFeed, payer, members, batches, superseded, period.from, *period.to);
  std::vector<SpanOfFeed> spans;
  for (int i = 0; i < rows.Size(); ++i) {
    const pg::Row row = rows[i];
    SpanOfFeed span;
    span.now = {.member_id = row.Get<std::int64_t>(0),
                .line_of_business = row.Get<std::string>(1),
                .product = row.Get<std::string>(2),
                .plan = row.Get<std::string>(3),
                .covered = {row.Get<Date>(4), row.Get<std::optional<Date>>(5)},
                .withdrawn = false,
                .retro_reason = row.Get<std::string>(6)};
    span.superseded = row.Get<bool>(7);
    if (span.superseded && row.Get<bool>(8)) {
      span.before = span.now;
      span.before->covered.to = row.Get<std::optional<Date>>(9);
      span.before->withdrawn = row.Get<bool>(10);
      span.before->retro_reason = row.Get<std::string>(11);
    }
    spans.push_back(std::move(span));
  }
  return spans;
}

}  // namespace sluice::performance
