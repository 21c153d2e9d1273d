// Terms to their protobuf message. Every domain field has exactly one proto field.
#include "performance/terms_message.h"
#include "performance/terms_quality_message.h"
#include "performance/terms_savings_message.h"

namespace sluice::performance {
namespace {

std::string Name(ReasonCode code) { return std::string(ReasonName(code)); }
std::string Name(const std::optional<ReasonCode>& code) { return code ? Name(*code) : ""; }

proto::Side ToSide(Side side) { return static_cast<proto::Side>(side); }

proto::RoundingMode ToMode(Rounding mode) { return static_cast<proto::RoundingMode>(mode); }

struct ConditionWriter {
  proto::Condition& out;

  void operator()(const FlagIs& c) const {
    out.mutable_flag_is()->set_fact(c.fact);
    out.mutable_flag_is()->set_value(c.value);
  }
  void operator()(const TextIsOneOf& c) const {
    out.mutable_text_is_one_of()->set_fact(c.fact);
    for (const std::string& value : c.values) out.mutable_text_is_one_of()->add_values(value);
  }
  void operator()(const DateOnOrAfter& c) const {
    out.mutable_date_on_or_after()->set_fact(c.fact);
    out.mutable_date_on_or_after()->set_date(FormatDate(c.date));
  }
  void operator()(const RatioCompares& c) const {
    out.mutable_ratio_compares()->set_fact(c.fact);
    out.mutable_ratio_compares()->set_threshold(c.threshold.ToFractionString());
    out.mutable_ratio_compares()->set_at_most(c.at_most);
  }
  void operator()(const InContractYear& c) const {
    WriteSavings(c, *out.mutable_in_contract_year());
  }
};

template <typename Repeated>
void WriteConditions(const std::vector<Condition>& conditions, Repeated* out) {
  for (const Condition& condition : conditions) {
    std::visit(ConditionWriter{*out->Add()}, condition);
  }
}

struct BasisWriter {
  proto::Basis& out;

  void operator()(const TargetMinusActual& k) const {
    out.mutable_target_minus_actual()->set_target_fact(k.target_fact);
    out.mutable_target_minus_actual()->set_actual_fact(k.actual_fact);
  }
  void operator()(const WithheldBalance& k) const {
    out.mutable_withheld_balance()->set_fact(k.fact);
  }
  void operator()(const PercentOfFact& k) const {
    out.mutable_percent_of_fact()->set_rate_millionths(k.rate.Millionths());
    out.mutable_percent_of_fact()->set_fact(k.fact);
  }
  void operator()(const FixedAmount& k) const {
    out.mutable_fixed_amount()->set_amount_cents(k.amount.Cents());
  }
  void operator()(const PriceTimesCount& k) const {
    out.mutable_price_times_count()->set_price_millionths(k.price.Millionths());
    out.mutable_price_times_count()->set_count_fact(k.count_fact);
  }
  void operator()(const ActivitySum& k) const { WriteActivity(k, *out.mutable_activity_sum()); }
  void operator()(const EpisodeSum& k) const { WriteEpisodes(k, *out.mutable_episode_sum()); }
  void operator()(const BenchmarkMinusActual& k) const {
    WriteSavings(k, *out.mutable_benchmark_minus_actual());
  }
  void operator()(const MemberMonthSum& k) const {
    WriteMemberMonthSum(k, *out.mutable_member_month_sum());
  }
};

void WriteTable(const TableThreshold& table, proto::TableThreshold& out) {
  out.set_table(table.table);
  out.set_count_fact(table.count_fact);
  out.set_below_table_fact(table.below_table_fact);
}

struct ThresholdWriter {
  proto::Threshold& out;

  void operator()(const FixedThreshold& t) const { out.set_fixed(t.value.ToFractionString()); }
  void operator()(const TableThreshold& t) const { WriteTable(t, *out.mutable_table()); }
  void operator()(const ElectedThreshold& t) const {
    out.mutable_elected()->set_elected_fact(t.elected_fact);
    for (const Ratio& election : t.elections) {
      out.mutable_elected()->add_elections(election.ToFractionString());
    }
    WriteTable(t.table, *out.mutable_elected()->mutable_table());
  }
};

struct TestWriter {
  proto::Gate& out;

