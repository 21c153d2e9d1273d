#include "performance/feeds/feed_store.h"

#include "core/check.h"
#include "core/pg/columns.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kInsertFeed{"feed_insert", R"sql(
  INSERT INTO performance.feed (payer_id, name, version, kind, owner, mapping, starts_on,
    interval_days, grace_days, least_rows, most_rows, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql"};

constexpr pg::Query kFindFeed{"feed_find", R"sql(
  SELECT name, version, kind, owner, mapping, starts_on, interval_days, grace_days, least_rows,
    most_rows
  FROM performance.feed
  WHERE payer_id = $1
    AND name = $2
  ORDER BY version DESC
  LIMIT 1
)sql"};

constexpr pg::Query kListFeeds{"feed_list", R"sql(
  SELECT DISTINCT ON (name)
    name, version, kind, owner, mapping, starts_on, interval_days, grace_days, least_rows,
    most_rows
  FROM performance.feed
  WHERE payer_id = $1
  ORDER BY name, version DESC
)sql"};

constexpr pg::Query kInsertDelivery{"feed_insert_delivery", R"sql(
  INSERT INTO performance.feed_delivery (payer_id, delivery_id, feed, feed_version, file_name,
    sha256, bytes, period_from, period_to, version, refused_code, refused_reason, rows_in,
    rows_read, rows_rejected, warnings, rows_recorded, columns, received_on, received_at, batch_id,
    note)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
    $20, $21, $22)
)sql"};

constexpr pg::Query kFindDelivery{"feed_find_delivery", R"sql(
  SELECT delivery_id, feed, feed_version, file_name, sha256, bytes, period_from, period_to,
    version, refused_code, refused_reason, rows_in, rows_read, rows_rejected, warnings,
    rows_recorded, columns, received_on, received_at, batch_id, note
  FROM performance.feed_delivery
  WHERE payer_id = $1
    AND delivery_id = $2
)sql"};

constexpr pg::Query kSameContent{"feed_same_content", R"sql(
  SELECT delivery_id, feed, feed_version, file_name, sha256, bytes, period_from, period_to,
    version, refused_code, refused_reason, rows_in, rows_read, rows_rejected, warnings,
    rows_recorded, columns, received_on, received_at, batch_id, note
  FROM performance.feed_delivery
  WHERE payer_id = $1
    AND feed = $2
    AND sha256 = $3
    AND version > 0
  ORDER BY version DESC, delivery_id DESC
  LIMIT 1
)sql"};

constexpr pg::Query kVersions{"feed_versions", R"sql(
  SELECT delivery_id, feed, feed_version, file_name, sha256, bytes, period_from, period_to,
    version, refused_code, refused_reason, rows_in, rows_read, rows_rejected, warnings,
    rows_recorded, columns, received_on, received_at, batch_id, note
  FROM performance.feed_delivery
  WHERE payer_id = $1
    AND feed = $2
    AND period_from = $3
    AND period_to = $4
    AND version > 0
  ORDER BY version
)sql"};

constexpr pg::Query kBatchesOfFeed{"feed_batches", R"sql(
  SELECT batch_id
  FROM performance.feed_delivery
  WHERE payer_id = $1
    AND feed = $2
    AND version > 0
  ORDER BY batch_id
)sql"};

constexpr pg::Query kLastDeliveries{"feed_last_deliveries", R"sql(
  SELECT delivery_id, feed, feed_version, file_name, sha256, bytes, period_from, period_to,
    version, refused_code, refused_reason, rows_in, rows_read, rows_rejected, warnings,
    rows_recorded, columns, received_on, received_at, batch_id, note
  FROM performance.feed_delivery
  WHERE payer_id = $1
    AND feed = $2
  ORDER BY received_at DESC, delivery_id DESC
  LIMIT $3
)sql"};

