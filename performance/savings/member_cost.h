// From the cost of members to the facts of a settlement: exposure, truncation, stop-loss.
//
//   1. Detail results are facts. A pure function takes the detail terms and the members' dated
//      costs and gives lines, totals and a digest; totals and digest enter the award's facts.
//   2. The order is: months that count -> cost in them, weighted -> truncation -> stop-loss. The
//      pooling charge is added for each member month where the terms say: to the cost of the
//      period, of base years too, or to the target (by the basis, not here).
//   3. Nothing is rounded. A line of zero has a reason. No result depends on the order of members.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/award.h"
#include "performance/facts.h"
#include "performance/terms_savings.h"

namespace sluice::performance {

struct CostOfMonth {
  Month month;
  Money cost;  // may be negative: a recovery
};

// One person in one enrollment type. A person with two types has two entries.
struct MemberCost {
  std::int64_t member_id = 0;  // the payer's own number
  std::string type;
  DateRange enrolled;  // maybe from before the period; open when still enrolled
  // Months in it that do not count: a gap, or somebody else's. Ascending.
  std::vector<Month> without = {};
  // Months that do not count because the product is excluded. Ascending.
  std::vector<Month> excluded = {};
  std::vector<CostOfMonth> costs;  // in the period; months may repeat and be absent
};

// The weight of each month of `period` for a member enrolled in `enrolled`, by month; months of
// weight zero are left out. Requires: the period is closed and starts on the first of a month.
std::map<Month, Ratio> ExposureOf(const std::optional<Exposure>& rule, const DateRange& enrolled,
                                  const DateRange& period);

// The threshold of each type, in dollars of a whole year.
using Thresholds = std::map<std::string, Exact>;
// The agreed threshold for every type, or the percentile of the reference population by type
// (annualized when the terms say so; a person without months is no part of the population).
// InvalidArgument when a type has nobody in the population.
StatusOr<Thresholds> FindThresholds(const Truncation& truncation,
                                    const std::vector<std::string>& types,
                                    std::span<const MemberCost> population,
                                    const DateRange& period);

struct MemberCostLine {
  std::int64_t member_id = 0;
  std::string type;
  Ratio months;                           // weighted
  Exact cost;                             // in the months that count, weighted
  Exact truncated;                        // cut off by the truncation
  Exact covered;                          // by stop-loss
  Exact net;                              // cost - truncated - covered
  std::optional<ReasonCode> zero_reason;  // set exactly when net is zero
  std::vector<ReasonCode> notes;  // CAP_APPLIED where cost was cut, or cover reached its maximum
};

struct CostOfType {
  Ratio months;
  Exact cost;
  Exact truncated;
  Exact covered;
  Exact net;
};

struct MemberCostResult {
  std::vector<MemberCostLine> lines;  // by member, then type
  std::map<std::string, CostOfType> types;
  CostOfType total;
  Exact pooling_charge;  // of all months
  PoolingSide charge_side = PoolingSide::kActual;
  Exact expenditure;  // total net + pooling charge, unless that is the target's
  Digest lines_digest{};
  Digest terms_digest{};

  // The facts of a base year: "benchmark.<year>.<type>.expenditure" and ".member_months", and the
  // digests. For "py" also "expenditure" and "member_months". The expenditure of a base year has
  // its part of the pooling charge when the terms put that on both sides.
  Facts ToFacts(const std::string& year) const;
};

// InvalidArgument names the member when a type is not listed in `types`, a member and type are
// given twice, a cost lies outside the period, the enrollment or the months that may count, or a
// range is empty.
StatusOr<MemberCostResult> SummarizeMembers(const SavingsDetail& detail,
                                            const std::vector<std::string>& types,
                                            const Thresholds& thresholds, const DateRange& period,
                                            std::span<const MemberCost> members);

}  // namespace sluice::performance
