// Panel facts: who is on whose panel, as a capitation run takes them. Plain integers, because a run
// reads ten million of them.
//
// Facts are bitemporal. A span is known by its id; what is learned later about it is a newer
// version with the same id. Callers give the newest version of each span known to the run, and the
// ones before it as superseded: what was learned first may reach further back than what was last.
#pragma once

#include <cstdint>
#include <string>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "performance/terms_capitation.h"

namespace sluice::performance {

// Days since 1970-01-01, and months since January of year 0.
using DayNumber = std::int32_t;
using MonthNumber = std::int32_t;
inline constexpr DayNumber kNoEnd = INT32_MAX;

constexpr DayNumber ToDayNumber(Date date) {
  return static_cast<DayNumber>(date.time_since_epoch().count());
}
constexpr Date ToDate(DayNumber day) { return Date(Days(day)); }
inline MonthNumber ToMonthNumber(Month month) {
  return month.Year() * 12 + static_cast<MonthNumber>(month.Number()) - 1;
}
inline Month ToMonth(MonthNumber number) {
  return Month(number / 12, static_cast<unsigned>(number % 12) + 1);
}

// A member on a payee's panel from `from` up to and not including `to`. Texts of product, region
// and tier are codes of a CodeBook (rate_plan.h).
struct PanelSpan {
  std::int64_t member = 0;
  std::int64_t span_id = 0;
  std::int64_t recorded_at = 0;  // microseconds
  PartyId payee;
  DayNumber from = 0;
  DayNumber to = kNoEnd;  // a change dated `to` ends it
  DayNumber birth = 0;
  DayNumber learned_on = 0;
  std::int64_t risk_millionths = -1;  // -1: not known
  std::int32_t product = 0;
  std::int32_t region = 0;
  std::int32_t tier = 0;
  CellSex sex = CellSex::kAny;  // kAny: not known
  ChangeReason reason = ChangeReason::kEnrollment;
  bool retracted = false;   // it never was
  bool superseded = false;  // a newer version of it is known: told as news, and paid no more
  bool Counts() const { return !retracted && !superseded; }
};

// What was received for a member and month.
struct PanelPremium {
  std::int64_t member = 0;
  std::int64_t recorded_at = 0;
  MonthNumber month = 0;
  std::int64_t cents = 0;
};

// Risk means from a month on; payee unset means all payees without means of their own.
struct PanelFactor {
  PartyId payee;
  Month from;
  std::int64_t panel_mean_millionths = 0;
  std::int64_t plan_mean_millionths = 0;
};

// A version of a span to record: PanelSpan with its texts.
struct NewPanelSpan {
  ContractId contract;
  std::int64_t member = 0;
  std::int64_t span_id = 0;
  PartyId payee;
  DateRange valid;
  Date birth{};
  CellSex sex = CellSex::kAny;
  std::string product;
  std::string region;
  std::string tier;
  std::optional<std::int64_t> risk_millionths;
  Date learned_on{};
  ChangeReason reason = ChangeReason::kEnrollment;
  bool retracted = false;
};
struct NewPanelPremium {
  ContractId contract;
  std::int64_t member = 0;
  Month month;
  Money premium;
};
struct NewPanelFactor {
  ContractId contract;
  PanelFactor factor;
};

}  // namespace sluice::performance
