// What one award comes to is an input of others: a correction runs along the chain, and finds
// contracts that did not know the member before. A run of everything then stores nothing more.
#include <gmock/gmock.h>

#include "performance/episodes/episodes.h"
#include "performance/member_year_store.h"
#include "performance/program_run/forfeit_sharing.h"
#include "performance/quality/redistribution.h"
#include "performance/recalculation/recalculation_service.h"
#include "performance/savings/deficit_service.h"
#include "tests/performance/program_run/run_fixture.h"

namespace sluice::performance::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const DateRange kLastYear = DateRange::Year(2024);
const DateRange kYear = DateRange::Year(2025);
const CalculationDates kLastDates{.period = kLastYear, .pay_date = MakeDate(2025, 9, 30)};
const CalculationDates kDates{.period = kYear, .pay_date = MakeDate(2026, 9, 30)};

class ChainedRecalculationTest : public ProgramRunTest {
 protected:
  ChainedRecalculationTest()
      : recalculation_(db_.App(), payer_, db_.Clock(), db_.Ids()),
        recalculator_(db_.App(), payer_, db_.Clock(), db_.Ids()) {}

  WorkSummary Correct() {
    Tick();
    const auto work = recalculation_.Correct(recalculator_);
    EXPECT_TRUE(work.ok()) << work.status();
    for (const auto& [item, reason] : work->failures) ADD_FAILURE() << reason;
    Tick();
    return *work;
  }
  std::string CauseOf(ContractId contract, const DateRange& period) {
    const StoredAward award = AwardOf(contract, period);
    std::string text;
    Money sum;
    const auto causes = recalculation_.Causes({award.contract, award.award, award.version});
    for (const DeltaCause& cause : *causes) {
      text += cause.cause + "; ";
      sum += cause.amount;
    }
    EXPECT_EQ(sum, award.delta);
    return text;
  }
  // Everything again changes nothing, so what was run is what a full run gives.
  void ExpectFullRunChangesNothing(const CalculationDates& dates) {
    Tick();
    EXPECT_EQ(Run({.dates = dates}).awards.new_versions, 0);
  }

  RecalculationService recalculation_;
  ProgramRecalculator recalculator_;
};

// --- Forfeits: of the score of one, the shares of the others ------------------------------------

Terms WithholdTerms() {
  Score score;
  score.measures = {{.id = "CBP",
                     .threshold = Ratio(0),
                     .target = Ratio(1),
                     .domain = {},
                     .parent_measure = {}}};
  return {.title = "Quality withhold 2025",
          .components = {
              {.rule = Basis{.kind = WithheldBalance{}, .zero_reason = ReasonCode::kPoolEmpty},
               .clause = "6"},
              {.rule = score, .clause = {}},
              {.rule = RateComponent{.cases = {{.rule = RateTimesScore{
                                                    .maximum = Rate::FromPercent(100),
                                                    .score_fact = {}}}},
                                     .otherwise = ReasonCode::kScoreZero},
               .clause = {}},
              {.rule = RoundingRule{}, .clause = {}},
              {.rule = Redistribute{.minimum_score = Ratio(4, 5)}, .clause = "6.4"}}};
}

Terms SharedTerms() {
  return {.title = "Shared forfeits 2025",
          .components = {{.rule = Basis{.kind = PercentOfFact{Rate::FromPercent(100),
                                                              std::string(kRedistributedFact)},
                                        .zero_reason = ReasonCode::kPoolEmpty},
                          .clause = "6.4"},
                         {.rule = RoundingRule{}, .clause = {}}}};
}

Facts ScoreFacts(std::int64_t withheld, std::int64_t numerator, std::int64_t months) {
  Facts facts;
  facts.SetAmount("withheld", Money::FromCents(withheld));
  facts.SetMeasure("CBP", {.numerator = Ratio(numerator), .denominator = Ratio(100)});
  facts.SetCount("member_months", months);
  return facts;
}

