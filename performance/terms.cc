#include "performance/terms.h"

#include <string_view>

#include "performance/quality/describe.h"

namespace sluice::performance {
namespace {

std::string_view Prefix(Side side) {
  switch (side) {
    case Side::kBoth:
      return "";
    case Side::kGain:
      return "gain: ";
    case Side::kLoss:
      return "loss: ";
  }
  return "";
}

std::string Join(const std::vector<std::string>& parts, std::string_view glue) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += glue;
    out += part;
  }
  return out;
}

struct ConditionText {
  std::string operator()(const FlagIs& c) const {
    return fmt::format("{} is {}", c.fact, c.value ? "yes" : "no");
  }
  std::string operator()(const TextIsOneOf& c) const {
    return fmt::format("{} is one of {}", c.fact, Join(c.values, ", "));
  }
  std::string operator()(const DateOnOrAfter& c) const {
    return fmt::format("{} is on or after {}", c.fact, FormatDate(c.date));
  }
  std::string operator()(const RatioCompares& c) const {
    return fmt::format("{} is at {} {}", c.fact, c.at_most ? "most" : "least",
                       c.threshold.ToString());
  }
  std::string operator()(const InContractYear& c) const { return DescribeCondition(c); }
};

std::string Text(const std::vector<Condition>& conditions) {
  std::vector<std::string> parts;
  for (const Condition& condition : conditions) {
    parts.push_back(std::visit(ConditionText{}, condition));
  }
  return Join(parts, " and ");
}

struct BasisText {
  std::string operator()(const TargetMinusActual& k) const {
    return fmt::format("{} minus {}", k.target_fact, k.actual_fact);
  }
  std::string operator()(const WithheldBalance& k) const {
    return fmt::format("the posted balance {}", k.fact);
  }
  std::string operator()(const PercentOfFact& k) const {
    return fmt::format("{} of {}", k.rate.ToString(), k.fact);
  }
  std::string operator()(const FixedAmount& k) const { return k.amount.ToString(); }
  std::string operator()(const PriceTimesCount& k) const {
    return fmt::format("{} x {}", k.price.ToString(), k.count_fact);
  }
  std::string operator()(const ActivitySum& k) const { return DescribeActivity(k); }
  std::string operator()(const EpisodeSum& k) const { return DescribeEpisodes(k); }
  std::string operator()(const BenchmarkMinusActual& k) const { return DescribeBasis(k); }
  std::string operator()(const MemberMonthSum& k) const { return DescribeMemberMonthSum(k); }
};

std::string Text(const TableThreshold& table) {
  return fmt::format("{} by {}", table.table, table.count_fact);
}

struct ThresholdText {
  std::string operator()(const FixedThreshold& t) const { return t.value.ToPercentString(); }
  std::string operator()(const TableThreshold& t) const { return Text(t); }
  std::string operator()(const ElectedThreshold& t) const {
    return fmt::format("the election {}, else {}", t.elected_fact, Text(t.table));
  }
};

struct TestText {
  std::string operator()(const ConditionsHold& t) const { return Text(t.conditions); }
  std::string operator()(const ValueAtLeast& t) const {
    return fmt::format("value / {} is at least {}", t.reference_fact,
                       std::visit(ThresholdText{}, t.threshold));
  }
  std::string operator()(const AllReported&) const { return "every measure is reported"; }
  std::string operator()(const CountAtThreshold& t) const {
    return fmt::format("at least {} scored measures are at threshold", t.minimum);
  }
  std::string operator()(const InStanding& t) const {
    return fmt::format("in standing on the {}",
                       t.day == StandingDay::kPayDate ? "pay date" : "last day of the period");
  }
  std::string operator()(const NeverPasses&) const { return "nothing passes"; }
  std::string operator()(const ScoreAtLeast& t) const {
    return fmt::format("the score{} is at least {}", t.domain.empty() ? "" : " of " + t.domain,
                       t.minimum.ToString());
  }
  std::string operator()(const AttainedInEachDomain& t) const {
    return fmt::format("in each domain at least {} scored measures are at threshold", t.minimum);
  }
  std::string operator()(const PayDateReached& t) const {
    return fmt::format("paid on or after {}", FormatDate(t.date));
  }
};

struct RateText {
  std::string operator()(const FixedRate& r) const { return r.rate.ToString(); }
  std::string operator()(const RateTimesScore& r) const {
    return fmt::format("{} x {}", r.maximum.ToString(),
                       r.score_fact.empty() ? "score" : r.score_fact);
  }
  std::string operator()(const ComplementOfScore& r) const {
    return fmt::format("1 - {} x {}, within {} and {}", r.maximum.ToString(),
                       r.score_fact.empty() ? "score" : r.score_fact, r.lowest.ToString(),
                       r.highest.ToString());
  }
  std::string operator()(const RateByScore& r) const { return DescribeCurve(r); }
};

struct LimitText {
  std::string operator()(const FixedLimit& l) const { return l.amount.ToString(); }
  std::string operator()(const ShareOfFact& l) const {
    return fmt::format("{} of {}", l.rate.ToString(), l.fact);
  }
};

