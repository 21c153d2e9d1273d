// From an accepted dispute to the corrected delta, without a manual step: the contract that the
// member leaves, the one that he joins, and the links both ways.
#include <gmock/gmock.h>

#include "performance/attribution/dispute_service.h"
#include "performance/recalculation/recalculation_service.h"
#include "tests/performance/capitation/example.h"
#include "tests/performance/program_run/run_fixture.h"

namespace sluice::performance::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const DateRange kJune = DateRange::Between(MakeDate(2026, 6, 1), MakeDate(2026, 7, 1));

Terms PanelTerms() {
  MemberMonthSum basis;
  basis.base = RateTable{
      .versions = {Rates(Month(2026, 1), {41'37, 14'52, 23'18, 17'96, 31'07, 58'44})}};
  basis.month = {.method = MonthMethod::kFifteenThirty};
  basis.retro = {RetroRule{.days = 3'650}};
  basis.first_month = Month(2026, 6);
  return {.title = "Capitation 2026",
          .components = {{.rule = Basis{.kind = std::move(basis),
                                        .zero_reason = ReasonCode::kNoMemberMonths}},
                         {.rule = RoundingRule{}}}};
}

class DisputeRecalculationTest : public ProgramRunTest {
 protected:
  DisputeRecalculationTest()
      : disputes_(database_, db_.Clock(), db_.Ids()),
        recalculation_(db_.App(), payer_, db_.Clock(), db_.Ids()),
        recalculator_(db_.App(), payer_, db_.Clock(), db_.Ids()) {}

  void SetUp() override {
    MakeHierarchy();
    MakeProgram("pcpcp", "4A");
    left_ = AddContract(kPractice1, PanelTerms());
    joined_ = AddContract(kPractice2, PanelTerms());
    ImportMembers({"M1,2025-01-01,,ma,HMO,gold,1980-05-05,female,,WA",
                   "M2,2025-01-01,,ma,HMO,gold,2015-03-03,male,,WA",
                   "M3,2025-01-01,,ma,HMO,gold,1950-06-06,female,,WA"});
    ImportChoices({"M1,member_selected,1003000126,411234567,2025-01-01,",
                   "M2,member_selected,1003000126,411234567,2025-01-01,",
                   "M3,member_selected,1234567893,421234567,2025-01-01,"});
    for (const ContractId contract : {left_, joined_}) {
      SetMethod(contract);
      Publish(contract, 2026);
    }
    Run({.dates = {.period = kJune, .pay_date = MakeDate(2026, 6, 20)}});
  }

  // The first contract says that the member is not its own; the payer accepts.
  DisputeId Accepted(const std::string& member) {
    const StoredList list = lists_.List(left_, MakeDate(2026, 1, 1)).value();
    const ListEntry entry =
        *list.list.Find({MemberId(member), "gold", MakeDate(2026, 1, 1)});
    const auto drafted = disputes_.Draft(left_, MakeDate(2026, 1, 1),
                                         {{.operation = DisputeOperation::kRemove,
                                           .entry = entry,
                                           .reason_code = "not_my_patient"}},
                                         "portal");
    EXPECT_TRUE(drafted.ok()) << drafted.status();
    for (const DisputeEvent event :
         {DisputeEvent::kFile, DisputeEvent::kAssign, DisputeEvent::kAccept}) {
      Tick();
      const auto moved = disputes_.Act(left_, drafted->front(),
                                       {.event = event,
                                        .actor = "bob",
                                        .reason = "the chart says so",
                                        .owner = "carl",
                                        .due = MakeDate(2026, 11, 1)});
      EXPECT_TRUE(moved.ok()) << moved.status();
    }
    return drafted->front();
  }

  WorkSummary Correct() {
    Tick();
    EXPECT_TRUE(recalculation_.Scan().ok());
    Tick();
    const auto work = recalculation_.Work(recalculator_);
    EXPECT_TRUE(work.ok()) << work.status();
    for (const auto& [item, reason] : work->failures) ADD_FAILURE() << reason;
    Tick();
    return *work;
  }

  DisputeService disputes_;
  RecalculationService recalculation_;
  ProgramRecalculator recalculator_;
  ContractId left_;
  ContractId joined_;
};

// feature:P6 feature:A04 feature:P7
TEST_F(DisputeRecalculationTest, AcceptedDisputeBecomesTheDeltaOfBothContractsLinkedBothWays) {
  EXPECT_EQ(AwardOf(left_, kJune).amount, Cents(31'07 + 14'52));
  EXPECT_EQ(AwardOf(joined_, kJune).amount, Cents(58'44));
  EXPECT_EQ(Correct().calculations, 0);

  const DisputeId dispute = Accepted("M1");
  EXPECT_THAT(disputes_.Affected(left_, {dispute}).value(), SizeIs(1));
  // Accepted, it is in no list yet: looked at, and nothing changed.
  const WorkSummary accepted = Correct();
  EXPECT_EQ(accepted.calculations, 1);
  EXPECT_EQ(accepted.new_versions, 0);

  // The member's choice is corrected, and both lists get their next versions.
  ImportChoices({"M1,member_selected,1003000126,411234567,2025-01-01,2025-12-31",
                 "M1,member_selected,1234567893,421234567,2026-01-01,"});
  Publish(left_, 2026);
  Publish(joined_, 2026);
  const WorkSummary work = Correct();
  EXPECT_EQ(work.new_versions, 2);
  EXPECT_EQ(work.delta, Money());

  const StoredAward minus = AwardOf(left_, kJune);
  const StoredAward plus = AwardOf(joined_, kJune);
  EXPECT_EQ(minus.delta, Cents(-31'07)) << minus.explanation;
  EXPECT_EQ(plus.delta, Cents(31'07)) << plus.explanation;
  for (const StoredAward& award : {minus, plus}) {
    const auto causes =
        recalculation_.Causes({award.contract, award.award, award.version}).value();
    Money sum;
    std::string text;
    for (const DeltaCause& cause : causes) {
      sum += cause.amount;
      text += cause.cause;
    }
    EXPECT_EQ(sum, award.delta);
    EXPECT_THAT(text, HasSubstr("provider of member"));
  }
  EXPECT_THAT(recalculation_.Causes({minus.contract, minus.award, minus.version})->front().cause,
              HasSubstr("dispute about member"));
  // Both ways.
  EXPECT_THAT(disputes_.AwardsOfDispute(left_, dispute).value(),
              ElementsAre(AwardVersion{minus.award, minus.version}));
  EXPECT_THAT(disputes_.DisputesOfAward(left_, {minus.award, minus.version}).value(),
              ElementsAre(dispute));
  // And now whoever asks what the dispute touches is told of the contract that was joined.
  std::vector<ContractId> touched;
  const auto affected = disputes_.Affected(left_, {dispute});
  for (const AffectedCalculation& calculation : *affected) touched.push_back(calculation.contract);
  EXPECT_THAT(touched, ElementsAre(left_, joined_));
  EXPECT_EQ(Correct().new_versions, 0);
}

}  // namespace
}  // namespace sluice::performance::testing
