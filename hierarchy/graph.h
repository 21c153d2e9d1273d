// The hierarchy as of one day, as known at one change: what calculations and splits walk.
//
//   1. A snapshot is immutable and complete in itself; it needs no database once it is made.
//   2. Everything it returns is in a fixed order: parties by id, edges by (parent, child, role).
//      So the same knowledge gives the same walk, the same text and the same hash.
//   3. It has no cycle: Make refuses one and names the path.
//   4. Its text form is canonical: FromText(s.ToText()) is the same snapshot, and every other text
//      is refused. Under(party).ToText() is the slice a replay package carries.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "hierarchy/affiliation.h"
#include "hierarchy/identifier.h"
#include "hierarchy/party.h"

namespace sluice::hierarchy {

// Which hierarchy this is.
struct SnapshotHeader {
  Date as_of{};
  // The number of the last change it knows of; 0 is the empty hierarchy. Together with `as_of` it
  // names the snapshot for ever: changes are added, never edited.
  std::int64_t version = 0;

  friend bool operator==(const SnapshotHeader&, const SnapshotHeader&) = default;
};

struct SnapshotParty {
  PartyId id;
  PartyKind kind = PartyKind::kPractice;
  std::string name;
  std::vector<Identifier> identifiers;  // those that hold on the day, in order

  friend bool operator==(const SnapshotParty&, const SnapshotParty&) = default;
};

struct SnapshotEdge {
  PartyId parent;
  PartyId child;
  std::string role;
  DateRange valid;  // holds the day

  friend bool operator==(const SnapshotEdge&, const SnapshotEdge&) = default;
};

// A walk downward, edge by edge; empty from a party to itself.
using Path = std::vector<SnapshotEdge>;

class HierarchySnapshot {
 public:
  // The empty hierarchy.
  HierarchySnapshot() = default;

  // Parties and edges in any order. InvalidArgument for a party or an edge given twice, an edge
  // whose end is not among the parties, one that does not hold on the day, and a cycle.
  static StatusOr<HierarchySnapshot> Make(SnapshotHeader header, std::vector<SnapshotParty> parties,
                                          std::vector<SnapshotEdge> edges);

  const SnapshotHeader& Header() const { return header_; }
  std::span<const SnapshotParty> Parties() const { return parties_; }
  std::span<const SnapshotEdge> Edges() const { return edges_; }

  // Null when the party is not in the snapshot.
  const SnapshotParty* Find(PartyId party) const;
  // The party that has the identifier on the day.
  std::optional<PartyId> FindByIdentifier(const Identifier& identifier) const;
  // "Northwest ACO (pty_...)", or the id alone for a party that is not in the snapshot.
  std::string NameOf(PartyId party) const;

  // The edges downward by (child, role), and upward by (parent, role). A party that is not in the
  // snapshot has none.
  std::span<const SnapshotEdge> Children(PartyId party) const;
  std::vector<SnapshotEdge> Parents(PartyId party) const;

  // Everybody above or below, each once, by id, without the party itself.
  std::vector<PartyId> Ancestors(PartyId party) const;
  std::vector<PartyId> Descendants(PartyId party) const;

  // Every walk downward from `from` to `to`, in the order of its edges; none when there is no way.
  // ResourceExhausted beyond `limit` paths: a dense graph has exponentially many.
  StatusOr<std::vector<Path>> Paths(PartyId from, PartyId to, std::size_t limit = 10'000) const;
  // Every walk to `party` from a party that has no parent.
  StatusOr<std::vector<Path>> PathsFromRoots(PartyId party, std::size_t limit = 10'000) const;

  // The party, all its descendants, and the edges between them. Empty but for the header when the
  // party is not in the snapshot.
  HierarchySnapshot Under(PartyId party) const;

  // One line per fact, fields separated by tabs, ending in a line with the SHA-256 of the rest.
  std::string ToText() const;
  // InvalidArgument names the line and what is wrong with it; a changed byte anywhere is found.
  static StatusOr<HierarchySnapshot> FromText(std::string_view text);
  // SHA-256 of the canonical text: what a calculation pins.
  Digest Hash() const;

  friend bool operator==(const HierarchySnapshot& a, const HierarchySnapshot& b) {
    return a.header_ == b.header_ && a.parties_ == b.parties_ && a.edges_ == b.edges_;
  }

 private:
  std::optional<std::size_t> IndexOf(PartyId party) const;
  void Index();
  Status CheckAcyclic() const;
  std::vector<PartyId> Reach(PartyId start, bool upward) const;

  SnapshotHeader header_;
  std::vector<SnapshotParty> parties_;  // by id
  std::vector<SnapshotEdge> edges_;     // by (parent, child, role)
  // The edges of party i downward are edges_[first_child_[i] .. first_child_[i + 1]); upward they
  // are edges_[up_[first_parent_[i] .. first_parent_[i + 1])].
  std::vector<std::size_t> first_child_;
  std::vector<std::size_t> up_;
  std::vector<std::size_t> first_parent_;
  // The position of each end of edge i among the parties.
  std::vector<std::size_t> parent_index_;
  std::vector<std::size_t> child_index_;
  // Which identifier of which party, in the order of the identifiers.
  std::vector<std::pair<std::size_t, std::size_t>> by_identifier_;
};

}  // namespace sluice::hierarchy
