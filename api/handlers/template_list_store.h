// Templates of contracts as lists show them. No rules.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/contracts/contract_version.h"

namespace sluice::api {

// The fields of a list of templates; the last one is the id.
std::span<const ListField> TemplateFields();

struct TemplatePage {
  std::vector<performance::TemplateId> templates;
  std::string next_page_token;
};
TemplatePage LoadTemplatePage(pg::Transaction& tx, PayerId payer, const ListPage& page);

}  // namespace sluice::api
