#include "tests/support/shared_data.h"

#include <cstdlib>
#include <filesystem>

namespace sluice::testing {

std::string SharedPath(std::string_view relative) {
  const char* named = std::getenv("SLUICE_SHARED");
  const std::filesystem::path root = named != nullptr ? named : "../shared";
  return (root / relative).string();
}

bool HasShared(std::string_view relative) { return std::filesystem::exists(SharedPath(relative)); }

}  // namespace sluice::testing
