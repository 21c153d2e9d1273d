// Edits and the queue of recalculations as lists show them. No rules.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/recalculation/recalculation_store.h"

namespace sluice::api {

// The fields of a list of edits; the last one is the id.
std::span<const ListField> ChangeFields();

struct ChangePage {
  std::vector<performance::ChangeEvent> changes;
  std::string next_page_token;
};
ChangePage LoadChangePage(pg::Transaction& tx, PayerId payer, const ListPage& page);

// A calculation of the queue. One whose worker gave it back, or lost it, waits.
struct RecalculationRow {
  performance::RecalculationId id;
  ContractId contract;
  DateRange period;
  performance::RecalculationState state = performance::RecalculationState::kQueued;
  std::int32_t attempts = 0;
  std::string detail;
  Instant queued_at;
};

// The fields of a list of recalculations; the last one is the id.
std::span<const ListField> RecalculationFields();

struct RecalculationPage {
  std::vector<RecalculationRow> recalculations;
  std::string next_page_token;
};
RecalculationPage LoadRecalculationPage(pg::Transaction& tx, PayerId payer, Instant now,
                                        const ListPage& page);

}  // namespace sluice::api
