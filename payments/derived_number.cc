#include "payments/derived_number.h"

#include "core/bytes.h"

namespace sluice::payments {

std::int64_t DerivedNumber(std::string_view kind, const std::vector<std::string>& parts) {
  const Uuid uuid = DerivedUuid(kind, parts);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = (value << 8U) | uuid[i];
  // The low half carries the variant bits; the high half carries the version in 4 fixed bits.
  std::uint64_t low = 0;
  for (std::size_t i = 8; i < 16; ++i) low = (low << 8U) | uuid[i];
  value ^= low << 7U;
  return static_cast<std::int64_t>((value >> 1U) | 1U);
}

}  // namespace sluice::payments
