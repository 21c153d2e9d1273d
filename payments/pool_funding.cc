#include "payments/pool_funding.h"

#include "payments/run_store.h"

namespace sluice::payments {

bool PoolFunding::HasPool(pg::Transaction& tx, BookId book, const std::string& pool) {
  return FindPoolByName(tx, book, pool).has_value();
}

}  // namespace sluice::payments
