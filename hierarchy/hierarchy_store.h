// SQL of the hierarchy and the mapping of its rows. No rules.
//
// Every read names a version: the number of the last change it may know of. So a read repeated
// with the same version has the same answer for ever.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "hierarchy/change.h"
#include "hierarchy/graph.h"
#include "hierarchy/roster_plan.h"

namespace sluice::hierarchy {

struct RosterImportTag {
  static constexpr std::string_view kPrefix = "rim";
};
using RosterImportId = Id<RosterImportTag>;

// The last change of a payer.
struct Head {
  std::int64_t version = 0;
  Instant recorded_at;

  static Head FromRow(const pg::Row& row);
};

// One change about to be recorded.
struct ChangeRecord {
  std::int64_t version = 0;
  Instant recorded_at;
  std::string source;  // who or what says so, 1 to 200 bytes
};

// A roster file that was applied.
struct RosterImportRecord {
  RosterImportId id;
  Instant recorded_at;
  std::string mapping;
  std::string file_name;
  Digest file_sha256{};
  ImportCounts counts;
  std::vector<Reject> rejects = {};     // at most kMostKeptRejects, by row
  std::optional<std::int64_t> version;  // none when the file changed nothing
};
inline constexpr std::size_t kMostKeptRejects = 1'000;

// Makes the payer's head when it is the first time, and locks it until the transaction ends:
// changes of one payer are made one after the other.
Head LockHead(pg::Transaction& tx, PayerId payer);
// Version 0 for a payer that has no hierarchy yet.
Head ReadHead(pg::Transaction& tx, PayerId payer);
// The last version recorded at or before the instant.
std::int64_t VersionAt(pg::Transaction& tx, PayerId payer, Instant known_at);

// Stores a change that passed CheckChange and advances the head, which the caller has locked.
void InsertChange(pg::Transaction& tx, PayerId payer, const ChangeRecord& record,
                  const ChangeSet& change);
void InsertRosterImport(pg::Transaction& tx, PayerId payer, const RosterImportRecord& record);
std::optional<RosterImportRecord> FindRosterImport(pg::Transaction& tx, PayerId payer,
                                                   RosterImportId id);

// Everything known at the version. With a day, only the spans of identifiers and affiliations that
// hold on it.
Knowledge LoadKnowledge(pg::Transaction& tx, PayerId payer, std::int64_t version,
                        std::optional<Date> on = std::nullopt);
// The same for some parties, with no affiliations.
Knowledge LoadParties(pg::Transaction& tx, PayerId payer, std::int64_t version,
                      const std::vector<PartyId>& parties);

enum class Direction { kToParents, kToChildren };

// The affiliations of the parties that hold on the day: those in which they are the child (to
// their parents) or the parent (to their children), in the order of HierarchySnapshot.
std::vector<Affiliation> LoadAffiliations(pg::Transaction& tx, PayerId payer, std::int64_t version,
                                          Date on, const std::vector<PartyId>& parties,
                                          Direction direction);
// The party that has the identifier on the day.
std::optional<PartyId> FindIdentified(pg::Transaction& tx, PayerId payer, std::int64_t version,
                                      Date on, const Identifier& identifier);

}  // namespace sluice::hierarchy
