#include "hierarchy/network_service.h"

#include <set>

#include "hierarchy/contact_store.h"
#include "hierarchy/hierarchy_store.h"

namespace sluice::hierarchy {
namespace {

Status CheckParties(pg::Transaction& tx, PayerId payer, std::span<const NetworkRule> rules) {
  std::set<PartyId> named;
  for (const NetworkRule& rule : rules) named.insert(rule.party);
  const Knowledge known = LoadParties(tx, payer, ReadHead(tx, payer).version,
                                      std::vector<PartyId>(named.begin(), named.end()));
  for (const Party& party : known.parties) named.erase(party.id);
  if (named.empty()) return OkStatus();
  return InvalidArgument("a rule of the network names {}, and there is no such party; add it first",
                         *named.begin());
}

}  // namespace

Status NetworkService::RecordContact(UserId actor, const Contact& contact) const {
  ASSIGN_OR_RETURN(const Contact checked, CheckContact(contact));
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    InsertContact(tx, payer_, checked, {.actor = actor, .at = clock_.Now()});
    return OkStatus();
  });
}

StatusOr<std::vector<Contact>> NetworkService::ContactsOn(PartyId party, Date on) const {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<Contact>> {
    const std::vector<Contact> all = LoadContacts(tx, payer_, {&party, 1}, clock_.Now());
    return ActiveContacts(all, party, on);
  });
}

Status NetworkService::RecordRules(UserId actor, ContractId contract,
                                   std::span<const NetworkRule> rules) const {
  for (const NetworkRule& rule : rules) RETURN_IF_ERROR(CheckNetworkRule(rule));
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    RETURN_IF_ERROR(CheckParties(tx, payer_, rules));
    for (const NetworkRule& rule : rules) {
      InsertNetworkRule(tx, payer_, contract, rule, {.actor = actor, .at = clock_.Now()});
    }
    return OkStatus();
  });
}

StatusOr<NetworkDefinition> NetworkService::Network(ContractId contract,
                                                    std::optional<Instant> known_at) const {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<NetworkDefinition> {
    return LoadNetwork(tx, payer_, contract, known_at.value_or(clock_.Now()));
  });
}

StatusOr<NetworkDecision> NetworkService::Decide(ContractId contract, PartyId provider,
                                                 const AsOf& as_of) const {
  ASSIGN_OR_RETURN(const NetworkDefinition network, Network(contract, as_of.known_at));
  ASSIGN_OR_RETURN(const HierarchySnapshot above, hierarchy_.Above(payer_, provider, as_of));
  return InNetwork(network, provider, above);
}

}  // namespace sluice::hierarchy
