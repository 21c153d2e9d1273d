// Changing and asking the hierarchy of a payer.
//
//   1. One change is one transaction; changes of a payer follow one another.
//   2. Every question is asked as of a day. Without `known_at` it is answered from all that is
//      known; with it, as it was answered at that instant. Such an answer never changes once the
//      instant has passed and no change that was begun before it is still being stored.
//   3. What a calculation must find again it pins by Header(): the day and the version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "hierarchy/affiliations_over_time.h"
#include "hierarchy/change.h"
#include "hierarchy/graph.h"

namespace sluice::hierarchy {

// A day, and what was known when.
struct AsOf {
  Date day{};
  std::optional<Instant> known_at;
};

struct ApplyOptions {
  // Who or what says so: "roster import", "demo", a user. 1 to 200 bytes.
  std::string source;
  // When we learned it. Without it, now, or the time of the last change if the clock is behind.
  std::optional<Instant> recorded_at;
};

struct AppliedChange {
  std::int64_t version = 0;  // the payer's version afterward
  Instant recorded_at;
};

class HierarchyService {
 public:
  // The clock must outlive the service.
  HierarchyService(pg::Database database, Clock& clock);

  // Records a change, all or nothing. An empty change records nothing and gives the last version.
  // InvalidArgument or FailedPrecondition name every finding of CheckChange (the first 20);
  // FailedPrecondition also when `recorded_at` is before the last change: what was known then is
  // settled.
  StatusOr<AppliedChange> Apply(PayerId payer, const ChangeSet& change,
                                const ApplyOptions& options) const;

  // The whole hierarchy.
  StatusOr<HierarchySnapshot> Snapshot(PayerId payer, const AsOf& as_of) const;
  // The affiliations of all days; the version is that of a snapshot known at the same instant.
  StatusOr<AffiliationsOverTime> OverTime(PayerId payer, std::optional<Instant> known_at) const;
  // The snapshot that a calculation pinned. NotFound for a version that is not recorded.
  StatusOr<HierarchySnapshot> PinnedSnapshot(PayerId payer, const SnapshotHeader& header) const;

  // NotFound when no party has the identifier on the day.
  StatusOr<PartyId> FindByIdentifier(PayerId payer, const Identifier& identifier,
                                     const AsOf& as_of) const;
  // The edges to the direct parents or children, by (parent, child, role).
  StatusOr<std::vector<SnapshotEdge>> ListParents(PayerId payer, PartyId party,
                                                  const AsOf& as_of) const;
  StatusOr<std::vector<SnapshotEdge>> ListChildren(PayerId payer, PartyId party,
                                                   const AsOf& as_of) const;

  // The party with all that is above it, or below it, read level by level. NotFound when the
  // party is not known. Ask the snapshot for ancestors, descendants and paths.
  StatusOr<HierarchySnapshot> Above(PayerId payer, PartyId party, const AsOf& as_of) const;
  StatusOr<HierarchySnapshot> Below(PayerId payer, PartyId party, const AsOf& as_of) const;

  // By id, without the party itself.
  StatusOr<std::vector<PartyId>> Ancestors(PayerId payer, PartyId party, const AsOf& as_of) const;
  StatusOr<std::vector<PartyId>> Descendants(PayerId payer, PartyId party, const AsOf& as_of) const;
  // Every walk downward from `from` to `to`; ResourceExhausted beyond 10,000.
  StatusOr<std::vector<Path>> Paths(PayerId payer, PartyId from, PartyId to,
                                    const AsOf& as_of) const;

 private:
  pg::Database database_;
  Clock& clock_;
};

// The findings as one status: the codes and messages, and how many more there are.
// Requires: not empty.
Status FindingsStatus(const std::vector<Finding>& findings);

}  // namespace sluice::hierarchy
