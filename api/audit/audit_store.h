// Rows of the audit log and its seals. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "api/audit/audit_chain.h"
#include "core/pg/database.h"

namespace sluice::api {

// Adds the event; one that is there already stays as it is.
void InsertAuditEvent(pg::Transaction& tx, const AuditEvent& event);

// The last seal of a payer; none when nothing is sealed.
std::optional<AuditSeal> LastAuditSeal(pg::Transaction& tx, PayerId payer);
// Events without a seal whose id is above `after`, by id, at most so many.
std::vector<AuditEvent> LoadUnsealed(pg::Transaction& tx, PayerId payer, std::int64_t after,
                                     std::int32_t most);
// An error of the database where one of the numbers is taken.
void InsertAuditSeals(pg::Transaction& tx, PayerId payer, std::span<const AuditSeal> seals,
                      Instant at);
// Seals behind `after` with their events, by number, at most so many.
std::vector<std::pair<AuditSeal, AuditEvent>> LoadSealed(pg::Transaction& tx, PayerId payer,
                                                         std::int64_t after, std::int32_t most);

}  // namespace sluice::api
