// Checks as lists show them. No rules.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::api {

std::span<const ListField> CheckFields();

struct CheckPage {
  std::vector<std::int64_t> numbers;
  std::string next_page_token;
};
CheckPage LoadCheckPage(pg::Transaction& tx, BookId book, const ListPage& page);

}  // namespace sluice::api
