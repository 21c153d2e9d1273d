// Who receives the 835 of a payment, and what people bring to a payee instead. Pure.
//
//   1. An 835 goes where the run says for its payee: to the clearinghouse, or into the payee's own
//      drop. One interchange has one receiver.
//   2. A payee that is told by the portal, on paper or by a PDF has an 835 all the same, since one
//      payment is one 835 and the bank's entry names it. It is kept, in an interchange of its own,
//      and goes to nobody; what reaches the payee is a row of the queue.
//   3. A payee that asks for a drop and has none is told by the portal, and the row says why.
// Source: PRODUCT M13; FORMATS 8.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "payments/routing/preference.h"

namespace sluice::payments {

struct RemittanceAddress {
  RemittanceDelivery way = RemittanceDelivery::kPortal;  // kSftp: a drop; kPortal: kept
  std::string receiver_qualifier = "ZZ";                 // ISA07
  std::string receiver_id;                               // ISA08 and GS03
  std::string server;                                    // of a drop: its name in the configuration
  std::string directory;                                 // of a drop: where on the server
  friend auto operator<=>(const RemittanceAddress&, const RemittanceAddress&) = default;
};

// A payee's own drop, as somebody recorded it.
struct RemittanceDrop {
  PayeeId payee;
  std::int32_t number = 1;  // of its history
  RemittanceAddress to;
  bool ended = false;  // from here on it has none
  std::string reason;
  UserId recorded_by;
  Instant recorded_at;
};
// InvalidArgument names the field and the rule. The folder stays below that of the server.
Status CheckDrop(const RemittanceDrop& drop);

// The drops that count, by payee.
using RemittanceDrops = std::map<PayeeId, RemittanceAddress>;

// Where the 835 of a payee goes that is told this way; none: to the clearinghouse. Kept ones are
// addressed to `kept_receiver_id`.
std::optional<RemittanceAddress> AddressOf(PayeeId payee, RemittanceDelivery delivery,
                                           const RemittanceDrops& drops,
                                           const std::string& kept_receiver_id);

// What somebody brings to a payee.
struct RemittanceErrand {
  RemittanceDelivery way = RemittanceDelivery::kPortal;  // kPortal, kPaper or kPdf
  std::string note;                                      // why, where the payee asked otherwise
};
// None where the 835 itself goes to the payee. A payee that gets no 835 and said nothing has its
// statement in the portal's files and on no queue.
std::optional<RemittanceErrand> ErrandFor(PayeeId payee, RemittanceDelivery delivery, bool has_835,
                                          const RemittanceDrops& drops);

}  // namespace sluice::payments
