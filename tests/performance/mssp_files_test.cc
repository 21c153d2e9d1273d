// The published results of 2018, 2022 and 2024 as an oracle: every settlement, every reason, and
// the near misses that a wrong order of operations would give (PROGRAM_MATH section 15).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "performance/mssp_results.h"
#include "performance/statutory.h"
#include "tests/support/shared_data.h"

namespace sluice::performance {
namespace {

using sluice::testing::HasShared;
using sluice::testing::kNoSharedData;
using sluice::testing::SharedPath;

const MsspResults& File(int year) {
  static std::map<int, MsspResults> files;
  const auto found = files.find(year);
  if (found != files.end()) return found->second;
  const auto results =
      ReadMsspResults(SharedPath(fmt::format("data/mssp_puf/PY{}.csv", year)), year);
  EXPECT_TRUE(results.ok()) << results.status();
  return files.emplace(year, *results).first->second;
}

struct Expected {
  int year;
  int acos;
  int exact;
  int within;
  int paid;
  int owing;
  std::int64_t net;
  std::map<std::string, int> reasons;
  std::map<std::string, int> notes;  // only these are compared
};

class MsspFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasShared("data/mssp_puf")) GTEST_SKIP() << kNoSharedData;
  }
};

void CheckYear(const Expected& expected) {
  SCOPED_TRACE(expected.year);
  int generated = 0, exact = 0, within = 0, paid = 0, owing = 0;
  Exact net;
  std::map<std::string, int> reasons, notes;
  for (const MsspResultRow& row : File(expected.year).rows) {
    const MsspComparison comparison = CompareWithPublished(row);
    EXPECT_EQ(comparison.problem, "") << row.aco_id;
    EXPECT_NE(comparison.earned, MsspMatch::kMiss) << row.aco_id;
    generated += comparison.generated_exact ? 1 : 0;
    exact += comparison.earned == MsspMatch::kExact ? 1 : 0;
    within += comparison.earned == MsspMatch::kWithinRounding ? 1 : 0;
    paid += comparison.award.amount > Money() ? 1 : 0;
    owing += comparison.award.amount < Money() ? 1 : 0;
    net = net + *row.earned;
    if (comparison.award.zero_reason) {
      ++reasons[std::string(ReasonName(*comparison.award.zero_reason))];
    }
    for (const ReasonCode note : comparison.award.notes) ++notes[std::string(ReasonName(note))];
  }
  EXPECT_EQ(File(expected.year).rows.size(), static_cast<std::size_t>(expected.acos));
  EXPECT_EQ(generated, expected.acos);
  EXPECT_GE(exact, expected.exact);
  EXPECT_EQ(exact + within, expected.acos);
  EXPECT_EQ(paid, expected.paid);
  EXPECT_EQ(owing, expected.owing);
  EXPECT_EQ(net, Exact(Money::FromCents(expected.net * 100)));
  EXPECT_EQ(reasons, expected.reasons);
  for (const auto& [note, count] : expected.notes) EXPECT_EQ(notes[note], count) << note;
}

TEST_F(MsspFiles, Of2018) {
  CheckYear({2018,
             548,
             372,
             176,
             205,
             11,
             966'394'386,
             {{"BELOW_MINIMUM_SAVINGS_RATE", 159},
              {"NO_SAVINGS", 104},
              {"ONE_SIDED_NO_LOSS_OWED", 59},
              {"BELOW_MINIMUM_LOSS_RATE", 10}},
             {{"PAYMENT_LIMIT", 1}, {"RELIEF_PARTIAL", 11}, {"HALF_RATE", 0}}});
}

TEST_F(MsspFiles, Of2022) {
  CheckYear({2022,
             482,
             480,
             2,
             304,
             0,
             2'524'453'557,
             {{"BELOW_MINIMUM_SAVINGS_RATE", 101},
              {"NO_SAVINGS", 34},
              {"ONE_SIDED_NO_LOSS_OWED", 10},
              {"BELOW_MINIMUM_LOSS_RATE", 18},
              {"RELIEF_ABSORBED_LOSS", 15}},
             {{"PAYMENT_LIMIT", 0}}});
}

TEST_F(MsspFiles, Of2024) {
  CheckYear({2024,
             476,
             474,
             2,
             359,
             16,
             4'104'240'119,
             {{"BELOW_MINIMUM_SAVINGS_RATE", 61},
              {"NO_SAVINGS", 21},
              {"ONE_SIDED_NO_LOSS_OWED", 6},
              {"BELOW_MINIMUM_LOSS_RATE", 11},
              {"GUARDRAIL_NO_PAYMENT", 2}},
             {{"HALF_RATE", 13}, {"ALTERNATIVE_STANDARD", 13}, {"GUARDRAIL_SMALLER_LOSS", 7}}});
}

// An advance that is paid back in full is exact; one that takes the whole award is as exact as the
// award, because their file recovers its unrounded amount.
TEST_F(MsspFiles, RecoupmentIsTheSmallerOfBalanceAndAward) {
  for (const auto& [year, count] : std::map<int, int>{{2018, 9}, {2024, 19}}) {
    int advances = 0;
    for (const MsspResultRow& row : File(year).rows) {
      if (!row.participation.has_advance) continue;
      ++advances;
      const MsspComparison comparison = CompareWithPublished(row);
      const Award& award = comparison.award;
      const Exact gap = Abs(Exact(award.recouped) - *row.recouped);
      EXPECT_LE(gap, award.balance_left == Money() ? Exact() : comparison.tolerance) << row.aco_id;
      EXPECT_EQ(Exact(award.recouped + *award.balance_left), **row.facts.Amount("advance_balance"));
      if (award.amount > Money()) {
        EXPECT_EQ(award.recouped + award.payable, award.amount);
      }
    }
    EXPECT_EQ(advances, count) << year;
  }
}