  void operator()(const ConditionsHold& t) const {
    WriteConditions(t.conditions, out.mutable_conditions_hold()->mutable_conditions());
  }
  void operator()(const ValueAtLeast& t) const {
    out.mutable_value_at_least()->set_reference_fact(t.reference_fact);
    std::visit(ThresholdWriter{*out.mutable_value_at_least()->mutable_threshold()}, t.threshold);
  }
  void operator()(const AllReported&) const { out.mutable_all_reported(); }
  void operator()(const CountAtThreshold& t) const {
    out.mutable_count_at_threshold()->set_minimum(t.minimum);
  }
  void operator()(const InStanding& t) const {
    out.mutable_in_standing()->set_day(static_cast<proto::StandingDay>(t.day));
    out.mutable_in_standing()->set_from_fact(t.from_fact);
    out.mutable_in_standing()->set_to_fact(t.to_fact);
  }
  void operator()(const NeverPasses&) const { out.mutable_never_passes(); }
  void operator()(const ScoreAtLeast& t) const {
    WriteScoreAtLeast(t, *out.mutable_score_at_least());
  }
  void operator()(const AttainedInEachDomain& t) const {
    out.mutable_attained_in_each_domain()->set_minimum(t.minimum);
  }
  void operator()(const PayDateReached& t) const {
    out.mutable_pay_date_reached()->set_date(FormatDate(t.date));
  }
};

struct RateWriter {
  proto::RateCase& out;

  void operator()(const FixedRate& r) const { out.set_fixed_millionths(r.rate.Millionths()); }
  void operator()(const RateTimesScore& r) const {
    out.mutable_times_score()->set_maximum_millionths(r.maximum.Millionths());
    out.mutable_times_score()->set_score_fact(r.score_fact);
  }
  void operator()(const ComplementOfScore& r) const {
    proto::ComplementOfScore& complement = *out.mutable_complement_of_score();
    complement.set_maximum_millionths(r.maximum.Millionths());
    complement.set_score_fact(r.score_fact);
    complement.set_lowest_millionths(r.lowest.Millionths());
    complement.set_highest_millionths(r.highest.Millionths());
  }
  void operator()(const RateByScore& r) const { WriteRateByScore(r, *out.mutable_by_score()); }
};

void WriteLimit(const Limit& limit, proto::Limit& out) {
  if (const auto* fixed = std::get_if<FixedLimit>(&limit.amount)) {
    out.set_fixed_cents(fixed->amount.Cents());
  } else {
    const auto& share = std::get<ShareOfFact>(limit.amount);
    out.mutable_share_of()->set_rate_millionths(share.rate.Millionths());
    out.mutable_share_of()->set_fact(share.fact);
  }
  out.set_when_absent(static_cast<proto::WhenAbsent>(limit.when_absent));
  out.set_note(Name(limit.note));
  WriteConditions(limit.when, out.mutable_when());
}

void WriteWithhold(const Withhold& withhold, proto::Withhold& out) {
  out.set_rate_millionths(withhold.rate.Millionths());
  out.set_mode(ToMode(withhold.mode));
  out.set_released_by(withhold.released_by);
  out.set_forfeit_to(static_cast<proto::ForfeitTo>(withhold.forfeit_to));
  out.set_base(static_cast<proto::WithholdBase>(withhold.base));
  for (const std::string& stream : withhold.streams) out.add_streams(stream);
  if (withhold.interest) {
    proto::WithholdInterest& interest = *out.mutable_interest();
    interest.set_annual_millionths(withhold.interest->annual.Millionths());
    interest.set_day_count(static_cast<proto::DayCount>(withhold.interest->day_count));
    interest.set_mode(ToMode(withhold.interest->mode));
    interest.set_on_forfeited(withhold.interest->on_forfeited);
  }
  if (withhold.release_on) {
    out.mutable_release_on()->set_months_after_year(withhold.release_on->months_after_year);
    out.mutable_release_on()->set_flag_fact(withhold.release_on->flag_fact);
  }
  if (withhold.expiry) {
    out.mutable_expiry()->set_months_after_year(withhold.expiry->months_after_year);
    out.mutable_expiry()->set_to(static_cast<proto::ForfeitTo>(withhold.expiry->to));
  }
}

struct RuleWriter {
  proto::Component& out;

