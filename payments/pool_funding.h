// Says to contracts which pools there are: performance asks before a contract becomes active, and
// does not know payments.
#pragma once

#include <string>

#include "performance/contracts/contract_service.h"

namespace sluice::payments {

class PoolFunding final : public performance::FundingSources {
 public:
  bool HasPool(pg::Transaction& tx, BookId book, const std::string& pool) override;
};

}  // namespace sluice::payments
