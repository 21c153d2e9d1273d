// A page of disputes, chosen among those that are given: their state is what their clocks have made
// of them, which no row says. No rules.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/pg/database.h"
#include "performance/attribution/dispute.h"

namespace sluice::api {

// The last one is the id.
std::span<const ListField> DisputeFields();

struct DisputePage {
  std::vector<std::size_t> places;  // in `disputes`
  std::string next_page_token;
};
DisputePage ChooseDisputes(pg::Transaction& tx, std::span<const performance::Dispute> disputes,
                           const ListPage& page);

}  // namespace sluice::api
