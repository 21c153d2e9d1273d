#include "core/query_text.h"

#include <algorithm>
#include <optional>

namespace sluice {
namespace {

std::optional<unsigned> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

StatusOr<std::string> DecodeField(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const auto high = i + 2 < text.size() ? HexDigit(text[i + 1]) : std::nullopt;
    const auto low = i + 2 < text.size() ? HexDigit(text[i + 2]) : std::nullopt;
    if (!high || !low) return InvalidArgument("the query has a '%' without two digits");
    decoded += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  if (decoded.find('\0') != std::string::npos) return InvalidArgument("the query has a zero byte");
  return decoded;
}

}  // namespace

std::string PercentEncoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

std::string WriteQuery(const std::vector<std::pair<std::string_view, std::string>>& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, PercentEncoded(value));
  }
  return text;
}

StatusOr<std::map<std::string, std::string>> ReadQuery(std::string_view text) {
  std::map<std::string, std::string> fields;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('&', at), text.size());
    const std::string_view one = text.substr(at, end - at);
    at = end + 1;
    if (one.empty()) continue;
    const std::size_t equals = std::min(one.find('='), one.size());
    ASSIGN_OR_RETURN(std::string name, DecodeField(one.substr(0, equals)));
    ASSIGN_OR_RETURN(std::string value,
                     DecodeField(equals == one.size() ? "" : one.substr(equals + 1)));
    if (!fields.emplace(std::move(name), std::move(value)).second) {
      return InvalidArgument("a field of the query comes twice");
    }
  }
  return fields;
}

}  // namespace sluice
