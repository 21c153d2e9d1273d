#include "core/one_time_code.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "core/check.h"
#include "core/crypto.h"

namespace sluice {
namespace {

constexpr std::string_view kBase32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::int64_t kMicrosOfStep = kCodeStepSeconds * 1'000'000;

}  // namespace

std::int64_t CodeStepAt(Instant at) { return at.Micros() / kMicrosOfStep; }

std::string OneTimeCode(ByteView secret, std::int64_t step) {
  std::array<std::uint8_t, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i) {
    counter[counter.size() - 1 - i] =
        static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (8 * i));
  }
  std::array<std::uint8_t, 20> mac{};
  unsigned size = 0;
  CHECK(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(),
             counter.size(), mac.data(), &size) != nullptr);
  CHECK(size == mac.size());
  // Dynamic truncation (RFC 4226, section 5.3).
  const std::size_t offset = mac[19] & 0x0FU;
  const std::uint32_t binary = (static_cast<std::uint32_t>(mac[offset] & 0x7FU) << 24U) |
                               (static_cast<std::uint32_t>(mac[offset + 1]) << 16U) |
                               (static_cast<std::uint32_t>(mac[offset + 2]) << 8U) |
                               mac[offset + 3];
  return fmt::format("{:06}", binary % 1'000'000U);
}

std::optional<std::int64_t> MatchCode(ByteView secret, std::string_view code, Instant now,
                                      std::int64_t last_step) {
  std::optional<std::int64_t> matched;
  const std::int64_t current = CodeStepAt(now);
  for (const std::int64_t step : {current - 1, current, current + 1}) {
    const std::string right = OneTimeCode(secret, step);
    if (ConstantTimeEqual(AsBytes(right), AsBytes(code)) && step > last_step) matched = step;
  }
  return matched;
}

std::string ToBase32(ByteView bytes) {
  std::string text;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    held = (held << 8U) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += kBase32Alphabet[(held >> (bits - 5)) & 31U];
  }
  if (bits > 0) text += kBase32Alphabet[(held << (5 - bits)) & 31U];
  return text;
}

}  // namespace sluice
