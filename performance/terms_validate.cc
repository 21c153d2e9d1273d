#include "performance/terms_validate.h"

#include "performance/statutory.h"
#include "performance/terms_operations.h"
#include "performance/terms_quality_validate.h"

namespace sluice::performance {
namespace {

constexpr Rate kWhole = Rate::FromPercent(100);

bool IsRateInRange(Rate rate) { return rate > Rate() && rate <= kWhole; }

bool AffectsLoss(Side side) { return side != Side::kGain; }

// Where a component may stand.
enum class Phase {
  kBasis,
  kExact,
  kInterim,
  kRounding,
  kDelta,
  kAdjustment,
  kRecoupment,
  kCarryForward,
  kWithhold,
  kRedistribute,
  kSplit
};

Phase PhaseOf(const Rule& rule) {
  if (std::holds_alternative<Basis>(rule)) return Phase::kBasis;
  if (std::holds_alternative<RoundingRule>(rule)) return Phase::kRounding;
  if (std::holds_alternative<Interim>(rule)) return Phase::kInterim;
  if (std::holds_alternative<Delta>(rule)) return Phase::kDelta;
  if (std::holds_alternative<Adjustment>(rule)) return Phase::kAdjustment;
  if (std::holds_alternative<Recoupment>(rule)) return Phase::kRecoupment;
  if (std::holds_alternative<CarryForward>(rule)) return Phase::kCarryForward;
  if (std::holds_alternative<Withhold>(rule)) return Phase::kWithhold;
  if (std::holds_alternative<Redistribute>(rule)) return Phase::kRedistribute;
  if (std::holds_alternative<Split>(rule)) return Phase::kSplit;
  return Phase::kExact;
}

Status NeedName(std::string_view name, std::string_view what) {
  if (name.empty()) return InvalidArgument("{} must name a fact", what);
  return OkStatus();
}

Status NeedZeroReason(ReasonCode code) {
  if (KindOf(code) != ReasonKind::kZero) {
    return InvalidArgument("{} is not a reason for zero", ReasonName(code));
  }
  return OkStatus();
}

Status NeedNote(const std::optional<ReasonCode>& code) {
  if (code && KindOf(*code) != ReasonKind::kNote) {
    return InvalidArgument("{} is not a note", ReasonName(*code));
  }
  return OkStatus();
}

struct ConditionRules {
  Status operator()(const FlagIs& c) const { return NeedName(c.fact, "a condition"); }
  Status operator()(const TextIsOneOf& c) const {
    if (c.values.empty()) return InvalidArgument("a condition on {} lists no values", c.fact);
    return NeedName(c.fact, "a condition");
  }
  Status operator()(const DateOnOrAfter& c) const { return NeedName(c.fact, "a condition"); }
  Status operator()(const RatioCompares& c) const { return NeedName(c.fact, "a condition"); }
  Status operator()(const InContractYear& c) const { return ValidateCondition(c); }
};

Status CheckConditions(const std::vector<Condition>& conditions) {
  for (const Condition& condition : conditions) {
    RETURN_IF_ERROR(std::visit(ConditionRules{}, condition));
  }
  return OkStatus();
}

struct ThresholdRules {
  Status operator()(const FixedThreshold& t) const {
    if (t.value.Sign() < 0) return InvalidArgument("a threshold must not be negative");
    return OkStatus();
  }
  Status operator()(const TableThreshold& t) const {
    if (!HasMinimumRateTable(t.table)) {
      return InvalidArgument("there is no statutory table '{}' of minimum rates", t.table);
    }
    return NeedName(t.count_fact, "the count of a table");
  }
  Status operator()(const ElectedThreshold& t) const {
    RETURN_IF_ERROR(NeedName(t.elected_fact, "an election"));
    return (*this)(t.table);
  }
};

// What the terms hold besides the component that is being checked.
struct Context {
  const Terms& terms;
  std::size_t index;
  bool has_score = false;     // anywhere
  bool score_before = false;  // before this component
};

bool HasRateAfter(const Context& context, Side side) {
  for (std::size_t i = context.index + 1; i < context.terms.components.size(); ++i) {
    const auto* rate = std::get_if<RateComponent>(&context.terms.components[i].rule);
    if (rate != nullptr && (rate->side == Side::kBoth || rate->side == side)) return true;
  }
  return false;
}

struct TestRules {
  const Context& context;

