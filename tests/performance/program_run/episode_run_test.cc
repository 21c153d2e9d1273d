// Bundles from files of members and claims to stored awards, beside the settlement of an ACO that
// has the same members.
#include <gmock/gmock.h>

#include "performance/episodes/episode_service.h"
#include "performance/program_run/run_facts.h"
#include "tests/performance/program_run/run_fixture.h"

namespace sluice::performance::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const DateRange kYear = DateRange::Year(2025);
const CalculationDates kDates{.period = kYear, .pay_date = MakeDate(2026, 9, 30)};

// Stays with DRG 470, 30 days after them, against the regional mean of 2024.
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

// What is saved against $3,000.00 a member and month, less what this bundle paid.
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

class EpisodeRunTest : public ProgramRunTest {
 protected:
  void SetUp() override {
    MakeHierarchy();
    MakeProgram("ssp", "3B");
    ImportMembers({"M1,2024-01-01,,ma,HMO,gold,1980-05-05,female,,WA",
                   "M3,2024-01-01,,ma,HMO,gold,1950-06-06,female,,WA"});
    ImportClaims({
        // the stay
        "M3,K0,1,institutional,2025-06-01,2025-06-09,,470,1234567893,30000.00,25000.00,2025-07-15,"
        "final",
        // 20 days after it: in the bundle, whoever billed it
        "M3,K1,1,professional,2025-06-29,2025-06-29,97110,,1999999984,120.50,100.00,2025-07-15,"
        "final",
        // 31 days after: outside
        "M3,K2,1,professional,2025-07-10,2025-07-10,97110,,1999999984,90.00,90.00,2025-07-15,final",
        // somebody without an episode
        "M1,K3,1,professional,2025-03-10,2025-03-10,99213,,1003000126,1500.00,1234.56,2025-04-02,"
        "final"});
    contract_ = AddContract(kAco, KneeContract());
  }
  void RecordBaseline() {
    Record(contract_, kYear,
           Facts().SetAmount("episode_baseline.regional.470.2024", Cents(31'000'00)));
  }

  ContractId contract_;
};

// feature:E05
TEST_F(EpisodeRunTest, ClaimsAndABaselineBecomeTheAwardOfABundle) {
  Run({.dates = kDates});
  const StoredAward blocked = AwardOf(contract_, kYear);
  EXPECT_EQ(blocked.status, AwardStatus::kBlocked);
  EXPECT_EQ(blocked.missing, "the regional baseline of cell 470 in 2024");
  RecordBaseline();
  const ProgramRunSummary summary = Run({.dates = kDates});
  EXPECT_THAT(summary.details[0].missing, IsEmpty());
  // Allowed: 30,000.00 + 120.50.
  EXPECT_EQ(AwardOf(contract_, kYear).amount, Cents(31'000'00 - 30'120'50))
      << AwardOf(contract_, kYear).explanation;
  const std::int64_t rows = StoredRows();
  EXPECT_EQ(Run({.dates = kDates}).awards.unchanged, 1);
  EXPECT_EQ(StoredRows(), rows);

  // A late line of the stay makes the difference.
  ImportClaims({"M3,K4,1,professional,2025-06-02,2025-06-02,27447,,1003000126,79.50,79.50,"
                "2025-12-01,final"});
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract_, kYear).delta, Cents(-79'50));
}

