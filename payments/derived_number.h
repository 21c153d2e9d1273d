// Ids that derive from what they are for, so that a restart computes the same ones.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::payments {

// A positive 63-bit number out of a derived id (DerivedUuid). Two that fall together are refused by
// the primary key, never mixed up.
std::int64_t DerivedNumber(std::string_view kind, const std::vector<std::string>& parts);

}  // namespace sluice::payments
