// Awards and their shares as lists show them. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/money.h"
#include "core/pg/database.h"
#include "performance/award_store.h"

namespace sluice::api {

// Which awards.
struct AwardsOfView {
  std::optional<ProgramId> program;           // unset: of all
  DateRange period;                           // closed
  std::optional<std::vector<PartyId>> among;  // of these parties; unset: of all
};

// The fields of a list of awards; the last one is the id.
std::span<const ListField> AwardFields();

struct AwardPage {
  std::vector<performance::StoredAward> awards;
  std::string next_page_token;
};
// The newest version of each.
AwardPage LoadAwardPage(pg::Transaction& tx, const AwardsOfView& view, const ListPage& page);

// The versions of one award; the last field is the number.
std::span<const ListField> AwardVersionFields();
AwardPage LoadAwardVersionPage(pg::Transaction& tx, ContractId contract, AwardId award,
                               const ListPage& page);

// A line of a split, its reasons and notes by name.
struct AwardShareRow {
  std::int32_t position = 0;
  std::int32_t parent_position = -1;
  PartyId party;  // unset for a role pool and for the payer
  std::string role;
  std::string label;
  std::string weight;
  Money received;
  Money amount;
  std::string zero_reason;
  std::string notes;  // separated by commas
  std::string detail;
};

// The fields of a list of shares; the last one is the position.
std::span<const ListField> AwardShareFields();

struct AwardSharePage {
  std::vector<AwardShareRow> shares;
  std::string next_page_token;
};
// `among`: the lines at these positions; unset: all.
AwardSharePage LoadAwardSharePage(pg::Transaction& tx, const performance::AwardKey& award,
                                  const std::optional<std::vector<std::int64_t>>& among,
                                  const ListPage& page);

// Whose each line is, by position.
struct ShareOwner {
  std::int32_t parent_position = -1;
  PartyId party;
};
std::vector<ShareOwner> LoadShareOwners(pg::Transaction& tx, const performance::AwardKey& award);

}  // namespace sluice::api
