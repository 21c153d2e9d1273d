// sluice.hierarchy.v1.AffiliationService: the networks of contracts.
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/affiliation_list_store.h"
#include "api/handlers/handlers.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "hierarchy/contact_store.h"
#include "hierarchy/network_service.h"
#include "performance/program_store.h"
#include "sluice/hierarchy/v1/affiliation.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::hierarchy::v1;

using hierarchy::NetworkRule;
using hierarchy::NetworkService;

// The numbers of the contract are those that are stored.
v1::NetworkRule RuleMessage(PayerId payer, const NetworkRule& rule) {
  v1::NetworkRule to;
  to.set_number(rule.number);
  to.set_kind(static_cast<v1::NetworkRuleKind>(rule.kind));
  to.set_party(PartyName(payer, rule.party));
  Set(*to.mutable_valid()->mutable_from(), rule.valid.from);
  if (rule.valid.to) Set(*to.mutable_valid()->mutable_to(), *rule.valid.to);
  to.set_withdrawn(rule.withdrawn);
  to.set_reason(rule.reason);
  return to;
}

StatusOr<ContractId> ContractOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<ContractTag>("contracts");
}

Status RequireOwner(const Call& call, PartyId owner) {
  return call.Require({.payer = call.Payer(), .owner = owner, .path = {}, .funder = {}});
}

// OK when the contract is there and its party in the caller's part of the payer. Who sees a part
// learns of no other contract whether it is there.
Status RequireContract(const Call& call, ContractId contract) {
  return call.Read([&](pg::Transaction& tx) -> Status {
    const auto found = performance::FindContracts(tx, std::span(&contract, 1));
    RETURN_IF_ERROR(RequireOwner(call, found.empty() ? PartyId() : found.front().party));
    if (found.empty()) return NotFound("there is no contract {}", contract);
    return OkStatus();
  });
}

StatusOr<v1::ListNetworkRulesResponse> ListNetworkRules(
    Call& call, const v1::ListNetworkRulesRequest& request) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractOf(request.parent()));
  RETURN_IF_ERROR(RequireContract(call, contract));
  ASSIGN_OR_RETURN(const hierarchy::AsOf as_of, ReadAsOf(call, request.as_of()));
  ListQuery query = PlainQueryOf(call, request);
  query.others = {request.as_of().SerializeAsString()};
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), std::move(query),
                                                     {request.page_size(), request.page_token()},
                                                     NetworkRuleFields(), "number"));
  const Instant known_at = as_of.known_at.value_or(call.Now());
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListNetworkRulesResponse> {
    const NetworkRulePage loaded = LoadNetworkRulePage(
        tx, {.payer = call.Payer(), .contract = contract, .known_at = known_at}, page);
    v1::ListNetworkRulesResponse response;
    for (const NetworkRule& rule : loaded.rules) {
      *response.add_network_rules() = RuleMessage(call.Payer(), rule);
    }
    response.set_next_page_token(loaded.next_page_token);
    Set(*response.mutable_as_of()->mutable_day(), as_of.day);
    Set(*response.mutable_as_of()->mutable_known_at(), known_at);
    return response;
  });
}

StatusOr<NetworkRule> ReadRule(const v1::NetworkRule& from, const std::string& field) {
  NetworkRule rule{.number = from.number(), .withdrawn = from.withdrawn(), .reason = from.reason()};
  if (!v1::NetworkRuleKind_IsValid(from.kind())) {
    return WrongFields({{field + ".kind", "is none of the kinds of rules"}});
  }
  rule.kind = static_cast<hierarchy::NetworkRuleKind>(from.kind());
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(from.party()));
  ASSIGN_OR_RETURN(rule.party, path.Get<PartyTag>("parties"));
  ASSIGN_OR_RETURN(rule.valid.from, ReadDate(field + ".valid.from", from.valid().from()));
  if (from.valid().has_to()) {
    ASSIGN_OR_RETURN(rule.valid.to, ReadDate(field + ".valid.to", from.valid().to()));
  }
  return rule;
}

StatusOr<std::vector<NetworkRule>> ReadRules(const v1::RecordNetworkRulesRequest& request) {
  constexpr int kMost = 1000;
  if (request.rules_size() > kMost) return WrongFields({{"rules", "are at most 1,000 at once"}});
  std::vector<NetworkRule> rules;
  std::set<std::int32_t> numbers;
  for (int i = 0; i < request.rules_size(); ++i) {
    const std::string field = fmt::format("rules[{}]", i);
    ASSIGN_OR_RETURN(NetworkRule rule, ReadRule(request.rules(i), field));
    if (!numbers.insert(rule.number).second) {
      return WrongFields({{field + ".number", "is said twice; say each rule once"}});
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

StatusOr<v1::RecordNetworkRulesResponse> RecordNetworkRules(
    Call& call, const v1::RecordNetworkRulesRequest& request) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractOf(request.parent()));
  ASSIGN_OR_RETURN(const std::vector<NetworkRule> rules, ReadRules(request));
  RETURN_IF_ERROR(RequireContract(call, contract));
  return call.Change<v1::RecordNetworkRulesResponse>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return NetworkService(database, call.Payer(), call.Clock())
                 .RecordRules(call.User(), contract, rules);
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::RecordNetworkRulesResponse> {
         v1::RecordNetworkRulesResponse response;
         const auto network =
             hierarchy::LoadNetwork(tx, call.Payer(), contract, call.Clock().Now());
         for (const NetworkRule& rule : network.rules) {
           *response.add_rules() = RuleMessage(call.Payer(), rule);
         }
         return response;
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = ""});
}

StatusOr<v1::NetworkDecision> DecideNetwork(Call& call, const v1::DecideNetworkRequest& request) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractOf(request.name()));
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.provider()));
  ASSIGN_OR_RETURN(const PartyId provider, path.Get<PartyTag>("parties"));
  RETURN_IF_ERROR(RequireContract(call, contract));
  RETURN_IF_ERROR(RequireOwner(call, provider));
  ASSIGN_OR_RETURN(const hierarchy::AsOf as_of, ReadAsOf(call, request.as_of()));
  const NetworkService networks(call.Reading(), call.Payer(), call.Clock());
  ASSIGN_OR_RETURN(const hierarchy::NetworkDecision decision,
                   networks.Decide(contract, provider, as_of));
  v1::NetworkDecision to;
  to.set_in_network(decision.in_network);
  to.set_reason(decision.reason);
  Set(*to.mutable_as_of()->mutable_day(), as_of.day);
  Set(*to.mutable_as_of()->mutable_known_at(), as_of.known_at.value_or(call.Now()));
  return to;
}

}  // namespace

// The network of a contract is the payer's to say; its party reads it.
void ServeNetworks(Methods& methods) {
  const std::string service = "sluice.hierarchy.v1.AffiliationService.";
  methods.Serve<v1::ListNetworkRulesRequest, v1::ListNetworkRulesResponse>(
      service + "ListNetworkRules", ListNetworkRules, Narrowing::kByHandler);
  methods.Serve<v1::RecordNetworkRulesRequest, v1::RecordNetworkRulesResponse>(
      service + "RecordNetworkRules", RecordNetworkRules);
  methods.Serve<v1::DecideNetworkRequest, v1::NetworkDecision>(
      service + "DecideNetwork", DecideNetwork, Narrowing::kByHandler);
}

}  // namespace sluice::api
