// The components of capitation: the sum of member-months, and deductions after the rounding.
#include <algorithm>

#include "performance/calculation.h"
#include "performance/member_month_facts.h"

namespace sluice::performance {
namespace {

// The text of a run that could not calculate the month, as the code and what is missing.
Status Blocked(const std::string& text, Calculation& calculation) {
  const std::size_t end = text.find(": ");
  if (end != std::string::npos) {
    const StatusOr<ReasonCode> code = ParseReason(text.substr(0, end));
    if (code.ok() && KindOf(*code) == ReasonKind::kBlocked) {
      calculation.blocked_by = *code;
      return FailedPrecondition("{}", text.substr(end + 2));
    }
  }
  return FailedPrecondition("{}", text);
}

Money ToCents(const Exact& amount) { return Round(amount, Rounding::kHalfAwayFromZero); }

// What the payees gave in all, in whole cents.
StatusOr<Money> FromPayees(const Calculation& calculation, const std::string& fact, Step& step) {
  ASSIGN_OR_RETURN(const Exact amount, NeedAmount(calculation, fact));
  step.inputs.push_back({fact, amount.ToString()});
  return ToCents(amount);
}

// What is due, in cents, where the award itself is what is deducted from.
struct DueReader {
  const Calculation& calculation;
  Step& step;