  Status operator()(const ConditionsHold& t) const {
    if (t.conditions.empty()) return InvalidArgument("a gate without conditions tests nothing");
    return CheckConditions(t.conditions);
  }
  Status operator()(const ValueAtLeast& t) const {
    RETURN_IF_ERROR(NeedName(t.reference_fact, "the reference of a gate"));
    return std::visit(ThresholdRules{}, t.threshold);
  }
  Status operator()(const AllReported&) const { return NeedScore(); }
  Status operator()(const CountAtThreshold& t) const {
    if (t.minimum < 1) return InvalidArgument("a count gate needs a minimum of at least 1");
    return NeedScore();
  }
  Status operator()(const InStanding& t) const {
    if (t.day != StandingDay::kPayDate && t.day != StandingDay::kPeriodEnd) {
      return InvalidArgument("a gate asks for standing on the pay date or at the period's end");
    }
    return NeedName(t.from_fact, "the standing of a party");
  }
  Status operator()(const NeverPasses&) const { return OkStatus(); }
  Status operator()(const ScoreAtLeast& t) const {
    return CheckScoreAtLeast(t, context.terms, context.index);
  }
  Status operator()(const AttainedInEachDomain& t) const {
    return CheckAttainedInEachDomain(t, context.terms);
  }
  Status operator()(const PayDateReached&) const { return OkStatus(); }

  Status NeedScore() const {
    if (!context.has_score) return InvalidArgument("a gate on measures needs a score component");
    return OkStatus();
  }
};

struct RateRules {
  const Context& context;

  Status operator()(const FixedRate& r) const { return InRange(r.rate, "a rate"); }
  Status operator()(const RateTimesScore& r) const {
    RETURN_IF_ERROR(InRange(r.maximum, "a maximum rate"));
    return HasScore(r.score_fact);
  }
  Status operator()(const ComplementOfScore& r) const {
    RETURN_IF_ERROR(InRange(r.maximum, "a maximum rate"));
    RETURN_IF_ERROR(InRange(r.lowest, "the lowest rate"));
    RETURN_IF_ERROR(InRange(r.highest, "the highest rate"));
    if (r.lowest > r.highest) return InvalidArgument("the lowest rate is above the highest");
    return HasScore(r.score_fact);
  }
  Status operator()(const RateByScore& r) const {
    return CheckRateByScore(r, context.terms, context.index);
  }

  static Status InRange(Rate rate, std::string_view what) {
    if (!IsRateInRange(rate)) {
      return InvalidArgument("{} must be above 0 % and at most 100 %, not {}", what,
                             rate.ToString());
    }
    return OkStatus();
  }
  Status HasScore(const std::string& fact) const {
    if (fact.empty() && !context.score_before) {
      return InvalidArgument("a rate that names no score fact needs a score component before it");
    }
    return fact.empty() ? CheckScoreIsShare(context.terms, context.index) : OkStatus();
  }
};

Status CheckLimit(const Limit& limit) {
  RETURN_IF_ERROR(NeedNote(limit.note));
  RETURN_IF_ERROR(CheckConditions(limit.when));
  if (const auto* fixed = std::get_if<FixedLimit>(&limit.amount)) {
    if (fixed->amount <= Money()) return InvalidArgument("a limit must be more than zero");
    return OkStatus();
  }
  const auto& share = std::get<ShareOfFact>(limit.amount);
  RETURN_IF_ERROR(NeedName(share.fact, "a limit"));
  return RateRules::InRange(share.rate, "a limit");
}

struct RuleChecker {
  const Context& context;

