// Reads 835 005010X221A1 transactions out of an X12 document and makes every check of one file.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/money.h"
#include "payments/remittance/finding.h"
#include "payments/remittance/x12_reader.h"

namespace sluice::payments {

// One adjustment pair of a PLB segment; a positive amount reduces the payment.
struct PlbPair {
  std::string_view code;
  std::string_view reference;
  Money amount;
  std::size_t segment = 0;
};

// What the checks across files need of a transaction. Views point into the document's bytes.
struct Remittance {
  std::size_t segment = 0;           // of the ST
  std::string_view trn_segment;      // with its terminator
  std::string_view trn;              // TRN02
  std::string_view company_id;       // TRN03
  std::string_view handling;         // BPR01
  std::string_view method;           // BPR04
  std::string_view format;           // BPR05
  std::string_view originator;       // BPR10
  std::string_view routing_number;   // BPR13
  std::string_view account_kind;     // BPR14
  std::string_view account;          // BPR15
  std::string_view date;             // BPR16, CCYYMMDD
  std::string_view production_date;  // GS04
  std::string_view payee_name;
  std::string_view payee_id;  // N104
  Money amount;               // BPR02
  std::vector<PlbPair> adjustments;
};

// The transactions of the document; findings of checks 32 to 41.
std::vector<Remittance> Check835(const X12Document& document, Findings& findings);

}  // namespace sluice::payments
