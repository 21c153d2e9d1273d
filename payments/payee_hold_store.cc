#include <array>

#include "core/check.h"
#include "payments/payee_hold.h"
#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsert{"payments_insert_payee_holds", R"sql(
  INSERT INTO payments.payee_hold (payer_id, payee_id, hold_id, kind, reason, source_id, placed_by,
    placed_at, clear_note)
  SELECT $1, u.payee, u.id, u.kind, u.reason, u.source, u.by, u.at, ''
  FROM unnest ($2::bigint[], $3::bigint[], $4::smallint[], $5::text[], $6::bigint[],
    $7::bigint[], $8::timestamptz[]) AS u (payee, id, kind, reason, source, by, at)
)sql"};

constexpr pg::Query kLoadOpen{"payments_load_open_payee_holds", R"sql(
  SELECT hold_id, payee_id, kind, reason, source_id, placed_by, placed_at
  FROM payments.payee_hold
  WHERE payer_id = $1 AND payee_id = ANY ($2::bigint[]) AND cleared_at IS NULL
  ORDER BY payee_id, hold_id
)sql"};

constexpr pg::Query kClear{"payments_clear_payee_holds", R"sql(
  UPDATE payments.payee_hold
  SET cleared_by = $4, cleared_at = $5, clear_note = $6
  WHERE payer_id = $1 AND payee_id = $2 AND source_id = $3 AND cleared_at IS NULL
)sql"};

}  // namespace

std::string_view PayeeHoldKindName(PayeeHoldKind kind) {
  constexpr std::array<std::string_view, 8> kNames = {"return", "compliance", "fraud", "duplicate",
                                                      "estate", "defect",     "other", "exclusion"};
  const auto index = static_cast<std::size_t>(kind);
  CHECK(index < kNames.size());
  return kNames[index];
}

bool NeedsTwoToClear(PayeeHoldKind kind) {
  return kind == PayeeHoldKind::kCompliance || kind == PayeeHoldKind::kFraud ||
         kind == PayeeHoldKind::kDuplicate || kind == PayeeHoldKind::kEstate ||
         kind == PayeeHoldKind::kExclusion;
}

bool NeedsAnotherToClear(PayeeHoldKind kind) {
  return kind == PayeeHoldKind::kCompliance || kind == PayeeHoldKind::kFraud ||
         kind == PayeeHoldKind::kExclusion;
}

Status CheckMayClear(std::span<const PayeeHold> holds, std::int64_t source_id, UserId by) {
  for (const PayeeHold& hold : holds) {
    if (hold.source_id != source_id || !NeedsAnotherToClear(hold.kind)) continue;
    if (hold.placed_by == by) {
      return PermissionDenied("{} placed the {} hold of payee {}: another person clears it", by,
                              PayeeHoldKindName(hold.kind), hold.payee);
    }
  }
  return OkStatus();
}

HoldReason ReasonOfHold(PayeeHoldKind kind) {
  if (kind == PayeeHoldKind::kCompliance) return HoldReason::kSanction;
  if (kind == PayeeHoldKind::kExclusion) return HoldReason::kExcluded;
  return HoldReason::kByPerson;
}

std::map<PayeeId, PayeeHold> GravestHolds(std::span<const PayeeHold> holds) {
  const auto gravity = [](const PayeeHold& hold) { return Stored(ReasonOfHold(hold.kind)); };
  std::map<PayeeId, PayeeHold> gravest;
  for (const PayeeHold& hold : holds) {
    const auto [at, added] = gravest.emplace(hold.payee, hold);
    if (added) continue;
    const bool both_listed = gravity(at->second) > Stored(HoldReason::kByPerson) &&
                             gravity(hold) > Stored(HoldReason::kByPerson);
    // A sanction before an exclusion, and either before what a person noted.
    const bool graver =
        both_listed ? gravity(hold) < gravity(at->second) : gravity(hold) > gravity(at->second);
    if (graver) at->second = hold;
  }
  return gravest;
}

void InsertPayeeHolds(pg::Transaction& tx, PayerId payer, std::span<const PayeeHold> holds) {
  if (holds.empty()) return;
  tx.Execute(kInsert, payer, Pluck(holds, &PayeeHold::payee), Pluck(holds, &PayeeHold::id),
             Pluck(holds, [](const PayeeHold& hold) { return Stored(hold.kind); }),
             Pluck(holds, &PayeeHold::reason), Pluck(holds, &PayeeHold::source_id),
             Pluck(holds, &PayeeHold::placed_by), Pluck(holds, &PayeeHold::placed_at));
}

std::vector<PayeeHold> LoadOpenHolds(pg::Transaction& tx, PayerId payer,
                                     std::span<const PayeeId> payees) {
  const pg::Result result = tx.Query(kLoadOpen, payer, payees);
  std::vector<PayeeHold> holds;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    holds.push_back({.id = row.Get<std::int64_t>(0),
                     .payee = row.Get<PayeeId>(1),
                     .kind = static_cast<PayeeHoldKind>(row.Get<std::int16_t>(2)),
                     .reason = row.Get<std::string>(3),
                     .source_id = row.Get<std::int64_t>(4),
                     .placed_by = row.Get<UserId>(5),
                     .placed_at = row.Get<Instant>(6)});
  }
  return holds;
}

std::int64_t ClearPayeeHolds(pg::Transaction& tx, PayerId payer, PayeeId payee,
                             std::int64_t source_id, const std::string& note,
                             const Recorded& recorded) {
  return tx.Execute(kClear, payer, payee, source_id, recorded.by, recorded.at, note);
}

}  // namespace sluice::payments
