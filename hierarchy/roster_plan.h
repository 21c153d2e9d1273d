// What a roster file would change in the hierarchy. Pure: the same rows, mapping and knowledge give
// the same plan, and applying the plan and planning again gives nothing.
//
//   1. A row is taken or rejected as a whole. A rejected row contributes nothing.
//   2. A party is found by its key; one that is not found is new. Parties are never merged: a
//      second identifier that belongs to another party rejects the row.
//   3. An affiliation is the span of (parent, child, role) that starts on its first day. A row that
//      states a known span with another end changes or ends it; one that overlaps another span is
//      rejected.
//   4. A row that says nothing that earlier rows have not said is a duplicate. (Rows of parties
//      known by name only are never duplicates: the second is the name's second occurrence.)
//   5. Where the mapping calls an affiliation complete, children that the file leaves out end on
//      the effective day, unless a row was rejected: it might be the missing one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "hierarchy/change.h"
#include "hierarchy/roster_file.h"
#include "hierarchy/roster_mapping.h"

namespace sluice::hierarchy {

// Why a row is rejected. The names are stable: clients branch on them.
enum class RejectCode {
  kMissingValue,            // a cell that must not be empty
  kBadName,                 // name or address has a wrong form
  kBadIdentifier,           // for instance the check digit of an NPI
  kIdentifierConflict,      // the value belongs to another party, or the party has another value
  kKindMismatch,            // the key belongs to a party of another kind
  kConflictingValue,        // an earlier row says otherwise of the same party
  kNpiRequired,             // a new provider without an NPI
  kBadDate,                 // not a date of the mapping's format
  kEmptyRange,              // the end is before the first day
  kOverlappingAffiliation,  // the same affiliation is stated or known for some of the same days
  kDuplicateRow,            // an earlier row says all of this
  kCycle,                   // on some day the hierarchy would contain itself
};

// "BAD_IDENTIFIER".
std::string_view RejectCodeName(RejectCode code);

struct Reject {
  std::int64_t row = 0;
  std::string column;  // empty when the whole row is meant
  RejectCode code = RejectCode::kMissingValue;
  std::string reason;

  // "row 17 column 'npi': BAD_IDENTIFIER: ..."
  std::string ToString() const;
};

struct ImportCounts {
  std::int64_t rows = 0;
  std::int64_t parties_added = 0;
  std::int64_t parties_changed = 0;    // another name or address
  std::int64_t identifiers_added = 0;  // to parties known before
  std::int64_t affiliations_added = 0;
  std::int64_t affiliations_changed = 0;  // another end
  std::int64_t affiliations_ended = 0;    // an end where there was none or a later one
  std::int64_t rows_rejected = 0;

  std::int64_t Adds() const { return parties_added + identifiers_added + affiliations_added; }
  std::int64_t Changes() const { return parties_changed + affiliations_changed; }
  std::int64_t Ends() const { return affiliations_ended; }

  friend bool operator==(const ImportCounts&, const ImportCounts&) = default;
};

struct RosterPlan {
  ChangeSet change;
  ImportCounts counts;
  std::vector<Reject> rejects;  // by row
};

// `effective` is the day the file speaks of: from then on new names and identifiers of known
// parties hold. What is said of new parties holds from their first affiliation, or that day if it
// is earlier. `next_id` makes the ids of new parties, in the order of the file.
RosterPlan PlanRoster(const RosterFile& file, const RosterMapping& mapping, const Knowledge& known,
                      Date effective, const std::function<PartyId()>& next_id);

}  // namespace sluice::hierarchy
