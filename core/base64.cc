#include "core/base64.h"

namespace sluice {

namespace {

constexpr std::string_view kUrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

std::string ToBase64Url(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t held = 0;
  int bits = 0;
  for (const std::uint8_t byte : bytes) {
    held = (held << 8U) | byte;
    for (bits += 8; bits >= 6; bits -= 6) {
      text += kUrlAlphabet[(held >> static_cast<unsigned>(bits - 6)) & 63U];
    }
  }
  if (bits > 0) text += kUrlAlphabet[(held << static_cast<unsigned>(6 - bits)) & 63U];
  return text;
}

StatusOr<Bytes> FromBase64Url(std::string_view text) {
  if (text.size() % 4 == 1) return InvalidArgument("base 64 text was cut");
  Bytes bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const std::size_t digit = kUrlAlphabet.find(c);
    if (digit == std::string_view::npos) {
      return InvalidArgument("base 64 text has a character that does not belong to it");
    }
    held = (held << 6U) | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::uint8_t>(held >> static_cast<unsigned>(bits)));
    }
  }
  if ((held & ((1U << static_cast<unsigned>(bits)) - 1U)) != 0) {
    return InvalidArgument("base 64 text has bits left over");
  }
  return bytes;
}

}  // namespace sluice
