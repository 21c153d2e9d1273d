// Cycles as lists show them. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/cycle.h"

namespace sluice::api {

// The fields of a list of cycles; the last one is the id.
std::span<const ListField> CycleFields();

struct CyclePage {
  std::vector<payments::Cycle> cycles;
  std::string next_page_token;
};
// Of one program, or of all that the payer has.
CyclePage LoadCyclePage(pg::Transaction& tx, std::optional<ProgramId> program,
                        const ListPage& page);

// The pools of a book, by id.
std::vector<payments::PoolId> LoadPoolIds(pg::Transaction& tx, BookId book);

}  // namespace sluice::api
