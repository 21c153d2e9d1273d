// sluice.ops.v1.UserService: what users hold, who may act in whose place, and what follows from it.
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/access/decision.h"
#include "api/contract/method_access.h"
#include "api/contract/published.h"
#include "api/handlers/handlers.h"
#include "api/handlers/user_list_store.h"
#include "api/handlers/user_messages.h"
#include "api/handlers/values.h"
#include "api/identity/user_directory.h"
#include "api/identity/user_store.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "hierarchy/hierarchy_service.h"
#include "performance/program_store.h"
#include "sluice/ops/v1/access.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::ops::v1;

UserView ViewOfGrants(const Call& call) {
  return {.payer = call.Payer(), .viewer = call.User(), .among = call.WhichParties()};
}

Status RequireRoot(const Call& call, PartyId root) {
  return call.Require({.payer = call.Payer(), .owner = root, .path = {}, .funder = {}});
}

StatusOr<v1::ListGrantsResponse> ListGrants(Call& call, const v1::ListGrantsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     GrantFields(), "create_time"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListGrantsResponse> {
    const GrantPage loaded = LoadGrantPage(tx, ViewOfGrants(call), page);
    v1::ListGrantsResponse response;
    for (const GrantRow& row : loaded.grants) {
      *response.add_grants() = GrantMessage(call.Payer(), row);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<Grant> ReadGrant(const v1::Grant& from) {
  std::vector<std::pair<std::string, std::string>> faults;
  if (from.user().empty()) faults.emplace_back("grant.user", "is required");
  if (!v1::Role_IsValid(from.role()) || from.role() == v1::ROLE_UNSPECIFIED) {
    faults.emplace_back("grant.role", "is one of the roles");
  }
  if (!faults.empty()) return WrongFields(faults);
  Grant grant{.role = static_cast<Role>(from.role())};
  ASSIGN_OR_RETURN(grant.holder, UserOf(from.user()));
  if (!from.root().empty()) {
    ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(from.root()));
    ASSIGN_OR_RETURN(grant.root, path.Get<PartyTag>("parties"));
  }
  ASSIGN_OR_RETURN(grant.valid.from, ReadDate("grant.valid.from", from.valid().from()));
  if (from.valid().has_to()) {
    ASSIGN_OR_RETURN(grant.valid.to, ReadDate("grant.valid.to", from.valid().to()));
  }
  return grant;
}

// Somebody of a practice gives and ends what practices hold, at their own part.
Status RequireGivable(const Call& call, Role role, PartyId root) {
  RETURN_IF_ERROR(RequireRoot(call, root));
  if (role == Role::kProviderAdmin || role == Role::kProviderViewer) return OkStatus();
  return RequireRoot(call, PartyId());
}

// And for people they see.
Status RequireProposable(const Call& call, const Grant& grant) {
  RETURN_IF_ERROR(RequireGivable(call, grant.role, grant.root));
  if (!call.WhichParties()) return OkStatus();
  return call.Read([&](pg::Transaction& tx) -> Status {
    if (IsUserSeen(tx, ViewOfGrants(call), grant.holder)) return OkStatus();
    return RequireRoot(call, PartyId());
  });
}

// The grant, locked; denied where it is not of the caller's part of the payer.
StatusOr<v1::Grant> LoadLocked(pg::Transaction& tx, const Call& call, std::int64_t id) {
  const auto row = LockGrantRow(tx, call.Payer(), id);
  if (!row || row->grant.holder != call.User()) {
    RETURN_IF_ERROR(RequireRoot(call, row ? row->grant.root : PartyId()));
  }
  if (!row) return NotFound("there is no grant {}", FormatId(kGrantPrefix, id));
  return GrantMessage(call.Payer(), *row);
}

StatusOr<v1::Grant> ProposeGrant(Call& call, const v1::ProposeGrantRequest& request) {
  ASSIGN_OR_RETURN(const Grant grant, ReadGrant(request.grant()));
  RETURN_IF_ERROR(RequireProposable(call, grant));
  const std::int64_t id = call.Ids().NextValue();
  return call.Change<v1::Grant>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return UserDirectory(database, call.Payer(), call.Clock())
                 .Propose(id, grant, call.User());
           },
       .after = [&](pg::Transaction& tx) { return LoadLocked(tx, call, id); },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = ""});
}

StatusOr<v1::Grant> ApproveGrant(Call& call, const v1::ApproveGrantRequest& request) {
  if (!call.Actor().human) return PermissionDenied("a service approves nothing");
  ASSIGN_OR_RETURN(const std::int64_t id, GrantOf(request.name()));
  const auto load = [&](pg::Transaction& tx) { return LoadLocked(tx, call, id); };
  return call.Change<v1::Grant>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             return UserDirectory(database, call.Payer(), call.Clock()).Approve(id, call.Caller());
           },
       .after = load,
       .etag = request.etag(),
       .validate_only = false,
       .reason = ""});
}

StatusOr<v1::Grant> EndGrant(Call& call, const v1::EndGrantRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const std::int64_t id, GrantOf(request.name()));
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::Grant> {
    ASSIGN_OR_RETURN(v1::Grant grant, LoadLocked(tx, call, id));
    if (grant.user() != UserName(call.Payer(), call.User())) {
      const PartyId root = FindGrantRow(tx, call.Payer(), id)->grant.root;
      RETURN_IF_ERROR(RequireGivable(call, static_cast<Role>(grant.role()), root));
    }
    return grant;
  };
  return call.Change<v1::Grant>({.before = load,
                                 .work =
                                     [&](const pg::Database& database) {
                                       return UserDirectory(database, call.Payer(), call.Clock())
                                           .End(id, call.User(), request.reason());
                                     },
                                 .after = load,
                                 .etag = request.etag(),
                                 .validate_only = false,
                                 .reason = request.reason()});
}

