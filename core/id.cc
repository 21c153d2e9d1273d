#include "core/id.h"

#include <algorithm>
#include <limits>

#include "core/check.h"

namespace sluice {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kLength = 13;
constexpr int kNodeBits = 10;
constexpr int kSequenceBits = 12;
constexpr std::int64_t kLastSequence = (1 << kSequenceBits) - 1;
constexpr std::int64_t kEpochMicros = 1'577'836'800'000'000;  // 2020-01-01T00:00:00Z

}  // namespace

std::string FormatId(std::string_view prefix, std::int64_t value) {
  CHECK(value >= 0);
  std::string text(prefix);
  text += '_';
  for (std::size_t i = 0; i < kLength; ++i) {
    const auto shift = 5 * (kLength - 1 - i);
    text += kAlphabet[static_cast<std::size_t>(value >> shift) & 31U];
  }
  return text;
}

StatusOr<std::int64_t> ParseId(std::string_view prefix, std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    return InvalidArgument("'{}' is not an id of type {}: {}", text, prefix, why);
  };
  if (text.size() != prefix.size() + 1 + kLength || !text.starts_with(prefix) ||
      text[prefix.size()] != '_') {
    return refuse(fmt::format("expected {}_ and {} characters", prefix, kLength));
  }
  std::uint64_t value = 0;
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
  for (const char c : text.substr(prefix.size() + 1)) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const std::size_t digit = kAlphabet.find(upper);
    if (digit == std::string_view::npos) return refuse(fmt::format("'{}' is no digit of it", c));
    if (value > (kLargest >> 5)) return refuse("the value does not fit 63 bits");
    value = value << 5 | digit;
  }
  return static_cast<std::int64_t>(value);
}

// `last_` starts at sequence 0 of the epoch's first millisecond, which is never handed out: so a
// clock that stands before 2020 still gives growing, positive ids of this node.
IdGenerator::IdGenerator(Clock& clock, int node)
    : clock_(clock), node_(node), last_(static_cast<std::int64_t>(node) << kSequenceBits) {
  CHECK(node >= 0 && node < (1 << kNodeBits));
}

std::int64_t IdGenerator::NextValue() {
  constexpr int kMillisShift = kNodeBits + kSequenceBits;
  const std::int64_t now = (clock_.Now().Micros() - kEpochMicros) / 1000;
  const std::scoped_lock lock(mutex_);
  const std::int64_t last_millis = last_ >> kMillisShift;
  if (now <= last_millis && (last_ & kLastSequence) < kLastSequence) return ++last_;
  const std::int64_t millis = std::max(now, last_millis + 1);
  CHECK(millis < (std::int64_t{1} << 41));
  last_ = millis << kMillisShift | node_ << kSequenceBits;
  return last_;
}

}  // namespace sluice
