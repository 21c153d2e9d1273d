#include "api/server/static_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base64.h"
#include "core/crypto.h"

namespace sluice::api {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestFile = std::uintmax_t{16} << 20;
constexpr std::uintmax_t kLargestFolder = std::uintmax_t{64} << 20;
constexpr std::string_view kIndex = "/index.html";
constexpr std::string_view kNonceMark = "__CSP_NONCE__";
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'{}; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

std::string TypeOfFile(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kTypes = {{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".jpg", "image/jpeg"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
      {".map", "application/json"},
  }};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return std::string(type);
  }
  return "application/octet-stream";
}

StatusOr<std::string> ReadWhole(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  if (!stream) return FailedPrecondition("cannot read {}", path.string());
  return text.str();
}

// A screen's path has no dot in its last segment, or it would be a file that is not there.
bool IsScreen(std::string_view path) {
  return path.starts_with('/') && path.substr(path.rfind('/')).find('.') == std::string_view::npos;
}

std::pair<std::string, std::string> PolicyOf(std::string_view nonce) {
  std::string policy(kPolicy);
  policy.replace(policy.find("{}"), 2, nonce.empty() ? "" : fmt::format(" 'nonce-{}'", nonce));
  return {"Content-Security-Policy", policy};
}

}  // namespace

StatusOr<std::unique_ptr<StaticFiles>> StaticFiles::Read(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return FailedPrecondition("the portal's folder {} is not there", folder);
  }
  std::unique_ptr<StaticFiles> files(new StaticFiles());
  std::uintmax_t whole = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (entry.is_symlink() || !entry.is_regular_file()) continue;
    const std::string path = "/" + entry.path().lexically_relative(folder).generic_string();
    if (path.find("/.") != std::string::npos) continue;  // hidden
    const std::uintmax_t size = entry.file_size(error);
    whole += size;
    if (error || size > kLargestFile || whole > kLargestFolder) {
      return FailedPrecondition("the portal's folder {} is too large at {}", folder,
                                entry.path().string());
    }
    ASSIGN_OR_RETURN(std::string body, ReadWhole(entry.path()));
    File file{.content = MakeKept(TypeOfFile(path), std::move(body)),
              .is_immutable = path.starts_with("/assets/")};
    files->files_.emplace(path, std::move(file));
  }
  if (error) return FailedPrecondition("cannot read the folder {}: {}", folder, error.message());
  const auto index = files->files_.find(kIndex);
  if (index == files->files_.end()) {
    return FailedPrecondition("the portal's folder {} has no index.html", folder);
  }
  files->index_has_nonce_ = index->second.content.body.find(kNonceMark) != std::string::npos;
  return files;
}

std::optional<HttpReply> StaticFiles::Answer(const HttpCall& call) const {
  const std::string_view path = call.Path();
  if (path == "/" || path == kIndex) return AnswerIndex(call);
  if (const auto found = files_.find(path); found != files_.end()) {
    return AnswerFile(found->second, call);
  }
  if (IsScreen(path)) return AnswerIndex(call);
  return std::nullopt;
}

HttpReply StaticFiles::AnswerFile(const File& file, const HttpCall& call) {
  HttpReply reply = AnswerKept(file.content, call);
  reply.headers.emplace_back(
      "Cache-Control", file.is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
  reply.headers.push_back(PolicyOf(""));
  return reply;
}

HttpReply StaticFiles::AnswerIndex(const HttpCall& call) const {
  const File& index = files_.find(kIndex)->second;
  if (!index_has_nonce_) return AnswerFile(index, call);
  const std::string nonce = ToBase64Url(RandomBytes(16));
  HttpReply reply = TextReply(index.content.type, index.content.body);
  for (std::size_t at = reply.body.find(kNonceMark); at != std::string::npos;
       at = reply.body.find(kNonceMark, at + nonce.size())) {
    reply.body.replace(at, kNonceMark.size(), nonce);
  }
  reply.headers.push_back(PolicyOf(nonce));
  return reply;
}

}  // namespace sluice::api