// feature:E05
TEST_F(EpisodeRunTest, BudgetsOfTheTableArePaidAheadAndReconciledByTheNextVersion) {
  Terms terms = KneeContract();
  std::get<EpisodeSum>(std::get<Basis>(terms.components[0].rule).kind).payment =
      EpisodePayment::kBudget;
  terms.components.push_back(
      {.rule = Split{.levels = {{.basis = SplitBasis::kWeights,
                                 .weight_name = std::string(kEpisodeBudget)}},
                     .losses = LossSplit::kMirrored},
       .clause = "9"});
  const ContractId contract = AddContract(kAco, terms);
  Record(contract, kYear, Facts().SetText(kEpisodeStage, "interim"));
  Run({.dates = kDates, .contracts = std::vector{contract}});
  EXPECT_EQ(AwardOf(contract, kYear).zero_reason, ReasonCode::kNoEpisodes) << "none accepted yet";

  EpisodeService table(database_, payer_, db_.Clock(), db_.Ids());
  ASSERT_TRUE(table.SetTypes(DefaultEpisodeTypes()).ok());
  std::vector<EpisodeId> ids;
  for (const unsigned day : {20U, 21U}) {
    ids.push_back(db_.Ids().Next<EpisodeTag>());
    Tick();
    const Status accepted = table.Accept({.contract = contract,
                                          .id = ids.back(),
                                          .type = "KNS",
                                          .opened_on = MakeDate(2025, 5, day),
                                          .patient_name = "Ada Lovelace",
                                          .patient_number = "P-1",
                                          .member_id = MemberId("M3"),
                                          .member_number = "M3",
                                          .anchor_claim = {}},
                                         UserId(1));
    ASSERT_TRUE(accepted.ok()) << accepted;
  }
  const auto post = [&](EpisodeId id, std::int64_t cents,
                        const std::vector<BudgetParticipant>& team) {
    Tick();
    const auto parts = table.PostBudget(contract, id, Cents(cents), team, UserId(1));
    ASSERT_TRUE(parts.ok()) << parts.status();
    Tick();
  };
  post(ids[0], 15'000'01, {{kPractice1, Ratio(3)}, {kPractice2, Ratio(1)}});
  const auto run = [&] { Run({.dates = kDates, .contracts = std::vector{contract}}); };
  run();
  EXPECT_EQ(AwardOf(contract, kYear).missing,
            "the budget of episode " + ids[1].ToString() + " (share it)");
  post(ids[1], 14'999'99, {{kPractice1, Ratio(1)}, {kDoctor1, Ratio(1)}});
  run();
  EXPECT_THAT(AwardOf(contract, kYear).missing, HasSubstr(kDoctor1.ToString() + " directly below"));
  post(ids[1], 14'999'99, {{kPractice1, Ratio(1)}});
  run();
  // 15,000.01 in three and one: 11,250.01 and 3,750.00; all of the other.
  EXPECT_EQ(AwardOf(contract, kYear).amount, Cents(30'000'00)) << AwardOf(contract, kYear).missing;
  EXPECT_EQ(ShareOf(contract, kYear, kPractice1), Cents(11'250'01 + 14'999'99));
  EXPECT_EQ(ShareOf(contract, kYear, kPractice2), Cents(3'750'00));
  const std::int64_t rows = StoredRows();
  run();
  EXPECT_EQ(StoredRows(), rows);

  Record(contract, kYear, Facts().SetText(kEpisodeStage, "final"));
  run();
  EXPECT_EQ(AwardOf(contract, kYear).missing, "the regional baseline of cell 470 in 2024");
  Record(contract, kYear,
         Facts().SetAmount("episode_baseline.regional.470.2024", Cents(31'000'00)));
  run();
  // Cost 30,120.50, and 879.50 below the target.
  EXPECT_EQ(AwardOf(contract, kYear).amount, Cents(31'000'00)) << AwardOf(contract, kYear).missing;
  EXPECT_EQ(AwardOf(contract, kYear).delta, Cents(1'000'00));
  EXPECT_EQ(ShareOf(contract, kYear, kPractice2), Cents(3'875'00));
}

// The ACO's members were to cost 72,000.00 and cost 26,424.56. Of that saving the bundle paid
// 879.50 for M3, which is not the ACO's once more.
TEST_F(EpisodeRunTest, WhatTheBundlePaidIsTakenOutOfTheSettlementThatNamesIt) {
  const ProgramId bundles = program_;
  MakeProgram("ssl", "3A");
  const ProgramId savings = program_;
  const ContractId aco = AddContract(kAco, AcoTerms(contract_));
  const ContractId unaware = AddContract(kPractice2, AcoTerms(ContractId(77)));
  const ContractId small = AddContract(kPractice1, AcoTerms(contract_));  // without M3
  SetMethod(aco);
  SetMethod(small);
  ImportChoices({"M1,member_selected,1003000126,411234567,2024-01-01,",
                 "M3,member_selected,1234567893,421234567,2024-01-01,"});
  Publish(aco, 2025);
  Publish(small, 2025);
  Run({.dates = kDates, .contracts = std::vector{aco}});
  EXPECT_THAT(AwardOf(aco, kYear).missing, HasSubstr(PaidInEpisodes(contract_)))
      << "the bundle has not run yet";

  program_ = bundles;
  RecordBaseline();
  Run({.dates = kDates});
  const std::int64_t paid = 31'000'00 - 30'120'50;
  EXPECT_EQ(AwardOf(contract_, kYear).amount, Cents(paid));
  program_ = savings;
  Run({.dates = kDates, .contracts = std::vector{aco, small}});
  EXPECT_EQ(AwardOf(small, kYear).amount, Cents(12 * 3'000'00 - 1'234'56))
      << "told that nothing was paid for its members" << AwardOf(small, kYear).missing;
  const std::int64_t cost = 25'000'00 + 100'00 + 90'00 + 1'234'56;
  EXPECT_EQ(AwardOf(aco, kYear).amount, Cents(24 * 3'000'00 - paid - cost))
      << AwardOf(aco, kYear).explanation << AwardOf(aco, kYear).missing;
  const auto facts = FactsOf(database_, unaware, kYear, db_.Clock().Now());
  ASSERT_TRUE(facts.ok()) << facts.status();
  EXPECT_FALSE(facts->own.Has(PaidInEpisodes(contract_)))
      << "only settlements that name the fact are told";
}

