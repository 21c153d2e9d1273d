// The directory of financial institutions: which routing numbers there are, and whose.
//
//   1. The format is the FedACH participant directory: one row of 155 characters for each routing
//      number, in any of the line ends LF and CRLF. Positions, from 1: 1-9 routing number; 10
//      office code; 11-19 servicing number; 20 record type (0 Federal Reserve, 1 send here, 2 send
//      to the new number); 21-26 date of the last change MMDDYY; 27-35 new routing number; 36-71
//      name; 72-107 address; 108-127 city; 128-129 state; 130-138 ZIP; 139-148 telephone; 149
//      status; 150 view; 151-155 filler.
//   2. A file is taken whole or not at all: each fault names its line, and none of it is used.
//   3. No data is shipped: the directory needs an agreement with the Federal Reserve Banks.
// Source: FORMATS 1. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/status.h"

namespace sluice::payments {

// The numbers are those of the format.
enum class InstitutionRouting : std::int16_t { kReserveBank = 0, kHere = 1, kElsewhere = 2 };

struct Institution {
  std::string routing_number;
  InstitutionRouting routing = InstitutionRouting::kHere;
  std::string new_routing_number;  // set exactly with kElsewhere
  std::string name;
  std::string city;
  std::string state;
  std::optional<Date> changed_on;

  friend bool operator==(const Institution&, const Institution&) = default;
};

// The rows in the order of the file. InvalidArgument lists the first ten faults by line.
StatusOr<std::vector<Institution>> ReadInstitutions(std::string_view bytes);

// Ok when a payee may be paid there. InvalidArgument names the institution and what to do.
Status CheckPayeeInstitution(const Institution& institution);

}  // namespace sluice::payments
