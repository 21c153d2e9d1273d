// Measure results of members to the measure facts of contracts: what is counted, what was known
// when, and that a correction becomes a new version of the award.
#include "performance/quality/measure_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "performance/member_year_store.h"
#include "performance/program_service.h"
#include "performance/program_store.h"
#include "performance/quality/measure_counts.h"
#include "tests/support/test_database.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(MeasureCounts, TheLastResultOfAMemberAndMeasureCounts) {
  MeasureCounts counts;
  counts.Add(1, "AWV", false);
  counts.Add(1, "CBP", true);
  counts.Add(2, "CBP", true);
  counts.Add(2, "CBP", false);
  counts.Add(3, "CBP", false);
  counts.Add(3, "CBP", true);
  counts.Add(3, "A1C", true);
  const std::vector<MeasureTotal> totals = counts.Take();
  ASSERT_THAT(totals, SizeIs(3));
  EXPECT_EQ(totals[0].measure_id, "A1C");
  EXPECT_EQ(totals[0].numerator, 1);
  EXPECT_EQ(totals[0].denominator, 1);
  EXPECT_EQ(totals[1].measure_id, "AWV");
  EXPECT_EQ(totals[1].numerator, 0);
  EXPECT_EQ(totals[1].denominator, 1);
  EXPECT_EQ(totals[2].measure_id, "CBP");
  EXPECT_EQ(totals[2].numerator, 2);
  EXPECT_EQ(totals[2].denominator, 3);
  EXPECT_THAT(counts.Take(), IsEmpty());
}

class MeasureServiceTest : public ::testing::Test {
 protected:
  MeasureServiceTest()
      : payer_(db_.NewPayer("Plan")),
        app_(db_.App().ForPayer(payer_)),
        programs_(app_, db_.Clock(), db_.Ids()),
        service_(app_, db_.Clock(), db_.Ids()),
        program_(db_.Ids().Next<ProgramTag>()) {}

  void SetUp() override {
    ASSERT_TRUE(programs_
                    .CreateProgram({.id = program_,
                                    .payer = payer_,
                                    .name = "Quality incentive 2025",
                                    .stream = "qip",
                                    .lan_category = "2C",
                                    .book = db_.Ids().Next<BookTag>(),
                                    .created_at = db_.Clock().Now()})
                    .ok());
  }

