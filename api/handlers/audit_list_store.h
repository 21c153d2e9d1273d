// The audit log as lists show it. No rules.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/audit/audit_chain.h"
#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::api {

// The last one is the number.
std::span<const ListField> AuditEventFields();

struct AuditEventPage {
  std::vector<std::pair<AuditSeal, AuditEvent>> events;
  std::string next_page_token;
};
// Those that are sealed: an event has its number from then on, within seconds.
AuditEventPage LoadAuditEventPage(pg::Transaction& tx, PayerId payer, const ListPage& page);

}  // namespace sluice::api