// feature:P7
TEST_F(ChainedRecalculationTest, AScoreThatIsCorrectedMovesWhatOthersShare) {
  MakeHierarchy();
  MakeProgram("qip", "2C");
  const ContractId poor = AddContract(kPractice1, WithholdTerms());
  const ContractId good = AddContract(kPractice2, WithholdTerms());
  const ContractId share = AddContract(kPractice2, SharedTerms());
  Record(poor, kYear, ScoreFacts(1'000'00, 50, 120));
  Record(good, kYear, ScoreFacts(2'000'00, 90, 100));
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(share, kYear).payable, Cents(500'00 + 200'00));
  EXPECT_EQ(Correct().calculations, 0);

  Record(poor, kYear, ScoreFacts(1'000'00, 70, 120));
  const WorkSummary work = Correct();
  EXPECT_EQ(work.new_versions, 2);
  EXPECT_EQ(AwardOf(poor, kYear).delta, Cents(200'00));
  EXPECT_EQ(AwardOf(share, kYear).payable, Cents(300'00 + 200'00));
  EXPECT_THAT(CauseOf(share, kYear), HasSubstr("redistributed"));
  ExpectFullRunChangesNothing(kDates);
}

// --- Results of measures: of members, what the contract scores ----------------------------------

// feature:P7 feature:C12
TEST_F(ChainedRecalculationTest, AResultOfAMemberThatIsCorrectedMovesTheScore) {
  MakeHierarchy();
  MakeProgram("qip", "2C");
  Terms terms = WithholdTerms();
  terms.components.front().rule = Basis{.kind = FixedAmount{Cents(1'000'00)}};
  terms.components.pop_back();
  const ContractId contract = AddContract(kAco, terms);
  const auto results = [&](std::int64_t member, bool met) {
    Tick();
    const MemberMeasure row{contract, kYear.from, member, "CBP", met};
    const Status stored = database_.Transact([&](pg::Transaction& tx) -> Status {
      InsertMemberMeasures(tx, {&row, 1}, db_.Clock().Now());
      return OkStatus();
    });
    EXPECT_TRUE(stored.ok()) << stored;
    Tick();
  };
  results(1, true);
  results(2, false);
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract, kYear).amount, Cents(500'00)) << AwardOf(contract, kYear).missing;
  EXPECT_EQ(Correct().calculations, 0);
  results(1, true);  // said again
  EXPECT_EQ(Correct().calculations, 0);
  results(2, true);
  EXPECT_EQ(Correct().new_versions, 1);
  EXPECT_EQ(AwardOf(contract, kYear).delta, Cents(500'00));
  EXPECT_THAT(CauseOf(contract, kYear), HasSubstr("results of 1 member: CBP"));
  ExpectFullRunChangesNothing(kDates);
}

// --- Deficits: of one year, what the next one recovers ------------------------------------------

Terms CarryingTerms() {
  BenchmarkMinusActual basis{
      .target = PerMemberTarget{.price = UnitPrice::FromMillionths(500'000'000), .price_fact = {}}};
  basis.detail = SavingsDetail{};
  return {.title = "Shared savings",
          .components = {{.rule = Basis{.kind = basis}, .clause = "3"},
                         {.rule = RateComponent{.cases = {{.rule = FixedRate{
                                                               Rate::FromPercent(50)}}}},
                          .clause = {}},
                         {.rule = RoundingRule{}, .clause = {}},
                         {.rule = CarryForward{.maximum = Rate::FromPercent(100),
                                               .carry_losses = true},
                          .clause = "9"}}};
}

// feature:P7 feature:C13
TEST_F(ChainedRecalculationTest, ALossThatIsRestatedMovesWhatTheNextYearRecovers) {
  MakeHierarchy();
  MakeProgram("ssl", "3B");
  ImportMembers({"M1,2024-01-01,,ma,HMO,gold,1980-05-05,female,,WA"});
  ImportChoices({"M1,member_selected,1003000126,411234567,2024-01-01,"});
  // 12 months at 500.00: a loss of 2,000.00 in 2024, a gain of 5,000.00 in 2025; half of each.
  ImportClaims({"M1,C1,1,professional,2024-03-10,2024-03-10,99213,,1003000126,8000.00,8000.00,"
                "2024-04-02,final",
                "M1,C2,1,professional,2025-03-10,2025-03-10,99213,,1003000126,1000.00,1000.00,"
                "2025-04-02,final"});
  const ContractId contract = AddContract(kAco, CarryingTerms());
  SetMethod(contract);
  Publish(contract, 2024);
  Publish(contract, 2025);
  Run({.dates = kLastDates});
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract, kLastYear).amount, Cents(-1'000'00));
  EXPECT_EQ(AwardOf(contract, kYear).recouped, Cents(1'000'00));
  EXPECT_EQ(AwardOf(contract, kYear).payable, Cents(1'500'00));
  // What came after a year does not reach back into it.
  ExpectFullRunChangesNothing(kLastDates);
  EXPECT_EQ(Correct().new_versions, 0);

  // A late claim of 2024: another 500.00 of loss.
  ImportClaims({"M1,C3,1,professional,2024-05-10,2024-05-10,99213,,1003000126,1000.00,1000.00,"
                "2026-10-02,final"});
  EXPECT_EQ(Correct().new_versions, 2);
  EXPECT_EQ(AwardOf(contract, kLastYear).amount, Cents(-1'500'00));
  EXPECT_EQ(AwardOf(contract, kYear).recouped, Cents(1'500'00));
  EXPECT_EQ(AwardOf(contract, kYear).delta, Cents(-500'00));
  EXPECT_THAT(CauseOf(contract, kYear), HasSubstr("deficit account: a loss carried"));
  DeficitService deficits(database_, db_.Clock(), db_.Ids());
  EXPECT_EQ(deficits.Balance({payer_, program_, kAco}).value(), Money());
  // And back.
  ImportClaims({"M1,C3,1,professional,2024-05-10,2024-05-10,99213,,1003000126,1000.00,0.00,"
                "2026-10-20,final"});
  EXPECT_EQ(Correct().new_versions, 2);
  EXPECT_EQ(AwardOf(contract, kYear).payable, Cents(1'500'00));
  ExpectFullRunChangesNothing(kLastDates);
  ExpectFullRunChangesNothing(kDates);
}

// --- Bundles: of the claims of members who were in nobody's list --------------------------------

Terms KneeContract() {
  EpisodeSum episodes;
  EpisodeDefinition knee{.type = "KNS", .name = "Knee"};
  knee.anchors = {{.code = {.field = ClaimCodeField::kDrg, .code = "470"}, .cell = "470"}};
  knee.days_after = 30;
  episodes.definitions = {knee};
  episodes.target.baseline = {{.year = 2024, .weight = Rate::FromPercent(100)}};
  return {.title = "Knees 2025",
          .components = {{.rule = Basis{.kind = episodes, .zero_reason = ReasonCode::kNoEpisodes},
                          .clause = "4"},
                         {.rule = RoundingRule{}, .clause = {}}}};
}

// feature:P7 feature:E05
TEST_F(ChainedRecalculationTest, ALateStayOfAMemberOnNoListIsABundle) {
  MakeHierarchy();
  MakeProgram("ssl", "3B");
  ImportMembers({"M1,2024-01-01,,ma,HMO,gold,1980-05-05,female,,WA",
                 "M2,2024-01-01,,ma,HMO,gold,1970-05-05,female,,WA"});
  ImportClaims({"M1,C1,1,institutional,2025-06-01,2025-06-09,,470,1234567893,30000.00,25000.00,"
                "2025-07-15,final"});
  const ContractId contract = AddContract(kAco, KneeContract());
  Record(contract, kYear,
         Facts().SetAmount("episode_baseline.regional.470.2024", Cents(31'000'00)));
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract, kYear).amount, Cents(1'000'00)) << AwardOf(contract, kYear).missing;

  ImportClaims({"M2,C2,1,institutional,2025-08-01,2025-08-09,,470,1234567893,29000.00,25000.00,"
                "2025-09-15,final"});
  EXPECT_EQ(Correct().new_versions, 1);
  EXPECT_EQ(AwardOf(contract, kYear).amount, Cents(3'000'00));
  // A service after the end of the year, within the 30 days of a stay in December.
  ImportClaims({"M2,C4,1,institutional,2025-12-20,2025-12-24,,470,1234567893,31000.00,25000.00,"
                "2026-01-15,final"});
  EXPECT_EQ(Correct().new_versions, 1);
  ImportClaims({"M2,C5,1,professional,2026-01-10,2026-01-10,97110,,1999999984,200.00,200.00,"
                "2026-02-15,final"});
  EXPECT_EQ(Correct().new_versions, 1);
  EXPECT_EQ(AwardOf(contract, kYear).amount, Cents(2'800'00));
  EXPECT_THAT(CauseOf(contract, kYear), HasSubstr("claims of 1 member"));
  ExpectFullRunChangesNothing(kDates);
}

// What is saved against $3,000.00 a member and month, less what the bundle paid.
Terms AcoTerms(ContractId bundle) {
  BenchmarkMinusActual basis{.target = PerMemberTarget{
                                 .price = UnitPrice::FromMillionths(3'000'000'000),
                                 .price_fact = {}}};
  basis.adjustments = {{.name = "paid in bundles",
                        .kind = PaidElsewhere{{PaidInEpisodes(bundle)}},
                        .clause = "7"}};
  basis.detail = SavingsDetail{};
  return {.title = "Shared savings 2025",
          .components = {{.rule = Basis{.kind = basis}, .clause = "3"},
                         {.rule = RoundingRule{}, .clause = {}}}};
}

// feature:P7
TEST_F(ChainedRecalculationTest, WhatABundlePaysMovesTheSettlementBesideIt) {
  MakeHierarchy();
  MakeProgram("ssp", "3B");
  const ProgramId bundles = program_;
  ImportMembers({"M1,2024-01-01,,ma,HMO,gold,1980-05-05,female,,WA"});
  ImportChoices({"M1,member_selected,1003000126,411234567,2024-01-01,"});
  ImportClaims({"M1,C1,1,institutional,2025-06-01,2025-06-09,,470,1234567893,30000.00,25000.00,"
                "2025-07-15,final"});
  const ContractId bundle = AddContract(kAco, KneeContract());
  Record(bundle, kYear,
         Facts().SetAmount("episode_baseline.regional.470.2024", Cents(31'000'00)));
  MakeProgram("ssl", "3A");
  const ContractId aco = AddContract(kAco, AcoTerms(bundle));
  SetMethod(aco);
  Publish(aco, 2025);
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(aco, kYear).status, AwardStatus::kBlocked) << "the bundle has not run";
  program_ = bundles;
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(bundle, kYear).amount, Cents(1'000'00));
  // It was told, and that is an edit of the settlement.
  EXPECT_EQ(Correct().new_versions, 1);
  const std::int64_t saved = 12 * 3'000'00 - 25'000'00;
  EXPECT_EQ(AwardOf(aco, kYear).amount, Cents(saved - 1'000'00)) << AwardOf(aco, kYear).missing;

  // A late line of the stay: 79.50 was allowed, 50.00 was paid.
  ImportClaims({"M1,C2,1,professional,2025-06-02,2025-06-02,27447,,1003000126,79.50,50.00,"
                "2025-12-01,final"});
  EXPECT_GE(Correct().new_versions, 2);
  EXPECT_EQ(AwardOf(bundle, kYear).delta, Cents(-79'50));
  EXPECT_EQ(AwardOf(aco, kYear).amount, Cents(saved - 50'00 - (1'000'00 - 79'50)));
  CauseOf(aco, kYear);
  ExpectFullRunChangesNothing(kDates);
}

}  // namespace
}  // namespace sluice::performance::testing
