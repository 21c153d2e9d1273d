// sluice.ops.v1.AuditLogService
#include <optional>
#include <string>

#include "api/audit/audit_store.h"
#include "api/handlers/audit_list_store.h"
#include "api/handlers/handlers.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "sluice/ops/v1/access.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::ops::v1;

v1::AuditEvent EventMessage(const AuditSeal& seal, const AuditEvent& event) {
  v1::AuditEvent to;
  to.set_number(seal.number);
  Set(*to.mutable_record_time(), event.recorded_at);
  if (event.actor) to.set_actor(UserName(event.payer, *event.actor));
  if (event.in_place_of) to.set_in_place_of(UserName(event.payer, *event.in_place_of));
  to.set_method(event.method);
  to.set_resource(event.resource);
  to.set_allowed(event.decision == AuditDecision::kAllowed);
  to.set_reason(event.reason);
  if (event.before) to.set_before_sha256(ToHex(*event.before));
  if (event.after) to.set_after_sha256(ToHex(*event.after));
  to.set_request_id(event.request_id);
  to.set_address(event.address);
  to.set_chain_sha256(ToHex(seal.chain));
  return to;
}

StatusOr<v1::ListAuditEventsResponse> ListAuditEvents(Call& call,
                                                      const v1::ListAuditEventsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     AuditEventFields(), "number desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListAuditEventsResponse> {
    const AuditEventPage loaded = LoadAuditEventPage(tx, call.Payer(), page);
    v1::ListAuditEventsResponse response;
    for (const auto& [seal, event] : loaded.events) {
      *response.add_audit_events() = EventMessage(seal, event);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::AuditHead> GetAuditHead(Call& call, const v1::GetAuditHeadRequest& request) {
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::AuditHead> {
    const std::optional<AuditSeal> head = LastAuditSeal(tx, call.Payer());
    if (!head) return NotFound("nothing of the audit log is sealed yet; ask again in a minute");
    v1::AuditHead to;
    to.set_name(request.name());
    to.set_number(head->number);
    to.set_chain_sha256(ToHex(head->chain));
    const auto sealed = LoadSealed(tx, call.Payer(), head->number - 1, 1);
    Set(*to.mutable_record_time(), sealed.front().second.recorded_at);
    return to;
  });
}

}  // namespace

void ServeAuditLog(Methods& methods) {
  const std::string service = "sluice.ops.v1.AuditLogService.";
  methods.Serve<v1::ListAuditEventsRequest, v1::ListAuditEventsResponse>(
      service + "ListAuditEvents", ListAuditEvents);
  methods.Serve<v1::GetAuditHeadRequest, v1::AuditHead>(service + "GetAuditHead", GetAuditHead);
}

}  // namespace sluice::api