std::string Text(const OnFail& on_fail, Side side) {
  std::vector<std::string> parts;
  for (const FailFactor& factor : on_fail.factors) {
    parts.push_back(fmt::format("{}rate x {}{} when {}", Prefix(factor.side),
                                factor.factor.ToFractionString(),
                                factor.times_score ? " x score" : "", Text(factor.when)));
  }
  if (on_fail.note_only) {
    parts.push_back(fmt::format("note {}", ReasonName(*on_fail.note_only)));
  } else if (side == Side::kBoth) {
    parts.push_back(fmt::format("zero {} | {}", ReasonName(on_fail.gain_reason),
                                ReasonName(on_fail.loss_reason)));
  } else {
    parts.push_back(fmt::format(
        "zero {}", ReasonName(side == Side::kGain ? on_fail.gain_reason : on_fail.loss_reason)));
  }
  return Join(parts, ", else ");
}

struct RuleText {
  std::string operator()(const Basis& r) const { return std::visit(BasisText{}, r.kind); }
  std::string operator()(const Gate& r) const {
    return fmt::format("{}{}: {}; else {}", Prefix(r.side), r.name, std::visit(TestText{}, r.test),
                       Text(r.on_fail, r.side));
  }
  std::string operator()(const Score& r) const { return DescribeScore(r); }
  std::string operator()(const RateComponent& r) const {
    std::vector<std::string> parts;
    for (const RateCase& option : r.cases) {
      const std::string rate = std::visit(RateText{}, option.rule);
      parts.push_back(option.when.empty() ? rate
                                          : fmt::format("{} when {}", rate, Text(option.when)));
    }
    if (r.cases.empty() || !r.cases.back().when.empty()) {
      parts.push_back(fmt::format("zero {}", ReasonName(r.otherwise)));
    }
    return fmt::format("{}{}", Prefix(r.side), Join(parts, "; else "));
  }
  std::string operator()(const Corridor& r) const {
    std::vector<std::string> parts;
    for (const Band& band : r.bands) {
      parts.push_back(fmt::format(
          "{} {}", band.share.ToString(),
          band.up_to ? "up to " + band.up_to->ToPercentString() : std::string("above")));
    }
    return fmt::format("{}{} of {}", Prefix(r.side), Join(parts, ", "), r.reference_fact);
  }
  std::string operator()(const Reduction& r) const {
    return fmt::format("{}{} on the {}", Prefix(r.side), r.table,
                       r.first_pay_date_fact.empty() ? "pay date" : r.first_pay_date_fact);
  }
  std::string operator()(const Cap& r) const {
    std::vector<std::string> parts;
    for (const Limit& limit : r.limits) {
      const std::string amount = std::visit(LimitText{}, limit.amount);
      parts.push_back(limit.when.empty() ? amount
                                         : fmt::format("{} when {}", amount, Text(limit.when)));
    }
    return fmt::format("{}at most {}", Prefix(r.side), Join(parts, " or "));
  }
  std::string operator()(const Floor& r) const {
    return fmt::format("{}at least {}", Prefix(r.side), std::visit(LimitText{}, r.limit.amount));
  }
  std::string operator()(const Relief& r) const {
    const auto* amount = std::get_if<ReliefAmount>(&r.kind);
    return amount != nullptr ? amount->fact : std::get<ReliefFraction>(r.kind).fact;
  }
  std::string operator()(const RoundingRule& r) const {
    return fmt::format("to {}", Money::FromCents(r.unit_cents).ToString());
  }
  std::string operator()(const Recoupment& r) const {
    return fmt::format("{}, at most {} of the award", r.balance_fact, r.maximum.ToString());
  }
  std::string operator()(const Withhold& r) const { return DescribeWithhold(r); }
  std::string operator()(const Split& r) const { return DescribeSplit(r); }
  std::string operator()(const Redistribute& r) const { return DescribeRedistribution(r); }
  std::string operator()(const Interim& r) const { return DescribeRule(r); }
  std::string operator()(const Delta& r) const { return DescribeRule(r); }
  std::string operator()(const CarryForward& r) const { return DescribeRule(r); }
  std::string operator()(const Adjustment& r) const { return DescribeAdjustment(r); }
};

}  // namespace

std::string_view ComponentName(const Rule& rule) {
  static constexpr std::string_view kNames[] = {
      "basis", "gate",         "score",   "rate",     "corridor",     "reduction",
      "cap",   "floor",        "relief",  "rounding", "recoupment",   "withhold",
      "split", "redistribute", "interim", "delta",    "carry_forward",
      "adjustment"};
  static_assert(std::size(kNames) == std::variant_size_v<Rule>);
  return kNames[rule.index()];
}

const Split* FindSplit(const Terms& terms) {
  for (const Component& component : terms.components) {
    if (const Split* split = std::get_if<Split>(&component.rule)) return split;
  }
  return nullptr;
}

const MemberMonthSum* FindMemberMonthSum(const Terms& terms) {
  if (terms.components.empty()) return nullptr;
  const Basis* basis = std::get_if<Basis>(&terms.components.front().rule);
  return basis == nullptr ? nullptr : std::get_if<MemberMonthSum>(&basis->kind);
}

std::string DescribeTerms(const Terms& terms) {
  std::string out = fmt::format("{}\n", terms.title);
  int position = 0;
  for (const Component& component : terms.components) {
    out += fmt::format("  {}. {} {}", ++position, ComponentName(component.rule),
                       std::visit(RuleText{}, component.rule));
    if (!component.clause.empty()) out += fmt::format(" [{}]", component.clause);
    out += '\n';
  }
  if (terms.payment_withhold) {
    out +=
        fmt::format("  on each payment: withhold {}\n", DescribeWithhold(*terms.payment_withhold));
  }
  return out;
}

}  // namespace sluice::performance
