// A quality incentive from results of measures, by file and by member, to stored awards.
#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "performance/feeds/feed_service.h"
#include "performance/member_year_store.h"
#include "tests/performance/program_run/run_fixture.h"

namespace sluice::performance::testing {
namespace {

using ::testing::HasSubstr;

const DateRange kYear = DateRange::Year(2025);
const CalculationDates kDates{.period = kYear, .pay_date = MakeDate(2026, 4, 15)};

// $1,000.00 times the mean of two measures.
Terms IncentiveTerms() {
  Score score;
  for (const char* id : {"AWV", "CBP"}) {
    score.measures.push_back({.id = id,
                              .threshold = Ratio(0),
                              .target = Ratio(1),
                              .domain = {},
                              .parent_measure = {}});
  }
  return {.title = "Quality incentive 2025",
          .components = {
              {.rule = Basis{.kind = FixedAmount{Money::FromCents(1'000'00)}}, .clause = "2"},
              {.rule = score, .clause = "3"},
              {.rule = RateComponent{.cases = {{.rule = RateTimesScore{
                                                    .maximum = Rate::FromPercent(100),
                                                    .score_fact = {}}}},
                                     .otherwise = ReasonCode::kScoreZero},
               .clause = {}},
              {.rule = RoundingRule{}, .clause = {}}}};
}

class QualityRunTest : public ProgramRunTest {
 protected:
  void SetUp() override {
    MakeHierarchy();
    MakeProgram("qip", "2C");
    contract_ = AddContract(kAco, IncentiveTerms());
  }
  void RecordResults(ContractId contract,
                     const std::vector<std::tuple<std::int64_t, std::string, bool>>& results) {
    Tick();
    std::vector<MemberMeasure> rows;
    for (const auto& [member, measure, met] : results) {
      rows.push_back({contract, kYear.from, member, measure, met});
    }
    const Status stored = database_.Transact([&](pg::Transaction& tx) -> Status {
      InsertMemberMeasures(tx, rows, db_.Clock().Now());
      return OkStatus();
    });
    ASSERT_TRUE(stored.ok()) << stored;
    Tick();
  }

  ContractId contract_;
};

// feature:C12
TEST_F(QualityRunTest, ResultsOfMembersBecomeTheAward) {
  const ContractId other = AddContract(kPractice1, IncentiveTerms());
  RecordResults(contract_, {{1, "AWV", true}, {2, "AWV", true}, {3, "AWV", false}});
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract_, kYear).status, AwardStatus::kBlocked);
  EXPECT_THAT(AwardOf(contract_, kYear).missing, HasSubstr("CBP"));

  const Instant cut = db_.Clock().Now();
  RecordResults(contract_,
                {{1, "CBP", true}, {2, "CBP", false}, {3, "CBP", true}, {4, "CBP", true}});
  RecordResults(other, {{9, "AWV", true}, {9, "CBP", true}});
  const ProgramRunSummary past = Run({.dates = kDates, .known_at = cut});
  EXPECT_EQ(past.awards.blocked, 2) << "not known then";
  const ProgramRunSummary summary = Run({.dates = kDates, .contracts = std::vector{contract_}});
  EXPECT_EQ(summary.awards.contracts, 1);
  // (2 / 3 + 3 / 4) / 2 of 1,000.00: 708.333...
  EXPECT_EQ(AwardOf(contract_, kYear).amount, Cents(708'33)) << AwardOf(contract_, kYear).missing;
  EXPECT_EQ(AwardOf(other, kYear).status, AwardStatus::kBlocked) << "no contract of the run";
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(other, kYear).amount, Cents(1'000'00));
  const std::int64_t rows = StoredRows();
  EXPECT_EQ(Run({.dates = kDates}).awards.unchanged, 2);
  EXPECT_EQ(StoredRows(), rows);

  // A corrected result is a difference: (3 / 3 + 3 / 4) / 2.
  RecordResults(contract_, {{3, "AWV", true}});
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract_, kYear).delta, Cents(875'00 - 708'33));
}

// feature:D01
TEST_F(QualityRunTest, AFileOfResultsBecomesTheAward) {
  FeedService feeds(db_.App(), payer_, db_.Clock(), db_.Ids());
  const auto spec = LoadFeedSpec("deploy/config/feeds/measure_results.toml");
  ASSERT_TRUE(spec.ok()) << spec.status();
  ASSERT_TRUE(feeds.Declare(*spec).ok());
  const std::string front = contract_.ToString() + ",,,2025-01-01,2025-12-31,";
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("quality_" + std::to_string(::getpid()) + ".csv");
  std::ofstream(path) << "contract_id,provider_npi,practice_tin,measurement_start,"
                         "measurement_end,measure_id,numerator,denominator,reported\n"
                      << front << "AWV,30,40,Y\n"
                      << front << "CBP,1,4,Y\n";
  Tick();
  const auto delivery = feeds.Receive({.feed = "measure_results", .path = path, .period = kYear});
  std::filesystem::remove(path);
  ASSERT_TRUE(delivery.ok() && delivery->Accepted()) << delivery.status();
  EXPECT_EQ(delivery->rows_rejected, 0);
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract_, kYear).amount, Cents(500'00)) << AwardOf(contract_, kYear).missing;
}

}  // namespace
}  // namespace sluice::performance::testing
