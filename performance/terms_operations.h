// How a contract runs beside its calculation: the pool that pays it, the dates that recur, and the
// data its parties owe each other. Part of the terms, and so of their hash and of what is signed.
//
//   1. Months are months of the contract: its quarters and years count from the month it begins.
//   2. A service level says which flag fact tells a breach; a gate or a rate case of the same terms
//      reads that flag, so that the agreed effect is in the calculation and nowhere else.
//   3. Where an announcement of the target is required, a year without one is not calculated.
//
// performance/contracts/operating_calendar.h makes dates of it; performance/contracts/
// data_delivery.h makes facts of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"

namespace sluice::performance {

struct Terms;

// The numbers are those of the published message.
enum class ScheduleKind : std::uint8_t {
  kPayment = 0,
  kInterim = 1,
  kSettlement = 2,
  kAudit = 3,
  kDisputeWindow = 4,
  kMeetingBrief = 5,
  kOther = 6,
};
enum class Every : std::uint8_t { kYear = 0, kQuarter = 1, kMonth = 2 };
enum class DueFrom : std::uint8_t { kEnd = 0, kStart = 1 };
enum class OwedBy : std::uint8_t { kPayer = 0, kParty = 1 };

// 12, 3 or 1.
int MonthsOf(Every every);

struct ScheduleRule {
  ScheduleKind kind = ScheduleKind::kPayment;
  std::string name;  // for people, once among the rules: "quarterly interim payment"
  Every every = Every::kYear;
  DueFrom due_from = DueFrom::kEnd;
  std::int32_t due_days = 0;     // 0 to 1100
  std::int32_t window_days = 0;  // above 0 for a dispute window, else 0
  bool banking_day = false;      // moves to the next banking day
  friend bool operator==(const ScheduleRule&, const ScheduleRule&) = default;
};

struct ServiceLevel {
  std::string feed;
  OwedBy owed_by = OwedBy::kPayer;
  Every every = Every::kMonth;
  std::int32_t due_days = 0;   // after the end of what a delivery covers, 0 to 1100
  std::int32_t tolerated = 0;  // late or missing deliveries in a period that are no breach
  std::string breach_fact;     // flag fact: true is a breach
  friend bool operator==(const ServiceLevel&, const ServiceLevel&) = default;
};

struct Operations {
  std::string funding_pool;  // name of a pool of the program's book; empty: not agreed
  std::vector<ScheduleRule> schedule;
  std::vector<ServiceLevel> service_levels;
  bool target_announcement_required = false;
  friend bool operator==(const Operations&, const Operations&) = default;
};

// The facts that an announced target leaves for its year: a date, and a text that says where.
inline constexpr std::string_view kTargetAnnouncedOn = "target_announced_on";
inline constexpr std::string_view kTargetSource = "target_source";

// OK, or InvalidArgument with the first broken rule: names are there and not twice, days in range,
// a window where there must be one, and every breach fact is read by a gate or a rate case.
// Requires: terms.operations is set.
Status CheckOperations(const Terms& terms);

}  // namespace sluice::performance
