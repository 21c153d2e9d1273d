// Capitation from files of members and choices to the shares of payees, by one call a month.
#include <gmock/gmock.h>

#include "performance/capitation/capitation_service.h"
#include "tests/performance/capitation/example.h"
#include "tests/performance/program_run/run_fixture.h"

namespace sluice::performance::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The rates of PROGRAM_MATH 13.6 without risk; months before June were settled elsewhere.
Terms CapitationTerms() {
  MemberMonthSum basis;
  basis.base = RateTable{
      .versions = {Rates(Month(2026, 1), {41'37, 14'52, 23'18, 17'96, 31'07, 58'44})}};
  basis.month = {.method = MonthMethod::kFifteenThirty, .newborn_from_birth_month = true};
  basis.retro = {RetroRule{.days = 90}};
  basis.first_month = Month(2026, 6);
  return {.title = "Capitation 2026",
          .components = {{.rule = Basis{.kind = std::move(basis),
                                        .zero_reason = ReasonCode::kNoMemberMonths},
                          .clause = "7"},
                         {.rule = RoundingRule{}, .clause = {}}}};
}

DateRange PeriodOf(unsigned month) {
  return DateRange::Between(Month(2026, month).FirstDay(), Month(2026, month).End());
}

class CapitationRunTest : public ProgramRunTest {
 protected:
  void SetUp() override {
    MakeHierarchy();
    MakeProgram("pcpcp", "4A");
    contract_ = AddContract(kAco, CapitationTerms());
    SetMethod(contract_);
    ImportMembers({"M1,2025-01-01,,ma,HMO,gold,1980-05-05,female,,WA",
                   "M2,2025-01-01,,ma,HMO,gold,2015-03-03,male,,WA",
                   "M3,2025-01-01,,ma,HMO,gold,1950-06-06,female,,WA"});
    ImportChoices({"M1,member_selected,1003000126,411234567,2025-01-01,",
                   "M2,member_selected,1003000126,411234567,2025-01-01,",
                   "M3,member_selected,1234567893,421234567,2025-01-01,"});
  }

  ProgramRunSummary RunMonth(unsigned month) {
    return Run({.dates = {.period = PeriodOf(month), .pay_date = MakeDate(2026, month, 20)}});
  }
  // What was learned in July.
  void ImportChangesOfJuly() {
    ImportMembers({// ends on June 12
                   "M2,2025-01-01,2026-06-12,ma,HMO,gold,2015-03-03,male,,WA",
                   // joins on June 16
                   "M4,2026-06-16,,ma,HMO,gold,1990-01-01,male,,WA",
                   // born on June 20
                   "M5,2026-06-20,,ma,HMO,gold,2026-06-20,female,,WA"});
    ImportChoices({// moves to practice 2 on June 1
                   "M1,member_selected,1003000126,411234567,2025-01-01,2026-05-31",
                   "M1,member_selected,1234567893,421234567,2026-06-01,",
                   "M4,member_selected,1003000126,411234567,2026-06-16,",
                   "M5,member_selected,1234567893,421234567,2026-06-20,"});
  }

  ContractId contract_;
};

