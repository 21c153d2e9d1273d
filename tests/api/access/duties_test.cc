#include "api/access/duties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::api {
namespace {

using testing::HasSubstr;

constexpr UserId kAnn{1};
constexpr UserId kBen{2};
constexpr UserId kCal{3};

// feature:X01
TEST(RolesTogether, WhatOnePersonMayNotHold) {
  struct Case {
    Role a;
    Role b;
    bool refused;
  };
  const Case cases[] = {
      {Role::kFinanceMaker, Role::kFinanceChecker, true},
      {Role::kFinanceMaker, Role::kReleaser, true},
      {Role::kFinanceChecker, Role::kReleaser, false},  // but not on one run
      {Role::kBankEnrollment, Role::kCompliance, true},
      {Role::kBankEnrollment, Role::kFinanceChecker, true},
      {Role::kPayerAdmin, Role::kFinanceMaker, true},
      {Role::kPayerAdmin, Role::kFinanceChecker, true},
      {Role::kPayerAdmin, Role::kReleaser, true},
      {Role::kPayerAdmin, Role::kTreasury, true},
      {Role::kPayerAdmin, Role::kBankEnrollment, true},
      {Role::kPayerAdmin, Role::kHierarchy, false},
      {Role::kContractMaker, Role::kContractApprover, false},  // but not on one contract
      {Role::kAuditor, Role::kService, true},
  };
  for (const Case& c : cases) {
    for (const auto& roles : {std::vector{c.a, c.b}, std::vector{c.b, c.a}}) {
      EXPECT_EQ(!CheckRolesTogether(roles).ok(), c.refused) << RoleCode(c.a) << RoleCode(c.b);
    }
  }
}

TEST(RolesTogether, TheRefusalNamesBothAndWhatToDo) {
  const std::vector roles = {Role::kAuditor, Role::kFinanceMaker, Role::kReleaser};
  const Status status = CheckRolesTogether(roles);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(StatusMessage(status),
            "roles FM and RL are not held by one person: who enters does not release; end one of "
            "them first");
}

TEST(Granting, NobodyGrantsToThemselvesAndAPayerAdminNeedsTwo) {
  GrantRequest request{.holder = kCal, .role = Role::kAuditor, .granted_by = kAnn};
  EXPECT_TRUE(CheckGrant(request).ok());
  request.granted_by = kCal;
  EXPECT_THAT(StatusMessage(CheckGrant(request)), HasSubstr("nobody grants a role to themselves"));

  GrantRequest admin{.holder = kCal, .role = Role::kPayerAdmin, .granted_by = kAnn};
  EXPECT_THAT(StatusMessage(CheckGrant(admin)), HasSubstr("two payer admins"));
  admin.approved_by = kAnn;
  EXPECT_FALSE(CheckGrant(admin).ok());
  admin.approved_by = kCal;
  EXPECT_FALSE(CheckGrant(admin).ok());
  admin.approved_by = kBen;
  EXPECT_TRUE(CheckGrant(admin).ok());
  admin.held = {Role::kTreasury};
  EXPECT_EQ(CheckGrant(admin).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(CheckGrant({.holder = kCal, .role = Role::kService, .granted_by = kAnn}).ok());
}

TEST(Duties, WhatOnePersonMayNotDoAfterWhatTheyDid) {
  struct Case {
    Deed before;
    Resource resource;
    Verb verb;
    bool refused;
  };
  const Case cases[] = {
      {Deed::kProposed, Resource::kRun, Verb::kApprove, true},
      {Deed::kProposed, Resource::kContract, Verb::kApprove, true},
      {Deed::kChangedAccount, Resource::kRun, Verb::kApprove, true},
      {Deed::kApprovedAccount, Resource::kRun, Verb::kApprove, true},
      {Deed::kReleased, Resource::kRelease, Verb::kApprove, true},
      {Deed::kApproved, Resource::kRelease, Verb::kExecute, true},
      {Deed::kProposed, Resource::kRelease, Verb::kExecute, true},
      {Deed::kProposed, Resource::kRun, Verb::kExecute, false},  // a maker calculates again
      {Deed::kApproved, Resource::kRun, Verb::kRead, false},
      {Deed::kProposed, Resource::kRun, Verb::kPropose, false},
  };
  for (const Case& c : cases) {
    const std::vector<DoneDeed> done = {{c.before, kAnn, {}}};
    EXPECT_EQ(!CheckDuties({.user = kAnn}, c.resource, c.verb, done).ok(), c.refused)
        << static_cast<int>(c.before) << ResourceName(c.resource) << VerbLetter(c.verb);
    EXPECT_TRUE(CheckDuties({.user = kBen}, c.resource, c.verb, done).ok());
  }
}

TEST(Duties, ADelegateActsAsBoth) {
  const std::vector<DoneDeed> by_ann = {{Deed::kProposed, kAnn, {}}};
  const Doer ben_for_ann{.user = kBen, .in_place_of = kAnn};
  EXPECT_FALSE(CheckDuties(ben_for_ann, Resource::kRun, Verb::kApprove, by_ann).ok());
  const std::vector<DoneDeed> ben_did_for_ann = {{Deed::kProposed, kBen, kAnn}};
  EXPECT_FALSE(CheckDuties({.user = kAnn}, Resource::kRun, Verb::kApprove, ben_did_for_ann).ok());
  EXPECT_FALSE(CheckDuties({.user = kBen}, Resource::kRun, Verb::kApprove, ben_did_for_ann).ok());
  EXPECT_TRUE(CheckDuties({.user = kCal}, Resource::kRun, Verb::kApprove, ben_did_for_ann).ok());
}

TEST(Duties, AServiceApprovesNothing) {
  for (const Resource resource : AllResources()) {
    EXPECT_EQ(CheckDuties({.user = kAnn, .human = false}, resource, Verb::kApprove, {}).code(),
              absl::StatusCode::kPermissionDenied);
  }
}

}  // namespace
}  // namespace sluice::api
