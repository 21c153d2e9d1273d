#include "api/access/duties.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/check.h"

namespace sluice::api {

namespace {

struct Exclusion {
  Role one;
  Role other;
  std::string_view rule;
};

constexpr std::string_view kMoney = "who grants roles moves no money";

constexpr std::array kExclusions = {
    Exclusion{Role::kFinanceMaker, Role::kFinanceChecker, "who enters does not approve"},
    Exclusion{Role::kFinanceMaker, Role::kReleaser, "who enters does not release"},
    Exclusion{Role::kBankEnrollment, Role::kCompliance,
              "who enters bank accounts does not approve them"},
    Exclusion{Role::kBankEnrollment, Role::kFinanceChecker,
              "who enters bank accounts does not approve payments"},
    Exclusion{Role::kPayerAdmin, Role::kFinanceMaker, kMoney},
    Exclusion{Role::kPayerAdmin, Role::kFinanceChecker, kMoney},
    Exclusion{Role::kPayerAdmin, Role::kReleaser, kMoney},
    Exclusion{Role::kPayerAdmin, Role::kTreasury, kMoney},
    Exclusion{Role::kPayerAdmin, Role::kBankEnrollment, kMoney},
};

const Exclusion* FindExclusion(Role a, Role b) {
  const auto found = std::ranges::find_if(kExclusions, [&](const Exclusion& exclusion) {
    return (exclusion.one == a && exclusion.other == b) ||
           (exclusion.one == b && exclusion.other == a);
  });
  return found == kExclusions.end() ? nullptr : &*found;
}

// What forbids the act, in words that follow "who ...".
std::string_view ForbiddenAfter(Deed deed, Resource resource, Verb verb) {
  if (verb == Verb::kApprove) {
    switch (deed) {
      case Deed::kProposed:
        return "entered or edited it does not approve it";
      case Deed::kReleased:
        return "released it does not approve it";
      case Deed::kChangedAccount:
        return "entered a bank account that it pays does not approve it";
      case Deed::kApprovedAccount:
        return "approved a bank account that it pays does not approve it";
      case Deed::kApproved:
        return {};  // a second vote is the rule of the thing itself
    }
    CHECK(false);
  }
  if (verb == Verb::kExecute && resource == Resource::kRelease) {
    if (deed == Deed::kApproved) return "approved it does not release it";
    if (deed == Deed::kProposed) return "entered or edited it does not release it";
  }
  return {};
}

bool SamePerson(const Doer& doer, const DoneDeed& done) {
  const auto did = [&](UserId user) { return done.by == user || done.in_place_of == user; };
  return did(doer.user) || (doer.in_place_of && did(*doer.in_place_of));
}

}  // namespace

bool Excludes(Role a, Role b) {
  if (a == b) return false;
  return a == Role::kService || b == Role::kService || FindExclusion(a, b) != nullptr;
}

Status CheckRolesTogether(std::span<const Role> roles) {
  for (std::size_t i = 0; i < roles.size(); ++i) {
    for (std::size_t j = i + 1; j < roles.size(); ++j) {
      if (!Excludes(roles[i], roles[j])) continue;
      const Exclusion* const exclusion = FindExclusion(roles[i], roles[j]);
      return FailedPrecondition(
          "roles {} and {} are not held by one person: {}; end one of them first",
          RoleCode(roles[i]), RoleCode(roles[j]),
          exclusion != nullptr ? exclusion->rule : "a service is no person");
    }
  }
  return OkStatus();
}

Status CheckGrantProposal(const GrantRequest& request) {
  if (request.role == Role::kService) {
    return PermissionDenied("role SV is of the service's own jobs and is granted to nobody");
  }
  if (request.granted_by == request.holder) {
    return PermissionDenied("nobody grants a role to themselves; ask another payer admin");
  }
  std::vector<Role> roles = request.held;
  if (std::ranges::find(roles, request.role) == roles.end()) roles.push_back(request.role);
  return CheckRolesTogether(roles);
}

Status CheckGrant(const GrantRequest& request) {
  if (request.role != Role::kService && request.approved_by == request.holder) {
    return PermissionDenied("nobody grants a role to themselves; ask another payer admin");
  }
  if (request.role == Role::kPayerAdmin && request.granted_by != request.holder &&
      (!request.approved_by || *request.approved_by == request.granted_by)) {
    return PermissionDenied("role PA is granted by two payer admins; ask a second one to approve");
  }
  return CheckGrantProposal(request);
}

Status CheckDuties(const Doer& doer, Resource resource, Verb verb, std::span<const DoneDeed> done) {
  if (verb == Verb::kApprove && !doer.human) {
    return PermissionDenied("a service account approves nothing; ask a person");
  }
  for (const DoneDeed& deed : done) {
    const std::string_view rule = ForbiddenAfter(deed.deed, resource, verb);
    if (rule.empty() || !SamePerson(doer, deed)) continue;
    return PermissionDenied("who {}; ask somebody else", rule);
  }
  return OkStatus();
}

}  // namespace sluice::api
