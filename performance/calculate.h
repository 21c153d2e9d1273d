// The calculator: contract terms and dated facts to an award with its steps.
//
// Pure: no database, no clock, no randomness. The same terms, facts and dates give the same award,
// to the byte. The running value is an exact fraction; it becomes Money once, at the rounding
// component.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "performance/award.h"
#include "performance/facts.h"
#include "performance/terms.h"

namespace sluice::performance {

// The dates that rules ask for. They are arguments, never read from a clock.
struct CalculationDates {
  DateRange period;  // the performance period; closed (it has a `to`)
  Date pay_date{};   // statutory reductions are keyed by it
};

// Interprets the components in order.
//
// Each component gives a step (a score gives one more per measure). The first one that makes the
// value zero gives the award's reason; the later ones are listed as skipped. A missing fact, or one
// of the wrong kind, blocks the award with its name: no later step is tried.
// Requires: ValidateTerms(terms) is ok (performance/terms_validate.h).
Award Calculate(const Terms& terms, const Facts& facts, const CalculationDates& dates);

// A withhold taken on each payment of a program.
struct WithholdPosting {
  Exact exact;   // payment x rate
  Money posted;  // rounded to the cent; this is what the withhold account receives
  Money paid;    // payment - posted
  friend bool operator==(const WithholdPosting&, const WithholdPosting&) = default;
};
// What to hold back from one payment. Of a negative payment the share is negative: it gives back.
WithholdPosting HoldBack(const Withhold& withhold, Money payment);
// As above for a payment of a stream ("ccf", "qip", ...): nothing when the withhold names streams
// and not this one.
WithholdPosting HoldBack(const Withhold& withhold, std::string_view stream, Money payment);

}  // namespace sluice::performance