  Status operator()(const Basis& r) const {
    RETURN_IF_ERROR(NeedZeroReason(r.zero_reason));
    if (const auto* k = std::get_if<TargetMinusActual>(&r.kind)) {
      RETURN_IF_ERROR(NeedName(k->target_fact, "the target"));
      return NeedName(k->actual_fact, "the actual");
    }
    if (const auto* k = std::get_if<WithheldBalance>(&r.kind)) return NeedName(k->fact, "it");
    if (const auto* k = std::get_if<PercentOfFact>(&r.kind)) {
      RETURN_IF_ERROR(RateRules::InRange(k->rate, "a share"));
      return NeedName(k->fact, "a share");
    }
    if (const auto* k = std::get_if<PriceTimesCount>(&r.kind)) {
      return NeedName(k->count_fact, "a price per unit");
    }
    if (const auto* k = std::get_if<BenchmarkMinusActual>(&r.kind)) return ValidateBasis(*k);
    if (const auto* k = std::get_if<ActivitySum>(&r.kind)) return ValidateActivity(*k);
    if (const auto* k = std::get_if<MemberMonthSum>(&r.kind)) return ValidateMemberMonthSum(*k);
    if (const auto* k = std::get_if<EpisodeSum>(&r.kind)) return ValidateEpisodes(*k);
    return OkStatus();
  }

  Status operator()(const Gate& r) const {
    if (r.name.empty()) return InvalidArgument("a gate needs a name, for its reason");
    RETURN_IF_ERROR(std::visit(TestRules{context}, r.test));
    RETURN_IF_ERROR(NeedZeroReason(r.on_fail.gain_reason));
    RETURN_IF_ERROR(NeedZeroReason(r.on_fail.loss_reason));
    RETURN_IF_ERROR(NeedNote(r.on_fail.note_only));
    for (const FailFactor& factor : r.on_fail.factors) {
      if (factor.factor.Sign() <= 0) return InvalidArgument("a factor must be above zero");
      if (factor.times_score) {
        RETURN_IF_ERROR(RateRules{context}.HasScore(""));
      }
      RETURN_IF_ERROR(NeedNote(factor.note));
      RETURN_IF_ERROR(CheckConditions(factor.when));
      for (const Side side : {Side::kGain, Side::kLoss}) {
        const bool reachable = (factor.side == Side::kBoth || factor.side == side) &&
                               (r.side == Side::kBoth || r.side == side);
        if (reachable && !HasRateAfter(context, side)) {
          return InvalidArgument("a factor needs a rate on its side after the gate");
        }
      }
    }
    return OkStatus();
  }

  Status operator()(const Score& r) const { return CheckScore(r); }

  Status operator()(const RateComponent& r) const {
    if (r.cases.empty()) return InvalidArgument("a rate needs at least one case");
    RETURN_IF_ERROR(NeedZeroReason(r.otherwise));
    for (std::size_t i = 0; i < r.cases.size(); ++i) {
      const RateCase& option = r.cases[i];
      if (option.when.empty() && i + 1 < r.cases.size()) {
        return InvalidArgument("a rate case without conditions must be the last");
      }
      RETURN_IF_ERROR(CheckConditions(option.when));
      RETURN_IF_ERROR(NeedNote(option.note));
      RETURN_IF_ERROR(std::visit(RateRules{context}, option.rule));
    }
    return OkStatus();
  }

  Status operator()(const Corridor& r) const {
    RETURN_IF_ERROR(NeedName(r.reference_fact, "the reference of a corridor"));
    if (r.bands.empty()) return InvalidArgument("a corridor needs at least one band");
    Ratio from;
    for (std::size_t i = 0; i < r.bands.size(); ++i) {
      const Band& band = r.bands[i];
      if (band.share < Rate() || band.share > kWhole) {
        return InvalidArgument("a band's share must be within 0 % and 100 %");
      }
      const bool last = i + 1 == r.bands.size();
      if (band.up_to.has_value() == last) {
        return InvalidArgument("the last band is open, and only the last");
      }
      if (band.up_to && *band.up_to <= from) {
        return InvalidArgument("bands must grow from zero");
      }
      if (band.up_to) from = *band.up_to;
    }
    return OkStatus();
  }

