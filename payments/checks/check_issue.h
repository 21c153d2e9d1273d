// A check that was issued, as the bank and the register know it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/money.h"

namespace sluice::payments {

// The numbers are stored.
enum class CheckState : std::int16_t {
  kOutstanding = 0,
  kPaid = 1,   // the bank paid it
  kVoid = 2,   // stopped by two people; still owed to the payee
  kStale = 3,  // not cashed in time; still owed to the payee
  kSpoiled = 4,  // never left: its payment was stopped before the bank heard of it
};
// "OUTSTANDING".
std::string_view CheckStateName(CheckState state);

// One check as a file of issued checks tells the bank.
struct CheckIssue {
  std::int64_t number = 0;  // > 0, as printed on the check
  Date issued_on{};
  Money amount;  // > 0
  std::string payee;
  bool voided = false;  // takes an earlier issue back

  friend bool operator==(const CheckIssue&, const CheckIssue&) = default;
};

}  // namespace sluice::payments