  void AddContracts(int count) {
    std::vector<Contract> contracts;
    for (int i = 0; i < count; ++i) {
      contracts_.push_back(db_.Ids().Next<ContractTag>());
      contracts.push_back({.id = contracts_.back(),
                           .payer = payer_,
                           .program = program_,
                           .party = PartyId(1'000 + i),
                           .effective = DateRange::From(kPeriod.from)});
    }
    ASSERT_TRUE(programs_.CreateContracts(contracts).ok());
  }

  Instant Record(const std::vector<MemberMeasure>& rows) {
    db_.Clock().AdvanceMicros(1);
    const Instant now = db_.Clock().Now();
    const Status stored = app_.Transact([&](pg::Transaction& tx) -> Status {
      InsertMemberMeasures(tx, rows, now);
      return OkStatus();
    });
    EXPECT_TRUE(stored.ok()) << stored;
    return now;
  }
  MemberMeasure Row(std::size_t contract, std::int64_t member, const std::string& measure, bool met,
                    Date period_from = kPeriod.from) const {
    return {contracts_[contract], period_from, member, measure, met};
  }

  MeasureSummary Count(std::optional<Instant> known_at = std::nullopt) {
    db_.Clock().AdvanceMicros(1);
    const auto summary =
        service_.Count({.program = program_, .period = kPeriod, .known_at = known_at});
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.value_or(MeasureSummary{});
  }
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> FactsOf(std::size_t contract) {
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> counts;
    const ContractId id = contracts_[contract];
    const auto facts = app_.Transact([&](pg::Transaction& tx) {
      return LoadFacts(tx, {&id, 1}, kPeriod, db_.Clock().Now());
    });
    EXPECT_TRUE(facts.ok()) << facts.status();
    const auto found = facts->find(id);
    if (found == facts->end()) return counts;
    for (const auto& [name, result] : found->second.own.Measures()) {
      counts[name] = {std::stoll(result.numerator.ToString()),
                      std::stoll(result.denominator.ToString())};
    }
    return counts;
  }

  static inline const DateRange kPeriod = DateRange::Year(2025);
  ::sluice::testing::TestDatabase db_;
  PayerId payer_;
  pg::Database app_;
  ProgramService programs_;
  MeasureService service_;
  ProgramId program_;
  std::vector<ContractId> contracts_;
};

using Counts = std::map<std::string, std::pair<std::int64_t, std::int64_t>>;

TEST_F(MeasureServiceTest, CountsArePerContractOfThePeriodAndOfTheLastResult) {
  AddContracts(3);
  Record({Row(0, 1, "CBP", true), Row(0, 2, "CBP", false), Row(0, 2, "AWV", true),
          Row(0, 1, "CBP", false, MakeDate(2024, 1, 1)), Row(2, 1, "CBP", false)});
  const MeasureSummary first = Count();
  EXPECT_EQ(first.contracts, 3);
  EXPECT_EQ(first.results, 4);
  EXPECT_EQ(first.measures, 3);
  EXPECT_EQ(first.recorded, 3);
  EXPECT_EQ(FactsOf(0), (Counts{{"AWV", {1, 1}}, {"CBP", {1, 2}}}));
  EXPECT_EQ(FactsOf(1), Counts());  // nobody spoke of it: missing, not zero
  EXPECT_EQ(FactsOf(2), (Counts{{"CBP", {0, 1}}}));

  EXPECT_EQ(Count().recorded, 0);
  const Instant before = db_.Clock().Now();
  Record({Row(0, 2, "CBP", true)});
  EXPECT_EQ(Count(before).recorded, 0);  // not known then
  EXPECT_EQ(Count().recorded, 1);
  EXPECT_EQ(FactsOf(0), (Counts{{"AWV", {1, 1}}, {"CBP", {2, 2}}}));
}

// The same counts by SQL, over more contracts than share a stream.
TEST_F(MeasureServiceTest, CountsAreThoseOfTheDatabase) {
  const unsigned seed = std::random_device{}();
  RecordProperty("seed", static_cast<int>(seed));
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  AddContracts(300);
  const std::vector<std::string> measures = {"A1C", "AWV", "CBP", "DEP", "FLU"};
  for (int round = 0; round < 3; ++round) {
    std::set<std::tuple<std::size_t, std::int64_t, std::string>> keys;
    while (keys.size() < 2'000) {
      keys.emplace(random() % contracts_.size(), 1 + random() % 20, measures[random() % 5]);
    }
    std::vector<MemberMeasure> rows;
    for (const auto& [contract, member, measure] : keys) {
      rows.push_back(Row(contract, member, measure, random() % 2 == 0));
    }
    Record(rows);
    Count();
    const auto sums =
        app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<ContractTotals>> {
          return SumMemberYears(tx, program_, kPeriod.from, db_.Clock().Now());
        });
    ASSERT_TRUE(sums.ok()) << sums.status();
    std::map<ContractId, Counts> expected;
    for (const ContractTotals& total : *sums) {
      for (const MeasureTotal& measure : total.measures) {
        expected[total.contract][measure.measure_id] = {measure.numerator, measure.denominator};
      }
    }
    for (std::size_t i = 0; i < contracts_.size(); ++i) {
      ASSERT_EQ(FactsOf(i), expected[contracts_[i]]) << "contract " << i << ", round " << round;
    }
  }
}

TEST_F(MeasureServiceTest, WhatCannotBeCountedIsRefused) {
  AddContracts(1);
  const auto refusal = [&](const MeasureRequest& request) {
    return StatusMessage(service_.Count(request).status());
  };
  EXPECT_THAT(refusal({.program = ProgramId(77), .period = kPeriod}), HasSubstr("is not known"));
  EXPECT_THAT(refusal({.program = program_, .period = DateRange::From(kPeriod.from)}),
              HasSubstr("closed period"));
  EXPECT_THAT(refusal({.program = program_,
                       .period = kPeriod,
                       .known_at = Instant::AtMidnight(MakeDate(2200, 1, 1))}),
              HasSubstr("in the future"));
  MeasureService other(db_.App().ForPayer(db_.NewPayer("Other")), db_.Clock(), db_.Ids());
  EXPECT_EQ(other.Count({.program = program_, .period = kPeriod}).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace sluice::performance
