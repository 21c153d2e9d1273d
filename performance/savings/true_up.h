// Interim, final and re-opened settlements as differences.
//
// The newest version of an award is the full result. What was posted for the period before is taken
// off; a positive difference is paid. A negative one first reduces what is not paid yet, and the
// rest becomes a receivable: it is never a negative payment.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/money.h"
#include "performance/award.h"

namespace sluice::performance {

struct TrueUp {
  Money full;                             // what the newest version says is payable
  Money posted;                           // the sum of what was posted before, signs included
  Money delta;                            // full - posted
  Money pay;                              // >= 0
  Money reduces_unpaid;                   // >= 0
  Money receivable;                       // >= 0
  std::optional<ReasonCode> zero_reason;  // NO_CHANGE when delta is zero
  std::string ToText() const;
  friend bool operator==(const TrueUp&, const TrueUp&) = default;
};

// `unpaid` is the part of `posted` that has not left yet, >= 0.
TrueUp PlanTrueUp(Money full, std::span<const Money> posted, Money unpaid);

}  // namespace sluice::performance
