#include "hierarchy/affiliations_over_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::hierarchy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr PartyId kAco{1};
constexpr PartyId kGroup{2};
constexpr PartyId kPractice{3};
constexpr PartyId kOther{4};
constexpr PartyId kDoctor{5};

Date Day(unsigned month, unsigned day) { return MakeDate(2025, month, day); }

// The ACO has a group with a practice, and from July the practice directly; the doctor moves from
// the practice to another one, which the ACO has not.
AffiliationsOverTime Example() {
  const std::vector<Affiliation> spans = {
      {kAco, kGroup, "member", DateRange::From(MakeDate(2020, 1, 1))},
      {kGroup, kPractice, "participant", DateRange::Between(MakeDate(2020, 1, 1), Day(7, 1))},
      {kAco, kPractice, "participant", DateRange::From(Day(7, 1))},
      {kPractice, kDoctor, "physician", DateRange::Between(MakeDate(2020, 1, 1), Day(9, 16))},
      {kOther, kDoctor, "physician", DateRange::From(Day(9, 16))}};
  return AffiliationsOverTime(7, spans);
}

TEST(AffiliationsOverTime, WithinIsAskedOfEachDay) {
  const AffiliationsOverTime over_time = Example();
  EXPECT_EQ(over_time.Version(), 7);
  EXPECT_TRUE(over_time.IsWithin(kDoctor, kAco, Day(6, 30)));
  EXPECT_TRUE(over_time.IsWithin(kDoctor, kAco, Day(9, 15)));
  EXPECT_FALSE(over_time.IsWithin(kDoctor, kAco, Day(9, 16)));
  EXPECT_FALSE(over_time.IsWithin(kDoctor, kAco, MakeDate(2019, 12, 31)));
  EXPECT_TRUE(over_time.IsWithin(kDoctor, kDoctor, MakeDate(2019, 12, 31)));
  EXPECT_FALSE(over_time.IsWithin(kAco, kDoctor, Day(6, 30)));
}

TEST(AffiliationsOverTime, BranchesAreTheChildrenOnTheWay) {
  const AffiliationsOverTime over_time = Example();
  EXPECT_THAT(over_time.BranchesTo(kDoctor, kAco, Day(6, 30)), ElementsAre(kGroup));
  EXPECT_THAT(over_time.BranchesTo(kDoctor, kAco, Day(7, 1)), ElementsAre(kPractice));
  EXPECT_THAT(over_time.BranchesTo(kPractice, kAco, Day(7, 1)), ElementsAre(kPractice));
  EXPECT_THAT(over_time.BranchesTo(kDoctor, kAco, Day(9, 16)), IsEmpty());
}

TEST(AffiliationsOverTime, DaysOfChangeAreThoseBelowTheParty) {
  const AffiliationsOverTime over_time = Example();
  EXPECT_THAT(over_time.ChangeDays(kAco, DateRange::Year(2025)),
              ElementsAre(Day(7, 1), Day(9, 16)));
  EXPECT_THAT(over_time.ChangeDays(kOther, DateRange::Year(2025)), ElementsAre(Day(9, 16)));
  // A change on the first day of the period, or on the day after its last, is none within it.
  EXPECT_THAT(over_time.ChangeDays(kAco, DateRange::Between(Day(7, 1), Day(9, 16))), IsEmpty());
}

}  // namespace
}  // namespace sluice::hierarchy
