// The rounding, and the components that work on the rounded award: recoupment, withhold, split.
#include <algorithm>

#include "performance/calculation.h"

namespace sluice::performance {
namespace {

std::string_view ModeName(Rounding mode) {
  switch (mode) {
    case Rounding::kHalfAwayFromZero:
      return "half away from zero";
    case Rounding::kHalfEven:
      return "half to even";
    case Rounding::kTowardZero:
      return "toward zero";
  }
  return "";
}

// Rounds to a multiple of `unit_cents` by rounding the count of units as if it were cents, so that
// there is one rounding and not two.
Money RoundToUnit(const Exact& amount, const RoundingRule& rule) {
  const Money units = Round(amount * Ratio(1, rule.unit_cents), rule.mode);
  return Money::FromCents(units.Cents() * rule.unit_cents);
}

}  // namespace

Status Apply(const RoundingRule& rounding, Calculation& calculation, Step& step) {
  Award& award = calculation.award;
  step.description =
      rounding.unit_cents == 1
          ? fmt::format("to the cent, {}", ModeName(rounding.mode))
          : fmt::format("to {}, {}", Money::FromCents(rounding.unit_cents).ToString(),
                        ModeName(rounding.mode));
  award.unrounded = calculation.value;
  award.amount = RoundToUnit(calculation.value, rounding);
  calculation.value = Exact(award.amount);
  if (award.amount.IsZero()) step.reason = ReasonCode::kRoundedToZero;
  return OkStatus();
}

Status Apply(const Recoupment& recoupment, Calculation& calculation, Step& step) {
  if (FindMemberMonthSum(calculation.terms) != nullptr) {
    return ApplyToPayees(recoupment, calculation, step);
  }
  Award& award = calculation.award;
  ASSIGN_OR_RETURN(const Exact stated, NeedAmount(calculation, recoupment.balance_fact));
  const Money balance = Round(stated, Rounding::kHalfAwayFromZero);
  if (balance < Money()) {
    return FailedPrecondition("{} (the balance of an advance is not negative)",
                              recoupment.balance_fact);
  }
  // What was already paid for the period is not there to recover from.
  const Money open = std::max(award.amount - award.recouped, Money());
  const Money most = Round(Exact(open) * recoupment.maximum, Rounding::kTowardZero);
  const Money recovered = balance < most ? balance : most;
  award.recouped += recovered;
  award.balance_left = balance - recovered;
  step.description = fmt::format("recover {}, at most {} of the award", recoupment.balance_fact,
                                 recoupment.maximum.ToString());
  step.inputs.push_back({recoupment.balance_fact, balance.ToString()});
  step.inputs.push_back({"recouped", recovered.ToString()});
  step.inputs.push_back({"balance left", award.balance_left->ToString()});
  if (recovered.IsZero()) return OkStatus();
  step.notes.push_back(recovered == open ? ReasonCode::kRecoupedInFull
                                         : ReasonCode::kRecoupedPartly);
  step.detail = "the award stays gross";
  return OkStatus();
}

Status Apply(const Withhold& withhold, Calculation& calculation, Step& step) {
  if (FindMemberMonthSum(calculation.terms) != nullptr) {
    return ApplyToPayees(withhold, calculation, step);
  }
  Award& award = calculation.award;
  const Money left = award.amount - award.recouped;
  const bool gross = withhold.base == WithholdBase::kGross;
  const WithholdPosting posting = HoldBack(withhold, gross ? award.amount : left);
  // What was recovered first leaves less than the withhold of the gross award may ask for. Where
  // more was already paid than the award is, nothing is paid now and nothing can be held back of
  // it: the party owes the whole difference.
  award.withheld = std::clamp(posting.posted, Money(), std::max(left, Money()));
  step.description = fmt::format("hold back {}", withhold.rate.ToString());
  step.inputs.push_back({"exact", posting.exact.ToString()});
  step.inputs.push_back({"withheld", award.withheld.ToString()});
  if (left <= Money()) step.detail = "nothing is paid of which a part could be held back";
  if (!withhold.released_by.empty()) step.inputs.push_back({"released by", withhold.released_by});
  return OkStatus();
}

Status Apply(const Split& split, Calculation& calculation, Step& step) {
  step.description = fmt::format("down the hierarchy, {} level{}", split.levels.size(),
                                 split.levels.size() == 1 ? "" : "s");
  if (calculation.IsLoss() && split.losses == LossSplit::kKeptByParty) {
    step.detail = "a loss stays with the contract party";
  }
  return OkStatus();
}

}  // namespace sluice::performance
