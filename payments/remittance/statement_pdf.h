// The remittance statement that people read: who paid whom, how much, when, and for every line
// where each dollar came from.
//
// One payment takes one or more pages; a file holds the statements of one or many payments, each
// with its own page numbers. The bytes depend on the arguments and the installed fonts only: no
// clock, no random numbers. Account numbers show their last four characters.
#pragma once

#include <span>
#include <string>

#include "core/date.h"
#include "core/status.h"
#include "payments/remittance/outbound_payment.h"

namespace sluice::payments {

// The PDF's bytes. `created` becomes its creation date. InvalidArgument when a payment breaks
// CheckPayment(); Internal when the drawing library fails. Requires at least one payment.
StatusOr<std::string> RenderStatementPdf(const PayerProfile& payer, Instant created,
                                         std::span<const OutboundPayment> payments);

}  // namespace sluice::payments
