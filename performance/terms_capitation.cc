// What capitation terms say and do by themselves: names, texts and the arithmetic of a deduction.
#include "performance/terms_capitation.h"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::performance {
namespace {

std::string BaseText(const MonthBase& base) {
  if (const auto* share = std::get_if<PercentOfPremium>(&base)) {
    return fmt::format("{} of premium", share->rate.ToString());
  }
  std::string text;
  for (const RateVersion& version : std::get<RateTable>(base).versions) {
    text += fmt::format("{}from {}:", text.empty() ? "" : "; ", version.from.ToString());
    for (const RateCell& cell : version.cells) {
      text += fmt::format(" {} {}", cell.label, cell.price.ToString());
    }
  }
  return text;
}

std::string MonthText(const MonthRule& rule) {
  const std::string newborn =
      rule.newborn_from_birth_month ? ", newborns from the birth month" : "";
  switch (rule.method) {
    case MonthMethod::kFirstOfMonth:
      return "paid when on the panel on the 1st" + newborn;
    case MonthMethod::kFifteenThirty:
      return fmt::format(
          "a change dated 1 to {} counts for its month, later for the next{}{}", rule.day,
          rule.end_dated == EndDay::kLastCovered ? ", an end dated by the last covered day" : "",
          newborn);
    case MonthMethod::kSnapshot:
      return fmt::format("paid when on the panel on day {}{}", rule.day, newborn);
    case MonthMethod::kDaily:
      return fmt::format("paid by days of {}{}",
                         rule.month_length == MonthLength::kThirty ? "30" : "the month", newborn);
  }
  return "";
}

std::string RiskText(const RiskRule& rule) {
  std::string text;
  switch (rule.kind) {
    case RiskKind::kNone:
      return "";
    case RiskKind::kMember:
      text = " x member risk";
      break;
    case RiskKind::kMemberNormalized:
      text = " x member risk / plan mean";
      break;
    case RiskKind::kPanel:
      text = " x panel mean / plan mean";
      break;
  }
  if (rule.most_below) text += fmt::format(", at least 100 % - {}", rule.most_below->ToString());
  if (rule.most_above) text += fmt::format(", at most 100 % + {}", rule.most_above->ToString());
  return text;
}

std::string RetroText(const std::vector<RetroRule>& rules) {
  std::string text;
  for (const RetroRule& rule : rules) {
    if (!text.empty()) text += ", else ";
    text += rule.days ? fmt::format("{} days", *rule.days) : std::string("without limit");
    if (!rule.product.empty()) text += fmt::format(" for {}", rule.product);
    if (rule.reason) text += fmt::format(" after a {}", ChangeReasonName(*rule.reason));
  }
  return text;
}

}  // namespace

std::string_view ChangeReasonName(ChangeReason reason) {
  switch (reason) {
    case ChangeReason::kEnrollment:
      return "enrollment";
    case ChangeReason::kTermination:
      return "termination";
    case ChangeReason::kPayeeChange:
      return "change of payee";
    case ChangeReason::kNewborn:
      return "newborn";
    case ChangeReason::kDeath:
      return "death";
    case ChangeReason::kStateOrder:
      return "state order";
    case ChangeReason::kDemographics:
      return "correction of birth date or sex";
    case ChangeReason::kClassification:
      return "change of product, region or tier";
    case ChangeReason::kRisk:
      return "change of risk score";
    case ChangeReason::kPremium:
      return "change of premium";
    case ChangeReason::kRate:
      return "change of rate";
  }
  return "";
}

std::string_view AdjustmentKindName(AdjustmentKind kind) {
  switch (kind) {
    case AdjustmentKind::kPassThroughReduction:
      return "pass-through reduction";
    case AdjustmentKind::kCarveOut:
      return "carve-out claims";
    case AdjustmentKind::kAdministrationFee:
      return "administration fee";
    case AdjustmentKind::kReinsurancePremium:
      return "reinsurance premium";
    case AdjustmentKind::kRecovery:
      return "recovery";
  }
  return "";
}

AdjustmentResult TakeAdjustment(const Adjustment& adjustment, Money due, Money value) {
  // A share of the value follows its sign, and a credit adds: neither has a limit to reach.
  if (std::holds_alternative<ShareOfValue>(adjustment.amount) || due <= Money()) {
    return {.taken = due};
  }
  const Money most =
      value > Money() ? Round(Exact(value) * adjustment.maximum, Rounding::kTowardZero) : Money();
  const Money taken = std::min(due, most);
  return {.taken = taken, .carried = due - taken};
}

std::string DescribeMemberMonthSum(const MemberMonthSum& basis) {
  std::string text =
      fmt::format("sum of member-months: {}{}", BaseText(basis.base), RiskText(basis.risk));
  if (std::holds_alternative<RateTable>(basis.base)) {
    static constexpr std::string_view kDays[] = {"the 1st of the month", "the month's last day",
                                                 "January 1"};
    text += fmt::format("; age on {}", kDays[static_cast<std::size_t>(basis.age_day)]);
  }
  if (basis.minimum) text += fmt::format("; at least {}", basis.minimum->ToString());
  text += "; " + MonthText(basis.month);
  if (!basis.new_members.weights.empty()) {
    text += "; a new member counts with";
    for (const Rate weight : basis.new_members.weights) text += " " + weight.ToString();
  }
  for (const std::string& product : basis.excluded_products) text += "; without " + product;
  text += "; changes reach back " + RetroText(basis.retro);
  if (basis.first_month) text += fmt::format("; from {}", basis.first_month->ToString());
  text += basis.rounding == LineRounding::kPerTotal ? "; rounded per payee and run"
                                                    : "; rounded per member-month";
  return text;
}

std::string DescribeAdjustment(const Adjustment& adjustment) {
  std::string text = fmt::format("{} ({}): ", adjustment.name, AdjustmentKindName(adjustment.kind));
  if (const auto* share = std::get_if<ShareOfValue>(&adjustment.amount)) {
    text += fmt::format("{} of the value", share->rate.ToString());
  } else if (const auto* stated = std::get_if<StatedAmount>(&adjustment.amount)) {
    text += stated->fact;
  } else {
    const auto& unit = std::get<PricePerUnit>(adjustment.amount);
    text += fmt::format("{} x {}", unit.price.ToString(), unit.count_fact);
  }
  if (adjustment.maximum < Rate::FromPercent(100)) {
    text += fmt::format(", at most {} of the value", adjustment.maximum.ToString());
  }
  if (adjustment.of_losses) text += ", of a loss too";
  return text;
}

}  // namespace sluice::performance
