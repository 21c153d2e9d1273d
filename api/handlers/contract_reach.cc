#include "api/handlers/contract_reach.h"

#include <algorithm>
#include <set>

#include "api/service/resource_path.h"
#include "hierarchy/hierarchy_service.h"
#include "performance/attribution/list_store.h"

namespace sluice::api {
namespace {

Object ObjectOn(const Call& call, PartyId owner, std::vector<PartyId> path) {
  return {.payer = call.Payer(), .owner = owner, .path = std::move(path), .funder = {}};
}

// Those of `parties` of which the caller sees what is theirs under the contract's party.
std::vector<PartyId> SeenUnder(const Call& call, const hierarchy::HierarchySnapshot& today,
                               PartyId contract_party, const std::vector<PartyId>& parties) {
  const std::vector<PartyId> descendants = today.Descendants(contract_party);
  std::set<PartyId> below(descendants.begin(), descendants.end());
  below.insert(contract_party);
  std::vector<PartyId> seen;
  for (const PartyId party : parties) {
    if (!below.contains(party)) continue;
    std::vector<PartyId> path = {party};
    for (const PartyId above : today.Ancestors(party)) {
      if (below.contains(above)) path.push_back(above);
    }
    if (call.Require(ObjectOn(call, party, std::move(path))).ok()) seen.push_back(party);
  }
  return seen;
}

bool Holds(const std::vector<PartyId>& parties, PartyId party) {
  return std::ranges::binary_search(parties, party);
}

}  // namespace

StatusOr<ContractReach> ContractReach::Of(Call& call, ContractId contract) {
  using Found = std::optional<performance::AttributedContract>;
  ASSIGN_OR_RETURN(const Found found, call.Read([&](pg::Transaction& tx) -> StatusOr<Found> {
    return performance::FindAttributedContract(tx, contract);
  }));
  const std::optional<std::vector<PartyId>> mine = call.WhichParties();
  if (!found) {
    if (mine) return PermissionDenied("{}", kDeniedText);
    return NotFound("there is no contract {}", contract);
  }
  ContractReach reach;
  reach.contract_ = contract;
  reach.party_ = found->party;
  if (!mine) return reach;
  const hierarchy::HierarchyService service(call.Reading(), call.Clock());
  ASSIGN_OR_RETURN(const hierarchy::HierarchySnapshot today,
                   service.Snapshot(call.Payer(), {.day = call.Today(), .known_at = std::nullopt}));
  reach.among_ = SeenUnder(call, today, found->party, *mine);
  if (reach.among_->empty()) return PermissionDenied("{}", kDeniedText);
  const std::optional<std::vector<PartyId>> roots = RootsOf(call);
  for (const PartyId root : roots.value()) {
    if (Holds(*reach.among_, root)) reach.roots_.push_back(root);
  }
  return reach;
}

StatusOr<ContractReach> ContractReach::Of(Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ASSIGN_OR_RETURN(const ContractId contract, path.Get<ContractTag>("contracts"));
  return Of(call, contract);
}

bool ContractReach::Shows(std::optional<PartyId> practice, std::optional<PartyId> provider) const {
  if (!among_) return true;
  const PartyId place = practice ? *practice : provider.value_or(party_);
  return Holds(*among_, place) || (provider && Holds(roots_, *provider));
}

std::optional<std::vector<PartyId>> RootsOf(const Call& call) {
  const std::optional<std::vector<PartyId>> mine = call.WhichParties();
  if (!mine) return std::nullopt;
  std::vector<PartyId> roots;
  // A way that is one party long goes through that party only.
  for (const PartyId party : *mine) {
    if (call.Require(ObjectOn(call, party, {party})).ok()) roots.push_back(party);
  }
  return roots;
}

std::string NameOfContract(PayerId payer, ContractId contract) {
  return fmt::format("payers/{}/contracts/{}", payer, contract);
}

}  // namespace sluice::api
