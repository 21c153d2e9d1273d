// Writes 835 005010X221A1 remittance advice without claims: one ST per payment, all money in PLB.
//
// The amount of the payment is minus the sum of the PLB amounts (FORMATS section 8.5). A payment
// of zero is a notification: BPR01 H, BPR04 NON, no account. The TRN segment is TrnSegment(), the
// same bytes as in the addenda of the ACH entry. Pure: same arguments, same bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/status.h"
#include "payments/remittance/bank_profile.h"
#include "payments/remittance/outbound_payment.h"
#include "payments/remittance/plb_mapping.h"

namespace sluice::payments {

// One interchange to one trading partner; the control number is reserved before and never reused.
struct Interchange835 {
  std::string receiver_qualifier = "ZZ";  // ISA07
  std::string receiver_id;                // ISA08 and GS03, 1-15 characters
  std::int64_t control_number = 0;        // ISA13, GS06; 1 to 999,999,999
  Date creation_date;                     // also the production date, DTM*405
  int creation_minute = 0;                // minutes after midnight
  bool production = false;                // ISA15: P, else T
  bool mask_account = false;  // third-party copies: BPR15 shows only the last four characters
  bool line_breaks = false;   // a line feed after each terminator
};

// InvalidArgument names the payment and the rule; FailedPrecondition for a payment that has no 835
// (HasRemittance835). Requires at least one payment. Lines keep their order.
StatusOr<std::string> Write835(const PayerProfile& payer, const BankProfile& bank,
                               const PlbMapping& mapping, const Interchange835& interchange,
                               std::span<const OutboundPayment> payments);

}  // namespace sluice::payments
