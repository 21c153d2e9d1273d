// What a remittance statement says, before it is drawn or written as CSV: lines grouped by program
// and contract, sums by column, and the sentences around them. No coordinates here.
#pragma once

#include <string>
#include <vector>

#include "core/money.h"
#include "payments/remittance/outbound_payment.h"
#include "payments/remittance/plb_mapping.h"

namespace sluice::payments {

// Earned, withheld and offset amounts with their sum, signs as the payee sees them.
struct StatementSums {
  Money earned, withheld, offsets;

  Money Net() const { return earned + withheld + offsets; }
  void Add(LineKind kind, Money amount);
};

// The lines of one contract in one program, in the order of the payment.
struct StatementGroup {
  std::string program, contract, contract_holder;
  StatementSums sums;
  std::vector<const RemittanceLine*> lines;  // point into the payment
};

// Groups in the order of their first line.
std::vector<StatementGroup> GroupLines(const OutboundPayment& payment);
StatementSums SumLines(const OutboundPayment& payment);

// "$1,234.50", "-$1,234.50".
std::string Dollars(Money amount);
// "Checking, ending 7665".
std::string AccountWords(const PayeeDetails& payee);
// "22 River Road" and "Columbus, OH 43215-0001"; empty parts are left out.
std::vector<std::string> AddressLines(const PostalAddress& address);
// "(800) 555-1000"; text that is not ten digits stays as it is.
std::string PhoneWords(const std::string& phone);

}  // namespace sluice::payments
