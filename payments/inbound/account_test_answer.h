// Answers of banks to prenotes and micro-deposits (enrollment/account_test.h).
//
// An item is one when its original trace, RDFI and company id are those of an entry that was sent
// as a test. A return, a reject or a notice of change ends the test; a notice corrects the data of
// an account that is not in use yet, so the payee is asked and the account submitted again.
// Source: FORMATS 4 and 6.
#pragma once

#include <span>
#include <vector>

#include "core/id.h"
#include "core/pg/database.h"
#include "payments/inbound/inbound_store.h"

namespace sluice::payments {

// What becomes of the items that are answers to tests; the others are left out. One transaction;
// repeating it changes nothing.
std::vector<ItemMove> ApplyAccountTestAnswers(pg::Transaction& tx, PayerId payer,
                                              std::span<const InboundItemRow> items,
                                              const Recorded& recorded);

}  // namespace sluice::payments
