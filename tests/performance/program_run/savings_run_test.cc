// Shared savings from files of members, choices and claims to stored awards.
#include <gmock/gmock.h>

#include "performance/package.h"
#include "performance/program_run/member_cost_source.h"
#include "performance/program_store.h"
#include "performance/savings/completion.h"
#include "performance/savings/deficit_service.h"
#include "tests/performance/program_run/run_fixture.h"

namespace sluice::performance::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const DateRange kYear = DateRange::Year(2025);
const CalculationDates kDates{.period = kYear, .pay_date = MakeDate(2026, 9, 30)};

// Half of what is saved against $500.00 a member and month; cost of one person above $10,000.00 a
// year does not count.
Terms SavingsTerms(SavingsDetail detail) {
  BenchmarkMinusActual basis{
      .target = PerMemberTarget{.price = UnitPrice::FromMillionths(500'000'000), .price_fact = {}}};
  basis.detail = std::move(detail);
  return {.title = "Shared savings 2025",
          .components = {{.rule = Basis{.kind = basis}, .clause = "3"},
                         {.rule = RateComponent{.cases = {{.rule = FixedRate{
                                                               Rate::FromPercent(50)}}}},
                          .clause = {}},
                         {.rule = RoundingRule{}, .clause = {}}}};
}

SavingsDetail Truncated() {
  SavingsDetail detail;
  detail.truncation = {.rule = TruncationRule::kFixed,
                       .threshold = Money::FromCents(1'000'000),
                       .population = {}};
  return detail;
}

class SavingsRunTest : public ProgramRunTest {
 protected:
  void SetUp() override {
    MakeHierarchy();
    MakeProgram("ssl", "3B");
    ImportMembers({"M1,2024-07-01,,ma,HMO,gold,1980-05-05,female,,WA",
                   "M2,2025-04-01,,ma,HMO,gold,1975-03-03,male,,WA",
                   "M3,2024-01-01,2025-09-30,ma,HMO,gold,1950-06-06,female,,WA",
                   "M9,2024-01-01,,ma,HMO,gold,1960-01-01,male,,WA"});
    // M9 has nobody: its cost is nobody's here.
    ImportChoices({"M1,member_selected,1003000126,411234567,2024-07-01,",
                   "M2,member_selected,1003000126,411234567,2025-04-01,",
                   "M3,member_selected,1234567893,421234567,2024-01-01,"});
    ImportClaims({
        "M1,C1,1,professional,2025-03-10,2025-03-10,99213,,1003000126,1500.00,1234.56,2025-04-02,"
        "final",
        "M2,C2,1,professional,2025-05-01,2025-05-01,99213,,1003000126,250.00,200.00,2025-05-20,"
        "final",
        "M2,C3,1,professional,2025-05-02,2025-05-02,99213,,1003000126,900.00,900.00,2025-05-20,"
        "denied",
        "M2,C4,1,professional,2025-02-01,2025-02-01,99213,,1003000126,70.00,70.00,2025-03-20,final",
        "M3,C5,1,institutional,2025-06-01,2025-06-09,,470,1234567893,30000.00,25000.00,2025-07-15,"
        "final",
        "M1,C6,1,professional,2024-12-31,2024-12-31,99213,,1003000126,80.00,80.00,2025-01-20,final",
        "M9,C7,1,professional,2025-06-01,2025-06-01,99213,,1003000126,5000.00,5000.00,2025-07-20,"
        "final",
    });
  }

  void Sign(const Terms& terms) {
    contract_ = AddContract(kAco, terms);
    SetMethod(contract_);
  }

  ContractId contract_;
};

// feature:C18 feature:A02
TEST_F(SavingsRunTest, ClaimsAndCoverageBecomeTheAward) {
  Sign(SavingsTerms(Truncated()));
  Publish(contract_, 2025);
  const ProgramRunSummary summary = Run({.dates = kDates});
  EXPECT_THAT(summary.details[0].missing, IsEmpty());
  const StoredAward award = AwardOf(contract_, kYear);
  // Months: 12 + 9 + 9. M3 is cut to 10,000 x 9 / 12; what M2 cost before it was covered, the
  // denied line and the line of 2024 do not count.
  const std::int64_t target = 30 * 500'00;
  const std::int64_t cost = 1'234'56 + 200'00 + 7'500'00;
  ASSERT_EQ((target - cost) % 2, 0);
  EXPECT_EQ(award.amount, Cents((target - cost) / 2)) << award.explanation << award.missing;
  const AwardKey key{award.contract, award.award, award.version};
  const auto replay = ReplayPackage(programs_.Package(key).value());
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_TRUE(replay->Matches()) << ToText(*replay);

  const std::int64_t rows = StoredRows();
  EXPECT_EQ(Run({.dates = kDates}).awards.unchanged, 1);
  EXPECT_EQ(StoredRows(), rows) << "the same knowledge stores nothing";

  // A late claim changes the award by half of it.
  ImportClaims({"M1,C8,1,professional,2025-11-10,2025-11-10,99213,,1003000126,100.00,100.00,"
                "2026-02-02,final"});
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract_, kYear).delta, Cents(-50'00));
  EXPECT_EQ(AwardOf(contract_, kYear).version, 2);
}

