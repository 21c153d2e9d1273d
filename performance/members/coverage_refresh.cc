#include "performance/members/coverage_refresh.h"

#include <optional>

#include "performance/members/coverage_refresh_store.h"
#include "performance/members/member_store.h"

namespace sluice::performance {
namespace {

constexpr std::int32_t kMembersAtOnce = 5'000;

// What is to be known of a span that the file leaves out.
CoverageSpan Without(const SpanOfFeed& span, const DateRange& period) {
  CoverageSpan row = span.now;
  if (span.superseded) {
    if (!span.before || span.before->withdrawn) {
      row.withdrawn = true;
      return row;
    }
    row = *span.before;
    if (!row.covered.Overlaps(period)) return row;
  }
  if (row.covered.from >= period.from) {
    row.withdrawn = true;
  } else {
    row.covered.to = period.from;
  }
  return row;
}

}  // namespace

std::size_t StatedCoverage::HashOf(const CoverageSpan& span) {
  CanonicalWriter writer("coverage-key");
  writer.I64(span.member_id)
      .Text(span.line_of_business)
      .Text(span.product)
      .Text(span.plan)
      .Text(FormatDate(span.covered.from));
  const Digest digest = writer.Hash();
  std::size_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8 | digest[i];
  return number;
}

std::int64_t WithdrawUnstated(pg::Transaction& tx, const Recording& recording,
                              const CoverageRefresh& refresh, const StatedCoverage& stated,
                              const std::unordered_set<std::string>& kept) {
  std::int64_t withdrawn = 0;
  std::int64_t after = 0;
  while (true) {
    const std::vector<Member> members =
        PageOfMembers(tx, recording.payer, after, kMembersAtOnce, recording.recorded_at);
    if (members.empty()) return withdrawn;
    after = members.back().id;
    std::vector<std::int64_t> ids;
    for (const Member& member : members) {
      if (!kept.contains(member.number)) ids.push_back(member.id);
    }
    std::vector<CoverageSpan> rows;
    for (const SpanOfFeed& span : SpansOfFeed(tx, recording.payer, ids, refresh.batches,
                                              refresh.superseded, refresh.period)) {
      if (!stated.Has(span.now)) rows.push_back(Without(span, refresh.period));
    }
    withdrawn += AddCoverage(tx, recording, rows).rows;
  }
}

}  // namespace sluice::performance