constexpr pg::Query kDeliveriesFor{"feed_deliveries_for", R"sql(
  SELECT DISTINCT ON (feed, period_from, period_to)
    delivery_id, feed, feed_version, file_name, sha256, bytes, period_from, period_to,
    version, refused_code, refused_reason, rows_in, rows_read, rows_rejected, warnings,
    rows_recorded, columns, received_on, received_at, batch_id, note
  FROM performance.feed_delivery
  WHERE payer_id = $1
    AND feed = ANY ($2::text[])
    AND period_from < $4
    AND period_to > $3
    AND received_at <= $5
    AND version > 0
  ORDER BY feed, period_from, period_to, version DESC
)sql"};

constexpr pg::Query kInsertQuarantine{"feed_insert_quarantine", R"sql(
  INSERT INTO performance.feed_quarantine (payer_id, delivery_id, position, row_number, line_number,
    column_name, code, reason, raw)
  SELECT r.payer_id, r.delivery_id, r.position, r.row_number, r.line_number, r.column_name, r.code,
    r.reason, r.raw
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[],
              $7::text[], $8::text[], $9::text[])
    AS r (payer_id, delivery_id, position, row_number, line_number, column_name, code, reason, raw)
)sql"};

constexpr pg::Query kQuarantine{"feed_quarantine", R"sql(
  SELECT row_number, line_number, column_name, code, reason, raw
  FROM performance.feed_quarantine
  WHERE payer_id = $1
    AND delivery_id = $2
  ORDER BY position
  LIMIT $3
)sql"};

constexpr pg::Query kRetractFacts{"feed_retract_facts", R"sql(
  INSERT INTO performance.fact (contract_id, period_from, period_to, party_id, under_id, name,
    recorded_at, batch_id, kind, value, source)
  SELECT f.contract_id, f.period_from, f.period_to, f.party_id, f.under_id, f.name, $2, $3,
    'retracted', '', $4
  FROM performance.fact AS f
  WHERE f.batch_id = ANY ($1::bigint[])
    AND f.kind <> 'retracted'
    AND NOT EXISTS (
      SELECT 1
      FROM performance.fact AS later
      WHERE later.contract_id = f.contract_id
        AND later.period_from = f.period_from
        AND later.period_to = f.period_to
        AND later.party_id = f.party_id
        AND later.under_id = f.under_id
        AND later.name = f.name
        AND (later.recorded_at, later.batch_id) > (f.recorded_at, f.batch_id))
    AND NOT EXISTS (
      SELECT 1
      FROM unnest($5::bigint[], $6::date[], $7::date[], $8::bigint[], $9::bigint[], $10::text[])
        AS keep (contract_id, period_from, period_to, party_id, under_id, name)
      WHERE keep.contract_id = f.contract_id
        AND keep.period_from = f.period_from
        AND keep.period_to = f.period_to
        AND keep.party_id = f.party_id
        AND keep.under_id = f.under_id
        AND keep.name = f.name)
)sql"};

constexpr pg::Query kEventsOf{"feed_events_of", R"sql(
  SELECT DISTINCT contract_id, event_id
  FROM performance.activity_event
  WHERE batch_id = ANY ($1::bigint[])
  ORDER BY contract_id, event_id
)sql"};

FeedSpec ReadFeed(const pg::Row& row) {
  return {.name = row.Get<std::string>(0),
          .version = row.Get<std::int32_t>(1),
          .kind = static_cast<FeedKind>(row.Get<std::int16_t>(2)),
          .owner = row.Get<std::string>(3),
          .mapping = row.Get<std::string>(4),
          .starts_on = row.Get<Date>(5),
          .interval_days = row.Get<std::int32_t>(6),
          .grace_days = row.Get<std::int32_t>(7),
          .least_rows = row.Get<std::int64_t>(8),
          .most_rows = row.Get<std::optional<std::int64_t>>(9)};
}