// M4 is of a self-funded group until the end of March, M5 all along.
// feature:C18
TEST_F(SavingsRunTest, MonthsOfAnExcludedProductCountOnNeitherSide) {
  ImportMembers({"M4,2024-07-01,2025-03-31,ma,ASO,gold,1980-05-05,female,,WA",
                 "M4,2025-04-01,,ma,HMO,gold,1980-05-05,female,,WA",
                 "M5,2024-01-01,2025-09-30,self_funded,HMO,gold,1950-06-06,female,,WA"});
  ImportChoices({"M4,member_selected,1003000126,411234567,2024-07-01,",
                 "M5,member_selected,1003000126,411234567,2024-01-01,"});
  ImportClaims({
      "M4,D1,1,professional,2025-03-31,2025-03-31,99213,,1003000126,500.00,500.00,2025-05-20,final",
      "M4,D2,1,professional,2025-04-01,2025-04-01,99213,,1003000126,100.00,100.00,2025-05-20,final",
      "M5,D3,1,professional,2025-04-01,2025-04-01,99213,,1003000126,900.00,900.00,2025-05-20,"
      "final"});
  SavingsDetail detail = Truncated();
  detail.excluded_products = {"ASO", "self_funded"};
  Sign(SavingsTerms(detail));
  Publish(contract_, 2025);
  Run({.dates = kDates});
  // 30 months of the others, and 9 of M4 from April on, in which it cost 100.00.
  EXPECT_EQ(AwardOf(contract_, kYear).amount, Cents((39 * 500'00 - 8'934'56 - 100'00) / 2))
      << AwardOf(contract_, kYear).missing << AwardOf(contract_, kYear).explanation;
}

TEST_F(SavingsRunTest, WhatWasRecordedAfterTheCutIsNotSeen) {
  Sign(SavingsTerms(Truncated()));
  Publish(contract_, 2025);
  const Instant cut = db_.Clock().Now();
  Tick();
  ImportClaims({"M1,C8,1,professional,2025-11-10,2025-11-10,99213,,1003000126,100.00,100.00,"
                "2026-02-02,final"});
  Run({.dates = kDates, .known_at = cut});
  const Money before = AwardOf(contract_, kYear).amount;
  EXPECT_EQ(before, Cents((15'000'00 - 8'934'56) / 2));
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract_, kYear).amount, before - Cents(50'00));
}

TEST_F(SavingsRunTest, AMissingInputBlocksByNameAndIsLiftedWhenItComes) {
  Sign(SavingsTerms(Truncated()));
  Run({.dates = kDates});
  EXPECT_THAT(AwardOf(contract_, kYear).missing, HasSubstr("the attribution list of 2025"));
  Publish(contract_, 2025);
  ImportClaims({"M1,C9,2,professional,2025-11-10,2025-11-10,99213,,1003000126,100.00,,,final"});
  const ProgramRunSummary summary = Run({.dates = kDates});
  ASSERT_THAT(summary.details[0].missing, SizeIs(1));
  EXPECT_EQ(AwardOf(contract_, kYear).status, AwardStatus::kBlocked);
  EXPECT_EQ(AwardOf(contract_, kYear).missing, "the paid amount of claim C9 line 2");
  ImportClaims(
      {"M1,C9,2,professional,2025-11-10,2025-11-10,99213,,1003000126,100.00,100.00,,final"});
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract_, kYear).amount, Cents((15'000'00 - 8'934'56 - 100'00) / 2));
}

// A draft is nobody's list yet.
TEST_F(SavingsRunTest, ADraftIsNotCalculatedWith) {
  Sign(SavingsTerms(Truncated()));
  const auto snapshot = hierarchies_.Snapshot(payer_, {.day = MakeDate(2025, 12, 31)});
  ASSERT_TRUE(lists_
                  .PrepareList({.contract = contract_, .period = kYear, .actor = "anna"}, *snapshot)
                  .ok());
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract_, kYear).status, AwardStatus::kBlocked);
}

