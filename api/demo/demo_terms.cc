#include "api/demo/demo_terms.h"

#include <array>

#include "core/check.h"

namespace sluice::demo {
namespace {

using performance::Component;
using performance::ReasonCode;
using performance::Side;

constexpr std::array<std::string_view, 5> kMeasures{"CBP", "BCS-E", "COL-E", "GSD-LT-9", "W30"};

performance::Split TwoLevels(std::int64_t aco_keeps_percent, std::int64_t practice_keeps_percent) {
  return performance::Split{
      .levels = {performance::SplitLevel{.keep = Rate::FromPercent(aco_keeps_percent),
                                         .basis = performance::SplitBasis::kWeights,
                                         .weight_name = "member_months",
                                         .floor = std::nullopt,
                                         .cap = std::nullopt},
                 performance::SplitLevel{.keep = Rate::FromPercent(practice_keeps_percent),
                                         .basis = performance::SplitBasis::kWeights,
                                         .weight_name = "role_points",
                                         .floor = std::nullopt,
                                         .cap = std::nullopt}},
      .losses = performance::LossSplit::kKeptByParty,
      .standing = performance::StandingDay::kPayDate};
}

performance::MeasureTerm Measure(std::string_view id, std::int64_t threshold_percent,
                                 std::int64_t target_percent, std::int64_t weight) {
  return performance::MeasureTerm{.id = std::string(id),
                                  .threshold = Ratio(threshold_percent, 100),
                                  .target = Ratio(target_percent, 100),
                                  .weight = Ratio(weight),
                                  .minimum_denominator = 20,
                                  .small = performance::SmallDenominator::kDropAndReweight,
                                  .points_at_threshold = Ratio()};
}

performance::Score QualityScore() {
  return performance::Score{
      .measures = {Measure(kMeasures[0], 52, 76, 3), Measure(kMeasures[1], 54, 80, 1),
                   Measure(kMeasures[2], 56, 82, 1), Measure(kMeasures[3], 58, 86, 3),
                   Measure(kMeasures[4], 60, 88, 1)}};
}

}  // namespace

std::string_view MeasureId(std::size_t measure) {
  CHECK(measure < kMeasures.size());
  return kMeasures[measure];
}

performance::Split MedicareAcoSplit() { return TwoLevels(33, 50); }

performance::Terms CommercialSavingsTerms() {
  performance::Terms terms;
  terms.title = "Commercial shared savings, one-sided";
  const auto add = [&](performance::Rule rule, std::string clause) {
    terms.components.push_back(Component{std::move(rule), std::move(clause)});
  };
  add(performance::Basis{.kind = performance::TargetMinusActual{},
                         .zero_reason = ReasonCode::kNoSavings},
      "Section 3.1");
  add(performance::Gate{.name = "one-sided: losses are not shared",
                        .side = Side::kLoss,
                        .test = performance::NeverPasses{},
                        .on_fail = {.factors = {},
                                    .gain_reason = ReasonCode::kGateFailed,
                                    .loss_reason = ReasonCode::kNoSavings,
                                    .note_only = std::nullopt}},
      "Section 3.2");
  add(performance::Gate{.name = "minimum savings rate",
                        .side = Side::kGain,
                        .test =
                            performance::ValueAtLeast{
                                .reference_fact = "benchmark",
                                .threshold = performance::FixedThreshold{Ratio(2, 100)}},
                        .on_fail = {.factors = {},
                                    .gain_reason = ReasonCode::kBelowMinimumSavingsRate,
                                    .loss_reason = ReasonCode::kBelowMinimumLossRate,
                                    .note_only = std::nullopt}},
      "Section 3.3");
  add(QualityScore(), "Section 4.1");
  add(
      performance::RateComponent{
          .side = Side::kGain,
          .cases = {performance::RateCase{
              .when = {},
              .rule =
                  performance::RateTimesScore{.maximum = Rate::FromPercent(50), .score_fact = ""},
              .note = std::nullopt}},
          .otherwise = ReasonCode::kScoreZero},
      "Section 3.4");
  add(performance::Cap{.side = Side::kGain,
                       .limits = {performance::Limit{
                           .amount = performance::ShareOfFact{.rate = Rate::FromPercent(10),
                                                              .fact = "benchmark"},
                           .when_absent = performance::WhenAbsent::kBlock,
                           .note = ReasonCode::kPaymentLimit}}},
      "Section 3.5");
  add(performance::RoundingRule{}, "Section 3.6");
  add(TwoLevels(20, 60), "Section 5");
  return terms;
}

performance::Terms QualityIncentiveTerms() {
  performance::Terms terms;
  terms.title = "Quality incentive with withhold and earn-back";
  const auto add = [&](performance::Rule rule, std::string clause) {
    terms.components.push_back(Component{std::move(rule), std::move(clause)});
  };
  add(performance::Basis{.kind = performance::WithheldBalance{},
                         .zero_reason = ReasonCode::kPoolEmpty},
      "Section 2.1");
  add(performance::Gate{.name = "all measures reported",
                        .side = Side::kBoth,
                        .test = performance::AllReported{},
                        .on_fail = {.factors = {},
                                    .gain_reason = ReasonCode::kNotReported,
                                    .loss_reason = ReasonCode::kNotReported,
                                    .note_only = std::nullopt}},
      "Section 2.2");
  add(performance::Gate{.name = "at least two measures at threshold",
                        .side = Side::kBoth,
                        .test = performance::CountAtThreshold{.minimum = 2},
                        .on_fail = {}},
      "Section 2.3");
  add(QualityScore(), "Section 2.4");
  add(
      performance::RateComponent{
          .side = Side::kBoth,
          .cases = {performance::RateCase{
              .when = {},
              .rule =
                  performance::RateTimesScore{.maximum = Rate::FromPercent(100), .score_fact = ""},
              .note = std::nullopt}},
          .otherwise = ReasonCode::kScoreZero},
      "Section 2.5");
  add(performance::RoundingRule{}, "Section 2.6");
  terms.payment_withhold = performance::Withhold{.rate = Rate::FromPercent(5),
                                                 .mode = Rounding::kHalfAwayFromZero,
                                                 .released_by = "the yearly quality settlement",
                                                 .forfeit_to = performance::ForfeitTo::kPool};
  return terms;
}

}  // namespace sluice::demo
