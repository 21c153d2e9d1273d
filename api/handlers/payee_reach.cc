#include "api/handlers/payee_reach.h"

#include <span>

#include "api/service/resource_path.h"
#include "payments/payee_store.h"

namespace sluice::api {
namespace {

// Whether a grant of the caller names this very party.
bool IsRoot(const Call& call, PartyId party) {
  return call.Require({.payer = call.Payer(), .owner = party, .path = {party}, .funder = {}}).ok();
}

Status RequireParty(const Call& call, PartyId party) {
  return call.Require({.payer = call.Payer(), .owner = party, .path = {}, .funder = {}});
}

}  // namespace

PayeeReach PayeeReachOf(const Call& call) {
  PayeeReach reach{.among = call.WhichParties(), .roots = {}};
  if (reach.IsWhole()) return reach;
  for (const PartyId party : *reach.among) {
    if (IsRoot(call, party)) reach.roots.push_back(party);
  }
  return reach;
}

Status RequirePayee(const Call& call, const payments::Payee& payee) {
  RETURN_IF_ERROR(RequireParty(call, payee.party));
  if (payee.under == PartyId() || IsRoot(call, payee.party)) return OkStatus();
  return RequireParty(call, payee.under);
}

StatusOr<payments::Payee> FindPayeeFor(const Call& call, pg::Transaction& tx, PayeeId payee) {
  const std::vector<payments::Payee> found = payments::LoadPayees(tx, std::span(&payee, 1));
  if (!found.empty()) {
    RETURN_IF_ERROR(RequirePayee(call, found.front()));
    return found.front();
  }
  if (call.WhichParties()) return PermissionDenied("{}", kDeniedText);
  return NotFound("there is no payee {}", payee);
}

StatusOr<PayeeId> PayeeIdOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<PayeeTag>("payees");
}

}  // namespace sluice::api
