// The types that travel to and from PostgreSQL, in binary.
//
//   C++                              SQL
//   bool                             boolean
//   std::int16_t, int32_t, int64_t   smallint, integer, bigint
//   Id<T>, Money (cents)             bigint
//   std::string, std::string_view    text
//   Bytes, ByteView, Digest          bytea
//   Date                             date
//   Instant                          timestamptz
//   Uuid                             uuid
//   std::optional<T>                 the same, or NULL
//   std::vector<T>, std::span<T>     an array of the same (for unnest)
//
// Decode checks the column's type against T: a mismatch is a bug and aborts.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/money.h"

namespace sluice::pg {

// A parameter in binary form. `null` means SQL NULL.
struct EncodedValue {
  unsigned type = 0;  // PostgreSQL's type oid
  bool null = true;
  std::string bytes;
};

// A column as it arrived.
struct RawValue {
  unsigned type = 0;
  bool null = true;
  std::string_view bytes;
};

// The C++ types that have a SQL type of their own; specialised in value.cc for exactly the table above.
template <typename T>
struct Codec;  // static constexpr unsigned kType, kArrayType; static void Append(std::string&, const T&); static T Read(std::string_view)

}  // namespace sluice::pg
