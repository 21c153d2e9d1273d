// SQL of member results, read in bulk. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::performance {

// The measure results of contracts for one period as known at an instant, by one COPY: contract by
// contract, then by member, measure and when they were recorded. While it is open the transaction
// does nothing else.
class MeasureStream {
 public:
  // Requires: there are contracts.
  MeasureStream(pg::Transaction& tx, std::span<const ContractId> contracts, Date period_from,
                Instant known_at);

  // The next row, or false at the end. What it gives lives until the next call.
  bool Next() { return reader_.Next(); }
  ContractId Contract() const { return reader_.Get<ContractId>(0); }
  std::int64_t Member() const { return reader_.Get<std::int64_t>(1); }
  std::string_view MeasureId() const { return reader_.Get<std::string_view>(2); }
  std::optional<bool> Met() const { return reader_.Get<std::optional<bool>>(3); }

 private:
  pg::CopyReader reader_;
};

}  // namespace sluice::performance
