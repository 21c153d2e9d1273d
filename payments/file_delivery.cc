#include "payments/file_delivery.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "core/failpoint.h"
#include "payments/descriptor.h"

namespace sluice::payments {
namespace {

namespace fs = std::filesystem;

std::string TemporaryPath(const std::string& directory, const std::string& name) {
  return (fs::path(directory) / ("." + name + ".tmp")).string();
}

std::string FinalPath(const std::string& directory, const std::string& name) {
  return (fs::path(directory) / name).string();
}

Status Failed(std::string_view what, const std::string& path) {
  return Unavailable("cannot {} {}: {}", what, path, std::strerror(errno));
}

Status SyncDirectory(const std::string& directory) {
  const Descriptor handle(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.Get() < 0 || ::fsync(handle.Get()) != 0) return Failed("sync directory", directory);
  return OkStatus();
}

std::optional<Digest> HashOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return Sha256(AsBytes(bytes));
}

}  // namespace

StatusOr<Delivered> LookUp(const std::string& directory, const std::string& name,
                           const Digest& sha256) {
  if (fs::exists(FinalPath(directory, name))) {
    const auto hash = HashOf(FinalPath(directory, name));
    if (!hash) return Failed("read", FinalPath(directory, name));
    return *hash == sha256 ? Delivered::kSame : Delivered::kOther;
  }
  return fs::exists(TemporaryPath(directory, name)) ? Delivered::kTemporary : Delivered::kNothing;
}

Status WriteTemporary(const std::string& directory, const std::string& name,
                      std::string_view bytes) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return Unavailable("cannot make directory {}: {}", directory, error.message());
  const std::string path = TemporaryPath(directory, name);
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (file.Get() < 0) return Failed("write", path);
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.Get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Failed("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  RETURN_IF_ERROR(Failpoint("file.after_tmp_write"));
  if (::fsync(file.Get()) != 0) return Failed("sync", path);
  return OkStatus();
}

Status RenameTemporary(const std::string& directory, const std::string& name) {
  const std::string from = TemporaryPath(directory, name);
  const std::string to = FinalPath(directory, name);
  // link() and unlink() instead of rename(): rename would replace what is there.
  if (::link(from.c_str(), to.c_str()) != 0) {
    if (errno == EEXIST) return AlreadyExists("{} is there already", to);
    return Failed("name", to);
  }
  RETURN_IF_ERROR(Failpoint("file.after_link"));
  if (::unlink(from.c_str()) != 0) return Failed("remove", from);
  return SyncDirectory(directory);
}

Status RemoveTemporary(const std::string& directory, const std::string& name) {
  const std::string path = TemporaryPath(directory, name);
  if (::unlink(path.c_str()) == 0) return SyncDirectory(directory);
  return errno == ENOENT ? OkStatus() : Failed("remove", path);
}

Status ReplaceFile(const std::string& directory, const std::string& name, std::string_view bytes) {
  RETURN_IF_ERROR(WriteTemporary(directory, name, bytes));
  const std::string to = FinalPath(directory, name);
  if (::rename(TemporaryPath(directory, name).c_str(), to.c_str()) != 0) {
    return Failed("name", to);
  }
  return SyncDirectory(directory);
}

}  // namespace sluice::payments