Delivery ReadDelivery(const pg::Row& row) {
  return {.id = row.Get<DeliveryId>(0),
          .feed = row.Get<std::string>(1),
          .feed_version = row.Get<std::int32_t>(2),
          .file_name = row.Get<std::string>(3),
          .sha256 = row.Get<std::optional<Digest>>(4),
          .bytes = row.Get<std::int64_t>(5),
          .period = DateRange::Between(row.Get<Date>(6), row.Get<Date>(7)),
          .version = row.Get<std::int32_t>(8),
          .refused_code = row.Get<std::optional<std::string>>(9).value_or(""),
          .refused_reason = row.Get<std::optional<std::string>>(10).value_or(""),
          .rows_in = row.Get<std::int64_t>(11),
          .rows_read = row.Get<std::int64_t>(12),
          .rows_rejected = row.Get<std::int64_t>(13),
          .warnings = row.Get<std::int64_t>(14),
          .rows_recorded = row.Get<std::int64_t>(15),
          .columns = row.Get<std::string>(16),
          .received_on = row.Get<Date>(17),
          .received_at = row.Get<Instant>(18),
          .batch_id = row.Get<std::int64_t>(19),
          .note = row.Get<std::string>(20)};
}

std::vector<Delivery> ReadDeliveries(const pg::Result& rows) {
  std::vector<Delivery> deliveries;
  for (int i = 0; i < rows.Size(); ++i) deliveries.push_back(ReadDelivery(rows[i]));
  return deliveries;
}

std::optional<Delivery> OneDelivery(const pg::Result& rows) {
  if (rows.Empty()) return std::nullopt;
  return ReadDelivery(rows[0]);
}

}  // namespace

void InsertFeed(pg::Transaction& tx, PayerId payer, const FeedSpec& spec, Instant recorded_at) {
  tx.Execute(kInsertFeed, payer, spec.name, spec.version, static_cast<std::int16_t>(spec.kind),
             spec.owner, spec.mapping, spec.starts_on, spec.interval_days, spec.grace_days,
             spec.least_rows, spec.most_rows, recorded_at);
}

std::optional<FeedSpec> FindFeed(pg::Transaction& tx, PayerId payer, const std::string& name) {
  const pg::Result rows = tx.Query(kFindFeed, payer, name);
  if (rows.Empty()) return std::nullopt;
  return ReadFeed(rows[0]);
}

std::vector<FeedSpec> ListFeeds(pg::Transaction& tx, PayerId payer) {
  const pg::Result rows = tx.Query(kListFeeds, payer);
  std::vector<FeedSpec> feeds;
  for (int i = 0; i < rows.Size(); ++i) feeds.push_back(ReadFeed(rows[i]));
  return feeds;
}

void InsertDelivery(pg::Transaction& tx, PayerId payer, const Delivery& delivery) {
  CHECK(delivery.period.to.has_value());
  std::optional<std::string> code;
  std::optional<std::string> reason;
  if (!delivery.Accepted()) {
    code = delivery.refused_code;
    reason = delivery.refused_reason;
  }
  tx.Execute(kInsertDelivery, payer, delivery.id, delivery.feed, delivery.feed_version,
             delivery.file_name, delivery.sha256, delivery.bytes, delivery.period.from,
             *delivery.period.to, delivery.version, code, reason, delivery.rows_in,
             delivery.rows_read, delivery.rows_rejected, delivery.warnings, delivery.rows_recorded,
             delivery.columns, delivery.received_on, delivery.received_at, delivery.batch_id,
             delivery.note);
}

std::optional<Delivery> FindDelivery(pg::Transaction& tx, PayerId payer, DeliveryId id) {
  return OneDelivery(tx.Query(kFindDelivery, payer, id));
}

std::optional<Delivery> FindSameContent(pg::Transaction& tx, PayerId payer,
                                        const std::string& feed, const Digest& sha256) {
  return OneDelivery(tx.Query(kSameContent, payer, feed, sha256));
}

