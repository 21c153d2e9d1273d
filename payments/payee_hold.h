// Holds on a payee: nothing is paid to it, in any program, until a person clears them.
//
// A return places one where its code says so (payments/inbound), so does a hit of screening
// (payments/screening), and so may a person. The payee's money is recognized all the same; it
// waits. A hold never expires by itself.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/payee_store.h"
#include "payments/run_plan.h"

namespace sluice::payments {

// The numbers are stored.
enum class PayeeHoldKind : std::int16_t {
  kReturn = 0,      // a payment came back: the account or the payee has to be asked
  kCompliance = 1,  // sanctions: compliance reviews it
  kFraud = 2,
  kDuplicate = 3,  // a double send is looked for
  kEstate = 4,     // somebody died
  kDefect = 5,     // our data or software was wrong
  kOther = 6,
  kExclusion = 7,  // excluded from federal programs: compliance reviews it
};
std::string_view PayeeHoldKindName(PayeeHoldKind kind);
// Two people clear such a hold.
bool NeedsTwoToClear(PayeeHoldKind kind);
// Who placed a hold for sanctions, fraud or exclusion does not clear it; the table refuses it, too.
bool NeedsAnotherToClear(PayeeHoldKind kind);
// What a run says of a payee with such a hold.
HoldReason ReasonOfHold(PayeeHoldKind kind);

struct PayeeHold {
  std::int64_t id = 0;
  PayeeId payee;
  PayeeHoldKind kind = PayeeHoldKind::kOther;
  std::string reason;          // for the people who see why nothing is paid
  std::int64_t source_id = 0;  // the returned payment, for instance
  UserId placed_by;
  Instant placed_at;
};

void InsertPayeeHolds(pg::Transaction& tx, PayerId payer, std::span<const PayeeHold> holds);
// Open ones only, by payee and hold.
std::vector<PayeeHold> LoadOpenHolds(pg::Transaction& tx, PayerId payer,
                                     std::span<const PayeeId> payees);
// Of several holds of a payee, the one that a run shows: the gravest, then the oldest.
std::map<PayeeId, PayeeHold> GravestHolds(std::span<const PayeeHold> holds);
// PermissionDenied when one that the source placed is not for this person to clear.
Status CheckMayClear(std::span<const PayeeHold> holds, std::int64_t source_id, UserId by);
// Clears the open holds of a payee that a source placed; the number that were cleared.
std::int64_t ClearPayeeHolds(pg::Transaction& tx, PayerId payer, PayeeId payee,
                             std::int64_t source_id, const std::string& note,
                             const Recorded& recorded);

}  // namespace sluice::payments
