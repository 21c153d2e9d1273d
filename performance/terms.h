// The terms of a contract as typed data.
//
// Terms are an ordered list of components. Each takes the running value and the dated facts and
// gives the next value and one line of explanation. The order is data; performance/terms_validate.h
// says which orders make sense. Facts are referred to by name (performance/facts.h); rates are
// contract percentages in millionths; thresholds and scores are exact ratios.
//
// The published form is proto/sluice/performance/v1/terms.proto; performance/terms_codec.h turns
// one into the other, and hashes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "performance/award.h"
#include "performance/terms_activity.h"
#include "performance/terms_capitation.h"
#include "performance/terms_episodes.h"
#include "performance/terms_operations.h"
#include "performance/terms_quality.h"
#include "performance/terms_savings.h"
#include "performance/terms_split.h"
#include "performance/terms_withhold.h"

namespace sluice::performance {

// The side of the running value that a component is for: gain when positive, loss when negative.
// On the other side it passes the value through and says so.
enum class Side : std::uint8_t { kBoth = 0, kGain = 1, kLoss = 2 };

// ---- Conditions on facts. All conditions in a list must hold. ----

struct FlagIs {
  std::string fact;
  bool value = true;
  friend bool operator==(const FlagIs&, const FlagIs&) = default;
};
struct TextIsOneOf {
  std::string fact;
  std::vector<std::string> values;
  friend bool operator==(const TextIsOneOf&, const TextIsOneOf&) = default;
};
struct DateOnOrAfter {
  std::string fact;
  Date date{};
  friend bool operator==(const DateOnOrAfter&, const DateOnOrAfter&) = default;
};
// The ratio or count fact is at least (or, with at_most, at most) the threshold. Equality holds.
struct RatioCompares {
  std::string fact;
  Ratio threshold;
  bool at_most = false;
  friend bool operator==(const RatioCompares&, const RatioCompares&) = default;
};
using Condition = std::variant<FlagIs, TextIsOneOf, DateOnOrAfter, RatioCompares, InContractYear>;

// ---- basis: where the running value starts. ----

// Saving = target - actual: positive is a gain, negative a loss.
struct TargetMinusActual {
  std::string target_fact = "benchmark";
  std::string actual_fact = "expenditure";
  friend bool operator==(const TargetMinusActual&, const TargetMinusActual&) = default;
};
// The posted balance of a withhold account, in cents: the posted sum rules, not a rounded product.
struct WithheldBalance {
  std::string fact = "withheld";
  friend bool operator==(const WithheldBalance&, const WithheldBalance&) = default;
};
// A share of an amount, for instance of premium.
struct PercentOfFact {
  Rate rate;
  std::string fact;
  friend bool operator==(const PercentOfFact&, const PercentOfFact&) = default;
};
// A pool agreed in dollars.
struct FixedAmount {
  Money amount;
  friend bool operator==(const FixedAmount&, const FixedAmount&) = default;
};
// A price per unit times a count, for instance a care-management fee times member months.
struct PriceTimesCount {
  UnitPrice price;
  std::string count_fact = "member_months";
  friend bool operator==(const PriceTimesCount&, const PriceTimesCount&) = default;
};
struct Basis {
  std::variant<TargetMinusActual, WithheldBalance, PercentOfFact, FixedAmount, PriceTimesCount,
               ActivitySum, BenchmarkMinusActual, EpisodeSum, MemberMonthSum>
      kind;
  // The reason when the basis is zero: NO_SAVINGS, POOL_EMPTY, NO_MEMBER_MONTHS, ...
  ReasonCode zero_reason = ReasonCode::kNoSavings;
  friend bool operator==(const Basis&, const Basis&) = default;
};

// ---- gate: pass, or fail and be zero, scaled or noted. ----

struct FixedThreshold {
  Ratio value;
  friend bool operator==(const FixedThreshold&, const FixedThreshold&) = default;
};
// A statutory table (performance/statutory.h) looked up by a count. Where the table has no row for
// the count, the ratio fact `below_table_fact` is used when it is named and present.
struct TableThreshold {
  std::string table;
  std::string count_fact;
  std::string below_table_fact;
  friend bool operator==(const TableThreshold&, const TableThreshold&) = default;
};
// The party elected a fixed rate or the table. The fact holds the election as published. It stands
// when it is one of `elections`; any other value is the table's, rounded, and the exact table value
// is used instead.
struct ElectedThreshold {
  std::string elected_fact;
  std::vector<Ratio> elections;
  TableThreshold table;
  friend bool operator==(const ElectedThreshold&, const ElectedThreshold&) = default;
};
using Threshold = std::variant<FixedThreshold, TableThreshold, ElectedThreshold>;

// Passes when all conditions hold.
struct ConditionsHold {
  std::vector<Condition> conditions;
  friend bool operator==(const ConditionsHold&, const ConditionsHold&) = default;
};
// Passes when |value| / reference >= threshold, compared by cross multiplication.
struct ValueAtLeast {
  std::string reference_fact;
  Threshold threshold;
  friend bool operator==(const ValueAtLeast&, const ValueAtLeast&) = default;
};
// Passes when every measure of the score component was reported.
struct AllReported {
  friend bool operator==(const AllReported&, const AllReported&) = default;
};
// Passes when at least `minimum` of the scored measures are at their threshold or better.
struct CountAtThreshold {
  int minimum = 0;
  friend bool operator==(const CountAtThreshold&, const CountAtThreshold&) = default;
};
// Passes when the party is in standing on the day: the date fact `from_fact` is on or before it and
// the date fact `to_fact`, when there is one, is after it.
struct InStanding {
  StandingDay day = StandingDay::kPayDate;
  std::string from_fact = "standing_from";
  std::string to_fact = "standing_to";
  friend bool operator==(const InStanding&, const InStanding&) = default;
};
// Never passes: nothing goes past this gate on its side, for instance losses of a one-sided party.
struct NeverPasses {
  friend bool operator==(const NeverPasses&, const NeverPasses&) = default;
};
using GateTest =
    std::variant<ConditionsHold, ValueAtLeast, AllReported, CountAtThreshold, InStanding,
                 NeverPasses, ScoreAtLeast, AttainedInEachDomain, PayDateReached>;

// A failed gate that multiplies the next rate instead of making the value zero, for instance the
// half rate below the minimum savings rate. Tried in order; the first whose conditions hold counts.
struct FailFactor {
  Ratio factor;
  Side side = Side::kGain;
  std::vector<Condition> when;
  std::optional<ReasonCode> note;
  bool times_score = false;  // the factor is multiplied by the score computed before the gate
  friend bool operator==(const FailFactor&, const FailFactor&) = default;
};
// What a failed gate does: the first factor that holds; else zero, with a reason for each side;
// or, with note_only, nothing but the note.
struct OnFail {
  std::vector<FailFactor> factors;
  ReasonCode gain_reason = ReasonCode::kGateFailed;
  ReasonCode loss_reason = ReasonCode::kGateFailed;
  std::optional<ReasonCode> note_only;
  friend bool operator==(const OnFail&, const OnFail&) = default;
};
struct Gate {
  std::string name;  // for people, and the detail of the reason: "minimum savings rate"
  Side side = Side::kBoth;
  GateTest test;
  OnFail on_fail;
  friend bool operator==(const Gate&, const Gate&) = default;
};

// ---- score: measures to one ratio (performance/terms_quality.h). ----

// ---- rate: the share of the running value. ----

struct FixedRate {
  Rate rate;
  friend bool operator==(const FixedRate&, const FixedRate&) = default;
};
// maximum x score. The score is the ratio fact, or the score component's when score_fact is empty.
struct RateTimesScore {
  Rate maximum;
  std::string score_fact;
  friend bool operator==(const RateTimesScore&, const RateTimesScore&) = default;
};
// clamp(1 - maximum x score, lowest, highest): the loss rate of a party whose quality is good.
struct ComplementOfScore {
  Rate maximum;
  std::string score_fact;
  Rate lowest;
  Rate highest;
  friend bool operator==(const ComplementOfScore&, const ComplementOfScore&) = default;
};
using RateRule = std::variant<FixedRate, RateTimesScore, ComplementOfScore, RateByScore>;
struct RateCase {
  std::vector<Condition> when;  // empty: always
  RateRule rule;
  std::optional<ReasonCode> note;
  friend bool operator==(const RateCase&, const RateCase&) = default;
};
// The first case whose conditions hold gives the rate; none makes the value zero.
struct RateComponent {
  Side side = Side::kBoth;
  std::vector<RateCase> cases;
  ReasonCode otherwise = ReasonCode::kQualityStandardFailed;
  friend bool operator==(const RateComponent&, const RateComponent&) = default;
};

// ---- corridor: marginal bands. ----

struct Band {
  std::optional<Ratio> up_to;  // of the reference; the last band is open
  Rate share;
  friend bool operator==(const Band&, const Band&) = default;
};
// |value| is cut into bands measured in shares of the reference, and the party keeps each band's
// share. Marginal slices, not cliffs.
struct Corridor {
  Side side = Side::kBoth;
  std::string reference_fact;
  std::vector<Band> bands;
  friend bool operator==(const Corridor&, const Corridor&) = default;
};

// ---- reduction, cap, floor, relief. ----

// A statutory reduction looked up by the pay date.
struct Reduction {
  Side side = Side::kGain;
  std::string table;  // "medicare_sequestration"
  std::optional<ReasonCode> note = ReasonCode::kSequestered;
  // Date fact: when it is named and present, its day is looked up instead of the pay date. A
  // restatement is then cut as the first payment of the period was.
  std::string first_pay_date_fact;
  friend bool operator==(const Reduction&, const Reduction&) = default;
};

struct FixedLimit {
  Money amount;
  friend bool operator==(const FixedLimit&, const FixedLimit&) = default;
};
struct ShareOfFact {
  Rate rate;
  std::string fact;
  friend bool operator==(const ShareOfFact&, const ShareOfFact&) = default;
};
enum class WhenAbsent : std::uint8_t {
  kBlock = 0,   // REFERENCE_MISSING: the limit could bind and is not guessed
  kIgnore = 1,  // the limit is left out, and the step says so
};
struct Limit {
  std::variant<FixedLimit, ShareOfFact> amount;
  WhenAbsent when_absent = WhenAbsent::kBlock;
  ReasonCode note = ReasonCode::kCapApplied;
  std::vector<Condition> when;  // empty: always
  friend bool operator==(const Limit&, const Limit&) = default;
};
// |value| is at most the smallest of the limits whose conditions hold. When none of them holds, the
// terms are silent about this case: the award is blocked, not unlimited.
struct Cap {
  Side side = Side::kGain;
  std::vector<Limit> limits;
  friend bool operator==(const Cap&, const Cap&) = default;
};
// |value| is at least the limit. A zero stays zero: a failed gate is not undone by a floor.
struct Floor {
  Side side = Side::kGain;
  Limit limit;
  friend bool operator==(const Floor&, const Floor&) = default;
};

// The amount fact (a positive amount of relief) times the ratio fact `portion_fact` when named.
struct ReliefAmount {
  std::string fact = "disaster_relief";
  std::string portion_fact;
  friend bool operator==(const ReliefAmount&, const ReliefAmount&) = default;
};
// A share of what is owed: affected months / 12 x share of people affected.
struct ReliefFraction {
  std::string fact = "relief_fraction";
  friend bool operator==(const ReliefFraction&, const ReliefFraction&) = default;
};
// Reduces a loss, never below zero.
struct Relief {
  std::variant<ReliefAmount, ReliefFraction> kind;
  friend bool operator==(const Relief&, const Relief&) = default;
};

// ---- rounding, exactly once; then what happens to the rounded award. ----

struct RoundingRule {
  Rounding mode = Rounding::kHalfAwayFromZero;
  std::int64_t unit_cents = 1;  // 100 rounds to whole dollars
  friend bool operator==(const RoundingRule&, const RoundingRule&) = default;
};
// Recovers the balance of an advance from a positive award, at most `maximum` of it. The award
// itself stays gross.
struct Recoupment {
  std::string balance_fact;
  Rate maximum = Rate::FromPercent(100);
  friend bool operator==(const Recoupment&, const Recoupment&) = default;
};

// ---- the list. ----

using Rule = std::variant<Basis, Gate, Score, RateComponent, Corridor, Reduction, Cap, Floor,
                          Relief, RoundingRule, Recoupment, Withhold, Split, Redistribute, Interim,
                          Delta, CarryForward, Adjustment>;
struct Component {
  Rule rule;
  std::string clause;  // what it implements: "42 CFR 425.605(d)(1)(iii)"; may be empty
  friend bool operator==(const Component&, const Component&) = default;
};

struct Terms {
  std::string title;  // for people: "MSSP BASIC level E, 2024"
  std::vector<Component> components;
  // Held back on each payment of the program, to be settled by these components.
  std::optional<Withhold> payment_withhold;
  // What pays, what falls due when, and which data is owed.
  std::optional<Operations> operations;
  friend bool operator==(const Terms&, const Terms&) = default;
};

// The name a component has in steps and messages: "basis", "gate", "rate", ...
std::string_view ComponentName(const Rule& rule);
// The split component of the terms, or nullptr.
const Split* FindSplit(const Terms& terms);
// The basis when it sums member-months, or nullptr. Then each payee of the lines is owed its own:
// the level below the contract's party is the payees, and the split begins below them.
const MemberMonthSum* FindMemberMonthSum(const Terms& terms);
// The terms as a person reads them: one numbered line per component.
std::string DescribeTerms(const Terms& terms);

}  // namespace sluice::performance
