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
//   std::vector<T>, std::span<T>     an array of the same (for unnest); T may be std::optional
//
// Decode checks the column's type against T: a mismatch, and a NULL read into a T that cannot hold
// it, is a bug and aborts. So are a date or time that is infinite, an array of more than one
// dimension and a digest of another length. A decoded std::string_view or ByteView lives as long
// as the result it was read from.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/bytes.h"
#include "core/check.h"
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

// PostgreSQL's fixed type oids (catalog/pg_type.dat); they never change.
struct TypeOid {
  static constexpr unsigned kBool = 16, kBoolArray = 1000;
  static constexpr unsigned kBytea = 17, kByteaArray = 1001;
  static constexpr unsigned kInt8 = 20, kInt8Array = 1016;
  static constexpr unsigned kInt2 = 21, kInt2Array = 1005;
  static constexpr unsigned kInt4 = 23, kInt4Array = 1007;
  static constexpr unsigned kText = 25, kTextArray = 1009;
  static constexpr unsigned kDate = 1082, kDateArray = 1182;
  static constexpr unsigned kTimestamptz = 1184, kTimestamptzArray = 1185;
  static constexpr unsigned kUuid = 2950, kUuidArray = 2951;
};

// Big-endian integers, as the wire has them. ReadBigEndian aborts on another length.
void AppendBigEndian(std::string& out, std::uint64_t value, std::size_t size);
std::uint64_t ReadBigEndian(std::string_view bytes, std::size_t size);

// Aborts and says which types met. For the templates below.
[[noreturn]] void TypeMismatch(unsigned expected, unsigned found);
[[noreturn]] void UnexpectedNull(unsigned type);

// The C++ types that have a SQL type of their own: exactly the table above. Each has
//   static constexpr unsigned kType, kArrayType;
//   static void Append(std::string& out, const T& value);
//   static T Read(std::string_view bytes);
template <typename T>
struct Codec;

template <>
struct Codec<bool> {
  static constexpr unsigned kType = TypeOid::kBool, kArrayType = TypeOid::kBoolArray;
  static void Append(std::string& out, bool value) { out.push_back(value ? '\1' : '\0'); }
  static bool Read(std::string_view bytes) { return ReadBigEndian(bytes, 1) != 0; }
};

template <>
struct Codec<std::int16_t> {
  static constexpr unsigned kType = TypeOid::kInt2, kArrayType = TypeOid::kInt2Array;
  static void Append(std::string& out, std::int16_t value) {
    AppendBigEndian(out, static_cast<std::uint16_t>(value), 2);
  }
  static std::int16_t Read(std::string_view bytes) {
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(ReadBigEndian(bytes, 2)));
  }
};

template <>
struct Codec<std::int32_t> {
  static constexpr unsigned kType = TypeOid::kInt4, kArrayType = TypeOid::kInt4Array;
  static void Append(std::string& out, std::int32_t value) {
    AppendBigEndian(out, static_cast<std::uint32_t>(value), 4);
  }
  static std::int32_t Read(std::string_view bytes) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(ReadBigEndian(bytes, 4)));
  }
};

template <>
struct Codec<std::int64_t> {
  static constexpr unsigned kType = TypeOid::kInt8, kArrayType = TypeOid::kInt8Array;
  static void Append(std::string& out, std::int64_t value) {
    AppendBigEndian(out, static_cast<std::uint64_t>(value), 8);
  }
  static std::int64_t Read(std::string_view bytes) {
    return static_cast<std::int64_t>(ReadBigEndian(bytes, 8));
  }
};

template <typename Tag>
struct Codec<Id<Tag>> {
  static constexpr unsigned kType = TypeOid::kInt8, kArrayType = TypeOid::kInt8Array;
  static void Append(std::string& out, Id<Tag> value) {
    Codec<std::int64_t>::Append(out, value.Value());
  }
  static Id<Tag> Read(std::string_view bytes) { return Id<Tag>(Codec<std::int64_t>::Read(bytes)); }
};

template <>
struct Codec<Money> {
  static constexpr unsigned kType = TypeOid::kInt8, kArrayType = TypeOid::kInt8Array;
  static void Append(std::string& out, Money value) {
    Codec<std::int64_t>::Append(out, value.Cents());
  }
  static Money Read(std::string_view bytes) {
    return Money::FromCents(Codec<std::int64_t>::Read(bytes));
  }
};

template <>
struct Codec<std::string_view> {
  static constexpr unsigned kType = TypeOid::kText, kArrayType = TypeOid::kTextArray;
  static void Append(std::string& out, std::string_view value) { out.append(value); }
  static std::string_view Read(std::string_view bytes) { return bytes; }
};

template <>
struct Codec<std::string> : Codec<std::string_view> {
  static std::string Read(std::string_view bytes) { return std::string(bytes); }
};

template <>
struct Codec<ByteView> {
  static constexpr unsigned kType = TypeOid::kBytea, kArrayType = TypeOid::kByteaArray;
  static void Append(std::string& out, ByteView value);
  static ByteView Read(std::string_view bytes);
};

template <>
struct Codec<Bytes> : Codec<ByteView> {
  static Bytes Read(std::string_view bytes);
};

template <>
struct Codec<Digest> : Codec<ByteView> {
  static Digest Read(std::string_view bytes);
};

