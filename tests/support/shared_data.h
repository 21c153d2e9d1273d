// The way to data that is not in the repository: ../shared beside it, or the directory that the
// environment variable SLUICE_SHARED names. A test that needs it begins with
//
//   if (!HasShared("data/mssp_puf")) GTEST_SKIP() << kNoSharedData;
#pragma once

#include <string>
#include <string_view>

namespace sluice::testing {

inline constexpr std::string_view kNoSharedData = "skipped: no ../shared/data";

// The path of something under the shared directory, which need not exist.
std::string SharedPath(std::string_view relative);
bool HasShared(std::string_view relative);

}  // namespace sluice::testing
