#include "api/audit/audit_store.h"

#include "core/pg/columns.h"

namespace sluice::api {
namespace {

constexpr pg::Query kInsertEvent{"core_insert_audit_event", R"sql(
  INSERT INTO core.audit_event (payer_id, event_id, recorded_at, actor_id, in_place_of,
    session_sha256, method, resource, decision, reason, before_sha256, after_sha256, request_id,
    address)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
  ON CONFLICT (payer_id, event_id) DO NOTHING
)sql"};

constexpr pg::Query kLastSeal{"core_last_audit_seal", R"sql(
  SELECT number, event_id, event_sha256, previous_sha256, chain_sha256
  FROM core.audit_seal
  WHERE payer_id = $1
  ORDER BY number DESC
  LIMIT 1
)sql"};

constexpr pg::Query kLoadUnsealed{"core_load_unsealed_audit_events", R"sql(
  SELECT e.payer_id, e.event_id, e.recorded_at, e.actor_id, e.in_place_of, e.session_sha256,
    e.method, e.resource, e.decision, e.reason, e.before_sha256, e.after_sha256, e.request_id,
    e.address
  FROM core.audit_event AS e
  WHERE e.payer_id = $1 AND e.event_id > $2
    AND NOT EXISTS (
      SELECT 1
      FROM core.audit_seal AS s
      WHERE s.payer_id = e.payer_id AND s.event_id = e.event_id)
  ORDER BY e.event_id
  LIMIT $3
)sql"};

constexpr pg::Query kInsertSeals{"core_insert_audit_seals", R"sql(
  INSERT INTO core.audit_seal (payer_id, number, event_id, event_sha256, previous_number,
    previous_sha256, chain_sha256, sealed_at)
  SELECT r.payer_id, r.number, r.event_id, r.event_sha256,
    CASE WHEN r.number > 1 THEN r.number - 1 END, CASE WHEN r.number > 1 THEN r.previous END,
    r.chain, r.sealed_at
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[],
              $7::timestamptz[])
    AS r (payer_id, number, event_id, event_sha256, previous, chain, sealed_at)
  ORDER BY r.number
)sql"};

constexpr pg::Query kLoadSealed{"core_load_sealed_audit_events", R"sql(
  SELECT e.payer_id, e.event_id, e.recorded_at, e.actor_id, e.in_place_of, e.session_sha256,
    e.method, e.resource, e.decision, e.reason, e.before_sha256, e.after_sha256, e.request_id,
    e.address, s.number, s.event_id, s.event_sha256, s.previous_sha256, s.chain_sha256
  FROM core.audit_seal AS s
  JOIN core.audit_event AS e ON e.payer_id = s.payer_id AND e.event_id = s.event_id
  WHERE s.payer_id = $1 AND s.number > $2
  ORDER BY s.number
  LIMIT $3
)sql"};

// The first fourteen columns.
AuditEvent EventOf(const pg::Row& row) {
  return {.payer = row.Get<PayerId>(0),
          .event_id = row.Get<std::int64_t>(1),
          .recorded_at = row.Get<Instant>(2),
          .actor = row.Get<std::optional<UserId>>(3),
          .in_place_of = row.Get<std::optional<UserId>>(4),
          .session = row.Get<std::optional<Digest>>(5),
          .method = row.Get<std::string>(6),
          .resource = row.Get<std::string>(7),
          .decision = static_cast<AuditDecision>(row.Get<std::int16_t>(8)),
          .reason = row.Get<std::string>(9),
          .before = row.Get<std::optional<Digest>>(10),
          .after = row.Get<std::optional<Digest>>(11),
          .request_id = row.Get<std::string>(12),
          .address = row.Get<std::string>(13)};
}

AuditSeal SealOf(const pg::Row& row, int first) {
  return {.number = row.Get<std::int64_t>(first),
          .event_id = row.Get<std::int64_t>(first + 1),
          .event_sha256 = row.Get<Digest>(first + 2),
          .previous = row.Get<std::optional<Digest>>(first + 3).value_or(Digest{}),
          .chain = row.Get<Digest>(first + 4)};
}

}  // namespace

void InsertAuditEvent(pg::Transaction& tx, const AuditEvent& event) {
  tx.Execute(kInsertEvent, event.payer, event.event_id, event.recorded_at, event.actor,
             event.in_place_of, event.session, event.method, event.resource,
             static_cast<std::int16_t>(event.decision), event.reason, event.before, event.after,
             event.request_id, event.address);
}

std::optional<AuditSeal> LastAuditSeal(pg::Transaction& tx, PayerId payer) {
  const pg::Result result = tx.Query(kLastSeal, payer);
  return result.Empty() ? std::nullopt : std::optional(SealOf(result[0], 0));
}

std::vector<AuditEvent> LoadUnsealed(pg::Transaction& tx, PayerId payer, std::int64_t after,
                                     std::int32_t most) {
  const pg::Result result = tx.Query(kLoadUnsealed, payer, after, std::int64_t{most});
  std::vector<AuditEvent> events;
  for (int i = 0; i < result.Size(); ++i) events.push_back(EventOf(result[i]));
  return events;
}

void InsertAuditSeals(pg::Transaction& tx, PayerId payer, std::span<const AuditSeal> seals,
                      Instant at) {
  pg::Columns<PayerId, std::int64_t, std::int64_t, Digest, Digest, Digest, Instant> columns;
  for (const AuditSeal& seal : seals) {
    columns.Add(payer, seal.number, seal.event_id, seal.event_sha256, seal.previous, seal.chain,
                at);
  }
  columns.Execute(tx, kInsertSeals);
}

std::vector<std::pair<AuditSeal, AuditEvent>> LoadSealed(pg::Transaction& tx, PayerId payer,
                                                         std::int64_t after, std::int32_t most) {
  const pg::Result result = tx.Query(kLoadSealed, payer, after, std::int64_t{most});
  std::vector<std::pair<AuditSeal, AuditEvent>> rows;
  for (int i = 0; i < result.Size(); ++i) {
    rows.emplace_back(SealOf(result[i], 14), EventOf(result[i]));
  }
  return rows;
}

}  // namespace sluice::api
