// How a feed stands today, from its specification and its deliveries. Pure.
//
//   1. A feed is due one interval after its last accepted delivery, or after it starts. From the
//      day after it is late; once the grace is over too, it is missing.
//   2. Silence is red: a missing feed, or one that never delivered in its time, is never green.
//   3. The newest accepted delivery is short or long against the band of rows, and drifted when its
//      columns are not those of the one before. A refused file since then is told by its code.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "performance/feeds/feed.h"

namespace sluice::performance {

enum class HealthColor : std::uint8_t { kGreen, kAmber, kRed };
std::string_view HealthColorName(HealthColor color);

enum class FeedFindingCode : std::uint8_t {
  kMissing,    // red: due and the grace is over
  kLate,       // amber: due
  kShort,      // red: fewer rows than expected
  kLong,       // amber: more rows than expected
  kDrifted,    // amber: other columns than before
  kDuplicate,  // amber: the same file came again, and nothing new since
  kRefused,    // red: a file was refused for another reason, and none was accepted since
};
// "missing".
std::string_view FeedFindingName(FeedFindingCode code);

struct FeedFinding {
  FeedFindingCode code{};
  HealthColor color = HealthColor::kAmber;
  std::string detail;

  friend bool operator==(const FeedFinding&, const FeedFinding&) = default;
};

struct FeedHealth {
  std::string feed;
  std::string owner;
  HealthColor color = HealthColor::kGreen;  // that of the worst finding
  Date due{};                               // of the next delivery
  std::optional<Date> last_received;
  std::vector<FeedFinding> findings;

  bool Has(FeedFindingCode code) const;
};

// `deliveries` are the last ones, newest first; two accepted ones are enough.
FeedHealth JudgeFeed(const FeedSpec& spec, std::span<const Delivery> deliveries, Date today);

// One line per feed and finding, for people.
std::string ToText(std::span<const FeedHealth> feeds);

}  // namespace sluice::performance