// feature:C12 feature:A04
TEST_F(CapitationRunTest, FilesBecomeAPanelAndLateOnesDeltasOfThePayees) {
  Publish(contract_, 2026);
  const ProgramRunSummary june = RunMonth(6);
  ASSERT_THAT(june.details, SizeIs(1));
  EXPECT_EQ(june.details[0].source, "capitation");
  EXPECT_THAT(june.details[0].missing, IsEmpty());
  // 46, 11 and 76 years old: 31.07 + 14.52 + 58.44
  EXPECT_EQ(AwardOf(contract_, PeriodOf(6)).amount, Cents(31'07 + 14'52 + 58'44));
  EXPECT_EQ(ShareOf(contract_, PeriodOf(6), kPractice1), Cents(31'07 + 14'52));
  EXPECT_EQ(ShareOf(contract_, PeriodOf(6), kPractice2), Cents(58'44));

  ImportChangesOfJuly();
  Publish(contract_, 2026);
  const ProgramRunSummary july = RunMonth(7);
  EXPECT_THAT(july.details[0].missing, IsEmpty());
  const StoredAward award = AwardOf(contract_, PeriodOf(7));
  // July: M1, M3, M4, M5. June: M2 ended on the 12th and is taken back; M5 is due for the month it
  // was born in; M4 joined after the 15th and is listed with zero; M1 moved from practice 1 to 2.
  const std::int64_t of_july = 31'07 + 58'44 + 17'96 + 41'37;
  EXPECT_EQ(award.amount, Cents(of_july - 14'52 + 41'37)) << award.explanation;
  EXPECT_EQ(ShareOf(contract_, PeriodOf(7), kPractice1), Cents(17'96 - 14'52 - 31'07));
  EXPECT_EQ(ShareOf(contract_, PeriodOf(7), kPractice2),
            Cents(31'07 + 58'44 + 41'37 + 41'37 + 31'07));

  CapitationService service(database_, db_.Clock(), db_.Ids());
  const auto lines = service.Lines(contract_, Month(2026, 7));
  ASSERT_TRUE(lines.ok()) << lines.status();
  std::map<std::pair<std::int64_t, MonthNumber>, std::vector<ReasonCode>> reasons;
  for (const MemberMonthLine& line : *lines) {
    if (line.reason) reasons[{line.member, line.month}].push_back(*line.reason);
  }
  const MonthNumber june_number = ToMonthNumber(Month(2026, 6));
  const auto of = [&](const std::string& member) {
    return reasons[{MemberId(member), june_number}];
  };
  EXPECT_THAT(of("M1"), ::testing::ElementsAre(ReasonCode::kPayeeMoved, ReasonCode::kPayeeMoved));
  EXPECT_THAT(of("M2"), ::testing::ElementsAre(ReasonCode::kRetroTerm));
  EXPECT_THAT(of("M4"), ::testing::ElementsAre(ReasonCode::kMemberNotPayableThisMonth));
  EXPECT_THAT(of("M5"), ::testing::ElementsAre(ReasonCode::kRetroAdd));
}

TEST_F(CapitationRunTest, TheSameKnowledgeStoresNothingTwice) {
  Publish(contract_, 2026);
  RunMonth(6);
  const std::int64_t rows = StoredRows();
  const ProgramRunSummary again = RunMonth(6);
  EXPECT_EQ(again.awards.unchanged, 1);
  EXPECT_EQ(again.awards.new_versions, 0);
  EXPECT_EQ(StoredRows(), rows);
}

TEST_F(CapitationRunTest, WithoutAListTheAwardIsBlockedUntilOneIsPublished) {
  const ProgramRunSummary summary = RunMonth(6);
  ASSERT_THAT(summary.details[0].missing, SizeIs(1));
  const StoredAward blocked = AwardOf(contract_, PeriodOf(6));
  EXPECT_EQ(blocked.status, AwardStatus::kBlocked);
  EXPECT_THAT(blocked.missing, HasSubstr("attribution list of 2026-06"));
  Publish(contract_, 2026);
  EXPECT_EQ(RunMonth(6).awards.blocked, 0);
  EXPECT_EQ(AwardOf(contract_, PeriodOf(6)).amount, Cents(104'03));
}

// A published list with nobody on it is known: zero with its reason, not blocked.
TEST_F(CapitationRunTest, AnEmptyListIsAZeroWithItsReason) {
  const ContractId other = AddContract(kPractice2, CapitationTerms());
  SetMethod(other);
  ImportChoices({"M3,member_selected,1003000126,411234567,2025-01-01,"});
  Publish(contract_, 2026);
  Publish(other, 2026);
  RunMonth(6);
  const StoredAward award = AwardOf(other, PeriodOf(6));
  EXPECT_EQ(award.status, AwardStatus::kComputed) << award.missing;
  EXPECT_EQ(award.amount, Money());
  EXPECT_EQ(award.zero_reason, ReasonCode::kNoAttributedMembers);
  EXPECT_EQ(AwardOf(contract_, PeriodOf(6)).amount, Cents(104'03));
}

TEST_F(CapitationRunTest, WhatAMemberLacksBlocksByName) {
  ImportMembers({"M6,2025-01-01,,ma,HMO,gold,,female,,WA"});
  ImportChoices({"M6,member_selected,1003000126,411234567,2025-01-01,"});
  Publish(contract_, 2026);
  RunMonth(6);
  const StoredAward award = AwardOf(contract_, PeriodOf(6));
  EXPECT_EQ(award.status, AwardStatus::kBlocked);
  EXPECT_EQ(award.missing, "birth_date of member M6");
}

// A dead member's coverage often runs on until somebody ends it.
TEST_F(CapitationRunTest, NobodyIsPaidAfterDeath) {
  ImportMembers({"M3,2025-01-01,,ma,HMO,gold,1950-06-06,female,2026-05-20,WA"});
  Publish(contract_, 2026);
  RunMonth(6);
  EXPECT_EQ(AwardOf(contract_, PeriodOf(6)).amount, Cents(31'07 + 14'52));
}

// A practice that left is still owed, or owes, what changes about its months.
TEST_F(CapitationRunTest, APayeeThatLeftKeepsItsDeltas) {
  Publish(contract_, 2026);
  RunMonth(6);
  hierarchy::ChangeSet change;
  change.AddAffiliation(kAco, kPractice1, "participant",
                        DateRange::Between(MakeDate(2020, 1, 1), MakeDate(2026, 7, 1)));
  ASSERT_TRUE(hierarchies_.Apply(payer_, change, {.source = "test"}).ok());
  ImportMembers({"M2,2025-01-01,2026-06-12,ma,HMO,gold,2015-03-03,male,,WA"});
  ImportChoices({"M1,member_selected,1003000126,411234567,2025-01-01,2026-06-30",
                 "M1,member_selected,1234567893,421234567,2026-07-01,",
                 "M2,member_selected,1003000126,411234567,2025-01-01,2026-06-30"});
  Publish(contract_, 2026, MakeDate(2026, 6, 30));
  RunMonth(7);
  const StoredAward award = AwardOf(contract_, PeriodOf(7));
  EXPECT_EQ(award.status, AwardStatus::kComputed) << award.missing;
  EXPECT_EQ(ShareOf(contract_, PeriodOf(7), kPractice1), Cents(-14'52));
  EXPECT_EQ(ShareOf(contract_, PeriodOf(7), kPractice2), Cents(31'07 + 58'44));
}

TEST_F(CapitationRunTest, AMonthBeforeTheLastRunIsLeftAsItIs) {
  Publish(contract_, 2026);
  RunMonth(6);
  RunMonth(7);
  const std::int32_t version = AwardOf(contract_, PeriodOf(6)).version;
  const ProgramRunSummary june = RunMonth(6);
  ASSERT_THAT(june.details[0].left, SizeIs(1));
  EXPECT_THAT(june.details[0].missing, IsEmpty());
  EXPECT_EQ(AwardOf(contract_, PeriodOf(6)).version, version);
}

// A care-coordination fee: a price for each tier of need, which the file of coverage states.
TEST_F(CapitationRunTest, ACareCoordinationFeeIsPaidByTheTierOfTheMonth) {
  MemberMonthSum basis;
  RateVersion version{.from = Month(2026, 1)};
  version.cells = {{.label = "gold", .tier = "gold", .price = UnitPrice::FromMillionths(9'000'000)},
                   {.label = "high", .tier = "high",
                    .price = UnitPrice::FromMillionths(33'500'000)}};
  basis.base = RateTable{.versions = {version}};
  basis.first_month = Month(2026, 6);
  const Terms terms{.title = "Care coordination 2026",
                    .components = {{.rule = Basis{.kind = std::move(basis),
                                                  .zero_reason = ReasonCode::kNoMemberMonths},
                                    .clause = "6.5"},
                                   {.rule = RoundingRule{}, .clause = {}}}};
  const ContractId fee = AddContract(kAco, terms);
  SetMethod(fee);
  Publish(contract_, 2026);
  Publish(fee, 2026);
  RunMonth(6);
  EXPECT_EQ(AwardOf(fee, PeriodOf(6)).amount, Cents(3 * 9'00)) << AwardOf(fee, PeriodOf(6)).missing;

  // M3 needs more from July on: no month before it changes.
  ImportMembers({"M3,2025-01-01,2026-06-30,ma,HMO,gold,1950-06-06,female,,WA",
                 "M3,2026-07-01,,ma,HMO,high,1950-06-06,female,,WA"});
  Publish(contract_, 2026);
  Publish(fee, 2026);
  RunMonth(7);
  EXPECT_EQ(AwardOf(fee, PeriodOf(7)).amount, Cents(2 * 9'00 + 33'50))
      << AwardOf(fee, PeriodOf(7)).missing << AwardOf(fee, PeriodOf(7)).explanation;
  EXPECT_EQ(ShareOf(fee, PeriodOf(7), kPractice1), Cents(2 * 9'00));
  EXPECT_EQ(ShareOf(fee, PeriodOf(7), kPractice2), Cents(33'50));
}

TEST_F(CapitationRunTest, ARunOfSomeContractsTouchesOnlyThose) {
  const ContractId other = AddContract(kPractice2, CapitationTerms());
  SetMethod(other);
  Publish(contract_, 2026);
  Publish(other, 2026);
  const ProgramRunRequest request{
      .dates = {.period = PeriodOf(6), .pay_date = MakeDate(2026, 6, 20)},
      .contracts = std::vector{other}};
  EXPECT_EQ(Run(request).awards.contracts, 1);
  EXPECT_EQ(AwardOf(other, PeriodOf(6)).amount, Cents(58'44));
  EXPECT_TRUE(programs_.History(contract_, PeriodOf(6)).value().empty());
  CapitationService service(database_, db_.Clock(), db_.Ids());
  EXPECT_THAT(service.Runs(contract_).value(), IsEmpty());
  EXPECT_THAT(service.Runs(other).value(), SizeIs(1));
  // A contract of another program is none of the run's.
  ProgramRunRequest wrong = request;
  wrong.contracts = std::vector{ContractId(5)};
  EXPECT_EQ(TryRun(wrong).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace sluice::performance::testing