// A stay at the end of a year, half-years of the bundle and years of the ACO: of what the bundle
// paid each year of the ACO has the part that is of its services.
TEST_F(EpisodeRunTest, WhatTheBundlePaidIsTakenOutByTheDaysOfService) {
  ImportClaims({"M3,D0,1,institutional,2025-12-20,2025-12-27,,470,1234567893,20000.00,15000.00,"
                "2026-01-15,final",
                "M3,D1,1,professional,2026-01-05,2026-01-05,97110,,1999999984,10000.00,8000.00,"
                "2026-02-15,final"});
  const ProgramId bundles = program_;
  MakeProgram("ssl", "3A");
  const ProgramId savings = program_;
  const ContractId aco = AddContract(kAco, AcoTerms(contract_));
  SetMethod(aco);
  ImportChoices({"M1,member_selected,1003000126,411234567,2024-01-01,",
                 "M3,member_selected,1234567893,421234567,2024-01-01,"});
  Publish(aco, 2025);
  Publish(aco, 2026);
  const auto run_bundle = [&](const DateRange& period) {
    Record(contract_, period,
           Facts().SetAmount("episode_baseline.regional.470.2024", Cents(31'000'00)));
    program_ = bundles;
    Run({.dates = {.period = period, .pay_date = kDates.pay_date}});
    program_ = savings;
  };
  const Date july = MakeDate(2025, 7, 1);
  run_bundle(DateRange::Between(kYear.from, july));
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(aco, kYear).missing,
            PaidInEpisodes(contract_) +
                " (its episodes of 2025-07-01 have not run; run its program first)");
  run_bundle(DateRange::Between(july, *kYear.to));
  Run({.dates = kDates});
  // 879.50, and of the 1,000.00 of the stay in December two thirds.
  const std::int64_t cost = 25'000'00 + 100'00 + 90'00 + 1'234'56 + 15'000'00;
  EXPECT_EQ(AwardOf(aco, kYear).amount, Cents(24 * 3'000'00 - cost - 879'50 - 666'67))
      << AwardOf(aco, kYear).explanation << AwardOf(aco, kYear).missing;

  const DateRange next = DateRange::Year(2026);
  const CalculationDates next_dates{.period = next, .pay_date = MakeDate(2027, 9, 30)};
  Run({.dates = next_dates});
  EXPECT_THAT(AwardOf(aco, next).missing, HasSubstr("episodes of 2026-01-01 have not run"));
  run_bundle(next);
  // Told: the award of the next year is calculated with the third.
  Run({.dates = next_dates});
  EXPECT_EQ(AwardOf(aco, next).amount, Cents(24 * 3'000'00 - 8'000'00 - 333'33))
      << AwardOf(aco, next).explanation << AwardOf(aco, next).missing;

  // The whole year of the bundle run at once says the same, and no episode counts twice.
  run_bundle(kYear);
  EXPECT_EQ(Run({.dates = kDates}).awards.unchanged, 1);
}

// The ACO's program is older than that of the bundles: by their ids it would run first.
TEST_F(EpisodeRunTest, ProgramsRunInTheOrderInWhichTheyWaitForOneAnother) {
  const ProgramId savings = program_;
  MakeProgram("eoc", "3B");
  const ProgramId bundles = program_;
  ASSERT_LT(savings, bundles);
  const ContractId bundle = AddContract(kAco, KneeContract());
  Record(bundle, kYear,
         Facts().SetAmount("episode_baseline.regional.470.2024", Cents(31'000'00)));
  program_ = savings;
  const ContractId aco = AddContract(kPractice2, AcoTerms(bundle));
  SetMethod(aco);
  ImportChoices({"M3,member_selected,1234567893,421234567,2024-01-01,"});
  Publish(aco, 2025);
  const auto request = [&](ProgramId program) {
    return ProgramRunRequest{.program = program, .dates = kDates, .actor = "test"};
  };
  Tick();
  const auto runs = run_.RunAll({request(savings), request(bundles)});
  ASSERT_TRUE(runs.ok()) << runs.status();
  ASSERT_EQ(runs->size(), 2U);
  EXPECT_EQ((*runs)[0].program, bundles);
  EXPECT_EQ((*runs)[1].program, savings);
  EXPECT_EQ(AwardOf(aco, kYear).amount,
            Cents(12 * 3'000'00 - 25'000'00 - 100'00 - 90'00 - 879'50))
      << AwardOf(aco, kYear).missing;

  // A settlement that takes off what a bundle of its own program paid can never run.
  AddContract(kPractice1, AcoTerms(contract_));
  Tick();
  const auto circle = run_.RunAll({request(savings), request(bundles)});
  EXPECT_EQ(circle.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(circle.status()), HasSubstr("takes off what"));
  EXPECT_EQ(run_.RunAll({request(ProgramId(7))}).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace sluice::performance::testing
