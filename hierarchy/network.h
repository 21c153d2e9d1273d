// The network of a contract: who is in it on a day, and why.
//
//   1. A rule takes in everybody at or below a party of the hierarchy, or names one party in, or
//      names one party out; each for a range of days, with a reason.
//   2. A party that is named out is not in the network, whatever else is said of it; and nobody is
//      in it by way of that party. Who also belongs to the network another way stays in it.
//   3. Otherwise a party is in the network when it, or anybody above it, is taken in or named in.
//   4. The same rules, hierarchy and day give the same answer: it is a pure function of them.
//
// What leaks out of the network is decided with the same function as what is paid in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "hierarchy/graph.h"

namespace sluice::hierarchy {

// The numbers are stored and never reused.
enum class NetworkRuleKind : std::int16_t {
  kAffiliates = 1,  // the party and everybody below it
  kInclude = 2,     // the party, and everybody below it, named in
  kExclude = 3,     // the party, and the way through it, named out
};
// "affiliates", "include", "exclude".
std::string_view NetworkRuleKindName(NetworkRuleKind kind);

struct NetworkRule {
  std::int32_t number = 0;  // names the rule within the contract, from 1
  NetworkRuleKind kind = NetworkRuleKind::kAffiliates;
  PartyId party;
  DateRange valid;
  bool withdrawn = false;
  std::string reason;

  friend bool operator==(const NetworkRule&, const NetworkRule&) = default;
};

struct NetworkDefinition {
  ContractId contract;
  std::vector<NetworkRule> rules;  // by number

  friend bool operator==(const NetworkDefinition&, const NetworkDefinition&) = default;
};

// InvalidArgument names what is missing: a number from 1 on, a party, days, a reason.
Status CheckNetworkRule(const NetworkRule& rule);

struct NetworkDecision {
  bool in_network = false;
  std::optional<std::int32_t> rule;  // the rule that decided; none when no rule reaches the party
  // From the party upward to the one the rule names, both included.
  std::vector<PartyId> way;
  std::string reason;  // for people

  friend bool operator==(const NetworkDecision&, const NetworkDecision&) = default;
};

// Whether `provider` is in the network on the snapshot's day. The snapshot holds at least what is
// above the provider. NotFound when the network has no rule that takes anybody in on that day, or
// the provider is not in the hierarchy: who is in it is then not decided, and not assumed.
StatusOr<NetworkDecision> InNetwork(const NetworkDefinition& network, PartyId provider,
                                    const HierarchySnapshot& hierarchy);

}  // namespace sluice::hierarchy
