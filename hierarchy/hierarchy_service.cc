#include "hierarchy/hierarchy_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "core/check.h"
#include "hierarchy/hierarchy_store.h"

namespace sluice::hierarchy {
namespace {

// One snapshot of the database, so that parties and edges fit together without a lock.
pg::TransactOptions ReadOnly() {
  pg::TransactOptions options;
  options.isolation = pg::Isolation::kRepeatableRead;
  options.read_only = true;
  options.idle_timeout = std::chrono::seconds(60);
  return options;
}

std::int64_t VersionOf(pg::Transaction& tx, PayerId payer, const AsOf& as_of) {
  if (as_of.known_at) return VersionAt(tx, payer, *as_of.known_at);
  return ReadHead(tx, payer).version;
}

std::vector<SnapshotEdge> ToEdges(std::vector<Affiliation> spans) {
  std::vector<SnapshotEdge> edges;
  edges.reserve(spans.size());
  for (Affiliation& span : spans) {
    edges.push_back({span.parent, span.child, std::move(span.role), span.valid});
  }
  return edges;
}

// Level by level, one statement each: as many as the hierarchy is deep on this side.
StatusOr<HierarchySnapshot> LoadSide(pg::Transaction& tx, PayerId payer, PartyId party,
                                     const AsOf& as_of, Direction direction) {
  const std::int64_t version = VersionOf(tx, payer, as_of);
  std::vector<PartyId> reached = {party};
  std::unordered_set<PartyId> seen = {party};
  std::vector<PartyId> frontier = {party};
  std::vector<Affiliation> affiliations;
  while (!frontier.empty()) {
    const auto level = LoadAffiliations(tx, payer, version, as_of.day, frontier, direction);
    frontier.clear();
    for (const Affiliation& span : level) {
      const PartyId next = direction == Direction::kToParents ? span.parent : span.child;
      if (seen.insert(next).second) frontier.push_back(next);
    }
    reached.insert(reached.end(), frontier.begin(), frontier.end());
    affiliations.insert(affiliations.end(), level.begin(), level.end());
  }
  Knowledge known = LoadParties(tx, payer, version, reached);
  if (known.parties.size() != reached.size()) {
    return NotFound("there is no party {} in this payer's hierarchy, version {}", party, version);
  }
  known.affiliations = std::move(affiliations);
  return known.AsOf(as_of.day);
}

}  // namespace

Status FindingsStatus(const std::vector<Finding>& findings) {
  CHECK(!findings.empty());
  std::string message;
  bool conflict = false;
  for (const Finding& finding : findings) {
    message += message.empty() ? "" : "\n";
    message += fmt::format("{}: {}", ProblemName(finding.problem), finding.message);
    conflict = conflict || finding.problem == Problem::kIdentifierConflict ||
               finding.problem == Problem::kOverlappingAffiliation ||
               finding.problem == Problem::kCycle;
  }
  return conflict ? FailedPrecondition("{}", message) : InvalidArgument("{}", message);
}

HierarchyService::HierarchyService(pg::Database database, Clock& clock)
    : database_(std::move(database)), clock_(clock) {}

StatusOr<AppliedChange> HierarchyService::Apply(PayerId payer, const ChangeSet& change,
                                                const ApplyOptions& options) const {
  pg::TransactOptions bounds;
  bounds.idle_timeout = std::chrono::seconds(60);
  const auto work = [&](pg::Transaction& tx) -> StatusOr<AppliedChange> {
    const Head head = LockHead(tx, payer);
    if (change.Empty()) return AppliedChange{head.version, head.recorded_at};
    const Instant recorded_at =
        options.recorded_at.value_or(std::max(clock_.Now(), head.recorded_at));
    if (recorded_at < head.recorded_at) {
      return FailedPrecondition(
          "the change says it was learned at {}, before the last change at "
          "{}; what was known then is settled, so record it later",
          recorded_at.ToString(), head.recorded_at.ToString());
    }
    const Knowledge known = LoadKnowledge(tx, payer, head.version);
    const std::vector<Finding> findings = CheckChange(known, change);
    if (!findings.empty()) return FindingsStatus(findings);
    const std::int64_t version = head.version + 1;
    InsertChange(tx, payer, {version, recorded_at, options.source}, change);
    return AppliedChange{version, recorded_at};
  };
  return database_.ForPayer(payer).Transact(bounds, work);
}

StatusOr<HierarchySnapshot> HierarchyService::Snapshot(PayerId payer, const AsOf& as_of) const {
  const auto known = database_.ForPayer(payer).Transact(
      ReadOnly(), [&](pg::Transaction& tx) -> StatusOr<Knowledge> {
        return LoadKnowledge(tx, payer, VersionOf(tx, payer, as_of), as_of.day);
      });
  if (!known.ok()) return known.status();
  return known->AsOf(as_of.day);
}

StatusOr<AffiliationsOverTime> HierarchyService::OverTime(PayerId payer,
                                                          std::optional<Instant> known_at) const {
  const auto known = database_.ForPayer(payer).Transact(
      ReadOnly(), [&](pg::Transaction& tx) -> StatusOr<Knowledge> {
        return LoadKnowledge(tx, payer, VersionOf(tx, payer, {.known_at = known_at}));
      });
  if (!known.ok()) return known.status();
  return AffiliationsOverTime(known->version, known->affiliations);
}

StatusOr<HierarchySnapshot> HierarchyService::PinnedSnapshot(PayerId payer,
                                                             const SnapshotHeader& header) const {
  const auto known = database_.ForPayer(payer).Transact(
      ReadOnly(), [&](pg::Transaction& tx) -> StatusOr<Knowledge> {
        const std::int64_t last = ReadHead(tx, payer).version;
        if (header.version < 0 || header.version > last) {
          return NotFound("the hierarchy of {} has no version {}; the last is {}", payer,
                          header.version, last);
        }
        return LoadKnowledge(tx, payer, header.version, header.as_of);
      });
  if (!known.ok()) return known.status();
  return known->AsOf(header.as_of);
}

StatusOr<PartyId> HierarchyService::FindByIdentifier(PayerId payer, const Identifier& identifier,
                                                     const AsOf& as_of) const {
  return database_.ForPayer(payer).Transact(
      ReadOnly(), [&](pg::Transaction& tx) -> StatusOr<PartyId> {
        const auto found =
            FindIdentified(tx, payer, VersionOf(tx, payer, as_of), as_of.day, identifier);
        if (found) return *found;
        return NotFound("no party has {} on {}", identifier.ToString(), FormatDate(as_of.day));
      });
}

StatusOr<std::vector<SnapshotEdge>> HierarchyService::ListParents(PayerId payer, PartyId party,
                                                                  const AsOf& as_of) const {
  return database_.ForPayer(payer).Transact(
      ReadOnly(), [&](pg::Transaction& tx) -> StatusOr<std::vector<SnapshotEdge>> {
        return ToEdges(LoadAffiliations(tx, payer, VersionOf(tx, payer, as_of), as_of.day, {party},
                                        Direction::kToParents));
      });
}

StatusOr<std::vector<SnapshotEdge>> HierarchyService::ListChildren(PayerId payer, PartyId party,
                                                                   const AsOf& as_of) const {
  return database_.ForPayer(payer).Transact(
      ReadOnly(), [&](pg::Transaction& tx) -> StatusOr<std::vector<SnapshotEdge>> {
        return ToEdges(LoadAffiliations(tx, payer, VersionOf(tx, payer, as_of), as_of.day, {party},
                                        Direction::kToChildren));
      });
}

StatusOr<HierarchySnapshot> HierarchyService::Above(PayerId payer, PartyId party,
                                                    const AsOf& as_of) const {
  return database_.ForPayer(payer).Transact(ReadOnly(), [&](pg::Transaction& tx) {
    return LoadSide(tx, payer, party, as_of, Direction::kToParents);
  });
}

StatusOr<HierarchySnapshot> HierarchyService::Below(PayerId payer, PartyId party,
                                                    const AsOf& as_of) const {
  return database_.ForPayer(payer).Transact(ReadOnly(), [&](pg::Transaction& tx) {
    return LoadSide(tx, payer, party, as_of, Direction::kToChildren);
  });
}

StatusOr<std::vector<PartyId>> HierarchyService::Ancestors(PayerId payer, PartyId party,
                                                           const AsOf& as_of) const {
  ASSIGN_OR_RETURN(const HierarchySnapshot above, Above(payer, party, as_of));
  return above.Ancestors(party);
}

StatusOr<std::vector<PartyId>> HierarchyService::Descendants(PayerId payer, PartyId party,
                                                             const AsOf& as_of) const {
  ASSIGN_OR_RETURN(const HierarchySnapshot below, Below(payer, party, as_of));
  return below.Descendants(party);
}

StatusOr<std::vector<Path>> HierarchyService::Paths(PayerId payer, PartyId from, PartyId to,
                                                    const AsOf& as_of) const {
  // Upward from the lower party: a member has few parties above it, a network many below.
  ASSIGN_OR_RETURN(const HierarchySnapshot above, Above(payer, to, as_of));
  return above.Paths(from, to);
}

}  // namespace sluice::hierarchy