  void operator()(const Basis& r) const {
    std::visit(BasisWriter{*out.mutable_basis()}, r.kind);
    out.mutable_basis()->set_zero_reason(Name(r.zero_reason));
  }
  void operator()(const Gate& r) const {
    proto::Gate& gate = *out.mutable_gate();
    gate.set_name(r.name);
    gate.set_side(ToSide(r.side));
    std::visit(TestWriter{gate}, r.test);
    proto::OnFail& on_fail = *gate.mutable_on_fail();
    for (const FailFactor& factor : r.on_fail.factors) {
      proto::FailFactor& added = *on_fail.add_factors();
      added.set_factor(factor.factor.ToFractionString());
      added.set_side(ToSide(factor.side));
      WriteConditions(factor.when, added.mutable_when());
      added.set_note(Name(factor.note));
      added.set_times_score(factor.times_score);
    }
    on_fail.set_gain_reason(Name(r.on_fail.gain_reason));
    on_fail.set_loss_reason(Name(r.on_fail.loss_reason));
    on_fail.set_note_only(Name(r.on_fail.note_only));
  }
  void operator()(const Score& r) const { WriteScore(r, *out.mutable_score()); }
  void operator()(const RateComponent& r) const {
    proto::RateComponent& rate = *out.mutable_rate();
    rate.set_side(ToSide(r.side));
    for (const RateCase& option : r.cases) {
      proto::RateCase& added = *rate.add_cases();
      WriteConditions(option.when, added.mutable_when());
      std::visit(RateWriter{added}, option.rule);
      added.set_note(Name(option.note));
    }
    rate.set_otherwise(Name(r.otherwise));
  }
  void operator()(const Corridor& r) const {
    proto::Corridor& corridor = *out.mutable_corridor();
    corridor.set_side(ToSide(r.side));
    corridor.set_reference_fact(r.reference_fact);
    for (const Band& band : r.bands) {
      proto::Band& added = *corridor.add_bands();
      if (band.up_to) added.set_up_to(band.up_to->ToFractionString());
      added.set_share_millionths(band.share.Millionths());
    }
  }
  void operator()(const Reduction& r) const {
    out.mutable_reduction()->set_side(ToSide(r.side));
    out.mutable_reduction()->set_table(r.table);
    out.mutable_reduction()->set_note(Name(r.note));
    out.mutable_reduction()->set_first_pay_date_fact(r.first_pay_date_fact);
  }
  void operator()(const Cap& r) const {
    out.mutable_cap()->set_side(ToSide(r.side));
    for (const Limit& limit : r.limits) WriteLimit(limit, *out.mutable_cap()->add_limits());
  }
  void operator()(const Floor& r) const {
    out.mutable_floor()->set_side(ToSide(r.side));
    WriteLimit(r.limit, *out.mutable_floor()->mutable_limit());
  }
  void operator()(const Relief& r) const {
    if (const auto* amount = std::get_if<ReliefAmount>(&r.kind)) {
      out.mutable_relief()->mutable_amount()->set_fact(amount->fact);
      out.mutable_relief()->mutable_amount()->set_portion_fact(amount->portion_fact);
    } else {
      out.mutable_relief()->set_fraction_fact(std::get<ReliefFraction>(r.kind).fact);
    }
  }
  void operator()(const RoundingRule& r) const {
    out.mutable_rounding()->set_mode(ToMode(r.mode));
    out.mutable_rounding()->set_unit_cents(r.unit_cents);
  }
  void operator()(const Recoupment& r) const {
    out.mutable_recoupment()->set_balance_fact(r.balance_fact);
    out.mutable_recoupment()->set_maximum_millionths(r.maximum.Millionths());
  }
  void operator()(const Withhold& r) const { WriteWithhold(r, *out.mutable_withhold()); }
  void operator()(const Split& r) const { WriteSplit(r, *out.mutable_split()); }
  void operator()(const Redistribute& r) const {
    WriteRedistribute(r, *out.mutable_redistribute());
  }
  void operator()(const Interim& r) const { WriteSavings(r, *out.mutable_interim()); }
  void operator()(const Delta& r) const { WriteSavings(r, *out.mutable_delta()); }
  void operator()(const CarryForward& r) const { WriteSavings(r, *out.mutable_carry_forward()); }
  void operator()(const Adjustment& r) const { WriteAdjustment(r, *out.mutable_adjustment()); }
};

}  // namespace

proto::Terms ToMessage(const Terms& terms) {
  proto::Terms message;
  message.set_title(terms.title);
  for (const Component& component : terms.components) {
    proto::Component& added = *message.add_components();
    std::visit(RuleWriter{added}, component.rule);
    added.set_clause(component.clause);
  }
  if (terms.payment_withhold) {
    WriteWithhold(*terms.payment_withhold, *message.mutable_payment_withhold());
  }
  if (terms.operations) *message.mutable_operations() = ToMessage(*terms.operations);
  return message;
}

}  // namespace sluice::performance
