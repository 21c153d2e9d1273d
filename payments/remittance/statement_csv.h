// The same statement for spreadsheets and practice systems, and the roster of many payees.
//
// RFC 4180, comma, LF, UTF-8, a header row, amounts as plain decimals ("-1234.50"). Account numbers
// show their last four characters.
#pragma once

#include <span>
#include <string>

#include "core/status.h"
#include "payments/remittance/outbound_payment.h"
#include "payments/remittance/plb_mapping.h"

namespace sluice::payments {

// One row per line and one row per explanation step under it (row_type LINE, AWARD_STEP,
// SPLIT_STEP), after one PAYMENT row per payment.
StatusOr<std::string> WriteStatementCsv(const PayerProfile& payer, const PlbMapping& mapping,
                                        std::span<const OutboundPayment> payments);

// One row per payment: payee, identifiers, earned, withheld, offsets, paid, date, payment key.
StatusOr<std::string> WriteRosterCsv(std::span<const OutboundPayment> payments);

}  // namespace sluice::payments
