#include "tests/performance/sample_settlements.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "core/check.h"
#include "performance/mssp_terms.h"
#include "tests/performance/cited_steps.h"

namespace sluice::performance::testing {
namespace {

Exact Dollars(std::int64_t dollars) { return Exact(Money::FromCents(dollars * 100)); }

}  // namespace

Terms SavingsTerms(const Split& split, bool has_advance) {
  StatusOr<Terms> terms = MsspTerms({.performance_year = 2024,
                                     .track = MsspTrack::kBasicE,
                                     .has_advance = has_advance,
                                     .revenue_absent = WhenAbsent::kIgnore});
  CHECK(terms.ok());
  terms->components.push_back({.rule = split, .clause = "split"});
  return *std::move(terms);
}

Terms QualityTerms(const Split& split) {
  Terms terms{.title = "Quality incentive"};
  const auto add = [&](Rule rule) { terms.components.push_back({.rule = std::move(rule)}); };
  add(Basis{.kind = WithheldBalance{}, .zero_reason = ReasonCode::kPoolEmpty});
  add(Gate{.name = "all measures reported",
           .test = AllReported{},
           .on_fail = {.gain_reason = ReasonCode::kNotReported,
                       .loss_reason = ReasonCode::kNotReported}});
  add(Score{.measures = {{.id = "CBP",
                          .threshold = Ratio(60, 100),
                          .target = Ratio(72, 100),
                          .weight = Ratio(3),
                          .minimum_denominator = 30},
                         {.id = "GSD",
                          .threshold = Ratio(25, 100),
                          .target = Ratio(14, 100),
                          .weight = Ratio(2),
                          .minimum_denominator = 30}}});
  add(RateComponent{
      .cases = {{.rule = RateTimesScore{.maximum = Rate::FromPercent(100), .score_fact = ""}}},
      .otherwise = ReasonCode::kScoreZero});
  add(RoundingRule{});
  add(split);
  return NumberClauses(std::move(terms));
}

Split EqualSplit() {
  return Split{.levels = {{.keep = Rate::FromMillionths(333'333)}}, .losses = LossSplit::kMirrored};
}

Split PracticeAndProviderSplit() {
  return Split{.levels = {{.keep = Rate::FromPercent(10),
                           .basis = SplitBasis::kWeights,
                           .weight_name = "member_months"},
                          {.keep = Rate::FromPercent(25),
                           .basis = SplitBasis::kWeights,
                           .weight_name = "points",
                           .floor = Money::FromCents(100'00),
                           .cap = Money::FromCents(250'000'00),
                           .forfeit_to = ForfeitTo::kParent}},
               .losses = LossSplit::kMirrored};
}

CalculationDates Dates2024() {
  return {.period = DateRange::Year(2024), .pay_date = MakeDate(2025, 10, 15)};
}

Facts SavingsFacts(std::int64_t saving_dollars) {
  Facts facts;
  facts.Set("benchmark", Dollars(50'000'000))
      .Set("expenditure", Dollars(50'000'000 - saving_dollars));
  facts.SetRatio("period_fraction", Ratio(1));
  facts.SetRatio("minimum_rate", Ratio(1, 100)).SetRatio("quality_score", Ratio(8237, 10'000));
  facts.SetCount("assigned_beneficiaries", 7'000).SetFlag("quality_standard_met", true);
  facts.SetFlag("alternative_standard_met", false).SetFlag("guardrail", false);
  facts.SetText("track", "E").SetText("revenue_category", "high");
  facts.SetDate("agreement_start", MakeDate(2022, 1, 1));
  facts.Set("disaster_relief", Dollars(0));
  return facts;
}

Facts QualityFacts() {
  Facts facts;
  facts.Set("withheld", Dollars(1'000'000));
  facts.SetMeasure("CBP", {.numerator = Ratio(70), .denominator = Ratio(100)});
  facts.SetMeasure("GSD", {.numerator = Ratio(20), .denominator = Ratio(100)});
  return facts;
}

SettlementInput RandomSettlements::Next() {
  SettlementInput input{.dates = Dates2024()};
  const Split split = Up(1) == 0 ? EqualSplit() : PracticeAndProviderSplit();
  if (Up(1) == 0) {
    const bool has_advance = Up(3) == 0;
    input.terms = SavingsTerms(split, has_advance);
    input.facts = SavingsFacts(Up(8'000'000) - 3'000'000);
    input.facts.SetFlag("quality_standard_met", Up(4) != 0);
    if (has_advance) input.facts.Set("advance_balance", Dollars(Up(900'000)));
  } else {
    input.terms = QualityTerms(split);
    input.facts = QualityFacts();
    input.facts.Set("withheld", Exact(Money::FromCents(Up(100'000'000))));
    input.facts.SetMeasure(
        "CBP",
        {.numerator = Ratio(Up(400)), .denominator = Ratio(20 + Up(500)), .reported = Up(9) != 0});
    input.facts.SetMeasure("GSD", {.numerator = Ratio(Up(90)), .denominator = Ratio(1 + Up(400))});
  }
  if (Up(30) == 0) input.facts.Remove(Up(1) == 0 ? "benchmark" : "withheld");
  input.party = NextParticipant(9, 2);
  return input;
}

Participant RandomSettlements::NextParticipant(std::int64_t id, int generations) {
  Participant participant{.party = PartyId(id),
                          .name = "Practice\t" + std::to_string(id) + " \\ \"North\""};
  Facts& facts = participant.facts;
  if (Up(200) != 0) facts.SetCount("member_months", Up(4) == 0 ? 0 : Up(20'000));
  if (Up(200) != 0) facts.Set("points", Exact(Money::FromCents(Up(900'000))) * Ratio(1, 7));
  if (Up(5) == 0) facts.SetDate("standing_to", MakeDate(2025, 6, 30));
  if (generations == 0) return participant;
  for (std::int64_t child = 1; child <= Up(5); ++child) {
    participant.children.push_back(NextParticipant(id * 10 + child, generations - 1));
  }
  return participant;
}

unsigned PrintedSeed() {
  const char* fixed = std::getenv("SLUICE_TEST_SEED");
  const unsigned seed =
      fixed != nullptr ? static_cast<unsigned>(std::stoul(fixed)) : std::random_device{}();
  std::printf("seed %u\n", seed);
  return seed;
}

}  // namespace sluice::performance::testing
