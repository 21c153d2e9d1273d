// Lines of an activity run as lists show them. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/pg/database.h"
#include "performance/activity/activity.h"

namespace sluice::api {

// Of which run, and what of it: as ContractReach has them.
struct ActivityLineView {
  PayerId payer;
  ContractId contract;
  std::int64_t run_id = 0;
  std::optional<std::vector<PartyId>> among;
  std::vector<PartyId> roots;
};

// The last one is the line's place.
std::span<const ListField> ActivityLineFields();

struct ActivityLinePage {
  std::vector<performance::ActivityLine> lines;
  std::string next_page_token;
};
StatusOr<ActivityLinePage> LoadActivityLinePage(pg::Transaction& tx, const ActivityLineView& view,
                                                const ListPage& page);

}  // namespace sluice::api
