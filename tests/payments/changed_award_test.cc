// A changed award in the next cycle: one net line, with the causes that its payees read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/award_collector.h"
#include "payments/collect.h"
#include "tests/performance/recalculation/world.h"

namespace sluice::payments {
namespace {

using performance::StoredAward;
using performance::testing::kAco1;
using performance::testing::kSavings1;
using performance::testing::World;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class ChangedAwardTest : public ::testing::Test {
 protected:
  ChangedAwardTest() { world_.CalculateAll(); }

  AwardToPay Collected() {
    const auto program = world_.programs.Programs().value().front();
    const auto collected =
        CollectAwards(world_.programs, program, World::Year(), &world_.recalculation);
    EXPECT_TRUE(collected.ok()) << collected.status();
    for (const AwardToPay& award : collected->awards) {
      if (award.contract == kSavings1) return award;
    }
    ADD_FAILURE() << "no award of the contract";
    return {};
  }
  Collection Collect(const AwardToPay& award, const std::vector<ObligationRow>& earlier) {
    PayeeDirectory payees;
    for (const AwardShare& share : award.shares) {
      payees.Add({.party = share.party, .under = {}, .role = {}}, PayeeId(share.party.Value()));
    }
    std::map<ReserveKey, Money> reserves;
    return CollectAward(Cycle{}, award, earlier, payees, reserves, world_.db.Ids());
  }

  World world_;
};

// feature:Q03 feature:P7
TEST_F(ChangedAwardTest, TwoRecalculationsAreOneNetLineForEachPayee) {
  const AwardToPay first = Collected();
  std::vector<ObligationRow> paid = Collect(first, {}).obligations;
  for (ObligationRow& row : paid) {
    row.recognized = true;
    row.state = ObligationState::kPaid;
  }
  world_.Savings(kSavings1, 1'500'000);
  world_.Correct();
  world_.Savings(kSavings1, 1'800'000);
  world_.Correct();
  const AwardToPay third = Collected();
  EXPECT_EQ(third.version, 3);
  const Collection next = Collect(third, paid);
  Money sum;
  for (const ObligationRow& row : next.obligations) {
    EXPECT_EQ(row.component, ObligationComponent::kRestatement);
    EXPECT_LT(row.amount, Money());
    sum += row.amount;
  }
  EXPECT_THAT(next.obligations, SizeIs(paid.size()));
  EXPECT_EQ(sum, third.payable - first.payable);
}

// feature:P6 feature:P7
TEST_F(ChangedAwardTest, PayeesReadWhatChangedAndByHowMuch) {
  EXPECT_EQ(Collected().steps.back().label.find("Changed"), std::string::npos);
  world_.Savings(kSavings1, 1'500'000, "restated claims");
  world_.Correct();
  const AwardToPay award = Collected();
  const ExplanationStep& step = award.steps.back();
  EXPECT_EQ(step.label, "Changed in version 2");
  EXPECT_EQ(step.value, Money::FromCents(-245'000'00).ToString());
  EXPECT_THAT(step.note, HasSubstr("restated claims"));
}

}  // namespace
}  // namespace sluice::payments
