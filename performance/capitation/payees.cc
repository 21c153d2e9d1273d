#include "performance/capitation/payees.h"

#include <fmt/format.h>

#include <algorithm>

#include "performance/calculate.h"
#include "performance/member_month_facts.h"

namespace sluice::performance {
namespace {

struct Payee {
  PartyId id;
  const PayeeMonths& months;
  const Facts& facts;
};

// A fact in whole cents.
StatusOr<Money> NeedCents(const Payee& payee, const std::string& fact) {
  ASSIGN_OR_RETURN(const std::optional<Exact> amount, payee.facts.Amount(fact));
  if (!amount) {
    return FailedPrecondition("{} of payee {} (record this amount for the month)", fact, payee.id);
  }
  const Money cents = Round(*amount, Rounding::kHalfAwayFromZero);
  if (Exact(cents) != *amount) {
    return FailedPrecondition("{} of payee {} (whole cents, not {})", fact, payee.id,
                              amount->ToString());
  }
  return cents;
}

struct DueReader {
  const Payee& payee;
  Money value;

  StatusOr<Money> operator()(const ShareOfValue& share) const {
    return Round(Exact(value) * share.rate, share.mode);
  }
  StatusOr<Money> operator()(const StatedAmount& stated) const {
    return NeedCents(payee, stated.fact);
  }
  StatusOr<Money> operator()(const PricePerUnit& unit) const {
    if (unit.count_fact == kMonthsCountFact) {
      return Round(Exact(unit.price, payee.months.months), unit.mode);
    }
    ASSIGN_OR_RETURN(const std::optional<std::int64_t> count, payee.facts.Count(unit.count_fact));
    if (!count) {
      return FailedPrecondition("{} of payee {} (record this count for the month)", unit.count_fact,
                                payee.id);
    }
    return Round(Exact(unit.price, *count), unit.mode);
  }
};

// One deduction from the running value; nothing for a component that deducts nothing.
struct Deducter {
  const Payee& payee;
  const std::map<std::string, Money>& carried;
  Money value;

  StatusOr<std::optional<Deduction>> operator()(const Adjustment& adjustment) const {
    ASSIGN_OR_RETURN(Money due, std::visit(DueReader{payee, value}, adjustment.amount));
    if (const auto before = carried.find(adjustment.name); before != carried.end()) {
      due += before->second;
    }
    const AdjustmentResult result = TakeAdjustment(adjustment, due, value);
    return Made({adjustment.name, Exact(due), result.taken, result.carried});
  }
  StatusOr<std::optional<Deduction>> operator()(const Withhold& withhold) const {
    // Of the gross, but never more than what is left.
    const Money gross = Money::FromCents(payee.months.TotalCents());
    WithholdPosting posting =
        HoldBack(withhold, withhold.base == WithholdBase::kGross ? gross : value);
    if (value >= Money() && posting.posted > value) posting.posted = value;
    return Made({"withhold", posting.exact, posting.posted, Money()});
  }
  StatusOr<std::optional<Deduction>> operator()(const Recoupment& recoupment) const {
    ASSIGN_OR_RETURN(const Money balance, NeedCents(payee, recoupment.balance_fact));
    if (balance < Money()) {
      return FailedPrecondition("{} of payee {} (the balance of an advance is not negative)",
                                recoupment.balance_fact, payee.id);
    }
    Money most;
    if (value > Money()) {
      most = Round(Exact(value) * recoupment.maximum, Rounding::kTowardZero);
    }
    const Money taken = std::min(balance, most);
    return Made({"recoupment", Exact(balance), taken, balance - taken});
  }
  template <typename Other>
  StatusOr<std::optional<Deduction>> operator()(const Other&) const {
    return std::optional<Deduction>();
  }

