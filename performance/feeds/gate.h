// Data gates: what the data of a program must be before its money may go.
//
//   1. A gate is one demand on one feed, per program. Gates are judged at each calculation, from
//      the deliveries that the calculation could know.
//   2. A failing gate blocks the release of whatever was calculated, until better data was
//      calculated with or a person overrides that one check and says why.
//   3. Shares are compared by cross multiplication; exactly at the limit passes. Nothing delivered
//      passes no gate but kRecorded.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/money.h"
#include "core/status.h"
#include "performance/feeds/feed.h"

namespace sluice::performance {

// The numbers are stored.
enum class GateKind : std::int16_t {
  kRecorded = 1,       // demands nothing: what the program uses of the feed is recorded
  kDelivered = 2,      // deliveries cover every day of the period
  kRejectedShare = 3,  // rejected rows / rows <= ratio_limit
  kFresh = 4,          // the newest delivery is at most count_limit days old at the calculation
  kComplete = 5,       // at least count_limit rows were read in the period
};
// "rejected_share".
std::string_view GateKindName(GateKind kind);

struct DataGate {
  ProgramId program;
  std::string name;  // unique in the program; form as of a feed's name
  std::string feed;
  GateKind kind = GateKind::kRecorded;
  Ratio ratio_limit;             // of kRejectedShare
  std::int64_t count_limit = 0;  // of kFresh and kComplete

  friend bool operator==(const DataGate&, const DataGate&) = default;
};

// InvalidArgument names the field and what it must be.
Status ValidateGate(const DataGate& gate);

struct GateResult {
  bool passed = false;
  std::string detail;  // the numbers, and what to do when it failed
};

// `deliveries` are those of the gate's feed that count for the period (feed_store.h,
// DeliveriesFor). Requires: ValidateGate(gate) is ok; a closed period.
GateResult JudgeGate(const DataGate& gate, std::span<const Delivery> deliveries,
                     const DateRange& period, Date today);

// The flag fact of a contract that says whether a feed broke one of the program's gates:
// "feed_breach.adt_daily".
std::string BreachFact(std::string_view feed);

}  // namespace sluice::performance
