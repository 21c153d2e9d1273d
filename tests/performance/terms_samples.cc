#include "tests/performance/terms_samples.h"

#include "performance/statutory.h"
#include "tests/performance/cited_steps.h"

namespace sluice::performance {
namespace {

MeasureTerm Measure(std::string id, Ratio threshold, Ratio target, std::int64_t weight) {
  return MeasureTerm{.id = std::move(id),
                     .threshold = std::move(threshold),
                     .target = std::move(target),
                     .weight = Ratio(weight),
                     .minimum_denominator = 30};
}

MeasureResult Result(std::int64_t numerator, std::int64_t denominator) {
  return MeasureResult{.numerator = Ratio(numerator), .denominator = Ratio(denominator)};
}

}  // namespace

Terms QualityIncentiveTerms() {
  Terms terms{.title = "Commercial quality incentive 2026"};
  terms.components = {
      {.rule = Basis{.kind = WithheldBalance{}, .zero_reason = ReasonCode::kPoolEmpty}},
      {.rule = Gate{.name = "all measures reported",
                    .test = AllReported{},
                    .on_fail = {.gain_reason = ReasonCode::kNotReported}}},
      {.rule = Gate{.name = "three measures at threshold",
                    .test = CountAtThreshold{.minimum = 3},
                    .on_fail = {.gain_reason = ReasonCode::kBelowThreshold}}},
      {.rule = Gate{.name = "standing on the pay date",
                    .test = InStanding{},
                    .on_fail = {.gain_reason = ReasonCode::kStandingLost}}},
      {.rule = Score{.measures = {Measure("CBP", Ratio(60, 100), Ratio(72, 100), 3),
                                  Measure("BCS-E", Ratio(68, 100), Ratio(78, 100), 1),
                                  Measure("COL-E", Ratio(55, 100), Ratio(70, 100), 1),
                                  Measure("GSD", Ratio(25, 100), Ratio(14, 100), 3),
                                  Measure("PCR", Ratio(105, 100), Ratio(85, 100), 2),
                                  Measure("W30", Ratio(60, 100), Ratio(75, 100), 1)}}},
      {.rule = RateComponent{.side = Side::kGain,
                             .cases = {RateCase{
                                 .rule = RateTimesScore{.maximum = Rate::FromPercent(100)}}},
                             .otherwise = ReasonCode::kScoreZero}},
      {.rule = RoundingRule{}}};
  terms.payment_withhold = Withhold{.rate = Rate::FromPercent(5),
                                    .released_by = "the settlement of this contract",
                                    .forfeit_to = ForfeitTo::kPool};
  return NumberClauses(std::move(terms));
}

Facts QualityIncentiveFacts() {
  Facts facts;
  facts.SetAmount("withheld", Money::FromCents(6'244'179));
  facts.SetDate("standing_from", MakeDate(2024, 1, 1));
  facts.SetMeasure("CBP", Result(412, 611));
  facts.SetMeasure("BCS-E", Result(518, 697));
  facts.SetMeasure("COL-E", Result(233, 402));
  facts.SetMeasure("GSD", Result(61, 388));
  facts.SetMeasure("PCR", Result(81, 75));
  facts.SetMeasure("W30", Result(19, 24));
  return facts;
}

Terms KitchenSinkTerms() {
  const TableThreshold table{.table = std::string(kMsspMinimumSavingsRate),
                             .count_fact = "people",
                             .below_table_fact = "stated_rate"};
  const std::vector<Condition> conditions = {
      FlagIs{.fact = "in_force", .value = false},
      TextIsOneOf{.fact = "product", .values = {"HMO", "PPO"}},
      DateOnOrAfter{.fact = "signed", .date = MakeDate(2024, 2, 29)},
      RatioCompares{.fact = "medical_loss_ratio", .threshold = Ratio(17, 20), .at_most = true}};
  Terms terms{.title = "One of everything"};
  const auto add = [&](Rule rule) {
    terms.components.push_back({.rule = std::move(rule), .clause = "clause 4.2"});
  };
  add(Basis{.kind = TargetMinusActual{.target_fact = "budget", .actual_fact = "cost"}});
  add(Gate{.name = "conditions", .side = Side::kGain, .test = ConditionsHold{conditions}});
  add(Gate{.name = "fixed",
           .side = Side::kLoss,
           .test = ValueAtLeast{"budget", FixedThreshold{Ratio(1, 50)}}});
  add(Gate{.name = "table",
           .test = ValueAtLeast{"budget", table},
           .on_fail = {.factors = {{.factor = Ratio(1, 3),
                                    .side = Side::kBoth,
                                    .when = conditions,
                                    .note = ReasonCode::kHalfRate}},
                       .gain_reason = ReasonCode::kBelowMinimumSavingsRate,
                       .loss_reason = ReasonCode::kBelowMinimumLossRate}});
  add(Gate{.name = "elected",
           .test = ValueAtLeast{
               "budget", ElectedThreshold{"elected_rate", {Ratio(0), Ratio(1, 200)}, table}}});
  add(Gate{.name = "reported", .test = AllReported{}});
  add(Gate{.name = "count", .test = CountAtThreshold{.minimum = 2}});
  add(Gate{.name = "standing",
           .test = InStanding{StandingDay::kPeriodEnd, "joined", "left"},
           .on_fail = {.note_only = ReasonCode::kRestated}});
  add(Gate{.name = "never", .side = Side::kLoss, .test = NeverPasses{}});
  add(Score{.measures = {{.id = "CBP",
                          .threshold = Ratio(3, 5),
                          .target = Ratio(18, 25),
                          .weight = Ratio(5, 2),
                          .minimum_denominator = 30,
                          .small = SmallDenominator::kScoreZero,
                          .points_at_threshold = Ratio(1, 2)}}});
  add(RateComponent{
      .side = Side::kBoth,
      .cases = {{.when = conditions, .rule = FixedRate{Rate::FromPercent(40)}},
                {.when = {FlagIs{"met"}}, .rule = RateTimesScore{Rate::FromPercent(50), ""}},
                {.rule = ComplementOfScore{Rate::FromPercent(75), "quality", Rate::FromPercent(40),
                                           Rate::FromPercent(75)},
                 .note = ReasonCode::kAlternativeStandard}},
      .otherwise = ReasonCode::kQualityStandardFailed});
  add(Corridor{.side = Side::kGain,
               .reference_fact = "budget",
               .bands = {{Ratio(1, 20), Rate()}, {std::nullopt, Rate::FromPercent(35)}}});
  add(Reduction{.table = std::string(kMedicareSequestration)});
  add(Cap{.side = Side::kBoth,
          .limits = {{.amount = FixedLimit{Money::FromCents(123'456)}},
                     {.amount = ShareOfFact{Rate::FromPercent(8), "revenue"},
                      .when_absent = WhenAbsent::kIgnore,
                      .note = ReasonCode::kLossLimitRevenue}}});
  add(Floor{
      .limit = {.amount = FixedLimit{Money::FromCents(100)}, .note = ReasonCode::kFloorApplied}});
  add(Relief{.kind = ReliefAmount{"relief", "portion"}});
  add(Relief{.kind = ReliefFraction{"fraction"}});
  add(RoundingRule{.mode = Rounding::kHalfEven, .unit_cents = 100});
  add(Recoupment{.balance_fact = "advance", .maximum = Rate::FromPercent(80)});
  add(Withhold{.rate = Rate::FromPercent(2),
               .mode = Rounding::kTowardZero,
               .released_by = "next year's settlement",
               .forfeit_to = ForfeitTo::kPayer});
  add(Split{.levels = {{.keep = Rate::FromPercent(33), .basis = SplitBasis::kEqual},
                       {.basis = SplitBasis::kWeights,
                        .weight_name = "member_months",
                        .floor = Money::FromCents(17'500),
                        .cap = Money::FromCents(56'000),
                        .forfeit_to = ForfeitTo::kParent}},
            .losses = LossSplit::kMirrored,
            .standing = StandingDay::kPeriodEnd});
  terms.payment_withhold = Withhold{.rate = Rate::FromPercent(5)};
  return terms;
}

}  // namespace sluice::performance
