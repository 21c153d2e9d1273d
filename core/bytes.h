// Bytes, digests and the canonical byte form that hashes and signatures are taken of.
//
// Canonical bytes are: fixed field order, big-endian integers, length-prefixed strings, and a tag
// or version first. Never JSON, never locale text: the same value has one byte form for ever.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/money.h"

namespace sluice {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using Digest = std::array<std::uint8_t, 32>;  // SHA-256
using Uuid = std::array<std::uint8_t, 16>;

ByteView AsBytes(std::string_view text);
std::string ToHex(ByteView bytes);
// InvalidArgument on an odd length or a character that is no hex digit.
StatusOr<Bytes> FromHex(std::string_view hex);
// "018f3c1e-....": lower case, five groups.
std::string FormatUuid(const Uuid& uuid);
StatusOr<Uuid> ParseUuid(std::string_view text);

Digest Sha256(ByteView bytes);
// UUIDv8: 122 bits of SHA-256 over the canonical bytes ("sluice", kind, parts...). The same parts
// always give the same id: this is what lets a restarted job find what it already did.
Uuid DerivedUuid(std::string_view kind, std::span<const std::string> parts);

// Builds canonical bytes.
class CanonicalWriter {
 public:
  explicit CanonicalWriter(std::string_view tag) { Text(tag); }

  CanonicalWriter& U8(std::uint8_t value);
  CanonicalWriter& U32(std::uint32_t value);
  CanonicalWriter& I64(std::int64_t value);
  CanonicalWriter& Text(std::string_view text);    // 32-bit length, then the bytes
  CanonicalWriter& Raw(ByteView bytes);            // 32-bit length, then the bytes
  CanonicalWriter& OptionalI64(std::optional<std::int64_t> value);  // 0, or 1 and the value
  CanonicalWriter& Amount(Money amount) { return I64(amount.Cents()); }
  CanonicalWriter& Day(Date date) { return I64(date.time_since_epoch().count()); }
  CanonicalWriter& At(Instant instant) { return I64(instant.Micros()); }

  const Bytes& Data() const { return bytes_; }
  Digest Hash() const { return Sha256(bytes_); }

 private:
  Bytes bytes_;
};

}  // namespace sluice
