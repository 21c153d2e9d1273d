// Payees: who is paid, and where to write to them.
//
// A payee is the payment side of a party: one payee per party and payer. A party without a payee
// is paid through its nearest ancestor that has one, along the path of its share. The TIN here is
// that of the taxpayer who receives the income; it goes to no file name and no log.
#pragma once

#include <string>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "payments/remittance/outbound_payment.h"

namespace sluice::payments {

struct Payee {
  PayeeId id;
  PartyId party;
  PayeeKind kind = PayeeKind::kOrganization;
  std::string name;
  std::string tin;        // 9 digits
  std::string npi;        // 10 digits, or empty when the payee has none
  bool provider = false;  // a health care provider: gets an 835 with the payment
  PostalAddress address;
};

// A W-9: the taxpayer certified name and TIN on the day. A payee without one is held.
struct TaxForm {
  PayeeId payee;
  Date certified_on{};
};

// InvalidArgument names the payee and the field that no bank or 835 would accept.
Status ValidatePayee(const Payee& payee);

}  // namespace sluice::payments