  StatusOr<Money> operator()(const ShareOfValue& share) const {
    const Exact due = Exact(calculation.award.amount) * share.rate;
    step.inputs.push_back({"share", share.rate.ToString()});
    step.inputs.push_back({"exact", due.ToString()});
    return Round(due, share.mode);
  }
  StatusOr<Money> operator()(const StatedAmount& stated) const {
    ASSIGN_OR_RETURN(const Exact amount, NeedAmount(calculation, stated.fact));
    const Money due = ToCents(amount);
    if (Exact(due) != amount) {
      return FailedPrecondition("{} (a deduction is whole cents, not {})", stated.fact,
                                amount.ToString());
    }
    step.inputs.push_back({stated.fact, due.ToString()});
    return due;
  }
  StatusOr<Money> operator()(const PricePerUnit& unit) const {
    ASSIGN_OR_RETURN(const std::int64_t count, NeedCount(calculation, unit.count_fact));
    const Exact due(unit.price, count);
    step.inputs.push_back({unit.count_fact, fmt::format("{}", count)});
    step.inputs.push_back({"price", unit.price.ToString()});
    step.inputs.push_back({"exact", due.ToString()});
    return Round(due, unit.mode);
  }
};

// What is due of an adjustment of the award itself, with what the period before left of it.
StatusOr<Money> DueOf(const Adjustment& adjustment, const Calculation& calculation, Step& step) {
  ASSIGN_OR_RETURN(const Money due, std::visit(DueReader{calculation, step}, adjustment.amount));
  const std::string fact = CarriedInFact(adjustment.name);
  ASSIGN_OR_RETURN(const std::optional<Exact> before, FindAmount(calculation, fact));
  if (!before) return due;
  step.inputs.push_back({fact, before->ToString()});
  return due + ToCents(*before);
}

void StateCarried(const Adjustment& adjustment, Money carried, Calculation& calculation,
                  Step& step) {
  if (FindMemberMonthSum(calculation.terms) == nullptr) {
    calculation.award.carried[adjustment.name] = carried;
  }
  if (carried.IsZero()) return;
  step.inputs.push_back({"carried to the next period", carried.ToString()});
  step.notes.push_back(ReasonCode::kCarriedForward);
}

StatusOr<AdjustmentResult> ResultOf(const Adjustment& adjustment, Calculation& calculation,
                                    Step& step) {
  if (FindMemberMonthSum(calculation.terms) != nullptr) {
    AdjustmentResult result;
    ASSIGN_OR_RETURN(result.taken, FromPayees(calculation, DeductedFact(adjustment.name), step));
    ASSIGN_OR_RETURN(result.carried, FromPayees(calculation, CarriedFact(adjustment.name), step));
    return result;
  }
  ASSIGN_OR_RETURN(const Money due, DueOf(adjustment, calculation, step));
  return TakeAdjustment(adjustment, due, calculation.award.amount - calculation.award.recouped);
}

}  // namespace

StatusOr<Exact> ReadBasis(const MemberMonthSum& basis, Calculation& calculation, Step& step) {
  step.description = std::holds_alternative<PercentOfPremium>(basis.base)
                         ? "member-months as a share of premium"
                         : "member-months at the rates of their months";
  ASSIGN_OR_RETURN(const auto blocked, calculation.facts.Text(kMonthsBlockedFact));
  if (blocked && !blocked->empty()) return Blocked(*blocked, calculation);
  ASSIGN_OR_RETURN(const Exact total, NeedAmount(calculation, kMonthsTotalFact));
  ASSIGN_OR_RETURN(const std::int64_t months, NeedCount(calculation, kMonthsCountFact));
  ASSIGN_OR_RETURN(const std::int64_t lines, NeedCount(calculation, kMonthsLinesFact));
  ASSIGN_OR_RETURN(const Exact current, NeedAmount(calculation, kMonthsCurrentFact));
  ASSIGN_OR_RETURN(const Exact retro, NeedAmount(calculation, kMonthsRetroFact));
  ASSIGN_OR_RETURN(const auto digest, calculation.facts.Text(kMonthsDigestFact));
  if (current + retro != total) {
    return FailedPrecondition("{} (the current and the earlier months are {} and {}, not {})",
                              kMonthsTotalFact, current.ToString(), retro.ToString(),
                              total.ToString());
  }
  step.inputs.push_back({"lines", fmt::format("{}", lines)});
  step.inputs.push_back({"member-months", fmt::format("{}", months)});
  step.inputs.push_back({"this month", current.ToString()});
  step.inputs.push_back({"earlier months", retro.ToString()});
  step.inputs.push_back({"SHA-256 of the lines", digest.value_or("")});
  if (total.IsZero() && lines > 0) {
    step.reason = ReasonCode::kNoChange;
    step.detail = fmt::format("{} lines net to zero", lines);
  }
  return total;
}

bool IsTakenFromPayees(const Rule& rule, const Terms& terms) {
  const bool deduction = std::holds_alternative<Adjustment>(rule) ||
                         std::holds_alternative<Withhold>(rule) ||
                         std::holds_alternative<Recoupment>(rule);
  return deduction && FindMemberMonthSum(terms) != nullptr;
}

Status Apply(const Adjustment& adjustment, Calculation& calculation, Step& step) {
  Award& award = calculation.award;
  step.description = fmt::format("{}: {}", adjustment.name, AdjustmentKindName(adjustment.kind));
  ASSIGN_OR_RETURN(const AdjustmentResult result, ResultOf(adjustment, calculation, step));
  step.inputs.push_back({"deducted", result.taken.ToString()});
  StateCarried(adjustment, result.carried, calculation, step);
  if (adjustment.kind == AdjustmentKind::kRecovery) {
    award.recouped += result.taken;
    if (!result.taken.IsZero()) step.notes.push_back(ReasonCode::kRecoupedPartly);
    step.detail = "the award stays gross";
  } else {
    award.amount -= result.taken;
    calculation.value = Exact(award.amount);
  }
  if (calculation.value.IsZero() && !result.taken.IsZero()) {
    step.reason = ReasonCode::kDeductedInFull;
    step.detail = fmt::format("{}: {}", adjustment.name, AdjustmentKindName(adjustment.kind));
  } else if (calculation.value.IsZero() && !award.zero_reason) {
    step.reason = ReasonCode::kNoChange;
  }
  return OkStatus();
}

Status CarryWhole(const Adjustment& adjustment, Calculation& calculation, Step& step) {
  // A share of nothing is nothing, and a share of a loss is not taken.
  if (std::holds_alternative<ShareOfValue>(adjustment.amount)) return OkStatus();
  ASSIGN_OR_RETURN(const Money due, DueOf(adjustment, calculation, step));
  StateCarried(adjustment, std::max(due, Money()), calculation, step);
  return OkStatus();
}

Status ApplyToPayees(const Withhold& withhold, Calculation& calculation, Step& step) {
  step.description = fmt::format("hold back {} of each payee's lines", withhold.rate.ToString());
  ASSIGN_OR_RETURN(calculation.award.withheld,
                   FromPayees(calculation, DeductedFact("withhold"), step));
  if (!withhold.released_by.empty()) step.inputs.push_back({"released by", withhold.released_by});
  return OkStatus();
}

Status ApplyToPayees(const Recoupment& recoupment, Calculation& calculation, Step& step) {
  Award& award = calculation.award;
  step.description = fmt::format("recover {} of each payee, at most {} of what it is owed",
                                 recoupment.balance_fact, recoupment.maximum.ToString());
  ASSIGN_OR_RETURN(const Money recouped, FromPayees(calculation, DeductedFact("recoupment"), step));
  ASSIGN_OR_RETURN(const Money left, FromPayees(calculation, CarriedFact("recoupment"), step));
  award.recouped += recouped;
  award.balance_left = left;
  if (recouped.IsZero()) return OkStatus();
  step.notes.push_back(left.IsZero() ? ReasonCode::kRecoupedInFull : ReasonCode::kRecoupedPartly);
  step.detail = "the award stays gross";
  return OkStatus();
}

}  // namespace sluice::performance