// The triangle of the contract's own claims: 200.00 and 25,000.00 paid in the month after the
// service or in it, 1,234.56 a month later; the year is long over, so all of it is paid.
TEST_F(SavingsRunTest, CompletionAddsWhatIsIncurredAndNotPaid) {
  SavingsDetail detail = Truncated();
  detail.completion = Completion{.latest_months = 0, .expected_below = Ratio(1, 2)};
  Sign(SavingsTerms(detail));
  Publish(contract_, 2025);
  Run({.dates = kDates});
  const StoredAward award = AwardOf(contract_, kYear);
  EXPECT_EQ(award.status, AwardStatus::kComputed) << award.missing;
  EXPECT_EQ(award.amount, Cents((15'000'00 - 8'934'56) / 2));
  const auto facts = database_.Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::map<ContractId, ContractFacts>> {
        const std::vector<ContractId> ids = {contract_};
        return LoadFacts(tx, ids, kYear, db_.Clock().Now());
      });
  ASSERT_TRUE(facts.ok());
  const auto frozen = facts->at(contract_).own.Text(kFrozenFactors);
  ASSERT_TRUE(frozen.ok() && *frozen);
  const auto factors = CompletionFactors::Parse(**frozen);
  ASSERT_TRUE(factors.ok()) << factors.status();
  // Lag 0: 200.00 of 26,434.56 was paid in the month of service; by lag 1 everything was.
  EXPECT_EQ(factors->At(0), Ratio(200'00, 26'434'56));
  EXPECT_EQ(factors->At(1), Ratio(1));
}

// feature:C13
TEST_F(SavingsRunTest, ADeficitIsReadBookedAndRecoveredByTheRun) {
  Terms terms = SavingsTerms(Truncated());
  terms.components.push_back({.rule = CarryForward{.maximum = Rate::FromPercent(40),
                                                   .carry_losses = true},
                              .clause = "9"});
  Sign(terms);
  Publish(contract_, 2024);
  Publish(contract_, 2025);
  // 2024: 6 + 12 months and 80.00: no loss; a claim of 20,000.00 (cut to 10,000.00 of 12 months)
  // makes 9,000.00 - 10,080.00.
  ImportClaims({"M3,C0,1,professional,2024-02-01,2024-02-01,99213,,1234567893,20000.00,20000.00,"
                "2024-03-01,final"});
  const CalculationDates dates{.period = DateRange::Year(2024), .pay_date = MakeDate(2025, 9, 30)};
  EXPECT_THAT(Run({.dates = dates}).unbooked, IsEmpty());
  const StoredAward loss = AwardOf(contract_, DateRange::Year(2024));
  const std::int64_t carried = (10'080'00 - 18 * 500'00) / 2;
  EXPECT_EQ(loss.amount, Cents(-carried)) << loss.missing;
  EXPECT_EQ(loss.payable, Money());
  DeficitService deficits(database_, db_.Clock(), db_.Ids());
  const DeficitAccount account{payer_, program_, kAco};
  EXPECT_EQ(deficits.Balance(account).value(), Cents(carried));

  Run({.dates = kDates});
  const StoredAward gain = AwardOf(contract_, kYear);
  EXPECT_EQ(gain.amount, Cents((15'000'00 - 8'934'56) / 2));
  EXPECT_EQ(gain.recouped, Cents(carried));
  EXPECT_EQ(deficits.Balance(account).value(), Money());
  const std::int64_t rows = StoredRows();
  EXPECT_EQ(Run({.dates = kDates}).awards.unchanged, 1);
  EXPECT_EQ(StoredRows(), rows);
}

// Against a target that was stated for the year, nobody saves what nobody could spend.
TEST_F(SavingsRunTest, WithoutAttributedMembersThereIsNoSaving) {
  Terms stated = SavingsTerms(Truncated());
  std::get<BenchmarkMinusActual>(std::get<Basis>(stated.components[0].rule).kind).target =
      StatedTarget{};
  const ContractId by_member = AddContract(kPractice2, SavingsTerms(Truncated()));
  const ContractId by_year = AddContract(kPractice2, stated);
  ImportChoices({"M3,member_selected,1003000126,411234567,2024-01-01,"});
  for (const ContractId contract : {by_member, by_year}) {
    SetMethod(contract);
    Publish(contract, 2025);
  }
  Record(by_year, kYear, Facts().SetAmount("target", Cents(1'000'000'00)));
  Run({.dates = kDates});
  for (const ContractId contract : {by_member, by_year}) {
    const StoredAward award = AwardOf(contract, kYear);
    EXPECT_EQ(award.status, AwardStatus::kComputed) << award.missing;
    EXPECT_EQ(award.amount, Money());
    EXPECT_EQ(award.zero_reason, ReasonCode::kNoAttributedMembers) << award.explanation;
  }
}

TEST_F(SavingsRunTest, ARunOfOneSavingsContractLeavesTheOther) {
  Sign(SavingsTerms(Truncated()));
  const ContractId other = AddContract(kPractice2, SavingsTerms(Truncated()));
  SetMethod(other);
  Publish(contract_, 2025);
  Publish(other, 2025);
  Run({.dates = kDates, .contracts = std::vector{other}});
  // M3 alone: 9 x 500.00 - 7,500.00.
  EXPECT_EQ(AwardOf(other, kYear).amount, Cents((4'500'00 - 7'500'00) / 2));
  EXPECT_TRUE(programs_.History(contract_, kYear).value().empty());
}

}  // namespace
}  // namespace sluice::performance::testing
