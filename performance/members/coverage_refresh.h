// A full eligibility file: what its feed said before and it leaves out.
//
//   1. The file states all coverage of its period of the people its feed speaks of. Coverage
//      outside the period, and what other feeds or people recorded, is none of its business.
//   2. A span that an earlier version of the period's own file brought, and this one leaves out,
//      was never so: it is withdrawn. What was known before that version stands again.
//   3. A span that the file of another period brought ends where this period begins; one that
//      begins within the period is withdrawn.
//   4. A rejected row ends nothing: its member keeps every span. Where it does not tell its member,
//      the whole file ends nothing.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/pg/database.h"
#include "performance/members/member.h"

namespace sluice::performance {

// What earlier files of the feed were. Periods are closed.
struct CoverageRefresh {
  DateRange period;
  std::vector<std::int64_t> batches;     // of all of them
  std::vector<std::int64_t> superseded;  // of those, of earlier versions of the period's file
};

// The spans of one file, by a hash of their keys: eight bytes each.
class StatedCoverage {
 public:
  void Add(const CoverageSpan& span) { keys_.insert(HashOf(span)); }
  bool Has(const CoverageSpan& span) const { return keys_.contains(HashOf(span)); }

 private:
  static std::size_t HashOf(const CoverageSpan& span);
  std::unordered_set<std::size_t> keys_;
};

// Ends or withdraws what is not stated, but for the members of `kept` (their numbers). Returns the
// number of spans.
std::int64_t WithdrawUnstated(pg::Transaction& tx, const Recording& recording,
                              const CoverageRefresh& refresh, const StatedCoverage& stated,
                              const std::unordered_set<std::string>& kept);

}  // namespace sluice::performance
