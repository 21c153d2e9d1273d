// Parties as lists show them. No rules.
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
#include "hierarchy/hierarchy_service.h"
#include "hierarchy/party.h"

namespace sluice::api {

// A party on a day.
struct PartyRow {
  PartyId id;
  hierarchy::PartyKind kind = hierarchy::PartyKind::kPractice;
  std::string name;
  hierarchy::Address address;
  std::optional<std::int16_t> onboarding_state;  // of its case, as it stands now
};

// Which parties, seen from when.
struct PartyView {
  PayerId payer;
  std::int64_t version = 0;  // of the hierarchy
  Date day{};
  std::optional<std::vector<PartyId>> among;  // unset: all
};

// The version of the hierarchy that answers; the last one where nothing is said.
std::int64_t HierarchyVersion(pg::Transaction& tx, PayerId payer, const hierarchy::AsOf& as_of);

// The fields of a list of parties; the last one is the id.
std::span<const ListField> PartyFields();

struct PartyPage {
  std::vector<PartyRow> parties;
  std::string next_page_token;
};
PartyPage LoadPartyPage(pg::Transaction& tx, const PartyView& view, const ListPage& page);
std::optional<PartyRow> LoadParty(pg::Transaction& tx, const PartyView& view, PartyId party);

}  // namespace sluice::api
