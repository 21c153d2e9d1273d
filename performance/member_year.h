// Member results: what each attributed member expected to cost, cost, and met, per contract period.
//
// These rows are the detail beneath a contract's facts: the sums of a contract's rows are its
// benchmark, expenditure, counts and measure results. Rows are never changed: a correction is a
// row recorded later for the same member, and the latest one known at the asked instant counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"

namespace sluice::performance {

struct MemberYear {
  ContractId contract;
  Date period_from{};
  std::int64_t member_id = 0;      // the payer's own number of the member
  PartyId attributed_to;           // the practice that answers for the member
  std::int16_t member_months = 0;  // 0 to 12
  Money benchmark;                 // expected cost of this member in these months
  Money expenditure;               // cost in these months, after run-out
};

// One member in the denominator of one measure; without `met` it is no longer there.
struct MemberMeasure {
  ContractId contract;
  Date period_from{};
  std::int64_t member_id = 0;
  std::string measure_id;
  std::optional<bool> met;  // also in the numerator
};

struct MeasureTotal {
  std::string measure_id;
  std::int64_t numerator = 0;
  std::int64_t denominator = 0;
};

// The sums of one contract's members.
struct ContractTotals {
  ContractId contract;
  std::int64_t members = 0;
  std::int64_t member_months = 0;
  Money benchmark;
  Money expenditure;
  std::vector<MeasureTotal> measures;  // by measure id
};

// Member-months of one practice under one contract: a weight for splits.
struct PracticeMonths {
  ContractId contract;
  PartyId practice;
  std::int64_t member_months = 0;
};

}  // namespace sluice::performance
