// Reads canonical bytes back, in the order CanonicalWriter (core/bytes.h) wrote them.
//
// Reading past the end, or a length that does not fit, sets Failed() and gives zero values from
// then on; the caller asks once, at the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/date.h"
#include "core/money.h"

namespace sluice::payments {

class CanonicalReader {
 public:
  explicit CanonicalReader(ByteView bytes) : rest_(bytes) {}

  std::uint8_t U8() { return static_cast<std::uint8_t>(Big(1)); }
  std::uint32_t U32() { return static_cast<std::uint32_t>(Big(4)); }
  std::int64_t I64() { return static_cast<std::int64_t>(Big(8)); }
  Money Amount() { return Money::FromCents(I64()); }
  Date Day() { return Date(Days(static_cast<int>(I64()))); }
  std::optional<std::int64_t> OptionalI64() {
    if (U8() == 0) return std::nullopt;
    return I64();
  }
  ByteView Raw() { return Take(U32()); }
  std::string Text() {
    const ByteView bytes = Raw();
    return std::string(bytes.begin(), bytes.end());
  }

  bool Failed() const { return failed_; }
  bool AtEnd() const { return rest_.empty() && !failed_; }

 private:
  ByteView Take(std::size_t count) {
    if (failed_ || count > rest_.size()) {
      failed_ = true;
      return {};
    }
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  std::uint64_t Big(std::size_t count) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : Take(count)) value = value << 8 | byte;
    return value;
  }

  ByteView rest_;
  bool failed_ = false;
};

}  // namespace sluice::payments
