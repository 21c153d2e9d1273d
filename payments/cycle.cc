#include "payments/cycle.h"

#include <array>

#include "core/check.h"

namespace sluice::payments {

std::string RunName(RunKind kind, std::int32_t seq) {
  constexpr std::array<std::string_view, 4> kNames = {"regular", "off-cycle", "correction",
                                                      "re-issue"};
  const auto index = static_cast<std::size_t>(kind);
  CHECK(index < kNames.size());
  return fmt::format("{} run {}", kNames[index], seq);
}

}  // namespace sluice::payments
