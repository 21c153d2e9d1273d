#include "api/audit/audit_store.h"

namespace sluice::api {
namespace {

constexpr pg::Query kInsertEvent{"core_insert_audit_event", R"sql(
  INSERT INTO core.audit_event (payer_id, event_id, recorded_at, actor_id, in_place_of,
    session_sha256, method, resource, decision, reason, before_sha256, after_sha256, request_id,
    address)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
  ON CONFLICT (payer_id, event_id) DO NOTHING
)sql"};

}  // namespace

void InsertAuditEvent(pg::Transaction& tx, const AuditEvent& event) {
  tx.Execute(kInsertEvent, event.payer, event.event_id, event.recorded_at, event.actor,
             event.in_place_of, event.session, event.method, event.resource,
             static_cast<std::int16_t>(event.decision), event.reason, event.before, event.after,
             event.request_id, event.address);
}

}  // namespace sluice::api
