#include "hierarchy/network.h"

#include <algorithm>
#include <deque>
#include <map>

#include "core/check.h"

namespace sluice::hierarchy {
namespace {

const NetworkRule* FindRule(const NetworkDefinition& network, PartyId party, Date day,
                            bool excludes) {
  const NetworkRule* found = nullptr;
  for (const NetworkRule& rule : network.rules) {
    const bool matches = !rule.withdrawn && rule.party == party && rule.valid.Contains(day) &&
                         (rule.kind == NetworkRuleKind::kExclude) == excludes;
    if (matches && (found == nullptr || rule.number < found->number)) found = &rule;
  }
  return found;
}

// The parties from the provider up to `top`.
std::vector<PartyId> WayTo(PartyId top, const std::map<PartyId, PartyId>& below) {
  std::vector<PartyId> way = {top};
  for (auto at = below.find(top); at != below.end(); at = below.find(at->second)) {
    way.push_back(at->second);
  }
  std::ranges::reverse(way);
  return way;
}

std::string Names(const std::vector<PartyId>& way, const HierarchySnapshot& hierarchy) {
  std::string text;
  for (const PartyId party : way) {
    if (!text.empty()) text += " < ";
    text += hierarchy.NameOf(party);
  }
  return text;
}

}  // namespace

std::string_view NetworkRuleKindName(NetworkRuleKind kind) {
  switch (kind) {
    case NetworkRuleKind::kAffiliates:
      return "affiliates";
    case NetworkRuleKind::kInclude:
      return "include";
    case NetworkRuleKind::kExclude:
      return "exclude";
  }
  CHECK(false);
}

Status CheckNetworkRule(const NetworkRule& rule) {
  if (rule.number < 1) return InvalidArgument("a rule of a network has a number from 1 on");
  if (rule.party == PartyId()) {
    return InvalidArgument("rule {} of the network names no party", rule.number);
  }
  if (rule.valid.IsEmpty()) {
    return InvalidArgument("the days of rule {} are empty; the end follows the first day",
                           rule.number);
  }
  if (rule.reason.empty()) {
    return InvalidArgument("rule {} of the network gives no reason; say why", rule.number);
  }
  return OkStatus();
}

StatusOr<NetworkDecision> InNetwork(const NetworkDefinition& network, PartyId provider,
                                    const HierarchySnapshot& hierarchy) {
  const Date day = hierarchy.Header().as_of;
  const bool defined = std::ranges::any_of(network.rules, [&](const NetworkRule& rule) {
    return !rule.withdrawn && rule.kind != NetworkRuleKind::kExclude && rule.valid.Contains(day);
  });
  if (!defined) {
    return NotFound("contract {} has no network on {}; add a rule that takes in a party",
                    network.contract, FormatDate(day));
  }
  if (hierarchy.Find(provider) == nullptr) {
    return NotFound("there is no party {} in the hierarchy on {}", provider, FormatDate(day));
  }
  if (const NetworkRule* out = FindRule(network, provider, day, true)) {
    return NetworkDecision{
        .in_network = false,
        .rule = out->number,
        .way = {provider},
        .reason = fmt::format("{} is named out by rule {}: {}", hierarchy.NameOf(provider),
                              out->number, out->reason)};
  }
  // Upward, nearest first and by id, never through a party that is named out.
  std::map<PartyId, PartyId> below;  // from a party reached to the one it was reached from
  std::deque<PartyId> open = {provider};
  const NetworkRule* barred = nullptr;
  while (!open.empty()) {
    const PartyId party = open.front();
    open.pop_front();
    if (const NetworkRule* in = FindRule(network, party, day, false)) {
      std::vector<PartyId> way = WayTo(party, below);
      std::string reason =
          fmt::format("by rule {} ({}): {}", in->number, in->reason, Names(way, hierarchy));
      return NetworkDecision{.in_network = true,
                             .rule = in->number,
                             .way = std::move(way),
                             .reason = std::move(reason)};
    }
    for (const SnapshotEdge& edge : hierarchy.Parents(party)) {
      if (edge.parent == provider || below.contains(edge.parent)) continue;
      if (const NetworkRule* out = FindRule(network, edge.parent, day, true)) {
        if (barred == nullptr) barred = out;
        continue;
      }
      below.emplace(edge.parent, party);
      open.push_back(edge.parent);
    }
  }
  NetworkDecision decision{.way = {provider}};
  if (barred == nullptr) {
    decision.reason =
        fmt::format("no rule takes in {} or anybody above it", hierarchy.NameOf(provider));
  } else {
    decision.rule = barred->number;
    decision.reason = fmt::format(
        "{} belongs to the network only by way of {}, named out by rule "
        "{}: {}",
        hierarchy.NameOf(provider), hierarchy.NameOf(barred->party), barred->number,
        barred->reason);
  }
  return decision;
}

}  // namespace sluice::hierarchy
