// sluice.ops.v1.UserService
#include <optional>
#include <string>
#include <vector>

#include "api/access/matrix.h"
#include "api/handlers/handlers.h"
#include "api/handlers/values.h"
#include "api/identity/identity_store.h"
#include "api/service/call_record.h"
#include "api/service/resource_path.h"
#include "sluice/core/v1/annotations.pb.h"
#include "sluice/ops/v1/access.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::ops::v1;

constexpr std::string_view kGrantPrefix = "grt";

bool IsInForce(const GrantRow& row, Date today) {
  return !row.ended && (row.approved_by || row.grant.delegated_by) &&
         row.grant.valid.Contains(today);
}

v1::GrantState StateOf(const GrantRow& row) {
  if (row.ended) return v1::GRANT_STATE_ENDED;
  return row.approved_by || row.grant.delegated_by ? v1::GRANT_STATE_IN_FORCE
                                                   : v1::GRANT_STATE_PROPOSED;
}

void SetGrant(v1::Grant& to, PayerId payer, const GrantRow& row) {
  const Grant& grant = row.grant;
  to.set_name(fmt::format("payers/{}/grants/{}", payer, FormatId(kGrantPrefix, row.grant_id)));
  to.set_user(UserName(payer, grant.holder));
  to.set_role(static_cast<v1::Role>(grant.role));
  if (grant.root != PartyId()) to.set_root(PartyName(payer, grant.root));
  Set(*to.mutable_valid()->mutable_from(), grant.valid.from);
  if (grant.valid.to) Set(*to.mutable_valid()->mutable_to(), *grant.valid.to);
  if (grant.delegated_by) to.set_delegated_by(UserName(payer, *grant.delegated_by));
  to.set_proposed_by(UserName(payer, row.proposed_by));
  if (row.approved_by) to.set_approved_by(UserName(payer, *row.approved_by));
  to.set_state(StateOf(row));
  to.set_etag(fmt::format("\"{}\"", ToHex(ResourceHash(to)).substr(0, 16)));
}

StatusOr<v1::User> LoadUserMessage(pg::Transaction& tx, const Call& call, UserId id) {
  const std::optional<UserRow> row = FindUser(tx, call.Payer(), id);
  if (!row) return NotFound("there is no user {}", id);
  v1::User to;
  to.set_name(UserName(call.Payer(), id));
  to.set_sign_in_name(row->sign_in_name);
  to.set_display_name(row->display_name);
  to.set_email(row->email);
  to.set_is_service(row->is_service);
  to.set_disabled(row->disabled);
  for (const GrantRow& grant : LoadGrantRows(tx, call.Payer(), id)) {
    if (IsInForce(grant, call.Today())) SetGrant(*to.add_grants(), call.Payer(), grant);
  }
  // Over what is changed, and not over what a sign-in changes.
  to.set_etag(fmt::format("\"{}\"", ToHex(ResourceHash(to)).substr(0, 16)));
  if (const auto at = LastSignIn(tx, call.Payer(), id)) Set(*to.mutable_last_sign_in_time(), *at);
  return to;
}

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

StatusOr<v1::User> GetUser(Call& call, const v1::GetUserRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const UserId id, path.Get<UserTag>("users"));
  return call.Read([&](pg::Transaction& tx) { return LoadUserMessage(tx, call, id); });
}

}  // namespace

void ServeUsers(Methods& methods) {
  const std::string service = "sluice.ops.v1.UserService.";
  methods.Serve<v1::GetSelfRequest, v1::Self>(service + "GetSelf", GetSelf);
  methods.Serve<v1::GetUserRequest, v1::User>(service + "GetUser", GetUser);
}

}  // namespace sluice::api
