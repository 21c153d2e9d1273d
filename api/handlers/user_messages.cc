#include "api/handlers/user_messages.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "api/handlers/values.h"
#include "api/service/call_record.h"
#include "api/service/resource_path.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::ops::v1;

bool IsInForce(const GrantRow& row, Date today) {
  return !row.ended && (row.approved_by || row.grant.delegated_by) &&
         row.grant.valid.Contains(today);
}

v1::GrantState StateOf(const GrantRow& row) {
  if (row.ended) return v1::GRANT_STATE_ENDED;
  return row.approved_by || row.grant.delegated_by ? v1::GRANT_STATE_IN_FORCE
                                                   : v1::GRANT_STATE_PROPOSED;
}

std::string EtagOver(const google::protobuf::Message& message) {
  return fmt::format("\"{}\"", ToHex(ResourceHash(message)).substr(0, 16));
}

}  // namespace

std::string GrantName(PayerId payer, std::int64_t grant) {
  return fmt::format("payers/{}/grants/{}", payer, FormatId(kGrantPrefix, grant));
}

StatusOr<std::int64_t> GrantOf(const std::string& name) {
  return ParseId(kGrantPrefix, name.substr(name.rfind('/') + 1));
}

StatusOr<UserId> UserOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<UserTag>("users");
}

v1::Grant GrantMessage(PayerId payer, const GrantRow& row) {
  const Grant& grant = row.grant;
  v1::Grant to;
  to.set_name(GrantName(payer, row.grant_id));
  to.set_user(UserName(payer, grant.holder));
  to.set_role(static_cast<v1::Role>(grant.role));
  if (grant.root != PartyId()) to.set_root(PartyName(payer, grant.root));
  Set(*to.mutable_valid()->mutable_from(), grant.valid.from);
  if (grant.valid.to) Set(*to.mutable_valid()->mutable_to(), *grant.valid.to);
  if (grant.delegated_by) to.set_delegated_by(UserName(payer, *grant.delegated_by));
  to.set_proposed_by(UserName(payer, row.proposed_by));
  if (row.approved_by) to.set_approved_by(UserName(payer, *row.approved_by));
  to.set_state(StateOf(row));
  to.set_etag(EtagOver(to));
  return to;
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
  const std::vector<GrantRow> grants = LoadGrantRows(tx, call.Payer(), id);
  for (const GrantRow& grant : grants) {
    if (IsInForce(grant, call.Today())) *to.add_grants() = GrantMessage(call.Payer(), grant);
  }
  // Over what is changed, and not over what a sign-in changes or who reads.
  to.set_etag(EtagOver(to));
  if (id != call.User() && call.WhichParties()) {
    const std::vector<PartyId> among = *call.WhichParties();
    std::vector<v1::Grant> seen;
    for (const GrantRow& grant : grants) {
      if (IsInForce(grant, call.Today()) && std::ranges::binary_search(among, grant.grant.root)) {
        seen.push_back(GrantMessage(call.Payer(), grant));
      }
    }
    to.mutable_grants()->Assign(seen.begin(), seen.end());
  }
  if (const auto at = LastSignIn(tx, call.Payer(), id)) Set(*to.mutable_last_sign_in_time(), *at);
  return to;
}

}  // namespace sluice::api
