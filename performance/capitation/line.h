// A member-month line: what one run posts for one member, month and payee, and why.
//
//   1. posted + delta = new. Only a line outside its retro window states a new that it does not
//      post: its delta is zero and its reason RETRO_WINDOW_CLOSED.
//   2. The price is exact: base x factor x weight x days / days of the month, in 128-bit integers.
//      With a base of at most 10^11 millionths, a factor of at most 10^15 / 10^15, a weight of at
//      most 10^6 and at most 31 days, numerator and denominator stay under 10^34.
//   3. A line with a delta of zero has a reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/money.h"
#include "performance/award.h"
#include "performance/capitation/panel.h"

namespace sluice::performance {

// What a payable member-month is worth. The default is worth nothing.
struct MonthPrice {
  std::int64_t base_millionths = 0;  // of a dollar: the cell's price, the premium, or the minimum
  std::int64_t factor_numerator = 1;
  std::int64_t factor_denominator = 1;
  std::int32_t weight_millionths = 1'000'000;  // of a new member
  std::int16_t days = 1;
  std::int16_t days_of = 1;
  std::int16_t version = -1;  // place in the rate table; -1: not from a rate table
  std::int16_t cell = -1;     // place in the version
  bool at_minimum = false;    // the guaranteed minimum counts
  bool clamped = false;       // the risk factor is at its limit

  friend bool operator==(const MonthPrice&, const MonthPrice&) = default;
};
// The amount in cents, rounded once.
std::int64_t RoundToCents(const MonthPrice& price, Rounding mode);
// The amount in dollars.
Exact ExactAmount(const MonthPrice& price);

// What a line is about, for people and for the sections of a statement. Numbers are stored.
enum class LineFact : std::uint8_t {
  kCurrentMonth = 0,
  kAdded = 1,
  kNewborn = 2,
  kTerminated = 3,
  kWithdrawn = 4,   // the coverage never was
  kMovedTo = 5,     // another payee has the member now
  kMovedFrom = 6,   // another payee had it
  kAgeChanged = 7,  // the birth date was corrected
  kCorrected = 8,   // another fact about the member was corrected
  kRateChanged = 9,
  kNewMember = 10,  // does not count yet
  kExcluded = 11,   // has a product that the contract excludes
};

struct MemberMonthLine {
  std::int64_t member = 0;
  PartyId payee;
  MonthNumber month = 0;
  MonthPrice price;
  std::int64_t new_cents = 0;
  std::int64_t posted_cents = 0;
  std::int64_t delta_cents = 0;
  std::optional<ReasonCode> reason;  // why it is zero, or RETRO_..., PAYEE_MOVED
  LineFact fact = LineFact::kCurrentMonth;
  ChangeReason cause = ChangeReason::kEnrollment;
  bool payable = false;      // the month is payable by its method
  bool was_payable = false;  // as posted before
  std::int16_t age = -1;     // on the reference day; -1: not asked for
  std::int16_t prior_age = -1;
  DayNumber change_day = 0;  // the date of the change; 0 for none
  DayNumber learned_on = 0;
  PartyId other_payee;

  // Whether the line shows what the month is now: all but those outside their window.
  bool IsOpen() const { return reason != ReasonCode::kRetroWindowClosed; }
  // Member-months that the line adds or takes back.
  int CountChange() const {
    return IsOpen() ? static_cast<int>(payable) - static_cast<int>(was_payable) : 0;
  }
  friend bool operator==(const MemberMonthLine&, const MemberMonthLine&) = default;
};

// "23.88 x 1.051 = 25.09788", or empty when nothing is payable.
std::string PriceText(const MonthPrice& price);
// "term dated 2026-05-12, learned 2026-07-10".
std::string FactText(const MemberMonthLine& line);
// The line for a statement: payee, member, month, price, new, posted, delta, fact, reason.
std::string ToText(const MemberMonthLine& line);

}  // namespace sluice::performance
