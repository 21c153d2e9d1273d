#include "performance/calculate.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "performance/calculation.h"
#include "performance/terms_validate.h"

namespace sluice::performance {
namespace {

Side SideOf(const Rule& rule) {
  struct Visitor {
    Side operator()(const Gate& gate) const { return gate.side; }
    Side operator()(const RateComponent& rate) const { return rate.side; }
    Side operator()(const Corridor& corridor) const { return corridor.side; }
    Side operator()(const Reduction& reduction) const { return reduction.side; }
    Side operator()(const Cap& cap) const { return cap.side; }
    Side operator()(const Floor& floor) const { return floor.side; }
    Side operator()(const Relief&) const { return Side::kLoss; }
    Side operator()(const Recoupment&) const { return Side::kGain; }
    Side operator()(const Withhold&) const { return Side::kGain; }
    Side operator()(const Basis&) const { return Side::kBoth; }
    Side operator()(const Score&) const { return Side::kBoth; }
    Side operator()(const RoundingRule&) const { return Side::kBoth; }
    Side operator()(const Split&) const { return Side::kBoth; }
    Side operator()(const Interim&) const { return Side::kBoth; }
    Side operator()(const Delta&) const { return Side::kBoth; }
    Side operator()(const CarryForward&) const { return Side::kBoth; }
    Side operator()(const Redistribute&) const { return Side::kBoth; }
    Side operator()(const Adjustment& adjustment) const {
      return adjustment.of_losses ? Side::kBoth : Side::kGain;
    }
  };
  return std::visit(Visitor{}, rule);
}

// A description for steps that are not tried, so that a reader still sees what they are.
std::string NameOf(const Rule& rule) {
  if (const Gate* gate = std::get_if<Gate>(&rule)) return gate->name;
  if (const Adjustment* adjustment = std::get_if<Adjustment>(&rule)) return adjustment->name;
  return "";
}

void AddNotes(const Step& step, Award& award) {
  for (const ReasonCode note : step.notes) {
    if (std::find(award.notes.begin(), award.notes.end(), note) == award.notes.end()) {
      award.notes.push_back(note);
    }
  }
}

void Block(const Status& failure, std::optional<ReasonCode> reason, Step& step, Award& award) {
  award.status = AwardStatus::kBlocked;
  award.blocked_reason =
      reason.value_or(failure.code() == absl::StatusCode::kNotFound ? ReasonCode::kReferenceMissing
                                                                    : ReasonCode::kMissingInput);
  award.missing = StatusMessage(failure);
  step.outcome = StepOutcome::kBlocked;
  step.reason = award.blocked_reason;
  step.detail = award.missing;
}

// An advance that could not be recovered from a zero or a loss is still there, and is said so.
void StateUntouchedBalance(const Rule& rule, Calculation& calculation) {
  const auto* recoupment = std::get_if<Recoupment>(&rule);
  const auto* carry = std::get_if<CarryForward>(&rule);
  if (recoupment == nullptr && carry == nullptr) return;
  const auto balance = calculation.facts.Amount(recoupment != nullptr ? recoupment->balance_fact
                                                                      : carry->balance_fact);
  if (balance.ok() && *balance) {
    calculation.award.balance_left = calculation.award.balance_left.value_or(Money()) +
                                     Round(**balance, Rounding::kHalfAwayFromZero);
  }
}

bool ComesAfterRounding(const Rule& rule) {
  return std::holds_alternative<Recoupment>(rule) || std::holds_alternative<Withhold>(rule) ||
         std::holds_alternative<Split>(rule) || std::holds_alternative<Redistribute>(rule) ||
         std::holds_alternative<Delta>(rule) || std::holds_alternative<CarryForward>(rule);
}

// What was already paid is owed back when the result is nothing.
bool ActsOnZero(const Rule& rule) { return std::holds_alternative<Delta>(rule); }

// A component that does nothing, because the value is zero or on the other side. What it leaves to
// a later period is stated all the same.
void PassThrough(const Rule& rule, StepOutcome outcome, Calculation& calculation, Step& step) {
  step.outcome = outcome;
  step.description = NameOf(rule);
  StateUntouchedBalance(rule, calculation);
  if (const Adjustment* adjustment = std::get_if<Adjustment>(&rule)) {
    const Status status = CarryWhole(*adjustment, calculation, step);
    if (!status.ok()) Block(status, calculation.blocked_by, step, calculation.award);
    AddNotes(step, calculation.award);
  }
}

void RunComponent(const Component& component, Calculation& calculation, Step& step) {
  Award& award = calculation.award;
  const bool is_basis = std::holds_alternative<Basis>(component.rule);
  // What each payee gives is taken although the sum over the payees is zero or a loss.
  const bool tried = is_basis || IsTakenFromPayees(component.rule, calculation.terms);
  if (!tried && calculation.value.IsZero() && !ActsOnZero(component.rule)) {
    PassThrough(component.rule, StepOutcome::kSkipped, calculation, step);
    return;
  }
  if (!tried && !calculation.IsOnSide(SideOf(component.rule))) {
    PassThrough(component.rule, StepOutcome::kNotThisSide, calculation, step);
    return;
  }
  Status status = is_basis ? NeedAnnouncedTarget(calculation, step) : OkStatus();
  if (status.ok()) {
    status = std::visit([&](const auto& rule) { return Apply(rule, calculation, step); },
                        component.rule);
  }
  if (!status.ok()) {
    Block(status, calculation.blocked_by, step, award);
    return;
  }
  step.after = calculation.value;
  if (calculation.value.IsZero() && !ComesAfterRounding(component.rule)) {
    // A component that makes the value zero names the reason; anything else is a bug in it.
    CHECK(step.reason.has_value() || award.zero_reason.has_value());
    if (step.reason) {
      award.zero_reason = step.reason;
      award.zero_detail = step.detail;
    }
  } else if (!calculation.value.IsZero()) {
    award.zero_reason.reset();
    award.zero_detail.clear();
  }
  AddNotes(step, award);
}

// The withhold account that the basis read, in cents; nothing for another basis.
std::optional<Money> WithheldAccount(const Calculation& calculation) {
  const Basis& basis = std::get<Basis>(calculation.terms.components.front().rule);
  const WithheldBalance* withheld = std::get_if<WithheldBalance>(&basis.kind);
  if (withheld == nullptr) return std::nullopt;
  const auto balance = calculation.facts.Amount(withheld->fact);
  CHECK(balance.ok() && balance->has_value());
  return Round(**balance, Rounding::kHalfAwayFromZero);
}

void Finish(Calculation& calculation) {
  Award& award = calculation.award;
  award.score = calculation.score;
  if (award.status == AwardStatus::kBlocked) {
    // No result: nothing that was computed on the way may be mistaken for one.
    award.amount = award.recouped = award.withheld = Money();
    award.deficit_recovered = award.loss_carried = Money();
    award.balance_left.reset();
    award.carried.clear();
    award.zero_reason.reset();
    award.zero_detail.clear();
    award.notes.clear();
    award.score.reset();
    award.unrounded = Exact();
    return;
  }
  if (const std::optional<Money> account = WithheldAccount(calculation)) {
    award.released = award.amount;
    award.forfeited = *account - award.amount;
  }
  award.payable = award.amount - award.recouped - award.withheld;
  if (!award.amount.IsZero() && award.payable.IsZero()) {
    award.payable_zero_reason =
        award.recouped.IsZero() ? ReasonCode::kWithheldInFull : ReasonCode::kRecoupedInFull;
    if (calculation.payable_zero) award.payable_zero_reason = calculation.payable_zero;
  }
  CHECK(award.amount.IsZero() == award.zero_reason.has_value());
}

}  // namespace

const Score* FindScore(const Terms& terms) {
  for (const Component& component : terms.components) {
    if (const Score* score = std::get_if<Score>(&component.rule)) return score;
  }
  return nullptr;
}

Award Calculate(const Terms& terms, const Facts& facts, const CalculationDates& dates) {
  CHECK(ValidateTerms(terms).ok());
  Calculation calculation{.terms = terms, .facts = facts, .dates = dates};
  std::vector<Step>& steps = calculation.award.steps;
  steps.reserve(terms.components.size());
  int position = 0;
  for (const Component& component : terms.components) {
    Step step{.component = std::string(ComponentName(component.rule)),
              .position = ++position,
              .clause = component.clause,
              .before = calculation.value,
              .after = calculation.value};
    const std::size_t place = steps.size();
    RunComponent(component, calculation, step);
    // A score has already added a step per measure; its own total stands after them.
    CHECK(steps.size() >= place);
    const bool blocked = step.outcome == StepOutcome::kBlocked;
    steps.push_back(std::move(step));
    if (blocked) break;
  }
  Finish(calculation);
  return std::move(calculation.award);
}

WithholdPosting HoldBack(const Withhold& withhold, Money payment) {
  WithholdPosting posting;
  posting.exact = Exact(payment) * withhold.rate;
  posting.posted = Round(posting.exact, withhold.mode);
  posting.paid = payment - posting.posted;
  return posting;
}

WithholdPosting HoldBack(const Withhold& withhold, std::string_view stream, Money payment) {
  if (withhold.streams.empty() || std::find(withhold.streams.begin(), withhold.streams.end(),
                                            stream) != withhold.streams.end()) {
    return HoldBack(withhold, payment);
  }
  return WithholdPosting{.paid = payment};
}

}  // namespace sluice::performance
