// Terms from their protobuf message. What the message leaves out or this version does not know is
// refused: nothing is guessed.
#include "performance/terms_message.h"
#include "performance/terms_quality_message.h"
#include "performance/terms_savings_message.h"

namespace sluice::performance {
namespace {

// An enum of the message as the domain's enum, whose numbers are the same; `last` is the largest.
template <typename Domain>
StatusOr<Domain> ToEnum(int value, Domain last, std::string_view what) {
  if (value < 0 || value > static_cast<int>(last)) {
    return InvalidArgument("{} {} is not known to this version", what, value);
  }
  return static_cast<Domain>(value);
}

StatusOr<Side> ToSide(int side) { return ToEnum(side, Side::kLoss, "side"); }

StatusOr<std::optional<ReasonCode>> ToNote(const std::string& name) {
  if (name.empty()) return std::optional<ReasonCode>();
  ASSIGN_OR_RETURN(const ReasonCode code, ParseReason(name));
  return std::optional<ReasonCode>(code);
}

StatusOr<Ratio> ToRatio(const std::string& text, std::string_view what) {
  StatusOr<Ratio> ratio = Ratio::Parse(text);
  if (!ratio.ok()) return Annotate(ratio.status(), what);
  return ratio;
}

StatusOr<Condition> FromMessage(const proto::Condition& m) {
  switch (m.kind_case()) {
    case proto::Condition::kFlagIs:
      return Condition(FlagIs{.fact = m.flag_is().fact(), .value = m.flag_is().value()});
    case proto::Condition::kTextIsOneOf:
      return Condition(TextIsOneOf{
          .fact = m.text_is_one_of().fact(),
          .values = {m.text_is_one_of().values().begin(), m.text_is_one_of().values().end()}});
    case proto::Condition::kDateOnOrAfter: {
      ASSIGN_OR_RETURN(const Date date, ParseDate(m.date_on_or_after().date()));
      return Condition(DateOnOrAfter{.fact = m.date_on_or_after().fact(), .date = date});
    }
    case proto::Condition::kRatioCompares: {
      ASSIGN_OR_RETURN(Ratio threshold, ToRatio(m.ratio_compares().threshold(), "threshold"));
      return Condition(RatioCompares{.fact = m.ratio_compares().fact(),
                                     .threshold = std::move(threshold),
                                     .at_most = m.ratio_compares().at_most()});
    }
    case proto::Condition::kInContractYear:
      return Condition(ReadSavings(m.in_contract_year()));
    case proto::Condition::KIND_NOT_SET:
      break;
  }
  return InvalidArgument("a condition has no kind that this version knows");
}

template <typename Repeated>
StatusOr<std::vector<Condition>> ReadConditions(const Repeated& messages) {
  std::vector<Condition> conditions;
  for (const proto::Condition& message : messages) {
    ASSIGN_OR_RETURN(Condition condition, FromMessage(message));
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

StatusOr<Rule> FromMessage(const proto::Basis& m) {
  Basis basis;
  ASSIGN_OR_RETURN(basis.zero_reason, ParseReason(m.zero_reason()));
  switch (m.kind_case()) {
    case proto::Basis::kTargetMinusActual:
      basis.kind = TargetMinusActual{.target_fact = m.target_minus_actual().target_fact(),
                                     .actual_fact = m.target_minus_actual().actual_fact()};
      return Rule(basis);
    case proto::Basis::kWithheldBalance:
      basis.kind = WithheldBalance{.fact = m.withheld_balance().fact()};
      return Rule(basis);
    case proto::Basis::kPercentOfFact:
      basis.kind =
          PercentOfFact{.rate = Rate::FromMillionths(m.percent_of_fact().rate_millionths()),
                        .fact = m.percent_of_fact().fact()};
      return Rule(basis);
    case proto::Basis::kFixedAmount:
      basis.kind = FixedAmount{.amount = Money::FromCents(m.fixed_amount().amount_cents())};
      return Rule(basis);
    case proto::Basis::kPriceTimesCount:
      basis.kind = PriceTimesCount{
          .price = UnitPrice::FromMillionths(m.price_times_count().price_millionths()),
          .count_fact = m.price_times_count().count_fact()};
      return Rule(basis);
    case proto::Basis::kActivitySum: {
      ASSIGN_OR_RETURN(basis.kind, ReadActivity(m.activity_sum()));
      return Rule(std::move(basis));
    }
    case proto::Basis::kEpisodeSum: {
      ASSIGN_OR_RETURN(basis.kind, ReadEpisodes(m.episode_sum()));
      return Rule(std::move(basis));
    }
    case proto::Basis::kBenchmarkMinusActual: {
      ASSIGN_OR_RETURN(basis.kind, ReadSavings(m.benchmark_minus_actual()));
      return Rule(std::move(basis));
    }
    case proto::Basis::kMemberMonthSum: {
      ASSIGN_OR_RETURN(basis.kind, ReadMemberMonthSum(m.member_month_sum()));
      return Rule(std::move(basis));
    }
    case proto::Basis::KIND_NOT_SET:
      break;
  }
  return InvalidArgument("the basis has no kind that this version knows");
}

TableThreshold FromMessage(const proto::TableThreshold& m) {
  return TableThreshold{
      .table = m.table(), .count_fact = m.count_fact(), .below_table_fact = m.below_table_fact()};
}

StatusOr<Threshold> FromMessage(const proto::Threshold& m) {
  switch (m.kind_case()) {
    case proto::Threshold::kFixed: {
      ASSIGN_OR_RETURN(Ratio value, ToRatio(m.fixed(), "threshold"));
      return Threshold(FixedThreshold{.value = std::move(value)});
    }
    case proto::Threshold::kTable:
      return Threshold(FromMessage(m.table()));
    case proto::Threshold::kElected: {
      ElectedThreshold elected{.elected_fact = m.elected().elected_fact(),
                               .table = FromMessage(m.elected().table())};
      for (const std::string& text : m.elected().elections()) {
        ASSIGN_OR_RETURN(Ratio election, ToRatio(text, "election"));
        elected.elections.push_back(std::move(election));
      }
      return Threshold(std::move(elected));
    }
    case proto::Threshold::KIND_NOT_SET:
      break;
  }
  return InvalidArgument("a threshold has no kind that this version knows");
}

StatusOr<GateTest> ReadTest(const proto::Gate& m) {
  switch (m.test_case()) {
    case proto::Gate::kConditionsHold: {
      ASSIGN_OR_RETURN(auto conditions, ReadConditions(m.conditions_hold().conditions()));
      return GateTest(ConditionsHold{.conditions = std::move(conditions)});
    }
    case proto::Gate::kValueAtLeast: {
      ASSIGN_OR_RETURN(Threshold threshold, FromMessage(m.value_at_least().threshold()));
      return GateTest(ValueAtLeast{.reference_fact = m.value_at_least().reference_fact(),
                                   .threshold = std::move(threshold)});
    }
    case proto::Gate::kAllReported:
      return GateTest(AllReported{});
    case proto::Gate::kCountAtThreshold:
      return GateTest(CountAtThreshold{.minimum = m.count_at_threshold().minimum()});
    case proto::Gate::kInStanding: {
      ASSIGN_OR_RETURN(const StandingDay day,
                       ToEnum(m.in_standing().day(), StandingDay::kPeriodEnd, "standing day"));
      return GateTest(InStanding{.day = day,
                                 .from_fact = m.in_standing().from_fact(),
                                 .to_fact = m.in_standing().to_fact()});
    }
    case proto::Gate::kNeverPasses:
      return GateTest(NeverPasses{});
    case proto::Gate::kScoreAtLeast:
      return ReadScoreAtLeast(m.score_at_least());
    case proto::Gate::kAttainedInEachDomain:
      return GateTest(AttainedInEachDomain{.minimum = m.attained_in_each_domain().minimum()});
    case proto::Gate::kPayDateReached: {
      ASSIGN_OR_RETURN(const Date date, ParseDate(m.pay_date_reached().date()));
      return GateTest(PayDateReached{.date = date});
    }
    case proto::Gate::TEST_NOT_SET:
      break;
  }
  return InvalidArgument("a gate has no test that this version knows");
}

StatusOr<OnFail> FromMessage(const proto::OnFail& m) {
  OnFail on_fail;
  for (const proto::FailFactor& message : m.factors()) {
    FailFactor factor;
    ASSIGN_OR_RETURN(factor.factor, ToRatio(message.factor(), "factor"));
    ASSIGN_OR_RETURN(factor.side, ToSide(message.side()));
    ASSIGN_OR_RETURN(factor.when, ReadConditions(message.when()));
    ASSIGN_OR_RETURN(factor.note, ToNote(message.note()));
    factor.times_score = message.times_score();
    on_fail.factors.push_back(std::move(factor));
  }
  ASSIGN_OR_RETURN(on_fail.gain_reason, ParseReason(m.gain_reason()));
  ASSIGN_OR_RETURN(on_fail.loss_reason, ParseReason(m.loss_reason()));
  ASSIGN_OR_RETURN(on_fail.note_only, ToNote(m.note_only()));
  return on_fail;
}

StatusOr<Rule> FromMessage(const proto::Gate& m) {
  Gate gate{.name = m.name()};
  ASSIGN_OR_RETURN(gate.side, ToSide(m.side()));
  ASSIGN_OR_RETURN(gate.test, ReadTest(m));
  ASSIGN_OR_RETURN(gate.on_fail, FromMessage(m.on_fail()));
  return Rule(std::move(gate));
}

StatusOr<RateRule> ReadRate(const proto::RateCase& m) {
  switch (m.rule_case()) {
    case proto::RateCase::kFixedMillionths:
      return RateRule(FixedRate{.rate = Rate::FromMillionths(m.fixed_millionths())});
    case proto::RateCase::kTimesScore:
      return RateRule(
          RateTimesScore{.maximum = Rate::FromMillionths(m.times_score().maximum_millionths()),
                         .score_fact = m.times_score().score_fact()});
    case proto::RateCase::kComplementOfScore: {
      const proto::ComplementOfScore& c = m.complement_of_score();
      return RateRule(ComplementOfScore{.maximum = Rate::FromMillionths(c.maximum_millionths()),
                                        .score_fact = c.score_fact(),
                                        .lowest = Rate::FromMillionths(c.lowest_millionths()),
                                        .highest = Rate::FromMillionths(c.highest_millionths())});
    }
    case proto::RateCase::kByScore:
      return ReadRateByScore(m.by_score());
    case proto::RateCase::RULE_NOT_SET:
      break;
  }
  return InvalidArgument("a rate case has no rule that this version knows");
}

StatusOr<Rule> FromMessage(const proto::RateComponent& m) {
  RateComponent rate;
  ASSIGN_OR_RETURN(rate.side, ToSide(m.side()));
  for (const proto::RateCase& message : m.cases()) {
    RateCase option;
    ASSIGN_OR_RETURN(option.when, ReadConditions(message.when()));
    ASSIGN_OR_RETURN(option.rule, ReadRate(message));
    ASSIGN_OR_RETURN(option.note, ToNote(message.note()));
    rate.cases.push_back(std::move(option));
  }
  ASSIGN_OR_RETURN(rate.otherwise, ParseReason(m.otherwise()));
  return Rule(std::move(rate));
}

StatusOr<Rule> FromMessage(const proto::Corridor& m) {
  Corridor corridor{.reference_fact = m.reference_fact()};
  ASSIGN_OR_RETURN(corridor.side, ToSide(m.side()));
  for (const proto::Band& message : m.bands()) {
    Band band{.share = Rate::FromMillionths(message.share_millionths())};
    if (!message.up_to().empty()) {
      ASSIGN_OR_RETURN(Ratio up_to, ToRatio(message.up_to(), "band"));
      band.up_to = std::move(up_to);
    }
    corridor.bands.push_back(std::move(band));
  }
  return Rule(std::move(corridor));
}

StatusOr<Rule> FromMessage(const proto::Reduction& m) {
  Reduction reduction{.table = m.table(), .first_pay_date_fact = m.first_pay_date_fact()};
  ASSIGN_OR_RETURN(reduction.side, ToSide(m.side()));
  ASSIGN_OR_RETURN(reduction.note, ToNote(m.note()));
  return Rule(std::move(reduction));
}

StatusOr<Limit> FromMessage(const proto::Limit& m) {
  Limit limit;
  switch (m.amount_case()) {
    case proto::Limit::kFixedCents:
      limit.amount = FixedLimit{.amount = Money::FromCents(m.fixed_cents())};
      break;
    case proto::Limit::kShareOf:
      limit.amount = ShareOfFact{.rate = Rate::FromMillionths(m.share_of().rate_millionths()),
                                 .fact = m.share_of().fact()};
      break;
    case proto::Limit::AMOUNT_NOT_SET:
      return InvalidArgument("a limit has no amount that this version knows");
  }
  ASSIGN_OR_RETURN(limit.when_absent,
                   ToEnum(m.when_absent(), WhenAbsent::kIgnore, "rule for an absent fact"));
  ASSIGN_OR_RETURN(limit.note, ParseReason(m.note()));
  ASSIGN_OR_RETURN(limit.when, ReadConditions(m.when()));
  return limit;
}

StatusOr<Rule> FromMessage(const proto::Cap& m) {
  Cap cap;
  ASSIGN_OR_RETURN(cap.side, ToSide(m.side()));
  for (const proto::Limit& message : m.limits()) {
    ASSIGN_OR_RETURN(Limit limit, FromMessage(message));
    cap.limits.push_back(std::move(limit));
  }
  return Rule(std::move(cap));
}

StatusOr<Rule> FromMessage(const proto::Floor& m) {
  Floor floor;
  ASSIGN_OR_RETURN(floor.side, ToSide(m.side()));
  ASSIGN_OR_RETURN(floor.limit, FromMessage(m.limit()));
  return Rule(std::move(floor));
}

StatusOr<Rule> FromMessage(const proto::Relief& m) {
  switch (m.kind_case()) {
    case proto::Relief::kAmount:
      return Rule(Relief{.kind = ReliefAmount{.fact = m.amount().fact(),
                                              .portion_fact = m.amount().portion_fact()}});
    case proto::Relief::kFractionFact:
      return Rule(Relief{.kind = ReliefFraction{.fact = m.fraction_fact()}});
    case proto::Relief::KIND_NOT_SET:
      break;
  }
  return InvalidArgument("relief has no kind that this version knows");
}

StatusOr<Rule> FromMessage(const proto::Rounding& m) {
  RoundingRule rounding{.unit_cents = m.unit_cents()};
  ASSIGN_OR_RETURN(rounding.mode, ToEnum(m.mode(), Rounding::kTowardZero, "rounding mode"));
  return Rule(rounding);
}

StatusOr<Rule> FromMessage(const proto::Recoupment& m) {
  return Rule(Recoupment{.balance_fact = m.balance_fact(),
                         .maximum = Rate::FromMillionths(m.maximum_millionths())});
}

StatusOr<Withhold> ReadWithhold(const proto::Withhold& m) {
  Withhold withhold{.rate = Rate::FromMillionths(m.rate_millionths()),
                    .released_by = m.released_by()};
  ASSIGN_OR_RETURN(withhold.mode, ToEnum(m.mode(), Rounding::kTowardZero, "rounding mode"));
  ASSIGN_OR_RETURN(withhold.forfeit_to,
                   ToEnum(m.forfeit_to(), ForfeitTo::kPayer, "place of forfeits"));
  ASSIGN_OR_RETURN(withhold.base, ToEnum(m.base(), WithholdBase::kGross, "base of a withhold"));
  withhold.streams.assign(m.streams().begin(), m.streams().end());
  if (m.has_interest()) {
    WithholdInterest interest{.annual = Rate::FromMillionths(m.interest().annual_millionths()),
                              .on_forfeited = m.interest().on_forfeited()};
    ASSIGN_OR_RETURN(interest.day_count,
                     ToEnum(m.interest().day_count(), DayCount::kThirty360, "day count"));
    ASSIGN_OR_RETURN(interest.mode,
                     ToEnum(m.interest().mode(), Rounding::kTowardZero, "rounding mode"));
    withhold.interest = interest;
  }
  if (m.has_release_on()) {
    withhold.release_on = ReleaseOnDate{.months_after_year = m.release_on().months_after_year(),
                                        .flag_fact = m.release_on().flag_fact()};
  }
  if (m.has_expiry()) {
    WithholdExpiry expiry{.months_after_year = m.expiry().months_after_year()};
    ASSIGN_OR_RETURN(expiry.to, ToEnum(m.expiry().to(), ForfeitTo::kPayer, "place of forfeits"));
    withhold.expiry = expiry;
  }
  return withhold;
}

StatusOr<Rule> FromMessage(const proto::Split& m) {
  ASSIGN_OR_RETURN(Split split, ReadSplit(m));
  return Rule(std::move(split));
}

StatusOr<Rule> ReadRule(const proto::Component& m) {
  switch (m.rule_case()) {
    case proto::Component::kBasis:
      return FromMessage(m.basis());
    case proto::Component::kGate:
      return FromMessage(m.gate());
    case proto::Component::kScore:
      return ReadScore(m.score());
    case proto::Component::kRate:
      return FromMessage(m.rate());
    case proto::Component::kCorridor:
      return FromMessage(m.corridor());
    case proto::Component::kReduction:
      return FromMessage(m.reduction());
    case proto::Component::kCap:
      return FromMessage(m.cap());
    case proto::Component::kFloor:
      return FromMessage(m.floor());
    case proto::Component::kRelief:
      return FromMessage(m.relief());
    case proto::Component::kRounding:
      return FromMessage(m.rounding());
    case proto::Component::kRecoupment:
      return FromMessage(m.recoupment());
    case proto::Component::kWithhold: {
      ASSIGN_OR_RETURN(Withhold withhold, ReadWithhold(m.withhold()));
      return Rule(std::move(withhold));
    }
    case proto::Component::kSplit:
      return FromMessage(m.split());
    case proto::Component::kRedistribute:
      return ReadRedistribute(m.redistribute());
    case proto::Component::kInterim:
      return Rule(ReadSavings(m.interim()));
    case proto::Component::kDelta:
      return Rule(ReadSavings(m.delta()));
    case proto::Component::kCarryForward:
      return Rule(ReadSavings(m.carry_forward()));
    case proto::Component::kAdjustment: {
      ASSIGN_OR_RETURN(Adjustment adjustment, ReadAdjustment(m.adjustment()));
      return Rule(std::move(adjustment));
    }
    case proto::Component::RULE_NOT_SET:
      break;
  }
  return InvalidArgument("it has no rule that this version knows");
}

}  // namespace

StatusOr<Terms> FromMessage(const proto::Terms& message) {
  Terms terms{.title = message.title()};
  int position = 0;
  for (const proto::Component& m : message.components()) {
    ++position;
    StatusOr<Rule> rule = ReadRule(m);
    if (!rule.ok()) return Annotate(rule.status(), fmt::format("component {}", position));
    terms.components.push_back(Component{.rule = *std::move(rule), .clause = m.clause()});
  }
  if (message.has_payment_withhold()) {
    ASSIGN_OR_RETURN(Withhold withhold, ReadWithhold(message.payment_withhold()));
    terms.payment_withhold = std::move(withhold);
  }
  if (message.has_operations()) {
    ASSIGN_OR_RETURN(terms.operations, FromMessage(message.operations()));
  }
  return terms;
}

}  // namespace sluice::performance
