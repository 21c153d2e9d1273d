#include "performance/quality/gap_to_target.h"

#include "core/check.h"
#include "performance/calculation.h"
#include "performance/quality/points.h"

namespace sluice::performance {
namespace {

std::int64_t Whole(const Ratio& value, bool up) {
  mpz_class quotient;
  if (up) {
    mpz_cdiv_q(quotient.get_mpz_t(), value.Numerator().get_mpz_t(),
               value.Denominator().get_mpz_t());
  } else {
    mpz_fdiv_q(quotient.get_mpz_t(), value.Numerator().get_mpz_t(),
               value.Denominator().get_mpz_t());
  }
  CHECK(quotient.fits_slong_p());
  return quotient.get_si();
}

// The smallest whole number of members k with (numerator +- k) / denominator at the goal, or past
// it. The goal lies ahead, so k is at least 1.
std::int64_t MembersTo(const Goal& goal, const MeasureResult& result, bool lower_is_better) {
  const Ratio wanted = goal.rate * result.denominator;
  const Ratio missing = lower_is_better ? result.numerator - wanted : wanted - result.numerator;
  const std::int64_t members = goal.exceed ? Whole(missing, false) + 1 : Whole(missing, true);
  CHECK(members >= 1);
  return members;
}

std::optional<Money> AwardWith(const Terms& terms, const Facts& facts,
                               const CalculationDates& dates) {
  const Award award = Calculate(terms, facts, dates);
  if (award.status == AwardStatus::kBlocked) return std::nullopt;
  return award.amount;
}

GoalGap MakeGap(const Goal& goal, const MeasureResult& result, bool lower_is_better) {
  GoalGap gap{.goal = goal.name, .goal_rate = goal.rate, .exceed = goal.exceed};
  gap.members = MembersTo(goal, result, lower_is_better);
  const Ratio left = lower_is_better ? result.numerator : result.denominator - result.numerator;
  gap.reachable = Ratio(gap.members) <= left;
  return gap;
}

}  // namespace

StatusOr<std::vector<MeasureGap>> GapsToTarget(const Terms& terms, const Facts& facts,
                                               const CalculationDates& dates) {
  const Score* score = FindScore(terms);
  if (score == nullptr) return InvalidArgument("the terms have no score, so no measures");
  const Calculation calculation{.terms = terms, .facts = facts, .dates = dates};
  const std::optional<Money> now = AwardWith(terms, facts, dates);
  std::vector<MeasureGap> gaps;
  for (const MeasureTerm& term : score->measures) {
    MeasureGap gap{.measure = term.id, .lower_is_better = LowerIsBetter(term)};
    ASSIGN_OR_RETURN(const MeasureOutcome outcome, EvaluateMeasure(calculation, term));
    const std::optional<MeasureResult> result = facts.FindMeasure(term.id);
    if (result && result->reported) {
      gap.numerator = result->numerator;
      gap.denominator = result->denominator;
    }
    // Closing members of its own moves a measure only when its own result counts.
    const bool own = outcome.counted && outcome.reported && outcome.rate && result &&
                     result->denominator.Sign() > 0 &&
                     result->denominator >= Ratio(term.minimum_denominator);
    if (!own) {
      gap.reason = outcome.reason.value_or(ReasonCode::kBelowMinimumDenominator);
      gaps.push_back(std::move(gap));
      continue;
    }
    gap.rate = outcome.rate;
    ASSIGN_OR_RETURN(const std::vector<Goal> goals,
                     GoalsAhead(term, *outcome.rate, facts, dates.period));
    for (const Goal& goal : goals) {
      GoalGap to = MakeGap(goal, *result, gap.lower_is_better);
      if (to.reachable && now) {
        Facts closed = facts;
        MeasureResult better = *result;
        const Ratio members(to.members);
        better.numerator =
            gap.lower_is_better ? better.numerator - members : better.numerator + members;
        closed.SetMeasure(term.id, better);
        const std::optional<Money> then = AwardWith(terms, closed, dates);
        if (then) to.dollars = *then - *now;
      }
      gap.goals.push_back(std::move(to));
    }
    gaps.push_back(std::move(gap));
  }
  return gaps;
}

}  // namespace sluice::performance
