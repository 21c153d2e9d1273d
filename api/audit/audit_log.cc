#include "api/audit/audit_log.h"

#include <utility>

#include "api/audit/audit_store.h"

namespace sluice::api {
namespace {

constexpr std::int32_t kBatch = 1'000;
// An hour, in the milliseconds that stand before the last 22 bits of an id (core/id.h).
constexpr std::int64_t kLatest = std::int64_t{3'600'000} << 22;

}  // namespace

StatusOr<std::int64_t> SealAuditLog(const pg::Database& database, PayerId payer, Instant now) {
  const StatusOr<std::int64_t> sealed =
      database.ForPayer(payer).Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
        std::optional<AuditSeal> last = LastAuditSeal(tx, payer);
        std::vector<AuditSeal> seals;
        const std::int64_t after = last ? last->event_id - kLatest : 0;
        for (const AuditEvent& event : LoadUnsealed(tx, payer, after, kBatch)) {
          last = SealAfter(last, event);
          seals.push_back(*last);
        }
        if (!seals.empty()) InsertAuditSeals(tx, payer, seals, now);
        return std::ssize(seals);
      });
  if (sealed.status().code() == absl::StatusCode::kAlreadyExists) return std::int64_t{0};
  return sealed;
}

StatusOr<AuditVerification> VerifyAuditLog(const pg::Database& database, PayerId payer,
                                           const std::optional<KeptHead>& kept) {
  AuditChainReader reader(payer);
  bool met_kept = !kept;
  for (std::int64_t after = 0;;) {
    ASSIGN_OR_RETURN(
        const auto rows,
        (database.ForPayer(payer).Transact(
            {.read_only = true},
            [&](pg::Transaction& tx) -> StatusOr<std::vector<std::pair<AuditSeal, AuditEvent>>> {
              return LoadSealed(tx, payer, after, kBatch);
            })));
    for (const auto& [seal, event] : rows) {
      reader.Take(seal, event);
      if (kept && seal.number == kept->number) met_kept = seal.chain == kept->chain;
    }
    if (rows.empty()) break;
    after = rows.back().first.number;
  }
  AuditVerification verification{.sealed = reader.Count(),
                                 .unsealed = 0,
                                 .head = reader.Head(),
                                 .findings = reader.Findings()};
  if (!met_kept) {
    verification.findings.push_back(
        fmt::format("the chain does not go through the kept head {}", kept->number));
  }
  ASSIGN_OR_RETURN(verification.unsealed,
                   database.ForPayer(payer).Transact(
                       {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
                         return std::ssize(LoadUnsealed(tx, payer, 0, kBatch));
                       }));
  return verification;
}

}  // namespace sluice::api
