// The SHA-256 of a file, read piece by piece: a file of any size takes the same memory.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "core/status.h"

namespace sluice {

struct FileDigest {
  Digest sha256{};
  std::int64_t bytes = 0;

  friend bool operator==(const FileDigest&, const FileDigest&) = default;
};

// NotFound when the file cannot be opened, Unavailable when reading it fails.
StatusOr<FileDigest> DigestFile(const std::string& path);

}  // namespace sluice
