#include "api/access/decision.h"

#include <algorithm>
#include <utility>

namespace sluice::api {

namespace {

bool HoldsSame(const Grant& given, const Grant& own, Date today) {
  return own.holder == *given.delegated_by && own.role == given.role && !own.delegated_by &&
         own.valid.Contains(today) && (own.root == PartyId() || own.root == given.root);
}

Tree TreeOf(PartyId root, const hierarchy::HierarchySnapshot& today) {
  Tree tree{root, today.Descendants(root)};
  const auto place = std::ranges::lower_bound(tree.parties, root);
  tree.parties.insert(place, root);
  return tree;
}

// Widens `reach` by a grant of a role whose cell is `right`.
void Widen(Reach& reach, const Grant& grant, const Right& right,
           const hierarchy::HierarchySnapshot& today) {
  if (grant.root == PartyId()) {
    // A role of the own tree that names no tree reaches nothing.
    if (!right.own_tree) reach.whole_payer = true;
  } else if (grant.role == Role::kFunder) {
    reach.funders.push_back(grant.root);
  } else {
    reach.trees.push_back(TreeOf(grant.root, today));
  }
}

bool IsIn(const Tree& tree, const Object& object) {
  return object.owner != PartyId() && std::ranges::binary_search(tree.parties, object.owner) &&
         (object.path.empty() || std::ranges::find(object.path, tree.root) != object.path.end());
}

std::string RolesText(const Principal& principal) {
  std::vector<std::string_view> codes;
  for (const Grant& grant : principal.grants) codes.push_back(RoleCode(grant.role));
  std::ranges::sort(codes);
  codes.erase(std::ranges::unique(codes).begin(), codes.end());
  return codes.empty() ? "no role" : fmt::format("{}", fmt::join(codes, ", "));
}

}  // namespace

bool Reach::Covers(const Object& object) const {
  if (whole_payer) return true;
  if (object.funder != PartyId() && std::ranges::find(funders, object.funder) != funders.end()) {
    return true;
  }
  return std::ranges::any_of(trees, [&](const Tree& tree) { return IsIn(tree, object); });
}

std::vector<Grant> GrantsInForce(std::span<const Grant> all, UserId holder, Date today) {
  std::vector<Grant> held;
  for (const Grant& grant : all) {
    if (grant.holder != holder || !grant.valid.Contains(today)) continue;
    if (grant.delegated_by &&
        std::ranges::none_of(all, [&](const Grant& own) { return HoldsSame(grant, own, today); })) {
      continue;
    }
    held.push_back(grant);
  }
  return held;
}

Scope ScopeOf(const Principal& principal, Resource resource, Verb verb,
              const hierarchy::HierarchySnapshot& today) {
  Scope scope;
  if (principal.job) {
    const Right right = RightOf(Role::kService, resource, verb);
    (right.masked ? scope.masked : scope.clear).whole_payer =
        JobMay(*principal.job, resource, verb);
    return scope;
  }
  for (const Grant& grant : principal.grants) {
    if (grant.role == Role::kService) continue;  // not for people
    const Right right = RightOf(grant.role, resource, verb);
    if (right.granted) Widen(right.masked ? scope.masked : scope.clear, grant, right, today);
  }
  return scope;
}

Decision Decide(const Principal& principal, Resource resource, Verb verb, const Object& object,
                const hierarchy::HierarchySnapshot& today) {
  if (principal.payer != object.payer) return {.reason = "of another payer"};
  const Scope scope = ScopeOf(principal, resource, verb, today);
  const std::string who =
      principal.job ? std::string(ServiceJobName(*principal.job)) : RolesText(principal);
  const std::string what = fmt::format("{} {}", VerbLetter(verb), ResourceName(resource));
  if (scope.IsNone()) return {.reason = fmt::format("{} may not {}", who, what)};
  if (scope.clear.Covers(object)) return {true, false, fmt::format("{} may {}", who, what)};
  if (scope.masked.Covers(object)) return {true, true, fmt::format("{} may {} masked", who, what)};
  return {.reason = fmt::format("outside the tree of {} for {}", who, what)};
}

}  // namespace sluice::api
