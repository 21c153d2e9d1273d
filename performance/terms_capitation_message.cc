// Capitation terms to and from their protobuf message.
#include "performance/terms_message.h"

namespace sluice::performance {
namespace {

template <typename Domain>
StatusOr<Domain> ToEnum(int value, Domain last, std::string_view what) {
  if (value < 0 || value > static_cast<int>(last)) {
    return InvalidArgument("{} {} is not known to this version", what, value);
  }
  return static_cast<Domain>(value);
}

void WriteTable(const RateTable& table, proto::RateTable& out) {
  for (const RateVersion& version : table.versions) {
    proto::RateVersion& added = *out.add_versions();
    added.set_from(version.from.ToString());
    for (const RateCell& cell : version.cells) {
      proto::RateCell& to = *added.add_cells();
      to.set_label(cell.label);
      to.set_age_from(cell.age_from);
      if (cell.age_to) to.set_age_to(*cell.age_to);
      to.set_sex(static_cast<proto::CellSex>(cell.sex));
      to.set_product(cell.product);
      to.set_region(cell.region);
      to.set_tier(cell.tier);
      to.set_price_millionths(cell.price.Millionths());
    }
  }
  out.set_age_from(table.age_from);
  if (table.age_to) out.set_age_to(*table.age_to);
}

StatusOr<RateTable> ReadTable(const proto::RateTable& message) {
  RateTable table{.age_from = message.age_from()};
  if (message.has_age_to()) table.age_to = message.age_to();
  for (const proto::RateVersion& m : message.versions()) {
    RateVersion version;
    ASSIGN_OR_RETURN(version.from, Month::Parse(m.from()));
    for (const proto::RateCell& c : m.cells()) {
      RateCell cell{.label = c.label(),
                    .age_from = c.age_from(),
                    .product = c.product(),
                    .region = c.region(),
                    .tier = c.tier(),
                    .price = UnitPrice::FromMillionths(c.price_millionths())};
      if (c.has_age_to()) cell.age_to = c.age_to();
      ASSIGN_OR_RETURN(cell.sex, ToEnum(c.sex(), CellSex::kMale, "sex"));
      version.cells.push_back(std::move(cell));
    }
    table.versions.push_back(std::move(version));
  }
  return table;
}

StatusOr<MonthBase> ReadBase(const proto::MemberMonthSum& m) {
  switch (m.base_case()) {
    case proto::MemberMonthSum::kRates: {
      ASSIGN_OR_RETURN(RateTable table, ReadTable(m.rates()));
      return MonthBase(std::move(table));
    }
    case proto::MemberMonthSum::kPercentOfPremium:
      return MonthBase(
          PercentOfPremium{.rate = Rate::FromMillionths(m.percent_of_premium().rate_millionths())});
    case proto::MemberMonthSum::BASE_NOT_SET:
      break;
  }
  return InvalidArgument("a member_month_sum has no base that this version knows");
}

StatusOr<MonthRule> ReadMonthRule(const proto::MonthRule& m) {
  MonthRule rule{.day = m.day(), .newborn_from_birth_month = m.newborn_from_birth_month()};
  ASSIGN_OR_RETURN(rule.method, ToEnum(m.method(), MonthMethod::kDaily, "month method"));
  ASSIGN_OR_RETURN(rule.month_length,
                   ToEnum(m.month_length(), MonthLength::kThirty, "month length"));
  ASSIGN_OR_RETURN(rule.end_dated, ToEnum(m.end_dated(), EndDay::kLastCovered, "date of an end"));
  return rule;
}

StatusOr<RiskRule> ReadRiskRule(const proto::RiskRule& m) {
  RiskRule rule;
  ASSIGN_OR_RETURN(rule.kind, ToEnum(m.kind(), RiskKind::kPanel, "kind of risk factor"));
  if (m.has_most_below_millionths()) {
    rule.most_below = Rate::FromMillionths(m.most_below_millionths());
  }
  if (m.has_most_above_millionths()) {
    rule.most_above = Rate::FromMillionths(m.most_above_millionths());
  }
  return rule;
}

StatusOr<RetroRule> ReadRetroRule(const proto::RetroRule& m) {
  RetroRule rule{.product = m.product()};
  if (m.has_reason()) {
    ASSIGN_OR_RETURN(rule.reason, ToEnum(m.reason(), ChangeReason::kRate, "reason of a change"));
  }
  if (m.has_days()) rule.days = m.days();
  return rule;
}

}  // namespace

void WriteMemberMonthSum(const MemberMonthSum& basis, proto::MemberMonthSum& out) {
  if (const auto* table = std::get_if<RateTable>(&basis.base)) {
    WriteTable(*table, *out.mutable_rates());
  } else {
    out.mutable_percent_of_premium()->set_rate_millionths(
        std::get<PercentOfPremium>(basis.base).rate.Millionths());
  }
  out.set_age_day(static_cast<proto::AgeDay>(basis.age_day));
  proto::MonthRule& month = *out.mutable_month();
  month.set_method(static_cast<proto::MonthMethod>(basis.month.method));
  month.set_day(basis.month.day);
  month.set_month_length(static_cast<proto::MonthLength>(basis.month.month_length));
  month.set_newborn_from_birth_month(basis.month.newborn_from_birth_month);
  month.set_end_dated(static_cast<proto::EndDay>(basis.month.end_dated));
  for (const Rate weight : basis.new_members.weights) {
    out.add_new_member_weight_millionths(weight.Millionths());
  }
  proto::RiskRule& risk = *out.mutable_risk();
  risk.set_kind(static_cast<proto::RiskKind>(basis.risk.kind));
  if (basis.risk.most_below) risk.set_most_below_millionths(basis.risk.most_below->Millionths());
  if (basis.risk.most_above) risk.set_most_above_millionths(basis.risk.most_above->Millionths());
  if (basis.minimum) out.set_minimum_millionths(basis.minimum->Millionths());
  for (const RetroRule& rule : basis.retro) {
    proto::RetroRule& added = *out.add_retro();
    added.set_product(rule.product);
    if (rule.reason) added.set_reason(static_cast<proto::ChangeReason>(*rule.reason));
    if (rule.days) added.set_days(*rule.days);
  }
  if (basis.first_month) out.set_first_month(basis.first_month->ToString());
  out.set_rounding(static_cast<proto::LineRounding>(basis.rounding));
  out.set_rounding_mode(static_cast<proto::LineRoundingMode>(basis.rounding_mode));
  for (const std::string& product : basis.excluded_products) out.add_excluded_products(product);
}

StatusOr<MemberMonthSum> ReadMemberMonthSum(const proto::MemberMonthSum& m) {
  MemberMonthSum basis;
  basis.retro.clear();
  ASSIGN_OR_RETURN(basis.base, ReadBase(m));
  ASSIGN_OR_RETURN(basis.age_day, ToEnum(m.age_day(), AgeDay::kFirstOfYear, "day of an age"));
  ASSIGN_OR_RETURN(basis.month, ReadMonthRule(m.month()));
  for (const std::int64_t weight : m.new_member_weight_millionths()) {
    basis.new_members.weights.push_back(Rate::FromMillionths(weight));
  }
  ASSIGN_OR_RETURN(basis.risk, ReadRiskRule(m.risk()));
  if (m.has_minimum_millionths()) {
    basis.minimum = UnitPrice::FromMillionths(m.minimum_millionths());
  }
  for (const proto::RetroRule& rule : m.retro()) {
    ASSIGN_OR_RETURN(RetroRule read, ReadRetroRule(rule));
    basis.retro.push_back(std::move(read));
  }
  if (!m.first_month().empty()) {
    ASSIGN_OR_RETURN(basis.first_month, Month::Parse(m.first_month()));
  }
  ASSIGN_OR_RETURN(basis.rounding,
                   ToEnum(m.rounding(), LineRounding::kPerTotal, "place of rounding"));
  ASSIGN_OR_RETURN(basis.rounding_mode,
                   ToEnum(m.rounding_mode(), Rounding::kTowardZero, "rounding mode"));
  basis.excluded_products.assign(m.excluded_products().begin(), m.excluded_products().end());
  return basis;
}

void WriteAdjustment(const Adjustment& adjustment, proto::Adjustment& out) {
  out.set_name(adjustment.name);
  out.set_kind(static_cast<proto::AdjustmentKind>(adjustment.kind));
  if (const auto* share = std::get_if<ShareOfValue>(&adjustment.amount)) {
    out.mutable_share_of_value()->set_rate_millionths(share->rate.Millionths());
    out.mutable_share_of_value()->set_mode(static_cast<proto::LineRoundingMode>(share->mode));
  } else if (const auto* stated = std::get_if<StatedAmount>(&adjustment.amount)) {
    out.set_amount_fact(stated->fact);
  } else {
    const auto& unit = std::get<PricePerUnit>(adjustment.amount);
    out.mutable_price_per_unit()->set_price_millionths(unit.price.Millionths());
    out.mutable_price_per_unit()->set_count_fact(unit.count_fact);
    out.mutable_price_per_unit()->set_mode(static_cast<proto::LineRoundingMode>(unit.mode));
  }
  out.set_maximum_millionths(adjustment.maximum.Millionths());
  out.set_of_losses(adjustment.of_losses);
}

StatusOr<Adjustment> ReadAdjustment(const proto::Adjustment& m) {
  Adjustment adjustment{.name = m.name(),
                        .maximum = Rate::FromMillionths(m.maximum_millionths()),
                        .of_losses = m.of_losses()};
  ASSIGN_OR_RETURN(adjustment.kind,
                   ToEnum(m.kind(), AdjustmentKind::kRecovery, "kind of a deduction"));
  switch (m.amount_case()) {
    case proto::Adjustment::kShareOfValue: {
      ShareOfValue share{.rate = Rate::FromMillionths(m.share_of_value().rate_millionths())};
      ASSIGN_OR_RETURN(share.mode,
                       ToEnum(m.share_of_value().mode(), Rounding::kTowardZero, "rounding mode"));
      adjustment.amount = share;
      return adjustment;
    }
    case proto::Adjustment::kAmountFact:
      adjustment.amount = StatedAmount{.fact = m.amount_fact()};
      return adjustment;
    case proto::Adjustment::kPricePerUnit: {
      PricePerUnit unit{.price = UnitPrice::FromMillionths(m.price_per_unit().price_millionths()),
                        .count_fact = m.price_per_unit().count_fact()};
      ASSIGN_OR_RETURN(unit.mode,
                       ToEnum(m.price_per_unit().mode(), Rounding::kTowardZero, "rounding mode"));
      adjustment.amount = std::move(unit);
      return adjustment;
    }
    case proto::Adjustment::AMOUNT_NOT_SET:
      break;
  }
  return InvalidArgument("a deduction has no amount that this version knows");
}

}  // namespace sluice::performance
