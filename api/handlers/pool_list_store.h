// Pools, and transfers between them, as lists show them. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/pool.h"
#include "payments/pools/pool_store.h"

namespace sluice::api {

struct PoolRow {
  ProgramId program;
  payments::Pool pool;
  std::int64_t version = 0;  // of its balance: how often it was posted to
  std::string last4;         // of the account that holds its money; empty while it has no number
};

std::span<const ListField> PoolFields();

struct PoolPage {
  std::vector<PoolRow> pools;
  std::string next_page_token;
};
// Of one program, or of all.
PoolPage LoadPoolPage(pg::Transaction& tx, std::optional<ProgramId> program, const ListPage& page);
std::optional<PoolRow> FindPoolRow(pg::Transaction& tx, ProgramId program, payments::PoolId pool);

// Transfers between the pools of a book.
std::span<const ListField> PoolTransferFields();

struct PoolTransferPage {
  std::vector<payments::PoolTransferRow> transfers;
  std::string next_page_token;
};
PoolTransferPage LoadPoolTransferPage(pg::Transaction& tx, BookId book, const ListPage& page);

}  // namespace sluice::api
