// Reversals as lists show them. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/reversals/reversal.h"

namespace sluice::api {

std::span<const ListField> ReversalFields();

struct ReversalPage {
  std::vector<payments::Reversal> reversals;
  std::string next_page_token;
};
ReversalPage LoadReversalPage(pg::Transaction& tx, BookId book, const ListPage& page);

}  // namespace sluice::api
