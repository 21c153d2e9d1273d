// Sealing the audit log, and following it from its first event.
//
//   1. Events are written by the calls they tell of, which do not wait for one another; a sealer
//   then
//      numbers and chains them. Several sealers may run: of two that seal the same number, one
//      fails and changes nothing.
//   2. Ids are time-ordered. An event whose transaction was slow is sealed behind later ones; one
//      that comes more than an hour late is not sealed any more, and the verification says so.
//   3. A head that was kept elsewhere proves that nothing was written anew up to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/audit/audit_chain.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::api {

// Seals at most 1,000 events of the payer, and returns how many. 0: there is nothing to seal, or
// another sealer was faster.
StatusOr<std::int64_t> SealAuditLog(const pg::Database& database, PayerId payer, Instant now);

// A head as it was kept.
struct KeptHead {
  std::int64_t number = 0;
  Digest chain{};
};

struct AuditVerification {
  std::int64_t sealed = 0;
  std::int64_t unsealed = 0;  // at most 1,000 are counted
  std::optional<AuditSeal> head;
  std::vector<std::string> findings;
};

// Follows the chain in bounded memory. A kept head that the chain does not go through is a finding.
StatusOr<AuditVerification> VerifyAuditLog(const pg::Database& database, PayerId payer,
                                           const std::optional<KeptHead>& kept);

}  // namespace sluice::api
