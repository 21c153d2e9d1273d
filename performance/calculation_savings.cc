// The basis and components of performance/terms_savings.h.
#include <algorithm>

#include "performance/benchmark.h"
#include "performance/calculation.h"

namespace sluice::performance {
namespace {

// What the basis has built so far: the target, and the steps that lead to it.
class TargetBuilder {
 public:
  TargetBuilder(Calculation& calculation, const Step& basis)
      : calculation_(calculation), basis_(basis) {}

  StatusOr<Exact> operator()(const HistoricalBenchmark& kind) {
    ASSIGN_OR_RETURN(BenchmarkResult result, ComputeBenchmark(kind, calculation_.facts));
    for (Step& step : result.steps) Add(std::move(step), basis_.clause);
    no_members_ = result.person_years.IsZero();
    return result.total;
  }
  StatusOr<Exact> operator()(const PerMemberTarget& kind) {
    ASSIGN_OR_RETURN(const Ratio count, NeedRatio(calculation_, kind.count_fact));
    Exact price(kind.price, 1);
    if (!kind.price_fact.empty()) {
      ASSIGN_OR_RETURN(price, NeedAmount(calculation_, kind.price_fact));
    }
    const Exact total = price * count;
    no_members_ = count.IsZero();
    Step step{.component = "benchmark", .description = "a price for each member month"};
    step.inputs.push_back({kind.price_fact.empty() ? "price" : kind.price_fact, price.ToString()});
    step.inputs.push_back({kind.count_fact, count.ToFractionString()});
    step.after = total;
    Add(std::move(step), basis_.clause);
    return total;
  }
  StatusOr<Exact> operator()(const StatedTarget& kind) {
    ASSIGN_OR_RETURN(const Exact total, NeedAmount(calculation_, kind.fact));
    Step step{.component = "benchmark", .description = "the announced target"};
    step.inputs.push_back({kind.fact, total.ToString()});
    step.after = total;
    Add(std::move(step), basis_.clause);
    return total;
  }

  StatusOr<Exact> Adjusted(const BenchmarkAdjustment& adjustment, const Exact& before) {
    Step step{.component = "benchmark", .description = adjustment.name, .before = before};
    Exact after;
    if (const auto* price = std::get_if<PerMemberAdjustment>(&adjustment.kind)) {
      ASSIGN_OR_RETURN(const Ratio count, NeedRatio(calculation_, price->count_fact));
      const Exact amount = Exact(price->price, 1) * count;
      step.inputs.push_back({price->count_fact, count.ToFractionString()});
      step.inputs.push_back({"amount", amount.ToString()});
      after = before + amount;
    } else if (const auto* discount = std::get_if<Discount>(&adjustment.kind)) {
      const Exact amount = before * discount->rate;
      step.inputs.push_back({"rate", discount->rate.ToString()});
      step.inputs.push_back({"amount", (-amount).ToString()});
      after = before - amount;
    } else if (const auto* paid = std::get_if<PaidElsewhere>(&adjustment.kind)) {
      after = before;
      for (const std::string& fact : paid->facts) {
        ASSIGN_OR_RETURN(const Exact amount, NeedAmount(calculation_, fact));
        step.inputs.push_back({fact, amount.ToString()});
        after = after - amount;
      }
    } else {
      const auto& withhold = std::get<QualityWithhold>(adjustment.kind);
      ASSIGN_OR_RETURN(const Ratio score, NeedRatio(calculation_, withhold.score_fact));
      if (score.Sign() < 0 || score > Ratio(1)) {
        return FailedPrecondition("{} (a score is within 0 and 1)", withhold.score_fact);
      }
      const Exact withheld = before * withhold.rate;
      step.inputs.push_back({"withheld", withheld.ToString()});
      step.inputs.push_back({withhold.score_fact, score.ToPercentString()});
      step.inputs.push_back({"earned back", (withheld * score).ToString()});
      after = before - withheld + withheld * score;
    }
    step.after = after;
    Add(std::move(step), adjustment.clause.empty() ? basis_.clause : adjustment.clause);
    return after;
  }

  // The charge for stop-loss cover, where the terms put it on the target.
  StatusOr<Exact> Charged(const StopLoss& stop_loss, const Exact& before) {
    ASSIGN_OR_RETURN(const Ratio count, NeedRatio(calculation_, "member_months"));
    Step step{.component = "benchmark", .description = "pooling charge", .before = before};
    const Exact amount = Exact(stop_loss.pooling_charge, 1) * count;
    step.inputs.push_back({"price", stop_loss.pooling_charge.ToString()});
    step.inputs.push_back({"member_months", count.ToFractionString()});
    step.inputs.push_back({"amount", amount.ToString()});
    step.after = before + amount;
    const Exact after = step.after;
    Add(std::move(step), basis_.clause);
    return after;
  }

