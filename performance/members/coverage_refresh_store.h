// SQL of coverage that a full file leaves out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/pg/database.h"
#include "performance/members/member.h"

namespace sluice::performance {

struct SpanOfFeed {
  CoverageSpan now;
  bool superseded = false;             // said by an earlier version of the period's file
  std::optional<CoverageSpan> before;  // then: what was known without those versions
};

// The spans of these members that are known now, overlap the closed period and were said last by
// one of these batches; by member and key. `superseded` are some of them.
std::vector<SpanOfFeed> SpansOfFeed(pg::Transaction& tx, PayerId payer,
                                    std::span<const std::int64_t> members,
                                    std::span<const std::int64_t> batches,
                                    std::span<const std::int64_t> superseded,
                                    const DateRange& period);

}  // namespace sluice::performance
