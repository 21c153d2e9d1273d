// Each step cites the clause it implements: in the award, in the package that replays it, and on
// the statement that its payees read. The golden statements of the models, one after the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/award_collector.h"
#include "performance/activity/activity.h"
#include "performance/capitation/payees.h"
#include "performance/episodes/episodes.h"
#include "performance/member_month_facts.h"
#include "performance/mssp_terms.h"
#include "performance/package.h"
#include "performance/settlement.h"
#include "tests/performance/activity/sample_activity.h"
#include "tests/performance/capitation/example.h"
#include "tests/performance/cited_steps.h"
#include "tests/performance/episodes/sample_episodes.h"
#include "tests/performance/sample_settlements.h"
#include "tests/performance/terms_samples.h"

namespace sluice::payments {
namespace {

using performance::Award;
using performance::Facts;
using performance::SettlementInput;
using performance::Terms;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Golden {
  std::string name;
  SettlementInput input;
};

SettlementInput InputOf(Terms terms, Facts facts, const DateRange& period, Date pay_date) {
  return {.terms = std::move(terms),
          .facts = std::move(facts),
          .dates = {.period = period, .pay_date = pay_date},
          .party = {.party = PartyId(1), .name = "Lakeshore ACO"}};
}

void AddSharedSavings(std::vector<Golden>& goldens) {
  using performance::MsspTrack;
  const DateRange year = performance::testing::Dates2024().period;
  for (const MsspTrack track : {MsspTrack::kBasicA, MsspTrack::kBasicE, MsspTrack::kEnhanced}) {
    for (const std::int64_t saving : {3'000'000, 100'000, -100'000, -3'000'000}) {
      const auto terms =
          performance::MsspTerms({.performance_year = 2024,
                                  .track = track,
                                  .has_advance = true,
                                  .revenue_absent = performance::WhenAbsent::kIgnore});
      ASSERT_TRUE(terms.ok()) << terms.status();
      Facts facts = performance::testing::SavingsFacts(saving);
      facts.SetAmount("advance_balance", Money::FromCents(250'000'00));
      goldens.push_back({fmt::format("{}, {}", performance::MsspTrackName(track), saving),
                         InputOf(*terms, facts, year, MakeDate(2025, 9, 1))});
    }
  }
}

void AddQuality(std::vector<Golden>& goldens) {
  goldens.push_back({"13.5 quality incentive",
                     InputOf(performance::QualityIncentiveTerms(),
                             performance::QualityIncentiveFacts(), DateRange::Year(2026),
                             MakeDate(2027, 5, 3))});
  for (Golden& golden : goldens) {
    golden.input.facts.SetDate("standing_from", MakeDate(2020, 1, 1));
  }
}

void AddCapitation(std::vector<Golden>& goldens) {
  namespace example = performance::testing;
  const Terms terms = example::ExampleTerms(example::ExampleBasis());
  SettlementInput input = InputOf(
      terms, {}, DateRange::Between(MakeDate(2026, 7, 1), MakeDate(2026, 8, 1)),
      MakeDate(2026, 7, 31));
  std::vector<performance::PayeeResult> payees;
  for (const auto& [id, cents] : {std::pair(1, -460), std::pair(2, 6'604)}) {
    payees.push_back(performance::SettlePayee(terms, PartyId(id + 100),
                                              {.lines = 1, .months = 1, .current_cents = cents},
                                              Facts().SetAmount("receivable", Money()), {})
                         .value());
    input.party.children.push_back({.party = PartyId(id + 100),
                                    .name = "practice",
                                    .facts = performance::PayeeFactsOf(payees.back())});
  }
  input.facts = performance::ContractFactsOf(payees, Digest{});
  goldens.push_back({"13.6 capitation", input});
}

void AddActivity(std::vector<Golden>& goldens) {
  namespace example = performance::testing;
  const DateRange year = DateRange::Year(2025);
  const auto run =
      performance::RunActivities(example::ExampleActivity(), year, example::ExampleEvents());
  ASSERT_TRUE(run.ok()) << run.status();
  Facts facts;
  facts.Set(performance::kActivityAmount, run->total.amount)
      .SetCount(performance::kActivitySubmitted, run->total.submitted)
      .SetCount(performance::kActivityCounted, run->total.counted)
      .SetText(performance::kActivityLines, ToHex(run->digest));
  facts.Set(performance::kActivityOverLimit, run->total.over_limit);
  constexpr Terms (*kTerms)() = &example::ExampleTerms;
  Terms terms = kTerms();
  terms.components.pop_back();  // the split has a test of its own
  goldens.push_back({"13.7 activities", InputOf(terms, facts, year, MakeDate(2026, 6, 1))});
}

void AddEpisodes(std::vector<Golden>& goldens) {
  namespace example = performance::testing;
  performance::EpisodeSum knees = example::KneeTerms();
  knees.limits = {{2026, Rate::FromPercent(20), Rate::FromPercent(20)}};
  const performance::EpisodeInputs inputs = example::KneeInputs(
      example::Dollars(25'000),
      {example::MemberWith(1, {example::Stay("A", example::Day(2, 1), example::Day(2, 4),
                                             example::Dollars(24'000))})});
  const auto run = performance::RunEpisodes(knees, inputs);
  ASSERT_TRUE(run.ok()) << run.status();
  goldens.push_back({"bundle",
                     InputOf(example::ContractOf(knees), performance::FactsOfRun(knees, *run),
                             inputs.period, MakeDate(2027, 3, 1))});
}

// feature:C12
TEST(GoldenStatements, EveryStepCitesTheClauseItImplements) {
  std::vector<Golden> goldens;
  AddSharedSavings(goldens);
  AddQuality(goldens);
  AddCapitation(goldens);
  AddActivity(goldens);
  AddEpisodes(goldens);
  ASSERT_EQ(goldens.size(), 16U);
  for (const Golden& golden : goldens) {
    SCOPED_TRACE(golden.name);
    const performance::Settlement settled = performance::Settle(golden.input);
    const Award& award = settled.award;
    ASSERT_EQ(award.status, performance::AwardStatus::kComputed) << award.missing;
    EXPECT_THAT(performance::UncitedSteps(award), IsEmpty());
    EXPECT_GE(award.steps.size(), golden.input.terms->components.size());

    const std::string text = ToText(award);
    const std::string package = performance::ExportPackage({.program = ProgramId(3),
                                                            .program_name = "Program",
                                                            .stream = "ssl",
                                                            .contract = ContractId(1),
                                                            .award = AwardId(2),
                                                            .version = 1},
                                                           golden.input, settled);
    const auto replay = performance::ReplayPackage(package);
    ASSERT_TRUE(replay.ok()) << replay.status();
    EXPECT_TRUE(replay->Matches()) << ToText(*replay);
    EXPECT_THAT(performance::UncitedSteps(replay->settlement.award), IsEmpty());
    for (const performance::Step& step : award.steps) {
      EXPECT_THAT(text, HasSubstr(step.clause));
      EXPECT_THAT(package, HasSubstr(step.clause));
    }
    for (const ExplanationStep& step : ExplainAward(award)) {
      bool cited = false;
      for (const performance::Step& of_award : award.steps) {
        cited = cited || (!of_award.clause.empty() && step.note.ends_with(of_award.clause));
      }
      EXPECT_TRUE(cited) << step.label << ": " << step.note;
    }
  }
}

}  // namespace
}  // namespace sluice::payments