  bool NoMembers() const { return no_members_; }

 private:
  void Add(Step step, const std::string& clause) {
    step.position = basis_.position;
    step.clause = clause;
    for (const ReasonCode note : step.notes) {
      auto& notes = calculation_.award.notes;
      if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(note);
    }
    calculation_.award.steps.push_back(std::move(step));
  }

  Calculation& calculation_;
  const Step& basis_;
  bool no_members_ = false;
};

// A target that nobody announced, or too late, is not settled against.
Status CheckAnnouncement(const Announcement& rule, const Calculation& calculation, Step& step) {
  const auto date = calculation.facts.DateOf(rule.date_fact);
  const auto source = calculation.facts.Text(rule.source_fact);
  if (!date.ok()) return FailedPrecondition("{}", StatusMessage(date.status()));
  if (!source.ok()) return FailedPrecondition("{}", StatusMessage(source.status()));
  const std::string period = calculation.dates.period.ToString();
  if (!*date) {
    return FailedPrecondition("{} (no target was announced for {}; record the day)", rule.date_fact,
                              period);
  }
  if (!*source || (*source)->empty()) {
    return FailedPrecondition("{} (the target for {} has no source; record the document)",
                              rule.source_fact, period);
  }
  const Date latest = rule.latest_day ? calculation.dates.period.from + Days(*rule.latest_day)
                                      : calculation.dates.pay_date;
  if (**date > latest) {
    return FailedPrecondition("{} (announced on {}; it had to be by {})", rule.date_fact,
                              FormatDate(**date), FormatDate(latest));
  }
  step.inputs.push_back({rule.date_fact, FormatDate(**date)});
  step.inputs.push_back({rule.source_fact, **source});
  return OkStatus();
}

// The detail that gave the cost was made under the terms that are being settled.
Status CheckDetail(const SavingsDetail& detail, const Calculation& calculation, Step& step) {
  const auto stated = calculation.facts.Text(kDetailTermsFact);
  if (!stated.ok()) return FailedPrecondition("{}", StatusMessage(stated.status()));
  if (!*stated) {
    return FailedPrecondition("{} (the cost must come from the detail of its members; record it)",
                              kDetailTermsFact);
  }
  if (**stated != ToHex(HashDetail(detail))) {
    return FailedPrecondition(
        "{} (the cost was made under other rules of truncation, stop-loss, "
        "completion or exposure; make it again)",
        kDetailTermsFact);
  }
  step.inputs.push_back({"cost of members", DescribeDetail(detail)});
  return OkStatus();
}

}  // namespace

StatusOr<Exact> ReadBasis(const BenchmarkMinusActual& kind, Calculation& calculation, Step& step) {
  if (kind.announcement) {
    RETURN_IF_ERROR(CheckAnnouncement(*kind.announcement, calculation, step));
  }
  if (kind.detail) RETURN_IF_ERROR(CheckDetail(*kind.detail, calculation, step));
  if (calculation.facts.Has(kind.target_name)) {
    return FailedPrecondition("{} (these terms compute it; retract the recorded fact)",
                              kind.target_name);
  }
  TargetBuilder builder(calculation, step);
  ASSIGN_OR_RETURN(Exact target, std::visit(builder, kind.target));
  for (const BenchmarkAdjustment& adjustment : kind.adjustments) {
    ASSIGN_OR_RETURN(target, builder.Adjusted(adjustment, target));
  }
  if (kind.detail && kind.detail->stop_loss &&
      kind.detail->stop_loss->charge_side == PoolingSide::kTarget &&
      kind.detail->stop_loss->pooling_charge != UnitPrice()) {
    ASSIGN_OR_RETURN(target, builder.Charged(*kind.detail->stop_loss, target));
  }
  calculation.derived.insert_or_assign(kind.target_name, target);
  ASSIGN_OR_RETURN(const Exact actual, NeedAmount(calculation, kind.actual_fact));
  step.description = fmt::format("{} minus {}", kind.target_name, kind.actual_fact);
  step.inputs.push_back({kind.target_name, target.ToString()});
  step.inputs.push_back({kind.actual_fact, actual.ToString()});
  const Exact saving = target - actual;
  if (saving.IsZero() && builder.NoMembers()) step.reason = ReasonCode::kNoMemberMonths;
  return saving;
}

StatusOr<bool> Holds(const InContractYear& condition, const Calculation& calculation,
                     std::vector<StepInput>& inputs) {
  const auto found = calculation.facts.DateOf(condition.start_fact);
  if (!found.ok()) return FailedPrecondition("{}", StatusMessage(found.status()));
  if (!*found) {
    return FailedPrecondition("{} (record the first day of the agreement)", condition.start_fact);
  }
  const Date start = **found;
  const Date from = calculation.dates.period.from;
  if (from < start) {
    return FailedPrecondition("{} (the agreement starts on {}, after the period)",
                              condition.start_fact, FormatDate(start));
  }
  const int year = AgeOn(start, from) + 1;
  inputs.push_back({"year of the agreement", fmt::format("{}", year)});
  return year >= condition.first && (!condition.last || year <= *condition.last);
}

Status Apply(const Interim& interim, Calculation& calculation, Step& step) {
  const auto found = calculation.facts.Text(interim.stage_fact);
  if (!found.ok()) return FailedPrecondition("{}", StatusMessage(found.status()));
  const std::string stage = found->value_or("");
  if (stage != "interim" && stage != "final") {
    return FailedPrecondition("{} (must be 'interim' or 'final', not '{}')", interim.stage_fact,
                              stage);
  }
  step.inputs.push_back({interim.stage_fact, stage});
  if (stage == "final") {
    step.description = "the settlement is final: the whole result";
    return OkStatus();
  }
  if (interim.upward_only && calculation.IsLoss()) {
    step.description = "an interim loss is not collected";
    step.reason = ReasonCode::kInterimUpwardOnly;
    calculation.value = Exact();
    return OkStatus();
  }
  step.description = fmt::format("interim settlement: {} of the result", interim.pay.ToString());
  calculation.value = calculation.value * interim.pay;
  if (interim.pay != Rate::FromPercent(100)) step.notes.push_back(ReasonCode::kInterimSettlement);
  return OkStatus();
}

Status Apply(const Delta& delta, Calculation& calculation, Step& step) {
  Award& award = calculation.award;
  step.description = "less what was already paid for the period";
  Exact posted;
  for (const std::string& fact : delta.posted_facts) {
    ASSIGN_OR_RETURN(const Exact amount, NeedAmount(calculation, fact));
    step.inputs.push_back({fact, amount.ToString()});
    posted = posted + amount;
  }
  const Money taken = Round(posted, Rounding::kHalfAwayFromZero);
  if (Exact(taken) != posted) {
    return FailedPrecondition("{} (what was paid is whole cents)", delta.posted_facts.front());
  }
  award.recouped += taken;
  const Money left = award.amount - award.recouped;
  step.inputs.push_back({"difference", left.ToString()});
  step.detail = "the award stays gross";
  if (left.IsZero()) calculation.payable_zero = ReasonCode::kNoChange;
  return OkStatus();
}

Status Apply(const CarryForward& carry, Calculation& calculation, Step& step) {
  Award& award = calculation.award;
  const Money open = award.amount - award.recouped;
  if (open < Money()) {
    if (!carry.carry_losses) {
      step.description = "a loss is collected, not carried forward";
      return OkStatus();
    }
    award.loss_carried = -open;
    award.recouped += open;
    calculation.payable_zero = ReasonCode::kLossCarriedForward;
    step.description = "the loss is carried forward and set against later gains";
    step.inputs.push_back({"carried forward", award.loss_carried.ToString()});
    step.notes.push_back(ReasonCode::kCarriedForward);
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const Exact stated, NeedAmount(calculation, carry.balance_fact));
  const Money balance = Round(stated, Rounding::kHalfAwayFromZero);
  if (balance < Money()) {
    return FailedPrecondition("{} (a deficit is stated as a positive amount)", carry.balance_fact);
  }
  const Money most = Round(Exact(open) * carry.maximum, Rounding::kTowardZero);
  award.deficit_recovered = balance < most ? balance : most;
  award.recouped += award.deficit_recovered;
  award.balance_left = award.balance_left.value_or(Money()) + balance - award.deficit_recovered;
  step.description = fmt::format("recover {}, at most {} of the gain", carry.balance_fact,
                                 carry.maximum.ToString());
  step.inputs.push_back({carry.balance_fact, balance.ToString()});
  step.inputs.push_back({"recovered", award.deficit_recovered.ToString()});
  step.inputs.push_back({"deficit left", (balance - award.deficit_recovered).ToString()});
  if (award.deficit_recovered.IsZero()) return OkStatus();
  step.notes.push_back(ReasonCode::kDeficitRecovered);
  if (award.deficit_recovered == open) {
    calculation.payable_zero = ReasonCode::kNettedAgainstReceivable;
  }
  return OkStatus();
}

}  // namespace sluice::performance
