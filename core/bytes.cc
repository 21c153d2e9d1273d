#include "core/bytes.h"

#include <openssl/evp.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "core/check.h"

namespace sluice {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

ByteView AsBytes(std::string_view text) {
  // Bytes of any object may be read through unsigned char; that is what a ByteView is.
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string ToHex(ByteView bytes) {
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    hex += kHexDigits[byte >> 4];
    hex += kHexDigits[byte & 15];
  }
  return hex;
}

StatusOr<Bytes> FromHex(std::string_view hex) {
  if (hex.size() % 2 != 0) {
    return InvalidArgument("{} hex digits: an even number is needed", hex.size());
  }
  Bytes bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = HexValue(hex[i]);
    const int low = HexValue(hex[i + 1]);
    // The text may be a key, so the message says where and not what.
    if (high < 0 || low < 0) return InvalidArgument("no hex digit at or after position {}", i + 1);
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return bytes;
}

std::string FormatUuid(const Uuid& uuid) {
  std::string text = ToHex(uuid);
  for (const std::size_t position : {20U, 16U, 12U, 8U}) text.insert(position, 1, '-');
  return text;
}

StatusOr<Uuid> ParseUuid(std::string_view text) {
  std::string hex;
  bool shape = text.size() == 36;
  for (std::size_t i = 0; shape && i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    shape = dash ? text[i] == '-' : HexValue(text[i]) >= 0;
    if (!dash) hex += text[i];
  }
  if (!shape) {
    return InvalidArgument("'{}' is not a UUID; write it as 8-4-4-4-12 hex digits", text);
  }
  ASSIGN_OR_RETURN(const Bytes bytes, FromHex(hex));
  Uuid uuid{};
  std::ranges::copy(bytes, uuid.begin());
  return uuid;
}

Digest Sha256(ByteView bytes) {
  // Looking the algorithm up and making a context costs more than hashing a journal: each thread
  // does it once.
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  CHECK(algorithm != nullptr && context != nullptr);
  Digest digest{};
  unsigned length = 0;
  CHECK(EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1);
  CHECK(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1);
  CHECK(EVP_DigestFinal_ex(context.get(), digest.data(), &length) == 1);
  CHECK(length == digest.size());
  return digest;
}

Uuid DerivedUuid(std::string_view kind, std::span<const std::string> parts) {
  CanonicalWriter writer("sluice");
  writer.Text(kind);
  for (const std::string& part : parts) writer.Text(part);
  const Digest digest = writer.Hash();
  Uuid uuid{};
  std::copy_n(digest.begin(), uuid.size(), uuid.begin());
  uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0F) | 0x80);  // version 8 (RFC 9562 5.8)
  uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3F) | 0x80);  // variant 10
  return uuid;
}

CanonicalWriter& CanonicalWriter::U8(std::uint8_t value) {
  bytes_.push_back(value);
  return *this;
}

CanonicalWriter& CanonicalWriter::U32(std::uint32_t value) {
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}

CanonicalWriter& CanonicalWriter::I64(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
  }
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}

CanonicalWriter& CanonicalWriter::Text(std::string_view text) { return Raw(AsBytes(text)); }

CanonicalWriter& CanonicalWriter::Raw(ByteView bytes) {
  CHECK(bytes.size() <= std::numeric_limits<std::uint32_t>::max());
  U32(static_cast<std::uint32_t>(bytes.size()));
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}

CanonicalWriter& CanonicalWriter::OptionalI64(std::optional<std::int64_t> value) {
  if (!value) return U8(0);
  return U8(1).I64(*value);
}

}  // namespace sluice
