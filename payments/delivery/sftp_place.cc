#include "payments/delivery/sftp_place.h"

#include <algorithm>
#include <utility>

#include "core/base64.h"

namespace sluice::payments {
namespace {

constexpr std::string_view kFingerprint = "SHA256:";

// RFC 4648, section 4, without the padding.
std::string Base64(ByteView bytes) {
  std::string text = ToBase64Url(bytes);
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  return text;
}

// "ssh-ed25519 AAAA... comment" as its first two words.
struct KeyWords {
  std::string_view type;
  std::string_view blob;
};
KeyWords WordsOfKey(std::string_view line) {
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos) return {};
  const std::string_view rest = line.substr(first + 1);
  return {line.substr(0, first), rest.substr(0, rest.find(' '))};
}

bool IsBase64(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=';
  });
}

std::string_view WithoutPadding(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  return text;
}

bool IsHostKey(std::string_view line) {
  if (line.starts_with(kFingerprint)) return IsBase64(line.substr(kFingerprint.size()));
  const KeyWords words = WordsOfKey(line);
  return !words.type.empty() && IsBase64(words.blob);
}

}  // namespace

SftpPlace ReadSftpPlace(const ConfigSection& section, std::string name) {
  SftpPlace place{
      .name = std::move(name),
      .host = section.RequiredText("host"),
      .port = static_cast<int>(section.Integer("port", 22, {.least = 1, .most = 65'535})),
      .user = section.RequiredText("user"),
      .key_file = section.RequiredText("key_file"),
      .host_keys = section.Texts("host_keys"),
      .directory = section.Text("directory", ""),
      .taken_directory = section.Text("taken_directory", ""),
      .read_back = section.Boolean("read_back", true),
      .timeout_seconds =
          static_cast<int>(section.Integer("timeout_seconds", 30, {.least = 1, .most = 600}))};
  if (place.host_keys.empty()) {
    section.Fault("host_keys",
                  "must hold the server's key, which its owner gives you: a server that is not "
                  "known beforehand may be anybody's");
  }
  for (const std::string& key : place.host_keys) {
    if (IsHostKey(key)) continue;
    section.Fault(
        "host_keys",
        "holds \"" + key + "\", which is neither \"ssh-ed25519 AAAA...\" nor \"SHA256:...\"");
  }
  return place;
}

std::string HostKeyFingerprint(ByteView key) {
  const Digest hash = Sha256(key);
  return std::string(kFingerprint) + Base64(ByteView(hash.data(), hash.size()));
}

bool IsPinned(const SftpPlace& place, ByteView key) {
  const std::string blob = Base64(key);
  const std::string fingerprint = HostKeyFingerprint(key);
  return std::ranges::any_of(place.host_keys, [&](const std::string& known) {
    if (known.starts_with(kFingerprint)) return WithoutPadding(known) == fingerprint;
    return WithoutPadding(WordsOfKey(known).blob) == blob;
  });
}

std::string PinnedKeyTypes(const SftpPlace& place) {
  std::vector<std::string> types;
  for (const std::string& known : place.host_keys) {
    if (known.starts_with(kFingerprint)) return "";
    const std::string type(WordsOfKey(known).type);
    if (std::ranges::find(types, type) == types.end()) types.push_back(type);
  }
  std::string list;
  for (const std::string& type : types) list += (list.empty() ? "" : ",") + type;
  return list;
}

}  // namespace sluice::payments
