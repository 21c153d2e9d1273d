// The parts of contract terms that shared savings and shared risk need beyond the spine: the
// benchmark, what is done to member cost before it is compared with it, interim payment, what was
// paid elsewhere, and the deficit that is carried forward.
//
// Part of performance/terms.h, which includes it. All numbers of a design are here, in the terms
// that are signed; the facts of a calculation hold only what was measured. A fact of the benchmark
// has the name "benchmark.<year>.<type>.<item>"; the items are named at each rule.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::performance {

// ---- What is done to the cost of members. Applied by the detail engines of performance/savings;
// the facts they give carry the digest of these terms, and the basis compares it with its own.

enum class TruncationRule : std::uint8_t { kNone = 0, kFixed = 1, kPercentile = 2 };
// The definitions of a percentile p of n sorted values give different dollars: the contract names
// one (performance/percentile.h). Rank is ceil(p x n), counted from 1.
enum class PercentileRule : std::uint8_t {
  kNearestRank = 0,  // the value at the rank
  kInterpolated =
      1,           // linear between neighbors at 1 + p x (n - 1): R-7, a spreadsheet's PERCENTILE
  kNextAbove = 2,  // the value there, or the next one above
};
// Cost of one person above the threshold does not count.
struct Truncation {
  TruncationRule rule = TruncationRule::kNone;
  Money threshold;   // of kFixed: dollars for a whole year
  Ratio percentile;  // of kPercentile: 99/100
  PercentileRule definition = PercentileRule::kNearestRank;
  std::string population;  // of kPercentile, for people: whose cost it is a percentile of
  // A part of a year is compared as if it were a whole one: x 12 / months, cut, x months / 12.
  bool annualize = true;
  friend bool operator==(const Truncation&, const Truncation&) = default;
};
// Where the charge for stop-loss cover stands. The numbers are stored.
enum class PoolingSide : std::uint8_t {
  kActual = 0,              // added to the actual cost
  kTarget = 1,              // added to the target, for the member months of the period
  kActualAndBaseYears = 2,  // added to the actual cost and to that of every base year
};
// Above the attachment point a share of the cost of one person is not the party's, up to a maximum.
// Base years are cut in the same way, which lowers the target: with a historical benchmark a charge
// therefore stands on both sides or on none, else the party would bear the cover twice.
struct StopLoss {
  Money attachment;
  Rate covered;                  // of the cost above the attachment point, above 0 to 100 %
  std::optional<Money> maximum;  // the most that is covered for one person
  UnitPrice pooling_charge;      // for each member month
  PoolingSide charge_side = PoolingSide::kActual;
  friend bool operator==(const StopLoss&, const StopLoss&) = default;
};
// Cost that was incurred and is not paid yet, by age-to-age factors of a claims triangle.
struct Completion {
  // How many of the latest incurred months each factor is taken over; 0 is all.
  int latest_months = 0;
  // Below this completion factor the expected cost stands for what is not paid yet
  // (Bornhuetter-Ferguson); at it or above, paid / factor.
  Ratio expected_below = Ratio(1, 2);
  friend bool operator==(const Completion&, const Completion&) = default;
};
// When a new member begins to count. A month counts for who joined on or before its
// `last_joining_day`; the first `waiting_months` of them do not count, and the next
// `reduced_months` count with `reduced_weight`.
struct Exposure {
  int last_joining_day = 31;
  int waiting_months = 0;
  int reduced_months = 0;
  Ratio reduced_weight = Ratio(1);
  friend bool operator==(const Exposure&, const Exposure&) = default;
};
struct SavingsDetail {
  Truncation truncation;
  std::optional<StopLoss> stop_loss;
  std::optional<Completion> completion;
  std::optional<Exposure> exposure;
  // Products or lines of business: a month in which only these cover the member does not count, nor
  // what it cost.
  std::vector<std::string> excluded_products;
  friend bool operator==(const SavingsDetail&, const SavingsDetail&) = default;
};

// ---- The benchmark. ----

