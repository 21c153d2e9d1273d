// SQL of the template library and the mapping of its rows. No rules.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "performance/contracts/template.h"

namespace sluice::performance {

struct TemplateRow {
  TemplateId id;
  std::string name;
  std::int32_t newest = 0;  // version
};

void InsertTemplate(pg::Transaction& tx, PayerId payer, TemplateId id, const std::string& name,
                    Instant at);
// By name.
std::vector<TemplateRow> ListTemplates(pg::Transaction& tx, PayerId payer);
void InsertTemplateVersion(pg::Transaction& tx, PayerId payer, const TemplateVersion& version);
// Version 0 is the newest. DataLoss when its terms do not match their hash.
StatusOr<std::optional<TemplateVersion>> FindTemplate(pg::Transaction& tx, PayerId payer,
                                                      const TemplateRef& ref);

}  // namespace sluice::performance
