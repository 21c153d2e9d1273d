// What banks answer to reversals (payments/reversals/reversal.h).
//
//   1. A line of a statement credits a reversal that was sent: RETURN_CASH, and the money waits in
//      RETURNED_ITEMS, owed to nobody yet (bank_statements.h).
//   2. The payee's bank returns the entry: the reversal has BOUNCED and the payment stands. What
//      was credited for it is taken back by the bank with a line of its own.
//   3. Two banking days after the credit it is final: RETURN_NOTICE, the payment is RETURNED, and a
//      person decides whether it is paid again, and how (returned_payment.h). A return that comes
//      later still is for a person: what the payee owes then is offset after notice.
// Source: FORMATS 4 and 6.
#pragma once

#include <span>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/cycle.h"
#include "payments/inbound/inbound_store.h"
#include "payments/inbound/returned_payment.h"
#include "payments/reversals/reversal.h"

namespace sluice::payments {

// What follows for the payee from the reason of a reversal: the account of a wrong receiver is
// stopped, and the payee gives another one.
ReturnActions ActionsAfterReversal(ReversalReason reason);

// What becomes of the items that answer reversals of these books; the others are left out.
// Repeating it changes nothing.
std::vector<ItemMove> ApplyReversalAnswers(pg::Transaction& tx, std::span<const BookId> books,
                                           std::span<const InboundItemRow> items);

// Makes those final that were credited early enough. One whose payment came back by itself
// meanwhile stays CREDITED, and its result says that the money is not ours. Repeating it changes
// nothing. Those that became final.
StatusOr<std::vector<Reversal>> SettleReversals(const pg::Database& app,
                                                const ProgramPayments& program, Clock& clock,
                                                IdGenerator& ids, Date today, Actor actor);

}  // namespace sluice::payments