struct BaseYear {
  std::string name;  // "by1": part of the names of its facts
  Ratio weight;      // the weights sum to 1
  Rate growth;       // to the next base year; read by TrendRule::kStated
  friend bool operator==(const BaseYear&, const BaseYear&) = default;
};
enum class TrendRule : std::uint8_t {
  kNone = 0,
  kStated = 1,   // agreed growth
  kBlended = 2,  // ratio facts "national_growth" and "regional_growth", blended
};
// Growth from a year to another. The national weight is agreed or, when `national_weight_fact` is
// named, a ratio fact (the party's share of the people in its region); the region has the rest.
struct Trend {
  TrendRule rule = TrendRule::kNone;
  Rate growth;  // of kStated, for the update; base years have their own
  Ratio national_weight;
  std::string national_weight_fact;
  // Of the update only: this share grows by dollars set in advance (amount fact "flat_growth"
  // per person-year), the rest by the rule. 42 CFR 425.660: one third.
  Ratio flat_share;
  friend bool operator==(const Trend&, const Trend&) = default;
};
enum class RiskCap : std::uint8_t {
  kNone = 0,
  kPerType = 1,    // each type's own growth
  kAggregate = 2,  // the growth of all types by benchmark dollars; all are cut by one factor
};
// Risk ratios from the ratio fact "risk". Growth from the last base year to the performance year
// is at most the cap: `highest_growth`, plus the growth of the ratio fact "demographic_risk" when
// so agreed; and at least 1 - `lowest_fall` when one is agreed.
struct RiskAdjustment {
  bool base_years = false;        // each base year to the last one; not capped
  bool performance_year = false;  // the last base year to the performance year
  RiskCap cap = RiskCap::kNone;
  Ratio highest_growth;
  bool add_demographic_growth = false;
  std::optional<Ratio> lowest_fall;
  friend bool operator==(const RiskAdjustment&, const RiskAdjustment&) = default;
};
// A share of (regional - own), for each type, within shares of the national amount. Amount facts of
// the last base year: "regional" and "national" per person-year.
struct RegionalAdjustment {
  Ratio share_below;  // when the party is below its region: a positive adjustment
  Ratio share_above;  // when above: a negative one
  Ratio highest;      // of the national amount
  Ratio lowest;       // of the national amount, as a positive number
  friend bool operator==(const RegionalAdjustment&, const RegionalAdjustment&) = default;
};
// A share of what was saved before: amount fact "benchmark.prior_savings" per person-year. The
// larger of it and a positive regional adjustment counts; a negative one is offset by it.
struct PriorSavings {
  Ratio share;
  Ratio highest;  // of the national amount over all types
  friend bool operator==(const PriorSavings&, const PriorSavings&) = default;
};
// How the target is set again after an agreement period, so that saving does not lower the next
// target by as much as was saved. performance/savings/rebase.h models it.
struct Rebase {
  int agreement_years = 3;
  Ratio own_weight;        // of the party's cost in the years before
  Ratio regional_weight;   // of its region's cost; the former target, trended, has the rest
  Ratio savings_returned;  // share of the average saving that is added back
  Ratio lowest_change;  // the new target is at least (1 + this) x the former, for instance -3/100
  Ratio flag_decline;   // a fall of more than this from one year to the next is flagged
  friend bool operator==(const Rebase&, const Rebase&) = default;
};
// Built from base years, by enrollment type. Facts of each type: of a base year "expenditure"
// (amount) and "member_months" (count); of the year "py", "member_months"; and what the rules read.
struct HistoricalBenchmark {
  std::vector<BaseYear> years;     // oldest first
  std::vector<std::string> types;  // "esrd", "disabled", "aged_dual", "aged_nondual"; or "all"
  Trend trend;                     // each base year to the last one
  Trend update;                    // the last base year to the performance year
  RiskAdjustment risk;
  std::optional<RegionalAdjustment> regional;
  std::optional<PriorSavings> prior_savings;
  std::optional<Rebase> rebase;
  friend bool operator==(const HistoricalBenchmark&, const HistoricalBenchmark&) = default;
};
// A price for each member month, agreed or (when `price_fact` is named) announced as an amount.
struct PerMemberTarget {
  UnitPrice price;
  std::string price_fact;
  std::string count_fact = "member_months";
  friend bool operator==(const PerMemberTarget&, const PerMemberTarget&) = default;
};
// A total that is announced as an amount.
struct StatedTarget {
  std::string fact = "target";
  friend bool operator==(const StatedTarget&, const StatedTarget&) = default;
};

