// Pages of roster imports.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/pg/database.h"
#include "hierarchy/hierarchy_store.h"

namespace sluice::api {

struct RosterImportPage {
  std::vector<hierarchy::RosterImportRecord> imports;
  std::string next_page_token;
};

std::span<const ListField> RosterImportFields();
RosterImportPage LoadRosterImportPage(pg::Transaction& tx, PayerId payer, const ListPage& page);

}  // namespace sluice::api
