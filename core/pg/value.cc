#include "core/pg/value.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <limits>

namespace sluice::pg {
namespace {

// PostgreSQL counts days and microseconds from 2000-01-01.
constexpr std::int32_t kEpochDays = 10'957;
constexpr std::int64_t kEpochMicros = 946'684'800'000'000;

}  // namespace

void AppendBigEndian(std::string& out, std::uint64_t value, std::size_t size) {
  char bytes[sizeof value];
  CHECK(size <= sizeof value);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<char>(static_cast<unsigned char>(value >> (8 * (size - 1 - i))));
  }
  out.append(bytes, size);
}

std::uint64_t ReadBigEndian(std::string_view bytes, std::size_t size) {
  CHECK(bytes.size() == size);
  // The two widths that nearly all columns have, without a loop over their bytes.
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto four = [](const unsigned char* b) {
    return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
  };
  if (size == 4) return four(at);
  if (size == 8) return std::uint64_t{four(at)} << 32 | four(at + 4);
  std::uint64_t value = 0;
  for (const char c : bytes) value = (value << 8) | static_cast<unsigned char>(c);
  return value;
}

void TypeMismatch(unsigned expected, unsigned found) {
  std::fprintf(stderr, "a column of type oid %u was read as type oid %u\n", found, expected);
  CHECK(expected == found);
  std::abort();
}

void UnexpectedNull(unsigned type) {
  std::fprintf(stderr, "NULL of type oid %u was read into a type without std::optional\n", type);
  CHECK(type == 0);
  std::abort();
}

void Codec<ByteView>::Append(std::string& out, ByteView value) {
  out.append(reinterpret_cast<const char*>(value.data()), value.size());
}

ByteView Codec<ByteView>::Read(std::string_view bytes) {
  return ByteView(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

Bytes Codec<Bytes>::Read(std::string_view bytes) {
  const ByteView view = Codec<ByteView>::Read(bytes);
  return Bytes(view.begin(), view.end());
}

Digest Codec<Digest>::Read(std::string_view bytes) {
  Digest digest{};
  CHECK(bytes.size() == digest.size());
  std::memcpy(digest.data(), bytes.data(), digest.size());
  return digest;
}

void Codec<Uuid>::Append(std::string& out, const Uuid& value) {
  out.append(reinterpret_cast<const char*>(value.data()), value.size());
}

Uuid Codec<Uuid>::Read(std::string_view bytes) {
  Uuid uuid{};
  CHECK(bytes.size() == uuid.size());
  std::memcpy(uuid.data(), bytes.data(), uuid.size());
  return uuid;
}

void Codec<Date>::Append(std::string& out, Date value) {
  const std::int64_t days = std::int64_t{value.time_since_epoch().count()} - kEpochDays;
  Codec<std::int32_t>::Append(out, static_cast<std::int32_t>(days));
}

Date Codec<Date>::Read(std::string_view bytes) {
  const std::int32_t days = Codec<std::int32_t>::Read(bytes);
  CHECK(days != std::numeric_limits<std::int32_t>::max());  // 'infinity'
  CHECK(days != std::numeric_limits<std::int32_t>::min());  // '-infinity'
  return Date(Days(days + kEpochDays));
}

void Codec<Instant>::Append(std::string& out, Instant value) {
  Codec<std::int64_t>::Append(out, value.Micros() - kEpochMicros);
}

Instant Codec<Instant>::Read(std::string_view bytes) {
  const std::int64_t micros = Codec<std::int64_t>::Read(bytes);
  CHECK(micros != std::numeric_limits<std::int64_t>::max());  // 'infinity'
  CHECK(micros != std::numeric_limits<std::int64_t>::min());  // '-infinity'
  return Instant::FromMicros(micros + kEpochMicros);
}

namespace internal {

void AppendArrayHeader(std::string& out, unsigned element_type, std::size_t count, bool has_null) {
  CHECK(count <= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()));
  AppendBigEndian(out, count == 0 ? 0 : 1, 4);  // dimensions: an empty array has none
  AppendBigEndian(out, has_null ? 1 : 0, 4);
  AppendBigEndian(out, element_type, 4);
  if (count == 0) return;
  AppendBigEndian(out, count, 4);
  AppendBigEndian(out, 1, 4);  // the first index
}

std::size_t ReadArrayHeader(std::string_view& bytes, unsigned element_type) {
  const auto next = [&bytes] {
    const std::uint64_t value = ReadBigEndian(bytes.substr(0, 4), 4);
    bytes.remove_prefix(4);
    return value;
  };
  const std::uint64_t dimensions = next();
  CHECK(dimensions <= 1);
  next();  // whether there are NULLs: the elements say so themselves
  CHECK(next() == element_type);
  if (dimensions == 0) return 0;
  const std::uint64_t count = next();
  next();  // the first index
  return count;
}

std::optional<std::string_view> ReadElement(std::string_view& bytes) {
  const std::int32_t length = Codec<std::int32_t>::Read(bytes.substr(0, 4));
  bytes.remove_prefix(4);
  if (length < 0) return std::nullopt;
  const std::string_view element = bytes.substr(0, static_cast<std::size_t>(length));
  CHECK(element.size() == static_cast<std::size_t>(length));
  bytes.remove_prefix(element.size());
  return element;
}

}  // namespace internal
}  // namespace sluice::pg