  Status operator()(const Reduction& r) const {
    if (DatedTable(r.table).empty()) {
      return InvalidArgument("there is no statutory table '{}' keyed by date", r.table);
    }
    return NeedNote(r.note);
  }

  Status operator()(const Cap& r) const {
    if (r.limits.empty()) return InvalidArgument("a cap needs at least one limit");
    for (const Limit& limit : r.limits) RETURN_IF_ERROR(CheckLimit(limit));
    return OkStatus();
  }

  Status operator()(const Floor& r) const { return CheckLimit(r.limit); }

  Status operator()(const Relief& r) const {
    const auto* amount = std::get_if<ReliefAmount>(&r.kind);
    RETURN_IF_ERROR(NeedName(
        amount != nullptr ? amount->fact : std::get<ReliefFraction>(r.kind).fact, "relief"));
    bool capped = false;
    for (std::size_t i = 0; i < context.terms.components.size(); ++i) {
      const Rule& rule = context.terms.components[i].rule;
      if (const auto* cap = std::get_if<Cap>(&rule); cap != nullptr && AffectsLoss(cap->side)) {
        if (i > context.index) return InvalidArgument("a cap on losses follows the relief");
        capped = true;
      }
      if (i <= context.index) continue;
      if (const auto* rate = std::get_if<RateComponent>(&rule);
          rate != nullptr && AffectsLoss(rate->side)) {
        return InvalidArgument("a rate on losses follows the relief");
      }
      if (const auto* corridor = std::get_if<Corridor>(&rule);
          corridor != nullptr && AffectsLoss(corridor->side)) {
        return InvalidArgument("a corridor on losses follows the relief");
      }
    }
    if (!capped) return InvalidArgument("relief needs a cap on losses before it");
    return OkStatus();
  }

  Status operator()(const RoundingRule& r) const {
    if (r.unit_cents < 1) return InvalidArgument("the unit of a rounding is at least one cent");
    return OkStatus();
  }

  Status operator()(const Recoupment& r) const {
    RETURN_IF_ERROR(NeedName(r.balance_fact, "a recoupment"));
    return RateRules::InRange(r.maximum, "the most that is recouped");
  }

  Status operator()(const Interim& r) const { return ValidateRule(r); }

  Status operator()(const Delta& r) const { return ValidateRule(r); }

  Status operator()(const CarryForward& r) const { return ValidateRule(r); }

  Status operator()(const Adjustment& r) const { return ValidateAdjustment(r); }

  Status operator()(const Withhold& r) const {
    RETURN_IF_ERROR(RateRules::InRange(r.rate, "a withhold"));
    return CheckWithhold(r);
  }

  Status operator()(const Redistribute& r) const {
    RETURN_IF_ERROR(RateRules::InRange(r.share, "the share that is redistributed"));
    if (!context.score_before) return InvalidArgument("a redistribution needs a score before it");
    return CheckRedistribute(r);
  }

