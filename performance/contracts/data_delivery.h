// Whether the parties of a contract delivered the data they owe, as facts for its settlement.
//
//   1. A service level expects one delivery for each span of the contract within the period. It is
//      late when it came after its due day, and missing when it has not come by then.
//   2. The flag fact of the level is true when more than the tolerated deliveries were late or
//      missing. What a breach does is in the terms: a gate or a rate case reads the flag.
//   3. Beside the flag stand its count, <fact>.late, and its grounds, <fact>.detail, which the step
//      that reads the flag shows.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/date.h"
#include "performance/facts.h"
#include "performance/terms_operations.h"

namespace sluice::performance {

// A complete delivery of a feed; closed days.
struct FeedDelivery {
  std::string feed;
  DateRange covers;
  Date delivered_on{};
};

struct LateDelivery {
  std::string feed;
  DateRange covers;
  Date due{};
  std::optional<Date> delivered_on;  // unset: missing

  // "claims for 2026-03-01 to 2026-03-31: due 2026-04-20, delivered 2026-04-25, 5 days late".
  std::string ToString() const;
  friend bool operator==(const LateDelivery&, const LateDelivery&) = default;
};

struct DeliveryAssessment {
  std::vector<LateDelivery> late;  // by feed as the contract lists them, then by span
  Facts facts;
};

// What is known of the deliveries on the day `as_of`: a delivery that is not due yet is not late.
// InvalidArgument names a delivery of a feed that the contract does not have, or without an end.
// Requires: the period is closed.
StatusOr<DeliveryAssessment> AssessDeliveries(const Operations& operations,
                                              const DateRange& effective, const DateRange& period,
                                              std::span<const FeedDelivery> deliveries, Date as_of);

}  // namespace sluice::performance
