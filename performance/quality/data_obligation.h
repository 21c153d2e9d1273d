// What a payer promised to deliver to the contract party, and what it costs to be late.
//
//   1. A feed is due so many days after each month ends. It is late from the day after.
//   2. A breach is a fact of the contract (`feed.<name>.breached`) with the worst lateness beside
//      it, so that settlements read it, replay it and print it.
//   3. The effect is a component of the terms: the gate of DataObligationGate().
//
// Pure. Source: PRODUCT C21.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/date.h"
#include "core/status.h"
#include "performance/facts.h"
#include "performance/terms.h"

namespace sluice::performance {

enum class BreachEffect : std::uint8_t {
  kSuspendsDownside = 0,  // no loss is owed for the period
  kSuspendsUpside = 1,    // the party's own feed: no gain is paid
};
struct DataObligation {
  std::string feed;                 // "claims", "eligibility": letters, digits, '_' and '-'
  int due_days_after_month = 0;     // after the last day of the month that it covers
  int late_deliveries_allowed = 0;  // in the period; one more is a breach
  BreachEffect effect = BreachEffect::kSuspendsDownside;
  std::string clause;  // of the contract
};

struct FeedDelivery {
  Month month;  // that it covers
  Date delivered{};
};

struct FeedService {
  Month month;
  Date due{};
  std::optional<Date> delivered;  // the first delivery of the month; none by `as_of`
  std::int64_t days_late = 0;     // until it came, or until `as_of`
};
struct DataObligationReport {
  std::string feed;
  std::vector<FeedService> months;  // of the period, in order
  std::int64_t late = 0;            // months
  std::int64_t worst_days = 0;
  bool breached = false;

  // "feed.<name>.breached", "feed.<name>.late", "feed.<name>.worst_days_late".
  void AddFacts(Facts& facts) const;
};

// The service level of one feed over a period of whole months, as known on a day. A month whose due
// day has not passed is not late. InvalidArgument: the period is open or not of whole months.
StatusOr<DataObligationReport> CheckDeliveries(const DataObligation& obligation,
                                               std::span<const FeedDelivery> deliveries,
                                               const DateRange& period, Date as_of);

// The gate that applies the effect: put it before the rate of its side.
Component DataObligationGate(const DataObligation& obligation);

}  // namespace sluice::performance
