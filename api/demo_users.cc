#include "api/demo_users.h"

#include <algorithm>

#include "api/identity/accounts.h"
#include "core/base64.h"
#include "core/crypto.h"

namespace sluice::api {
namespace {

// The first party of a kind; unset when there is none.
PartyId FirstOf(const hierarchy::HierarchySnapshot& hierarchy, hierarchy::PartyKind kind) {
  const auto found = std::ranges::find(hierarchy.Parties(), kind, &hierarchy::SnapshotParty::kind);
  return found == hierarchy.Parties().end() ? PartyId() : found->id;
}

PartyId RootOf(const hierarchy::HierarchySnapshot& hierarchy, Role role) {
  if (role == Role::kProviderAdmin || role == Role::kProviderViewer) {
    return FirstOf(hierarchy, hierarchy::PartyKind::kAco);
  }
  if (role != Role::kFunder) return PartyId();
  const PartyId employer = FirstOf(hierarchy, hierarchy::PartyKind::kEmployer);
  return employer == PartyId() ? FirstOf(hierarchy, hierarchy::PartyKind::kAco) : employer;
}

std::string NameOf(Role role) {
  std::string name = "demo." + std::string(RoleCode(role));
  std::ranges::transform(name, name.begin(), [](char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return name;
}

}  // namespace

StatusOr<std::vector<DemoUser>> AddDemoUsers(Session& session) {
  ASSIGN_OR_RETURN(const hierarchy::HierarchySnapshot hierarchy,
                   session.HierarchyOn(session.Today()));
  ASSIGN_OR_RETURN(const UserId proposer, ParseUser("demo.first"));
  ASSIGN_OR_RETURN(const UserId approver, ParseUser("demo.second"));
  std::vector<DemoUser> users;
  for (const Role role : AllRoles()) {
    if (role == Role::kService) continue;  // granted to nobody
    DemoUser user{.name = NameOf(role),
                  .role = role,
                  .password = Secret<std::string>(ToBase64Url(RandomBytes(12)))};
    NewAccount account{.sign_in_name = user.name,
                       .display_name = std::string(RoleName(role)),
                       .roles = {role},
                       .root = RootOf(hierarchy, role),
                       .reason = "the demo",
                       .proposed_by = proposer,
                       .approved_by = approver};
    ASSIGN_OR_RETURN(account.user, ParseUser(user.name));
    RETURN_IF_ERROR(AddAccount(session.Data().App(), session.Payer(), account, user.password,
                               session.Clock(), session.Ids()));
    users.push_back(std::move(user));
  }
  return users;
}

}  // namespace sluice::api