  Status operator()(const Split& r) const { return ValidateSplit(r); }
};

// Deductions from the payees of member-months are taken in the order of the terms.
Phase PhaseIn(const Terms& terms, const Rule& rule) {
  const Phase phase = PhaseOf(rule);
  const bool deduction =
      phase == Phase::kAdjustment || phase == Phase::kRecoupment || phase == Phase::kWithhold;
  return deduction && FindMemberMonthSum(terms) != nullptr ? Phase::kAdjustment : phase;
}

// What only one of may be. Each adjustment has a name of its own.
std::string OnlyOne(const Rule& rule) {
  const auto* adjustment = std::get_if<Adjustment>(&rule);
  if (adjustment == nullptr) return std::string(ComponentName(rule));
  return "adjustment " + adjustment->name;
}

// What follows member-months works on each payee, which only deductions do.
Status CheckAfterMemberMonths(const Terms& terms, const Rule& rule, const std::string& where) {
  if (FindMemberMonthSum(terms) == nullptr) return OkStatus();
  const Phase phase = PhaseIn(terms, rule);
  if (phase != Phase::kBasis && phase != Phase::kRounding && phase != Phase::kAdjustment &&
      phase != Phase::kSplit) {
    return InvalidArgument("{}: only deductions and the split follow a sum of member-months",
                           where);
  }
  const auto* adjustment = std::get_if<Adjustment>(&rule);
  if (adjustment != nullptr && adjustment->of_losses) {
    return InvalidArgument("{}: what is taken from each payee follows the sign of its lines",
                           where);
  }
  const auto* rounding = std::get_if<RoundingRule>(&rule);
  if (rounding != nullptr && rounding->unit_cents != 1) {
    return InvalidArgument("{}: member-months are rounded to the cent", where);
  }
  return OkStatus();
}

Status CheckOrder(const Terms& terms) {
  if (terms.components.empty()) return InvalidArgument("terms have no components");
  int roundings = 0;
  int scores = 0;
  std::set<std::string> seen;
  Phase former = Phase::kBasis;
  for (std::size_t i = 0; i < terms.components.size(); ++i) {
    const Rule& rule = terms.components[i].rule;
    const Phase phase = PhaseIn(terms, rule);
    const std::string where = fmt::format("component {} ({})", i + 1, ComponentName(rule));
    if (i == 0 && phase != Phase::kBasis) {
      return InvalidArgument("{}: the first component must be the basis", where);
    }
    if (i > 0 && phase == Phase::kBasis) {
      return InvalidArgument("{}: there is only one basis, and it comes first", where);
    }
    if (phase == Phase::kRounding && ++roundings > 1) {
      return InvalidArgument("{}: an award is rounded exactly once", where);
    }
    if (std::holds_alternative<Score>(rule) && ++scores > 1) {
      return InvalidArgument("{}: there is at most one score", where);
    }
    if (phase < former) {
      return InvalidArgument("{}: it must come before the {}", where,
                             ComponentName(terms.components[i - 1].rule));
    }
    RETURN_IF_ERROR(CheckAfterMemberMonths(terms, rule, where));
    if (phase > Phase::kExact && !seen.insert(OnlyOne(rule)).second) {
      return InvalidArgument("{}: there is at most one", where);
    }
    if (phase > Phase::kRounding && roundings == 0) {
      return InvalidArgument("{}: it must come after the rounding", where);
    }
    former = phase;
  }
  if (roundings == 0) return InvalidArgument("terms have no rounding: an award is rounded once");
  return OkStatus();
}

}  // namespace

Status ValidateTerms(const Terms& terms) {
  RETURN_IF_ERROR(CheckOrder(terms));
  Context context{.terms = terms, .index = 0};
  for (const Component& component : terms.components) {
    context.has_score = context.has_score || std::holds_alternative<Score>(component.rule);
  }
  for (; context.index < terms.components.size(); ++context.index) {
    const Rule& rule = terms.components[context.index].rule;
    Status status = std::visit(RuleChecker{context}, rule);
    if (const auto* withhold = std::get_if<Withhold>(&rule); status.ok() && withhold != nullptr) {
      status = CheckWithholdOfAward(*withhold);
    }
    if (!status.ok()) {
      return Annotate(status,
                      fmt::format("component {} ({})", context.index + 1, ComponentName(rule)));
    }
    context.score_before = context.score_before || std::holds_alternative<Score>(rule);
  }
  if (terms.payment_withhold) {
    const Status status = RuleChecker{context}(*terms.payment_withhold);
    if (!status.ok()) return Annotate(status, "the withhold on each payment");
  }
  if (terms.operations) RETURN_IF_ERROR(CheckOperations(terms));
  return OkStatus();
}

}  // namespace sluice::performance
