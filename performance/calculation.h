// What the components of one calculation share while it runs. Internal to the calculator: include
// performance/calculate.h to calculate.
//
// A component reads facts through the Need... functions, changes `value`, and fills its step. It
// returns a failure only when it cannot do its work: the award is then blocked.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "performance/award.h"
#include "performance/calculate.h"
#include "performance/facts.h"
#include "performance/terms.h"

namespace sluice::performance {

struct Calculation {
  const Terms& terms;
  const Facts& facts;
  const CalculationDates& dates;

  Exact value;                                      // the running value, in dollars
  std::optional<Ratio> score;                       // what the score component gave
  std::map<std::string, Ratio> domain_scores = {};  // and for each domain that it scored
  Ratio gain_factor = Ratio(1);  // what failed gates left for the next rate on the side
  Ratio loss_factor = Ratio(1);
  // Amounts that the terms compute and later components refer to by name, as they do to facts.
  std::map<std::string, Exact, std::less<>> derived = {};
  // Why nothing is left to pay, when a component after the rounding took all of it.
  std::optional<ReasonCode> payable_zero = {};
  Award award = {};
  std::optional<ReasonCode> blocked_by;  // the code, where the failure alone does not tell it

  bool IsLoss() const { return value.Sign() < 0; }
  bool IsOnSide(Side side) const {
    return side == Side::kBoth || (side == Side::kLoss) == IsLoss();
  }
};

// The fact, or a failure that blocks: FailedPrecondition is MISSING_INPUT, NotFound is
// REFERENCE_MISSING. The message is the name and, where it helps, what was expected.
// Amounts may also be derived: what the terms themselves compute, for instance a benchmark.
StatusOr<std::optional<Exact>> FindAmount(const Calculation& calculation, std::string_view fact);
StatusOr<Exact> NeedAmount(const Calculation& calculation, std::string_view fact);
StatusOr<Ratio> NeedRatio(const Calculation& calculation, std::string_view fact);
StatusOr<std::int64_t> NeedCount(const Calculation& calculation, std::string_view fact);
// A ratio fact, or the score component's result when the name is empty.
StatusOr<Ratio> NeedScore(const Calculation& calculation, std::string_view fact);

// Blocks where the terms require that the target of the period was announced and it was not: the
// facts target_announced_on and target_source (performance/terms_operations.h).
Status NeedAnnouncedTarget(const Calculation& calculation, Step& step);

// Whether all conditions hold. Stops at the first that does not, so that a fact that cannot matter
// is not asked for. Appends what it read to `inputs`.
StatusOr<bool> AllHold(const Calculation& calculation, const std::vector<Condition>& conditions,
                       std::vector<StepInput>& inputs);

// Whether the period begins in the stated years of the agreement.
StatusOr<bool> Holds(const InContractYear& condition, const Calculation& calculation,
                     std::vector<StepInput>& inputs);

// How one measure came out.
struct MeasureOutcome {
  bool counted = true;    // its weight is part of the score
  bool excluded = false;  // topped out: no gate asks for it either
  bool reported = true;
  bool at_threshold = false;         // at its threshold, first step or first cut, or better
  std::optional<Ratio> rate;         // numerator / denominator, where there is one
  Ratio points;                      // of `possible`
  Ratio possible = Ratio(1);         // the most that the measure can earn
  std::optional<ReasonCode> reason;  // why it has no points
  std::vector<ReasonCode> notes;     // ROLLED_UP, CAP_APPLIED
  std::vector<StepInput> inputs;     // what its rule read
};
StatusOr<MeasureOutcome> EvaluateMeasure(const Calculation& calculation, const MeasureTerm& term);
// The score component of the terms, or nullptr.
const Score* FindScore(const Terms& terms);

// The amount that a kind of basis with detail results starts from; describes itself in the step,
// and gives the reason for a zero where it knows a better one than the terms.
StatusOr<Exact> ReadBasis(const ActivitySum& kind, const Calculation& calculation, Step& step);
StatusOr<Exact> ReadBasis(const EpisodeSum& kind, const Calculation& calculation, Step& step);

// The benchmark, adjusted, minus the actual cost. Adds the steps that lead to the benchmark, and
// the benchmark itself to the derived amounts.
StatusOr<Exact> ReadBasis(const BenchmarkMinusActual& kind, Calculation& calculation, Step& step);

// One function per component. `step` arrives with component, position, clause and before set.
Status Apply(const Basis& basis, Calculation& calculation, Step& step);
Status Apply(const Gate& gate, Calculation& calculation, Step& step);
Status Apply(const Score& score, Calculation& calculation, Step& step);
Status Apply(const RateComponent& rate, Calculation& calculation, Step& step);
Status Apply(const Corridor& corridor, Calculation& calculation, Step& step);
Status Apply(const Reduction& reduction, Calculation& calculation, Step& step);
Status Apply(const Cap& cap, Calculation& calculation, Step& step);
Status Apply(const Floor& floor, Calculation& calculation, Step& step);
Status Apply(const Relief& relief, Calculation& calculation, Step& step);
Status Apply(const RoundingRule& rounding, Calculation& calculation, Step& step);
Status Apply(const Recoupment& recoupment, Calculation& calculation, Step& step);
Status Apply(const Withhold& withhold, Calculation& calculation, Step& step);
Status Apply(const Split& split, Calculation& calculation, Step& step);
Status Apply(const Interim& interim, Calculation& calculation, Step& step);
Status Apply(const Delta& delta, Calculation& calculation, Step& step);
Status Apply(const CarryForward& carry, Calculation& calculation, Step& step);
Status Apply(const Redistribute& rule, Calculation& calculation, Step& step);

// The rate of a score on its curve.
StatusOr<Ratio> ReadRateByScore(const RateByScore& rule, const Calculation& calculation,
                                Step& step);
Status Apply(const Adjustment& adjustment, Calculation& calculation, Step& step);
// Where nothing can be taken, of a zero or a loss: what is due is carried whole.
Status CarryWhole(const Adjustment& adjustment, Calculation& calculation, Step& step);

// Capitation (calculation_capitation.cc). The basis from the totals that the runs of the month
// recorded (performance/member_month_facts.h).
StatusOr<Exact> ReadBasis(const MemberMonthSum& basis, Calculation& calculation, Step& step);
// Whether the component is a deduction that each payee of member-months gave by itself: the award
// then reads what the payees gave in all.
bool IsTakenFromPayees(const Rule& rule, const Terms& terms);
Status ApplyToPayees(const Withhold& withhold, Calculation& calculation, Step& step);
Status ApplyToPayees(const Recoupment& recoupment, Calculation& calculation, Step& step);

}  // namespace sluice::performance
