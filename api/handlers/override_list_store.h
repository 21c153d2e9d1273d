// Overrides as lists show them. No rules.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/award_override.h"

namespace sluice::api {

// The fields of a list of overrides; the last one is the id.
std::span<const ListField> OverrideFields();

struct OverridePage {
  std::vector<performance::OverrideId> overrides;
  std::string next_page_token;
};
OverridePage LoadOverridePage(pg::Transaction& tx, ContractId contract, const ListPage& page);

}  // namespace sluice::api
