// Holds on a payee: nothing is paid to it, in any program, until a person clears them.
//
// A return places one where its code says so (payments/inbound), and so may a person. The payee's
// money is recognized all the same; it waits. A hold never expires by itself.
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
};
std::string_view PayeeHoldKindName(PayeeHoldKind kind);
// Who placed such a hold does not clear it, and two people do.
bool NeedsTwoToClear(PayeeHoldKind kind);

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
// Clears the open holds of a payee that a source placed; the number that were cleared.
std::int64_t ClearPayeeHolds(pg::Transaction& tx, PayerId payer, PayeeId payee,
                             std::int64_t source_id, const std::string& note,
                             const Recorded& recorded);

}  // namespace sluice::payments