template <>
struct Codec<Uuid> {
  static constexpr unsigned kType = TypeOid::kUuid, kArrayType = TypeOid::kUuidArray;
  static void Append(std::string& out, const Uuid& value);
  static Uuid Read(std::string_view bytes);
};

template <>
struct Codec<Date> {
  static constexpr unsigned kType = TypeOid::kDate, kArrayType = TypeOid::kDateArray;
  static void Append(std::string& out, Date value);
  static Date Read(std::string_view bytes);
};

template <>
struct Codec<Instant> {
  static constexpr unsigned kType = TypeOid::kTimestamptz, kArrayType = TypeOid::kTimestamptzArray;
  static void Append(std::string& out, Instant value);
  static Instant Read(std::string_view bytes);
};

template <typename T>
concept Scalar = requires { Codec<T>::kType; };

namespace internal {

template <typename T>
struct OptionalOf : std::false_type {};
template <typename T>
struct OptionalOf<std::optional<T>> : std::true_type {
  using Value = T;
};

template <typename T>
struct SequenceOf : std::false_type {};
template <typename T>
struct SequenceOf<std::vector<T>> : std::true_type {
  using Value = T;
};
template <typename T, std::size_t kExtent>
struct SequenceOf<std::span<T, kExtent>> : std::true_type {
  using Value = std::remove_const_t<T>;
};

// The scalar inside T or std::optional<T>.
template <typename T>
struct Element {
  using Type = T;
};
template <typename T>
struct Element<std::optional<T>> {
  using Type = T;
};

void AppendArrayHeader(std::string& out, unsigned element_type, std::size_t count, bool has_null);
// Aborts unless the array has at most one dimension; leaves the elements in `bytes`.
std::size_t ReadArrayHeader(std::string_view& bytes, unsigned element_type);
// The next element, without its length; nothing for NULL.
std::optional<std::string_view> ReadElement(std::string_view& bytes);

// A length, then the bytes; the length is -1 for NULL.
template <typename T>
void AppendElement(std::string& out, const T& value) {
  if constexpr (OptionalOf<T>::value) {
    if (!value) {
      AppendBigEndian(out, 0xFFFFFFFFU, 4);
    } else {
      AppendElement(out, *value);
    }
  } else {
    const std::size_t length_at = out.size();
    AppendBigEndian(out, 0, 4);
    Codec<T>::Append(out, value);
    std::string length;
    AppendBigEndian(length, out.size() - length_at - 4, 4);
    out.replace(length_at, 4, length);
  }
}

template <typename T, typename Sequence>
void AppendArray(std::string& out, const Sequence& values) {
  using Value = typename Element<T>::Type;
  bool has_null = false;
  if constexpr (OptionalOf<T>::value) {
    for (const auto& value : values) has_null = has_null || !value;
  }
  AppendArrayHeader(out, Codec<Value>::kType, values.size(), has_null);
  for (const T& value : values) AppendElement<T>(out, value);
}

}  // namespace internal

// The oid of the SQL type of T.
template <typename T>
constexpr unsigned TypeOf() {
  if constexpr (Scalar<T>) {
    return Codec<T>::kType;
  } else if constexpr (internal::OptionalOf<T>::value) {
    return TypeOf<typename internal::OptionalOf<T>::Value>();
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return TypeOid::kText;
  } else {
    static_assert(internal::SequenceOf<T>::value, "core/pg/value.h lists the types that travel");
    return Codec<
        typename internal::Element<typename internal::SequenceOf<T>::Value>::Type>::kArrayType;
  }
}

template <typename T>
EncodedValue Encode(const T& value) {
  EncodedValue encoded{TypeOf<T>(), false, {}};
  if constexpr (Scalar<T>) {
    Codec<T>::Append(encoded.bytes, value);
  } else if constexpr (internal::OptionalOf<T>::value) {
    if (value) return Encode(*value);
    encoded.null = true;
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    encoded.bytes = std::string_view(value);
  } else {
    internal::AppendArray<typename internal::SequenceOf<T>::Value>(encoded.bytes, value);
  }
  return encoded;
}

template <typename T>
T Decode(const RawValue& raw) {
  if (raw.type != TypeOf<T>()) TypeMismatch(TypeOf<T>(), raw.type);
  if constexpr (internal::OptionalOf<T>::value) {
    if (raw.null) return std::nullopt;
    return Decode<typename internal::OptionalOf<T>::Value>(raw);
  } else {
    if (raw.null) UnexpectedNull(raw.type);
    if constexpr (Scalar<T>) {
      return Codec<T>::Read(raw.bytes);
    } else {
      using Value = typename internal::SequenceOf<T>::Value;
      using Inner = typename internal::Element<Value>::Type;
      std::string_view rest = raw.bytes;
      const std::size_t count = internal::ReadArrayHeader(rest, Codec<Inner>::kType);
      T values;
      values.reserve(count);
      for (std::size_t i = 0; i < count; ++i) {
        const auto element = internal::ReadElement(rest);
        if constexpr (internal::OptionalOf<Value>::value) {
          values.push_back(element ? Value(Codec<Inner>::Read(*element)) : Value());
        } else {
          if (!element) UnexpectedNull(Codec<Inner>::kType);
          values.push_back(Codec<Inner>::Read(*element));
        }
      }
      return values;
    }
  }
}

}  // namespace sluice::pg