// A price for each member month on top; negative takes away.
struct PerMemberAdjustment {
  UnitPrice price;
  std::string count_fact = "member_months";
  friend bool operator==(const PerMemberAdjustment&, const PerMemberAdjustment&) = default;
};
// A share taken off.
struct Discount {
  Rate rate;
  friend bool operator==(const Discount&, const Discount&) = default;
};
// A share taken off, of which the score is earned back.
struct QualityWithhold {
  Rate rate;
  std::string score_fact;
  friend bool operator==(const QualityWithhold&, const QualityWithhold&) = default;
};
// What other programs already paid for the same members, taken off: a dollar that a bundle saved
// and was paid for is not saved once more. Amount facts, all of which must be there; a loss that a
// bundle collected is given back. performance/episodes records "paid_in_episodes.<contract>".
struct PaidElsewhere {
  std::vector<std::string> facts;
  friend bool operator==(const PaidElsewhere&, const PaidElsewhere&) = default;
};
struct BenchmarkAdjustment {
  std::string name;  // for people: "equity adjustment"
  std::variant<PerMemberAdjustment, Discount, QualityWithhold, PaidElsewhere> kind;
  std::string clause;
  friend bool operator==(const BenchmarkAdjustment&, const BenchmarkAdjustment&) = default;
};
// A target must have been announced: without the date and the source the settlement is blocked.
struct Announcement {
  std::string date_fact = "target_announced_on";
  std::string source_fact = "target_source";
  // The last day on which it may be announced, in days after the first day of the period; negative
  // is before it. Unset: any day, but not after the pay date.
  std::optional<int> latest_day;
  friend bool operator==(const Announcement&, const Announcement&) = default;
};

// Basis: the benchmark, adjusted in the stated order, minus the actual cost. Later components read
// the adjusted benchmark by `target_name`; a recorded fact of that name contradicts it and blocks.
struct BenchmarkMinusActual {
  std::variant<HistoricalBenchmark, PerMemberTarget, StatedTarget> target;
  std::vector<BenchmarkAdjustment> adjustments;
  std::optional<Announcement> announcement;
  std::string target_name = "benchmark";
  std::string actual_fact = "expenditure";
  // When set, the text fact "detail_terms" must hold the digest of these terms. A pooling charge of
  // PoolingSide::kTarget is added to the target last, for the count or ratio fact "member_months".
  std::optional<SavingsDetail> detail;
  friend bool operator==(const BenchmarkMinusActual&, const BenchmarkMinusActual&) = default;
};

// ---- Condition: the year of the agreement, for glide paths. ----

// The period begins in year `first` to `last` of the agreement, counted from 1 on the date fact. A
// later year without a case of its own keeps the case that is open.
struct InContractYear {
  std::string start_fact = "agreement_start";
  int first = 1;
  std::optional<int> last;  // unset: open
  friend bool operator==(const InContractYear&, const InContractYear&) = default;
};

// ---- Components. ----

// While the text fact is "interim", a share of the result is paid; when it is "final", all of it,
// and the earlier versions of the award make the difference. Anything else blocks.
struct Interim {
  std::string stage_fact = "settlement_stage";
  Rate pay;
  bool upward_only = true;  // an interim loss is not collected
  friend bool operator==(const Interim&, const Interim&) = default;
};
// What was already paid for this period outside this award: interim payments of a shorter period,
// capitation paid in advance. Taken off in full, on both sides; what exceeds the award is owed.
struct Delta {
  std::vector<std::string> posted_facts;  // amount facts
  friend bool operator==(const Delta&, const Delta&) = default;
};
// The deficit of earlier years: recovered from a gain, at most `maximum` of it. With carry_losses a
// loss is not collected but added to the deficit. performance/savings/deficit.h keeps it.
struct CarryForward {
  std::string balance_fact = "deficit_balance";
  Rate maximum = Rate::FromPercent(100);
  bool carry_losses = false;
  std::optional<int> expires_after_years;  // unset: never
  Rate yearly_interest;
  friend bool operator==(const CarryForward&, const CarryForward&) = default;
};

// The text fact that holds the digest of the SavingsDetail under which member cost was made.
inline constexpr std::string_view kDetailTermsFact = "detail_terms";
Digest HashDetail(const SavingsDetail& detail);

// As a person reads them; performance/terms.h puts them together.
std::string DescribeDetail(const SavingsDetail& detail);
std::string DescribeBasis(const BenchmarkMinusActual& basis);
std::string DescribeCondition(const InContractYear& condition);
std::string DescribeRule(const Interim& rule);
std::string DescribeRule(const Delta& rule);
std::string DescribeRule(const CarryForward& rule);

// InvalidArgument names the rule that the terms break. performance/terms_validate.h calls them.
Status ValidateBasis(const BenchmarkMinusActual& basis);
Status ValidateDetail(const SavingsDetail& detail);
Status ValidateCondition(const InContractYear& condition);
Status ValidateRule(const Interim& rule);
Status ValidateRule(const Delta& rule);
Status ValidateRule(const CarryForward& rule);

}  // namespace sluice::performance
