// What every use case of attribution reads first. Internal to this folder.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "core/pg/database.h"
#include "performance/attribution/list_store.h"

namespace sluice::performance {

// NotFound for a contract that the payer does not have.
inline StatusOr<AttributedContract> RequireContract(pg::Transaction& tx, ContractId contract) {
  const auto found = FindAttributedContract(tx, contract);
  if (!found) return NotFound("contract {} is not known", contract);
  return *found;
}

// The version, or the newest one, as known then. NotFound when there is none.
inline StatusOr<StoredList> RequireList(pg::Transaction& tx, ContractId contract, Date period_from,
                                        std::optional<std::int32_t> version, Instant known_at) {
  auto stored = ReadList(tx, contract, period_from, version, known_at);
  if (!stored) {
    return NotFound("contract {} has no{} attribution list for the period from {}", contract,
                    version ? fmt::format(" version {} of the", *version) : "",
                    FormatDate(period_from));
  }
  return *std::move(stored);
}

}  // namespace sluice::performance
