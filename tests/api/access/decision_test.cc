// Two networks that share a practice, an employer, and who sees what of it.
#include "api/access/decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::api {
namespace {

using hierarchy::HierarchySnapshot;
using hierarchy::PartyKind;
using hierarchy::SnapshotEdge;
using hierarchy::SnapshotParty;

constexpr PayerId kPayer{1};
constexpr PayerId kOtherPayer{2};
constexpr PartyId kNorth{10};
constexpr PartyId kSouth{11};
constexpr PartyId kShared{20};  // of both networks
constexpr PartyId kOnlyNorth{21};
constexpr PartyId kDoctor{30};  // at both practices
constexpr PartyId kEmployer{40};
constexpr PartyId kOtherEmployer{41};
constexpr UserId kAnn{1};
constexpr UserId kBen{2};
constexpr UserId kCal{3};
const Date kToday = MakeDate(2026, 10, 1);

SnapshotEdge Edge(PartyId parent, PartyId child, std::string role) {
  return {parent, child, std::move(role), DateRange::From(MakeDate(2026, 1, 1))};
}

HierarchySnapshot Networks(bool shared_still_north = true) {
  std::vector<SnapshotEdge> edges = {
      Edge(kSouth, kShared, "participant"), Edge(kNorth, kOnlyNorth, "participant"),
      Edge(kShared, kDoctor, "physician"), Edge(kOnlyNorth, kDoctor, "physician")};
  if (shared_still_north) edges.push_back(Edge(kNorth, kShared, "participant"));
  return *HierarchySnapshot::Make({.as_of = kToday, .version = 1},
                                  {{kNorth, PartyKind::kAco, "North", {}},
                                   {kSouth, PartyKind::kAco, "South", {}},
                                   {kShared, PartyKind::kPractice, "Shared", {}},
                                   {kOnlyNorth, PartyKind::kPractice, "Only North", {}},
                                   {kDoctor, PartyKind::kProvider, "Doctor", {}},
                                   {kEmployer, PartyKind::kEmployer, "Employer", {}}},
                                  std::move(edges));
}

Grant Holds(Role role, PartyId root = {}) {
  return {
      .holder = kAnn, .role = role, .root = root, .valid = DateRange::From(MakeDate(2026, 1, 1))};
}

Principal Ann(std::vector<Grant> grants) {
  return {.payer = kPayer, .user = kAnn, .grants = std::move(grants)};
}

bool Sees(PartyId root, const Object& object, const HierarchySnapshot& today = Networks()) {
  return Decide(Ann({Holds(Role::kProviderViewer, root)}), Resource::kAward, Verb::kRead, object,
                today)
      .granted;
}

const Object kUnderNorth{kPayer, kShared, {kNorth, kShared}, {}};
const Object kUnderSouth{kPayer, kShared, {kSouth, kShared}, {}};
const Object kDoctorsLine{kPayer, kDoctor, {kNorth, kShared, kDoctor}, {}};

// feature:X02
TEST(OwnTree, ANetworkSeesWhatItsPracticesEarnedUnderIt) {
  EXPECT_TRUE(Sees(kNorth, kUnderNorth));
  EXPECT_FALSE(Sees(kSouth, kUnderNorth));
  EXPECT_TRUE(Sees(kSouth, kUnderSouth));
  EXPECT_TRUE(Sees(kNorth, kDoctorsLine));
}

TEST(OwnTree, APracticeSeesItselfAndItsDoctorsButNotTheNetworkAbove) {
  EXPECT_TRUE(Sees(kShared, kUnderNorth));
  EXPECT_TRUE(Sees(kShared, kUnderSouth));
  EXPECT_TRUE(Sees(kShared, kDoctorsLine));
  EXPECT_FALSE(Sees(kShared, {kPayer, kNorth, {kNorth}, {}}));
}

TEST(OwnTree, ADoctorSeesOwnLinesOnly) {
  EXPECT_TRUE(Sees(kDoctor, kDoctorsLine));
  EXPECT_FALSE(Sees(kDoctor, kUnderNorth));
}

TEST(OwnTree, AnotherPracticeOfTheSameDoctorDoesNotSeeWhatWasEarnedHere) {
  EXPECT_FALSE(Sees(kOnlyNorth, kDoctorsLine));
}

TEST(OwnTree, AnAffiliationThatEndsEndsAccess) {
  EXPECT_FALSE(Sees(kNorth, kUnderNorth, Networks(/*shared_still_north=*/false)));
  EXPECT_TRUE(Sees(kShared, kUnderNorth, Networks(/*shared_still_north=*/false)));
}

TEST(OwnTree, ThePayersOwnThingsAreInNobodysTree) {
  EXPECT_FALSE(Sees(kNorth, {kPayer, {}, {}, {}}));
}

TEST(OwnTree, ARoleOfTheOwnTreeWithoutATreeReachesNothing) { EXPECT_FALSE(Sees({}, kUnderNorth)); }

TEST(Funder, AnEmployerSeesItsFundingAndNobodyElses) {
  const Principal ann = Ann({Holds(Role::kFunder, kEmployer)});
  const auto sees = [&](const Object& object) {
    return Decide(ann, Resource::kLedger, Verb::kRead, object, Networks()).granted;
  };
  EXPECT_TRUE(sees({kPayer, {}, {}, kEmployer}));
  EXPECT_FALSE(sees({kPayer, {}, {}, kOtherEmployer}));
  EXPECT_FALSE(sees({kPayer, {}, {}, {}}));
}

TEST(Payer, AnotherPayersThingsDoNotExist) {
  const Principal ann = Ann({Holds(Role::kAuditor)});
  EXPECT_TRUE(Decide(ann, Resource::kLedger, Verb::kRead, {kPayer, {}, {}, {}}, {}).granted);
  EXPECT_FALSE(Decide(ann, Resource::kLedger, Verb::kRead, {kOtherPayer, {}, {}, {}}, {}).granted);
}

TEST(Payer, WithoutARoleNothingIsGranted) {
  for (const Resource resource : AllResources()) {
    for (const Verb verb : AllVerbs()) {
      EXPECT_FALSE(Decide(Ann({}), resource, verb, {kPayer, {}, {}, {}}, {}).granted);
    }
  }
}

TEST(Masking, OneRoleThatMasksAndOneThatDoesNotGiveClear) {
  const Object line{kPayer, kShared, {}, {}};
  const auto read = [&](std::vector<Grant> grants) {
    return Decide(Ann(std::move(grants)), Resource::kRemittance, Verb::kRead, line, Networks());
  };
  EXPECT_TRUE(read({Holds(Role::kAuditor)}).masked);
  EXPECT_FALSE(read({Holds(Role::kAnalyst)}).masked);
  EXPECT_FALSE(read({Holds(Role::kAuditor), Holds(Role::kAnalyst)}).masked);
  // In clear inside the tree, masked outside.
  const std::vector both = {Holds(Role::kAuditor), Holds(Role::kProviderViewer, kNorth)};
  EXPECT_FALSE(read(both).masked);
  EXPECT_TRUE(
      Decide(Ann(both), Resource::kRemittance, Verb::kRead, {kPayer, kSouth, {}, {}}, Networks())
          .masked);
}

TEST(Jobs, AJobReachesThePayerForItsWorkOnly) {
  const Principal files{.payer = kPayer, .user = kBen, .job = ServiceJob::kFiles};
  const Object account{kPayer, kShared, {}, {}};
  EXPECT_TRUE(Decide(files, Resource::kPayeeAccount, Verb::kExecute, account, {}).granted);
  EXPECT_FALSE(Decide(files, Resource::kRelease, Verb::kExecute, account, {}).granted);
}

TEST(Grants, ExpireWithTheirDay) {
  std::vector<Grant> all = {Holds(Role::kAuditor)};
  all[0].valid = DateRange::Between(MakeDate(2026, 9, 1), kToday);
  EXPECT_TRUE(GrantsInForce(all, kAnn, kToday).empty());
  EXPECT_EQ(GrantsInForce(all, kAnn, kToday - Days(1)).size(), 1U);
}

TEST(Grants, ADelegationHoldsWhileItsGiverHoldsTheSame) {
  Grant bens = Holds(Role::kFinanceChecker);
  bens.holder = kBen;
  Grant delegated = Holds(Role::kFinanceChecker);
  delegated.delegated_by = kBen;
  Grant passed_on = delegated;
  passed_on.holder = kCal;
  passed_on.delegated_by = kAnn;
  std::vector all = {bens, delegated, passed_on};
  EXPECT_EQ(GrantsInForce(all, kAnn, kToday).size(), 1U);
  EXPECT_TRUE(GrantsInForce(all, kCal, kToday).empty());  // not passed on
  all[0].valid.to = kToday;
  EXPECT_TRUE(GrantsInForce(all, kAnn, kToday).empty());
  all[0].valid.to.reset();
  all[0].root = kNorth;  // the giver holds less than what was given
  EXPECT_TRUE(GrantsInForce(all, kAnn, kToday).empty());
  all[1].root = kNorth;
  EXPECT_EQ(GrantsInForce(all, kAnn, kToday).size(), 1U);
}

}  // namespace
}  // namespace sluice::api
