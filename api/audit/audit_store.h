// Rows of the audit log. No rules.
#pragma once

#include "api/audit/audit_chain.h"
#include "core/pg/database.h"

namespace sluice::api {

// Adds the event; one that is there already stays as it is.
void InsertAuditEvent(pg::Transaction& tx, const AuditEvent& event);

}  // namespace sluice::api