std::vector<Delivery> VersionsOf(pg::Transaction& tx, PayerId payer, const std::string& feed,
                                 const DateRange& period) {
  CHECK(period.to.has_value());
  return ReadDeliveries(tx.Query(kVersions, payer, feed, period.from, *period.to));
}

std::vector<std::int64_t> BatchesOfFeed(pg::Transaction& tx, PayerId payer,
                                        const std::string& feed) {
  const pg::Result rows = tx.Query(kBatchesOfFeed, payer, feed);
  std::vector<std::int64_t> batches;
  for (int i = 0; i < rows.Size(); ++i) batches.push_back(rows[i].Get<std::int64_t>(0));
  return batches;
}

std::vector<Delivery> LastDeliveries(pg::Transaction& tx, PayerId payer, const std::string& feed,
                                     std::int32_t most) {
  return ReadDeliveries(
      tx.Query(kLastDeliveries, payer, feed, static_cast<std::int64_t>(most)));
}

std::vector<Delivery> DeliveriesFor(pg::Transaction& tx, PayerId payer,
                                    std::span<const std::string> feeds, const DateRange& range,
                                    Instant known_at) {
  CHECK(range.to.has_value());
  return ReadDeliveries(tx.Query(kDeliveriesFor, payer, feeds, range.from, *range.to, known_at));
}

void InsertQuarantine(pg::Transaction& tx, PayerId payer, DeliveryId delivery,
                      std::int64_t first_position, std::span<const QuarantinedRow> rows) {
  if (rows.empty()) return;
  pg::Columns<PayerId, DeliveryId, std::int64_t, std::int64_t, std::int64_t, std::string,
              std::string, std::string, std::optional<std::string>>
      columns;
  for (const QuarantinedRow& row : rows) {
    columns.Add(payer, delivery, first_position++, row.row, row.line, row.column, row.code,
                row.reason, row.raw);
  }
  columns.Execute(tx, kInsertQuarantine);
}

std::vector<QuarantinedRow> QuarantineOf(pg::Transaction& tx, PayerId payer, DeliveryId delivery,
                                         std::int32_t most) {
  const pg::Result rows =
      tx.Query(kQuarantine, payer, delivery, static_cast<std::int64_t>(most));
  std::vector<QuarantinedRow> quarantine;
  for (int i = 0; i < rows.Size(); ++i) {
    const pg::Row row = rows[i];
    quarantine.push_back({.row = row.Get<std::int64_t>(0),
                          .line = row.Get<std::int64_t>(1),
                          .column = row.Get<std::string>(2),
                          .code = row.Get<std::string>(3),
                          .reason = row.Get<std::string>(4),
                          .raw = row.Get<std::optional<std::string>>(5)});
  }
  return quarantine;
}

std::int64_t RetractFactsOf(pg::Transaction& tx, std::span<const std::int64_t> batches,
                            std::span<const FactKey> keep, Instant recorded_at,
                            std::int64_t batch_id, const std::string& source) {
  std::vector<ContractId> contracts;
  std::vector<Date> starts, ends;
  std::vector<PartyId> parties, under;
  std::vector<std::string> names;
  for (const FactKey& key : keep) {
    contracts.push_back(key.contract);
    starts.push_back(key.period.from);
    ends.push_back(*key.period.to);
    parties.push_back(key.party);
    under.push_back(key.under);
    names.push_back(key.name);
  }
  return tx.Execute(kRetractFacts, batches, recorded_at, batch_id, source, contracts, starts, ends,
                    parties, under, names);
}

std::vector<std::pair<ContractId, std::int64_t>> EventsOf(pg::Transaction& tx,
                                                          std::span<const std::int64_t> batches) {
  const pg::Result rows = tx.Query(kEventsOf, batches);
  std::vector<std::pair<ContractId, std::int64_t>> events;
  for (int i = 0; i < rows.Size(); ++i) {
    events.emplace_back(rows[i].Get<ContractId>(0), rows[i].Get<std::int64_t>(1));
  }
  return events;
}

}  // namespace sluice::performance
