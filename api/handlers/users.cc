// sluice.ops.v1.UserService: users. What they hold is in grants.cc.
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/access/matrix.h"
#include "api/handlers/handlers.h"
#include "api/handlers/user_list_store.h"
#include "api/handlers/user_messages.h"
#include "api/handlers/values.h"
#include "api/identity/user_directory.h"
#include "api/identity/user_store.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "sluice/core/v1/annotations.pb.h"
#include "sluice/ops/v1/access.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::ops::v1;

// The cell of the matrix as the caller's grants of today give it, all together.
std::optional<v1::Permission> PermissionOf(const Principal& principal, Resource resource,
                                           Verb verb) {
  bool granted = false;
  bool whole = false;
  bool clear = false;
  for (const Grant& grant : principal.grants) {
    const Right right = RightOf(grant.role, resource, verb);
    granted = granted || right.granted;
    whole = whole || (right.granted && grant.root == PartyId() && !right.own_tree);
    clear = clear || (right.granted && !right.masked);
  }
  if (!granted) return std::nullopt;
  v1::Permission permission;
  // "RUN" of RESOURCE_RUN.
  permission.set_resource(
      core::v1::Resource_Name(static_cast<core::v1::Resource>(resource)).substr(9));
  permission.set_verb(core::v1::Verb_Name(static_cast<core::v1::Verb>(verb)).substr(5));
  permission.set_own_tree_only(!whole);
  permission.set_masked(!clear);
  return permission;
}

StatusOr<v1::Self> GetSelf(Call& call, const v1::GetSelfRequest&) {
  v1::Self self;
  ASSIGN_OR_RETURN(*self.mutable_user(), call.Read([&](pg::Transaction& tx) {
    return LoadUserMessage(tx, call, call.User());
  }));
  for (const Resource resource : AllResources()) {
    for (const Verb verb : AllVerbs()) {
      const auto permission = PermissionOf(call.Caller(), resource, verb);
      if (permission) *self.add_permissions() = *permission;
    }
  }
  self.set_step_up_valid(call.IsSteppedUp());
  return self;
}

UserView ViewOfCaller(const Call& call) {
  return {.payer = call.Payer(), .viewer = call.User(), .among = call.WhichParties()};
}

// Who sees a part of the payer learns of nobody else whether they are there.
Status RequireSeen(pg::Transaction& tx, const Call& call, UserId user) {
  if (!call.WhichParties() || IsUserSeen(tx, ViewOfCaller(call), user)) return OkStatus();
  return call.Require({.payer = call.Payer(), .owner = {}, .path = {}, .funder = {}});
}

StatusOr<v1::User> GetUser(Call& call, const v1::GetUserRequest& request) {
  ASSIGN_OR_RETURN(const UserId id, UserOf(request.name()));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::User> {
    RETURN_IF_ERROR(RequireSeen(tx, call, id));
    return LoadUserMessage(tx, call, id);
  });
}

StatusOr<v1::ListUsersResponse> ListUsers(Call& call, const v1::ListUsersRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     UserFields(), "display_name"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListUsersResponse> {
    const UserPage loaded = LoadUserPage(tx, ViewOfCaller(call), page);
    v1::ListUsersResponse response;
    for (const UserId user : loaded.users) {
      ASSIGN_OR_RETURN(*response.add_users(), LoadUserMessage(tx, call, user));
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::User> CreateUser(Call& call, const v1::CreateUserRequest& request) {
  const v1::User& from = request.user();
  if (from.sign_in_name().empty()) return WrongFields({{"user.sign_in_name", "is required"}});
  // Somebody who is known at the command line is the same person here.
  const NewUser user{.id = UserIdOfName(from.sign_in_name()).value_or(call.Ids().Next<UserTag>()),
                     .sign_in_name = from.sign_in_name(),
                     .display_name = from.display_name(),
                     .email = from.email(),
                     .is_service = from.is_service()};
  return call.Change<v1::User>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return UserDirectory(database, call.Payer(), call.Clock()).Create(user, call.User());
           },
       .after = [&](pg::Transaction& tx) { return LoadUserMessage(tx, call, user.id); },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

// One change of a user who is there, whom the caller saw with this etag.
StatusOr<v1::User> ChangeUser(Call& call, UserId user, const std::string& etag,
                              const std::string& reason,
                              const std::function<Status(const UserDirectory&)>& work) {
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::User> {
    if (!LockUser(tx, call.Payer(), user)) return NotFound("there is no user {}", user);
    return LoadUserMessage(tx, call, user);
  };
  return call.Change<v1::User>({.before = load,
                                .work =
                                    [&](const pg::Database& database) {
                                      return work(
                                          UserDirectory(database, call.Payer(), call.Clock()));
                                    },
                                .after = load,
                                .etag = etag,
                                .validate_only = false,
                                .reason = reason});
}

StatusOr<v1::User> UpdateUser(Call& call, const v1::UpdateUserRequest& request) {
  ASSIGN_OR_RETURN(const UserId user, UserOf(request.user().name()));
  if (request.user().etag().empty()) {
    return WrongFields({{"user.etag", "is required: as the user was read"}});
  }
  UserChange change{.user = user};
  for (const std::string& path : request.update_mask().paths()) {
    if (path == "display_name") {
      change.display_name = request.user().display_name();
    } else if (path == "email") {
      change.email = request.user().email();
    } else {
      return WrongFields({{"update_mask", "takes display_name and email"}});
    }
  }
  return ChangeUser(call, user, request.user().etag(), "",
                    [&](const UserDirectory& users) { return users.Update(change); });
}

StatusOr<v1::User> DisableUser(Call& call, const v1::DisableUserRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const UserId user, UserOf(request.name()));
  return ChangeUser(call, user, request.etag(), request.reason(),
                    [&](const UserDirectory& users) { return users.Disable(user, call.User()); });
}

StatusOr<v1::User> EnableUser(Call& call, const v1::EnableUserRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const UserId user, UserOf(request.name()));
  return ChangeUser(call, user, request.etag(), request.reason(),
                    [&](const UserDirectory& users) { return users.Enable(user); });
}

}  // namespace

// A user is the payer's to add, change and disable. Who holds the right in a part of the payer sees
// whoever holds something there.
void ServeUsers(Methods& methods) {
  const std::string service = "sluice.ops.v1.UserService.";
  methods.Serve<v1::GetSelfRequest, v1::Self>(service + "GetSelf", GetSelf);
  methods.Serve<v1::GetUserRequest, v1::User>(service + "GetUser", GetUser, Narrowing::kByHandler);
  methods.Serve<v1::ListUsersRequest, v1::ListUsersResponse>(service + "ListUsers", ListUsers,
                                                             Narrowing::kByHandler);
  methods.Serve<v1::CreateUserRequest, v1::User>(service + "CreateUser", CreateUser);
  methods.Serve<v1::UpdateUserRequest, v1::User>(service + "UpdateUser", UpdateUser);
  methods.Serve<v1::DisableUserRequest, v1::User>(service + "DisableUser", DisableUser);
  methods.Serve<v1::EnableUserRequest, v1::User>(service + "EnableUser", EnableUser);
}

}  // namespace sluice::api