// Section 3.1: the printed minimum rate of every one-sided ACO is the table's, and every two-sided
// ACO has one of the five elections or the table.
TEST_F(MsspFiles, MinimumRatesAreTheTablesOrElections) {
  const std::map<int, std::vector<int>> expected = {
      {2018, {453, 75, 20}}, {2022, {198, 244, 40}}, {2024, {157, 287, 32}}};
  for (const auto& [year, counts] : expected) {
    const Ratio half_unit = year == 2018 ? Ratio(1, 2'000'000'000) : Ratio(1, 20'000);
    std::vector<int> found(3);
    for (const MsspResultRow& row : File(year).rows) {
      const Ratio printed = **row.facts.RatioOf("minimum_rate");
      const auto elections = MsspElections();
      const bool elected =
          std::find(elections.begin(), elections.end(), printed) != elections.end();
      if (IsTwoSided(row.participation.track) && elected) {
        ++found[1];
        continue;
      }
      const auto table =
          FindMinimumRate(kMsspMinimumSavingsRate, **row.facts.Count("assigned_beneficiaries"));
      ASSERT_TRUE(table.has_value()) << row.aco_id;
      const Ratio gap = *table > printed ? *table - printed : printed - *table;
      EXPECT_LE(gap, half_unit) << row.aco_id;
      ++found[IsTwoSided(row.participation.track) ? 2 : 0];
    }
    EXPECT_EQ(found, counts) << year;
  }
}

// How many settlements in the three files differ, in the payment or in the generated saving, when
// the terms are changed.
int Misses(const std::function<void(const MsspResultRow&, Terms&)>& change) {
  int misses = 0;
  for (const int year : {2018, 2022, 2024}) {
    for (const MsspResultRow& row : File(year).rows) {
      StatusOr<Terms> terms = MsspTerms(row.participation);
      EXPECT_TRUE(terms.ok());
      change(row, *terms);
      const MsspComparison comparison = CompareWithPublished(row, *terms);
      if (comparison.earned == MsspMatch::kMiss || !comparison.generated_exact) ++misses;
    }
  }
  return misses;
}

template <typename T>
void ForEach(Terms& terms, const std::function<void(T&)>& visit) {
  for (Component& component : terms.components) {
    if (T* rule = std::get_if<T>(&component.rule)) visit(*rule);
  }
}

TEST_F(MsspFiles, NearMissCapBeforeSequestration) {
  EXPECT_EQ(Misses([](const MsspResultRow&, Terms& terms) {
              for (std::size_t i = 0; i + 1 < terms.components.size(); ++i) {
                if (std::holds_alternative<Reduction>(terms.components[i].rule)) {
                  std::swap(terms.components[i], terms.components[i + 1]);
                  return;
                }
              }
            }),
            1);
}

TEST_F(MsspFiles, NearMissSequestrationOfLosses) {
  EXPECT_EQ(Misses([](const MsspResultRow&, Terms& terms) {
              ForEach<Reduction>(terms, [](Reduction& r) { r.side = Side::kBoth; });
            }),
            27);
}

TEST_F(MsspFiles, NearMissNoHalfRate) {
  EXPECT_EQ(Misses([](const MsspResultRow&, Terms& terms) {
              ForEach<Gate>(terms, [](Gate& gate) { gate.on_fail.factors.clear(); });
            }),
            13);
}

TEST_F(MsspFiles, NearMissHalfRateWhateverTheAgreement) {
  EXPECT_EQ(Misses([](const MsspResultRow&, Terms& terms) {
              ForEach<Gate>(terms, [](Gate& gate) {
                for (FailFactor& factor : gate.on_fail.factors) factor.when.pop_back();
              });
            }),
            20);
}

TEST_F(MsspFiles, NearMissLossRateOfAtLeast45Percent) {
  EXPECT_EQ(Misses([](const MsspResultRow&, Terms& terms) {
              ForEach<RateComponent>(terms, [](RateComponent& rate) {
                for (RateCase& option : rate.cases) {
                  if (auto* rule = std::get_if<ComplementOfScore>(&option.rule)) {
                    rule->lowest = Rate::FromPercent(45);
                  }
                }
              });
            }),
            14);
}

// A minimum rate rounded to tenths of a per cent.
TEST_F(MsspFiles, NearMissRoundedMinimumRate) {
  EXPECT_EQ(Misses([](const MsspResultRow& row, Terms& terms) {
              const auto table = FindMinimumRate(kMsspMinimumSavingsRate,
                                                 **row.facts.Count("assigned_beneficiaries"));
              const Money tenths =
                  Round(Exact(Money::FromCents(1'000)) * *table, Rounding::kHalfAwayFromZero);
              const FixedThreshold rounded{Ratio(tenths.Cents(), 1'000)};
              const auto elections = MsspElections();
              const bool elected =
                  IsTwoSided(row.participation.track) &&
                  std::find(elections.begin(), elections.end(),
                            **row.facts.RatioOf("minimum_rate")) != elections.end();
              if (elected) return;
              ForEach<Gate>(terms, [&](Gate& gate) {
                if (auto* test = std::get_if<ValueAtLeast>(&gate.test)) test->threshold = rounded;
              });
            }),
            3);
}

}  // namespace
}  // namespace sluice::performance
