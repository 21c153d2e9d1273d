// Whether the data that contracts are owed came, as facts before their calculation.
//
//   1. A data gate of the program that a feed breaks is a flag of every contract of the run
//      (feeds/gate_service.h).
//   2. A service level of the terms is assessed from the deliveries of its feed
//      (contracts/data_delivery.h), by the first accepted version of each. A feed that is not
//      declared is nobody's here: what people recorded about it stays.
#pragma once

#include <cstdint>
#include <span>

#include "performance/program_run/detail_source.h"

namespace sluice::performance {

// Returns how many facts changed.
StatusOr<std::int64_t> RecordDeliveredData(const DetailScope& scope,
                                           std::span<const DetailContract> contracts);

}  // namespace sluice::performance