StatusOr<v1::Grant> DelegateGrant(Call& call, const v1::DelegateGrantRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  Delegation delegation{.grant_id = call.Ids().NextValue(), .reason = request.reason()};
  ASSIGN_OR_RETURN(delegation.of, GrantOf(request.name()));
  ASSIGN_OR_RETURN(delegation.delegate, UserOf(request.delegate()));
  ASSIGN_OR_RETURN(delegation.end, ReadDate("end", request.end()));
  RETURN_IF_ERROR(call.Read([&](pg::Transaction& tx) -> Status {
    if (!call.WhichParties() || IsUserSeen(tx, ViewOfGrants(call), delegation.delegate)) {
      return OkStatus();
    }
    return RequireRoot(call, PartyId());
  }));
  return call.Change<v1::Grant>(
      {.before = [&](pg::Transaction& tx) { return LoadLocked(tx, call, delegation.of); },
       .work =
           [&](const pg::Database& database) {
             return UserDirectory(database, call.Payer(), call.Clock())
                 .Delegate(delegation, call.User());
           },
       .after = [&](pg::Transaction& tx) { return LoadLocked(tx, call, delegation.grant_id); },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.reason()});
}

const google::protobuf::MethodDescriptor* FindMethod(const std::string& name) {
  for (const auto* const service : PublishedServices()) {
    for (int i = 0; i < service->method_count(); ++i) {
      if (MethodName(*service->method(i)) == name) return service->method(i);
    }
  }
  return nullptr;
}

// Whose the resource is, as far as its name leads to a party.
PartyId OwnerOf(pg::Transaction& tx, const ResourcePath& path) {
  if (const auto party = path.Get<PartyTag>("parties"); party.ok()) return *party;
  if (const auto contract = path.Get<ContractTag>("contracts"); contract.ok()) {
    const auto found = performance::FindContracts(tx, std::span(&*contract, 1));
    if (!found.empty()) return found.front().party;
  }
  return PartyId();
}

StatusOr<v1::SimulateAccessResponse> SimulateAccess(Call& call,
                                                    const v1::SimulateAccessRequest& request) {
  ASSIGN_OR_RETURN(const UserId id, UserOf(request.name()));
  const auto* const method = FindMethod(request.method());
  if (method == nullptr) return WrongFields({{"method", "is none of the contract"}});
  ASSIGN_OR_RETURN(const MethodAccess access, AccessOf(*method));
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.resource()));
  const auto payer = path.Get<PayerTag>("payers");
  struct Asked {
    UserRow user;
    Principal principal;
    PartyId owner;
  };
  ASSIGN_OR_RETURN(const Asked asked, call.Read([&](pg::Transaction& tx) -> StatusOr<Asked> {
    const auto user = FindUser(tx, call.Payer(), id);
    if (!user) return NotFound("there is no user {}", id);
    const std::vector<Grant> grants = LoadGrantsFor(tx, call.Payer(), id);
    return Asked{*user,
                 {.payer = call.Payer(),
                  .user = id,
                  .grants = GrantsInForce(grants, id, call.Today()),
                  .job = std::nullopt},
                 OwnerOf(tx, path)};
  }));
  v1::SimulateAccessResponse response;
  if (asked.user.disabled) {
    response.set_reason("the user is disabled");
    return response;
  }
  if (!payer.ok() || *payer != call.Payer()) {
    response.set_reason("of another payer");
    return response;
  }
  if (!access.resource) {
    response.set_granted(true);
    response.set_reason("whoever is signed in may");
    return response;
  }
  if (asked.user.is_service && access.verb == Verb::kApprove) {
    response.set_reason("a service approves nothing");
    return response;
  }
  static const Methods kMethods = AllHandlers();
  const Handler* const handler = kMethods.Find(*method);
  const bool narrows = handler == nullptr || handler->narrowing == Narrowing::kByHandler;
  const hierarchy::HierarchyService hierarchy(call.Reading(), call.Clock());
  ASSIGN_OR_RETURN(const auto today, hierarchy.Snapshot(call.Payer(), {.day = call.Today(),
                                                                       .known_at = std::nullopt}));
  // A method that looks at no part of the payer needs the right in the whole of it.
  const Decision decision = Decide(
      asked.principal, *access.resource, *access.verb,
      {.payer = call.Payer(), .owner = narrows ? asked.owner : PartyId(), .path = {}, .funder = {}},
      today);
  response.set_granted(decision.granted);
  response.set_masked(decision.masked);
  response.set_reason(decision.reason +
                      (decision.granted && access.step_up ? ", after signing in again" : ""));
  return response;
}

}  // namespace

void ServeGrants(Methods& methods) {
  const std::string service = "sluice.ops.v1.UserService.";
  methods.Serve<v1::ListGrantsRequest, v1::ListGrantsResponse>(service + "ListGrants", ListGrants,
                                                               Narrowing::kByHandler);
  methods.Serve<v1::ProposeGrantRequest, v1::Grant>(service + "ProposeGrant", ProposeGrant,
                                                    Narrowing::kByHandler);
  methods.Serve<v1::ApproveGrantRequest, v1::Grant>(service + "ApproveGrant", ApproveGrant);
  methods.Serve<v1::EndGrantRequest, v1::Grant>(service + "EndGrant", EndGrant,
                                                Narrowing::kByHandler);
  methods.Serve<v1::DelegateGrantRequest, v1::Grant>(service + "DelegateGrant", DelegateGrant,
                                                     Narrowing::kByHandler);
  methods.Serve<v1::SimulateAccessRequest, v1::SimulateAccessResponse>(service + "SimulateAccess",
                                                                       SimulateAccess);
}

}  // namespace sluice::api
