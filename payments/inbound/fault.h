// What is wrong with a file that came in: where, which rule, what follows, and what to do.
//
// A fault reaches as far as its scope says. What lies outside its scope goes on: a bad batch does
// not stop a good one, and a deviation stops nothing. Nothing is ever dropped: what a fault stops
// is kept and listed until a person has dealt with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "payments/remittance/finding.h"

namespace sluice::payments {

// The numbers are stored; they never change.
enum class FaultScope : std::int16_t {
  kDeviation = 0,  // seen with real banks and harmless: written down, nothing stops
  kRecord = 1,     // the entry or line is not applied
  kBatch = 2,      // nothing of the batch is applied
  kFile = 3,       // nothing of the file is applied
};
// "deviation", "record", "batch", "file".
std::string_view FaultScopeName(FaultScope scope);

struct InboundFault {
  FaultScope scope = FaultScope::kDeviation;
  std::string code;          // stable: "control_totals"
  std::string rule;          // where it is written: "Nacha: batch control; format check 25"
  std::size_t record = 0;    // line of an ACH or BAI2 file, segment of an X12 one; 0: the file
  std::size_t position = 0;  // column or element in it, from 1; 0: the whole record
  std::string message;       // what is there and what is expected; never an account number
  std::string advice;        // what to do

  // "line 12 column 30: amount_not_numeric: ... (batch is not applied; ask the bank ...)".
  std::string ToString() const;
};

// The worst scope among faults; kDeviation when there are none.
FaultScope WorstOf(const std::vector<InboundFault>& faults);

// A finding of the readers in remittance/ as a fault of an inbound file: code, rule and advice of
// its check, and the scope that the operator's table gives it (FORMATS 5, 7 and 11). `returns` says
// that it concerns a batch of returns or notices of change, which banks send with less care.
InboundFault FaultOf(const Finding& finding, bool returns);

}  // namespace sluice::payments
