// Tells what a file that came in is, from its first bytes, never from its name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice::payments {

// The numbers are stored.
enum class InboundKind : std::int16_t {
  kUnknown = 0,
  kAch = 1,         // returns, notices of change, rejects, empty deliveries
  kBai2 = 2,        // a balance report
  kX12 = 3,         // 999 and TA1
  kTextReport = 4,  // the Fed's acknowledgment of file deposits and the like: for people
};
std::string_view InboundKindName(InboundKind kind);

// What is larger is refused before it is read.
inline constexpr std::size_t kMaxInboundBytes = 512U << 20U;

InboundKind KindOf(std::string_view bytes);

}  // namespace sluice::payments
