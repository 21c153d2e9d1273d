// Capitation as terms: what is paid for one member and one month, and what is deducted after it.
//
//   amount(member, payee, month) = base(rate cell of the month) x risk factor x weight of a new
//                                  member x payable days / days of the month
//
//   1. Rate cells are looked up by age on a stated day, sex, product, region and tier. A member
//      without a cell blocks the contract: RATE_CELL_NOT_FOUND names the member and the month.
//   2. A change is dated by the first day on which it holds. A coverage that ends on 6/30 ends with
//      the change dated 7/1; a member who moves on 6/1 leaves one payee and joins the other on 6/1.
//      Only the 15/30 rule may date an end by the last covered day instead (`EndDay`).
//   3. Past months are calculated again in each run with the facts of today at the rates of that
//      month; the difference to what was posted is a line of the run. Posted lines are never
//      edited.
//   4. Each payee of the lines is owed its own lines less its own deductions. The award is the sum
//      over the payees.
//
// A care-coordination fee is such a basis with cells by tier; a percentage of premium has the
// premium of the member and month as its base. The engine is performance/capitation/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/date.h"
#include "core/money.h"

namespace sluice::performance {

// ---- the base: rate cells, or a share of premium. ----

enum class CellSex : std::uint8_t { kAny = 0, kFemale = 1, kMale = 2 };

// A price for the members it describes. An empty product, region or tier means any.
struct RateCell {
  std::string label;  // for people: "F18-44"; unique in its version
  int age_from = 0;
  std::optional<int> age_to;  // the last age of the cell, included; open without
  CellSex sex = CellSex::kAny;
  std::string product;
  std::string region;
  std::string tier;
  UnitPrice price;  // per member per month
  friend bool operator==(const RateCell&, const RateCell&) = default;
};
// The cells of the months from `from` to the next version. For each combination of product, region
// and tier that any cell speaks of, each sex and each age that the contract covers has one cell.
struct RateVersion {
  Month from;
  std::vector<RateCell> cells;
  friend bool operator==(const RateVersion&, const RateVersion&) = default;
};
struct RateTable {
  std::vector<RateVersion> versions;  // growing
  // The ages that the contract covers; outside them there need not be cells.
  int age_from = 0;
  std::optional<int> age_to;
  friend bool operator==(const RateTable&, const RateTable&) = default;
};
// A share of the premium that was received for the member and month, so that a restated premium
// flows through. A payable month without a premium blocks.
struct PercentOfPremium {
  Rate rate;
  friend bool operator==(const PercentOfPremium&, const PercentOfPremium&) = default;
};
using MonthBase = std::variant<RateTable, PercentOfPremium>;

enum class AgeDay : std::uint8_t {
  kFirstOfMonth = 0,  // of the month that is paid
  kLastOfMonth = 1,
  kFirstOfYear = 2,  // January 1 of its year
};

// ---- which months are payable. ----

enum class MonthMethod : std::uint8_t {
  kFirstOfMonth = 0,   // on the panel on the 1st
  kFifteenThirty = 1,  // a change dated 1..day counts for its month, later for the next month
  kSnapshot = 2,       // on the panel on `day` (the month's last day when it is shorter)
  kDaily = 3,          // days on the panel / days of the month
};
enum class MonthLength : std::uint8_t {
  kActual = 0,  // 28 to 31
  kThirty = 1,  // a whole month is 30 days; a part of one counts its days, at most 30
};
// What the contract calls the date of a termination. "Terminated 6/15" is one day of coverage more
// when 6/15 is the last covered day (as an 834 states it): the 15/30 rule then dates the change
// 6/15, though the 16th is the first day without coverage. For one day of the month the two differ
// by a month of money.
enum class EndDay : std::uint8_t {
  kFirstUncovered = 0,
  kLastCovered = 1,
};
struct MonthRule {
  MonthMethod method = MonthMethod::kFirstOfMonth;
  int day = 15;  // of kFifteenThirty and kSnapshot, 1 to 31
  MonthLength month_length = MonthLength::kActual;
  // A newborn on the panel in its birth month is payable for that month, whatever the method says.
  bool newborn_from_birth_month = false;
  EndDay end_dated = EndDay::kFirstUncovered;  // of kFifteenThirty
  friend bool operator==(const MonthRule&, const MonthRule&) = default;
};

// A member who joins counts in steps: weights[0] of the first payable month, weights[1] of the
// second, and so on; in full after the last. A weight of zero is a month before counting.
struct NewMemberWeights {
  std::vector<Rate> weights;
  friend bool operator==(const NewMemberWeights&, const NewMemberWeights&) = default;
};

// ---- the risk factor. ----

enum class RiskKind : std::uint8_t {
  kNone = 0,
  kMember = 1,            // the member's risk score
  kMemberNormalized = 2,  // the member's risk score / plan mean
  kPanel = 3,             // panel mean / plan mean of the payee
};
// Means are dated facts of the contract or the payee. The factor is an exact quotient; the limits
// apply to it: with most_below 10 % it is at least 9/10.
struct RiskRule {
  RiskKind kind = RiskKind::kNone;
  std::optional<Rate> most_below;
  std::optional<Rate> most_above;
  friend bool operator==(const RiskRule&, const RiskRule&) = default;
};

// ---- how far back a change reaches. ----

// Why a fact about a member changed. Numbers are stored.
enum class ChangeReason : std::uint8_t {
  kEnrollment = 0,
  kTermination = 1,
  kPayeeChange = 2,  // another primary-care provider
  kNewborn = 3,
  kDeath = 4,
  kStateOrder = 5,
  kDemographics = 6,    // birth date, sex
  kClassification = 7,  // product, region, tier
  kRisk = 8,
  kPremium = 9,
  kRate = 10,  // the terms or the factors changed, not the member
};
// "enrollment", "state order".
std::string_view ChangeReasonName(ChangeReason reason);

// How many days before the run's date a month may begin and still be open. No number: always.
struct RetroRule {
  std::string product;                 // empty: any
  std::optional<ChangeReason> reason;  // unset: any
  std::optional<int> days;
  friend bool operator==(const RetroRule&, const RetroRule&) = default;
};

// ---- rounding. ----

enum class LineRounding : std::uint8_t {
  kPerMemberMonth = 0,
  // Each payee's sum is rounded once per run. Lines carry their cents so that they sum to it.
  kPerTotal = 1,
};

// The basis: the sum of the lines that the runs of the month posted.
struct MemberMonthSum {
  MonthBase base;
  AgeDay age_day = AgeDay::kFirstOfMonth;
  MonthRule month;
  NewMemberWeights new_members;
  RiskRule risk;
  // What base x risk is at least, per member per month.
  std::optional<UnitPrice> minimum;
  // Tried in order; the first that fits counts. The last fits everything.
  std::vector<RetroRule> retro = {RetroRule{}};
  // Months before it were settled elsewhere and are not calculated. Unset: the contract's first.
  std::optional<Month> first_month;
  LineRounding rounding = LineRounding::kPerMemberMonth;
  Rounding rounding_mode = Rounding::kHalfAwayFromZero;
  // Products whose members the contract does not pay for, for instance self-funded plans: their
  // months are zero, PRODUCT_EXCLUDED.
  std::vector<std::string> excluded_products;
  friend bool operator==(const MemberMonthSum&, const MemberMonthSum&) = default;
};

// ---- deductions. ----

// What a deduction is: it decides how it is named on remittances.
enum class AdjustmentKind : std::uint8_t {
  kPassThroughReduction = 0,
  kCarveOut = 1,  // claims charged back under the division of financial responsibility
  kAdministrationFee = 2,
  kReinsurancePremium = 3,
  kRecovery = 4,  // of what was paid before: stands beside the amount, as a recoupment
};
// What is due of an adjustment because it did not fit in the period before (amount fact of the
// contract, recorded with the award of that period): "carried_in.administration". Absent: nothing.
inline std::string CarriedInFact(std::string_view adjustment) {
  return "carried_in." + std::string(adjustment);
}
// "pass-through reduction".
std::string_view AdjustmentKindName(AdjustmentKind kind);

// A share of the running value. Of a negative value it gives back.
struct ShareOfValue {
  Rate rate;
  Rounding mode = Rounding::kHalfAwayFromZero;
  friend bool operator==(const ShareOfValue&, const ShareOfValue&) = default;
};
// An amount fact in whole cents. Negative: a credit.
struct StatedAmount {
  std::string fact;
  friend bool operator==(const StatedAmount&, const StatedAmount&) = default;
};
// A price times a count fact.
struct PricePerUnit {
  UnitPrice price;
  std::string count_fact = "member_months.count";
  Rounding mode = Rounding::kHalfAwayFromZero;
  friend bool operator==(const PricePerUnit&, const PricePerUnit&) = default;
};
// Takes an amount from the running value, after the rounding. What is due and does not fit is
// carried to the next period: the value does not fall below zero, and not more than `maximum` of it
// is taken. Of a loss nothing is taken unless `of_losses` says so: else a fee would lessen it.
// After a member_month_sum it is taken from each payee, whatever the sign of its lines.
struct Adjustment {
  std::string name;  // unique in the terms: letters, digits, '_'
  AdjustmentKind kind = AdjustmentKind::kPassThroughReduction;
  std::variant<ShareOfValue, StatedAmount, PricePerUnit> amount;
  Rate maximum = Rate::FromPercent(100);
  bool of_losses = false;
  friend bool operator==(const Adjustment&, const Adjustment&) = default;
};
struct AdjustmentResult {
  Money taken;    // from the running value; negative: a credit
  Money carried;  // due and not taken, >= 0
  friend bool operator==(const AdjustmentResult&, const AdjustmentResult&) = default;
};
// Takes `due` from `value` as rule and limits say.
AdjustmentResult TakeAdjustment(const Adjustment& adjustment, Money due, Money value);

// ---- rules and text, for performance/terms_validate.h and DescribeTerms. ----

// OK, or InvalidArgument with the first broken rule: versions grow; cells do not overlap and leave
// no gap within the ages that the contract covers (the message names both cells, or the age, sex,
// product, region and tier); prices, weights and limits are in range, small enough that a line is
// exact in 128 bits; the last retro rule fits everything.
Status ValidateMemberMonthSum(const MemberMonthSum& basis);
Status ValidateAdjustment(const Adjustment& adjustment);
std::string DescribeMemberMonthSum(const MemberMonthSum& basis);
std::string DescribeAdjustment(const Adjustment& adjustment);

}  // namespace sluice::performance