  static StatusOr<std::optional<Deduction>> Made(Deduction deduction) {
    return std::optional<Deduction>(std::move(deduction));
  }
};

}  // namespace

void PayeeTotals::Add(const MemberMonthLine& line) {
  if (last_months_ == nullptr || last_ != line.payee) {
    last_ = line.payee;
    last_months_ = &payees_[line.payee];
  }
  ++last_months_->lines;
  last_months_->months += line.CountChange();
  (line.month == run_month_ ? last_months_->current_cents : last_months_->retro_cents) +=
      line.delta_cents;
}

PayeeMonths PayeeTotals::Sum() const {
  PayeeMonths sum;
  for (const auto& [payee, months] : payees_) {
    sum.lines += months.lines;
    sum.months += months.months;
    sum.current_cents += months.current_cents;
    sum.retro_cents += months.retro_cents;
  }
  return sum;
}

StatusOr<PayeeResult> SettlePayee(const Terms& terms, PartyId payee, const PayeeMonths& months,
                                  const Facts& facts, const std::map<std::string, Money>& carried) {
  const Payee who{payee, months, facts};
  PayeeResult result{.payee = payee, .months = months};
  result.net = Money::FromCents(months.TotalCents());
  for (const Component& component : terms.components) {
    ASSIGN_OR_RETURN(std::optional<Deduction> deduction,
                     std::visit(Deducter{who, carried, result.net}, component.rule));
    if (!deduction) continue;
    result.net -= deduction->taken;
    result.deductions.push_back(*std::move(deduction));
  }
  return result;
}

Facts ContractFactsOf(const std::vector<PayeeResult>& payees, const Digest& lines_sha256) {
  PayeeMonths sum;
  std::map<std::string, std::pair<Money, Money>> deducted;
  for (const PayeeResult& payee : payees) {
    sum.lines += payee.months.lines;
    sum.months += payee.months.months;
    sum.current_cents += payee.months.current_cents;
    sum.retro_cents += payee.months.retro_cents;
    for (const Deduction& deduction : payee.deductions) {
      deducted[deduction.name].first += deduction.taken;
      deducted[deduction.name].second += deduction.carried;
    }
  }
  Facts facts;
  facts.SetAmount(kMonthsTotalFact, Money::FromCents(sum.TotalCents()));
  facts.SetAmount(kMonthsCurrentFact, Money::FromCents(sum.current_cents));
  facts.SetAmount(kMonthsRetroFact, Money::FromCents(sum.retro_cents));
  facts.SetCount(kMonthsCountFact, sum.months);
  facts.SetCount(kMonthsLinesFact, sum.lines);
  facts.SetText(kMonthsDigestFact, ToHex(lines_sha256));
  for (const auto& [name, amounts] : deducted) {
    facts.SetAmount(DeductedFact(name), amounts.first);
    facts.SetAmount(CarriedFact(name), amounts.second);
  }
  return facts;
}

Facts PayeeFactsOf(const PayeeResult& payee) {
  Facts facts;
  facts.SetAmount(kMonthsTotalFact, Money::FromCents(payee.months.TotalCents()));
  facts.SetCount(kMonthsCountFact, payee.months.months);
  facts.SetAmount(kPayeeNetFact, payee.net);
  for (const Deduction& deduction : payee.deductions) {
    facts.SetAmount(DeductedFact(deduction.name), deduction.taken);
    facts.SetAmount(CarriedFact(deduction.name), deduction.carried);
  }
  return facts;
}

std::map<std::string, Money> CarriedIn(const Terms& terms, const Facts& facts) {
  std::map<std::string, Money> carried;
  for (const Component& component : terms.components) {
    const auto* adjustment = std::get_if<Adjustment>(&component.rule);
    if (adjustment == nullptr) continue;
    const auto amount = facts.Amount(CarriedFact(adjustment->name));
    if (amount.ok() && *amount && !(*amount)->IsZero()) {
      carried.emplace(adjustment->name, Round(**amount, Rounding::kHalfAwayFromZero));
    }
  }
  return carried;
}

std::string PayeeStatement(const PayeeResult& payee, const std::vector<MemberMonthLine>& lines) {
  std::string text = fmt::format("payee {}\n", payee.payee);
  for (const MemberMonthLine& line : lines) {
    if (line.payee == payee.payee) text += ToText(line) + '\n';
  }
  text += fmt::format("lines {}, member-months {}\n", Money::FromCents(payee.months.TotalCents()),
                      payee.months.months);
  for (const Deduction& deduction : payee.deductions) {
    text += fmt::format("{} {} -> {}", deduction.name, deduction.exact.ToString(), deduction.taken);
    if (!deduction.carried.IsZero()) text += fmt::format(", {} carried", deduction.carried);
    text += '\n';
  }
  text += fmt::format("net {}", payee.net);
  if (payee.net < Money()) text += fmt::format("  {}", ReasonName(ReasonCode::kCarriedForward));
  return text + '\n';
}

}  // namespace sluice::performance
