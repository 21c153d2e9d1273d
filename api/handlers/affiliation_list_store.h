// Affiliations and rules of networks as lists show them. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "hierarchy/affiliation.h"
#include "hierarchy/network.h"

namespace sluice::api {

// Which affiliations, seen from when.
struct AffiliationView {
  PayerId payer;
  std::int64_t version = 0;  // of the hierarchy
  Date day{};
  std::optional<PartyId> parent = {};  // unset: of every parent
  std::optional<PartyId> child = {};
  // Both ends are among these; unset: all. Of the own parties everything above is shown, too.
  std::optional<std::vector<PartyId>> among = {};
  std::vector<PartyId> own = {};
};

// The fields of a list of affiliations; the last one names a span.
std::span<const ListField> AffiliationFields();

struct AffiliationPage {
  std::vector<hierarchy::Affiliation> affiliations;
  std::string next_page_token;
};
AffiliationPage LoadAffiliationPage(pg::Transaction& tx, const AffiliationView& view,
                                    const ListPage& page);

// The last one is the number.
std::span<const ListField> NetworkRuleFields();

// Which rules, as known when.
struct NetworkRuleView {
  PayerId payer;
  ContractId contract;
  Instant known_at;
};

struct NetworkRulePage {
  std::vector<hierarchy::NetworkRule> rules;
  std::string next_page_token;
};
// Without the withdrawn ones.
NetworkRulePage LoadNetworkRulePage(pg::Transaction& tx, const NetworkRuleView& view,
                                    const ListPage& page);

}  // namespace sluice::api
